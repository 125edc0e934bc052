#include "core/explain/Lime.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/data/NormalQuantile.h"
#include "core/explain/LocalSurrogate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

namespace limpid {

namespace {

constexpr std::size_t valuesOfBin = 512;
constexpr std::size_t samplesAtOnce = 2048;
constexpr std::size_t missingName = std::numeric_limits<std::size_t>::max();
constexpr std::size_t unknownName = missingName - 1;   // a level that the background does not have

bool isScale(ColumnType type) { return type == ColumnType::Number || type == ColumnType::DateTime; }

double belowNormal(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// Values of equal probability under a normal distribution of these values' mean and deviation, cut off at `low` and `high`.
void addCutNormal(const std::vector<double>& of, double low, double high, std::vector<double>& to)
{
    const auto count = static_cast<double>(of.size());
    double mean = 0.0, square = 0.0;
    for (const double value : of)
        mean += value;
    mean /= count;
    for (const double value : of)
        square += (value - mean) * (value - mean);
    const double deviation = std::sqrt(square / count);
    const bool isOne = !(deviation > 0.0) || !(high > low);
    const double begin = isOne ? 0.0 : belowNormal((low - mean) / deviation), end = isOne ? 0.0 : belowNormal((high - mean) / deviation);
    for (std::size_t i = 0; i < valuesOfBin; ++i) {
        const double share = begin + (end - begin) * (static_cast<double>(i) + 0.5) / static_cast<double>(valuesOfBin);
        to.push_back(isOne ? mean : std::clamp(mean + deviation * normalQuantile(share), low, high));
    }
}

/// Puts those in place that quartileEdges() reads, as sorting would; the others lie between them in any order.
void sortQuartiles(std::vector<double>& values)
{
    auto done = values.begin();
    for (const std::size_t quarter : {1, 2, 3}) {
        const std::size_t below = quarter * (values.size() - 1) / 4;
        for (const std::size_t place : {below, std::min(below + 1, values.size() - 1)}) {
            const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
            if (at < done)
                continue;
            std::nth_element(done, at, values.end());
            done = at + 1;
        }
    }
}

/// A column of one row's samples: its pool of values with the row's own behind them.
struct Sampled {
    EffectValues values;
    std::vector<std::uint32_t> picked;
};

/// As one more value, the last.
void append(EffectValues& values, const EffectValues& own, std::size_t row)
{
    const std::size_t wide = own.values.empty() ? 0 : own.numbers.size() / own.values.size();
    const std::size_t deep = own.values.empty() ? 0 : own.categories.size() / own.values.size();
    values.values.push_back(own.values[row]);
    values.numbers.insert(values.numbers.end(), own.numbers.begin() + static_cast<std::ptrdiff_t>(row * wide),
                          own.numbers.begin() + static_cast<std::ptrdiff_t>((row + 1) * wide));
    values.categories.insert(values.categories.end(), own.categories.begin() + static_cast<std::ptrdiff_t>(row * deep),
                             own.categories.begin() + static_cast<std::ptrdiff_t>((row + 1) * deep));
}

std::size_t samplesOf(const LimeSpec& spec) { return spec.samples > 0 ? spec.samples : limeSamples; }

} // namespace

void checkLime(const LimeSpec& spec, std::size_t columns)
{
    constexpr std::size_t fewest = 50;
    const std::size_t most = std::max(fewest, limeCells / std::max<std::size_t>(1, columns)), samples = samplesOf(spec);
    if (samples < fewest || samples > most)
        throw Error(ErrorCode::OptionInvalid, {{"name", "budget"}, {"value", std::to_string(samples)},
                                               {"expected", std::to_string(fewest) + " … " + std::to_string(most)}});
}

Lime::Lime(const EffectRows& background)
{
    std::vector<std::vector<double>> values(background.columns().size());
    for (std::size_t column = 0; column < values.size(); ++column)
        m_kinds.push_back(kindOf(background.columns()[column], values[column]));
    std::vector<EffectValues> prepared = background.prepareAll(std::move(values));
    for (std::size_t column = 0; column < m_kinds.size(); ++column)
        m_kinds[column].values = std::move(prepared[column]);
}

Lime::Kind Lime::kindOf(const EffectColumn& known, std::vector<double>& values)
{
    Kind kind;
    kind.levels = known.levels;
    if (known.type == ColumnType::Text) {
        values = known.values;
        return kind;
    }
    std::vector<double> present;
    for (const double value : known.values) {
        if (!std::isnan(value))
            present.push_back(value);
    }
    const bool scale = isScale(known.type) && !present.empty();
    if (scale) {
        sortQuartiles(present);
        kind.edges = quartileEdges(present);
    }
    std::map<std::size_t, std::vector<double>> members; // by name, gaps last
    for (const double value : present)
        members[nameOf(kind, known, value)].push_back(value);
    if (present.size() < known.values.size())
        members[missingName].assign(known.values.size() - present.size(), std::numeric_limits<double>::quiet_NaN());
    const auto [least, most] = std::minmax_element(present.begin(), present.end());

    double share = 0.0;
    for (const auto& [name, of] : members) {
        share += static_cast<double>(of.size()) / static_cast<double>(known.values.size());
        kind.names.push_back(name);
        kind.upTo.push_back(share);
        if (!scale)
            values.push_back(of.front());
        else if (name == missingName)
            values.insert(values.end(), valuesOfBin, of.front());
        else
            addCutNormal(of, name == 0 ? *least : kind.edges[name - 1], name == kind.edges.size() ? *most : kind.edges[name], values);
    }
    kind.upTo.back() = 1.0;
    kind.each = scale ? valuesOfBin : 1;
    for (std::size_t bin = 0; bin < kind.upTo.size(); ++bin) {
        kind.from.push_back(bin > 0 ? kind.upTo[bin - 1] : 0.0);
        kind.perShare.push_back(static_cast<double>(kind.each) / (kind.upTo[bin] - kind.from[bin]));
    }
    return kind;
}

std::size_t Lime::nameOf(const Kind& kind, const EffectColumn& column, double value)
{
    if (std::isnan(value))
        return missingName;
    if (isScale(column.type))
        return binOf(kind.edges, value);
    // Levels are numbered by the rows they were found in.
    const auto at = std::find(kind.levels.begin(), kind.levels.end(), column.levels[static_cast<std::size_t>(value)]);
    return at == kind.levels.end() ? unknownName : static_cast<std::size_t>(at - kind.levels.begin());
}

Lime::Draw Lime::drawText(double drawn, std::uint32_t last)
{
    if (drawn < 0.5)
        return {last, true};
    return {static_cast<std::uint32_t>((drawn - 0.5) * 2.0 * last), false};
}

Lime::Draw Lime::drawOf(const Kind& kind, double drawn, std::size_t own)
{
    // One number says which bin, and where in it. Few bins are counted without a branch, which would be wrong half the time.
    constexpr std::size_t few = 8;
    std::size_t bin = 0;
    if (kind.upTo.size() <= few) {
        for (std::size_t k = 0; k + 1 < kind.upTo.size(); ++k)
            bin += drawn >= kind.upTo[k] ? 1 : 0;
    } else {
        bin = static_cast<std::size_t>(std::upper_bound(kind.upTo.begin(), kind.upTo.end(), drawn) - kind.upTo.begin());
    }
    const auto within = static_cast<std::size_t>((drawn - kind.from[bin]) * kind.perShare[bin]);
    return {static_cast<std::uint32_t>(bin * kind.each + std::min(kind.each - 1, within)), bin == own};
}

Attributions Lime::explain(const EffectRows& rows, std::span<const std::size_t> numbers, std::vector<double> base, const LimeSpec& spec, Task& task) const
{
    const std::size_t columns = m_kinds.size(), outputs = rows.outputs(), count = samplesOf(spec);
    checkLime(spec, columns);
    Attributions made;
    made.base = std::move(base);
    made.evaluations = count;
    made.values.assign(rows.rows() * outputs * columns, 0.0);
    made.errors = made.values;

    std::vector<std::vector<double>> known;
    for (const EffectColumn& column : rows.columns())
        known.push_back(column.values);
    const std::vector<EffectValues> own = rows.prepareAll(std::move(known));
    std::vector<Sampled> sampled(columns);
    for (std::size_t column = 0; column < columns; ++column)
        sampled[column].values = m_kinds[column].values;
    // Columns that differ from the row's, one by one, are 1 apart each.
    const double width = 0.75 * std::sqrt(static_cast<double>(columns));
    std::vector<double> weightOf;
    for (std::size_t apart = 0; apart <= columns; ++apart)
        weightOf.push_back(localWeight(std::sqrt(static_cast<double>(apart)), width));

    LocalSamples samples;
    samples.count = count;
    samples.players = columns;
    samples.values.resize(count * columns);
    std::vector<double> answers(outputs * count), weights(count); // [outputs, samples]
    std::vector<std::size_t> bin(columns), apart, at;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        Random random(spec.seed, "lime/" + std::to_string(numbers[row]));
        std::vector<Replacement> replacements;
        for (std::size_t column = 0; column < columns; ++column) {
            append(sampled[column].values, own[column], row);
            if (rows.columns()[column].type == ColumnType::Text)
                continue;
            const std::vector<std::size_t>& names = m_kinds[column].names;
            const std::size_t name = nameOf(m_kinds[column], rows.columns()[column], rows.columns()[column].values[row]);
            bin[column] = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
        }
        for (std::size_t begin = 0; begin < count; begin += samplesAtOnce) {
            task.checkpoint();
            const std::size_t size = std::min(samplesAtOnce, count - begin);
            for (Sampled& column : sampled)
                column.picked.resize(size);
            apart.assign(size, 0);
            for (std::size_t column = 0; column < columns; ++column) {
                const bool text = rows.columns()[column].type == ColumnType::Text;
                const auto last = static_cast<std::uint32_t>(sampled[column].values.values.size() - 1);
                for (std::size_t i = 0; i < size; ++i) {
                    const double drawn = random.uniform();
                    const Draw draw = text ? drawText(drawn, last) : drawOf(m_kinds[column], drawn, bin[column]);
                    const bool isRow = begin + i == 0; // the first sample is the row itself
                    sampled[column].picked[i] = isRow ? last : draw.pick;
                    samples.values[(begin + i) * columns + column] = isRow || draw.isSame ? 1.0 : 0.0;
                    apart[i] += isRow || draw.isSame ? 0 : 1;
                }
            }
            for (std::size_t i = 0; i < size; ++i)
                weights[begin + i] = weightOf[apart[i]];
            replacements.clear();
            for (const Sampled& column : sampled)
                replacements.push_back({&column.values, column.picked});
            at.assign(size, row);
            const std::vector<double> found = rows.predict(at, replacements, task);
            for (std::size_t i = 0; i < size; ++i) {
                for (std::size_t output = 0; output < outputs; ++output)
                    answers[output * count + begin + i] = found[i * outputs + output];
            }
        }
        for (std::size_t column = 0; column < columns; ++column) {
            EffectValues& values = sampled[column].values;
            values.values.pop_back();
            values.numbers.resize(m_kinds[column].values.numbers.size());
            values.categories.resize(m_kinds[column].values.categories.size());
        }
        const LocalRegression regression(samples, weights, task);
        for (std::size_t output = 0; output < outputs; ++output) {
            const std::span<const double> answer(answers.data() + output * count, count);
            const LocalSurrogate line = regression.fit(answer, regression.select(answer, spec.features > 0 ? SurrogateSelection::Auto : SurrogateSelection::None, spec.features));
            made.predictions.push_back(answer[0]);
            made.fit.push_back(line.determination);
            for (std::size_t k = 0; k < line.players.size(); ++k) {
                const std::size_t place = (row * outputs + output) * columns + line.players[k];
                made.values[place] = line.coefficients[k];
                made.errors[place] = line.errors[k];
            }
        }
        task.report(static_cast<double>(row + 1) / static_cast<double>(rows.rows()), "explain");
    }
    return made;
}

} // namespace limpid
