#include "core/exchange/OnnxTranslation.h"

#include <algorithm>

namespace limpid {

bool foldOnnxSizes(OnnxTranslation& t, const OnnxNode& node, char op)
{
    const OnnxConstant* const left = t.constantOrNull(node, 0);
    const OnnxConstant* const right = t.constantOrNull(node, 1);
    if (!left || !right)
        return false;
    OnnxConstant made;
    made.dims = left->size() >= right->size() ? left->dims : right->dims;
    const std::size_t count = std::max(left->integers.size(), right->integers.size());
    made.known = left->known && right->known && !left->real && !right->real && !left->integers.empty() && !right->integers.empty()
                 && (left->integers.size() == count || left->integers.size() == 1) && (right->integers.size() == count || right->integers.size() == 1);
    for (std::size_t i = 0; made.known && i < count; ++i) {
        const std::int64_t a = left->integers[left->integers.size() == 1 ? 0 : i], b = right->integers[right->integers.size() == 1 ? 0 : i];
        const auto small = [](std::int64_t x) { return x > -1'000'000'000 && x < 1'000'000'000; };
        if ((op == '*' || op == '/') && b == 1)
            made.integers.push_back(a);
        else if (op == '*' && a == 1)
            made.integers.push_back(b);
        else if (!small(a) || !small(b) || (op == '/' && b == 0))
            made.known = false;
        else
            made.integers.push_back(op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : a / b);
    }
    if (!made.known)
        made.integers = {};
    t.give(node, 0, std::move(made));
    return true;
}

namespace {

using T = OnnxTranslation;

void constantOp(T& t, const OnnxNode& node)
{
    OnnxConstant made;
    made.known = true;
    if (const OnnxAttribute* const value = node.find("value"); value && !value->tensors.empty()) {
        const OnnxTensor& tensor = value->tensors.front();
        made.dims = tensor.dims;
        made.known = tensor.known;
        made.integers = tensor.integers;
        made.numbers = tensor.numbers;
    } else if (const OnnxAttribute* const integer = node.find("value_int")) {
        made.integers = {integer->integer};
    } else if (const OnnxAttribute* const number = node.find("value_float")) {
        made.numbers = {number->number};
    } else if (const OnnxAttribute* const integers = node.find("value_ints")) {
        made = OnnxConstant::ofIntegers(integers->integers);
    } else if (const OnnxAttribute* const numbers = node.find("value_floats")) {
        made.dims = {std::ssize(numbers->numbers)};
        made.numbers = numbers->numbers;
    } else {
        t.refuse(node, "no value");
    }
    made.real = !made.numbers.empty();
    if (made.real && std::all_of(made.numbers.begin(), made.numbers.end(), [&](double x) { return x == made.numbers[0]; }))
        made.all = made.numbers[0];
    t.give(node, 0, std::move(made));
}

void constantOfShape(T& t, const OnnxNode& node)
{
    const std::vector<std::int64_t> dims = t.integers(node, 0, "shape");
    OnnxConstant made;
    made.dims = dims;
    std::size_t count = 1;
    bool known = true;
    for (const std::int64_t dim : dims) {
        known = known && dim >= 0 && dim <= 4096 && count <= 4096;
        count *= known ? static_cast<std::size_t>(dim) : 1;
    }
    double each = 0.0;
    made.real = true;
    if (const OnnxAttribute* const value = node.find("value"); value && !value->tensors.empty()) {
        const OnnxTensor& tensor = value->tensors.front();
        made.real = tensor.integers.empty();
        each = !made.real ? double(tensor.integers[0]) : tensor.numbers.empty() ? 0.0 : tensor.numbers[0];
    }
    made.known = known && count <= 4096;
    made.all = each;
    if (made.known && made.real)
        made.numbers.assign(count, each);
    else if (made.known)
        made.integers.assign(count, t.value(node, 0).constant ? static_cast<std::int64_t>(std::clamp(each, -1e9, 1e9)) : 0);
    t.give(node, 0, std::move(made));
}

/// The size of each dimension in the file.
std::vector<std::int64_t> fileShape(const OnnxView& view)
{
    std::vector<std::int64_t> sizes;
    for (const int axis : view.axes)
        sizes.push_back(axis == OnnxView::batch ? batchSize : view.dims[static_cast<std::size_t>(axis)]);
    return sizes;
}

void shapeOp(T& t, const OnnxNode& node)
{
    std::vector<std::int64_t> sizes;
    if (const OnnxConstant* const constant = t.constantOrNull(node, 0))
        sizes = constant->dims;
    else
        sizes = fileShape(t.tensor(node, 0));
    const auto place = [&](const char* name, std::int64_t usual) {
        const std::int64_t at = std::clamp(node.integer(name, usual), -std::ssize(sizes), std::ssize(sizes));
        return sizes.begin() + (at < 0 ? at + std::ssize(sizes) : at);
    };
    const auto start = place("start", 0), end = place("end", std::ssize(sizes));
    t.give(node, 0, OnnxConstant::ofIntegers(start < end ? std::vector(start, end) : std::vector<std::int64_t>()));
}

template<char Op>
void sizesOnly(T& t, const OnnxNode& node)
{
    if (!foldOnnxSizes(t, node, Op))
        t.refuse(node, "");
}

/// As integers(), but far beyond the ends is as good as the end.
std::vector<std::int64_t> sliceBounds(T& t, const OnnxNode& node, std::size_t input, std::string_view attribute)
{
    std::vector<std::int64_t> list = node.integers(attribute);
    if (node.hasInput(input)) {
        const OnnxConstant& given = t.constant(node, input);
        if (!given.known || given.real)
            t.refuse(node, "input " + std::to_string(input + 1) + " has no values");
        list = given.integers;
    }
    for (std::int64_t& each : list) {
        if (each == batchSize)
            t.refuse(node, std::string(attribute));
        each = std::clamp(each, -mostValues, mostValues);
    }
    return list;
}

/// Of sizes: any part; of tensors: all of it.
void sliceOp(T& t, const OnnxNode& node)
{
    const std::vector<std::int64_t> starts = sliceBounds(t, node, 1, "starts"), ends = sliceBounds(t, node, 2, "ends");
    std::vector<std::int64_t> axes, steps;
    if (node.hasInput(3) || node.find("axes"))
        axes = t.integers(node, 3, "axes");
    if (node.hasInput(4))
        steps = t.integers(node, 4, "steps");
    const OnnxConstant* const constant = t.constantOrNull(node, 0);
    if (!constant) {
        const OnnxView view = t.tensor(node, 0);
        for (std::size_t i = 0; i < ends.size() && i < starts.size(); ++i) {
            const int dim = view.axes[onnxAxis(t, node, i < axes.size() ? axes[i] : std::int64_t(i), view.axes.size())];
            const std::int64_t size = dim == OnnxView::batch ? mostValues : view.dims[std::size_t(dim)];
            if (starts[i] != 0 || ends[i] < size || (i < steps.size() && steps[i] != 1))
                t.refuse(node, "part of a tensor");
        }
        t.give(node, 0, view);
        return;
    }
    OnnxConstant made = *constant;
    if (!constant->known || constant->real || starts.size() != 1 || ends.size() != 1 || constant->dims.empty() || constant->dims.size() > 2
        || (!axes.empty() && onnxAxis(t, node, axes[0], constant->dims.size()) != 0)) {
        made.known = false; // zeros stay zeros
        t.give(node, 0, std::move(made));
        return;
    }
    const std::int64_t rows = constant->dims[0], step = steps.empty() ? 1 : steps[0];
    const std::size_t width = rows > 0 ? constant->integers.size() / std::size_t(rows) : 0;
    if (step == 0)
        t.refuse(node, "steps = 0");
    const auto bound = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + rows : at, step > 0 ? 0 : -1, step > 0 ? rows : rows - 1); };
    made.integers.clear();
    made.dims[0] = 0;
    for (std::int64_t i = bound(starts[0]); step > 0 ? i < bound(ends[0]) : i > bound(ends[0]); i += step) {
        const auto from = constant->integers.begin() + std::ptrdiff_t(i) * std::ptrdiff_t(width);
        made.integers.insert(made.integers.end(), from, from + std::ptrdiff_t(width));
        ++made.dims[0];
    }
    t.give(node, 0, std::move(made));
}

void expandOp(T& t, const OnnxNode& node)
{
    OnnxConstant made = t.constant(node, 0);
    made.known = false;
    made.integers = {};
    made.numbers = {};
    t.give(node, 0, std::move(made));
}

} // namespace

OnnxTranslation::Operator onnxConstantOperator(std::string_view op)
{
    static const std::map<std::string_view, OnnxTranslation::Operator> operators{
        {"Constant", constantOp}, {"ConstantOfShape", constantOfShape}, {"Shape", shapeOp}, {"Sub", sizesOnly<'-'>}, {"Div", sizesOnly<'/'>},
        {"Slice", sliceOp}, {"Expand", expandOp}};
    const auto found = operators.find(op);
    return found == operators.end() ? nullptr : found->second;
}

} // namespace limpid
