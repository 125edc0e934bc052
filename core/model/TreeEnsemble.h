#pragma once

#include "core/base/Error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace limpid {

/// A question, or where left is -1 an answer. A row goes left where its feature is less than the threshold, both as float32; a
/// row without it (NaN) goes the default way.
struct DecisionNode {
    std::int32_t left = -1, right = -1;   ///< indices of nodes
    std::uint32_t feature = 0;
    float threshold = 0.0F;
    bool missingLeft = false;
    double cover = 0.0;                   ///< weight of the training rows here (XGBoost: the sum of their second derivatives)
    double value = 0.0;                   ///< of an answer: what it adds to the output
};

struct DecisionTree {
    std::vector<DecisionNode> nodes;      ///< the root first
    std::size_t output = 0;               ///< the output it adds to
};

/// Trees whose answers are added up: outputs = base + Σ answers, before any link (log-odds, log-mean). Sums are of float64.
struct TreeEnsemble {
    std::size_t features = 0;
    std::vector<double> base;             ///< [outputs]: without any tree
    std::vector<DecisionTree> trees;

    std::size_t outputs() const { return base.size(); }
    /// `rows`: [rows, features], NaN: missing. Gives [rows, outputs]. Throws OptionInvalid (features) where they don't fit.
    std::vector<double> margins(std::span<const float> rows) const;
};

/// The node on the way down from this question.
inline std::size_t nextNode(const DecisionNode& node, float value)
{
    const bool left = node.missingLeft ? !(value >= node.threshold) : value < node.threshold;
    return static_cast<std::size_t>(left ? node.left : node.right);
}

/// Questions on a path, at most.
inline constexpr std::size_t deepestDecisionTree = 1024;

/// Each tree is one: every node is reached from the root by one path alone, of at most deepestDecisionTree questions; features and
/// outputs exist; thresholds, covers and values are finite, covers not negative, and a child's no larger than its parent's (but for
/// rounding). Throws BundleInvalid, with the place such as "trees[3].nodes[5].left" as its reason.
void checkTreeEnsemble(const TreeEnsemble& ensemble, const std::string& path = {});

} // namespace limpid
