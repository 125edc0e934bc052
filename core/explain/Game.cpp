#include "core/explain/Game.h"

#include <algorithm>

namespace limpid {

namespace {

/// Puts v(∅) and v(all) in the place of what masking gave for them: the predictor's own figures, so that values add up
/// to the predictions a user sees and not to a float32 neighbour of them.
class OwnEnds
{
public:
    OwnEnds(const Predictor& predictor, const Features& rows, const Features& background,
            std::span<const double> weights, OutputSpace space, Task& task)
        : m_outputs(predictor.outputCount(space)), m_full(predictor.predict(rows, space, task).values)
    {
        const Predictions predictions = predictor.predict(background, space, task);
        m_empty.assign(m_outputs, 0.0);
        double total = 0.0;
        for (std::size_t row = 0; row < predictions.rows; ++row) {
            const double weight = weights.empty() ? 1.0 : weights[row];
            total += weight;
            for (std::size_t output = 0; output < m_outputs; ++output)
                m_empty[output] += weight * predictions.at(row, output);
        }
        for (double& mean : m_empty)
            mean /= total;
    }

    void put(std::vector<double>& values, std::size_t rows, const Coalitions& coalitions, std::size_t index, bool full) const
    {
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t output = 0; output < m_outputs; ++output) {
                values[(row * coalitions.count + index) * m_outputs + output] =
                    full ? m_full[row * m_outputs + output] : m_empty[output];
            }
        }
    }

private:
    std::size_t m_outputs;
    std::vector<double> m_full;
    std::vector<double> m_empty;
};

std::vector<double> coalitionValues(const Predictor& predictor, const Features& rows, const Features& background,
                                    std::span<const double> weights, OutputSpace space, const Coalitions& coalitions, Task& task)
{
    std::vector<double> values = predictor.coalitionMeans(rows, background, coalitions, space, task, weights);
    std::unique_ptr<OwnEnds> ends;
    for (std::size_t i = 0; i < coalitions.count; ++i) {
        const auto mask = coalitions.row(i);
        const auto members = static_cast<std::size_t>(std::count_if(mask.begin(), mask.end(), [](auto m) { return m != 0; }));
        if (members != 0 && members != coalitions.players)
            continue;
        if (!ends)
            ends = std::make_unique<OwnEnds>(predictor, rows, background, weights, space, task);
        ends->put(values, rows.rows, coalitions, i, members != 0);
    }
    return values;
}

} // namespace

PredictorGame::PredictorGame(const Predictor& predictor, Features rows, Features background, OutputSpace space, std::vector<double> weights)
    : m_predictor(predictor), m_rows(std::move(rows)), m_background(std::move(background)), m_weights(std::move(weights)), m_space(space)
{
    if (m_background.rows == 0)
        throw Error(ErrorCode::TooFewRows, {{"rows", "0"}, {"needed", "1"}}, "an explanation needs background rows");
}

std::size_t PredictorGame::players() const
{
    return m_predictor.pipeline().groups().size();
}

std::size_t PredictorGame::outputs() const
{
    return m_predictor.outputCount(m_space);
}

std::vector<double> PredictorGame::values(const Coalitions& coalitions, Task& task) const
{
    return coalitionValues(m_predictor, m_rows, m_background, m_weights, m_space, coalitions, task);
}

std::vector<double> PredictorGame::valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const
{
    return coalitionValues(m_predictor, sliceRows(m_rows, row, row + 1), m_background, m_weights, m_space, coalitions, task);
}

bool PredictorGame::varies(std::size_t row, std::size_t player) const
{
    const FeatureGroup& group = m_predictor.pipeline().groups()[player];
    const float* numbers = m_rows.numbers.data() + row * m_rows.numberWidth;
    const std::int32_t* categories = m_rows.categories.data() + row * m_rows.categoryWidth;
    for (std::size_t b = 0; b < m_background.rows; ++b) {
        const float* other = m_background.numbers.data() + b * m_background.numberWidth;
        if (!std::equal(numbers + group.numberBegin, numbers + group.numberEnd, other + group.numberBegin))
            return true;
        const std::int32_t* otherCategories = m_background.categories.data() + b * m_background.categoryWidth;
        if (!std::equal(categories + group.categoryBegin, categories + group.categoryEnd, otherCategories + group.categoryBegin))
            return true;
    }
    return false;
}

} // namespace limpid
