#include "core/data/Profile.h"
