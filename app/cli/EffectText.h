#pragma once

#include "core/workbench/EffectTable.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace limpid {

/// Tables and sentences. `whole`: each column's grid too, not only how far it moves the outputs; `output`: only that one.
void printEffects(const EffectOutcome& outcome, const std::string& model, bool whole, std::optional<std::size_t> output);

/// The document of `limpid explain --json`. Grids are numbers, ISO dates or levels; what is not known is null.
nlohmann::json effectsJson(const EffectOutcome& outcome);

} // namespace limpid
