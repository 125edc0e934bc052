#pragma once

#include "core/data/CsvReader.h"
#include "core/data/Pipeline.h"
#include "core/data/Split.h"

#include <nlohmann/json.hpp>

namespace limpid {

// What a RunRecord keeps of how a run was set up, and back: {"separator", "decimalComma", "types", "missingMarks"},
// {"target", "ignored", "categories", "scaling"}, {"validation", "stratified", "seed"}.
// The readers keep the default of what is missing and throw WorkspaceCorrupt where a value has the wrong type.

nlohmann::json toJson(const CsvOptions& options);
CsvOptions csvOptionsFromJson(const nlohmann::json& json);
nlohmann::json toJson(const PipelineSpec& spec);
PipelineSpec pipelineSpecFromJson(const nlohmann::json& json);
nlohmann::json toJson(const SplitSpec& spec);
SplitSpec splitSpecFromJson(const nlohmann::json& json);

} // namespace limpid
