#include "core/explain/PlayerTree.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// A rectangle of cells and what became of it.
struct Block {
    std::size_t top, bottom, left, right;
    std::size_t first = none, second = none;   ///< its halves, in the list of blocks

    std::size_t height() const { return bottom - top; }
    std::size_t width() const { return right - left; }
};

} // namespace

std::vector<std::size_t> PlayerTree::sizes() const
{
    std::vector<std::size_t> sizes(nodes(), 1);
    for (std::size_t i = 0; i < splits.size(); ++i)
        sizes[players + i] = sizes[splits[i].left] + sizes[splits[i].right];
    return sizes;
}

bool PlayerTree::isValid() const
{
    if (splits.size() != (players > 0 ? players - 1 : 0))
        return false;
    std::vector<bool> hasParent(nodes(), false);
    for (std::size_t i = 0; i < splits.size(); ++i) {
        for (const std::size_t child : {splits[i].left, splits[i].right}) {
            if (child >= players + i || hasParent[child])
                return false;
            hasParent[child] = true;
        }
    }
    return true;
}

PlayerTree clusterTree(std::vector<double> distances, std::size_t players, Linkage linkage)
{
    struct Merge {
        std::size_t a, b;   // each by one of its players
        double height;
    };
    std::vector<Merge> merges;
    std::vector<std::size_t> sizes(players, 1);   // of the clusters, 0 once merged away; cluster i has player i in it
    std::vector<std::size_t> chain;
    while (merges.size() + 1 < players) {
        if (chain.empty())
            chain.push_back(static_cast<std::size_t>(
                std::find_if(sizes.begin(), sizes.end(), [](std::size_t size) { return size > 0; }) - sizes.begin()));
        for (;;) {
            const std::size_t end = chain.back();
            // The one before in the chain wins ties, or the chain could go round in circles.
            std::size_t nearest = chain.size() > 1 ? chain[chain.size() - 2] : none;
            for (std::size_t i = 0; i < players; ++i) {
                if (i != end && sizes[i] > 0
                    && (nearest == none || distances[end * players + i] < distances[end * players + nearest]))
                    nearest = i;
            }
            if (chain.size() > 1 && nearest == chain[chain.size() - 2])
                break;
            chain.push_back(nearest);
        }
        const std::size_t a = chain.back(), b = chain[chain.size() - 2];
        chain.resize(chain.size() - 2);
        merges.push_back({a, b, distances[a * players + b]});
        const auto sizeA = static_cast<double>(sizes[a]), sizeB = static_cast<double>(sizes[b]);
        for (std::size_t i = 0; i < players; ++i) {
            if (i == a || i == b || sizes[i] == 0)
                continue;
            const double toA = distances[a * players + i], toB = distances[b * players + i];
            const double to = linkage == Linkage::Complete ? std::max(toA, toB) : (sizeA * toA + sizeB * toB) / (sizeA + sizeB);
            distances[b * players + i] = distances[i * players + b] = to;
        }
        sizes[b] += sizes[a];
        sizes[a] = 0;
    }

    // Chains find merges out of order. Both linkages are monotone: a parent is never lower than its children.
    std::stable_sort(merges.begin(), merges.end(), [](const Merge& a, const Merge& b) { return a.height < b.height; });
    PlayerTree tree{players, {}};
    std::vector<std::size_t> parents(players), node(players);   // clusters as sets of players, and the node of each
    std::iota(parents.begin(), parents.end(), std::size_t{0});
    std::iota(node.begin(), node.end(), std::size_t{0});
    const auto root = [&](std::size_t player) {
        while (parents[player] != player)
            player = parents[player] = parents[parents[player]];
        return player;
    };
    for (const Merge& merge : merges) {
        const std::size_t a = root(merge.a), b = root(merge.b);
        tree.splits.push_back({std::min(node[a], node[b]), std::max(node[a], node[b]), merge.height});
        parents[a] = b;
        node[b] = tree.nodes() - 1;
    }
    return tree;
}

std::vector<double> correlationDistances(const std::vector<double>& values, std::size_t rows, std::size_t columns,
                                         const std::vector<std::vector<std::size_t>>& players)
{
    // Columns first, centred, of length 1: r is then a product of two of them.
    std::vector<double> unit(columns * rows, 0.0);
    for (std::size_t column = 0; column < columns; ++column) {
        double* out = unit.data() + column * rows;
        double sum = 0.0, count = 0.0;
        for (std::size_t row = 0; row < rows; ++row) {
            const double value = values[row * columns + column];
            sum += std::isnan(value) ? 0.0 : value;
            count += std::isnan(value) ? 0.0 : 1.0;
        }
        const double mean = count > 0.0 ? sum / count : 0.0;
        double squares = 0.0, largest = std::abs(mean);
        for (std::size_t row = 0; row < rows; ++row) {
            const double value = values[row * columns + column];
            out[row] = std::isnan(value) ? 0.0 : value - mean;
            squares += out[row] * out[row];
            largest = std::max(largest, std::isnan(value) ? 0.0 : std::abs(value));
        }
        const double length = std::sqrt(squares);
        const bool constant = !(length > 1e-12 * largest * std::sqrt(static_cast<double>(rows)));
        for (std::size_t row = 0; row < rows; ++row)
            out[row] = constant ? 0.0 : out[row] / length;
    }
    std::vector<double> distances(players.size() * players.size(), 0.0);
    for (std::size_t a = 0; a < players.size(); ++a) {
        for (std::size_t b = a + 1; b < players.size(); ++b) {
            double nearest = 0.0;
            for (const std::size_t i : players[a]) {
                for (const std::size_t j : players[b]) {
                    const double* x = unit.data() + i * rows;
                    nearest = std::max(nearest, std::abs(std::inner_product(x, x + rows, unit.data() + j * rows, 0.0)));
                }
            }
            distances[a * players.size() + b] = distances[b * players.size() + a] = 1.0 - std::min(nearest, 1.0);
        }
    }
    return distances;
}

PlayerTree gridTree(std::size_t height, std::size_t width)
{
    PlayerTree tree{height * width, {}};
    if (tree.players < 2)
        return tree;
    std::vector<Block> blocks = {{0, height, 0, width}};
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Block block = blocks[i];
        if (block.height() == 1 && block.width() == 1)
            continue;
        Block first = block, second = block;
        if (block.height() >= block.width())
            first.bottom = second.top = block.top + block.height() / 2;
        else
            first.right = second.left = block.left + block.width() / 2;
        blocks[i].first = blocks.size();
        blocks[i].second = blocks.size() + 1;
        blocks.push_back(first);
        blocks.push_back(second);
    }
    // Halves come after their block in the list, and before it in a tree.
    std::vector<std::size_t> node(blocks.size());
    for (std::size_t i = blocks.size(); i-- > 0;) {
        const Block& block = blocks[i];
        if (block.first == none) {
            node[i] = block.top * width + block.left;
        } else {
            tree.splits.push_back({node[block.first], node[block.second], 0.0});
            node[i] = tree.nodes() - 1;
        }
    }
    return tree;
}

PlayerTree sequenceTree(std::size_t players)
{
    return gridTree(players, 1);
}

PlayerTree prunedTree(const PlayerTree& tree, const std::vector<std::size_t>& chosen)
{
    PlayerTree pruned{chosen.size(), {}};
    std::vector<std::size_t> node(tree.nodes(), none);
    for (std::size_t i = 0; i < chosen.size(); ++i)
        node[chosen[i]] = i;
    for (std::size_t i = 0; i < tree.splits.size(); ++i) {
        const PlayerTree::Split& split = tree.splits[i];
        const std::size_t left = node[split.left], right = node[split.right];
        if (left != none && right != none) {
            pruned.splits.push_back({left, right, split.height});
            node[tree.players + i] = pruned.nodes() - 1;
        } else {
            node[tree.players + i] = left != none ? left : right;
        }
    }
    return pruned;
}

} // namespace limpid
