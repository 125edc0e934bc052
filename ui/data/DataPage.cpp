#include "ui/data/DataPage.h"
