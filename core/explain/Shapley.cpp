#include "core/explain/Shapley.h"

#include "core/explain/CoalitionBlocks.h"

#include <algorithm>

namespace limpid {

const std::vector<std::string>& shapleyMethods()
{
    static const std::vector<std::string> methods = {"exact", "kernel", "leverage", "permutation"};
    return methods;
}

ShapleyValues shapley(const Game& game, const ShapleySpec& spec, Task& task)
{
    if (spec.method == "exact")
        return exactShapley(game, task);
    if (spec.method == "kernel")
        return kernelShap(game, spec.budget, spec.seed, task);
    if (spec.method == "leverage")
        return leverageShap(game, spec.budget, spec.seed, task);
    if (spec.method == "permutation")
        return permutationShap(game, spec.budget, spec.seed, task);
    std::string expected;
    for (const std::string& method : shapleyMethods())
        expected += (expected.empty() ? "" : ", ") + method;
    throw Error(ErrorCode::OptionInvalid, {{"name", "method"}, {"value", spec.method}, {"expected", expected}});
}

std::uint64_t plannedEvaluations(const ShapleySpec& spec, std::size_t players)
{
    const std::uint64_t all = coalitionCount(players);
    const std::uint64_t budget = spec.budget > 0 ? spec.budget : 2 * players + 2048;
    if (spec.method == "exact")
        return all;
    if (spec.method == "kernel")
        return std::min(budget, all - std::min<std::uint64_t>(all, 2)) + 2;
    if (budget >= all || players < 2)
        return all;
    if (spec.method == "permutation") {
        const std::uint64_t walk = 2 * (players - 1);
        return 2 + (budget - std::min<std::uint64_t>(budget, 2)) / walk * walk;
    }
    return budget - budget % 2;
}

} // namespace limpid
