#include "ui/network/SharedWeights.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace limpid::edits {

namespace {

/// A network's nodes by id, with what is known of their shapes.
class Shapes
{
public:
    Shapes(const NetworkSpec& network, const NetworkAnalysis& analysis)
    {
        for (std::size_t i = 0; i < network.nodes.size() && i < analysis.nodes.size(); ++i)
            if (analysis.nodes[i].valid)
                m_shapes.emplace(network.nodes[i].id, &analysis.nodes[i].shape);
    }

    /// The tensors that a node holds; none where its shapes are not known.
    std::vector<TensorSpec> tensorsOf(const NodeSpec& node) const
    {
        const LayerType* type = findLayer(node.type);
        const auto output = m_shapes.find(node.id);
        if (!type || !type->tensors || output == m_shapes.end())
            return {};
        std::vector<TensorShape> inputs;
        for (const std::string& input : node.inputs) {
            const auto found = m_shapes.find(input);
            if (found == m_shapes.end())
                return {};
            inputs.push_back(*found->second);
        }
        return type->tensors(inputs, *output->second, node.params);
    }

private:
    std::map<std::string_view, const TensorShape*> m_shapes;
};

bool sameSizes(const std::vector<TensorSpec>& a, const std::vector<TensorSpec>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const TensorSpec& x, const TensorSpec& y) { return x.name == y.name && x.shape == y.shape; });
}

/// The nodes that lead to an output, the outputs among them.
std::set<std::string_view> usedNodes(const NetworkSpec& network)
{
    std::map<std::string_view, const NodeSpec*> byId;
    for (const NodeSpec& node : network.nodes)
        byId.emplace(node.id, &node);
    std::set<std::string_view> used;
    std::vector<std::string_view> open(network.outputs.begin(), network.outputs.end());
    while (!open.empty()) {
        const auto node = byId.find(open.back());
        open.pop_back();
        if (node != byId.end() && used.insert(node->first).second)
            open.insert(open.end(), node->second->inputs.begin(), node->second->inputs.end());
    }
    return used;
}

} // namespace

bool holdsWeights(std::string_view type)
{
    const LayerType* layer = findLayer(type);
    return layer && layer->tensors;
}

std::vector<std::string> weightOwners(const NetworkSpec& network, const NetworkAnalysis& analysis, std::string_view id)
{
    const NodeSpec* node = network.find(id);
    const auto usesIts = [&](const NodeSpec& other) { return other.shares == id; };
    if (!node || !holdsWeights(node->type) || std::any_of(network.nodes.begin(), network.nodes.end(), usesIts))
        return {};
    const Shapes shapes(network, analysis);
    const std::vector<TensorSpec> own = shapes.tensorsOf(*node);
    if (own.empty())
        return {};
    const std::set<std::string_view> used = usedNodes(network);
    std::vector<const NodeSpec*> owners;
    for (const NodeSpec& other : network.nodes)
        if (&other != node && other.type == node->type && other.shares.empty() && (!used.contains(id) || used.contains(other.id))
            && sameSizes(own, shapes.tensorsOf(other)))
            owners.push_back(&other);
    std::stable_sort(owners.begin(), owners.end(), [](const NodeSpec* a, const NodeSpec* b) { return std::pair(a->y, a->x) < std::pair(b->y, b->x); });
    std::vector<std::string> ids;
    for (const NodeSpec* owner : owners)
        ids.push_back(owner->id);
    return ids;
}

} // namespace limpid::edits
