#include "app/gui/Gui.h"
