#pragma once

#include "app/cli/Context.h"
#include "core/workbench/ExplainCost.h"

#include <functional>

namespace limpid {

/// What `limpid explain --estimate` answers, in words or as JSON: what the trial finds. Gives the exit code.
int tellCost(const CliContext& context, const std::function<ExplainCost(Task&)>& trial);

} // namespace limpid
