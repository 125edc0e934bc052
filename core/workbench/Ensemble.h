#pragma once

#include "core/base/Task.h"
#include "core/store/Workspace.h"

namespace limpid {

/// A version of the best weights of all of an ensemble's members, with figures measured on the ensemble. It counts as one of
/// the first member's run. The features are those that each member was trained with.
ModelVersion addEnsemble(Workspace& workspace, std::int64_t study, const Features& trainRows, const Features& validationRows, Task& task);

/// Whether the run is a member of an ensemble of which all have finished, and no version came of it.
bool isEnsembleWithoutVersion(const Workspace& workspace, const RunRecord& run);

} // namespace limpid
