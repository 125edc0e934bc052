#pragma once

#include "app/cli/Context.h"
#include "core/workbench/ExplainBackground.h"

namespace limpid {

/// See core/workbench/ExplainBackground.h; with a progress line where another file is read for it.
Background findBackground(const CliContext& context, const LoadedModel& model, const DataSet& explained);

} // namespace limpid
