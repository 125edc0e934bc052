#include "core/explain/KernelShap.h"

#include "core/explain/CoalitionBlocks.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <unordered_map>

namespace limpid {

namespace {

/// Sizes up to this one have a partner size M − s of their own.
std::size_t pairedSizes(std::size_t players)
{
    return (players - 1) / 2;
}

void append(KernelDesign& design, const std::vector<std::uint8_t>& mask, double weight)
{
    design.coalitions.members.insert(design.coalitions.members.end(), mask.begin(), mask.end());
    ++design.coalitions.count;
    design.weights.push_back(weight);
}

void complement(std::vector<std::uint8_t>& mask)
{
    for (std::uint8_t& member : mask)
        member ^= 1;
}

void enumerateSizes(KernelDesign& design, const KernelPlan& plan, std::size_t players)
{
    for (std::size_t size = 1; size <= plan.fullSizes; ++size) {
        std::vector<std::size_t> subset(size);
        std::iota(subset.begin(), subset.end(), std::size_t{0});
        do {
            std::vector<std::uint8_t> mask(players, 0);
            for (const std::size_t player : subset)
                mask[player] = 1;
            append(design, mask, plan.weightPerCoalition[size - 1]);
            if (size <= pairedSizes(players)) {
                complement(mask);
                append(design, mask, plan.weightPerCoalition[size - 1]);
            }
        } while (nextCombination(subset, players));
    }
}

/// The sizes not enumerated: drawn by weight with their complements; a repeat adds weight instead of a coalition.
void sampleSizes(KernelDesign& design, const KernelPlan& plan, std::size_t players, std::size_t samples, Random& random)
{
    std::vector<double> cumulative;
    double total = 0.0;
    for (std::size_t i = plan.fullSizes; i < plan.sizeWeights.size(); ++i) {
        total += i < pairedSizes(players) ? plan.sizeWeights[i] / 2.0 : plan.sizeWeights[i];
        cumulative.push_back(total);
    }
    const std::size_t fixed = design.coalitions.count;
    std::size_t left = samples - fixed;
    std::unordered_map<std::string, std::size_t> clusterOf;
    std::vector<std::size_t> order(players);
    std::iota(order.begin(), order.end(), std::size_t{0});

    for (std::size_t draw = 0, draws = 4 * left; draw < draws && left > 0; ++draw) {
        const double at = random.uniform() * total;
        const auto place = std::upper_bound(cumulative.begin(), cumulative.end() - 1, at) - cumulative.begin();
        const std::size_t size = static_cast<std::size_t>(place) + plan.fullSizes + 1;
        std::vector<std::uint8_t> mask(players, 0);
        for (std::size_t i = 0; i < size; ++i) {
            std::swap(order[i], order[i + random.below(players - i)]);
            mask[order[i]] = 1;
        }
        const auto [entry, isNew] = clusterOf.emplace(std::string(mask.begin(), mask.end()), design.clusters.size());
        if (!isNew) {
            const SampleCluster& cluster = design.clusters[entry->second];
            design.weights[cluster.first] += 1.0;
            if (cluster.second != cluster.first)
                design.weights[cluster.second] += 1.0;
            continue;
        }
        SampleCluster cluster{design.coalitions.count, design.coalitions.count, 1.0};
        append(design, mask, 1.0);
        --left;
        if (left > 0 && size <= pairedSizes(players)) {
            complement(mask);
            cluster.second = design.coalitions.count;
            append(design, mask, 1.0);
            --left;
        }
        design.clusters.push_back(cluster);
    }

    const auto firstSampled = design.weights.begin() + static_cast<std::ptrdiff_t>(fixed);
    // A coalition drawn c times carries weight c: its variance is that of c draws of weight 1.
    for (SampleCluster& cluster : design.clusters)
        cluster.variance = 1.0 / design.weights[cluster.first];
    const double scale = plan.weightLeft / std::accumulate(firstSampled, design.weights.end(), 0.0);
    for (auto weight = firstSampled; weight != design.weights.end(); ++weight)
        *weight *= scale;
}

/// Values [coalitions, outputs] of each of the pattern's rows: together where one pattern covers all rows.
std::vector<std::vector<double>> evaluate(const Game& game, const VaryingPattern& pattern, const Coalitions& coalitions,
                                          double from, double to, Task& task)
{
    const std::size_t outputs = game.outputs();
    std::vector<std::vector<double>> values(pattern.rows.size(), std::vector<double>(coalitions.count * outputs));
    const auto store = [&](std::size_t i, std::size_t begin, std::size_t count, const double* source) {
        std::copy(source, source + count * outputs, values[i].begin() + static_cast<std::ptrdiff_t>(begin * outputs));
    };
    if (pattern.rows.size() == game.rows()) {
        forEachBlock(game, coalitions, pattern.players, from, to, task,
                     [&](std::size_t begin, std::size_t count, const std::vector<double>& block) {
                         for (std::size_t i = 0; i < values.size(); ++i)
                             store(i, begin, count, block.data() + i * count * outputs);
                     });
        return values;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t begin = 0; begin < coalitions.count; begin += coalitionBlock) {
            task.checkpoint();
            const std::size_t count = std::min(coalitionBlock, coalitions.count - begin);
            const Coalitions wide = widened(coalitions, pattern.players, game.players(), begin, count);
            store(i, begin, count, game.valuesOfRow(pattern.rows[i], wide, task).data());
        }
        task.report(from + (to - from) * static_cast<double>(i + 1) / static_cast<double>(values.size()), "explain");
    }
    return values;
}

} // namespace

std::size_t kernelSamples(std::size_t players, std::size_t budget)
{
    const std::size_t samples = budget > 0 ? budget : 2 * players + 2048;
    return players <= 30 ? std::min(samples, static_cast<std::size_t>(coalitionCount(players)) - 2) : samples;
}

KernelPlan planKernel(std::size_t players, std::size_t samples)
{
    KernelPlan plan;
    const std::size_t sizes = players / 2, paired = pairedSizes(players); // ⌈(M−1)/2⌉, ⌊(M−1)/2⌋
    const auto m = static_cast<double>(players);
    for (std::size_t size = 1; size <= sizes; ++size) {
        const auto s = static_cast<double>(size);
        plan.sizeWeights.push_back((m - 1.0) / (s * (m - s)) * (size <= paired ? 2.0 : 1.0));
    }
    const double total = std::accumulate(plan.sizeWeights.begin(), plan.sizeWeights.end(), 0.0);
    for (double& weight : plan.sizeWeights)
        weight /= total;

    std::vector<double> remaining = plan.sizeWeights;
    auto left = static_cast<double>(samples);
    for (std::size_t size = 1; size <= sizes; ++size) {
        const double coalitions = binomial(players, size) * (size <= paired ? 2.0 : 1.0);
        const double share = remaining[size - 1];
        if (left * share / coalitions < 1.0 - 1e-8)
            break;
        ++plan.fullSizes;
        left -= coalitions;
        if (share < 1.0) {
            for (double& weight : remaining)
                weight /= 1.0 - share;
        }
        plan.fixedSamples += static_cast<std::size_t>(coalitions);
        plan.weightPerCoalition.push_back(plan.sizeWeights[size - 1] / coalitions);
    }
    plan.weightLeft = std::accumulate(plan.sizeWeights.begin() + static_cast<std::ptrdiff_t>(plan.fullSizes),
                                      plan.sizeWeights.end(), 0.0);
    return plan;
}

KernelDesign kernelDesign(std::size_t players, std::size_t samples, Random& random)
{
    const KernelPlan plan = planKernel(players, samples);
    KernelDesign design;
    design.coalitions.players = players;
    enumerateSizes(design, plan, players);
    if (plan.fullSizes < plan.sizeWeights.size() && samples > plan.fixedSamples)
        sampleSizes(design, plan, players, samples, random);
    return design;
}

ShapleyValues kernelShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task)
{
    ShapleyValues result = startValues(game, task);
    const std::vector<VaryingPattern> patterns = varyingPatterns(game);
    const std::size_t players = game.players(), outputs = game.outputs();
    double done = 0.0;
    for (const VaryingPattern& pattern : patterns) {
        const double until = done + static_cast<double>(pattern.rows.size()) / static_cast<double>(game.rows());
        const std::size_t k = pattern.players.size();
        if (k > 1) {
            const std::size_t samples = kernelSamples(k, budget);
            const std::size_t needed = kernelSamples(k, 3 * k); // below, the regression fits noise
            if (samples < needed)
                throwBudgetTooSmall(budget, needed);
            Random random(seed, "explain/kernel");
            const KernelDesign design = kernelDesign(k, samples, random);
            const ShapleyRegression regression(design.coalitions, design.weights, task);
            const auto values = evaluate(game, pattern, design.coalitions, done, until, task);
            for (std::size_t i = 0; i < pattern.rows.size(); ++i) {
                for (std::size_t output = 0; output < outputs; ++output) {
                    task.checkpoint();
                    const std::size_t cell = pattern.rows[i] * outputs + output;
                    const double* y = values[i].data() + output;
                    const auto phi = regression.solve(y, outputs, result.base[cell], result.full[cell]);
                    const auto errors = regression.errors(y, outputs, result.base[cell], phi, design.clusters);
                    for (std::size_t j = 0; j < k; ++j) {
                        result.values[cell * players + pattern.players[j]] = phi[j];
                        result.errors[cell * players + pattern.players[j]] = errors[j];
                    }
                }
            }
            result.evaluations = std::max<std::uint64_t>(result.evaluations, design.coalitions.count + 2);
        }
        done = until;
    }
    closeGaps(result, patterns, outputs, players); // one player alone gets the whole difference here
    return result;
}

} // namespace limpid
