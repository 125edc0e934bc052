#include "core/jobs/JobQueue.h"
