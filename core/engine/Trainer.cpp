#include "core/engine/Trainer.h"
