#include "ui/network/NetworkPage.h"
