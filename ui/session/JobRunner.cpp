#include "ui/session/JobRunner.h"
