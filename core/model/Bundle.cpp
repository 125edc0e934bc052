#include "core/model/Bundle.h"
