#include "ui/session/Session.h"
