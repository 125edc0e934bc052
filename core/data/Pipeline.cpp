#include "core/data/Pipeline.h"
