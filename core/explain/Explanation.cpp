#include "core/explain/Explanation.h"
