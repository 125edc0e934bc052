#include "core/explain/TreeSums.h"

#include "core/explain/TaskParts.h"
#include "core/explain/TreeSweep.h"

#include <memory>
#include <optional>

namespace limpid {

namespace {

constexpr std::size_t mostBlocks = 64, sumNumbers = std::size_t{1} << 23; // 64 MiB of sums at once
constexpr std::size_t tableNumbers = std::size_t{1} << 17;                // 1 MiB
constexpr std::size_t marginRows = 1024;

/// A tree made ready for rows: by tables, or by sweeping through it.
struct ReadyTree {
    ReadyTree(const DecisionTree& tree, const TreePlayers& players) : paths(tree, players) {}
    TreePaths paths;
    std::optional<TreeTables> tables;
};

/// The trees from `first` on whose tables fit, but one at least.
std::vector<std::unique_ptr<ReadyTree>> readyTrees(const TreeSumsSpec& spec, std::size_t first, std::size_t rows, const Task& task)
{
    std::vector<std::unique_ptr<ReadyTree>> batch;
    std::size_t numbers = 0;
    for (std::size_t i = first; i < spec.ensemble.trees.size() && (batch.empty() || numbers < tableNumbers); ++i) {
        auto ready = std::make_unique<ReadyTree>(spec.ensemble.trees[i], spec.players);
        if (spec.tabulates(ready->paths, rows))
            ready->tables.emplace(ready->paths);
        numbers += ready->tables ? ready->tables->size() : 10 * ready->paths.slotOf.size();
        batch.push_back(std::move(ready));
    }
    forParts(batch.size(), task, [&](std::size_t i) {
        if (batch[i]->tables)
            batch[i]->tables->fill(spec.leafTable(batch[i]->paths));
    });
    return batch;
}

} // namespace

TreePlayers checkTreeGame(const TreeEnsemble& ensemble, std::span<const float> rows, const TreePlayers& players)
{
    checkTreeEnsemble(ensemble);
    const auto invalid = [](const char* name, std::size_t value, std::size_t expected) {
        throw Error(ErrorCode::OptionInvalid, {{"name", name}, {"value", std::to_string(value)}, {"expected", std::to_string(expected)}});
    };
    if (ensemble.features == 0 || rows.size() % ensemble.features != 0)
        invalid("features", rows.size(), ensemble.features);
    TreePlayers checked = players;
    if (players.empty()) {
        for (std::size_t feature = 0; feature < ensemble.features; ++feature)
            checked.push_back(static_cast<std::uint32_t>(feature));
    } else if (players.size() != ensemble.features) {
        invalid("players", players.size(), ensemble.features);
    }
    std::vector<bool> named(checked.size(), false);
    for (const std::uint32_t player : checked) {
        if (player >= named.size())
            invalid("players", player, named.size() - 1);
        named[player] = true;
    }
    const auto gap = static_cast<std::size_t>(std::find(named.begin(), named.end(), false) - named.begin());
    if (gap < playerCount(checked))
        invalid("players", playerCount(checked), gap);
    return checked;
}

std::vector<double> treeMargins(const TreeEnsemble& ensemble, std::span<const float> rows, const Task& task)
{
    const std::size_t count = rows.size() / ensemble.features;
    std::vector<double> margins(count * ensemble.outputs());
    forParts((count + marginRows - 1) / marginRows, task, [&](std::size_t part) {
        const std::size_t begin = part * marginRows, some = std::min(marginRows, count - begin);
        const std::vector<double> found = ensemble.margins(rows.subspan(begin * ensemble.features, some * ensemble.features));
        std::copy(found.begin(), found.end(), margins.begin() + static_cast<std::ptrdiff_t>(begin * ensemble.outputs()));
    });
    return margins;
}

std::vector<double> treeSums(const TreeSumsSpec& spec, Task& task)
{
    const std::size_t features = spec.ensemble.features, outputs = spec.ensemble.outputs(), trees = spec.ensemble.trees.size();
    const std::size_t rows = spec.rows.size() / features, width = outputs * spec.targets;
    const std::size_t chunkRows = treeBlock * std::clamp<std::size_t>(sumNumbers / std::max<std::size_t>(1, width * treeBlock), 1, mostBlocks);
    std::vector<double> result(rows * width, 0.0);
    for (std::size_t begin = 0; begin < rows; begin += chunkRows) {
        const std::size_t count = std::min(chunkRows, rows - begin), blocks = (count + treeBlock - 1) / treeBlock;
        std::vector<std::optional<TreeRowBlock>> values(blocks);
        std::vector<std::vector<double>> sums(blocks);
        forParts(blocks, task, [&](std::size_t i) {
            values[i].emplace(spec.rows, features, begin + i * treeBlock, std::min(treeBlock, count - i * treeBlock));
            sums[i].assign(width * treeBlock, 0.0);
        });
        for (std::size_t first = 0; first < trees;) {
            const std::vector<std::unique_ptr<ReadyTree>> batch = readyTrees(spec, first, count, task);
            forParts(blocks, task, [&](std::size_t i) {
                for (const auto& ready : batch) {
                    task.checkpoint();
                    double* to = sums[i].data() + ready->paths.tree.output * spec.targets * treeBlock;
                    if (ready->tables)
                        ready->tables->addTo(to, *values[i]);
                    else
                        TreeSweep(ready->paths).addTo(to, *values[i]);
                }
            });
            first += batch.size();
            task.report((static_cast<double>(begin) + static_cast<double>(count) * static_cast<double>(first) / static_cast<double>(trees))
                            / static_cast<double>(rows), "explain");
        }
        forParts(blocks, task, [&](std::size_t i) {
            for (std::size_t row = 0; row < values[i]->count(); ++row) {
                double* to = result.data() + (values[i]->begin() + row) * width;
                for (std::size_t target = 0; target < width; ++target)
                    to[target] = sums[i][target * treeBlock + row];
            }
        });
    }
    return result;
}

} // namespace limpid
