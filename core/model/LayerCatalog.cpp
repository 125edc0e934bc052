#include "core/model/LayerCatalog.h"
