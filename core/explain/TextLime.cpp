#include "core/explain/TextLime.h"

#include "core/base/Random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

double textDistance(std::size_t kept, std::size_t players)
{
    return 100.0 * (1.0 - std::sqrt(static_cast<double>(kept) / static_cast<double>(players)));
}

TextLime limeOfText(const Game& game, std::size_t samples, std::uint64_t seed, Task& task)
{
    if (samples == 1)
        throw Error(ErrorCode::OptionInvalid, {{"name", "budget"}, {"value", "1"}, {"expected", "2 or more, or 0"}});
    Coalitions texts;
    texts.players = game.players();
    texts.count = samples > 0 ? samples : usualLimeSamples;
    texts.members.assign(texts.count * texts.players, 1);
    Random random(seed, "lime text");
    LocalSamples local;
    local.count = texts.count;
    local.players = texts.players;
    local.distances.push_back(0.0);
    std::vector<std::size_t> order(texts.players);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 1; i < texts.count; ++i) {
        const std::size_t leaving = 1 + static_cast<std::size_t>(random.below(texts.players));
        for (std::size_t k = 0; k < leaving; ++k) { // the first of a shuffle
            std::swap(order[k], order[k + static_cast<std::size_t>(random.below(texts.players - k))]);
            texts.members[i * texts.players + order[k]] = 0;
        }
        local.distances.push_back(textDistance(texts.players - leaving, texts.players));
    }
    const std::vector<double> values = game.valuesOfRow(0, texts, task);
    local.values.assign(texts.members.begin(), texts.members.end());
    local.outputs.resize(texts.count);
    TextLime lime;
    lime.samples = texts.count;
    const std::size_t outputs = game.outputs();
    lime.prediction.assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(outputs));
    SurrogateSpec spec;
    spec.width = textKernelWidth;
    for (std::size_t output = 0; output < outputs; ++output) {
        task.checkpoint();
        for (std::size_t i = 0; i < texts.count; ++i)
            local.outputs[i] = values[i * outputs + output];
        lime.fits.push_back(fitLocalSurrogate(local, spec, task));
    }
    return lime;
}

} // namespace limpid
