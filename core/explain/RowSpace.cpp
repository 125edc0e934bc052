#include "core/explain/RowSpace.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

/// Of encoded value k; 1 where all rows have the same.
double deviation(const Features& features, std::size_t k)
{
    double mean = 0.0, squares = 0.0; // Welford's
    for (std::size_t row = 0; row < features.rows; ++row) {
        const double value = static_cast<double>(features.numbers[row * features.numberWidth + k]), difference = value - mean;
        mean += difference / static_cast<double>(row + 1);
        squares += difference * (value - mean);
    }
    return squares > 0.0 ? std::sqrt(squares / static_cast<double>(features.rows)) : 1.0;
}

} // namespace

RowSpace::RowSpace(const std::vector<FeatureGroup>& groups, const Features& reference)
    : m_scales(reference.numberWidth, 1.0f), m_categoryWeights(reference.categoryWidth, 1.0)
{
    for (const FeatureGroup& group : groups) {
        for (std::size_t k = group.numberBegin; k < group.numberEnd; ++k) {
            if (group.type == ColumnType::Number || group.type == ColumnType::DateTime)
                m_scales[k] = static_cast<float>(1.0 / deviation(reference, k));
            else if (group.type == ColumnType::Category) // one-hot: two of its places differ between two categories
                m_scales[k] = static_cast<float>(std::sqrt(0.5));
        }
        if (group.type == ColumnType::Text) {
            for (std::size_t k = group.categoryBegin; k < group.categoryEnd; ++k)
                m_categoryWeights[k] = 1.0 / static_cast<double>(group.categoryEnd - group.categoryBegin);
        }
    }
}

Features RowSpace::scaled(Features features) const
{
    for (std::size_t i = 0; i < features.numbers.size(); ++i)
        features.numbers[i] *= m_scales[i % m_scales.size()];
    return features;
}

double RowSpace::squaredDistance(const Features& a, std::size_t i, const Features& b, std::size_t k, double enough) const
{
    constexpr std::size_t block = 32; // between looks at whether it is enough
    const float* x = a.numbers.data() + i * a.numberWidth;
    const float* y = b.numbers.data() + k * b.numberWidth;
    double sum = 0.0;
    for (std::size_t begin = 0; begin < a.numberWidth && sum <= enough; begin += block) {
        float part = 0.0f;
        for (std::size_t at = begin; at < std::min(begin + block, a.numberWidth); ++at)
            part += (x[at] - y[at]) * (x[at] - y[at]);
        sum += static_cast<double>(part);
    }
    const std::int32_t* u = a.categories.data() + i * a.categoryWidth;
    const std::int32_t* v = b.categories.data() + k * b.categoryWidth;
    for (std::size_t at = 0; at < a.categoryWidth && sum <= enough; ++at)
        sum += u[at] == v[at] ? 0.0 : m_categoryWeights[at];
    return sum;
}

} // namespace limpid
