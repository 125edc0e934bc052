#pragma once

#include "core/data/Table.h"

#include <cstdint>

namespace limpid {

/// How rows are divided. Stored with the run.
struct SplitSpec {
    double validation = 0.2;   ///< share of rows, in (0, 1)
    bool stratified = true;    ///< keep the share of each class, where there is one target, a category or boolean
    std::uint64_t seed = 1;
    int folds = 0;             ///< at least 2: `validation` is no share but fold number `fold` of so many
    int fold = 0;              ///< from 1
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
///
/// Folds of the same seed share out the rows: each is in the validation part of exactly one of them, their sizes differ by a row
/// at most, and with `stratified` and one target so do the rows of each class. Throws FoldsTooMany where a class has fewer rows
/// than there are folds, TooFewRows where the table has.
Split splitRows(const Table& table, const std::vector<std::string>& targets, const SplitSpec& spec);
Split splitRows(const Table& table, const std::string& target, const SplitSpec& spec);

} // namespace limpid
