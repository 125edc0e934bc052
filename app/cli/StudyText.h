#pragma once

#include "core/workbench/Study.h"

#include <QString>

#include <nlohmann/json.hpp>

namespace limpid {

/// "fold 2 of 5", "repeat 2 of 5", "member 2 of 5".
QString partText(const StudyPart& part);
/// {"id", "kind", "part", "parts"}, or null.
nlohmann::json studyPartJson(const std::optional<StudyPart>& part);

/// {"id", "kind", "parts", "finished": [ids], "validation": {metric: {"mean", "deviation", "low", "high", "count"}}}; what is
/// undefined is null.
nlohmann::json studyJson(const std::vector<RunRecord>& runs);
/// The same in words and figures.
void printStudy(const std::vector<RunRecord>& runs);
/// What the version came to.
void printEnsemble(const ModelVersion& version);

} // namespace limpid
