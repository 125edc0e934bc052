#include "core/exchange/OnnxTranslation.h"

#include <algorithm>
#include <cctype>

namespace limpid {

namespace {

using T = OnnxTranslation;

/// PyTorch's non-linearities alone: of LSTM and GRU the usual ones, of RNN also ReLU. Gives whether it is ReLU.
bool checkActivations(T& t, const OnnxNode& node, std::size_t directions)
{
    if (node.find("activations") == nullptr)
        return false;
    const std::string text = node.text("activations", "");
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string plain, relu;
    for (std::size_t i = 0; i < directions; ++i) {
        plain += (i > 0 ? "," : "") + std::string(node.op == "RNN" ? "tanh" : node.op == "GRU" ? "sigmoid,tanh" : "sigmoid,tanh,tanh");
        relu += (i > 0 ? "," : "") + std::string("relu");
    }
    if (node.op == "RNN" && lower == relu)
        return true;
    if (lower != plain)
        t.refuse(node, "activations = " + readableName(text));
    return false;
}

/// Starts from zeros are PyTorch's.
void checkState(T& t, const OnnxNode& node, std::size_t input)
{
    if (!node.hasInput(input))
        return;
    const OnnxConstant& state = t.constant(node, input);
    if (state.all ? *state.all != 0.0 : state.known || state.ownName)
        t.refuse(node, "a start other than zeros");
}

/// X [length, N, features] or, with layout 1, [N, length, features] → Y [length, directions, N, hidden], Y_h [directions, N, hidden].
void recurrentOp(T& t, const OnnxNode& node)
{
    const OnnxConstant& weight = t.constant(node, 1);
    const OnnxConstant& inner = t.constant(node, 2);
    const std::string direction = node.text("direction", "forward");
    if (direction != "forward" && direction != "bidirectional")
        t.refuse(node, "direction = " + readableName(direction));
    const std::int64_t directions = direction == "forward" ? 1 : 2;
    const std::int64_t gates = node.op == "RNN" ? 1 : node.op == "GRU" ? 3 : 4;
    if (weight.dims.size() != 3 || inner.dims.size() != 3 || weight.dims[0] != directions || inner.dims[0] != directions)
        t.refuse(node, "weights");
    const std::int64_t hidden = inner.dims[2];
    if (weight.dims[1] != gates * hidden || inner.dims[1] != gates * hidden || node.integer("hidden_size", hidden) != hidden)
        t.refuse(node, "hidden_size");
    if (node.find("clip") || node.integer("input_forget", 0) != 0 || node.hasInput(4) || node.hasInput(7))
        t.refuse(node, node.hasInput(4) ? "sequence_lens" : node.hasInput(7) ? "peepholes" : "clip");
    if (node.op == "GRU" && node.integer("linear_before_reset", 0) == 0) // PyTorch's, Cho et al. 2014v1
        t.refuse(node, "linear_before_reset = 0");
    checkState(t, node, 5);
    checkState(t, node, 6);
    const bool batchFirst = node.integer("layout", 0) == 1;

    // A row as [length, features], whichever way the file has it.
    OnnxView turned = t.tensor(node, 0);
    if (turned.axes.size() != 3 || turned.axes[batchFirst ? 0 : 1] != OnnxView::batch)
        t.refuse(node, "the batch is not where it should be");
    if (!batchFirst)
        std::swap(turned.axes[0], turned.axes[1]);
    const std::size_t from = t.materialise(node, turned);
    if (t.shape(from).dims.back() != weight.dims[2])
        t.refuse(node, shapeText(t.shape(from)) + " (N×length×" + std::to_string(weight.dims[2]) + ")");
    ParamValues params{{"hidden_size", hidden}};
    if (directions == 2)
        params["bidirectional"] = true;
    if (!node.hasInput(3))
        params["bias"] = false;
    if (checkActivations(t, node, static_cast<std::size_t>(directions)))
        params["nonlinearity"] = "relu";
    if (t.uses(node, 2) > 0)
        t.refuse(node, "the cell state is read");

    std::optional<std::size_t> made;
    if (t.uses(node, 0) > 0) {
        made = t.add(node, node.op, params, {from});
        t.share(node, *made, 1);
        const std::int64_t length = t.shape(*made).dims[0];
        const OnnxView sequence{*made, {length, directions, hidden}, {}};
        OnnxView given = sequence;
        given.axes = batchFirst ? std::vector<int>{OnnxView::batch, 0, 1, 2} : std::vector<int>{0, 1, OnnxView::batch, 2};
        t.give(node, 0, std::move(given));
    }
    if (t.uses(node, 1) > 0) {
        params["output"] = "last";
        const std::size_t last = made ? t.twin(node, *made, params) : t.add(node, node.op, params, {from});
        if (!made)
            t.share(node, last, 1);
        OnnxValue states;
        for (int part = 0; part < directions; ++part) {
            OnnxView state{last, {1, hidden}, {0, OnnxView::batch, 1}};
            if (batchFirst)
                std::swap(state.axes[0], state.axes[1]);
            if (directions > 1) {
                state.part = part;
                state.parts = static_cast<int>(directions);
            }
            states.pieces.push_back(std::move(state));
        }
        states.axis = batchFirst ? 1 : 0;
        t.give(node, 1, std::move(states));
    }
}

} // namespace

OnnxTranslation::Operator onnxRecurrentOperator(std::string_view op)
{
    return op == "LSTM" || op == "GRU" || op == "RNN" ? recurrentOp : nullptr;
}

} // namespace limpid
