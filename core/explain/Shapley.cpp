#include "core/explain/Shapley.h"

#include "core/explain/CoalitionBlocks.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

const std::vector<std::string>& shapleyMethods()
{
    static const std::vector<std::string> methods = {"exact", "kernel", "leverage", "permutation"};
    return methods;
}

namespace {

ShapleyValues played(const Game& game, const ShapleySpec& spec, Task& task)
{
    if (spec.method == "exact")
        return exactShapley(game, task);
    if (spec.method == "kernel")
        return kernelShap(game, spec.budget, spec.seed, task);
    if (spec.method == "leverage")
        return leverageShap(game, spec.budget, spec.seed, task, spec.resolveTop);
    if (spec.method == "permutation")
        return permutationShap(game, spec.budget, spec.seed, task, spec.resolveTop);
    std::string expected;
    for (const std::string& method : shapleyMethods())
        expected += (expected.empty() ? "" : ", ") + method;
    throw Error(ErrorCode::OptionInvalid, {{"name", "method"}, {"value", spec.method}, {"expected", expected}});
}

} // namespace

ShapleyValues shapley(const Game& game, const ShapleySpec& spec, Task& task)
{
    ShapleyValues result = played(game, spec, task);
    if (spec.resolveTop > 0)
        result.topResolved = topResolved(result, game.players(), spec.resolveTop);
    return result;
}

std::vector<bool> topResolved(const ShapleyValues& values, std::size_t players, std::size_t top)
{
    std::vector<bool> resolved(values.base.size(), true);
    std::vector<std::size_t> order(players);
    top = std::min(top, players);
    for (std::size_t cell = 0; cell < resolved.size(); ++cell) {
        const double* value = values.values.data() + cell * players;
        const double* error = values.errors.data() + cell * players;
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(top), order.end(),
                          [&](std::size_t a, std::size_t b) { return std::abs(value[a]) > std::abs(value[b]); });
        for (std::size_t place = 0; place < top && resolved[cell]; ++place) {
            for (std::size_t other = place + 1; other < players && resolved[cell]; ++other) {
                const std::size_t a = order[place], b = order[other];
                const double uncertain = 1.96 * std::hypot(error[a], error[b]);
                resolved[cell] = uncertain == 0.0 || std::abs(value[a]) - std::abs(value[b]) > uncertain;
            }
        }
    }
    return resolved;
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
