#include "core/model/LayerParts.h"

#include <algorithm>

namespace limpid {

namespace {

std::vector<ParamSpec> poolParams(std::size_t sides, bool largest)
{
    std::vector<ParamSpec> params{integersParam("kernel_size", 2, 1, 63, 2, 3, sides), integersParam("stride", 0, 0, 63, 2, 3, sides),
                                  integersParam("padding", 0, 0, 31, 0, 1, sides)};
    if (largest)
        params.push_back(integersParam("dilation", 1, 1, 63, 1, 2, sides));
    params.push_back(switchParam("ceil_mode", false));
    if (!largest)
        params.push_back(switchParam("count_include_pad", true));
    return params;
}

template<std::size_t Sides, bool Largest>
const std::vector<ParamSpec>& params()
{
    static const std::vector<ParamSpec> made = poolParams(Sides, Largest);
    return made;
}

template<std::size_t Sides, bool Largest>
TensorShape inferPool(Shapes inputs, const ParamValues& values, Issues& issues)
{
    const std::optional<Window> window = readWindow({params<Sides, Largest>(), values}, Sides, issues);
    if (!window || !requireImage(inputs, Sides, issues))
        return inputs[0];
    TensorShape output = floats({inputs[0].dims[0]});
    std::string needed = "N×channels";
    bool fits = true;
    for (std::size_t side = 0; side < Sides; ++side) {
        const std::int64_t kernel = window->kernel[side], padding = window->padding[side], dilation = window->dilation[side];
        if (2 * padding > kernel) { // PyTorch's rule: a window may not lie in the padding alone
            paramIssue(issues, "padding", padding, "≤ kernel_size / 2 = " + std::to_string(kernel / 2));
            return inputs[0];
        }
        // In a smaller image the values of a dilated window may all lie in the padding, and none is the largest.
        const std::int64_t least = std::max(dilation * (kernel - 1) + 1 - 2 * padding, padding > 0 ? dilation : std::int64_t{1});
        fits &= inputs[0].dims[side + 1] >= least;
        needed += "×≥" + std::to_string(least);
        output.dims.push_back(windowPlaces(inputs[0].dims[side + 1], *window, side));
    }
    if (!fits)
        shapeIssue(issues, inputs[0], needed);
    return output;
}

/// One comparison or addition a value of the window; where each largest value stood is kept beside it.
template<std::size_t Sides, bool Largest>
LayerCost costPool(Shapes, const TensorShape& output, const ParamValues& values)
{
    Issues ignored;
    const std::int64_t count = valueCount(output);
    return {0, count * product(readWindow({params<Sides, Largest>(), values}, Sides, ignored)->kernel), Largest ? 2 * count : count};
}

// ---- adaptive

template<std::size_t Sides>
const std::vector<ParamSpec>& adaptiveParams()
{
    static const std::vector<ParamSpec> made{integersParam("output_size", 1, 1, 1024, 1, 7, Sides)};
    return made;
}

template<std::size_t Sides>
TensorShape inferAdaptive(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (!requireImage(inputs, Sides, issues))
        return inputs[0];
    std::vector<std::int64_t> sizes = Settings{adaptiveParams<Sides>(), values}.integers("output_size");
    if (sizes.size() == 1)
        sizes.assign(Sides, sizes.front());
    sizes.insert(sizes.begin(), inputs[0].dims[0]);
    return floats(std::move(sizes));
}

/// Windows that share nothing read each value once; others are counted as if they did.
template<bool Largest>
LayerCost costAdaptive(Shapes inputs, const TensorShape& output, const ParamValues&)
{
    const std::int64_t count = valueCount(output);
    return {0, std::max(valueCount(inputs[0]), count), Largest ? 2 * count : count};
}

/// One value a channel.
TensorShape inferGlobal(Shapes inputs, const ParamValues&, Issues& issues)
{
    if (requireNumbers(inputs, issues) && inputs[0].dims.size() < 2)
        shapeIssue(issues, inputs[0], imageText(1));
    return floats({inputs[0].dims[0]});
}

template<std::size_t Sides, bool Largest>
LayerType pool(std::string name)
{
    return {std::move(name), "pooling", 1, 1, params<Sides, Largest>(), inferPool<Sides, Largest>, costPool<Sides, Largest>};
}

template<std::size_t Sides, bool Largest>
LayerType adaptive(std::string name)
{
    return {std::move(name), "pooling", 1, 1, adaptiveParams<Sides>(), inferAdaptive<Sides>, costAdaptive<Largest>};
}

} // namespace

std::vector<LayerType> poolingLayers()
{
    return {pool<1, true>("MaxPool1d"), pool<2, true>("MaxPool2d"), pool<3, true>("MaxPool3d"),
            pool<1, false>("AvgPool1d"), pool<2, false>("AvgPool2d"), pool<3, false>("AvgPool3d"),
            adaptive<1, true>("AdaptiveMaxPool1d"), adaptive<2, true>("AdaptiveMaxPool2d"),
            adaptive<1, false>("AdaptiveAvgPool1d"), adaptive<2, false>("AdaptiveAvgPool2d"),
            {"GlobalAvgPool", "pooling", 1, 1, {}, inferGlobal, costAdaptive<false>},
            {"GlobalMaxPool", "pooling", 1, 1, {}, inferGlobal, costAdaptive<true>}};
}

} // namespace limpid
