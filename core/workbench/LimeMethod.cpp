#include "core/workbench/LimeMethod.h"

#include "core/base/Clock.h"

#include <algorithm>

namespace limpid {

LimeSpec limeSpec(const ExplainRequest& request)
{
    return {request.budget, request.limeFeatures, request.seed};
}

LimeMethod::LimeMethod(const Predictor& predictor, const EncodedRows& background, const ExplainRequest& request, std::vector<PlayerGroup> players)
    : m_predictor(predictor), m_spec(limeSpec(request)), m_space(request.space), m_players(std::move(players)), m_background(background.features),
      m_lime(PredictorRows(predictor, background.table, background.numbers, request.space))
{
}

std::uint64_t LimeMethod::evaluations() const
{
    return m_spec.samples > 0 ? m_spec.samples : limeSamples;
}

Attributions LimeMethod::explain(const EncodedRows& rows, Task& task) const
{
    const std::size_t outputs = m_predictor.outputCount(m_space);
    const Predictions known = m_predictor.predict(m_background, m_space, task);
    std::vector<double> base(outputs, 0.0);
    for (std::size_t row = 0; row < known.rows; ++row) {
        for (std::size_t output = 0; output < outputs; ++output)
            base[output] += known.at(row, output) / static_cast<double>(known.rows);
    }
    return m_lime.explain(PredictorRows(m_predictor, rows.table, rows.numbers, m_space), rows.numbers, std::move(base), m_spec, task);
}

ExplainCost LimeMethod::cost(const EncodedRows& rows, std::size_t count, Task& task) const
{
    // Sampling and fitting go with the samples, as predicting does.
    constexpr std::size_t tried = 500;
    const std::size_t samples = std::min<std::size_t>(tried, evaluations());
    LimeSpec few = m_spec;
    few.samples = samples;
    const PredictorRows one(m_predictor, rows.table, {rows.numbers.front()}, m_space);
    const std::vector<double> base(m_predictor.outputCount(m_space), 0.0);
    m_lime.explain(one, {rows.numbers.data(), 1}, base, few, task); // the first call prepares
    const Stopwatch clock;
    m_lime.explain(one, {rows.numbers.data(), 1}, base, few, task);
    return {evaluations() * count, clock.seconds() * static_cast<double>(count) * static_cast<double>(evaluations()) / static_cast<double>(samples)};
}

} // namespace limpid
