#include "core/model/TrainSpec.h"
