// autoLayout alone: the layered drawing of Sugiyama, Tagawa and Toda (1981).
#include "ui/network/NetworkEdits.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

namespace limpid::edits {

namespace {

/// A place in a layer: a node, or a bend where an edge passes through the layer.
struct Slot {
    int node = -1;             ///< index into NetworkSpec::nodes; -1: a bend
    std::vector<int> above;    ///< slots of the layer above that it is joined to
    std::vector<int> below;
    double x = 0.0;            ///< of its centre
    double width() const { return node >= 0 ? columnPitch : columnPitch / 4.0; }
};

struct Drawing {
    std::vector<Slot> slots;
    std::vector<std::vector<int>> layers; ///< slots, left to right
};

/// Beyond it edges that skip layers are not kept apart from the nodes they pass: there may be as many bends as nodes times layers.
constexpr std::size_t mostBends = 50'000;

/// Longest path from a source; nodes on a cycle, or below one, keep -1.
std::vector<int> layersOf(const std::vector<std::vector<int>>& inputs)
{
    std::vector<std::vector<int>> readers(inputs.size());
    std::vector<std::size_t> waiting(inputs.size());
    std::vector<int> layer(inputs.size(), -1), deepest(inputs.size(), 0), ready;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        for (const int input : inputs[i])
            readers[static_cast<std::size_t>(input)].push_back(static_cast<int>(i));
        waiting[i] = inputs[i].size();
        if (inputs[i].empty())
            ready.push_back(static_cast<int>(i));
    }
    for (std::size_t k = 0; k < ready.size(); ++k) {
        const auto node = static_cast<std::size_t>(ready[k]);
        layer[node] = deepest[node];
        for (const int reader : readers[node]) {
            const auto below = static_cast<std::size_t>(reader);
            deepest[below] = std::max(deepest[below], layer[node] + 1);
            if (--waiting[below] == 0)
                ready.push_back(reader);
        }
    }
    return layer;
}

/// Sources are drawn right above what they feed first, not all in the top row.
void sinkSources(std::vector<int>& layer, const std::vector<std::vector<int>>& inputs)
{
    std::vector<int> nearest(layer.size(), -1);
    for (std::size_t j = 0; j < layer.size(); ++j)
        for (const int input : inputs[j]) {
            int& own = nearest[static_cast<std::size_t>(input)];
            own = own < 0 ? layer[j] : std::min(own, layer[j]);
        }
    for (std::size_t i = 0; i < layer.size(); ++i)
        if (inputs[i].empty() && nearest[i] > 0)
            layer[i] = nearest[i] - 1;
}

Drawing makeDrawing(const std::vector<int>& layer, const std::vector<std::vector<int>>& inputs)
{
    Drawing drawing;
    drawing.layers.resize(static_cast<std::size_t>(*std::max_element(layer.begin(), layer.end())) + 1);
    const auto newSlot = [&](int node, int at) {
        drawing.slots.push_back({node, {}, {}, 0.0});
        const int slot = static_cast<int>(drawing.slots.size()) - 1;
        drawing.layers[static_cast<std::size_t>(at)].push_back(slot);
        return slot;
    };
    const auto join = [&](int upper, int lower) {
        drawing.slots[static_cast<std::size_t>(upper)].below.push_back(lower);
        drawing.slots[static_cast<std::size_t>(lower)].above.push_back(upper);
    };
    for (std::size_t i = 0; i < layer.size(); ++i)
        newSlot(static_cast<int>(i), layer[i]);
    std::size_t bends = 0;
    for (std::size_t i = 0; i < layer.size(); ++i)
        for (const int input : inputs[i]) {
            int slot = input; // nodes' slots have the nodes' indices
            const int skipped = layer[i] - layer[static_cast<std::size_t>(input)] - 1;
            if (skipped > 0 && (bends += static_cast<std::size_t>(skipped)) > mostBends)
                continue;
            for (int at = layer[static_cast<std::size_t>(input)] + 1; at < layer[i]; ++at) {
                const int bend = newSlot(-1, at);
                join(slot, bend);
                slot = bend;
            }
            if (layer[static_cast<std::size_t>(input)] < layer[i])
                join(slot, static_cast<int>(i));
        }
    return drawing;
}

/// Sorts one layer by the mean place of its neighbours in the layer before; those without neighbours stay.
void orderByBarycentre(Drawing& drawing, std::size_t layer, bool fromAbove)
{
    std::unordered_map<int, double> place;
    const std::vector<int>& fixed = drawing.layers[fromAbove ? layer - 1 : layer + 1];
    for (std::size_t i = 0; i < fixed.size(); ++i)
        place[fixed[i]] = static_cast<double>(i);
    std::vector<int>& row = drawing.layers[layer];
    std::vector<std::pair<double, int>> keyed;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Slot& slot = drawing.slots[static_cast<std::size_t>(row[i])];
        const std::vector<int>& neighbours = fromAbove ? slot.above : slot.below;
        double sum = 0.0;
        for (const int neighbour : neighbours)
            sum += place[neighbour];
        keyed.emplace_back(neighbours.empty() ? static_cast<double>(i) : sum / static_cast<double>(neighbours.size()), row[i]);
    }
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = keyed[i].second;
}

/// Edges between two layers that cross: for each edge, from the left, those before it that end further right. The counts are in a
/// binary indexed tree (Fenwick 1994).
long crossings(const Drawing& drawing)
{
    long count = 0;
    for (std::size_t layer = 0; layer + 1 < drawing.layers.size(); ++layer) {
        const std::vector<int>& lower = drawing.layers[layer + 1];
        std::unordered_map<int, std::size_t> place;
        for (const int slot : lower)
            place.emplace(slot, place.size());
        std::vector<long> ends(lower.size() + 1, 0);
        long before = 0;
        for (const int slot : drawing.layers[layer]) {
            const std::vector<int>& below = drawing.slots[static_cast<std::size_t>(slot)].below;
            for (const int end : below) {
                long notRight = 0;
                for (std::size_t at = place[end] + 1; at > 0; at &= at - 1)
                    notRight += ends[at];
                count += before - notRight;
            }
            for (const int end : below)
                for (std::size_t at = place[end] + 1; at < ends.size(); at += at & (~at + 1))
                    ++ends[at];
            before += static_cast<long>(below.size());
        }
    }
    return count;
}

/// Moves each slot towards the mean of its neighbours, as far as those beside it allow.
void centre(Drawing& drawing, std::size_t layer, bool fromAbove)
{
    const std::vector<int>& row = drawing.layers[layer];
    std::vector<double> wish(row.size()), x(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Slot& slot = drawing.slots[static_cast<std::size_t>(row[i])];
        const std::vector<int>& neighbours = fromAbove ? slot.above : slot.below;
        double sum = 0.0;
        for (const int neighbour : neighbours)
            sum += drawing.slots[static_cast<std::size_t>(neighbour)].x;
        wish[i] = neighbours.empty() ? slot.x : sum / static_cast<double>(neighbours.size());
    }
    // Least squares under the distances: pooling of neighbouring blocks (isotonic regression).
    std::vector<double> offset(row.size(), 0.0);
    for (std::size_t i = 1; i < row.size(); ++i)
        offset[i] = offset[i - 1]
            + (drawing.slots[static_cast<std::size_t>(row[i - 1])].width() + drawing.slots[static_cast<std::size_t>(row[i])].width()) / 2.0;
    struct Block { double sum; std::size_t count; };
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < row.size(); ++i) {
        blocks.push_back({wish[i] - offset[i], 1});
        while (blocks.size() > 1) {
            const Block& last = blocks.back();
            Block& before = blocks[blocks.size() - 2];
            if (before.sum / static_cast<double>(before.count) <= last.sum / static_cast<double>(last.count))
                break;
            before.sum += last.sum;
            before.count += last.count;
            blocks.pop_back();
        }
    }
    std::size_t i = 0;
    for (const Block& block : blocks)
        for (std::size_t k = 0; k < block.count; ++k, ++i)
            drawing.slots[static_cast<std::size_t>(row[i])].x = block.sum / static_cast<double>(block.count) + offset[i];
}

} // namespace

void autoLayout(NetworkSpec& network)
{
    if (network.nodes.empty())
        return;
    std::map<std::string, int, std::less<>> index;
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        index.emplace(network.nodes[i].id, static_cast<int>(i));
    std::vector<std::vector<int>> inputs(network.nodes.size());
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
        std::set<int> seen;
        for (const std::string& input : network.nodes[i].inputs)
            if (const auto found = index.find(input); found != index.end() && seen.insert(found->second).second)
                inputs[i].push_back(found->second);
    }

    std::vector<int> layer = layersOf(inputs);
    sinkSources(layer, inputs);
    const int deepest = *std::max_element(layer.begin(), layer.end());
    for (int& one : layer)
        if (one < 0)
            one = deepest + 1;

    Drawing drawing = makeDrawing(layer, inputs);
    const std::size_t layers = drawing.layers.size();
    std::vector<std::vector<int>> best = drawing.layers;
    long fewest = crossings(drawing);
    for (int sweep = 0; sweep < 8 && fewest > 0; ++sweep) {
        for (std::size_t i = 1; i < layers; ++i)
            orderByBarycentre(drawing, i, true);
        for (std::size_t i = layers - 1; i-- > 0;)
            orderByBarycentre(drawing, i, false);
        if (const long now = crossings(drawing); now < fewest) {
            fewest = now;
            best = drawing.layers;
        }
    }
    drawing.layers = best;

    for (const std::vector<int>& row : drawing.layers) {
        double x = 0.0;
        for (const int slot : row) {
            Slot& one = drawing.slots[static_cast<std::size_t>(slot)];
            one.x = x + one.width() / 2.0;
            x += one.width();
        }
        for (const int slot : row)
            drawing.slots[static_cast<std::size_t>(slot)].x -= x / 2.0;
    }
    for (int sweep = 0; sweep < 6; ++sweep) {
        for (std::size_t i = 1; i < layers; ++i)
            centre(drawing, i, true);
        for (std::size_t i = layers - 1; i-- > 0;)
            centre(drawing, i, false);
    }

    double left = drawing.slots.front().x;
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        left = std::min(left, drawing.slots[i].x);
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
        network.nodes[i].x = std::round((drawing.slots[i].x - left) / 2.0) * 2.0;
        network.nodes[i].y = layer[i] * rowPitch;
    }
}

} // namespace limpid::edits
