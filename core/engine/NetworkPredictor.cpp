#include "core/engine/NetworkPredictor.h"
