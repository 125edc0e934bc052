#include "ui/explain/ExplainPage.h"
