#include "core/data/CsvReader.h"
