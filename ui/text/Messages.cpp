#include "ui/text/Messages.h"
