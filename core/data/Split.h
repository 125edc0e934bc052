#pragma once

#include "core/data/Table.h"

#include <cstdint>

namespace limpid {

/// How rows are divided. Stored with the run.
struct SplitSpec {
    double validation = 0.2;   ///< share of rows, in (0, 1)
    bool stratified = true;    ///< keep the share of each class, where there is one target, a category or boolean
    std::uint64_t seed = 1;
    bool operator==(const SplitSpec&) const = default;
};

/// Row indices of a table, each in ascending order, disjoint.
struct Split {
    std::vector<std::size_t> train;
    std::vector<std::size_t> validation;
};

/// Rows whose target is missing are in neither part. Both parts get at least one row, and where the target is a
/// category, a boolean or a number of two values, training gets a row of every class. Of several targets, a row where any
/// is missing is in neither part, and training gets a row of every class of each. Throws TooFewRows, TargetUnknown,
/// OptionInvalid, ColumnAllMissing (a target has no value at all).
Split splitRows(const Table& table, const std::vector<std::string>& targets, const SplitSpec& spec);
Split splitRows(const Table& table, const std::string& target, const SplitSpec& spec);

} // namespace limpid
