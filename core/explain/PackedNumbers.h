#pragma once

#include "core/data/Pipeline.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace limpid {

// What the files of explanations share. Doubles are kept as they lie in memory, little-endian: a NaN stays one, and a million of them are
// read at once.

nlohmann::json packed(const std::vector<double>& values);
/// The member of that name, which must have `count` of them. Throws ExplanationInvalid and json::exception.
std::vector<double> unpacked(const nlohmann::json& document, const char* name, std::size_t count);

/// The reverse of taskKindName().
std::optional<TaskKind> taskKindFrom(const std::string& name);

} // namespace limpid
