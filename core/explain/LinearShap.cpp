#include "core/explain/LinearShap.h"

#include <cmath>
#include <numeric>

namespace limpid {

namespace {

/// Throws OptionInvalid. The number of rows.
std::size_t checkedRows(const LinearModel& model, const std::vector<double>& mean, const std::vector<double>& rows)
{
    const std::size_t features = mean.size();
    const auto require = [](bool fits, const char* name, std::size_t found, std::size_t expected) {
        if (!fits) {
            throw Error(ErrorCode::OptionInvalid,
                        {{"name", name}, {"value", std::to_string(found)}, {"expected", std::to_string(expected)}});
        }
    };
    require(features > 0, "mean", 0, model.features());
    require(model.coefficients.size() == model.outputs() * features, "coefficients", model.coefficients.size(),
            model.outputs() * features);
    require(rows.size() % features == 0, "rows", rows.size(), rows.size() / features * features);
    return rows.size() / features;
}

double weightOf(std::size_t row, std::size_t rows, std::span<const double> weights)
{
    return weights.empty() ? 1.0 / static_cast<double>(rows) : weights[row];
}

/// What the model gives at the mean: [outputs].
std::vector<double> centerOf(const LinearModel& model, const std::vector<double>& mean)
{
    std::vector<double> center = model.intercepts;
    for (std::size_t output = 0; output < center.size(); ++output) {
        const double* coefficients = model.coefficients.data() + output * mean.size();
        center[output] += std::inner_product(mean.begin(), mean.end(), coefficients, 0.0);
    }
    return center;
}

} // namespace

std::vector<double> meanOf(const std::vector<double>& values, std::size_t rows, std::size_t features, std::span<const double> weights)
{
    std::vector<double> mean(features, 0.0);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t feature = 0; feature < features; ++feature)
            mean[feature] += weightOf(row, rows, weights) * values[row * features + feature];
    }
    return mean;
}

FeatureMoments momentsOf(const std::vector<double>& values, std::size_t rows, std::size_t features, std::span<const double> weights)
{
    FeatureMoments moments{meanOf(values, rows, features, weights), std::vector<double>(features * features, 0.0)};
    double squares = 0.0;
    for (std::size_t row = 0; row < rows; ++row)
        squares += weightOf(row, rows, weights) * weightOf(row, rows, weights);
    std::vector<double> centred(features);
    for (std::size_t row = 0; row < rows && squares < 1.0; ++row) {
        for (std::size_t feature = 0; feature < features; ++feature)
            centred[feature] = values[row * features + feature] - moments.mean[feature];
        const double share = weightOf(row, rows, weights) / (1.0 - squares);
        for (std::size_t i = 0; i < features; ++i) {
            for (std::size_t j = 0; j < features; ++j)
                moments.covariance[i * features + j] += share * centred[i] * centred[j];
        }
    }
    return moments;
}

ShapleyValues linearShapley(const LinearModel& model, const std::vector<double>& mean, const std::vector<double>& rows)
{
    const std::size_t count = checkedRows(model, mean, rows), features = mean.size(), outputs = model.outputs();
    const std::vector<double> center = centerOf(model, mean);
    ShapleyValues result;
    result.values.reserve(count * outputs * features);
    for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t output = 0; output < outputs; ++output) {
            double full = center[output];
            for (std::size_t feature = 0; feature < features; ++feature) {
                const double value =
                    model.coefficients[output * features + feature] * (rows[row * features + feature] - mean[feature]);
                result.values.push_back(value);
                full += value;
            }
            result.base.push_back(center[output]);
            result.full.push_back(full);
        }
    }
    result.errors.assign(result.values.size(), 0.0);
    return result;
}

CorrelatedLinearGame::CorrelatedLinearGame(LinearModel model, FeatureMoments moments, std::vector<double> rows)
    : m_model(std::move(model)), m_moments(std::move(moments)), m_deviations(std::move(rows))
{
    m_rowCount = checkedRows(m_model, m_moments.mean, m_deviations);
    const std::size_t features = players();
    if (m_moments.covariance.size() != features * features) {
        throw Error(ErrorCode::OptionInvalid, {{"name", "covariance"},
                                               {"value", std::to_string(m_moments.covariance.size())},
                                               {"expected", std::to_string(features * features)}});
    }
    m_center = centerOf(m_model, m_moments.mean);
    for (std::size_t i = 0; i < m_deviations.size(); ++i)
        m_deviations[i] -= m_moments.mean[i % features];
}

std::vector<double> CorrelatedLinearGame::slopes(std::span<const std::uint8_t> members) const
{
    // Of deviations d_S: a_S + a_R Σ_RS Σ_SS⁻¹. With Σ_SS = L Lᵀ, members that the ones before determine are passed over;
    // what is left spans the same information, and L stays regular.
    const std::size_t features = players();
    const auto covariance = [&](std::size_t i, std::size_t j) { return m_moments.covariance[i * features + j]; };
    std::vector<std::size_t> used;
    std::vector<double> lower;   // packed rows of L
    for (std::size_t player = 0; player < features; ++player) {
        if (!members[player])
            continue;
        const std::size_t begin = lower.size();
        double left = covariance(player, player);
        for (std::size_t j = 0, row = 0; j < used.size(); row += ++j) {
            const double* above = lower.data() + row;
            const double* mine = lower.data() + begin;
            const double entry = (covariance(player, used[j]) - std::inner_product(mine, mine + j, above, 0.0)) / above[j];
            left -= entry * entry;
            lower.push_back(entry);
        }
        if (left > 1e-10 * covariance(player, player)) {
            lower.push_back(std::sqrt(left));
            used.push_back(player);
        } else {
            lower.resize(begin);
        }
    }

    std::vector<double> slopes(outputs() * features, 0.0);
    std::vector<double> x(used.size());
    for (std::size_t output = 0; output < outputs(); ++output) {
        const double* coefficients = m_model.coefficients.data() + output * features;
        double* slope = slopes.data() + output * features;
        for (std::size_t j = 0; j < used.size(); ++j) {
            x[j] = 0.0;
            for (std::size_t other = 0; other < features; ++other)
                x[j] += members[other] ? 0.0 : coefficients[other] * covariance(other, used[j]);
        }
        for (std::size_t j = 0, row = 0; j < used.size(); row += ++j) {
            const double* entries = lower.data() + row;
            x[j] = (x[j] - std::inner_product(entries, entries + j, x.begin(), 0.0)) / entries[j];
        }
        for (std::size_t j = used.size(); j-- > 0;) {
            const double* entries = lower.data() + j * (j + 1) / 2;
            x[j] /= entries[j];
            for (std::size_t i = 0; i < j; ++i)
                x[i] -= entries[i] * x[j];
        }
        for (std::size_t feature = 0; feature < features; ++feature)
            slope[feature] = members[feature] ? coefficients[feature] : 0.0;
        for (std::size_t j = 0; j < used.size(); ++j)
            slope[used[j]] += x[j];
    }
    return slopes;
}

std::vector<double> CorrelatedLinearGame::valuesOfRows(std::size_t begin, std::size_t end, const Coalitions& coalitions,
                                                       Task& task) const
{
    const std::size_t features = players();
    std::vector<double> values((end - begin) * coalitions.count * outputs());
    for (std::size_t i = 0; i < coalitions.count; ++i) {
        task.checkpoint();
        const std::vector<double> slope = slopes(coalitions.row(i));
        for (std::size_t row = begin; row < end; ++row) {
            const double* deviations = m_deviations.data() + row * features;
            for (std::size_t output = 0; output < outputs(); ++output) {
                values[((row - begin) * coalitions.count + i) * outputs() + output] =
                    std::inner_product(deviations, deviations + features, slope.data() + output * features, m_center[output]);
            }
        }
    }
    return values;
}

std::vector<double> CorrelatedLinearGame::values(const Coalitions& coalitions, Task& task) const
{
    return valuesOfRows(0, m_rowCount, coalitions, task);
}

std::vector<double> CorrelatedLinearGame::valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const
{
    return valuesOfRows(row, row + 1, coalitions, task);
}

bool CorrelatedLinearGame::varies(std::size_t row, std::size_t player) const
{
    return m_moments.covariance[player * players() + player] > 0.0 || m_deviations[row * players() + player] != 0.0;
}

} // namespace limpid
