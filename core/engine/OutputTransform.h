#pragma once

#include "core/model/Predictor.h"

namespace limpid::engine {

/// From what the network gives to what OutputSpace promises.
class OutputTransform
{
public:
    /// Leaves outputs as they are.
    OutputTransform() = default;
    OutputTransform(const Pipeline& pipeline, OutputSpace space);

    /// raw [rows, outputs] → result [rows, outputs].
    void apply(const float* raw, std::size_t rows, std::size_t outputs, double* result) const;

    /// One value as apply() takes it, where it is no more than a scale and a shift.
    double straight(double raw, std::size_t output) const;

    enum class Kind { Same, Scale, Exponential, Sigmoid, Softmax };
    Kind kind() const { return m_kind; }
    /// Whether it is more than a scale and a shift.
    bool bends() const { return m_kind != Kind::Same && m_kind != Kind::Scale; }
    const std::vector<TargetCoding>& targets() const { return m_targets; }

private:
    Kind m_kind = Kind::Same;
    std::vector<TargetCoding> m_targets;
};

} // namespace limpid::engine
