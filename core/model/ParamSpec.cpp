#include "core/model/ParamSpec.h"
