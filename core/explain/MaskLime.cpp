#include "core/explain/MaskLime.h"

#include "core/base/Error.h"
#include "core/base/Random.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace limpid {

namespace {

constexpr std::size_t masksAtOnce = 128; // bounds memory, and how long a cancel waits

[[noreturn]] void throwSamples(std::size_t samples, const std::string& expected)
{
    throw Error(ErrorCode::OptionInvalid, {{"name", "budget"}, {"value", std::to_string(samples)}, {"expected", expected}});
}

std::size_t samplesOf(const ImageLimeSpec& spec) { return spec.samples > 0 ? spec.samples : imageLimeSamples; }

/// [masks, outputs] of the game's only row.
std::vector<double> answersOf(const Game& game, const Coalitions& masks, Task& task)
{
    std::vector<double> answers;
    answers.reserve(masks.count * game.outputs());
    for (std::size_t begin = 0; begin < masks.count; begin += masksAtOnce) {
        task.checkpoint();
        const std::size_t end = std::min(begin + masksAtOnce, masks.count);
        const Coalitions some{end - begin, masks.players,
                              {masks.members.begin() + static_cast<std::ptrdiff_t>(begin * masks.players), masks.members.begin() + static_cast<std::ptrdiff_t>(end * masks.players)}};
        const std::vector<double> found = game.valuesOfRow(0, some, task);
        answers.insert(answers.end(), found.begin(), found.end());
        task.report(static_cast<double>(end) / static_cast<double>(masks.count), "explain");
    }
    return answers;
}

} // namespace

double maskDistance(std::size_t kept, std::size_t players)
{
    return 1.0 - std::sqrt(static_cast<double>(kept) / static_cast<double>(players));
}

MaskLime limeOfMasks(const Game& game, const Coalitions& masks, std::vector<double> distances, const SurrogateSpec& spec, Task& task)
{
    if (masks.count < 2)
        throwSamples(masks.count, "2 or more, or 0");
    const std::vector<double> values = answersOf(game, masks, task);
    std::vector<std::size_t> varying;
    for (std::size_t player = 0; player < masks.players; ++player) {
        if (game.varies(0, player))
            varying.push_back(player);
    }
    LocalSamples local;
    local.count = masks.count;
    local.players = varying.size();
    local.distances = std::move(distances);
    local.values.reserve(masks.count * varying.size());
    for (std::size_t i = 0; i < masks.count; ++i) {
        for (const std::size_t player : varying)
            local.values.push_back(masks.row(i)[player]);
    }
    MaskLime lime;
    lime.samples = masks.count;
    const std::size_t outputs = game.outputs();
    lime.prediction.assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(outputs));
    local.outputs.resize(masks.count);
    for (std::size_t output = 0; output < outputs; ++output) {
        task.checkpoint();
        for (std::size_t i = 0; i < masks.count; ++i)
            local.outputs[i] = values[i * outputs + output];
        LocalSurrogate fit = fitLocalSurrogate(local, spec, task);
        for (std::size_t& player : fit.players)
            player = varying[player];
        lime.fits.push_back(std::move(fit));
    }
    return lime;
}

void checkImageLime(const ImageLimeSpec& spec, std::size_t players)
{
    constexpr std::size_t fewest = 50, cells = std::size_t{1} << 25; // samples × players that are held at once
    const std::size_t most = std::max(fewest, cells / std::max<std::size_t>(1, players)), samples = samplesOf(spec);
    if (samples < fewest || samples > most)
        throwSamples(samples, std::to_string(fewest) + " … " + std::to_string(most));
}

MaskLime limeOfPicture(const Game& game, const ImageLimeSpec& spec, std::size_t number, Task& task)
{
    checkImageLime(spec, game.players());
    Coalitions masks{samplesOf(spec), game.players(), {}};
    masks.members.assign(masks.count * masks.players, 1);
    std::vector<double> distances(1, 0.0);
    Random random(spec.seed, "lime picture/" + std::to_string(number));
    for (std::size_t i = 1; i < masks.count; ++i) {
        std::size_t kept = 0;
        for (std::size_t player = 0; player < masks.players; ++player) {
            const bool isThere = random.uniform() < 0.5;
            masks.members[i * masks.players + player] = isThere ? 1 : 0;
            kept += isThere ? 1 : 0;
        }
        distances.push_back(maskDistance(kept, masks.players));
    }
    SurrogateSpec surrogate;
    surrogate.width = imageKernelWidth;
    surrogate.selection = spec.features > 0 ? SurrogateSelection::Auto : SurrogateSelection::None;
    surrogate.features = std::max<std::size_t>(1, spec.features);
    return limeOfMasks(game, masks, std::move(distances), surrogate, task);
}

} // namespace limpid
