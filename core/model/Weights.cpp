#include "core/model/Weights.h"
