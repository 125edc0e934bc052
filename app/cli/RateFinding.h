#pragma once

#include "app/cli/Context.h"
#include "core/workbench/Workbench.h"

namespace limpid {

/// Tries learning rates and tells what they came to; gives the exit code. Ctrl+C ends the search with what there is.
int findRateWithProgress(const CliContext& context, const DataSet& data, const TrainRequest& request, const RateFinderSpec& finder);

} // namespace limpid
