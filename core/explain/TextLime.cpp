#include "core/explain/TextLime.h"

#include "core/base/Random.h"

#include <numeric>

namespace limpid {

double textDistance(std::size_t kept, std::size_t players)
{
    return 100.0 * maskDistance(kept, players);
}

MaskLime limeOfText(const Game& game, std::size_t samples, std::uint64_t seed, Task& task)
{
    Coalitions texts;
    texts.players = game.players();
    texts.count = samples > 0 ? samples : usualLimeSamples;
    texts.members.assign(texts.count * texts.players, 1);
    Random random(seed, "lime text");
    std::vector<double> distances(1, 0.0);
    std::vector<std::size_t> order(texts.players);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 1; i < texts.count; ++i) {
        const std::size_t leaving = 1 + static_cast<std::size_t>(random.below(texts.players));
        for (std::size_t k = 0; k < leaving; ++k) { // the first of a shuffle
            std::swap(order[k], order[k + static_cast<std::size_t>(random.below(texts.players - k))]);
            texts.members[i * texts.players + order[k]] = 0;
        }
        distances.push_back(textDistance(texts.players - leaving, texts.players));
    }
    SurrogateSpec spec;
    spec.width = textKernelWidth;
    return limeOfMasks(game, texts, std::move(distances), spec, task);
}

} // namespace limpid
