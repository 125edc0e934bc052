#include "core/explain/PermutationImportance.h"
