#include "core/explain/Ale.h"

#include "core/explain/EffectGrid.h"
#include "core/explain/LevelOrder.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

constexpr std::size_t chunkCells = 8192;
constexpr std::size_t fewValues = 10;

/// The bin of a value: (border, next border], the smallest value in the first.
std::size_t binOf(const std::vector<double>& borders, double value)
{
    const auto place = static_cast<std::size_t>(std::lower_bound(borders.begin(), borders.end(), value) - borders.begin());
    return std::clamp<std::size_t>(place, 1, borders.size() - 1) - 1;
}

bool binsAreFull(const std::vector<double>& sorted, std::size_t count, std::size_t minimum)
{
    if (count < 2)
        return true;
    const std::vector<double> borders = evenQuantiles(sorted, count);
    if (borders.size() < 2)
        return true;
    std::vector<std::size_t> rows(borders.size() - 1, 0);
    for (const double value : sorted)
        ++rows[binOf(borders, value)];
    return std::all_of(rows.begin(), rows.end(), [&](std::size_t n) { return n > minimum; });
}

/// One row moved over one step of the grid.
struct Move {
    std::size_t row = 0;
    std::uint32_t step = 0;   ///< from grid point `step` to the next
};

/// The steps' means and what their errors need. A row's moves stand next to each other among the moves.
struct Steps {
    std::vector<double> mean;     ///< [steps, outputs]
    std::vector<double> variance; ///< same: of the mean
    std::vector<double> with;     ///< same: covariance of the mean with the next step's, by rows that tell of both
    std::vector<double> count;    ///< [steps]: moves
};

Steps measure(const EffectRows& model, const EffectValues& grid, const std::vector<Move>& moves, const TaskShare& share, Task& task)
{
    const std::size_t outputs = model.outputs(), steps = grid.values.size() - 1;
    std::vector<double> deltas(moves.size() * outputs);
    std::vector<std::size_t> rows;
    std::vector<std::uint32_t> low, high;
    for (std::size_t begin = 0; begin < moves.size(); begin += chunkCells) {
        task.checkpoint();
        const std::size_t count = std::min(chunkCells, moves.size() - begin);
        rows.clear();
        low.clear();
        high.clear();
        for (std::size_t i = begin; i < begin + count; ++i) {
            rows.push_back(moves[i].row);
            low.push_back(moves[i].step);
            high.push_back(moves[i].step + 1);
        }
        const Replacement down{&grid, low}, up{&grid, high};
        const std::vector<double> before = model.predict(rows, {&down, 1}, task), after = model.predict(rows, {&up, 1}, task);
        for (std::size_t i = 0; i < count * outputs; ++i)
            deltas[begin * outputs + i] = after[i] - before[i];
        share.report(task, static_cast<double>(begin + count) / static_cast<double>(moves.size()));
    }

    Steps result{std::vector<double>(steps * outputs, 0.0), std::vector<double>(steps * outputs, 0.0),
                 std::vector<double>(steps * outputs, 0.0), std::vector<double>(steps, 0.0)};
    for (const Move& move : moves)
        result.count[move.step] += 1.0;
    for (std::size_t output = 0; output < outputs; ++output) {
        for (std::size_t i = 0; i < moves.size(); ++i)
            result.mean[moves[i].step * outputs + output] += deltas[i * outputs + output] / result.count[moves[i].step];
        const auto part = [&](std::size_t i) { // of the step's mean, about its own
            const std::size_t step = moves[i].step;
            return (deltas[i * outputs + output] - result.mean[step * outputs + output]) / result.count[step];
        };
        for (std::size_t i = 0; i < moves.size(); ++i) {
            const std::size_t step = moves[i].step;
            const double n = result.count[step];
            result.variance[step * outputs + output] += part(i) * part(i) * n / (n - 1.0); // one row: 0 · ∞, NaN
            if (i + 1 < moves.size() && moves[i + 1].row == moves[i].row)
                result.with[step * outputs + output] += part(i) * part(i + 1);
        }
    }
    return result;
}

/// Values and errors of all grid points, from the steps between them. `shares[s]`: how much of step s the centring takes off.
void accumulate(const Steps& steps, const std::vector<double>& shares, AccumulatedEffects& effects)
{
    const std::size_t outputs = effects.outputs, count = shares.size();
    effects.offsets.assign(outputs, 0.0);
    for (std::size_t output = 0; output < outputs; ++output) {
        const auto cell = [&](std::size_t step) { return step * outputs + output; };
        for (std::size_t step = 0; step < count; ++step)
            effects.offsets[output] += shares[step] * steps.mean[cell(step)];
        double sum = 0.0;
        // The value at point k is Σ w·mean with w = 1 − share for the steps before k, −share for the others.
        double behind = 0.0, ahead = 0.0;
        for (std::size_t step = 0; step < count; ++step) {
            ahead += shares[step] * shares[step] * steps.variance[cell(step)];
            if (step + 1 < count)
                ahead += 2.0 * shares[step] * shares[step + 1] * steps.with[cell(step)];
        }
        for (std::size_t point = 0; point <= count; ++point) {
            effects.values[cell(point)] = sum - effects.offsets[output];
            double across = 0.0; // the pair of steps on both sides of the point
            if (point > 0 && point < count)
                across = -2.0 * (1.0 - shares[point - 1]) * shares[point] * steps.with[cell(point - 1)];
            effects.errors[cell(point)] = std::sqrt(std::max(0.0, behind + across + ahead));
            if (std::isnan(behind + ahead))
                effects.errors[cell(point)] = std::numeric_limits<double>::quiet_NaN();
            if (point == count)
                break;
            sum += steps.mean[cell(point)];
            const double rest = 1.0 - shares[point];
            behind += rest * rest * steps.variance[cell(point)];
            if (point > 0)
                behind += 2.0 * (1.0 - shares[point - 1]) * rest * steps.with[cell(point - 1)];
            ahead -= shares[point] * shares[point] * steps.variance[cell(point)];
            if (point + 1 < count)
                ahead -= 2.0 * shares[point] * shares[point + 1] * steps.with[cell(point)];
        }
    }
}

} // namespace

double AccumulatedEffects::range(std::size_t output) const
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t point = 0; point < grid.size(); ++point) {
        low = std::min(low, at(point, output));
        high = std::max(high, at(point, output));
    }
    return high - low;
}

std::vector<double> aleBorders(const std::vector<double>& sorted, const AleSpec& spec)
{
    std::vector<double> distinct = sorted;
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    if (distinct.size() <= fewValues)
        return distinct;
    if (spec.bins > 0)
        return evenQuantiles(sorted, spec.bins + 1);
    // The first count of quantiles that leaves a bin too small, less one. Not monotone, so what bisection finds is the method's
    // definition and not its optimum.
    std::size_t low = 0, high = sorted.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (binsAreFull(sorted, middle, spec.minimum))
            low = middle + 1;
        else
            high = middle;
    }
    return evenQuantiles(sorted, std::max<std::size_t>(2, low > 0 ? low - 1 : 0));
}

AccumulatedEffects accumulatedEffects(const EffectRows& model, std::size_t column, const AleSpec& spec, Task& task,
                                      const TaskShare& share)
{
    if (spec.bins == 1)
        throw Error(ErrorCode::OptionInvalid, {{"name", "bins"}, {"value", "1"}, {"expected", "0 | >= 2"}});
    const EffectColumn& source = model.columns()[column];
    checkEffectColumn(source);
    AccumulatedEffects effects;
    effects.column = column;
    effects.name = source.name;
    effects.type = source.type;
    effects.outputs = model.outputs();
    effects.missing = static_cast<std::size_t>(std::count_if(source.values.begin(), source.values.end(), [](double value) { return std::isnan(value); }));
    const bool levels = !source.levels.empty();

    std::vector<std::size_t> place; // of each level in the order
    if (levels) {
        place.resize(source.levels.size());
        for (const std::size_t level : levelOrder(model, column, task)) {
            place[level] = effects.grid.size();
            effects.grid.push_back(static_cast<double>(level));
            effects.levels.push_back(source.levels[level]);
        }
    } else {
        effects.grid = aleBorders(presentValues(source), spec);
    }
    const std::size_t points = effects.grid.size(), steps = points - 1;
    effects.counts.assign(levels ? points : steps, 0);
    std::vector<Move> moves;
    for (std::size_t row = 0; row < model.rows(); ++row) {
        const double value = source.values[row];
        if (std::isnan(value) || (!levels && steps == 0))
            continue;
        if (!levels) {
            const std::size_t bin = binOf(effects.grid, value);
            moves.push_back({row, static_cast<std::uint32_t>(bin)});
            ++effects.counts[bin];
            continue;
        }
        const std::size_t at = place[static_cast<std::size_t>(value)];
        ++effects.counts[at];
        if (at > 0)
            moves.push_back({row, static_cast<std::uint32_t>(at - 1)});
        if (at < steps)
            moves.push_back({row, static_cast<std::uint32_t>(at)});
    }
    effects.values.assign(points * effects.outputs, 0.0);
    effects.errors.assign(points * effects.outputs, 0.0);
    effects.offsets.assign(effects.outputs, 0.0);
    if (steps == 0)
        return effects;

    // What the rows lie above each step, and of a bin of numbers half of its own.
    std::vector<double> shares(steps);
    double above = 0.0;
    const auto rows = static_cast<double>(model.rows() - effects.missing);
    for (std::size_t step = steps; step-- > 0;) {
        const auto own = static_cast<double>(effects.counts[levels ? step + 1 : step]);
        shares[step] = (above + (levels ? own : own / 2.0)) / rows;
        above += own;
    }
    accumulate(measure(model, model.prepare(column, effects.grid), moves, share, task), shares, effects);
    effects.modelRows = 2 * moves.size();
    return effects;
}

} // namespace limpid
