#include "core/workbench/TextQuality.h"

#include "core/base/Clock.h"
#include "core/base/OptionErrors.h"
#include "core/base/Random.h"
#include "core/explain/TextGame.h"
#include "core/workbench/ExplainedRange.h"
#include "core/workbench/RowChunks.h"
#include "core/workbench/RowMethod.h"

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t setsPerRepeat = 10, curveSteps = 20, mostRevealed = 64;

bool asks(const QualityRequest& quality, const char* measure)
{
    return std::find(quality.measures.begin(), quality.measures.end(), measure) != quality.measures.end();
}

bool asksForCurves(const QualityRequest& quality) { return asks(quality, "insertion") || asks(quality, "deletion"); }

std::string columnOf(const Predictor& predictor, const TextRequest& request)
{
    return request.column.empty() ? textColumns(predictor.pipeline()).at(0) : request.column;
}

/// Those that are judged, ascending.
std::vector<std::size_t> drawnRows(const Table& table, const TextRequest& request, const QualityRequest& quality)
{
    const ExplainedRange explained = explainedRange(request.rowBegin, request.rowEnd, table.rows());
    std::vector<std::size_t> rows(explained.count());
    std::iota(rows.begin(), rows.end(), explained.begin);
    Random random(quality.seed, "quality/rows");
    return drawBackground(std::move(rows), quality.rows, random.next());
}

TextGame gameOf(const Predictor& predictor, const Table& table, const TextRequest& request, std::size_t row)
{
    const std::string name = columnOf(predictor, request);
    const std::vector<FeatureGroup>& groups = predictor.pipeline().groups();
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const FeatureGroup& one) { return one.column == name; });
    const Column& column = table.column(*table.find(name));
    return TextGame(predictor, encodedRows(predictor, table, {row}).features, static_cast<std::size_t>(group - groups.begin()),
                    column.isMissing(row) ? std::string() : column.display(row), request.space);
}

TextRequest ofRow(TextRequest request, std::size_t row)
{
    request.rowBegin = row;
    request.rowEnd = row + 1;
    return request;
}

/// The curve at even shares, by straight lines between its points.
std::vector<double> atSteps(const std::vector<double>& shares, const std::vector<double>& curve)
{
    std::vector<double> steps;
    std::size_t next = 1;
    for (std::size_t i = 0; i <= curveSteps; ++i) {
        const double share = static_cast<double>(i) / curveSteps;
        while (next + 1 < shares.size() && shares[next] < share)
            ++next;
        const double part = std::clamp((share - shares[next - 1]) / (shares[next] - shares[next - 1]), 0.0, 1.0);
        steps.push_back(curve[next - 1] + part * (curve[next] - curve[next - 1]));
    }
    return steps;
}

/// Rows' curves and areas, gathered to their means.
class RevealMeans
{
public:
    void add(const RevealCurves& curves)
    {
        m_rows += 1.0;
        addTo(m_sums.insertion, atSteps(curves.shares, curves.insertion));
        addTo(m_sums.deletion, atSteps(curves.shares, curves.deletion));
        addTo(m_sums.random, atSteps(curves.shares, curves.random));
        m_insertion.push_back(curves.insertionArea);
        m_deletion.push_back(curves.deletionArea);
        m_random.push_back(curves.randomArea);
        m_insertionGain.push_back(curves.insertionArea - curves.randomArea);
        m_deletionGain.push_back(curves.randomArea - curves.deletionArea);
        m_randomError = curves.randomError;
    }
    RevealQuality found(std::size_t orders) const
    {
        RevealQuality made;
        made.orders = orders;
        for (std::size_t i = 0; i <= curveSteps; ++i)
            made.shares.push_back(static_cast<double>(i) / curveSteps);
        made.insertion = mean(m_sums.insertion);
        made.deletion = mean(m_sums.deletion);
        made.random = mean(m_sums.random);
        made.insertionArea = meanFigure(m_insertion);
        made.deletionArea = meanFigure(m_deletion);
        made.randomArea = meanFigure(m_random);
        made.insertionGain = meanFigure(m_insertionGain);
        made.deletionGain = meanFigure(m_deletionGain);
        if (m_insertion.size() == 1)
            made.randomArea.error = made.insertionGain.error = made.deletionGain.error = m_randomError;
        return made;
    }

private:
    static void addTo(std::vector<double>& sum, const std::vector<double>& curve)
    {
        sum.resize(curve.size(), 0.0);
        for (std::size_t i = 0; i < curve.size(); ++i)
            sum[i] += curve[i];
    }
    std::vector<double> mean(std::vector<double> sum) const
    {
        for (double& value : sum)
            value /= m_rows;
        return sum;
    }

    RevealQuality m_sums;
    std::vector<double> m_insertion, m_deletion, m_random, m_insertionGain, m_deletionGain;
    double m_rows = 0.0, m_randomError = 0.0;
};

} // namespace

const std::vector<std::string>& textQualityMeasures()
{
    static const std::vector<std::string> measures{"insertion", "deletion", "infidelity"};
    return measures;
}

void checkTextQuality(const Predictor& predictor, const Table& table, const TextRequest& request, const QualityRequest& quality)
{
    checkTextRequest(predictor, table, request);
    const std::string expected = alternatives(textQualityMeasures());
    if (quality.measures.empty())
        throwOptionInvalid("check", "", expected);
    for (const std::string& measure : quality.measures) {
        if (std::find(textQualityMeasures().begin(), textQualityMeasures().end(), measure) == textQualityMeasures().end())
            throwOptionInvalid("check", measure, expected);
    }
    if (quality.rows == 0)
        throwOptionInvalid("rows", "0", ">= 1");
    if (quality.repeats < 2)
        throwOptionInvalid("repeats", std::to_string(quality.repeats), ">= 2");
    if (quality.output >= predictor.outputCount(request.space))
        throwOptionInvalid("output", std::to_string(quality.output), "< " + std::to_string(predictor.outputCount(request.space)));
}

QualityOutcome qualityOfTexts(const Predictor& predictor, const Table& table, const TextRequest& request, const QualityRequest& quality,
                              const std::function<void(const QualityOutcome&)>& onPart, Task& task)
{
    checkTextQuality(predictor, table, request, quality);
    const Stopwatch clock;
    QualityOutcome outcome;
    outcome.method = request.method;
    outcome.words = true;
    outcome.output = predictor.outputNames(request.space)[quality.output];
    const std::vector<std::size_t> rows = drawnRows(table, request, quality);
    RevealMeans reveal;
    InfidelityQuality infidel;
    infidel.sets = quality.repeats * setsPerRepeat;
    std::vector<double> plain, unexplained;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        task.checkpoint();
        if (task.isFinishing() && i > 0)
            break;
        const TextGame game = gameOf(predictor, table, request, rows[i]);
        if (game.players() > 0) {
            Task part(task, {}); // its reports would count it as the whole
            const TextOutcome found = explainTexts(predictor, table, ofRow(request, rows[i]), {}, part);
            const std::span<const double> values(found.rows.front()->values.data() + quality.output * game.players(), game.players());
            const std::uint64_t seed = quality.seed + 7919 * rows[i];
            if (asksForCurves(quality)) {
                reveal.add(revealCurves(game, 0, quality.output, values, RevealOrder::Value, quality.repeats, seed, task));
                outcome.reveal = reveal.found(quality.repeats);
            }
            if (asks(quality, "infidelity")) {
                const Infidelity one = infidelity(game, 0, quality.output, values, infidel.sets, seed, task);
                plain.push_back(one.infidelity);
                unexplained.push_back(one.unexplained);
                infidel.infidelity = meanFigure(plain);
                infidel.unexplained = meanFigure(unexplained);
                outcome.infidelity = infidel;
            }
            outcome.rows.push_back(rows[i]);
        }
        outcome.done = static_cast<double>(i + 1) / static_cast<double>(rows.size());
        outcome.seconds = clock.seconds();
        task.report(outcome.done, "quality");
        if (onPart)
            onPart(outcome);
    }
    outcome.complete = !task.isFinishing();
    return outcome;
}

ExplainCost estimateTextQualityCost(const Predictor& predictor, const Table& table, const TextRequest& request, const QualityRequest& quality, Task& task)
{
    checkTextQuality(predictor, table, request, quality);
    const std::vector<std::size_t> rows = drawnRows(table, request, quality);
    std::uint64_t predictions = 0;
    for (const std::size_t row : rows) {
        task.checkpoint();
        const std::size_t players = gameOf(predictor, table, request, row).players();
        if (asksForCurves(quality))
            predictions += (quality.repeats + 2) * (std::min(players, mostRevealed) + 1);
        if (asks(quality, "infidelity"))
            predictions += quality.repeats * setsPerRepeat;
        predictions += textEvaluations(predictor, table, ofRow(request, row), task);
    }
    const EncodedRows trial = encodedRows(predictor, table, rows);
    return costOfPredictions(predictor, trial.features, predictions, request.space, task);
}

} // namespace limpid
