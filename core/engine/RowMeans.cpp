#include "core/engine/RowMeans.h"

#include "core/engine/Kernels.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <limits>

namespace limpid::engine {

namespace {

/// Rows that are added up in floats: few enough for the sums to be as exact as the rows themselves.
constexpr std::size_t rowsInFloats = 128;

/// In prediction its values are its input's.
bool keepsValues(LayerKind kind)
{
    return kind == LayerKind::Dropout || kind == LayerKind::Dropout2d || kind == LayerKind::Flatten || kind == LayerKind::Reshape;
}

std::vector<float> valuesOf(const at::Tensor& tensor)
{
    const at::Tensor own = tensor.detach().contiguous();
    return {own.data_ptr<float>(), own.data_ptr<float>() + own.numel()};
}

} // namespace

RowMeans::RowMeans(const ForwardPlan& plan, const OutputTransform& transform, std::vector<bool>& given)
    : m_plan(plan), m_transform(transform), m_outputs(static_cast<std::size_t>(plan.network().outputs()))
{
    if (!transform.bends())
        findEnd(given);
    if (!m_linearEnd)
        m_sums.assign(m_outputs, 0.0);
}

void RowMeans::findEnd(std::vector<bool>& given)
{
    const Network& network = m_plan.network();
    const std::vector<Layer>& layers = network.layers();
    const Layer& last = layers.back();
    if (last.kind != LayerKind::Linear || given.back())
        return;
    m_linearEnd = true;
    given.back() = true;
    m_weight = valuesOf(network.tensor(last.tensors[0]));
    m_bias.assign(m_outputs, 0.0f);
    if (last.tensors.size() > 1)
        m_bias = valuesOf(network.tensor(last.tensors[1]));
    m_source = last.inputs[0];
    m_floor = -std::numeric_limits<float>::infinity();
    const auto skip = [&] {
        given[m_source] = true;
        m_source = layers[m_source].inputs[0];
    };
    const auto isOurs = [&] { return !given[m_source] && m_plan.consumers(m_source) == 1; };
    while (keepsValues(layers[m_source].kind) && isOurs())
        skip();
    if (layers[m_source].kind == LayerKind::ReLU && isOurs()) {
        skip();
        m_floor = 0.0f;
    }
    m_part.resize(static_cast<std::size_t>(layers[m_source].width));
    m_sums.assign(m_part.size(), 0.0);
}

void RowMeans::take(ForwardPlan::Workspace& workspace, const float* raw, std::size_t rows)
{
    if (m_linearEnd) {
        m_values = workspace.buffer(m_source);
        return;
    }
    m_predicted.resize(rows * m_outputs);
    m_transform.apply(raw, rows, m_outputs, m_predicted.data());
}

void RowMeans::add(std::size_t begin, std::span<const float> weights)
{
    if (!m_linearEnd) {
        const double* row = m_predicted.data() + begin * m_outputs;
        for (const float weight : weights) {
            for (std::size_t output = 0; output < m_outputs; ++output)
                m_sums[output] += static_cast<double>(weight) * row[output];
            row += m_outputs;
        }
        return;
    }
    const std::size_t width = m_part.size();
    for (std::size_t at = 0; at < weights.size(); at += rowsInFloats) {
        const std::size_t rows = std::min(rowsInFloats, weights.size() - at);
        std::fill(m_part.begin(), m_part.end(), 0.0f);
        kernels().addWeightedRows(m_part.data(), m_values + (begin + at) * width, weights.data() + at, rows, width, m_floor);
        for (std::size_t i = 0; i < width; ++i)
            m_sums[i] += static_cast<double>(m_part[i]);
    }
}

void RowMeans::finish(double total, double* to)
{
    if (m_linearEnd) {
        const float* weight = m_weight.data();
        for (std::size_t output = 0; output < m_outputs; ++output, weight += m_sums.size()) {
            double sum = 0.0;
            for (std::size_t i = 0; i < m_sums.size(); ++i)
                sum += static_cast<double>(weight[i]) * m_sums[i];
            to[output] = m_transform.straight(static_cast<double>(m_bias[output]) + sum / total, output);
        }
    } else {
        for (std::size_t output = 0; output < m_outputs; ++output)
            to[output] = m_sums[output] / total;
    }
    std::fill(m_sums.begin(), m_sums.end(), 0.0);
}

} // namespace limpid::engine
