#include "core/model/NetworkSpec.h"
