#include "core/explain/TreePaths.h"

#include <limits>

namespace limpid {

TreePaths::TreePaths(const DecisionTree& of, const std::vector<std::uint32_t>& playerOf)
    : tree(of), players(of.nodes.size(), 0), slotOf(of.nodes.size(), 0), above(of.nodes.size(), 0), questions(of.nodes.size(), 0)
{
    std::vector<std::uint32_t> path;
    const auto visit = [&](const auto& self, std::size_t index, std::size_t level) -> void {
        const DecisionNode& node = tree.nodes[index];
        above[index] = static_cast<std::uint32_t>(path.size());
        if (!asks(index)) {
            mostSlots = std::max(mostSlots, path.size());
            depth = std::max(depth, level);
            return;
        }
        const auto left = static_cast<std::size_t>(node.left), right = static_cast<std::size_t>(node.right);
        players[index] = playerOf[node.feature];
        const auto found = std::find(path.begin(), path.end(), players[index]);
        slotOf[index] = static_cast<std::uint32_t>(found - path.begin());
        const bool isNew = found == path.end();
        if (isNew)
            path.push_back(players[index]);
        self(self, left, level + 1);
        self(self, right, level + 1);
        if (isNew)
            path.pop_back();
        questions[index] = 1 + questions[left] + questions[right];
    };
    visit(visit, 0, 0);
}

std::vector<PathPlayer> TreePaths::pathTo(std::size_t child, std::size_t parent, std::vector<PathPlayer> path) const
{
    if (slotOf[parent] == path.size())
        path.push_back({players[parent], 1.0});
    // A question that no weight comes to sends half each way.
    const double cover = tree.nodes[parent].cover;
    path[slotOf[parent]].share *= cover > 0.0 ? tree.nodes[child].cover / cover : 0.5;
    return path;
}

TreeRowBlock::TreeRowBlock(std::span<const float> rows, std::size_t features, std::size_t begin, std::size_t count)
    : m_values(features * treeBlock, std::numeric_limits<float>::quiet_NaN()), m_begin(begin), m_count(count)
{
    for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t feature = 0; feature < features; ++feature)
            m_values[feature * treeBlock + row] = rows[(begin + row) * features + feature];
    }
}

} // namespace limpid
