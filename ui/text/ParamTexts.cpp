#include "ui/text/ParamTexts.h"
