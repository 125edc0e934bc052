#include "core/data/Split.h"
