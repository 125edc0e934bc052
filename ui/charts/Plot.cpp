#include "ui/charts/Plot.h"
