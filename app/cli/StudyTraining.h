#pragma once

#include "app/cli/Context.h"
#include "core/workbench/Study.h"

namespace limpid {

/// Carries out the request's study, a run after the other, and tells what came of it; gives the exit code. The first Ctrl+C
/// stops and keeps the run under way and begins no other: those that finished count.
int trainStudy(const CliContext& context, Workspace& workspace, const DataSet& data, const TrainRequest& request);

} // namespace limpid
