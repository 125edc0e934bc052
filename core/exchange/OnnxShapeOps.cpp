#include "core/exchange/OnnxTranslation.h"

#include <algorithm>

namespace limpid {

namespace {

using T = OnnxTranslation;

/// A bias that stands beside its layer, or a table of what is added at each position.
bool addConstant(T& t, const OnnxNode& node, std::size_t tensorInput)
{
    const OnnxConstant& constant = t.constant(node, 1 - tensorInput);
    const OnnxView& view = t.tensor(node, tensorInput);
    if (constant.size() == 1 && constant.all == 0.0) {
        t.give(node, 0, OnnxView(view));
        return true;
    }
    NodeSpec& spec = t.spec(view.layer);
    const bool linear = spec.type == "Linear", conv = spec.type.starts_with("Conv");
    if ((linear || conv) && view.part < 0 && spec.params.value("bias", true) == false && t.usesOfInput(node, tensorInput) == 1
        && view.dims == t.shape(view.layer).dims) {
        const std::int64_t units = linear ? view.dims.back() : view.dims.front();
        const std::size_t trailing = linear ? 0 : view.dims.size() - 1; // [units, 1, 1]
        const auto& dims = constant.dims;
        const bool fits = static_cast<std::int64_t>(constant.size()) == units && dims.size() > trailing && dims[dims.size() - 1 - trailing] == units;
        if (fits) {
            spec.params.erase("bias");
            t.give(node, 0, OnnxView(view));
            return true;
        }
    }
    std::vector<std::int64_t> dims = constant.dims;
    if (dims.size() == 3 && dims.front() == 1)
        dims.erase(dims.begin());
    const std::size_t from = t.layer(node, tensorInput);
    if (dims.size() != 2 || t.shape(from).dims != dims)
        return false;
    const std::size_t made = t.add(node, "PositionalEncoding", {{"kind", "learned"}}, {from});
    t.share(node, made, 1 - tensorInput);
    t.give(node, 0, made);
    return true;
}

void join(T& t, const OnnxNode& node, const char* type)
{
    std::vector<std::size_t> inputs;
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
        inputs.push_back(t.layer(node, i));
    t.give(node, 0, t.add(node, type, {}, std::move(inputs)));
}

void addOp(T& t, const OnnxNode& node)
{
    if (node.inputs.size() != 2)
        t.refuse(node, std::to_string(node.inputs.size()) + " inputs");
    if (foldOnnxSizes(t, node, '+'))
        return;
    for (std::size_t i = 0; i < 2; ++i)
        if (t.constantOrNull(node, 1 - i)) {
            if (!addConstant(t, node, i))
                t.refuse(node, "a constant is added");
            return;
        }
    join(t, node, "Add");
}

void mulOp(T& t, const OnnxNode& node)
{
    if (foldOnnxSizes(t, node, '*'))
        return;
    for (std::size_t i = 0; i < 2; ++i)
        if (const OnnxConstant* const factor = t.constantOrNull(node, i)) {
            if (factor->all != 1.0)
                t.refuse(node, "a constant factor");
            t.give(node, 0, OnnxView(t.tensor(node, 1 - i)));
            return;
        }
    join(t, node, "Multiply");
}

void sumOp(T& t, const OnnxNode& node)
{
    if (node.inputs.size() < 2)
        t.refuse(node, std::to_string(node.inputs.size()) + " inputs");
    join(t, node, "Add");
}

void identityOp(T& t, const OnnxNode& node)
{
    if (const OnnxValue& value = t.value(node, 0); value.constant || value.pieces.size() != 1)
        t.give(node, 0, OnnxValue(value));
    else if (node.op == "Cast" || t.shape(value.pieces[0].layer).kind != TensorShape::Kind::Float)
        t.give(node, 0, OnnxValue(value));
    else
        t.give(node, 0, t.add(node, "Identity", {}, {t.layer(node, 0)}));
}

// ---- other shapes

/// What an empty place of a Reshape stands for, and whether its target fits: the sizes before the batch keep their number of values, and
/// those after it.
std::optional<OnnxView> reshapedView(const OnnxView& view, const std::vector<std::int64_t>& target, std::size_t batchAt, bool zeroCopies)
{
    const auto found = std::find(view.axes.begin(), view.axes.end(), OnnxView::batch);
    const auto at = static_cast<std::size_t>(found - view.axes.begin());
    OnnxView result = view;
    result.dims.clear();
    result.axes.clear();
    for (const bool after : {false, true}) {
        std::vector<std::int64_t> have, want;
        for (std::size_t i = after ? at + 1 : 0; i < (after ? view.axes.size() : at); ++i)
            have.push_back(view.dims[static_cast<std::size_t>(view.axes[i])]);
        std::ptrdiff_t open = -1;
        for (std::size_t i = after ? batchAt + 1 : 0; i < (after ? target.size() : batchAt); ++i) {
            std::int64_t size = target[i];
            if (size == 0 && zeroCopies) {
                if (i >= view.axes.size() || view.axes[i] == OnnxView::batch)
                    return std::nullopt;
                size = view.dims[static_cast<std::size_t>(view.axes[i])];
            }
            if (size == -1 && open < 0)
                open = std::ssize(want);
            else if (size < 1)
                return std::nullopt;
            want.push_back(size == -1 ? 1 : size);
        }
        const std::int64_t count = product(have), known = product(want);
        if (open >= 0 && count % known == 0)
            want[static_cast<std::size_t>(open)] = count / known;
        if (product(want) != count)
            return std::nullopt;
        for (const std::int64_t size : want) {
            result.axes.push_back(static_cast<int>(result.dims.size()));
            result.dims.push_back(size);
        }
        if (!after)
            result.axes.push_back(OnnxView::batch);
    }
    return result;
}

/// A view whose dimensions stand in the order of memory; where they don't, it is made so.
OnnxView straight(T& t, const OnnxNode& node, std::size_t input)
{
    const OnnxView& view = t.tensor(node, input);
    if (view.part >= 0)
        t.refuse(node, "one of two directions alone");
    OnnxView sorted = view;
    sorted.dims.clear();
    int last = -1;
    bool ordered = true;
    for (int& axis : sorted.axes) {
        if (axis == OnnxView::batch)
            continue;
        const std::int64_t size = view.dims[static_cast<std::size_t>(axis)];
        if (size != 1) {
            ordered = ordered && axis > last;
            last = axis;
        }
        sorted.dims.push_back(size);
        axis = static_cast<int>(sorted.dims.size()) - 1;
    }
    return ordered ? sorted : t.asTensor(t.layer(node, input));
}

void reshapeTo(T& t, const OnnxNode& node, const std::vector<std::int64_t>& target, bool zeroCopies)
{
    const OnnxView view = straight(t, node, 0);
    const auto batch = static_cast<std::size_t>(std::find(view.axes.begin(), view.axes.end(), OnnxView::batch) - view.axes.begin());
    // Where the batch is in the target: where it says so, else wherever the number of values allows it to be.
    for (int attempt = 0; attempt < 4; ++attempt)
        for (std::size_t i = 0; i < target.size(); ++i) {
            const bool may = attempt == 0   ? target[i] == batchSize
                             : attempt == 1 ? target[i] == 0 && zeroCopies && i == batch
                             : attempt == 2 ? target[i] == t.fixedBatch() && target[i] > 0
                                            : target[i] == -1;
            if (!may)
                continue;
            if (const std::optional<OnnxView> found = reshapedView(view, target, i, zeroCopies)) {
                t.give(node, 0, *found);
                return;
            }
        }
    std::string text;
    for (const std::int64_t size : target)
        text += (text.empty() ? "" : "×") + (size == batchSize ? std::string("N") : std::to_string(size));
    t.refuse(node, text);
}

void reshapeOp(T& t, const OnnxNode& node)
{
    const std::vector<std::int64_t> target = t.integers(node, 1, "shape");
    const OnnxConstant* const constant = t.constantOrNull(node, 0);
    if (!constant) {
        reshapeTo(t, node, target, node.integer("allowzero", 0) == 0);
        return;
    }
    OnnxConstant made = *constant;
    std::vector<std::int64_t> fixed = target;
    std::int64_t known = 1;
    for (std::size_t i = 0; i < fixed.size(); ++i) {
        if (fixed[i] == 0 && i < constant->dims.size())
            fixed[i] = constant->dims[i];
        if (fixed[i] < -1 || fixed[i] > mostValues || fixed.size() > 8)
            t.refuse(node, "shape");
        known = std::min(largestCount, known * std::max<std::int64_t>(1, fixed[i]));
    }
    std::replace(fixed.begin(), fixed.end(), std::int64_t{-1}, std::int64_t(constant->size()) / known);
    made.dims = fixed;
    t.give(node, 0, std::move(made));
}

void flattenOp(T& t, const OnnxNode& node)
{
    const std::size_t rank = t.tensor(node, 0).axes.size();
    const std::int64_t axis = node.integer("axis", 1);
    if (axis != 1 && axis != 1 - std::int64_t(rank))
        t.refuse(node, "axis = " + std::to_string(axis));
    reshapeTo(t, node, {batchSize, -1}, false);
}

void transposeOp(T& t, const OnnxNode& node)
{
    const OnnxConstant* const constant = t.constantOrNull(node, 0);
    const OnnxView* const view = constant ? nullptr : &t.tensor(node, 0);
    const std::size_t rank = constant ? constant->dims.size() : view->axes.size();
    std::vector<std::int64_t> order = node.integers("perm"), sorted;
    for (std::size_t i = rank; order.size() < rank && !node.find("perm") && i-- > 0;)
        order.push_back(std::int64_t(i));
    sorted = order;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if (sorted[i] != std::int64_t(i))
            t.refuse(node, "perm");
    if (order.size() != rank)
        t.refuse(node, "perm");
    if (!constant) {
        OnnxView turned = *view;
        for (std::size_t i = 0; i < rank; ++i)
            turned.axes[i] = view->axes[std::size_t(order[i])];
        t.give(node, 0, std::move(turned));
        return;
    }
    OnnxConstant made = *constant;
    for (std::size_t i = 0; i < rank; ++i)
        made.dims[i] = constant->dims[std::size_t(order[i])];
    if (rank == 2 && made.known && !made.real && made.integers.size() == made.size())
        for (std::size_t i = 0; i < made.integers.size(); ++i) {
            const auto rows = std::size_t(constant->dims[0]), columns = std::size_t(constant->dims[1]);
            made.integers[i] = constant->integers[(i % rows) * columns + i / rows];
        }
    else if (rank > 1 && !made.all)
        made.known = false;
    t.give(node, 0, std::move(made));
}

/// Takes a dimension of one value away.
void drop(OnnxView& view, std::size_t axis)
{
    const int gone = view.axes[axis];
    view.axes.erase(view.axes.begin() + std::ptrdiff_t(axis));
    view.dims.erase(view.dims.begin() + gone);
    for (int& each : view.axes)
        each -= each > gone ? 1 : 0;
}

void squeezeOp(T& t, const OnnxNode& node)
{
    const bool all = !node.hasInput(1) && !node.find("axes");
    const std::vector<std::int64_t> axes = all ? std::vector<std::int64_t>() : t.integers(node, 1, "axes");
    if (const OnnxConstant* const constant = t.constantOrNull(node, 0)) {
        OnnxConstant made = *constant;
        made.dims.clear();
        std::vector<bool> gone(constant->dims.size(), all);
        for (const std::int64_t axis : axes)
            gone[onnxAxis(t, node, axis, constant->dims.size())] = true;
        for (std::size_t i = 0; i < gone.size(); ++i)
            if (!gone[i] || constant->dims[i] != 1)
                made.dims.push_back(constant->dims[i]);
        t.give(node, 0, std::move(made));
        return;
    }
    OnnxView view = t.tensor(node, 0);
    std::vector<bool> gone(view.axes.size(), false);
    for (const std::int64_t axis : axes)
        gone[onnxAxis(t, node, axis, gone.size())] = true;
    for (std::size_t i = gone.size(); i-- > 0;) {
        const bool one = view.axes[i] != OnnxView::batch && view.dims[std::size_t(view.axes[i])] == 1;
        if (gone[i] && !one)
            t.refuse(node, "axes = " + std::to_string(i));
        if (one && (all || gone[i]))
            drop(view, i);
    }
    t.give(node, 0, std::move(view));
}

void unsqueezeOp(T& t, const OnnxNode& node)
{
    const std::vector<std::int64_t> axes = t.integers(node, 1, "axes");
    const OnnxConstant* const constant = t.constantOrNull(node, 0);
    OnnxView view = constant ? OnnxView() : t.tensor(node, 0);
    OnnxConstant made = constant ? *constant : OnnxConstant();
    const std::size_t rank = axes.size() + (constant ? made.dims.size() : view.axes.size());
    if (rank > 16)
        t.refuse(node, "axes");
    std::vector<std::size_t> places;
    for (const std::int64_t axis : axes)
        places.push_back(onnxAxis(t, node, axis, rank));
    std::sort(places.begin(), places.end());
    if (std::adjacent_find(places.begin(), places.end()) != places.end())
        t.refuse(node, "axes");
    for (const std::size_t place : places) {
        if (constant) {
            made.dims.insert(made.dims.begin() + std::ptrdiff_t(place), 1);
        } else {
            view.axes.insert(view.axes.begin() + std::ptrdiff_t(place), int(view.dims.size()));
            view.dims.push_back(1);
        }
    }
    if (constant)
        t.give(node, 0, std::move(made));
    else
        t.give(node, 0, std::move(view));
}

// ---- parts and wholes

void concatOp(T& t, const OnnxNode& node)
{
    if (node.inputs.empty())
        t.refuse(node, "no input");
    std::size_t constants = 0;
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
        constants += t.constantOrNull(node, i) ? 1 : 0;
    if (constants == node.inputs.size()) {
        OnnxConstant made = OnnxConstant::ofIntegers({});
        for (std::size_t i = 0; i < node.inputs.size(); ++i) {
            const OnnxConstant& part = t.constant(node, i);
            made.known = made.known && part.known && !part.real && part.dims.size() <= 1 && made.integers.size() <= 4096;
            if (made.known)
                made.integers.insert(made.integers.end(), part.integers.begin(), part.integers.end());
        }
        made.dims = {std::ssize(made.integers)};
        t.give(node, 0, std::move(made));
        return;
    }
    if (constants > 0)
        t.refuse(node, "constants among the inputs");
    // States of several layers or directions, one after another: they are told apart again below, by Gather.
    OnnxValue whole;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        const OnnxValue& part = t.value(node, i);
        whole.pieces.insert(whole.pieces.end(), part.pieces.begin(), part.pieces.end());
        if (whole.pieces.size() > 1000)
            t.refuse(node, std::to_string(whole.pieces.size()) + " inputs");
    }
    const OnnxView first = whole.pieces.front();
    whole.axis = onnxAxis(t, node, node.integer("axis", 1), first.axes.size());
    const bool states = std::all_of(whole.pieces.begin(), whole.pieces.end(), [&](const OnnxView& view) {
        const int axis = view.axes.size() == first.axes.size() ? view.axes[whole.axis] : OnnxView::batch;
        return axis != OnnxView::batch && view.dims[std::size_t(axis)] == 1 && view.axes.front() != OnnxView::batch;
    });
    if (states && whole.axis == 0) {
        t.give(node, 0, std::move(whole));
        return;
    }
    // Both directions side by side again.
    bool both = first.parts == std::ssize(whole.pieces) && whole.axis + 1 == first.axes.size() && first.axes.front() == OnnxView::batch && first.dims.size() == 1;
    for (std::size_t i = 0; both && i < whole.pieces.size(); ++i)
        both = whole.pieces[i].layer == first.layer && whole.pieces[i].part == int(i) && whole.pieces[i].dims == first.dims;
    if (both) {
        t.give(node, 0, first.layer);
        return;
    }
    std::vector<std::size_t> inputs;
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
        inputs.push_back(t.layer(node, i));
    if (whole.axis == 0)
        t.refuse(node, "axis = 0");
    ParamValues params = ParamValues::object();
    if (whole.axis != 1)
        params["dim"] = whole.axis;
    t.give(node, 0, inputs.size() == 1 ? inputs.front() : t.add(node, "Concat", std::move(params), inputs));
}

/// One of the things that stand along an axis.
void select(T& t, const OnnxNode& node, std::int64_t index, std::int64_t axisGiven)
{
    const OnnxValue& value = t.value(node, 0);
    OnnxView view = value.pieces.front();
    const std::size_t axis = onnxAxis(t, node, axisGiven, view.axes.size());
    if (value.pieces.size() > 1) {
        if (axis != value.axis)
            t.refuse(node, "axis = " + std::to_string(axisGiven));
        view = value.pieces[onnxAxis(t, node, index, value.pieces.size())];
    } else {
        const int dim = view.axes[axis];
        if (dim == OnnxView::batch)
            t.refuse(node, "one row of the batch");
        const std::int64_t size = view.dims[std::size_t(dim)];
        const NodeSpec& spec = t.spec(view.layer);
        const bool recurrent = spec.type == "RNN" || spec.type == "LSTM" || spec.type == "GRU";
        // The last step of a sequence is the last state, but for a direction that ends at the first.
        if (recurrent && view.part < 0 && spec.params.value("output", "sequence") == "sequence" && dim == 0 && size > 1 && view.dims[0] == t.shape(view.layer).dims[0]
            && (index == -1 || index == size - 1) && !spec.params.value("bidirectional", false)) {
            ParamValues params = spec.params;
            params["output"] = "last";
            const std::size_t last = t.twin(node, view.layer, std::move(params));
            view.layer = last;
            view.dims.front() = 1;
        } else if (size != 1 || (index != 0 && index != -1)) {
            t.refuse(node, "part of a tensor");
        }
    }
    drop(view, axis);
    t.give(node, 0, std::move(view));
}

void gatherOp(T& t, const OnnxNode& node)
{
    const OnnxConstant* const data = t.constantOrNull(node, 0);
    const OnnxConstant* const index = t.constantOrNull(node, 1);
    const std::int64_t axis = node.integer("axis", 0);
    if (data && index) {
        OnnxConstant made = OnnxConstant::ofIntegers({});
        made.dims = index->dims;
        made.known = data->known && index->known && !data->real && data->dims.size() == 1;
        if (made.known)
            for (const std::int64_t each : index->integers)
                made.integers.push_back(data->integers[onnxAxis(t, node, each, data->integers.size())]);
        t.give(node, 0, std::move(made));
    } else if (data) {
        const std::size_t words = t.layer(node, 1);
        if (t.shape(words).kind != TensorShape::Kind::Tokens || data->dims.size() != 2 || axis != 0)
            t.refuse(node, "only an embedding of words can be looked up in");
        t.setVocabulary(node, words, data->dims[0]);
        const std::size_t made = t.add(node, "Embedding", {{"embedding_dim", data->dims[1]}}, {words});
        t.share(node, made, 0);
        t.give(node, 0, made);
    } else if (index && index->known && index->integers.size() == 1 && index->dims.empty()) {
        select(t, node, index->integers[0], axis);
    } else {
        t.refuse(node, "part of a tensor");
    }
}

} // namespace

OnnxTranslation::Operator onnxShapeOperator(std::string_view op)
{
    static const std::map<std::string_view, OnnxTranslation::Operator> operators{
        {"Identity", identityOp}, {"Cast", identityOp}, {"Add", addOp}, {"Mul", mulOp}, {"Sum", sumOp}, {"Reshape", reshapeOp},
        {"Flatten", flattenOp}, {"Transpose", transposeOp}, {"Squeeze", squeezeOp}, {"Unsqueeze", unsqueezeOp}, {"Concat", concatOp},
        {"Gather", gatherOp}};
    const auto found = operators.find(op);
    return found == operators.end() ? nullptr : found->second;
}

} // namespace limpid
