#include "core/workbench/ExplainQuality.h"

#include "core/base/Clock.h"
#include "core/base/OptionErrors.h"
#include "core/model/Randomisable.h"
#include "core/workbench/RowChunks.h"
#include "core/workbench/RowMethod.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t setsPerRepeat = 10;
constexpr std::size_t mostStages = 6, weightDraws = 3;
constexpr std::size_t topCompared = 3;
constexpr std::size_t mostRevealed = 64;   // steps of a curve: see revealCurves()

bool asks(const QualityRequest& quality, const char* measure)
{
    return std::find(quality.measures.begin(), quality.measures.end(), measure) != quality.measures.end();
}

/// Whether a value says which way, and not only how strongly, its player moves the output.
bool saysWhichWay(const std::string& method)
{
    return addsUp(method) || method == "occlusion" || method == "lime" || method == "input-x-gradient";
}

/// The same rows, background and seed, by another method with its own settings.
ExplainRequest byMethod(const ExplainRequest& request, const std::string& method)
{
    if (method == request.method)
        return request;
    ExplainRequest other = request;
    other.method = method;
    other.budget = 0;
    other.resolveTop = 0;
    other.attribution = {};
    return other;
}

std::vector<std::string> comparedMethods(const Predictor& predictor, const ExplainRequest& request, const QualityRequest& quality)
{
    std::vector<std::string> methods{request.method};
    const auto add = [&](const std::string& method) {
        if (std::find(methods.begin(), methods.end(), method) == methods.end())
            methods.push_back(method);
    };
    for (const std::string& method : quality.methods)
        add(method);
    if (!quality.methods.empty())
        return methods;
    for (const char* method : {"leverage", "deeplift", "expected-gradients", "lime"}) {
        try {
            checkRowMethod(predictor, byMethod(request, method));
            add(method);
        } catch (const Error&) {
            // does not apply to this model, or to groups of columns
        }
    }
    if (methods.size() < 2)
        add("permutation");
    return methods;
}

/// The table with the numbers of its columns moved a little: evenly, by at most `reach` of each.
Table moved(const Table& table, const std::vector<double>& reach, Random& random)
{
    std::vector<Column> columns;
    for (std::size_t i = 0; i < table.columnCount(); ++i) {
        const Column& column = table.column(i);
        if (reach[i] == 0.0) {
            columns.push_back(column);
            continue;
        }
        std::vector<double> values(column.numbers().begin(), column.numbers().end());
        for (double& value : values)
            value += reach[i] * (2.0 * random.uniform() - 1.0); // a gap stays one
        columns.push_back(Column::numbers(column.name(), std::move(values)));
    }
    return Table(std::move(columns));
}

/// What one question takes: the rows, what they are compared with, and their explanation.
class Judge
{
public:
    Judge(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows, const ExplainRequest& request,
          const QualityRequest& quality, const std::function<void(const QualityOutcome&)>& onPart, Task& task)
        : m_predictor(predictor), m_table(table), m_request(request), m_quality(quality), m_onPart(onPart), m_task(task),
          m_background(chooseBackground(predictor, table, backgroundRows.empty() ? allRows(table) : std::vector(backgroundRows.begin(), backgroundRows.end()),
                                        request.background, request.seed, task))
    {
        Random random(quality.seed, "quality/rows");
        m_outcome.rows = drawBackground(explainedRows(request, table), quality.rows, random.next());
        m_outcome.method = request.method;
        m_outcome.output = predictor.outputNames(request.space)[quality.output];
        const std::unique_ptr<RowMethod> method = methodOf(predictor, request);
        m_players = method->players();
        for (const PlayerGroup& player : m_players)
            m_outcome.features.push_back(player.name);
    }

    QualityOutcome judged()
    {
        std::vector<void (Judge::*)()> measures;
        if (asks(m_quality, "insertion") || asks(m_quality, "deletion"))
            measures.push_back(&Judge::reveal);
        if (asks(m_quality, "infidelity"))
            measures.push_back(&Judge::judgeInfidelity);
        if (asks(m_quality, "sensitivity"))
            measures.push_back(&Judge::judgeSensitivity);
        if (asks(m_quality, "randomisation"))
            measures.push_back(&Judge::judgeRandomisation);
        if (asks(m_quality, "agreement"))
            measures.push_back(&Judge::judgeAgreement);
        m_parts = measures.size() + 1;
        tell(0.0);
        const EncodedRows rows = encodedRows(m_predictor, m_table, m_outcome.rows);
        m_values = explained(m_predictor, m_request, rows);
        m_game = gameAgainst(m_predictor, rows.features, background(m_predictor), m_request.space);
        m_grouped.emplace(*m_game, m_players);
        for (auto measure : measures) {
            ++m_done;
            (this->*measure)();
        }
        m_outcome.complete = !m_task.isFinishing();
        m_outcome.seconds = m_clock.seconds();
        return std::move(m_outcome);
    }

    /// Every part by a trial, and as often as the measures ask for it.
    ExplainCost cost()
    {
        const std::size_t rows = m_outcome.rows.size(), players = m_players.size();
        const EncodedRows few = encodedRows(m_predictor, m_table, {m_outcome.rows.begin(), m_outcome.rows.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rows, 4))});
        ExplainCost all;
        const auto add = [&all](const ExplainCost& part, double times) {
            all.modelRows += static_cast<std::uint64_t>(times * static_cast<double>(part.modelRows));
            all.seconds += times * part.seconds;
        };
        const auto explaining = [&](const ExplainRequest& request) {
            m_task.checkpoint();
            return methodOf(m_predictor, request)->cost(few, rows, m_task);
        };
        double coalitions = 0.0, explanations = 1.0;
        if (asks(m_quality, "insertion") || asks(m_quality, "deletion"))
            coalitions += static_cast<double>((m_quality.repeats + 2) * (std::min(players, mostRevealed) + 1));
        if (asks(m_quality, "infidelity"))
            coalitions += static_cast<double>(m_quality.repeats * setsPerRepeat);
        const std::vector<double> reach = reaches();
        if (asks(m_quality, "sensitivity") && std::any_of(reach.begin(), reach.end(), [](double one) { return one > 0.0; }))
            explanations += static_cast<double>(m_quality.repeats + 1);
        if (asks(m_quality, "randomisation"))
            explanations += static_cast<double>(weightDraws * std::min(mostStages, dynamic_cast<const Randomisable&>(m_predictor).weightedLayers().size()));
        add(explaining(m_request), explanations);
        if (asks(m_quality, "agreement")) {
            const std::vector<std::string> methods = comparedMethods(m_predictor, m_request, m_quality);
            for (std::size_t i = 1; i < methods.size(); ++i)
                add(explaining(byMethod(m_request, methods[i])), 1.0);
        }
        if (coalitions > 0.0)
            add(playing(few.features, static_cast<std::uint64_t>(coalitions)), static_cast<double>(rows));
        return all;
    }

private:
    /// So many coalitions of one row, by random ones, ever more of them until the time taken says something.
    ExplainCost playing(const Features& few, std::uint64_t coalitions) const
    {
        constexpr double enoughSeconds = 0.05;
        const WeightedRows compared = background(m_predictor);
        const std::unique_ptr<Game> game = gameAgainst(m_predictor, few, compared, m_request.space);
        const GroupedGame grouped(*game, m_players);
        Random random(m_quality.seed, "quality/trial");
        ExplainCost cost{coalitions * compared.rows.rows, 0.0};
        Coalitions trial;
        trial.players = grouped.players();
        double seconds = 0.0;
        for (trial.count = 4; seconds < enoughSeconds && trial.count <= 4 * coalitions; trial.count *= 4) {
            trial.members.resize(trial.count * trial.players);
            for (std::uint8_t& member : trial.members)
                member = random.uniform() < 0.5 ? 1 : 0;
            const Stopwatch clock;
            grouped.valuesOfRow(0, trial, m_task);
            seconds = clock.seconds();
            cost.seconds = seconds / static_cast<double>(trial.count) * static_cast<double>(coalitions);
        }
        return cost;
    }

    using Values = std::vector<std::vector<double>>;   ///< [rows][players], of the output that is judged

    EncodedRows encodedBackground(const Predictor& predictor) const { return encodedRows(predictor, m_table, m_background.rows); }
    WeightedRows background(const Predictor& predictor) const { return {encodedBackground(predictor).features, m_background.weights}; }
    std::unique_ptr<RowMethod> methodOf(const Predictor& predictor, const ExplainRequest& request) const
    {
        return makeRowMethod(predictor, encodedBackground(predictor), m_background.weights, request);
    }

    Values explained(const Predictor& predictor, const ExplainRequest& request, const EncodedRows& rows) const
    {
        Task part(m_task, {}); // its reports would count it as the whole
        const Attributions found = methodOf(predictor, request)->explain(rows, part);
        const std::size_t players = m_players.size(), outputs = predictor.outputCount(request.space);
        Values values;
        for (std::size_t row = 0; row < rows.numbers.size(); ++row) {
            const double* first = found.values.data() + (row * outputs + m_quality.output) * players;
            values.emplace_back(first, first + players);
        }
        return values;
    }

    /// `share` of the measure at work.
    void tell(double share)
    {
        m_task.checkpoint();
        m_outcome.done = (static_cast<double>(m_done) + share) / static_cast<double>(m_parts);
        m_task.report(m_outcome.done, "quality");
        m_outcome.seconds = m_clock.seconds();
        if (m_onPart && m_done > 0)
            m_onPart(m_outcome);
    }
    bool isStopped() const { return m_task.isFinishing(); }
    std::uint64_t seedOfRow(std::size_t row) const { return m_quality.seed + 7919 * m_outcome.rows[row]; }

    void reveal()
    {
        RevealQuality found;
        found.order = saysWhichWay(m_request.method) ? RevealOrder::Value : RevealOrder::Size;
        found.orders = m_quality.repeats;
        std::vector<double> insertion, deletion, random, insertionGain, deletionGain;
        const auto addTo = [](std::vector<double>& sum, const std::vector<double>& curve) {
            sum.resize(curve.size(), 0.0);
            for (std::size_t i = 0; i < curve.size(); ++i)
                sum[i] += curve[i];
        };
        RevealQuality sums;
        for (std::size_t row = 0; row < m_values.size() && !isStopped(); ++row) {
            const RevealCurves curves = revealCurves(*m_grouped, row, m_quality.output, m_values[row], found.order, m_quality.repeats, seedOfRow(row), m_task);
            found.shares = curves.shares;
            addTo(sums.insertion, curves.insertion);
            addTo(sums.deletion, curves.deletion);
            addTo(sums.random, curves.random);
            insertion.push_back(curves.insertionArea);
            deletion.push_back(curves.deletionArea);
            random.push_back(curves.randomArea);
            insertionGain.push_back(curves.insertionArea - curves.randomArea);
            deletionGain.push_back(curves.randomArea - curves.deletionArea);
            const auto mean = [rows = static_cast<double>(row + 1)](std::vector<double> sum) {
                for (double& value : sum)
                    value /= rows;
                return sum;
            };
            found.insertion = mean(sums.insertion);
            found.deletion = mean(sums.deletion);
            found.random = mean(sums.random);
            found.insertionArea = meanFigure(insertion);
            found.deletionArea = meanFigure(deletion);
            found.randomArea = meanFigure(random);
            found.insertionGain = meanFigure(insertionGain);
            found.deletionGain = meanFigure(deletionGain);
            if (row == 0)
                found.randomArea.error = found.insertionGain.error = found.deletionGain.error = curves.randomError;
            m_outcome.reveal = found;
            tell(static_cast<double>(row + 1) / static_cast<double>(m_values.size()));
        }
    }

    void judgeInfidelity()
    {
        InfidelityQuality found;
        found.sets = m_quality.repeats * setsPerRepeat;
        std::vector<double> plain, unexplained;
        for (std::size_t row = 0; row < m_values.size() && !isStopped(); ++row) {
            const Infidelity one = infidelity(*m_grouped, row, m_quality.output, m_values[row], found.sets, seedOfRow(row), m_task);
            plain.push_back(one.infidelity);
            unexplained.push_back(one.unexplained);
            found.infidelity = meanFigure(plain);
            found.unexplained = meanFigure(unexplained);
            m_outcome.infidelity = found;
            tell(static_cast<double>(row + 1) / static_cast<double>(m_values.size()));
        }
    }

    /// How far each column's numbers may move; 0 for what is no number, does not vary or is not the model's.
    std::vector<double> reaches() const
    {
        std::vector<double> reach(m_table.columnCount(), 0.0);
        for (const FeatureGroup& group : m_predictor.pipeline().groups()) {
            const std::size_t index = *m_table.find(group.column);
            const Column& column = m_table.column(index);
            if (column.type() != ColumnType::Number)
                continue;
            std::vector<double> values;
            for (const std::size_t row : m_background.rows)
                values.push_back(column.numbers()[row]);
            const QualityFigure mean = meanFigure(values);
            if (mean.count > 1) // the deviation, out of the mean's error
                reach[index] = m_quality.radius * mean.error * std::sqrt(static_cast<double>(mean.count));
        }
        return reach;
    }

    void judgeSensitivity()
    {
        SensitivityQuality found;
        found.radius = m_quality.radius;
        const std::vector<double> reach = reaches();
        const Table rows = m_table.select(m_outcome.rows);
        std::vector<double> worst(m_outcome.rows.size(), std::numeric_limits<double>::quiet_NaN());
        m_outcome.sensitivity = found;
        if (std::all_of(reach.begin(), reach.end(), [](double one) { return one == 0.0; }))
            return;
        // Of a table of these rows, before as after: methods that draw by a row's number then draw the same.
        const Values before = explained(m_predictor, m_request, encodedRows(m_predictor, rows, allRows(rows)));
        Random random(m_quality.seed, "quality/moves");
        for (; found.draws < m_quality.repeats && !isStopped();) {
            const Table other = moved(rows, reach, random);
            const Values after = explained(m_predictor, m_request, encodedRows(m_predictor, other, allRows(other)));
            for (std::size_t row = 0; row < before.size(); ++row)
                worst[row] = std::fmax(worst[row], relativeChange(before[row], after[row]));
            ++found.draws;
            found.sensitivity = meanFigure(worst);
            found.largest = std::accumulate(worst.begin(), worst.end(), 0.0, [](double a, double b) { return std::fmax(a, b); });
            m_outcome.sensitivity = found;
            tell(static_cast<double>(found.draws) / static_cast<double>(m_quality.repeats));
        }
    }

    void judgeRandomisation()
    {
        const auto& model = dynamic_cast<const Randomisable&>(m_predictor);
        const std::vector<std::string> layers = model.weightedLayers();
        RandomisationQuality found;
        const std::size_t stages = std::min(mostStages, layers.size());
        for (std::size_t i = 1; i <= stages; ++i) {
            const std::size_t count = (i * layers.size() + stages - 1) / stages;
            found.stages.push_back({layers[count - 1], count, {}});
        }
        std::vector<std::vector<double>> correlations(stages);
        Random random(m_quality.seed, "quality/weights");
        for (std::size_t draw = 0; draw < weightDraws; ++draw) {
            const std::uint64_t seed = random.next();
            for (std::size_t i = 0; i < stages && !isStopped(); ++i) {
                const std::unique_ptr<Predictor> other = model.randomised(found.stages[i].layers, seed);
                std::vector<double> ofRows;
                const Values values = explained(*other, m_request, encodedRows(*other, m_table, m_outcome.rows));
                for (std::size_t row = 0; row < values.size(); ++row)
                    ofRows.push_back(sizeRankCorrelation(m_values[row], values[row]));
                correlations[i].push_back(meanFigure(ofRows).mean);
                found.stages[i].correlation = meanFigure(correlations[i]);
                found.draws = draw + 1;
                m_outcome.randomisation = found;
                tell(static_cast<double>(draw * stages + i + 1) / static_cast<double>(weightDraws * stages));
            }
        }
    }

    void judgeAgreement()
    {
        const std::vector<std::string> methods = comparedMethods(m_predictor, m_request, m_quality);
        const EncodedRows rows = encodedRows(m_predictor, m_table, m_outcome.rows);
        std::vector<Values> all;
        for (std::size_t i = 0; i < methods.size() && !isStopped(); ++i) {
            all.push_back(i == 0 ? m_values : explained(m_predictor, byMethod(m_request, methods[i]), rows));
            AgreementQuality found;
            found.methods.assign(methods.begin(), methods.begin() + static_cast<std::ptrdiff_t>(all.size()));
            found.top = std::min(topCompared, m_players.size());
            for (const Values& a : all) {
                for (const Values& b : all) {
                    std::vector<double> correlation, overlap;
                    for (std::size_t row = 0; row < a.size(); ++row) {
                        correlation.push_back(sizeRankCorrelation(a[row], b[row]));
                        overlap.push_back(topOverlap(a[row], b[row], found.top));
                    }
                    found.correlation.push_back(meanFigure(correlation));
                    found.overlap.push_back(meanFigure(overlap));
                }
            }
            m_outcome.agreement = std::move(found);
            tell(static_cast<double>(i + 1) / static_cast<double>(methods.size()));
        }
    }

    const Predictor& m_predictor;
    const Table& m_table;
    const ExplainRequest& m_request;
    const QualityRequest& m_quality;
    const std::function<void(const QualityOutcome&)>& m_onPart;
    Task& m_task;
    Stopwatch m_clock;
    ChosenBackground m_background;
    std::vector<PlayerGroup> m_players;
    Values m_values;
    std::unique_ptr<Game> m_game;
    std::optional<GroupedGame> m_grouped;
    std::size_t m_parts = 1, m_done = 0;
    QualityOutcome m_outcome;
};

} // namespace

const std::vector<std::string>& qualityMeasures()
{
    static const std::vector<std::string> measures{"insertion", "deletion", "infidelity", "sensitivity", "randomisation", "agreement"};
    return measures;
}

void checkQuality(const Predictor& predictor, const ExplainRequest& request, const QualityRequest& quality)
{
    checkRowMethod(predictor, request);
    const std::string expected = alternatives(qualityMeasures());
    if (quality.measures.empty())
        throwOptionInvalid("check", "", expected);
    for (const std::string& measure : quality.measures) {
        if (std::find(qualityMeasures().begin(), qualityMeasures().end(), measure) == qualityMeasures().end())
            throwOptionInvalid("check", measure, expected);
    }
    if (quality.rows == 0)
        throwOptionInvalid("rows", "0", ">= 1");
    if (quality.repeats < 2)
        throwOptionInvalid("repeats", std::to_string(quality.repeats), ">= 2");
    if (!(quality.radius > 0.0))
        throwOptionInvalid("radius", std::to_string(quality.radius), "> 0");
    if (quality.output >= predictor.outputCount(request.space))
        throwOptionInvalid("output", std::to_string(quality.output), "< " + std::to_string(predictor.outputCount(request.space)));
    const auto* model = dynamic_cast<const Randomisable*>(&predictor);
    if (asks(quality, "randomisation") && (!model || model->weightedLayers().empty()))
        throwOptionInvalid("check", "randomisation", "a network with weights");
    if (asks(quality, "agreement")) {
        const std::vector<std::string> methods = comparedMethods(predictor, request, quality);
        for (const std::string& method : methods)
            checkRowMethod(predictor, byMethod(request, method));
        if (methods.size() < 2)
            throwOptionInvalid("check", "agreement", "another method to compare with");
    }
}

QualityOutcome qualityOf(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows, const ExplainRequest& request,
                         const QualityRequest& quality, const std::function<void(const QualityOutcome&)>& onPart, Task& task)
{
    checkQuality(predictor, request, quality);
    return Judge(predictor, table, backgroundRows, request, quality, onPart, task).judged();
}

ExplainCost estimateQualityCost(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows, const ExplainRequest& request,
                                const QualityRequest& quality, Task& task)
{
    checkQuality(predictor, request, quality);
    const std::function<void(const QualityOutcome&)> nobody;
    return Judge(predictor, table, backgroundRows, request, quality, nobody, task).cost();
}

} // namespace limpid
