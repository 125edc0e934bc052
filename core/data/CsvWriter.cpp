#include "core/data/CsvWriter.h"
