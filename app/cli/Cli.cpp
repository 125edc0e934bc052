#include "app/cli/Cli.h"
