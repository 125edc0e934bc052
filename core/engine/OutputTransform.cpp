#include "core/engine/OutputTransform.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

OutputTransform::OutputTransform(const Pipeline& pipeline, OutputSpace space)
    : m_mean(pipeline.targetMean()), m_scale(pipeline.targetScale())
{
    if (pipeline.task() == TaskKind::Regression)
        m_kind = Kind::Scale;
    else if (space == OutputSpace::Probability)
        m_kind = pipeline.task() == TaskKind::Binary ? Kind::Sigmoid : Kind::Softmax;
}

void OutputTransform::apply(const float* raw, std::size_t rows, std::size_t outputs, double* result) const
{
    const std::size_t count = rows * outputs;
    switch (m_kind) {
    case Kind::Same: std::copy_n(raw, count, result); break;
    case Kind::Scale:
        for (std::size_t i = 0; i < count; ++i)
            result[i] = static_cast<double>(raw[i]) * m_scale + m_mean;
        break;
    case Kind::Sigmoid:
        for (std::size_t i = 0; i < count; ++i)
            result[i] = 1.0 / (1.0 + std::exp(-static_cast<double>(raw[i])));
        break;
    case Kind::Softmax:
        for (std::size_t row = 0; row < rows; ++row) {
            const float* from = raw + row * outputs;
            double* to = result + row * outputs;
            const double largest = *std::max_element(from, from + outputs);
            double sum = 0.0;
            for (std::size_t k = 0; k < outputs; ++k)
                sum += to[k] = std::exp(from[k] - largest);
            for (std::size_t k = 0; k < outputs; ++k)
                to[k] /= sum;
        }
        break;
    }
}

} // namespace limpid::engine
