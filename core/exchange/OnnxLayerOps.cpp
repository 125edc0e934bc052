#include "core/exchange/OnnxTranslation.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

using T = OnnxTranslation;
using Sizes = std::vector<std::int64_t>;

/// A window as a file has it: its padding may differ before and after.
struct FileWindow {
    Sizes kernel, stride, dilation, before, after;

    bool even() const { return before == after; }
    bool padded() const
    {
        return std::any_of(before.begin(), before.end(), [](std::int64_t x) { return x > 0; })
               || std::any_of(after.begin(), after.end(), [](std::int64_t x) { return x > 0; });
    }
};

Sizes sides(T& t, const OnnxNode& node, const char* name, std::size_t count, std::int64_t usual, std::int64_t least)
{
    Sizes list = node.integers(name);
    if (list.empty())
        list.assign(count, usual);
    if (list.size() != count)
        t.refuse(node, std::string(name) + ": " + std::to_string(list.size()) + " numbers");
    for (const std::int64_t each : list)
        if (each < least || each > 65'536)
            t.refuse(node, std::string(name) + " = " + std::to_string(each));
    return list;
}

FileWindow readWindow(T& t, const OnnxNode& node, Sizes kernel, const TensorShape& shape)
{
    const std::size_t count = kernel.size();
    FileWindow window{std::move(kernel), sides(t, node, "strides", count, 1, 1), sides(t, node, "dilations", count, 1, 1), {}, {}};
    for (const std::int64_t each : window.kernel)
        if (each < 1 || each > 65'536)
            t.refuse(node, "kernel_shape = " + std::to_string(each));
    if (shape.dims.size() != count + 1)
        t.refuse(node, shapeText(shape) + " (" + std::to_string(count) + ")");
    const std::string automatic = node.text("auto_pad", "NOTSET");
    const Sizes pads = sides(t, node, "pads", 2 * count, 0, 0);
    for (std::size_t i = 0; i < count; ++i) {
        std::int64_t first = 0, last = 0;
        if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
            const std::int64_t size = shape.dims[i + 1], places = (size + window.stride[i] - 1) / window.stride[i];
            const std::int64_t total = std::max<std::int64_t>(0, (places - 1) * window.stride[i] + window.dilation[i] * (window.kernel[i] - 1) + 1 - size);
            first = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
            last = total - first;
        } else if (automatic == "NOTSET" || automatic.empty()) {
            first = pads[i];
            last = pads[i + count];
        } else if (automatic != "VALID") {
            t.refuse(node, "auto_pad = " + readableName(automatic));
        }
        window.before.push_back(first);
        window.after.push_back(last);
    }
    return window;
}

/// One number where all sides have the same; nothing where that is the default.
void setSides(ParamValues& params, const char* name, const Sizes& values, std::int64_t usual)
{
    const bool same = std::all_of(values.begin(), values.end(), [&](std::int64_t x) { return x == values.front(); });
    if (!same)
        params[name] = values;
    else if (values.front() != usual)
        params[name] = values.front();
}

/// Zeros around an image, or before and after a sequence of channels, which is an image of one row meanwhile.
std::size_t padded(T& t, const OnnxNode& node, std::size_t from, const Sizes& before, const Sizes& after)
{
    const std::size_t count = before.size();
    if (count > 2)
        t.refuse(node, "uneven padding along " + std::to_string(count) + " sides");
    const Sizes dims = t.shape(from).dims;
    if (count == 1)
        from = t.reshaped(node, from, {dims[0], 1, dims[1]});
    const Sizes around = count == 1 ? Sizes{before[0], after[0], 0, 0} : Sizes{before[1], after[1], before[0], after[0]};
    ParamValues params = ParamValues::object();
    setSides(params, "padding", around, 1);
    from = t.add(node, "ZeroPad2d", std::move(params), {from});
    return count == 1 ? t.reshaped(node, from, {dims[0], dims[1] + before[0] + after[0]}) : from;
}

// ---- Linear

void gemmOp(T& t, const OnnxNode& node)
{
    const OnnxConstant& weight = t.constant(node, 1);
    if (node.integer("transA", 0) != 0 || weight.dims.size() != 2)
        t.refuse(node, "transA");
    const bool turned = node.integer("transB", 0) != 0;
    const std::int64_t in = weight.dims[turned ? 1 : 0], out = weight.dims[turned ? 0 : 1];
    const std::size_t from = t.layer(node, 0);
    if (t.shape(from).dims != Sizes{in})
        t.refuse(node, shapeText(t.shape(from)) + " (N×" + std::to_string(in) + ")");
    ParamValues params{{"out_features", out}};
    if (!node.hasInput(2))
        params["bias"] = false;
    else if (static_cast<std::int64_t>(t.constant(node, 2).size()) != out)
        t.refuse(node, "bias");
    const std::size_t made = t.add(node, "Linear", std::move(params), {from});
    t.share(node, made, 1);
    t.give(node, 0, made);
}

void matMulOp(T& t, const OnnxNode& node)
{
    const OnnxConstant& weight = t.constant(node, 1);
    const std::size_t from = t.layer(node, 0);
    if (weight.dims.size() != 2 || t.shape(from).dims.back() != weight.dims[0])
        t.refuse(node, shapeText(t.shape(from)));
    const std::size_t made = t.add(node, "Linear", {{"out_features", weight.dims[1]}, {"bias", false}}, {from});
    t.share(node, made, 1);
    t.give(node, 0, made);
}

// ---- Conv

ParamValues convParams(T& t, const OnnxNode& node, const FileWindow& window, std::int64_t channels, std::int64_t groups)
{
    ParamValues params{{"out_channels", channels}};
    setSides(params, "kernel_size", window.kernel, 3);
    setSides(params, "stride", window.stride, 1);
    setSides(params, "dilation", window.dilation, 1);
    if (groups != 1)
        params["groups"] = groups;
    if (!node.hasInput(2))
        params["bias"] = false;
    else if (static_cast<std::int64_t>(t.constant(node, 2).size()) != channels)
        t.refuse(node, "bias");
    return params;
}

void convOp(T& t, const OnnxNode& node)
{
    const OnnxConstant& weight = t.constant(node, 1);
    if (weight.dims.size() < 3 || weight.dims.size() > 5)
        t.refuse(node, std::to_string(weight.dims.size()) + " dimensions");
    std::size_t from = t.layer(node, 0);
    const FileWindow window = readWindow(t, node, {weight.dims.begin() + 2, weight.dims.end()}, t.shape(from));
    const std::int64_t groups = node.integer("group", 1);
    const std::int64_t channels = t.shape(from).dims[0];
    if (groups < 1 || groups > channels || weight.dims[1] != channels / groups)
        t.refuse(node, shapeText(t.shape(from)) + " (N×" + std::to_string(weight.dims[1]) + " · " + std::to_string(groups) + ")");
    ParamValues params = convParams(t, node, window, weight.dims[0], groups);
    if (window.even())
        setSides(params, "padding", window.before, 0);
    else
        from = padded(t, node, from, window.before, window.after);
    const std::size_t made = t.add(node, "Conv" + std::to_string(window.kernel.size()) + "d", std::move(params), {from});
    t.share(node, made, 1);
    t.give(node, 0, made);
}

void convTransposeOp(T& t, const OnnxNode& node)
{
    const OnnxConstant& weight = t.constant(node, 1);
    if (weight.dims.size() != 4)
        t.refuse(node, std::to_string(weight.dims.size()) + " dimensions");
    const std::size_t from = t.layer(node, 0);
    const FileWindow window = readWindow(t, node, {weight.dims.begin() + 2, weight.dims.end()}, t.shape(from));
    const std::string automatic = node.text("auto_pad", "NOTSET");
    const std::int64_t groups = node.integer("group", 1);
    if (!window.even() || automatic.starts_with("SAME") || node.find("output_shape"))
        t.refuse(node, node.find("output_shape") ? "output_shape" : "uneven padding");
    if (groups < 1 || groups > 65'536 || weight.dims[0] != t.shape(from).dims[0])
        t.refuse(node, shapeText(t.shape(from)) + " (N×" + std::to_string(weight.dims[0]) + ")");
    ParamValues params = convParams(t, node, window, weight.dims[1] * groups, groups);
    setSides(params, "padding", window.before, 0);
    setSides(params, "output_padding", sides(t, node, "output_padding", 2, 0, 0), 0);
    const std::size_t made = t.add(node, "ConvTranspose2d", std::move(params), {from});
    t.share(node, made, 1);
    t.give(node, 0, made);
}

// ---- pools

template<bool Largest>
void poolOp(T& t, const OnnxNode& node)
{
    std::size_t from = t.layer(node, 0);
    const Sizes kernel = node.integers("kernel_shape");
    if (kernel.empty() || kernel.size() > 3)
        t.refuse(node, "kernel_shape");
    const FileWindow window = readWindow(t, node, kernel, t.shape(from));
    ParamValues params = ParamValues::object();
    setSides(params, "kernel_size", window.kernel, 2);
    if (window.stride != window.kernel)
        setSides(params, "stride", window.stride, 0);
    const bool dilated = std::any_of(window.dilation.begin(), window.dilation.end(), [](std::int64_t x) { return x != 1; });
    if (dilated && !Largest)
        t.refuse(node, "dilations");
    if (dilated)
        params["dilation"] = window.dilation;
    if (node.integer("ceil_mode", 0) != 0)
        params["ceil_mode"] = true;
    if (window.even()) {
        setSides(params, "padding", window.before, 0);
        if (!Largest && window.padded() && node.integer("count_include_pad", 0) == 0)
            params["count_include_pad"] = false;
    } else {
        // Zeros are never larger than what a ReLU gives; elsewhere a maximum must not see them, nor a mean that leaves them out.
        static const std::unordered_set<std::string_view> notNegative{"ReLU", "Sigmoid", "Softplus", "Softmax"};
        if (Largest ? !notNegative.contains(t.type(from)) : node.integer("count_include_pad", 0) == 0)
            t.refuse(node, "uneven padding");
        from = padded(t, node, from, window.before, window.after);
    }
    const std::string type = (Largest ? "MaxPool" : "AvgPool") + std::to_string(kernel.size()) + "d";
    t.give(node, 0, t.add(node, type, std::move(params), {from}));
}

/// One value a channel, with sizes of 1 behind it.
template<bool Largest>
void globalPoolOp(T& t, const OnnxNode& node)
{
    const std::size_t from = t.layer(node, 0);
    const std::size_t rank = t.shape(from).dims.size();
    OnnxView view = t.asTensor(t.add(node, Largest ? "GlobalMaxPool" : "GlobalAvgPool", {}, {from}));
    for (std::size_t i = 1; i < rank; ++i) {
        view.axes.push_back(static_cast<int>(view.dims.size()));
        view.dims.push_back(1);
    }
    t.give(node, 0, std::move(view));
}

/// Over all dimensions but one: that one's values are the channels.
template<bool Largest>
void reduceOp(T& t, const OnnxNode& node)
{
    OnnxView view = t.tensor(node, 0);
    const std::size_t rank = view.axes.size();
    std::vector<bool> gone(rank, false);
    for (const std::int64_t axis : t.integers(node, 1, "axes"))
        gone[onnxAxis(t, node, axis, rank)] = true;
    std::vector<int> order, kept;
    for (std::size_t i = 0; i < rank; ++i) {
        if (view.axes[i] == OnnxView::batch && (gone[i] || i > 0))
            t.refuse(node, "axes");
        if (!gone[i] && view.axes[i] != OnnxView::batch && view.dims[static_cast<std::size_t>(view.axes[i])] != 1)
            kept.push_back(view.axes[i]);
    }
    if (kept.size() != 1)
        t.refuse(node, std::to_string(kept.size()) + " dimensions are kept");
    // Channels first, then what the mean is over.
    OnnxView turned = view;
    turned.axes = {OnnxView::batch, kept.front()};
    for (std::size_t i = 1; i < rank; ++i)
        if (view.axes[i] != kept.front())
            turned.axes.push_back(view.axes[i]);
    const std::size_t from = t.materialise(node, turned);
    OnnxView result = t.asTensor(t.add(node, Largest ? "GlobalMaxPool" : "GlobalAvgPool", {}, {from}));
    const bool keep = node.integer("keepdims", 1) != 0;
    std::vector<int> axes{OnnxView::batch};
    for (std::size_t i = 1; i < rank; ++i) {
        if (view.axes[i] == kept.front()) {
            axes.push_back(0);
        } else if (!gone[i] || keep) {
            axes.push_back(static_cast<int>(result.dims.size()));
            result.dims.push_back(1);
        }
    }
    result.axes = axes;
    t.give(node, 0, std::move(result));
}

// ---- Pad, Resize

void padOp(T& t, const OnnxNode& node)
{
    const Sizes pads = t.integers(node, 1, "pads");
    const OnnxView& view = t.tensor(node, 0);
    const std::size_t rank = view.axes.size();
    if (std::all_of(pads.begin(), pads.end(), [](std::int64_t x) { return x == 0; })) {
        t.give(node, 0, OnnxView(view));
        return;
    }
    const OnnxConstant* const value = node.hasInput(2) ? t.constantOrNull(node, 2) : nullptr;
    const bool zeros = node.hasInput(2) ? value && value->all == 0.0 : node.number("value", 0.0) == 0.0;
    if (node.text("mode", "constant") != "constant" || !zeros || node.hasInput(3) || pads.size() != 2 * rank)
        t.refuse(node, "not zeros");
    if (rank != 3 && rank != 4)
        t.refuse(node, std::to_string(rank) + " dimensions");
    for (const std::int64_t pad : pads)
        if (pad < 0 || pad > 65'536)
            t.refuse(node, "pads = " + std::to_string(pad));
    if (pads[0] != 0 || pads[1] != 0 || pads[rank] != 0 || pads[rank + 1] != 0)
        t.refuse(node, "pads beside the image");
    const std::size_t from = t.layer(node, 0);
    t.give(node, 0, padded(t, node, from, {pads.begin() + 2, pads.begin() + std::ptrdiff_t(rank)}, {pads.begin() + std::ptrdiff_t(rank) + 2, pads.end()}));
}

void resizeOp(T& t, const OnnxNode& node)
{
    const std::size_t from = t.layer(node, 0);
    const Sizes dims = t.shape(from).dims;
    const std::size_t scalesAt = node.op == "Upsample" || t.opset() < 11 ? 1 : 2;
    std::vector<double> scales = node.find("scales") ? node.find("scales")->numbers : std::vector<double>();
    if (const OnnxConstant* const given = t.constantOrNull(node, scalesAt); given && given->known && given->real)
        scales = given->numbers;
    if (scales.empty() && node.hasInput(3)) {
        const Sizes sizes = t.integers(node, 3, "sizes");
        for (std::size_t i = 0; i < sizes.size() && i <= dims.size(); ++i)
            scales.push_back(i == 0 ? 1.0 : double(sizes[i]) / double(dims[i - 1]));
    }
    if (dims.size() != 3 || scales.size() != 4 || scales[0] != 1.0 || scales[1] != 1.0)
        t.refuse(node, "scales");
    Sizes factors;
    for (std::size_t i = 2; i < 4; ++i) {
        if (!(scales[i] >= 1.0 && scales[i] <= 1e6) || scales[i] != std::floor(scales[i]))
            t.refuse(node, "scale = " + std::to_string(scales[i]));
        factors.push_back(static_cast<std::int64_t>(scales[i]));
    }
    const std::string mode = node.text("mode", "nearest"), places = node.text("coordinate_transformation_mode", node.op == "Upsample" ? "asymmetric" : "half_pixel");
    ParamValues params = ParamValues::object();
    setSides(params, "scale_factor", factors, 2);
    if (mode == "linear" && (places == "half_pixel" || places == "pytorch_half_pixel"))
        params["mode"] = "bilinear";
    else if (mode != "nearest" || places == "align_corners")
        t.refuse(node, "mode = " + readableName(mode) + ", " + readableName(places));
    t.give(node, 0, t.add(node, "Upsample", std::move(params), {from}));
}

// ---- activations

void one(T& t, const OnnxNode& node, const char* type, ParamValues params = {})
{
    t.give(node, 0, t.add(node, type, std::move(params), {t.layer(node, 0)}));
}

/// A setting where it isn't the usual one; a file holds it as a float.
ParamValues realParam(const OnnxNode& node, const char* attribute, double fileDefault, const char* name, double usual)
{
    ParamValues params = ParamValues::object();
    const double value = node.number(attribute, fileDefault);
    if (std::abs(value - usual) > 1e-6 * std::abs(usual))
        params[name] = std::round(value * 1e6) / 1e6;
    return params;
}

void reluOp(T& t, const OnnxNode& node) { one(t, node, "ReLU"); }
void seluOp(T& t, const OnnxNode& node) { one(t, node, "SELU"); }
void siluOp(T& t, const OnnxNode& node) { one(t, node, "SiLU"); }
void mishOp(T& t, const OnnxNode& node) { one(t, node, "Mish"); }
void tanhOp(T& t, const OnnxNode& node) { one(t, node, "Tanh"); }
void sigmoidOp(T& t, const OnnxNode& node) { one(t, node, "Sigmoid"); }
void softplusOp(T& t, const OnnxNode& node) { one(t, node, "Softplus"); }
void hardSwishOp(T& t, const OnnxNode& node) { one(t, node, "Hardswish"); }
void eluOp(T& t, const OnnxNode& node) { one(t, node, "ELU", realParam(node, "alpha", 1.0, "alpha", 1.0)); }
void leakyReluOp(T& t, const OnnxNode& node) { one(t, node, "LeakyReLU", realParam(node, "alpha", 0.01, "negative_slope", 0.01)); }

void geluOp(T& t, const OnnxNode& node)
{
    one(t, node, "GELU", node.text("approximate", "none") == "tanh" ? ParamValues{{"approximate", "tanh"}} : ParamValues::object());
}

void preluOp(T& t, const OnnxNode& node)
{
    const OnnxConstant& slope = t.constant(node, 1);
    const std::size_t from = t.layer(node, 0);
    ParamValues params = ParamValues::object();
    if (slope.size() > 1)
        params["num_parameters"] = slope.size();
    const std::size_t made = t.add(node, "PReLU", std::move(params), {from});
    t.share(node, made, 1);
    t.give(node, 0, made);
}

template<bool Log>
void softmaxOp(T& t, const OnnxNode& node)
{
    const std::size_t from = t.layer(node, 0);
    const std::size_t rank = t.shape(from).dims.size() + 1;
    const std::size_t axis = onnxAxis(t, node, node.integer("axis", t.opset() < 13 ? 1 : -1), rank);
    if (t.opset() < 13 && axis + 1 != rank) // it took all dimensions from there on as one
        t.refuse(node, "axis = " + std::to_string(axis));
    one(t, node, Log ? "LogSoftmax" : "Softmax", axis + 1 == rank ? ParamValues::object() : ParamValues{{"dim", axis}});
}

} // namespace

OnnxTranslation::Operator onnxLayerOperator(std::string_view op)
{
    static const std::map<std::string_view, OnnxTranslation::Operator> operators{
        {"Gemm", gemmOp}, {"MatMul", matMulOp}, {"Conv", convOp}, {"ConvTranspose", convTransposeOp}, {"MaxPool", poolOp<true>},
        {"AveragePool", poolOp<false>}, {"GlobalMaxPool", globalPoolOp<true>}, {"GlobalAveragePool", globalPoolOp<false>},
        {"ReduceMax", reduceOp<true>}, {"ReduceMean", reduceOp<false>}, {"Pad", padOp}, {"Resize", resizeOp}, {"Upsample", resizeOp},
        {"Relu", reluOp}, {"LeakyRelu", leakyReluOp}, {"PRelu", preluOp}, {"Elu", eluOp}, {"Selu", seluOp}, {"Gelu", geluOp},
        {"Silu", siluOp}, {"Swish", siluOp}, {"Mish", mishOp}, {"Tanh", tanhOp}, {"Sigmoid", sigmoidOp}, {"Softplus", softplusOp},
        {"HardSwish", hardSwishOp}, {"Softmax", softmaxOp<false>}, {"LogSoftmax", softmaxOp<true>}};
    const auto found = operators.find(op);
    return found == operators.end() ? nullptr : found->second;
}

} // namespace limpid
