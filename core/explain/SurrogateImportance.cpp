#include "core/explain/SurrogateImportance.h"

#include "core/explain/TreeShap.h"

#include <cmath>

namespace limpid {

namespace {

constexpr std::size_t rowsAtOnce = 8192;

} // namespace

SurrogateEnsemble surrogateEnsemble(const SurrogateTree& tree)
{
    SurrogateEnsemble made;
    std::vector<std::uint32_t> featureOf(tree.nodes.size(), 0);
    for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
        if (tree.nodes[node].left == 0)
            continue;
        featureOf[node] = static_cast<std::uint32_t>(made.questions.size());
        made.questions.push_back(node);
        const auto found = std::find(made.columns.begin(), made.columns.end(), tree.nodes[node].column);
        made.players.push_back(static_cast<std::uint32_t>(found - made.columns.begin()));
        if (found == made.columns.end())
            made.columns.push_back(tree.nodes[node].column);
    }
    const std::size_t outputs = tree.nodes.front().value.size();
    made.ensemble.features = made.questions.size();
    made.ensemble.base.assign(outputs, 0.0);
    for (std::size_t output = 0; output < outputs; ++output) {
        DecisionTree copy{{}, output};
        for (std::size_t index = 0; index < tree.nodes.size(); ++index) {
            const SurrogateNode& node = tree.nodes[index];
            const bool asks = node.left != 0;
            copy.nodes.push_back({asks ? static_cast<std::int32_t>(node.left) : -1, asks ? static_cast<std::int32_t>(node.right) : -1, featureOf[index], 0.5F,
                                  false, static_cast<double>(node.rows), asks ? 0.0 : node.value[output]});
        }
        made.ensemble.trees.push_back(std::move(copy));
    }
    return made;
}

void weighColumns(SurrogateTree& tree, const std::vector<EffectColumn>& columns, Task& task)
{
    const std::size_t outputs = tree.nodes.front().value.size();
    for (SurrogateTree::Column& column : tree.columns)
        column.importance.assign(outputs, 0.0);
    const SurrogateEnsemble made = surrogateEnsemble(tree);
    if (made.questions.empty())
        return;
    const std::size_t rows = columns.front().values.size(), players = made.columns.size();
    for (std::size_t begin = 0; begin < rows; begin += rowsAtOnce) {
        const std::size_t end = std::min(begin + rowsAtOnce, rows);
        std::vector<float> answers;
        for (std::size_t row = begin; row < end; ++row) {
            for (const std::size_t question : made.questions)
                answers.push_back(tree.goesLeft(question, columns[tree.nodes[question].column].values[row]) ? 0.0F : 1.0F);
        }
        Task part(task, {});
        const TreeShapValues found = treeShap(made.ensemble, answers, made.players, part);
        for (std::size_t i = 0; i < found.values.size(); ++i)
            tree.columns[made.columns[i % players]].importance[i / players % outputs] += std::abs(found.values[i]) / static_cast<double>(rows);
    }
}

} // namespace limpid
