#pragma once

#include "core/model/Predictor.h"

namespace limpid::engine {

/// From what the network gives to what OutputSpace promises.
class OutputTransform
{
public:
    OutputTransform(const Pipeline& pipeline, OutputSpace space);

    /// raw [rows, outputs] → result [rows, outputs].
    void apply(const float* raw, std::size_t rows, std::size_t outputs, double* result) const;

private:
    enum class Kind { Same, Scale, Exponential, Sigmoid, Softmax };
    Kind m_kind = Kind::Same;
    std::vector<TargetCoding> m_targets;
};

} // namespace limpid::engine
