#pragma once

#include "core/explain/Explanation.h"

#include <array>
#include <optional>

namespace limpid {

// Two explanations side by side, e.g. of two rows, or of one row by two versions of a model: players matched by name, in one
// order, on one scale. Index 0 is the first, 1 the second of the two.

/// Why values of two explanations have no scale in common.
enum class Incomparable {
    Output,  ///< one of them has no output of that name
    Unit,    ///< e.g. log-odds and probabilities, or those and a number
    Meaning, ///< values that add up and such that don't, or that don't and are of different methods
    Columns  ///< no column is in both
};
/// None where they can be compared for that output.
std::optional<Incomparable> whyIncomparable(const Explanation& first, const Explanation& second, const std::string& output);

/// The index of the output of that name.
std::optional<std::size_t> outputNamed(const Explanation& explanation, const std::string& output);

/// A column of either, or the sum of some.
struct ComparedPlayer {
    std::string column;                  ///< "" of a sum
    std::size_t others = 0;              ///< > 0: the sum of so many columns
    std::array<bool, 2> there{};         ///< whether that explanation has the column
    std::array<std::string, 2> cells;    ///< of rows: in the user's words, "" where missing
    std::array<double, 2> values{};      ///< 0 where it is not there
    std::array<double, 2> errors{};      ///< standard errors

    bool inBoth() const { return there[0] && there[1]; }
    double difference() const { return values[1] - values[0]; }
    /// The largest standard error that the difference can have: explanations share their draws, so errors are correlated in a
    /// way that is not known.
    double differenceError() const { return errors[0] + errors[1]; }
    /// It is in both, and the difference is beyond its 95 % interval and beyond rounding.
    bool differs() const;
};

struct Comparison {
    std::vector<ComparedPlayer> players;  ///< those first with the larger |value| of both, or |difference| where that is more; ties by the first's columns
    bool additive = false;                ///< of rows whose values lead from base to prediction
    std::array<double, 2> base{};         ///< where additive
    std::array<double, 2> predictions{};  ///< of rows
    std::array<std::size_t, 2> rows{};    ///< of means: over how many
    bool sameRows = false;                ///< of means: over the same rows of the file
    bool sameCells = false;               ///< of rows: every column in both has the same value

    /// The player in both whose values differ most; none where there is none or all are alike.
    std::optional<std::size_t> widest() const;
    /// Columns that only that explanation has.
    std::vector<std::string> onlyIn(std::size_t side) const;
    /// The first `most` players; where there are more, the last of them is the sum of the rest.
    std::vector<ComparedPlayer> leading(std::size_t most) const;
    /// The least and the largest value that drawing these needs, 95 % intervals included: from zero, or where additive the ways
    /// from base to prediction. Never empty.
    std::pair<double, double> range(const std::vector<ComparedPlayer>& shown) const;
};

// Both throw Error OptionInvalid where whyIncomparable() has a reason.

/// A row of each, by its index in the explanation.
Comparison compareRows(const Explanation& first, std::size_t firstRow, const Explanation& second, std::size_t secondRow, const std::string& output);

/// Mean |value| over the rows of the file that both explain; where there is none in common, over each one's own.
Comparison compareMeans(const Explanation& first, const Explanation& second, const std::string& output);

} // namespace limpid
