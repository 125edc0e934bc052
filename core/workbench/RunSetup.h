#pragma once

#include "core/data/CsvReader.h"
#include "core/data/Pipeline.h"
#include "core/data/Split.h"

#include "core/store/Workspace.h"

#include <nlohmann/json.hpp>

namespace limpid {

// What a RunRecord keeps of how a run was set up, and back: {"separator", "decimalComma", "types", "missingMarks"},
// {"target", "ignored", "categories", "scaling"}, {"validation", "stratified", "seed"}, with folds also {"folds", "fold"}.
// The readers keep the default of what is missing and throw WorkspaceCorrupt where a value has the wrong type.

nlohmann::json toJson(const CsvOptions& options);
CsvOptions csvOptionsFromJson(const nlohmann::json& json);
nlohmann::json toJson(const PipelineSpec& spec);
PipelineSpec pipelineSpecFromJson(const nlohmann::json& json);
nlohmann::json toJson(const SplitSpec& spec);
SplitSpec splitSpecFromJson(const nlohmann::json& json);

/// What a run, or a version of it, keeps of its figures: {"train", "validation"}, for classes also {"classes", "confusion"}.
nlohmann::json metricsJson(const MetricSet& train, const MetricSet& validation, const std::vector<std::string>& classes);
/// What a bundle says about itself, of the run that it came of: {"run", "created", "limpid", "task", "target", "metrics", "data"}.
nlohmann::json aboutRun(const RunRecord& run, const Pipeline& pipeline, const nlohmann::json& metrics);

} // namespace limpid
