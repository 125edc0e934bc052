#include "core/engine/Backend.h"
