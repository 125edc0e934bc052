#include "core/model/LayerParts.h"

#include <algorithm>

namespace limpid {

namespace {

std::vector<ParamSpec> convParams(std::size_t sides, bool transposed)
{
    std::vector<ParamSpec> params{
        integerParam("out_channels", 16, 1, 4096, 8, 256),
        integersParam("kernel_size", 3, 1, 63, 1, 7, sides),
        integersParam("stride", 1, 1, 63, 1, 2, sides),
        integersParam("padding", 0, 0, 63, 0, 3, sides)};
    if (transposed)
        params.push_back(integersParam("output_padding", 0, 0, 62, 0, 1, sides));
    params.push_back(integersParam("dilation", 1, 1, 63, 1, 2, sides));
    params.push_back(integerParam("groups", 1, 1, 4096, 1, 32));
    params.push_back(switchParam("bias", true));
    return withWeights(std::move(params));
}

template<std::size_t Sides>
const std::vector<ParamSpec>& params()
{
    static const std::vector<ParamSpec> made = convParams(Sides, false);
    return made;
}

const std::vector<ParamSpec>& transposedParams()
{
    static const std::vector<ParamSpec> made = convParams(2, true);
    return made;
}

/// Channels in and out must both be shared out to the groups evenly.
void requireGroups(const Settings& settings, std::int64_t in, Issues& issues)
{
    const std::int64_t groups = settings.integer("groups"), out = settings.integer("out_channels");
    if (in % groups != 0 || out % groups != 0)
        paramIssue(issues, "groups", groups, std::to_string(in) + " mod groups = 0, " + std::to_string(out) + " mod groups = 0");
}

/// How often the kernel's values of one output channel are multiplied with the input.
std::int64_t taps(const Settings& settings, std::int64_t channels, std::size_t sides)
{
    Issues ignored;
    return channels / settings.integer("groups") * product(readWindow(settings, sides, ignored)->kernel);
}

template<std::size_t Sides>
TensorShape inferConv(Shapes inputs, const ParamValues& values, Issues& issues)
{
    const Settings settings{params<Sides>(), values};
    if (!requireImage(inputs, Sides, issues))
        return inputs[0];
    requireGroups(settings, inputs[0].dims[0], issues);
    const std::optional<Window> window = readWindow(settings, Sides, issues);
    if (!window)
        return inputs[0];
    TensorShape output = floats({settings.integer("out_channels")});
    std::string needed = "N×channels";
    bool fits = true;
    for (std::size_t side = 0; side < Sides; ++side) {
        const std::int64_t least = std::max<std::int64_t>(1, window->dilation[side] * (window->kernel[side] - 1) + 1 - 2 * window->padding[side]);
        fits &= inputs[0].dims[side + 1] >= least;
        needed += "×≥" + std::to_string(least);
        output.dims.push_back(windowPlaces(inputs[0].dims[side + 1], *window, side));
    }
    if (!fits)
        shapeIssue(issues, inputs[0], needed);
    return output;
}

template<std::size_t Sides>
LayerCost costConv(Shapes inputs, const TensorShape& output, const ParamValues& values)
{
    const Settings settings{params<Sides>(), values};
    const std::int64_t count = valueCount(output);
    return {0, count * (2 * taps(settings, inputs[0].dims[0], Sides) + (settings.flag("bias") ? 1 : 0)), count};
}

template<std::size_t Sides>
std::vector<TensorSpec> convTensors(Shapes inputs, const TensorShape& output, const ParamValues& values)
{
    const Settings settings{params<Sides>(), values};
    Issues ignored;
    const std::vector<std::int64_t> kernel = readWindow(settings, Sides, ignored)->kernel;
    std::vector<std::int64_t> shape{output.dims[0], inputs[0].dims[0] / settings.integer("groups")};
    shape.insert(shape.end(), kernel.begin(), kernel.end());
    const Initial initial = uniformByFanIn(taps(settings, inputs[0].dims[0], Sides));
    std::vector<TensorSpec> tensors{weightTensor("weight", shape, initial)};
    if (settings.flag("bias"))
        tensors.push_back(biasTensor("bias", output.dims[0], initial));
    return tensors;
}

// ---- ConvTranspose2d

TensorShape inferTransposed(Shapes inputs, const ParamValues& values, Issues& issues)
{
    const Settings settings{transposedParams(), values};
    if (!requireImage(inputs, 2, issues))
        return inputs[0];
    requireGroups(settings, inputs[0].dims[0], issues);
    const std::optional<Window> window = readWindow(settings, 2, issues);
    if (!window)
        return inputs[0];
    TensorShape output = floats({settings.integer("out_channels")});
    for (std::size_t side = 0; side < 2; ++side) {
        const std::int64_t more = window->outputPadding[side], least = std::max(window->stride[side], window->dilation[side]);
        if (more >= least)
            paramIssue(issues, "output_padding", more, "< stride, < dilation: < " + std::to_string(least));
        const std::int64_t size = (inputs[0].dims[side + 1] - 1) * window->stride[side] - 2 * window->padding[side]
                                  + window->dilation[side] * (window->kernel[side] - 1) + more + 1;
        if (size < 1) {
            paramIssue(issues, "padding", window->padding[side], "N×channels×≥1×≥1");
            return inputs[0];
        }
        output.dims.push_back(size);
    }
    return output;
}

LayerCost costTransposed(Shapes inputs, const TensorShape& output, const ParamValues& values)
{
    const Settings settings{transposedParams(), values};
    const std::int64_t count = valueCount(output);
    // Each value of the input is multiplied with each tap of each output channel of its group.
    return {0, 2 * valueCount(inputs[0]) * taps(settings, output.dims[0], 2) + (settings.flag("bias") ? count : 0), count};
}

std::vector<TensorSpec> transposedTensors(Shapes inputs, const TensorShape& output, const ParamValues& values)
{
    const Settings settings{transposedParams(), values};
    Issues ignored;
    const std::vector<std::int64_t> kernel = readWindow(settings, 2, ignored)->kernel;
    const std::int64_t outEach = output.dims[0] / settings.integer("groups");
    // PyTorch counts the second dimension as the fan-in, whichever way the values go.
    const Initial initial = uniformByFanIn(outEach * kernel[0] * kernel[1]);
    std::vector<TensorSpec> tensors{weightTensor("weight", {inputs[0].dims[0], outEach, kernel[0], kernel[1]}, initial)};
    if (settings.flag("bias"))
        tensors.push_back(biasTensor("bias", output.dims[0], initial));
    return tensors;
}

template<std::size_t Sides>
LayerType conv(std::string name)
{
    return {std::move(name), "convolution", 1, 1, params<Sides>(), inferConv<Sides>, costConv<Sides>, convTensors<Sides>};
}

} // namespace

std::vector<LayerType> convolutionLayers()
{
    return {conv<1>("Conv1d"), conv<2>("Conv2d"), conv<3>("Conv3d"),
            {"ConvTranspose2d", "convolution", 1, 1, transposedParams(), inferTransposed, costTransposed, transposedTensors}};
}

} // namespace limpid
