#include "core/explain/Lime.h"

#include "core/base/Error.h"
#include "core/data/NormalQuantile.h"
#include "core/explain/BinarySamples.h"
#include "core/explain/LocalSurrogate.h"
#include "core/explain/OrderStatistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace limpid {

namespace {

constexpr std::size_t valuesOfBin = 512;
constexpr std::size_t samplesAtOnce = 2048;
constexpr std::size_t missingName = std::numeric_limits<std::size_t>::max();
constexpr std::size_t unknownName = missingName - 1;   // a level that the background does not have

bool isScale(ColumnType type) { return type == ColumnType::Number || type == ColumnType::DateTime; }

double belowNormal(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// What a bin's values are like.
struct BinStats {
    std::size_t count = 0;
    double sum = 0.0, squares = 0.0;    ///< squares: of the differences from the mean
    double mean() const { return sum / static_cast<double>(count); }
    double deviation() const { return std::sqrt(squares / static_cast<double>(count)); }
};

/// Of each of the bins between these edges.
std::vector<BinStats> binStats(const std::vector<double>& values, const std::vector<double>& edges)
{
    std::vector<BinStats> stats(edges.size() + 1);
    std::vector<std::uint8_t> bins(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::size_t bin = 0; // as binOf(), without a branch
        for (const double edge : edges)
            bin += edge < values[i] ? 1 : 0;
        bins[i] = static_cast<std::uint8_t>(bin);
        ++stats[bin].count;
        stats[bin].sum += values[i];
    }
    std::vector<double> means;
    for (const BinStats& bin : stats)
        means.push_back(bin.count > 0 ? bin.mean() : 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
        stats[bins[i]].squares += (values[i] - means[bins[i]]) * (values[i] - means[bins[i]]);
    return stats;
}

/// Values of equal probability under a normal distribution of that mean and deviation, cut off at `low` and `high`.
void addCutNormal(const BinStats& like, double low, double high, std::vector<double>& to)
{
    const double mean = like.mean(), deviation = like.deviation();
    const bool isOne = !(deviation > 0.0) || !(high > low);
    const double begin = isOne ? 0.0 : belowNormal((low - mean) / deviation), end = isOne ? 0.0 : belowNormal((high - mean) / deviation);
    for (std::size_t i = 0; i < valuesOfBin; ++i) {
        const double share = begin + (end - begin) * (static_cast<double>(i) + 0.5) / static_cast<double>(valuesOfBin);
        to.push_back(isOne ? mean : std::clamp(mean + deviation * normalQuantile(share), low, high));
    }
}

/// quartileEdges() of values in any order: it reads no more of them than those that stand where a quarter of the way ends.
std::vector<double> edgesOf(const std::vector<double>& values)
{
    const std::size_t last = values.size() - 1;
    std::vector<std::size_t> places;
    for (const std::size_t quarter : {1, 2, 3}) {
        places.push_back(quarter * last / 4);
        places.push_back(std::min(quarter * last / 4 + 1, last));
    }
    const std::vector<double> found = orderStatistics(values, places);
    std::vector<double> edges;
    for (std::size_t k = 0; k < found.size(); k += 2) {
        const double place = 0.25 * static_cast<double>(k / 2 + 1) * static_cast<double>(last);
        edges.push_back(found[k] + (found[k + 1] - found[k]) * (place - static_cast<double>(places[k])));
    }
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

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
    if (scale)
        kind.edges = edgesOf(present);
    const std::size_t gaps = known.values.size() - present.size();
    std::size_t until = 0;
    const auto add = [&](std::size_t name, std::size_t count) {
        constexpr std::uint64_t whole = std::uint64_t{1} << 32;
        until += count;
        const double share = static_cast<double>(until) / static_cast<double>(known.values.size());
        kind.names.push_back(name);
        kind.from.push_back(kind.upTo.empty() ? 0 : kind.upTo.back());
        kind.upTo.push_back(until == known.values.size() ? whole : static_cast<std::uint64_t>(share * static_cast<double>(whole)));
        const std::uint64_t wide = kind.upTo.back() - kind.from.back();
        kind.perShare.push_back(wide > 0 ? kind.each * whole / wide : 0);
    };
    if (scale) {
        kind.each = valuesOfBin;
        const auto [least, most] = std::minmax_element(present.begin(), present.end());
        const std::vector<BinStats> stats = binStats(present, kind.edges);
        for (std::size_t bin = 0; bin < stats.size(); ++bin) {
            if (stats[bin].count == 0)
                continue;
            add(bin, stats[bin].count);
            addCutNormal(stats[bin], bin == 0 ? *least : kind.edges[bin - 1], bin == kind.edges.size() ? *most : kind.edges[bin], values);
        }
    } else {
        std::vector<std::size_t> counts(known.levels.size(), 0);
        for (const double value : present)
            ++counts[static_cast<std::size_t>(value)];
        for (std::size_t level = 0; level < counts.size(); ++level) {
            if (counts[level] == 0)
                continue;
            add(level, counts[level]);
            values.push_back(static_cast<double>(level));
        }
    }
    if (gaps > 0) {
        add(missingName, gaps);
        values.insert(values.end(), kind.each, std::numeric_limits<double>::quiet_NaN());
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

namespace {

/// Half of what the stream gives for each of them: 32 bits.
template<class Put>
void drawEach(std::size_t count, Random& random, const Put& put)
{
    std::size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        const std::uint64_t word = random.next();
        put(i, static_cast<std::uint32_t>(word));
        put(i + 1, static_cast<std::uint32_t>(word >> 32));
    }
    if (i < count)
        put(i, static_cast<std::uint32_t>(random.next()));
}

} // namespace

void Lime::draw(const Kind& kind, std::size_t own, Random& random, Draws& draws)
{
    // One number says which bin, and where in it.
    const std::uint64_t *from = kind.from.data(), *perShare = kind.perShare.data();
    std::uint32_t* picked = draws.picked.data();
    std::uint8_t* same = draws.same.data();
    const auto put = [&](std::size_t i, std::uint32_t drawn, std::size_t bin) {
        picked[i] = static_cast<std::uint32_t>(bin * kind.each + ((drawn - from[bin]) * perShare[bin] >> 32));
        same[i] = bin == own ? 1 : 0;
    };
    constexpr std::size_t few = 4;
    if (kind.upTo.size() <= few + 1) { // counted without a branch, which would be wrong half the time
        std::array<std::uint64_t, few> ends;
        ends.fill(kind.upTo.back());
        std::copy(kind.upTo.begin(), kind.upTo.end() - 1, ends.begin());
        drawEach(draws.picked.size(), random, [&](std::size_t i, std::uint32_t drawn) {
            std::size_t bin = 0;
            for (const std::uint64_t end : ends)
                bin += drawn >= end ? 1 : 0;
            put(i, drawn, bin);
        });
    } else {
        drawEach(draws.picked.size(), random, [&](std::size_t i, std::uint32_t drawn) {
            put(i, drawn, static_cast<std::size_t>(std::upper_bound(kind.upTo.begin(), kind.upTo.end(), drawn) - kind.upTo.begin()));
        });
    }
}

void Lime::drawTexts(std::uint32_t last, Random& random, Draws& draws)
{
    drawEach(draws.picked.size(), random, [&](std::size_t i, std::uint32_t drawn) {
        const bool isSame = (drawn & 1) != 0;
        draws.picked[i] = isSame ? last : static_cast<std::uint32_t>((drawn >> 1) * std::uint64_t{last} >> 31);
        draws.same[i] = isSame ? 1 : 0;
    });
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
    std::vector<EffectValues> pools(columns); // the kind's values with the row's own behind them
    for (std::size_t column = 0; column < columns; ++column)
        pools[column] = m_kinds[column].values;
    std::vector<Draws> draws(columns);
    // Columns that differ from the row's, one by one, are 1 apart each.
    const double width = 0.75 * std::sqrt(static_cast<double>(columns));
    std::vector<double> weightOf;
    for (std::size_t apart = 0; apart <= columns; ++apart)
        weightOf.push_back(localWeight(std::sqrt(static_cast<double>(apart)), width));

    BinarySamples samples(count, columns);
    std::vector<double> answers(outputs * count), weights(count); // [outputs, samples]
    std::vector<std::size_t> bin(columns), at;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        Random random(spec.seed, "lime/" + std::to_string(numbers[row]));
        std::vector<Replacement> replacements;
        samples.clear();
        for (std::size_t column = 0; column < columns; ++column) {
            append(pools[column], own[column], row);
            if (rows.columns()[column].type == ColumnType::Text)
                continue;
            const std::vector<std::size_t>& names = m_kinds[column].names;
            const std::size_t name = nameOf(m_kinds[column], rows.columns()[column], rows.columns()[column].values[row]);
            bin[column] = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
        }
        for (std::size_t begin = 0; begin < count; begin += samplesAtOnce) {
            task.checkpoint();
            const std::size_t size = std::min(samplesAtOnce, count - begin);
            replacements.clear();
            for (std::size_t column = 0; column < columns; ++column) {
                const auto last = static_cast<std::uint32_t>(pools[column].values.size() - 1);
                Draws& drawn = draws[column];
                drawn.picked.resize(size);
                drawn.same.resize(size);
                if (rows.columns()[column].type == ColumnType::Text)
                    drawTexts(last, random, drawn);
                else
                    draw(m_kinds[column], bin[column], random, drawn);
                if (begin == 0) { // the first sample is the row itself
                    drawn.picked[0] = last;
                    drawn.same[0] = 1;
                }
                samples.add(column, begin, drawn.same);
                replacements.push_back({&pools[column], drawn.picked});
            }
            for (std::size_t i = 0; i < size; ++i)
                weights[begin + i] = weightOf[columns - samples.ones(begin + i)];
            at.assign(size, row);
            const std::vector<double> found = rows.predict(at, replacements, task);
            for (std::size_t i = 0; i < size; ++i) {
                for (std::size_t output = 0; output < outputs; ++output)
                    answers[output * count + begin + i] = found[i * outputs + output];
            }
        }
        for (std::size_t column = 0; column < columns; ++column) {
            EffectValues& values = pools[column];
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
