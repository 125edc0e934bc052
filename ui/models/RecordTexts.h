#pragma once

#include "core/store/Workspace.h"

#include <QString>

#include <string>
#include <vector>

namespace limpid {

/// One figure of a run or a version, for the training and the validation rows; NaN where there is none.
struct MetricRow {
    std::string name;
    double train = 0.0, validation = 0.0;
};
/// All figures of `metrics` ({"train": {…}, "validation": {…}}), the telling one first.
std::vector<MetricRow> metricRows(const nlohmann::json& metrics);
/// "0.994 ROC AUC" of the validation rows, or "".
QString mainMetricText(const nlohmann::json& metrics);
/// The number in it, NaN where there is none: to sort by.
double mainMetricValue(const nlohmann::json& metrics);

QString runStatusText(RunStatus status);
/// What the status means, in a sentence; the failure too, where it failed.
QString runStatusHelp(const RunRecord& run);
/// In the locale's short form; "–" for 0.
QString dateText(std::int64_t ms);
QString durationOf(const RunRecord& run);

/// A label and its value.
using Setting = std::pair<QString, QString>;
/// What a run was made of: data, split, settings, seed, build.
std::vector<Setting> runSettings(const RunRecord& run);

} // namespace limpid
