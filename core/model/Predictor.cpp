#include "core/model/Predictor.h"
