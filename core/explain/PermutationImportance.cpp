#include "core/explain/PermutationImportance.h"

#include "core/base/Random.h"
#include "core/model/PredictionMetrics.h"

#include <cmath>
#include <limits>
#include <numeric>

namespace limpid {

namespace {

/// The one figure a task is judged by here.
class Score
{
public:
    Score(const Predictor& predictor, const Features& features) : m_predictor(predictor), m_targets(features.targets) {}

    std::string name() const
    {
        switch (m_predictor.pipeline().task()) {
        case TaskKind::Binary: return "roc_auc";
        case TaskKind::MultiClass: return "accuracy";
        case TaskKind::MultiLabel: return "macro_roc_auc";
        case TaskKind::Regression:
        case TaskKind::MultiRegression: break;
        }
        return "r2";
    }

    double of(const Features& features, Task& task) const
    {
        const Predictions predictions = m_predictor.predict(features, OutputSpace::Probability, task);
        return predictionMetrics(m_predictor.pipeline(), predictions.values, m_targets).values.at(name());
    }

private:
    const Predictor& m_predictor;
    const std::vector<float>& m_targets;
};

/// Row i of `to` takes row order[i] of `from` in the group's features, all of them together.
void copyGroup(const FeatureGroup& group, const Features& from, const std::vector<std::size_t>& order, Features& to)
{
    for (std::size_t row = 0; row < to.rows; ++row) {
        for (std::size_t i = group.numberBegin; i < group.numberEnd; ++i)
            to.numbers[row * to.numberWidth + i] = from.numbers[order[row] * from.numberWidth + i];
        for (std::size_t i = group.categoryBegin; i < group.categoryEnd; ++i)
            to.categories[row * to.categoryWidth + i] = from.categories[order[row] * from.categoryWidth + i];
    }
}

} // namespace

ImportanceResult permutationImportance(const Predictor& predictor, const Features& features, int repeats,
                                       std::uint64_t seed, Task& task)
{
    if (repeats < 1)
        throw Error(ErrorCode::OptionInvalid, {{"name", "repeats"}, {"value", std::to_string(repeats)}, {"expected", ">= 1"}});
    if (features.rows == 0)
        throw Error(ErrorCode::TooFewRows, {{"rows", "0"}, {"needed", "1"}});
    if (features.targets.size() != features.rows * predictor.pipeline().targets().size())
        throw Error(ErrorCode::ColumnMissing, {{"column", predictor.pipeline().spec().target}, {"path", ""}});

    const Score score(predictor, features);
    ImportanceResult result;
    result.metric = score.name();
    result.score = score.of(features, task);
    const auto& groups = predictor.pipeline().groups();
    Features shuffled = features;
    std::vector<std::size_t> order(features.rows);
    double done = 0.0;
    for (const FeatureGroup& group : groups) {
        // A stream a column: what one column gets does not depend on which others there are.
        Random random(seed, "importance/" + group.column);
        std::vector<double> drops;
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (int repeat = 0; repeat < repeats; ++repeat) {
            task.checkpoint();
            random.shuffle(order);
            copyGroup(group, features, order, shuffled);
            drops.push_back(result.score - score.of(shuffled, task));
            done += 1.0;
            task.report(done / (static_cast<double>(repeats) * static_cast<double>(groups.size())), "importance");
        }
        std::iota(order.begin(), order.end(), std::size_t{0});
        copyGroup(group, features, order, shuffled);

        ColumnImportance column;
        column.column = group.column;
        const auto n = static_cast<double>(drops.size());
        column.mean = std::accumulate(drops.begin(), drops.end(), 0.0) / n;
        double squares = 0.0;
        for (const double drop : drops)
            squares += (drop - column.mean) * (drop - column.mean);
        column.deviation = drops.size() > 1 ? std::sqrt(squares / (n - 1.0)) : std::numeric_limits<double>::quiet_NaN();
        result.columns.push_back(std::move(column));
    }
    return result;
}

} // namespace limpid
