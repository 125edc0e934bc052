#include "core/engine/LayerSummary.h"

#include "core/engine/ForwardPlan.h"
#include "core/engine/Network.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

namespace {

constexpr std::int64_t longestSide = 64;

void count(LayerSummary& summary, std::span<const float> values)
{
    double sum = 0.0, squares = 0.0;
    std::size_t zeros = 0;
    bool first = true;
    for (const float value : values) {
        if (!std::isfinite(value)) {
            ++summary.notFinite;
            continue;
        }
        summary.low = first ? value : std::min<double>(summary.low, value);
        summary.high = first ? value : std::max<double>(summary.high, value);
        first = false;
        sum += value;
        squares += static_cast<double>(value) * value;
        zeros += value == 0.0f ? 1 : 0;
    }
    summary.values = values.size() - summary.notFinite;
    if (summary.values == 0)
        return;
    const auto all = static_cast<double>(summary.values);
    summary.mean = sum / all;
    summary.deviation = std::sqrt(std::max(0.0, squares / all - summary.mean * summary.mean));
    summary.zeros = static_cast<double>(zeros) / all;
    if (summary.high <= summary.low)
        return;
    summary.histogram.assign(LayerSummary::bins, 0);
    const double scale = static_cast<double>(LayerSummary::bins) / (summary.high - summary.low);
    for (const float value : values)
        if (std::isfinite(value))
            ++summary.histogram[std::min(LayerSummary::bins - 1, static_cast<std::size_t>((value - summary.low) * scale))];
}

/// Larger images are made smaller by the mean of squares of pixels.
void takeImage(LayerSummary& summary, const float* row)
{
    if (summary.dims.size() != 3)
        return;
    const std::int64_t height = summary.dims[1], width = summary.dims[2];
    if (height < 2 || width < 2)
        return;
    const std::int64_t side = (std::max(height, width) + longestSide - 1) / longestSide;
    const std::int64_t rows = (height + side - 1) / side, columns = (width + side - 1) / side;
    summary.imageHeight = static_cast<std::size_t>(rows);
    summary.imageWidth = static_cast<std::size_t>(columns);
    summary.image.reserve(summary.imageHeight * summary.imageWidth);
    for (std::int64_t y = 0; y < rows; ++y)
        for (std::int64_t x = 0; x < columns; ++x) {
            const std::int64_t bottom = std::min(height, (y + 1) * side), right = std::min(width, (x + 1) * side);
            float sum = 0.0f;
            for (std::int64_t i = y * side; i < bottom; ++i)
                for (std::int64_t j = x * side; j < right; ++j)
                    sum += row[i * width + j];
            summary.image.push_back(sum / static_cast<float>((bottom - y * side) * (right - x * side)));
        }
}

} // namespace

std::vector<LayerSummary> summariseLayers(const Network& network, const Features& rows, const Task& task)
{
    const ForwardPlan plan(network, ForwardPlan::Buffers::Apart);
    ForwardPlan::Workspace workspace(plan, rows.rows);
    plan.run({static_cast<std::int64_t>(rows.rows), rows.numbers.data(), rows.categories.data()}, workspace);
    std::vector<LayerSummary> summaries;
    for (std::size_t i = 0; i < network.layers().size(); ++i) {
        const Layer& layer = network.layers()[i];
        if (layer.kind == LayerKind::InputCategories || layer.kind == LayerKind::InputText)
            continue;
        task.checkpoint();
        const float* values = layer.kind == LayerKind::InputNumbers ? rows.numbers.data() : workspace.buffer(i);
        LayerSummary summary;
        summary.id = layer.id;
        summary.dims = layer.dims;
        count(summary, {values, rows.rows * static_cast<std::size_t>(layer.width)});
        if (rows.rows > 0)
            takeImage(summary, values);
        summaries.push_back(std::move(summary));
    }
    return summaries;
}

} // namespace limpid::engine
