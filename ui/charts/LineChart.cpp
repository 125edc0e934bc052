#include "ui/charts/LineChart.h"
