#pragma once

#include "core/explain/Explanation.h"
#include "core/explain/PermutationImportance.h"

#include <nlohmann/json.hpp>

#include <string>

namespace limpid {

/// The columns by their mean effect, with standard errors, and how the values were got. Of superpixels each row by itself, for that output or the
/// one that it predicts.
void printExplanation(const Explanation& explanation, const std::string& model, const std::string& output = {});
void printImportance(const ImportanceResult& result, int repeats, std::size_t rows);
nlohmann::json importanceJson(const ImportanceResult& result, int repeats, std::size_t rows, double seconds);

} // namespace limpid
