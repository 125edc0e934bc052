#include "core/explain/Game.h"
