#include "ui/models/ModelsPage.h"
