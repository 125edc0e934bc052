#include "core/model/TreeEnsemble.h"

#include <cmath>
#include <utility>

namespace limpid {

namespace {

constexpr double coverRounding = 1e-3; // XGBoost adds covers up in float32

class TreeCheck
{
public:
    TreeCheck(const TreeEnsemble& ensemble, std::size_t tree, const std::string& path)
        : m_ensemble(ensemble), m_tree(ensemble.trees[tree]), m_index(tree), m_path(path), m_reached(m_tree.nodes.size(), false)
    {
    }

    void run()
    {
        if (m_tree.output >= m_ensemble.outputs())
            throw Error(ErrorCode::BundleInvalid, {{"path", m_path}, {"reason", "trees[" + std::to_string(m_index) + "].output"}});
        if (m_tree.nodes.empty())
            refuse(0, "");
        std::vector<std::pair<std::size_t, std::size_t>> waiting{{0, 0}}; // node, questions above it
        m_reached[0] = true;
        while (!waiting.empty()) {
            const auto [index, depth] = waiting.back();
            waiting.pop_back();
            const DecisionNode& node = m_tree.nodes[index];
            if (!(node.cover >= 0.0) || !std::isfinite(node.cover))
                refuse(index, ".cover");
            if (node.left < 0 && node.right < 0) {
                if (!std::isfinite(node.value))
                    refuse(index, ".value");
                continue;
            }
            if (node.feature >= m_ensemble.features)
                refuse(index, ".feature");
            if (!std::isfinite(node.threshold))
                refuse(index, ".threshold");
            if (depth == deepestDecisionTree)
                refuse(index, "");
            for (const auto& [child, name] : {std::pair{node.left, ".left"}, {node.right, ".right"}}) {
                if (child < 0 || static_cast<std::size_t>(child) >= m_tree.nodes.size() || m_reached[static_cast<std::size_t>(child)])
                    refuse(index, name);
                if (m_tree.nodes[static_cast<std::size_t>(child)].cover > node.cover * (1.0 + coverRounding))
                    refuse(static_cast<std::size_t>(child), ".cover");
                m_reached[static_cast<std::size_t>(child)] = true;
                waiting.emplace_back(static_cast<std::size_t>(child), depth + 1);
            }
        }
        for (std::size_t i = 0; i < m_reached.size(); ++i) {
            if (!m_reached[i])
                refuse(i, "");
        }
    }

private:
    [[noreturn]] void refuse(std::size_t node, const char* what) const
    {
        throw Error(ErrorCode::BundleInvalid, {{"path", m_path}, {"reason", "trees[" + std::to_string(m_index) + "].nodes[" + std::to_string(node) + "]" + what}});
    }

    const TreeEnsemble& m_ensemble;
    const DecisionTree& m_tree;
    std::size_t m_index;
    const std::string& m_path;
    std::vector<bool> m_reached;
};

} // namespace

std::vector<double> TreeEnsemble::margins(std::span<const float> rows) const
{
    if (features == 0 || rows.size() % features != 0)
        throw Error(ErrorCode::OptionInvalid, {{"name", "features"}, {"value", std::to_string(rows.size())}, {"expected", std::to_string(features)}});
    std::vector<double> result;
    result.reserve(rows.size() / features * outputs());
    for (std::size_t begin = 0; begin < rows.size(); begin += features) {
        const std::size_t at = result.size();
        result.insert(result.end(), base.begin(), base.end());
        for (const DecisionTree& tree : trees) {
            const DecisionNode* node = tree.nodes.data();
            while (node->left >= 0)
                node = tree.nodes.data() + nextNode(*node, rows[begin + node->feature]);
            result[at + tree.output] += node->value;
        }
    }
    return result;
}

void checkTreeEnsemble(const TreeEnsemble& ensemble, const std::string& path)
{
    for (const double value : ensemble.base) {
        if (!std::isfinite(value))
            throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", "base"}});
    }
    for (std::size_t tree = 0; tree < ensemble.trees.size(); ++tree)
        TreeCheck(ensemble, tree, path).run();
}

} // namespace limpid
