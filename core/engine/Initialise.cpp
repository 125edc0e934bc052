#include "core/engine/Initialise.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

namespace {

/// How many inputs reach one output of a matrix of weights, and how many outputs one input, as torch.nn.init counts them.
struct Fans {
    double in = 1.0, out = 1.0;
};

Fans fansOf(const Slot& slot)
{
    const double rows = static_cast<double>(slot.shape[0]), columns = slot.shape.size() > 1 ? static_cast<double>(slot.shape[1]) : 1.0;
    const double taps = static_cast<double>(slot.count) / (rows * columns);
    return {columns * taps, rows * taps};
}

void uniform(std::span<float> values, double bound, Random& random)
{
    for (float& value : values)
        value = static_cast<float>((2.0 * random.uniform() - 1.0) * bound);
}

void normal(std::span<float> values, double deviation, Random& random)
{
    for (float& value : values)
        value = static_cast<float>(deviation * random.normal());
}

/// Deviation 0.02, cut at two deviations, as transformers are begun.
void truncatedNormal(std::span<float> values, Random& random)
{
    for (float& value : values) {
        double drawn = random.normal();
        while (std::abs(drawn) > 2.0)
            drawn = random.normal();
        value = static_cast<float>(0.02 * drawn);
    }
}

/// Rows (or columns, whichever are fewer) that stand at right angles, of length 1 (Saxe et al. 2014), by Gram and Schmidt.
void orthogonal(std::span<float> values, std::size_t rows, Random& random)
{
    const std::size_t columns = values.size() / rows, count = std::min(rows, columns), length = std::max(rows, columns);
    std::vector<double> basis(count * length);
    for (std::size_t i = 0; i < count; ++i) {
        double* const own = basis.data() + i * length;
        double norm = 0.0;
        while (norm < 1e-6) {
            for (std::size_t k = 0; k < length; ++k)
                own[k] = random.normal();
            for (int sweep = 0; sweep < 2; ++sweep) // the second takes away what rounding left
                for (std::size_t j = 0; j < i; ++j) {
                    const double* const other = basis.data() + j * length;
                    double product = 0.0;
                    for (std::size_t k = 0; k < length; ++k)
                        product += own[k] * other[k];
                    for (std::size_t k = 0; k < length; ++k)
                        own[k] -= product * other[k];
                }
            norm = 0.0;
            for (std::size_t k = 0; k < length; ++k)
                norm += own[k] * own[k];
            norm = std::sqrt(norm);
        }
        for (std::size_t k = 0; k < length; ++k)
            own[k] /= norm;
    }
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
            values[row * columns + column] = static_cast<float>(rows <= columns ? basis[row * length + column] : basis[column * length + row]);
}

void byInitial(const Initial& initial, const Fans& fans, std::span<float> values, Random& random)
{
    switch (initial.rule) {
    case Initial::Rule::Constant: std::fill(values.begin(), values.end(), static_cast<float>(initial.value)); break;
    case Initial::Rule::Uniform: uniform(values, initial.value, random); break;
    case Initial::Rule::Normal: normal(values, initial.value, random); break;
    case Initial::Rule::XavierUniform: uniform(values, std::sqrt(6.0 / (fans.in + fans.out)), random); break;
    }
}

} // namespace

void initialiseSlot(const Slot& slot, std::uint64_t seed, std::span<float> values)
{
    Random random(seed, "init " + slot.name);
    const Fans fans = fansOf(slot);
    // Glorot & Bengio 2010, equations 12 and 16; He et al. 2015, equation 10, with ReLU's gain √2.
    if (slot.rule == "xavier_uniform")
        uniform(values, std::sqrt(6.0 / (fans.in + fans.out)), random);
    else if (slot.rule == "xavier_normal")
        normal(values, std::sqrt(2.0 / (fans.in + fans.out)), random);
    else if (slot.rule == "kaiming_uniform")
        uniform(values, std::sqrt(6.0 / fans.in), random);
    else if (slot.rule == "kaiming_normal")
        normal(values, std::sqrt(2.0 / fans.in), random);
    else if (slot.rule == "trunc_normal")
        truncatedNormal(values, random);
    else if (slot.rule == "orthogonal")
        orthogonal(values, static_cast<std::size_t>(slot.shape[0]), random);
    else if (slot.rule == "zeros")
        std::fill(values.begin(), values.end(), 0.0f);
    else
        byInitial(slot.initial, fans, values, random);
}

} // namespace limpid::engine
