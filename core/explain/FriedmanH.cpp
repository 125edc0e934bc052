#include "core/explain/FriedmanH.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

/// [rows, outputs]
using Effect = std::vector<double>;

void centre(Effect& effect, std::size_t outputs)
{
    const std::size_t rows = effect.size() / outputs;
    for (std::size_t output = 0; output < outputs; ++output) {
        double mean = 0.0;
        for (std::size_t row = 0; row < rows; ++row)
            mean += effect[row * outputs + output];
        mean /= static_cast<double>(rows);
        for (std::size_t row = 0; row < rows; ++row)
            effect[row * outputs + output] -= mean;
    }
}

double meanSquare(const Effect& effect, std::size_t outputs, std::size_t output)
{
    double sum = 0.0;
    for (std::size_t i = output; i < effect.size(); i += outputs)
        sum += effect[i] * effect[i];
    return sum / (static_cast<double>(effect.size()) / static_cast<double>(outputs));
}

/// Partial dependence at the rows' own values, and that of all other columns.
struct Apart {
    Effect columns, others;
};

class Measurement
{
public:
    Measurement(const EffectRows& model, double steps, Task& task) : m_model(model), m_outputs(model.outputs()), m_steps(steps), m_task(task)
    {
        std::vector<std::size_t> rows(model.rows());
        std::iota(rows.begin(), rows.end(), std::size_t{0});
        m_whole = model.predict(rows, {}, task);
        centre(m_whole, m_outputs);
    }

    /// Each row with the columns' values of each row: the mean over the rows that take them, and over those they come from.
    Apart take(const std::vector<std::size_t>& columns)
    {
        std::vector<EffectValues> values;
        for (const std::size_t column : columns)
            values.push_back(m_model.prepare(column, m_model.columns()[column].values));
        const std::size_t rows = m_model.rows();
        Apart apart{Effect(rows * m_outputs, 0.0), Effect(rows * m_outputs, 0.0)};
        forEachSetting(m_model, values, rows,
                       [&](std::size_t from, std::size_t to, std::span<const double> outputs) {
                           for (std::size_t output = 0; output < m_outputs; ++output) {
                               apart.columns[from * m_outputs + output] += outputs[output] / static_cast<double>(rows);
                               apart.others[to * m_outputs + output] += outputs[output] / static_cast<double>(rows);
                           }
                       },
                       {m_done / m_steps, (m_done + 1.0) / m_steps}, m_task);
        m_done += 1.0;
        centre(apart.columns, m_outputs);
        centre(apart.others, m_outputs);
        return apart;
    }

    /// H and strength of what `together` has beyond `a` and `b`.
    void compare(const Effect& together, const Effect& a, const Effect& b, std::vector<double>& h, std::vector<double>& strength) const
    {
        Effect joint(together.size());
        for (std::size_t i = 0; i < joint.size(); ++i)
            joint[i] = together[i] - a[i] - b[i];
        for (std::size_t output = 0; output < m_outputs; ++output) {
            const double part = meanSquare(joint, m_outputs, output), all = meanSquare(together, m_outputs, output);
            const double least = 1e-12 * meanSquare(m_whole, m_outputs, output);
            strength.push_back(std::sqrt(part));
            h.push_back(all > least ? std::sqrt(part / all) : 0.0);
        }
    }

    const Effect& whole() const { return m_whole; }

private:
    const EffectRows& m_model;
    const std::size_t m_outputs;
    const double m_steps;
    Task& m_task;
    Effect m_whole;
    double m_done = 0.0;
};

} // namespace

Interactions friedmanH(const EffectRows& model, const InteractionSpec& spec, Task& task)
{
    const std::size_t rows = model.rows();
    if (rows < 2)
        throw Error(ErrorCode::TooFewRows, {{"rows", std::to_string(rows)}, {"needed", "2"}});
    Interactions result;
    result.rows = rows;
    for (const EffectColumn& column : model.columns())
        result.names.push_back(column.name);
    std::vector<std::size_t> columns = spec.columns;
    if (columns.empty()) {
        columns.resize(model.columns().size());
        std::iota(columns.begin(), columns.end(), std::size_t{0});
    }
    const std::size_t kept = spec.strongest > 0 ? std::min(spec.strongest, columns.size()) : columns.size();
    const std::size_t pairs = kept * (kept - 1) / 2;

    Measurement measurement(model, static_cast<double>(columns.size() + pairs), task);
    std::vector<Effect> alone; // parallel to `columns`
    for (const std::size_t column : columns) {
        Apart apart = measurement.take({column});
        Interactions::Column& entry = result.columns.emplace_back();
        entry.column = column;
        measurement.compare(measurement.whole(), apart.columns, apart.others, entry.h, entry.strength);
        alone.push_back(std::move(apart.columns));
    }

    std::vector<std::size_t> order(columns.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto most = [&](std::size_t i) { return *std::max_element(result.columns[i].h.begin(), result.columns[i].h.end()); };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return most(a) > most(b); });
    order.resize(kept);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return columns[a] < columns[b]; });
    for (std::size_t i = 0; i < kept; ++i) {
        for (std::size_t k = i + 1; k < kept; ++k) {
            const Apart apart = measurement.take({columns[order[i]], columns[order[k]]});
            Interactions::Pair& pair = result.pairs.emplace_back();
            pair.first = columns[order[i]];
            pair.second = columns[order[k]];
            measurement.compare(apart.columns, alone[order[i]], alone[order[k]], pair.h, pair.strength);
        }
    }
    result.modelRows = rows + (columns.size() + pairs) * rows * rows;
    return result;
}

} // namespace limpid
