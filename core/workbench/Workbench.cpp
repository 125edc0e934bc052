#include "core/workbench/Workbench.h"
