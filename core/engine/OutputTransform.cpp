#include "core/engine/OutputTransform.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

OutputTransform::OutputTransform(const Pipeline& pipeline, OutputSpace space)
    : m_targets(pipeline.targets())
{
    switch (pipeline.task()) {
    case TaskKind::Regression:
    case TaskKind::MultiRegression:
        m_kind = pipeline.logLink() ? Kind::Exponential : Kind::Scale;
        break;
    case TaskKind::Binary:
    case TaskKind::MultiLabel:
        m_kind = space == OutputSpace::Probability ? Kind::Sigmoid : Kind::Same;
        break;
    case TaskKind::MultiClass:
        m_kind = space == OutputSpace::Probability ? Kind::Softmax : Kind::Same;
        break;
    }
}

double OutputTransform::straight(double raw, std::size_t output) const
{
    return m_kind == Kind::Scale ? m_targets[output].decoded(raw) : raw;
}

void OutputTransform::apply(const float* raw, std::size_t rows, std::size_t outputs, double* result) const
{
    const std::size_t count = rows * outputs;
    switch (m_kind) {
    case Kind::Same: std::copy_n(raw, count, result); break;
    case Kind::Scale:
        for (std::size_t i = 0; i < count; ++i)
            result[i] = m_targets[i % outputs].decoded(raw[i]);
        break;
    case Kind::Exponential:
        for (std::size_t i = 0; i < count; ++i)
            result[i] = m_targets[i % outputs].scale * std::exp(static_cast<double>(raw[i]));
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
