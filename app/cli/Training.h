#pragma once

#include "app/cli/Context.h"
#include "core/workbench/Workbench.h"

#include <QString>

#include <nlohmann/json.hpp>

#include <vector>

namespace limpid {

/// Trains with a live line of loss, rate and time left. The first Ctrl+C stops and keeps the best weights as a version, the
/// second gives up. `epochs` (may be null) gets the curve.
TrainOutcome trainWithProgress(const CliContext& context, Workspace& workspace, const DataSet& data, const TrainRequest& request,
                               std::vector<EpochRecord>* epochs = nullptr);

/// The same for a run that goes on, or of a study that begins. `what` stands at the line's beginning.
TrainOutcome resumeWithProgress(const CliContext& context, Workspace& workspace, const ResumeRequest& request,
                                const QString& what = QStringLiteral("Training"));

/// The document of `limpid train --json`.
nlohmann::json trainJson(const TrainOutcome& outcome);
/// The same in words and figures.
void printTraining(const TrainOutcome& outcome);
/// Notes, then one of the two; gives the exit code.
int tellTraining(const CliContext& context, const TrainOutcome& outcome);

} // namespace limpid
