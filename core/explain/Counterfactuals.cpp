#include "core/explain/Counterfactuals.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace limpid {

namespace {

using Values = std::vector<double>;   // a row, [columns]

constexpr std::size_t starts = 24;      // of each kind that are refined
constexpr std::size_t beamWidth = 8;
constexpr std::size_t beamMoves = 40;
constexpr std::size_t beamDepth = 4;
constexpr std::size_t sectors = 16;     // a move is shortened by trying so many shares of it at once
constexpr double unusualEffort = 3.0;   // of a pair of values that don't go together, in changes
constexpr double farthest = 3.0;        // deviations; beyond, a value is as far from a row's as it can be

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

struct Move {
    std::size_t column;
    double value;
    double shortfall;
};

struct Candidate {
    Values values;
    std::vector<double> outputs;
    double cost = 0.0;    ///< how much there is to change and, once few are left, how far it is from data
};

class Search
{
public:
    Search(const EffectRows& model, const CounterfactualSpec& spec, Task& task);
    CounterfactualSet run();

private:
    struct Free {
        bool free = false;                   ///< may change
        std::int64_t least = 0, most = 0;    ///< positions, of numbers and date-times
    };
    void findFree();
    std::vector<Candidate> predicted(std::vector<Values> rows);
    std::vector<Move> singleMoves(std::vector<Candidate>& reached);
    void combine(std::vector<Candidate> beam, const std::vector<Move>& moves, std::vector<Candidate>& reached);
    std::vector<Candidate> fromData(std::vector<Candidate>& reached);
    void undo(Candidate& candidate);
    void shorten(Candidate& candidate);
    void shorten(Candidate& candidate, std::size_t column);
    std::vector<std::size_t> changed(const Values& values) const;
    double distance(const Values& a, const Values& b) const;
    double toData(const Values& values) const;
    double effort(const Values& values) const;
    std::vector<std::size_t> putBackWith(std::size_t column, const Candidate& candidate) const;
    void keepNearest(std::vector<Candidate>& candidates) const;
    std::vector<Candidate> diverse(std::vector<Candidate> candidates) const;
    bool goesBeyond(const Values& values, const Values& other) const;
    std::string signature(const Values& values) const;

    const EffectRows& m_model;
    const CounterfactualSpec& m_spec;
    Task& m_task;
    const std::vector<EffectColumn>& m_columns;
    std::vector<std::size_t> m_observed;
    std::optional<UnusualPairs> m_pairs;
    std::vector<Free> m_free;
    Values m_row;
    /// Encoded once each: [columns], and where in it a value stands.
    std::vector<EffectValues> m_encoded;
    std::vector<std::map<double, std::uint32_t>> m_places;
    CounterfactualSet m_found;
    double m_closest = std::numeric_limits<double>::infinity();
};

Search::Search(const EffectRows& model, const CounterfactualSpec& spec, Task& task)
    : m_model(model), m_spec(spec), m_task(task), m_columns(model.columns()), m_free(m_columns.size()), m_encoded(m_columns.size()),
      m_places(m_columns.size())
{
    for (std::size_t row = 0; row < model.rows(); ++row)
        if (row != spec.row)
            m_observed.push_back(row);
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        m_row.push_back(m_columns[column].values[spec.row]);
        m_encoded[column].column = column;
        m_found.scales.push_back(scaleOf(m_columns[column], m_observed));
    }
    m_pairs.emplace(m_columns, m_observed, m_found.scales);
}

void Search::findFree()
{
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        const ColumnScale& scale = m_found.scales[column];
        Free& free = m_free[column];
        free.free = scale.any && scale.type != ColumnType::Text
                    && std::find(m_spec.locked.begin(), m_spec.locked.end(), column) == m_spec.locked.end();
        if (!scale.isOrdered() || !scale.any)
            continue;
        double least = scale.least, most = scale.most;
        for (const ColumnBounds& bounds : m_spec.bounds) {
            if (bounds.column == column) {
                least = std::max(least, bounds.atLeast);
                most = std::min(most, bounds.atMost);
            }
        }
        free.least = scale.position(least);
        free.most = scale.position(most);
        // The nearest position may lie just outside.
        while (free.least <= free.most && scale.valueAt(free.least) < least)
            ++free.least;
        while (free.least <= free.most && scale.valueAt(free.most) > most)
            --free.most;
        const bool empty = least > most || free.least > free.most || scale.valueAt(free.least) < least;
        if (!empty)
            continue;
        for (const ColumnBounds& bounds : m_spec.bounds)
            if (bounds.column == column)
                throw Error(ErrorCode::OptionInvalid, {{"name", "bounds"}, {"value", m_columns[column].name},
                                                       {"expected", cellText(m_columns[column], scale.least) + " … " + cellText(m_columns[column], scale.most)}});
        free.free = false; // a range narrower than its own precision
    }
}

std::vector<Candidate> Search::predicted(std::vector<Values> rows)
{
    m_task.checkpoint();
    std::vector<Candidate> candidates;
    if (rows.empty())
        return candidates;
    std::vector<std::vector<std::uint32_t>> indices(m_columns.size());
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        if (std::all_of(rows.begin(), rows.end(), [&](const Values& row) { return same(row[column], m_row[column]); }))
            continue;
        // The row's own value, which may be missing, stands at place 0 and is in no map.
        Values fresh;
        EffectValues& encoded = m_encoded[column];
        if (encoded.values.empty())
            fresh.push_back(m_row[column]);
        for (const Values& row : rows) {
            if (same(row[column], m_row[column])) {
                indices[column].push_back(0);
                continue;
            }
            const auto [place, isNew] = m_places[column].emplace(row[column], static_cast<std::uint32_t>(encoded.values.size() + fresh.size()));
            if (isNew)
                fresh.push_back(row[column]);
            indices[column].push_back(place->second);
        }
        if (fresh.empty())
            continue;
        m_task.checkpoint();
        const EffectValues more = m_model.prepare(column, fresh);
        encoded.values.insert(encoded.values.end(), more.values.begin(), more.values.end());
        encoded.numbers.insert(encoded.numbers.end(), more.numbers.begin(), more.numbers.end());
        encoded.categories.insert(encoded.categories.end(), more.categories.begin(), more.categories.end());
    }
    std::vector<Replacement> replacements;
    for (std::size_t column = 0; column < m_columns.size(); ++column)
        if (!indices[column].empty())
            replacements.push_back({&m_encoded[column], indices[column]});
    const std::size_t outputs = m_model.outputs();
    const std::vector<double> values = m_model.predict(std::vector<std::size_t>(rows.size(), m_spec.row), replacements, m_task);
    m_found.modelRows += rows.size();
    candidates.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * outputs);
        candidates.push_back({std::move(rows[i]), {begin, begin + static_cast<std::ptrdiff_t>(outputs)}});
        if (const double lack = m_spec.wanted.shortfall(candidates.back().outputs); lack < m_closest) {
            m_closest = lack;
            m_found.closest = candidates.back().outputs;
        }
    }
    return candidates;
}

/// Every free column to some of its values, one at a time. Those that do not reach what is wanted, the strongest first.
std::vector<Move> Search::singleMoves(std::vector<Candidate>& reached)
{
    std::vector<Move> moves;
    std::vector<Values> rows;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        if (!m_free[column].free)
            continue;
        const ColumnScale& scale = m_found.scales[column];
        std::set<double> values;
        if (!scale.isOrdered()) {
            values.insert(scale.few.begin(), scale.few.end());
        } else {
            for (const double value : scale.quantiles)
                values.insert(scale.valueAt(std::clamp(scale.position(value), m_free[column].least, m_free[column].most)));
        }
        for (const double value : values) {
            if (same(value, m_row[column]))
                continue;
            moves.push_back({column, value, 0.0});
            rows.push_back(m_row);
            rows.back()[column] = value;
        }
    }
    std::vector<Candidate> tried = predicted(std::move(rows));
    std::vector<Move> open;
    for (std::size_t i = 0; i < tried.size(); ++i) {
        moves[i].shortfall = m_spec.wanted.shortfall(tried[i].outputs);
        if (m_spec.wanted.isReached(tried[i].outputs))
            reached.push_back(std::move(tried[i]));
        else
            open.push_back(moves[i]);
    }
    std::stable_sort(open.begin(), open.end(), [](const Move& a, const Move& b) { return a.shortfall < b.shortfall; });
    // The two strongest of each column, and no column twice before each was there once.
    std::map<std::size_t, int> times;
    std::vector<Move> first, second;
    for (const Move& move : open) {
        const int before = times[move.column]++;
        if (before < 2)
            (before == 0 ? first : second).push_back(move);
    }
    first.insert(first.end(), second.begin(), second.end());
    first.resize(std::min(first.size(), beamMoves));
    return first;
}

/// Adds moves to the rows that came nearest, up to beamDepth changes more.
void Search::combine(std::vector<Candidate> beam, const std::vector<Move>& moves, std::vector<Candidate>& reached)
{
    for (std::size_t depth = 1; depth < beamDepth && !beam.empty() && !m_task.isFinishing(); ++depth) {
        std::set<Values> seen; // by order of first appearance below; missing values only stand where the row has them
        std::vector<Values> rows;
        for (const Candidate& from : beam) {
            for (const Move& move : moves) {
                if (!same(from.values[move.column], m_row[move.column]))
                    continue;
                Values row = from.values;
                row[move.column] = move.value;
                Values key = row;
                std::replace_if(key.begin(), key.end(), [](double value) { return std::isnan(value); }, -std::numeric_limits<double>::infinity());
                if (seen.insert(std::move(key)).second)
                    rows.push_back(std::move(row));
            }
        }
        std::vector<Candidate> open;
        for (Candidate& tried : predicted(std::move(rows)))
            (m_spec.wanted.isReached(tried.outputs) ? reached : open).push_back(std::move(tried));
        std::stable_sort(open.begin(), open.end(), [&](const Candidate& a, const Candidate& b) {
            return m_spec.wanted.shortfall(a.outputs) < m_spec.wanted.shortfall(b.outputs);
        });
        open.resize(std::min(open.size(), beamWidth));
        beam = std::move(open);
    }
}

/// The row with the free columns of each observed row. Those that do not reach what is wanted, the nearest first.
std::vector<Candidate> Search::fromData(std::vector<Candidate>& reached)
{
    std::vector<Values> rows;
    for (const std::size_t from : m_observed) {
        Values row = m_row;
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            const double value = m_columns[column].values[from];
            if (!m_free[column].free || std::isnan(value))
                continue;
            const ColumnScale& scale = m_found.scales[column];
            row[column] = scale.isOrdered() ? scale.valueAt(std::clamp(scale.position(value), m_free[column].least, m_free[column].most)) : value;
        }
        rows.push_back(std::move(row));
    }
    std::vector<Candidate> open;
    for (Candidate& tried : predicted(std::move(rows)))
        (m_spec.wanted.isReached(tried.outputs) ? reached : open).push_back(std::move(tried));
    std::stable_sort(open.begin(), open.end(), [&](const Candidate& a, const Candidate& b) {
        return m_spec.wanted.shortfall(a.outputs) < m_spec.wanted.shortfall(b.outputs);
    });
    open.resize(std::min(open.size(), beamWidth));
    return open;
}

std::vector<std::size_t> Search::changed(const Values& values) const
{
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < values.size(); ++column)
        if (!same(values[column], m_row[column]))
            columns.push_back(column);
    return columns;
}

double Search::distance(const Values& a, const Values& b) const
{
    double sum = 0.0;
    for (std::size_t column = 0; column < a.size(); ++column)
        sum += m_found.scales[column].distance(a[column], b[column]);
    return sum;
}

double Search::toData(const Values& values) const
{
    double nearest = std::numeric_limits<double>::infinity();
    for (const std::size_t row : m_observed) {
        double sum = 0.0;
        for (std::size_t column = 0; column < values.size() && sum < nearest; ++column)
            if (m_found.scales[column].type != ColumnType::Text)
                sum += std::min(farthest, m_found.scales[column].distance(values[column], m_columns[column].values[row]));
        nearest = std::min(nearest, sum);
    }
    return nearest / static_cast<double>(values.size());
}

double Search::effort(const Values& values) const
{
    const std::vector<std::size_t> columns = changed(values);
    return distance(values, m_row) + static_cast<double>(columns.size()) + unusualEffort * static_cast<double>(m_pairs->of(values, columns).size());
}

/// The column, and with it the changed ones whose values would not go with its own: a wife's sex and her relationship.
std::vector<std::size_t> Search::putBackWith(std::size_t column, const Candidate& candidate) const
{
    const std::vector<std::size_t> columns = changed(candidate.values);
    std::vector<std::size_t> together{column};
    for (std::size_t i = 0; i < together.size(); ++i) {
        const std::size_t back = together[i];
        for (const std::size_t other : columns) {
            if (std::find(together.begin(), together.end(), other) == together.end()
                && m_pairs->pair(back, m_row[back], other, candidate.values[other]) && !m_pairs->pair(back, candidate.values[back], other, candidate.values[other]))
                together.push_back(other);
        }
    }
    return together;
}

/// Puts back what can be put back while the prediction stays as wanted: many columns at once, those first that matter least.
void Search::undo(Candidate& candidate)
{
    while (!m_task.isFinishing()) {
        const std::vector<std::size_t> columns = changed(candidate.values);
        if (columns.size() < 2)
            return;
        struct Undo {
            std::vector<std::size_t> columns;
            double gain = 0.0;   // of distance, for what it takes of the prediction's margin
        };
        std::vector<Undo> steps;
        std::vector<Values> rows;
        const auto putBack = [&](Values& values, const Undo& step) {
            for (const std::size_t column : step.columns)
                values[column] = m_row[column];
        };
        for (const std::size_t column : columns) {
            Undo step{putBackWith(column, candidate)};
            if (step.columns.size() == columns.size())
                continue; // then nothing is changed
            putBack(rows.emplace_back(candidate.values), step);
            steps.push_back(std::move(step));
        }
        const std::vector<Candidate> tried = predicted(std::move(rows));
        std::vector<Undo> possible;
        const double margin = -m_spec.wanted.shortfall(candidate.outputs);
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (!m_spec.wanted.isReached(tried[i].outputs))
                continue;
            const double taken = std::max(margin + m_spec.wanted.shortfall(tried[i].outputs), 0.0);
            double saved = 0.0;
            for (const std::size_t column : steps[i].columns)
                saved += 1.0 + std::min(farthest, m_found.scales[column].distance(candidate.values[column], m_row[column]));
            possible.push_back({std::move(steps[i].columns), saved / (taken + 1e-9)});
        }
        if (possible.empty())
            return;
        std::stable_sort(possible.begin(), possible.end(), [](const Undo& a, const Undo& b) { return a.gain > b.gain; });
        rows.assign(possible.size(), candidate.values);
        for (std::size_t i = 0; i < possible.size(); ++i)
            for (std::size_t j = 0; j <= i; ++j)
                putBack(rows[i], possible[j]);
        std::vector<Candidate> prefixes = predicted(std::move(rows));
        std::size_t longest = 0;
        while (longest < prefixes.size() && m_spec.wanted.isReached(prefixes[longest].outputs) && !changed(prefixes[longest].values).empty())
            ++longest;
        if (longest == 0)
            return; // the first prefix is a single one; in a batch of another size its last bits may differ
        candidate = std::move(prefixes[longest - 1]);
    }
}

/// The value nearest to the row's that still does; where the row has none, nearest to the median.
void Search::shorten(Candidate& candidate, std::size_t column)
{
    const ColumnScale& scale = m_found.scales[column];
    const Free& free = m_free[column];
    double own = m_row[column];
    if (std::isnan(own)) { // then the usual value is the nearest
        own = scale.valueAt(std::clamp(scale.position(scale.quantiles[scale.quantiles.size() / 2]), free.least, free.most));
        if (own == candidate.values[column])
            return;
        Values row = candidate.values;
        row[column] = own;
        std::vector<Candidate> usual = predicted({std::move(row)});
        if (m_spec.wanted.isReached(usual.front().outputs)) {
            candidate = std::move(usual.front());
            return;
        }
    }
    std::int64_t failing = std::clamp(scale.position(own), free.least - 1, free.most + 1);
    std::int64_t good = scale.position(candidate.values[column]);
    while (std::abs(good - failing) > 1 && !m_task.isFinishing()) {
        // Ascending in distance from the row's own value.
        std::vector<std::int64_t> positions;
        const std::int64_t width = good - failing;
        for (std::size_t i = 0; i < sectors; ++i) {
            const std::int64_t position = failing + static_cast<std::int64_t>(std::llround(static_cast<double>(width) * static_cast<double>(i) / static_cast<double>(sectors)));
            if (position != good && position != failing && position >= free.least && position <= free.most
                && (positions.empty() || positions.back() != position))
                positions.push_back(position);
        }
        std::vector<Values> rows(positions.size(), candidate.values);
        for (std::size_t i = 0; i < positions.size(); ++i)
            rows[i][column] = scale.valueAt(positions[i]);
        std::vector<Candidate> tried = predicted(std::move(rows));
        std::size_t first = 0;
        while (first < tried.size() && !m_spec.wanted.isReached(tried[first].outputs))
            ++first;
        if (first > 0)
            failing = positions[first - 1];
        if (first < tried.size()) {
            good = positions[first];
            candidate = std::move(tried[first]);
        } else if (first == 0) {
            return;
        }
    }
}

void Search::shorten(Candidate& candidate)
{
    std::vector<std::size_t> columns = changed(candidate.values);
    const auto way = [&](std::size_t column) { return m_found.scales[column].distance(candidate.values[column], m_row[column]); };
    std::stable_sort(columns.begin(), columns.end(), [&](std::size_t a, std::size_t b) { return way(a) > way(b); });
    for (const std::size_t column : columns)
        if (m_found.scales[column].isOrdered())
            shorten(candidate, column);
}

/// What is changed in which direction, or to which level.
std::string Search::signature(const Values& values) const
{
    std::string text;
    for (const std::size_t column : changed(values)) {
        text += std::to_string(column);
        if (!m_found.scales[column].isOrdered())
            text += '=' + std::to_string(static_cast<long long>(values[column]));
        else
            text += values[column] > m_row[column] ? '+' : '-';
    }
    return text;
}

/// Of each signature the one with the least effort, and of these the first `starts`.
void Search::keepNearest(std::vector<Candidate>& candidates) const
{
    for (Candidate& candidate : candidates)
        candidate.cost = effort(candidate.values);
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
    std::set<std::string> seen;
    std::vector<Candidate> kept;
    for (Candidate& candidate : candidates)
        if (kept.size() < starts && seen.insert(signature(candidate.values)).second)
            kept.push_back(std::move(candidate));
    candidates = std::move(kept);
}

/// Changes all that the other does, the same way, and more.
bool Search::goesBeyond(const Values& values, const Values& other) const
{
    for (std::size_t column = 0; column < values.size(); ++column) {
        if (same(other[column], m_row[column]))
            continue;
        if (m_found.scales[column].isOrdered() ? same(values[column], m_row[column]) || (values[column] > m_row[column]) != (other[column] > m_row[column])
                                               : values[column] != other[column])
            return false;
    }
    return changed(values).size() > changed(other).size();
}

/// The cheapest first, then each time the one that is cheap and unlike those chosen.
std::vector<Candidate> Search::diverse(std::vector<Candidate> candidates) const
{
    // What does not go together is told of where there is nothing else.
    const auto isUsual = [&](const Candidate& candidate) { return m_pairs->of(candidate.values, changed(candidate.values)).empty(); };
    if (std::any_of(candidates.begin(), candidates.end(), isUsual))
        std::erase_if(candidates, [&](const Candidate& candidate) { return !isUsual(candidate); });
    keepNearest(candidates);
    for (Candidate& candidate : candidates) {
        m_task.checkpoint();
        if (!m_task.isFinishing())
            candidate.cost += toData(candidate.values); // takes long, so of few
    }
    std::vector<Candidate> chosen;
    while (chosen.size() < m_spec.alternatives && !candidates.empty()) {
        const double cheapest = chosen.empty() ? 0.0 : chosen.front().cost;
        const auto price = [&](const Candidate& candidate) {
            double likeness = 0.0;
            for (const Candidate& other : chosen)
                likeness = std::max(likeness, 1.0 / (1.0 + distance(candidate.values, other.values)));
            return candidate.cost + cheapest * likeness;
        };
        const auto best = std::min_element(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) { return price(a) < price(b); });
        chosen.push_back(std::move(*best));
        candidates.erase(best);
        std::erase_if(candidates, [&](const Candidate& candidate) { return goesBeyond(candidate.values, chosen.back().values); });
    }
    std::stable_sort(chosen.begin(), chosen.end(), [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
    return chosen;
}

CounterfactualSet Search::run()
{
    using Reason = CounterfactualSet::Reason;
    findFree();
    m_found.outputs = m_model.predict(std::vector<std::size_t>{m_spec.row}, {}, m_task);
    ++m_found.modelRows;
    if (m_spec.wanted.isReached(m_found.outputs)) {
        m_found.reason = Reason::AlreadyReached;
        return std::move(m_found);
    }
    if (std::none_of(m_free.begin(), m_free.end(), [](const Free& free) { return free.free; })) {
        m_found.reason = Reason::NothingFree;
        return std::move(m_found);
    }

    std::vector<Candidate> few, whole;
    const std::vector<Move> moves = singleMoves(few);
    std::vector<Candidate> beam;
    for (std::size_t i = 0; i < std::min(beamWidth, moves.size()); ++i) {
        beam.push_back({m_row, {}});
        beam.back().values[moves[i].column] = moves[i].value;
    }
    combine(std::move(beam), moves, few);
    m_task.report(0.2, "explain");
    if (!m_task.isFinishing()) {
        std::vector<Candidate> nearly = fromData(whole);
        if (few.empty() && whole.empty())
            combine(std::move(nearly), moves, whole);
    }
    m_task.report(0.4, "explain");
    keepNearest(few);
    keepNearest(whole);
    std::vector<Candidate> all = std::move(few);
    std::move(whole.begin(), whole.end(), std::back_inserter(all));
    for (std::size_t i = 0; i < all.size() && !m_task.isFinishing(); ++i) {
        undo(all[i]);
        shorten(all[i]);
        m_task.report(0.4 + 0.6 * static_cast<double>(i + 1) / static_cast<double>(all.size()), "explain");
    }
    std::vector<Values> rows;
    for (Candidate& candidate : diverse(std::move(all)))
        rows.push_back(std::move(candidate.values));
    // Once more, together: what is told is what the model says now, and a prediction on the very edge may have tipped.
    for (Candidate& candidate : predicted(std::move(rows))) {
        if (!m_spec.wanted.isReached(candidate.outputs))
            continue;
        Counterfactual found;
        found.changed = changed(candidate.values);
        found.distance = distance(candidate.values, m_row);
        found.toData = toData(candidate.values);
        found.unusual = m_pairs->of(candidate.values, found.changed);
        found.outputs = std::move(candidate.outputs);
        found.values = std::move(candidate.values);
        m_found.alternatives.push_back(std::move(found));
    }
    if (!m_found.alternatives.empty())
        m_found.closest.clear();
    m_found.reason = !m_found.alternatives.empty() ? Reason::Found : m_task.isFinishing() ? Reason::Stopped : Reason::NotReached;
    return std::move(m_found);
}

} // namespace

CounterfactualSet findCounterfactuals(const EffectRows& model, const CounterfactualSpec& spec, Task& task)
{
    return Search(model, spec, task).run();
}

} // namespace limpid
