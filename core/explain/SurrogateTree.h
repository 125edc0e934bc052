#pragma once

#include "core/explain/EffectRows.h"

namespace limpid {

/// What it means for the tree to say the same as the model.
enum class Agreement {
    None,      ///< numbers: only R² tells
    Side,      ///< every output on the same side of SurrogateSpec::threshold (one or several two-valued targets)
    Largest,   ///< the same output is the largest (several classes)
};

struct SurrogateSpec {
    std::size_t depth = 3;        ///< questions on the way to an answer, at most: 1 to maxSurrogateDepth
    std::size_t leafRows = 0;     ///< rows of an answer, at least; 0: one in a hundred, but 5
    double leastGain = 1e-3;      ///< of the outputs' variance that a question must explain
    Agreement agreement = Agreement::None;
    double threshold = 0.5;
};
inline constexpr std::size_t maxSurrogateDepth = 10;

/// A question, or where left is 0 an answer. A row goes left where its number is at most `threshold` or its level is one of
/// `levels`.
struct SurrogateNode {
    std::size_t left = 0, right = 0;     ///< indices of nodes
    std::size_t column = 0;
    double threshold = 0.0;              ///< in the column's own unit (milliseconds since 1970 for dates)
    std::vector<std::size_t> levels;     ///< of categories and booleans, ascending; the number of levels stands for "missing"
    std::size_t missingRows = 0;         ///< without a number or date here
    bool missingLeft = false;            ///< where these go; without any, where most rows go
    std::size_t rows = 0;                ///< of those it was grown on
    std::vector<double> value;           ///< [outputs]: their mean
    double gain = 0.0;                   ///< share of the outputs' variance, over all rows, that the question explains
};

/// What a path asks of one column, all its questions together.
struct SurrogateCondition {
    std::size_t column = 0;
    double above = 0.0, atMost = 0.0;    ///< of numbers and dates; ∓ infinity: no limit
    std::vector<std::string> levels;     ///< of categories and booleans: one of these
    bool missing = false;                ///< rows without a value fulfil it too
};
struct SurrogateRule {
    std::vector<SurrogateCondition> conditions;   ///< a column once, in the order in which they are asked
    std::size_t node = 0;                         ///< the answer
};

/// A small decision tree that says about what the model says (Craven and Shavlik 1996; grown as CART's regression trees,
/// Breiman et al. 1984: each split takes away as much squared error as it can). For one output a category is split into the
/// best two sets of levels (Fisher 1958); for several, one level from the rest. Several outputs of numbers count alike, each
/// over its own variance; probabilities and log-odds as they are.
struct SurrogateTree {
    struct Column {
        std::string name;
        ColumnType type = ColumnType::Number;
        std::vector<std::string> levels;
        double gain = 0.0;            ///< share of the variance that its questions explain
        /// [outputs]: how much it counts in the tree, in the outputs' unit: the mean over all rows of its Shapley values' size, path-dependent
        /// (TreeShap.h). Empty in a tree that was not grown here.
        std::vector<double> importance = {};
    };
    std::vector<Column> columns;      ///< of the model, all
    std::vector<SurrogateNode> nodes; ///< the root first, questions before their answers
    std::vector<double> r2;           ///< [outputs]: on rows the tree was not grown on, against the model; NaN where it is constant there
    double agreement = 0.0;           ///< share of these rows; NaN for Agreement::None
    std::size_t rows = 0, heldOut = 0;
    std::uint64_t modelRows = 0;

    /// The node of the answer for such a row: for each column a value as in EffectColumn::values.
    std::size_t leafOf(const std::vector<double>& row) const;
    /// Whether a row with this value of the question's column, as in EffectColumn::values, goes left.
    bool goesLeft(std::size_t node, double value) const;
    /// One for each answer, from left to right.
    std::vector<SurrogateRule> rules() const;
};

/// Every fourth row is held out to measure the fidelity; which, is the same each time. Texts are never asked about.
/// Throws OptionInvalid (depth) and TooFewRows below 20.
SurrogateTree surrogateTree(const EffectRows& model, const SurrogateSpec& spec, Task& task);

} // namespace limpid
