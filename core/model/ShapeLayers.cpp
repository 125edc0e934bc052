#include "core/model/LayerParts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

// ---- Flatten, Reshape, Permute: other shapes of the same values

TensorShape inferFlatten(Shapes inputs, const ParamValues&, Issues& issues)
{
    requireNumbers(inputs, issues);
    return floats({valueCount(inputs[0])});
}

const std::vector<ParamSpec>& reshapeParams()
{
    static const std::vector<ParamSpec> params{integersParam("shape", {1, -1, -1}, -1, 65'536, 1, 224, 4)};
    return params;
}

/// "1×?": the shape asked for, with `open` where a size is left open.
std::string askedText(const std::vector<std::int64_t>& dims, const char* open)
{
    std::string text;
    for (const std::int64_t dim : dims)
        text += (text.empty() ? "" : "×") + (dim >= 0 ? std::to_string(dim) : std::string(open));
    return text;
}

/// "2, -1"
std::string listText(const std::vector<std::int64_t>& numbers)
{
    std::string text;
    for (const std::int64_t number : numbers)
        text += (text.empty() ? "" : ", ") + std::to_string(number);
    return text;
}

/// One −1 is what is left; a last pair of −1 makes a square.
TensorShape inferReshape(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (!requireNumbers(inputs, issues))
        return inputs[0];
    std::vector<std::int64_t> dims = Settings{reshapeParams(), values}.integers("shape");
    const std::vector<std::int64_t> asked = dims;
    const auto open = std::count(dims.begin(), dims.end(), -1);
    const bool square = open == 2 && dims.size() > 2 && dims.back() == -1 && dims[dims.size() - 2] == -1;
    if (std::count(dims.begin(), dims.end(), 0) > 0 || (open > 1 && !square)) {
        paramIssue(issues, "shape", listText(asked), "-1, ≥ 1");
        return inputs[0];
    }
    std::vector<std::int64_t> closed = dims;
    std::replace(closed.begin(), closed.end(), std::int64_t{-1}, std::int64_t{1});
    const std::int64_t known = product(closed);
    const std::int64_t count = valueCount(inputs[0]);
    const std::int64_t rest = square ? std::llround(std::sqrt(static_cast<double>(count / known))) : count / known;
    std::replace(dims.begin(), dims.end(), std::int64_t{-1}, rest);
    if (rest == 0 || product(dims) != count) {
        shapeIssue(issues, inputs[0], "N×features, features = " + askedText(asked, square ? "n" : "?"));
        return inputs[0];
    }
    return floats(std::move(dims));
}

const std::vector<ParamSpec>& permuteParams()
{
    static const std::vector<ParamSpec> params{integersParam("dims", {2, 1}, 1, 4, 1, 4, 4)};
    return params;
}

/// As torch.permute counts, the batch (0) staying where it is.
TensorShape inferPermute(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (!requireNumbers(inputs, issues))
        return inputs[0];
    const std::vector<std::int64_t> dims = Settings{permuteParams(), values}.integers("dims");
    std::vector<std::int64_t> sorted = dims, output;
    std::sort(sorted.begin(), sorted.end());
    bool fits = dims.size() == inputs[0].dims.size();
    for (std::size_t i = 0; fits && i < sorted.size(); ++i)
        fits = sorted[i] == static_cast<std::int64_t>(i) + 1;
    if (!fits) {
        std::vector<std::int64_t> expected(inputs[0].dims.size());
        std::iota(expected.begin(), expected.end(), 1);
        paramIssue(issues, "dims", listText(dims), listText(expected));
        return inputs[0];
    }
    for (const std::int64_t dim : dims)
        output.push_back(inputs[0].dims[static_cast<std::size_t>(dim - 1)]);
    return floats(std::move(output));
}

// ---- Concat, Add, Multiply: several into one

const std::vector<ParamSpec>& concatParams()
{
    static const std::vector<ParamSpec> params{integerParam("dim", 1, -4, 4, -1, 1)};
    return params;
}

/// Rows side by side, images of one size channel after channel; `dim` as torch.cat counts it, the batch being 0.
TensorShape inferConcat(Shapes inputs, const ParamValues& values, Issues& issues)
{
    TensorShape output = inputs[0];
    if (!requireNumbers(inputs, issues))
        return output;
    const std::int64_t rank = std::ssize(output.dims), asked = Settings{concatParams(), values}.integer("dim");
    const std::int64_t dim = asked < 0 ? asked + rank + 1 : asked;
    if (dim < 1 || dim > rank) {
        paramIssue(issues, "dim", asked, "-" + std::to_string(rank) + " … -1, 1 … " + std::to_string(rank));
        return output;
    }
    const auto along = static_cast<std::size_t>(dim - 1);
    for (const TensorShape& input : inputs.subspan(1)) {
        TensorShape wanted = output;
        if (input.dims.size() == wanted.dims.size())
            wanted.dims[along] = input.dims[along];
        if (input != wanted) {
            std::string expected = "N";
            for (std::size_t i = 0; i < output.dims.size(); ++i)
                expected += i != along ? "×" + std::to_string(output.dims[i]) : rank == 1 ? "×features" : i == 0 ? "×channels" : "×any";
            shapeIssue(issues, input, expected);
            break;
        }
        output.dims[along] += input.dims[along];
    }
    return output;
}

/// The same shapes, or with sizes of 1 where the others' are repeated, as torch broadcasts.
TensorShape inferSum(Shapes inputs, const ParamValues&, Issues& issues)
{
    TensorShape output = inputs[0];
    if (!requireNumbers(inputs, issues))
        return output;
    for (const TensorShape& input : inputs.subspan(1)) {
        bool fits = input.dims.size() == output.dims.size();
        for (std::size_t i = 0; fits && i < output.dims.size(); ++i) {
            fits = input.dims[i] == output.dims[i] || input.dims[i] == 1 || output.dims[i] == 1;
            output.dims[i] = std::max(output.dims[i], input.dims[i]);
        }
        if (!fits) {
            shapeIssue(issues, input, shapeText(inputs[0]));
            return inputs[0];
        }
    }
    return output;
}

LayerCost costSum(Shapes inputs, const TensorShape& output, const ParamValues&)
{
    return {0, (std::ssize(inputs) - 1) * valueCount(output), valueCount(output)};
}

// ---- Upsample, ZeroPad2d: larger images

const std::vector<ParamSpec>& upsampleParams()
{
    static const std::vector<ParamSpec> params{integersParam("scale_factor", 2, 1, 16, 2, 4, 2), choiceParam("mode", {"nearest", "bilinear"})};
    return params;
}

TensorShape inferUpsample(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (!requireImage(inputs, 2, issues))
        return inputs[0];
    const std::vector<std::int64_t> scale = Settings{upsampleParams(), values}.integers("scale_factor");
    return floats({inputs[0].dims[0], inputs[0].dims[1] * scale.front(), inputs[0].dims[2] * scale.back()});
}

LayerCost costUpsample(Shapes, const TensorShape& output, const ParamValues& values)
{
    const bool bilinear = Settings{upsampleParams(), values}.choice("mode") == "bilinear";
    return {0, (bilinear ? 7 : 1) * valueCount(output), valueCount(output)};
}

const std::vector<ParamSpec>& padParams()
{
    static const std::vector<ParamSpec> params{integersParam("padding", 1, 0, 63, 1, 3, 4)};
    return params;
}

/// One number for all sides, or left, right, top and bottom.
TensorShape inferPad(Shapes inputs, const ParamValues& values, Issues& issues)
{
    std::vector<std::int64_t> sides = Settings{padParams(), values}.integers("padding");
    if (sides.size() == 1)
        sides.assign(4, sides.front());
    if (sides.size() != 4)
        paramIssue(issues, "padding", std::ssize(sides), "1, 4 integers");
    else if (requireImage(inputs, 2, issues))
        return floats({inputs[0].dims[0], inputs[0].dims[1] + sides[2] + sides[3], inputs[0].dims[2] + sides[0] + sides[1]});
    return inputs[0];
}

} // namespace

std::vector<LayerType> shapeLayers()
{
    return {{"Flatten", "shape", 1, 1, {}, inferFlatten, costNothing},
            {"Reshape", "shape", 1, 1, reshapeParams(), inferReshape, costNothing},
            {"Permute", "shape", 1, 1, permuteParams(), inferPermute, costOfOutput},
            {"Concat", "shape", 1, -1, concatParams(), inferConcat, costOfOutput},
            {"Add", "shape", 2, -1, {}, inferSum, costSum},
            {"Multiply", "shape", 2, -1, {}, inferSum, costSum},
            {"Upsample", "shape", 1, 1, upsampleParams(), inferUpsample, costUpsample},
            {"ZeroPad2d", "shape", 1, 1, padParams(), inferPad, costOfOutput},
            {"Identity", "shape", 1, 1, {}, inferSame, costNothing}};
}

} // namespace limpid
