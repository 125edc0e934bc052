#include "core/metrics/Metrics.h"
