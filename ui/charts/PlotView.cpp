#include "ui/charts/PlotView.h"
