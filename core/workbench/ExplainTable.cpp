#include "core/workbench/ExplainTable.h"

#include "core/base/Clock.h"
#include "core/workbench/ExplainMethods.h"
#include "core/workbench/RowChunks.h"
#include "core/workbench/RowMethod.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace limpid {

namespace {

void append(std::vector<double>& to, const std::vector<double>& from)
{
    to.insert(to.end(), from.begin(), from.end());
}

double cellNumber(const Column& column, std::size_t row)
{
    if (column.isMissing(row))
        return std::numeric_limits<double>::quiet_NaN();
    switch (column.type()) {
    case ColumnType::Number:
        return column.numbers()[row];
    case ColumnType::DateTime:
        return static_cast<double>(column.dateTimes()[row]);
    case ColumnType::Category:
    case ColumnType::Boolean:
        return column.codes()[row];
    case ColumnType::Text:
        break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

/// The explained rows in the user's words, for the rows from `begin` on. A group's cells side by side.
void describe(Explanation& explanation, const Table& table, const std::vector<std::vector<std::size_t>>& columns, std::size_t begin)
{
    for (std::size_t i = begin; i < explanation.rows.size(); ++i) {
        for (const std::vector<std::size_t>& own : columns) {
            std::string text;
            for (const std::size_t column : own)
                text += (text.empty() ? "" : ", ") + table.column(column).display(explanation.rows[i]);
            explanation.cellText.push_back(std::move(text));
            explanation.cellNumber.push_back(own.size() == 1 ? cellNumber(table.column(own.front()), explanation.rows[i])
                                                             : std::numeric_limits<double>::quiet_NaN());
        }
    }
}

void add(Explanation& explanation, const Attributions& found)
{
    if (explanation.base.empty())
        explanation.base = found.base;
    append(explanation.predictions, found.predictions);
    append(explanation.values, found.values);
    append(explanation.errors, found.errors);
    append(explanation.fit, found.fit);
    explanation.segments.insert(explanation.segments.end(), found.segments.begin(), found.segments.end());
    explanation.topResolved.insert(explanation.topResolved.end(), found.topResolved.begin(), found.topResolved.end());
    explanation.evaluations = std::max(explanation.evaluations, found.evaluations);
    if (explanation.ledger.empty())
        explanation.ledger = found.ledger;
    for (std::size_t i = 0; i < found.ledger.size(); ++i) {
        explanation.ledger[i].leak = std::max(explanation.ledger[i].leak, found.ledger[i].leak);
        explanation.ledger[i].spread = std::max(explanation.ledger[i].spread, found.ledger[i].spread);
    }
}

double residualOf(const Explanation& explanation)
{
    const std::size_t outputs = explanation.outputs.size();
    double residual = 0.0;
    for (std::size_t output = 0; output < outputs; ++output) {
        double low = explanation.base[output], high = low, worst = 0.0;
        for (std::size_t row = 0; row < explanation.rowCount(); ++row) {
            const double prediction = explanation.predictions[row * outputs + output];
            double sum = explanation.base[output];
            for (std::size_t feature = 0; feature < explanation.features.size(); ++feature)
                sum += explanation.value(row, output, feature);
            low = std::min(low, prediction);
            high = std::max(high, prediction);
            worst = std::max(worst, std::abs(sum - prediction));
        }
        residual = std::max(residual, high > low ? worst / (high - low) : worst);
    }
    return residual;
}

std::vector<std::size_t> candidatesOf(const Table& table, std::span<const std::size_t> rows)
{
    return rows.empty() ? allRows(table) : std::vector(rows.begin(), rows.end());
}

/// Of the rows that the method makes up; none where it makes up none or there is no data to compare them with.
std::optional<OutsideShare> outsideOf(const Predictor& predictor, const Table& table, const std::vector<std::size_t>& data, std::vector<std::size_t> rows,
                                      const WeightedRows& background, const RowMethod& method, std::uint64_t seed, Task& task)
{
    constexpr std::size_t looked = 500, mostExplained = 100;
    Random random(seed, "explain/outside-rows");
    const Coalitions coalitions = method.drawCoalitions(looked, random);
    if (coalitions.count == 0 || data.size() < 2)
        return std::nullopt;
    const std::vector<FeatureGroup>& groups = predictor.pipeline().groups();
    const std::size_t width = background.rows.numberWidth + background.rows.categoryWidth;
    const Features known = encodedRows(predictor, table, drawBackground(data, outsideReferenceRows(width), random.next())).features;
    const Features explained = encodedRows(predictor, table, drawBackground(std::move(rows), mostExplained, random.next())).features;
    return estimateOutside(groups, known, explained, background, coalitions, seed, task);
}

constexpr std::size_t firstRows = 4;

/// Rows a group: enough that the method's own work is shared, few enough that results show soon. The values that a row's model calls
/// give for its columns stand for what they cost: pictures take more than rows of few columns.
std::size_t groupRows(std::uint64_t valuesOfRow)
{
    constexpr std::uint64_t valuesAtOnce = 50'000'000;
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(valuesAtOnce / std::max<std::uint64_t>(1, valuesOfRow), firstRows, 256));
}

std::size_t groupRows(const RowMethod& method, std::size_t outputs)
{
    return groupRows(method.evaluations() * method.modelRowsEach() * outputs * method.players().size());
}

/// The values of so many rows, of which the window holds the newest and the one before; the background as it was chosen and as the method keeps it; what
/// coalitions of a group of rows came to; and buffers of a size of their own.
std::uint64_t memoryOf(const RowMethod& method, std::size_t rows, std::size_t outputs, const Features& background)
{
    constexpr std::uint64_t answers = 2, backgrounds = 3, numbersOfValue = 2, buffers = 4'000'000;
    const std::uint64_t players = method.players().size(), cell = sizeof(std::string) + sizeof(double);
    const std::uint64_t answer = rows * (outputs * (numbersOfValue * players + 1) * sizeof(double) + players * cell);
    const std::uint64_t compared = background.numbers.size() * sizeof(float) + background.categories.size() * sizeof(std::int32_t);
    const std::uint64_t group = std::min(rows, groupRows(method, outputs));
    return buffers + answers * answer + backgrounds * compared + group * method.evaluations() * outputs * sizeof(double);
}

} // namespace

Explanation explainTable(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows,
                         const ExplainRequest& request, const std::function<void(const Explanation&)>& onRows, Task& task)
{
    const Stopwatch clock;
    const std::vector<std::size_t> asked = explainedRows(request, table);
    checkRowMethod(predictor, request);
    const std::vector<std::size_t> candidates = candidatesOf(table, backgroundRows);
    ChosenBackground chosen = chooseBackground(predictor, table, candidates, request.background, request.seed, task);
    EncodedRows compared = encodedRows(predictor, table, chosen.rows);
    const WeightedRows background{compared.features, chosen.weights};

    Explanation explanation;
    explanation.method = request.method;
    explanation.additive = addsUp(explanation.method);
    if (explanation.method == "integrated-gradients")
        explanation.baseline = request.attribution.baseline;
    if (explanation.method == "lime" && request.superpixels && request.limeMeanColour)
        explanation.baseline = "mean colour";
    // A number has no probability: its two spaces are one.
    const TaskKind kind = predictor.pipeline().task();
    const bool number = kind == TaskKind::Regression || kind == TaskKind::MultiRegression;
    explanation.task = kind;
    explanation.space = request.space == OutputSpace::Raw || number ? "raw" : "probability";
    explanation.outputs = predictor.outputNames(request.space);
    explanation.background = backgroundRows.empty() ? "all rows" : "training rows";
    explanation.image = predictor.image();
    explanation.backgroundInfo = std::move(chosen.info);
    explanation.backgroundRows = background.rows.rows;
    explanation.backgroundOf = chosen.of;

    const std::unique_ptr<RowMethod> method = makeRowMethod(predictor, std::move(compared), std::move(chosen.weights), request);
    std::vector<std::vector<std::size_t>> columns;   // of the table, by player
    for (const PlayerGroup& player : method->players()) {
        explanation.features.push_back(player.name);
        std::vector<std::size_t>& own = columns.emplace_back();
        for (const std::size_t column : player.players)
            own.push_back(*table.find(predictor.pipeline().groups()[column].column));
    }

    explanation.outside = outsideOf(predictor, table, candidates, asked, background, *method, request.seed, task);

    // The first rows show at once; groups grow by a rule that knows no clock, so that the same request gives the same bytes.
    const std::size_t most = groupRows(*method, explanation.outputs.size());
    std::size_t step = std::min(firstRows, most);
    for (std::size_t begin = 0; begin < asked.size(); begin += std::exchange(step, std::min(2 * step, most))) {
        task.checkpoint();
        if (task.isFinishing() && begin > 0)
            break;
        const std::vector<std::size_t> rows(asked.begin() + static_cast<std::ptrdiff_t>(begin), asked.begin() + static_cast<std::ptrdiff_t>(std::min(begin + step, asked.size())));
        const EncodedRows explained = encodedRows(predictor, table, rows);
        Task part(task, [&](const Task::Progress& progress) {
            const double share = std::clamp(progress.fraction, 0.0, 1.0) * static_cast<double>(rows.size());
            task.report((static_cast<double>(begin) + share) / static_cast<double>(asked.size()), "explain");
        });
        const Attributions found = method->explain(explained, part);
        add(explanation, found);
        explanation.modelRows += found.evaluations * method->modelRowsEach() * rows.size();
        explanation.rows.insert(explanation.rows.end(), rows.begin(), rows.end());
        describe(explanation, table, columns, begin);
        if (explanation.additive)
            explanation.residual = residualOf(explanation);
        explanation.seconds = clock.seconds();
        task.report(static_cast<double>(begin + rows.size()) / static_cast<double>(asked.size()), "explain");
        if (onRows)
            onRows(explanation);
    }
    return explanation;
}

ExplainCost estimateExplainCost(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows,
                                const ExplainRequest& request, Task& task)
{
    const std::vector<std::size_t> asked = explainedRows(request, table);
    checkRowMethod(predictor, request);
    ChosenBackground chosen = chooseBackground(predictor, table, candidatesOf(table, backgroundRows), request.background, request.seed, task);
    const EncodedRows background = encodedRows(predictor, table, chosen.rows);
    const std::unique_ptr<RowMethod> method = makeRowMethod(predictor, background, chosen.weights, request);
    const auto first = [&](std::size_t rows) {
        return encodedRows(predictor, table, {asked.begin(), asked.begin() + static_cast<std::ptrdiff_t>(std::min(rows, asked.size()))});
    };
    ExplainCost cost = method->cost(first(64), asked.size(), task);
    cost.bytes = memoryOf(*method, asked.size(), predictor.outputCount(request.space), background.features);
    // Errors are what the method itself says of its first rows; where a row takes long, of a smaller budget, which makes them larger by its root.
    const double rowSeconds = cost.seconds / static_cast<double>(asked.size());
    const double share = std::min(1.0, errorTrialSeconds / std::max(rowSeconds, 1e-9));
    const auto budget = static_cast<std::size_t>(share * static_cast<double>(method->evaluations()));
    if (share == 1.0) {
        const Attributions tried = method->explain(first(static_cast<std::size_t>(std::clamp(errorTrialSeconds / std::max(rowSeconds, 1e-9), 1.0, 4.0))), task);
        cost.error = relativeError(tried.values, tried.errors);
    } else if (explainMethod(request.method).budget && budget > 8 * method->players().size() + 64) {
        ExplainRequest smaller = request;
        smaller.budget = budget;
        const Attributions tried = makeRowMethod(predictor, background, chosen.weights, smaller)->explain(first(1), task);
        cost.error = relativeError(tried.values, tried.errors) * std::sqrt(static_cast<double>(tried.evaluations) / static_cast<double>(method->evaluations()));
    }
    return cost;
}

} // namespace limpid
