#include "tests/core/engine/RandomParams.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace limpid::test {

namespace {

using Json = nlohmann::json;
using Sizes = std::vector<std::int64_t>;

std::int64_t divisor(std::int64_t count, Random& random)
{
    std::vector<std::int64_t> divisors;
    for (std::int64_t k = 1; k <= count; ++k)
        if (count % k == 0)
            divisors.push_back(k);
    return pickFrom(random, divisors);
}

/// One number for all sides where they are the same, now and then; else the list.
Json sideList(const Sizes& sides, Random& random)
{
    const bool same = std::all_of(sides.begin(), sides.end(), [&](std::int64_t side) { return side == sides.front(); });
    return same && chance(random, 0.7) ? Json(sides.front()) : Json(sides);
}

/// Leaves away what is the default, now and then, so that defaults are met as well.
void set(ParamValues& params, const char* name, Json value, const Json& usual, Random& random)
{
    if (value != usual || chance(random, 0.3))
        params[name] = std::move(value);
}

/// Kernel, stride, padding and dilation of each side of a convolution or a pool.
struct Sides {
    Sizes kernel, stride, padding, dilation;
};

Sides convolutionSides(const TensorShape& input, Random& random)
{
    Sides sides;
    const bool square = chance(random, 0.5);
    const std::int64_t least = *std::min_element(input.dims.begin() + 1, input.dims.end());
    for (std::size_t side = 1; side < input.dims.size(); ++side) {
        if (square && side > 1) {
            for (Sizes* list : {&sides.kernel, &sides.stride, &sides.padding, &sides.dilation})
                list->push_back(list->front());
            continue;
        }
        const std::int64_t size = square ? least : input.dims[side], padding = chance(random, 0.5) ? 0 : pick(random, 0, 2);
        const std::int64_t dilation = chance(random, 0.7) ? 1 : pick(random, 2, 3);
        const std::int64_t longest = (size + 2 * padding - 1) / dilation + 1;
        sides.kernel.push_back(pick(random, 1, std::min<std::int64_t>(4, longest)));
        sides.stride.push_back(chance(random, 0.6) ? 1 : pick(random, 2, 3));
        sides.padding.push_back(padding);
        sides.dilation.push_back(dilation);
    }
    return sides;
}

ParamValues convolution(const TensorShape& input, Random& random)
{
    ParamValues params = ParamValues::object();
    const std::int64_t in = input.dims[0], groups = chance(random, 0.6) ? 1 : divisor(in, random);
    params["out_channels"] = groups * pick(random, 1, groups > 2 ? 2 : 4);
    const Sides sides = convolutionSides(input, random);
    set(params, "kernel_size", sideList(sides.kernel, random), 3, random);
    set(params, "stride", sideList(sides.stride, random), 1, random);
    set(params, "padding", sideList(sides.padding, random), 0, random);
    set(params, "dilation", sideList(sides.dilation, random), 1, random);
    set(params, "groups", groups, 1, random);
    set(params, "bias", chance(random, 0.7), true, random);
    return params;
}

ParamValues transposed(const TensorShape& input, Random& random)
{
    ParamValues params = ParamValues::object();
    const std::int64_t groups = chance(random, 0.6) ? 1 : divisor(input.dims[0], random);
    params["out_channels"] = groups * pick(random, 1, 2);
    Sizes kernel, stride, padding, more, dilation;
    for (int side = 1; side <= 2; ++side) {
        kernel.push_back(pick(random, 1, 4));
        stride.push_back(pick(random, 1, 3));
        dilation.push_back(chance(random, 0.7) ? 1 : 2);
        more.push_back(pick(random, 0, std::max(stride.back(), dilation.back()) - 1));
        // What is cut away at both ends leaves one pixel at least.
        const std::int64_t whole = (input.dims[static_cast<std::size_t>(side)] - 1) * stride.back() + dilation.back() * (kernel.back() - 1) + more.back() + 1;
        padding.push_back(pick(random, 0, std::min<std::int64_t>(2, (whole - 1) / 2)));
    }
    set(params, "kernel_size", sideList(kernel, random), 3, random);
    set(params, "stride", sideList(stride, random), 1, random);
    set(params, "padding", sideList(padding, random), 0, random);
    set(params, "output_padding", sideList(more, random), 0, random);
    set(params, "dilation", sideList(dilation, random), 1, random);
    set(params, "groups", groups, 1, random);
    set(params, "bias", chance(random, 0.7), true, random);
    return params;
}

ParamValues pool(const TensorShape& input, bool largest, Random& random)
{
    ParamValues params = ParamValues::object();
    Sizes kernel, stride, padding, dilation;
    const bool ownStride = chance(random, 0.5);
    for (std::size_t side = 1; side < input.dims.size(); ++side) {
        const std::int64_t size = input.dims[side];
        dilation.push_back(!largest || chance(random, 0.7) ? 1 : std::min(size, pick(random, 2, 3)));
        kernel.push_back(pick(random, 1, std::min<std::int64_t>(4, (size - 1) / dilation.back() + 1)));
        padding.push_back(pick(random, 0, kernel.back() / 2));
        stride.push_back(ownStride ? pick(random, 1, 3) : 0);
    }
    set(params, "kernel_size", sideList(kernel, random), 2, random);
    set(params, "stride", sideList(stride, random), 0, random);
    set(params, "padding", sideList(padding, random), 0, random);
    if (largest)
        set(params, "dilation", sideList(dilation, random), 1, random);
    set(params, "ceil_mode", chance(random, 0.3), false, random);
    if (!largest)
        set(params, "count_include_pad", chance(random, 0.6), true, random);
    return params;
}

ParamValues recurrent(const std::string& type, bool dropout, Random& random)
{
    ParamValues params{{"hidden_size", pick(random, 1, 5)}};
    const std::int64_t layers = pick(random, 1, 3);
    set(params, "num_layers", layers, 1, random);
    if (type == "RNN")
        set(params, "nonlinearity", chance(random, 0.6) ? "tanh" : "relu", "tanh", random);
    set(params, "bias", chance(random, 0.7), true, random);
    set(params, "dropout", dropout && layers > 1 && chance(random, 0.4) ? 0.25 : 0.0, 0.0, random);
    set(params, "bidirectional", chance(random, 0.4), false, random);
    set(params, "output", chance(random, 0.5) ? "sequence" : "last", "sequence", random);
    return params;
}

ParamValues encoder(const TensorShape& input, bool dropout, Random& random)
{
    ParamValues params{{"nhead", divisor(input.dims[1], random)}, {"dim_feedforward", pick(random, 1, 12)}, {"dropout", dropout ? 0.1 : 0.0}};
    set(params, "activation", chance(random, 0.5) ? "relu" : "gelu", "relu", random);
    set(params, "layer_norm_eps", chance(random, 0.5) ? 1e-5 : 1e-3, 1e-5, random);
    set(params, "norm_first", chance(random, 0.5), false, random);
    return params;
}

/// One −1 in the place of a size, or two for a square at the end.
Json openSizes(Sizes sizes, Random& random)
{
    const std::size_t rank = sizes.size();
    if (rank > 2 && sizes[rank - 1] == sizes[rank - 2] && chance(random, 0.5))
        sizes[rank - 1] = sizes[rank - 2] = -1;
    else if (chance(random, 0.6))
        sizes[random.below(rank)] = -1;
    return rank == 1 && chance(random, 0.5) ? Json(sizes.front()) : Json(sizes);
}

ParamValues shaping(const std::string& type, const TensorShape& input, Random& random)
{
    ParamValues params = ParamValues::object();
    const std::int64_t rank = std::ssize(input.dims);
    if (type == "Reshape") {
        params["shape"] = openSizes(randomSizes(valueCount(input), static_cast<int>(pick(random, 1, 4)), random), random);
    } else if (type == "Permute") {
        Sizes dims(input.dims.size());
        std::iota(dims.begin(), dims.end(), 1);
        random.shuffle(dims);
        params["dims"] = dims;
    } else if (type == "Concat") {
        const std::int64_t dim = pick(random, 1, rank);
        set(params, "dim", chance(random, 0.5) ? dim : dim - rank - 1, 1, random);
    } else if (type == "Upsample") {
        set(params, "scale_factor", sideList({pick(random, 1, 3), pick(random, 1, 3)}, random), 2, random);
        set(params, "mode", chance(random, 0.5) ? "nearest" : "bilinear", "nearest", random);
    } else if (type == "ZeroPad2d") {
        if (chance(random, 0.5))
            set(params, "padding", pick(random, 0, 2), 1, random);
        else
            params["padding"] = {pick(random, 0, 2), pick(random, 0, 2), pick(random, 0, 2), pick(random, 0, 2)};
    }
    return params;
}

ParamValues own(const std::string& type, const TensorShape& input, bool dropout, Random& random)
{
    ParamValues params = ParamValues::object();
    const auto real = [&](const char* name, double low, double high) { params[name] = low + (high - low) * random.uniform(); };
    const std::int64_t rank = std::ssize(input.dims);
    if (type.starts_with("ConvTranspose"))
        return transposed(input, random);
    if (type.starts_with("Conv") && type != "Concat")
        return convolution(input, random);
    if (type.starts_with("MaxPool") || type.starts_with("AvgPool"))
        return pool(input, type.starts_with("Max"), random);
    if (type == "RNN" || type == "LSTM" || type == "GRU")
        return recurrent(type, dropout, random);
    if (type == "TransformerEncoderLayer")
        return encoder(input, dropout, random);
    if (type == "Linear" || type == "Bilinear") {
        params["out_features"] = pick(random, 1, 9);
        set(params, "bias", chance(random, 0.7), true, random);
    } else if (type == "Embedding" || type == "EmbeddingBag") {
        set(params, "embedding_dim", chance(random, 0.3) ? 0 : pick(random, 1, 6), 0, random);
        if (type == "EmbeddingBag")
            set(params, "mode", pickFrom<std::string>(random, {"mean", "sum", "max"}), "mean", random);
    } else if (type.starts_with("Adaptive")) {
        Sizes sizes;
        for (std::int64_t side = 1; side < rank; ++side)
            sizes.push_back(pick(random, 1, 5));
        set(params, "output_size", sideList(sizes, random), 1, random);
    } else if (type == "MultiheadAttention") {
        params = {{"num_heads", divisor(input.dims[1], random)}, {"bias", chance(random, 0.7)}};
        set(params, "dropout", dropout && chance(random, 0.3) ? 0.2 : 0.0, 0.0, random);
    } else if (type == "PositionalEncoding") {
        set(params, "kind", chance(random, 0.5) ? "sinusoidal" : "learned", "sinusoidal", random);
        set(params, "dropout", dropout && chance(random, 0.3) ? 0.2 : 0.0, 0.0, random);
    } else if (type == "PReLU") {
        set(params, "num_parameters", chance(random, 0.5) ? 1 : input.dims[0], 1, random);
        if (chance(random, 0.5))
            real("init", 0.0, 1.0);
    } else if (type == "LeakyReLU") {
        real("negative_slope", 0.0, 1.0);
    } else if (type == "ELU") {
        real("alpha", 0.1, 2.0);
    } else if (type == "GELU") {
        set(params, "approximate", chance(random, 0.5) ? "none" : "tanh", "none", random);
    } else if (type == "Softplus") {
        real("beta", 0.2, 3.0);
        real("threshold", 5.0, 25.0);
    } else if (type == "Softmax" || type == "LogSoftmax") {
        const std::int64_t dim = pick(random, 1, rank);
        set(params, "dim", chance(random, 0.5) ? dim : dim - rank - 1, -1, random);
    } else if (type.starts_with("BatchNorm")) {
        set(params, "eps", chance(random, 0.7) ? 1e-5 : 1e-2, 1e-5, random);
        set(params, "momentum", chance(random, 0.5) ? 0.1 : 0.3, 0.1, random);
        set(params, "affine", chance(random, 0.7), true, random);
    } else if (type == "LayerNorm") {
        set(params, "normalized_dims", pick(random, 1, rank), 1, random);
        set(params, "elementwise_affine", chance(random, 0.7), true, random);
    } else if (type == "GroupNorm") {
        set(params, "num_groups", divisor(input.dims[0], random), 1, random);
        set(params, "affine", chance(random, 0.7), true, random);
    } else if (type == "InstanceNorm2d") {
        set(params, "affine", chance(random, 0.5), false, random);
    } else if (type.ends_with("Dropout") || type == "Dropout2d") {
        params["p"] = dropout ? 0.9 * random.uniform() : 0.0;
    } else {
        return shaping(type, input, random);
    }
    return params;
}

} // namespace

int rankFor(const std::string& type, Random& random)
{
    static const std::map<std::string_view, int> ranks{
        {"Bilinear", 1}, {"Embedding", -1}, {"EmbeddingBag", -1}, {"Conv1d", 2}, {"Conv2d", 3}, {"Conv3d", 4}, {"ConvTranspose2d", 3},
        {"MaxPool1d", 2}, {"MaxPool2d", 3}, {"MaxPool3d", 4}, {"AvgPool1d", 2}, {"AvgPool2d", 3}, {"AvgPool3d", 4},
        {"AdaptiveMaxPool1d", 2}, {"AdaptiveMaxPool2d", 3}, {"AdaptiveAvgPool1d", 2}, {"AdaptiveAvgPool2d", 3},
        {"BatchNorm2d", 3}, {"InstanceNorm2d", 3}, {"Dropout2d", 3}, {"RNN", 2}, {"LSTM", 2}, {"GRU", 2}, {"MultiheadAttention", 2},
        {"TransformerEncoderLayer", 2}, {"PositionalEncoding", 2}, {"Upsample", 3}, {"ZeroPad2d", 3}};
    if (type == "Linear" || type == "BatchNorm1d")
        return chance(random, 0.6) ? 1 : 2;
    if (type.starts_with("Global"))
        return static_cast<int>(pick(random, 2, 4));
    const auto found = ranks.find(type);
    return found == ranks.end() ? 0 : found->second;
}

ParamValues randomParams(const std::string& type, const TensorShape& input, bool dropout, Random& random)
{
    ParamValues params = own(type, input, dropout, random);
    for (const ParamSpec& spec : findLayer(type)->params) {
        if (spec.name == "freeze" && chance(random, 0.15))
            params["freeze"] = true;
        if (spec.name == "weight_init" && chance(random, 0.3))
            params["weight_init"] = pickFrom(random, spec.choices);
    }
    return params;
}

std::vector<std::int64_t> randomSizes(std::int64_t count, int rank, Random& random)
{
    std::vector<std::int64_t> sizes;
    for (int side = 1; side < rank; ++side) {
        // The larger of two draws often: images of one pixel show little.
        const std::int64_t a = divisor(count, random), b = divisor(count, random);
        const double even = std::pow(static_cast<double>(count), 1.0 / (rank - side + 1));
        const std::int64_t nearer = std::abs(static_cast<double>(a) - even) < std::abs(static_cast<double>(b) - even) ? a : b;
        sizes.push_back(nearer);
        count /= nearer;
    }
    sizes.push_back(count);
    random.shuffle(sizes);
    return sizes;
}

} // namespace limpid::test
