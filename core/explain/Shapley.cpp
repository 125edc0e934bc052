#include "core/explain/Shapley.h"
