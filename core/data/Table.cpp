#include "core/data/Table.h"
