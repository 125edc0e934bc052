#include "core/explain/Attribution.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

/// Between which two of `count` places pixel `index` of `pixels` lies, and how far from the first.
struct Between {
    std::size_t first = 0, second = 0;
    double share = 0.0;
};

Between placeOf(std::size_t index, std::size_t pixels, std::size_t count, Upsampling upsampling)
{
    if (upsampling == Upsampling::Nearest)
        return {index * count / pixels, index * count / pixels, 0.0};
    const double at = (static_cast<double>(index) + 0.5) * static_cast<double>(count) / static_cast<double>(pixels) - 0.5;
    const double inside = std::clamp(at, 0.0, static_cast<double>(count - 1));
    const auto first = static_cast<std::size_t>(inside);
    return {first, std::min(first + 1, count - 1), inside - std::floor(inside)};
}

} // namespace

std::vector<double> resized(const double* map, std::size_t height, std::size_t width, std::size_t toHeight, std::size_t toWidth, Upsampling upsampling)
{
    std::vector<double> made(toHeight * toWidth);
    for (std::size_t y = 0; y < toHeight; ++y) {
        const Between down = placeOf(y, toHeight, height, upsampling);
        for (std::size_t x = 0; x < toWidth; ++x) {
            const Between along = placeOf(x, toWidth, width, upsampling);
            const auto line = [&](std::size_t row) {
                return (1.0 - along.share) * map[row * width + along.first] + along.share * map[row * width + along.second];
            };
            made[y * toWidth + x] = (1.0 - down.share) * line(down.first) + down.share * line(down.second);
        }
    }
    return made;
}

Attributions gradCam(const AttributionSetting& setting, const std::string& layer, Upsampling upsampling, bool isSigned, Task& task)
{
    Attributions result = emptyAttributions(setting);
    const ImageShape image = *setting.predictor.image();
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    const std::size_t pixels = image.height * image.width, outputs = setting.outputs(), width = setting.rows.width, count = setting.players();
    // An ensemble's points are its members' side by side: the first member's are the picture.
    const std::size_t values = std::min(width, image.channels * pixels);
    const ActivationMaps found = setting.predictor.activationMaps(setting.rows, layer, setting.space, task);
    for (std::size_t cell = 0; cell < setting.rows.rows * outputs; ++cell) {
        std::vector<double> map = resized(found.maps.data() + cell * found.height * found.width, found.height, found.width, image.height, image.width, upsampling);
        for (std::size_t k = 0; k < values; ++k) {
            const double value = map[k % pixels];
            result.values[cell * count + players[k]] = isSigned ? value : std::max(0.0, value);
        }
    }
    result.predictions = found.outputs;
    result.base = meanOutputs(setting, task);
    result.evaluations = 1;
    return result;
}

Attributions guidedGradCam(const AttributionSetting& setting, const std::string& layer, Upsampling upsampling, Task& task)
{
    Attributions result = backpropagation(setting, BackwardRule::Guided, task);
    const Attributions seen = gradCam(setting, layer, upsampling, false, task);
    for (std::size_t i = 0; i < result.values.size(); ++i)
        result.values[i] *= seen.values[i];
    result.evaluations += seen.evaluations;
    return result;
}

} // namespace limpid
