#include "app/cli/EffectText.h"

#include "app/cli/Output.h"
#include "core/data/Cells.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

QString withError(double value, double error)
{
    return error > 0.0 ? QStringLiteral("%1 ± %2").arg(numberText(value), QLocale().toString(error, 'g', 2)) : numberText(value);
}

QString textOf(const std::string& text)
{
    return QString::fromStdString(text);
}

/// A value of a column as the user's file would have it.
QString valueText(ColumnType type, double value)
{
    return type == ColumnType::DateTime ? textOf(formatDateTime(std::llround(value))) : numberText(value);
}

template<class Effect>
QString pointText(const Effect& effect, std::size_t point)
{
    return effect.levels.empty() ? valueText(effect.type, effect.grid[point]) : textOf(effect.levels[point]);
}

const std::vector<double>& valuesOf(const PartialDependence& effect) { return effect.mean; }
const std::vector<double>& valuesOf(const AccumulatedEffects& effect) { return effect.values; }

std::vector<std::size_t> outputsShown(const EffectOutcome& outcome, std::optional<std::size_t> output)
{
    if (output)
        return {*output};
    std::vector<std::size_t> all(outcome.outputs.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

QStringList header(QStringList first, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    for (const std::size_t output : outputs)
        first << textOf(outcome.outputs[output]);
    return first;
}

QString spaceText(const EffectOutcome& outcome)
{
    return outcome.space == "probability" ? QStringLiteral("probability") : QStringLiteral("raw output");
}

/// How far each column moves the outputs, the farthest first.
template<class Effect>
void printRanges(const std::vector<Effect>& effects, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    std::vector<const Effect*> order;
    for (const Effect& effect : effects)
        order.push_back(&effect);
    const auto total = [&](const Effect* effect) {
        double sum = 0.0;
        for (const std::size_t output : outputs)
            sum += effect->range(output);
        return sum;
    };
    std::stable_sort(order.begin(), order.end(), [&](const Effect* a, const Effect* b) { return total(a) > total(b); });
    std::vector<QStringList> rows;
    for (const Effect* effect : order) {
        QStringList row{textOf(effect->name)};
        for (const std::size_t output : outputs)
            row << numberText(effect->range(output));
        rows.push_back(row);
    }
    printTable(header({QStringLiteral("Column")}, outcome, outputs), rows);
}

template<class Effect>
void printGrid(const Effect& effect, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    std::vector<QStringList> rows;
    for (std::size_t point = 0; point < effect.grid.size(); ++point) {
        QStringList row{pointText(effect, point)};
        for (const std::size_t output : outputs) {
            const std::size_t cell = point * effect.outputs + output;
            row << withError(valuesOf(effect)[cell], effect.errors[cell]);
        }
        rows.push_back(row);
    }
    printTable(header({textOf(effect.name)}, outcome, outputs), rows);
}

/// Of many curves: how they spread at each point.
void printCurves(const PartialDependence& effect, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    for (const std::size_t output : outputs) {
        std::vector<QStringList> rows;
        for (std::size_t point = 0; point < effect.grid.size(); ++point) {
            std::vector<double> values;
            for (std::size_t row = 0; row < effect.rows; ++row)
                values.push_back(effect.curves[(row * effect.grid.size() + point) * effect.outputs + output]);
            std::sort(values.begin(), values.end());
            QStringList line{pointText(effect, point), numberText(effect.at(point, output))};
            for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0})
                line << numberText(quantileOf(values, share));
            rows.push_back(line);
        }
        if (outputs.size() > 1)
            printLine(textOf(outcome.outputs[output]) + u':');
        printTable({textOf(effect.name), QStringLiteral("Mean"), QStringLiteral("Lowest"), QStringLiteral("10 %"), QStringLiteral("Median"),
                    QStringLiteral("90 %"), QStringLiteral("Highest")}, rows);
    }
}

template<class Effect>
void printColumns(const std::vector<Effect>& effects, const EffectOutcome& outcome, bool whole, const std::vector<std::size_t>& outputs)
{
    if (!whole)
        return printRanges(effects, outcome, outputs);
    for (std::size_t i = 0; i < effects.size(); ++i) {
        if (i > 0)
            printLine();
        if constexpr (std::is_same_v<Effect, PartialDependence>) {
            if (outcome.method == EffectMethod::Curves) {
                printCurves(effects[i], outcome, outputs);
                continue;
            }
        }
        printGrid(effects[i], outcome, outputs);
    }
}

void printInteractions(const Interactions& found, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    // The strongest first, by the output's own unit: a large share of next to nothing is nothing.
    const auto sorted = [&](const auto& entries) {
        std::vector<std::size_t> order(entries.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const auto total = [&](std::size_t i) {
            double sum = 0.0;
            for (const std::size_t output : outputs)
                sum += entries[i].strength[output];
            return sum;
        };
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return total(a) > total(b); });
        return order;
    };
    const auto cells = [&](QStringList row, const auto& entry) {
        for (const std::size_t output : outputs)
            row << QStringLiteral("%1 (%2)").arg(QLocale().toString(entry.h[output], 'f', 3), numberText(entry.strength[output]));
        return row;
    };
    std::vector<QStringList> rows;
    for (const std::size_t i : sorted(found.columns))
        rows.push_back(cells({textOf(found.names[found.columns[i].column])}, found.columns[i]));
    printTable(header({QStringLiteral("Column with all others")}, outcome, outputs), rows);
    if (found.pairs.empty())
        return;
    rows.clear();
    for (const std::size_t i : sorted(found.pairs))
        rows.push_back(cells({QStringLiteral("%1 × %2").arg(textOf(found.names[found.pairs[i].first]), textOf(found.names[found.pairs[i].second]))}, found.pairs[i]));
    printLine();
    printTable(header({QStringLiteral("Pair")}, outcome, outputs), rows);
}

const char* const otherColumns = "other columns";

QString playerText(const ColumnInteractions& found, std::size_t player)
{
    return !found.others.empty() && player + 1 == found.players.size() ? QString::fromLatin1(otherColumns) : textOf(found.players[player]);
}

void printPairs(const ColumnInteractions& found, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    struct Line {
        QString name;
        std::size_t first, second;
        double size = 0.0;
    };
    std::vector<Line> pairs, columns;
    for (std::size_t i = 0; i < found.players.size(); ++i) {
        for (std::size_t j = i; j < found.players.size(); ++j) {
            Line line{i == j ? playerText(found, i) : QStringLiteral("%1 × %2").arg(playerText(found, i), playerText(found, j)), i, j};
            for (const std::size_t output : outputs)
                line.size += found.meanAbsolute[found.cell(output, i, j)];
            (i == j ? columns : pairs).push_back(line);
        }
    }
    const auto print = [&](std::vector<Line>& lines, const QString& title) {
        std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.size > b.size; });
        std::vector<QStringList> rows;
        for (const Line& line : lines) {
            QStringList row{line.name};
            for (const std::size_t output : outputs) {
                const std::size_t cell = found.cell(output, line.first, line.second);
                row << QStringLiteral("%1 (%2)").arg(numberText(found.meanAbsolute[cell]), numberText(found.mean[cell]));
            }
            rows.push_back(row);
        }
        printTable(header({title}, outcome, outputs), rows);
    };
    print(pairs, QStringLiteral("Pair"));
    printLine();
    print(columns, QStringLiteral("Main effect"));
    printLine();
    if (!found.others.empty()) {
        QStringList names;
        for (const std::string& name : found.others)
            names << textOf(name);
        printLine(QStringLiteral("Other columns, counted as one: %1.").arg(names.join(QStringLiteral(", "))));
    }
    printLine(interactionIndexText(found.index));
}

QString levelsText(const SurrogateTree::Column& column, const std::vector<std::size_t>& levels)
{
    QStringList names;
    for (const std::size_t level : levels)
        names << (level < column.levels.size() ? textOf(column.levels[level]) : QStringLiteral("missing"));
    return names.size() == 1 ? QStringLiteral("%1 is %2").arg(textOf(column.name), names.front())
                             : QStringLiteral("%1 is one of %2").arg(textOf(column.name), names.join(QStringLiteral(", ")));
}

QString questionText(const SurrogateNode& node, const SurrogateTree::Column& column)
{
    if (column.type == ColumnType::Category || column.type == ColumnType::Boolean)
        return levelsText(column, node.levels);
    const QString question = QStringLiteral("%1 ≤ %2").arg(textOf(column.name), valueText(column.type, node.threshold));
    return node.missingRows > 0 && node.missingLeft ? question + QStringLiteral(" or missing") : question;
}

void printNode(const SurrogateTree& tree, std::size_t index, int depth, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    const SurrogateNode& node = tree.nodes[index];
    const QString indent(2 * depth, u' ');
    if (node.left == 0) {
        QStringList values;
        for (const std::size_t output : outputs)
            values << (outputs.size() > 1 ? textOf(outcome.outputs[output]) + u' ' : QString()) + numberText(node.value[output]);
        printLine(QStringLiteral("%1→ %2 (%3 rows)").arg(indent, values.join(QStringLiteral(", ")), countText(qint64(node.rows))));
        return;
    }
    printLine(QStringLiteral("%1if %2").arg(indent, questionText(node, tree.columns[node.column])));
    printNode(tree, node.left, depth + 1, outcome, outputs);
    printLine(QStringLiteral("%1else").arg(indent));
    printNode(tree, node.right, depth + 1, outcome, outputs);
}

/// How much each column that the tree asks about counts in it, the most first.
void printColumnWeights(const SurrogateTree& tree, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    std::vector<std::pair<double, const SurrogateTree::Column*>> order;
    for (const SurrogateTree::Column& column : tree.columns) {
        double total = 0.0;
        for (const std::size_t output : outputs)
            total += column.importance[output];
        if (column.gain > 0.0)
            order.emplace_back(total, &column);
    }
    if (order.empty())
        return;
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<QStringList> rows;
    for (const auto& [total, column] : order) {
        QStringList row{textOf(column->name)};
        for (const std::size_t output : outputs)
            row << numberText(column->importance[output]);
        rows.push_back(row);
    }
    printLine(QStringLiteral("How much each column counts in the tree: the mean size of its Shapley value (TreeSHAP) over the %1 rows, in the unit of the %2.")
                  .arg(countText(qint64(outcome.rows.size())), spaceText(outcome)));
    printTable(header({QStringLiteral("Column")}, outcome, outputs), rows);
    printLine();
}

void printTree(const SurrogateTree& tree, const EffectOutcome& outcome, const std::vector<std::size_t>& outputs)
{
    printNode(tree, 0, 0, outcome, outputs);
    printLine();
    printColumnWeights(tree, outcome, outputs);
    QStringList shares;
    for (const std::size_t output : outputs) {
        const QString r2 = std::isnan(tree.r2[output]) ? QStringLiteral("unknown (it does not vary)") : QLocale().toString(tree.r2[output], 'f', 3);
        shares << (outputs.size() > 1 ? QStringLiteral("%1 for %2").arg(r2, textOf(outcome.outputs[output])) : r2);
    }
    QString fidelity = QStringLiteral("On %1 rows that it was not grown on, the tree follows the model with R² %2")
                           .arg(countText(qint64(tree.heldOut)), shares.join(QStringLiteral(", ")));
    if (!std::isnan(tree.agreement))
        fidelity += QStringLiteral(", and says the same in %1 % of them").arg(QLocale().toString(100.0 * tree.agreement, 'f', 1));
    printLine(fidelity + u'.');
}

QString titleOf(const EffectOutcome& outcome, const QString& model, bool whole)
{
    const QString rows = countText(qint64(outcome.rows.size())), space = spaceText(outcome);
    switch (outcome.method) {
    case EffectMethod::PartialDependence:
    case EffectMethod::Curves:
        if (outcome.centred)
            return QStringLiteral("%1: how far the %3 of %2 rows moves from where the column has its first value.").arg(model, rows, space);
        return whole ? QStringLiteral("%1: the %3 if all of %2 rows had the column's value.").arg(model, rows, space)
                     : QStringLiteral("%1: how far the mean %3 of %2 rows moves along each column. Name some with --columns for their curves.").arg(model, rows, space);
    case EffectMethod::Ale:
        return whole ? QStringLiteral("%1: how the %3 goes along with the column, by local steps of %2 rows; 0 is the mean.").arg(model, rows, space)
                     : QStringLiteral("%1: how far the %3 moves along each column, by local steps of %2 rows. Name some with --columns for their curves.").arg(model, rows, space);
    case EffectMethod::Interactions:
        return QStringLiteral("%1: Friedman's H of the %3 on %2 rows, 0 without interaction; beside it the size of the joint part in the output's own unit.").arg(model, rows, space);
    case EffectMethod::ShapleyInteractions:
        return QStringLiteral("%1: what pairs of columns do to the %3 together, beyond what each does: mean size over %2 rows, and the mean with its sign.").arg(model, rows, space);
    case EffectMethod::Surrogate:
        break;
    }
    return QStringLiteral("%1: a small tree that says about the same %3.").arg(model, space);
}

using nlohmann::json;

json numberOrNull(double value)
{
    return std::isfinite(value) ? json(value) : json(nullptr);
}

/// [points, outputs]
json tableJson(const std::vector<double>& values, std::size_t outputs)
{
    json rows = json::array();
    for (std::size_t begin = 0; begin < values.size(); begin += outputs) {
        json row = json::array();
        for (std::size_t i = 0; i < outputs; ++i)
            row.push_back(numberOrNull(values[begin + i]));
        rows.push_back(std::move(row));
    }
    return rows;
}

json boundJson(ColumnType type, double value)
{
    if (!std::isfinite(value))
        return nullptr;
    return type == ColumnType::DateTime ? json(formatDateTime(std::llround(value))) : json(value);
}

template<class Effect>
json columnJson(const Effect& effect)
{
    json grid = json::array();
    for (std::size_t point = 0; point < effect.grid.size(); ++point)
        grid.push_back(effect.levels.empty() ? boundJson(effect.type, effect.grid[point]) : json(effect.levels[point]));
    return {{"column", effect.name}, {"type", std::string(columnTypeName(effect.type))}, {"grid", std::move(grid)},
            {"values", tableJson(valuesOf(effect), effect.outputs)}, {"error", tableJson(effect.errors, effect.outputs)}};
}

json resultJson(const std::vector<PartialDependence>& effects, const EffectOutcome& outcome)
{
    json columns = json::array();
    for (const PartialDependence& effect : effects) {
        json column = columnJson(effect);
        const std::size_t length = effect.grid.size() * effect.outputs;
        for (std::size_t row = 0; row * length < effect.curves.size(); ++row) {
            const auto begin = effect.curves.begin() + static_cast<std::ptrdiff_t>(row * length);
            column["curves"].push_back({{"row", outcome.rows[row]},
                                        {"values", tableJson({begin, begin + static_cast<std::ptrdiff_t>(length)}, effect.outputs)}});
        }
        columns.push_back(std::move(column));
    }
    return {{"columns", std::move(columns)}};
}

json resultJson(const std::vector<AccumulatedEffects>& effects, const EffectOutcome&)
{
    json columns = json::array();
    for (const AccumulatedEffects& effect : effects) {
        json column = columnJson(effect);
        column["counts"] = effect.counts;
        column["missing"] = effect.missing;
        columns.push_back(std::move(column));
    }
    return {{"columns", std::move(columns)}};
}

json resultJson(const Interactions& found, const EffectOutcome&)
{
    json columns = json::array(), pairs = json::array();
    for (const Interactions::Column& entry : found.columns)
        columns.push_back({{"column", found.names[entry.column]}, {"h", entry.h}, {"strength", entry.strength}});
    for (const Interactions::Pair& entry : found.pairs)
        pairs.push_back({{"columns", {found.names[entry.first], found.names[entry.second]}}, {"h", entry.h}, {"strength", entry.strength}});
    return {{"columns", std::move(columns)}, {"pairs", std::move(pairs)}};
}

json resultJson(const ColumnInteractions& found, const EffectOutcome&)
{
    const auto entry = [&](std::size_t i, std::size_t j) {
        json mean = json::array(), size = json::array();
        for (std::size_t output = 0; output < found.outputs(); ++output) {
            mean.push_back(numberOrNull(found.mean[found.cell(output, i, j)]));
            size.push_back(numberOrNull(found.meanAbsolute[found.cell(output, i, j)]));
        }
        return json{{"mean", std::move(mean)}, {"meanAbsolute", std::move(size)}};
    };
    json columns = json::array(), pairs = json::array();
    for (std::size_t i = 0; i < found.players.size(); ++i) {
        json column = entry(i, i);
        column["column"] = playerText(found, i).toStdString();
        columns.push_back(std::move(column));
        for (std::size_t j = i + 1; j < found.players.size(); ++j) {
            json pair = entry(i, j);
            pair["columns"] = {playerText(found, i).toStdString(), playerText(found, j).toStdString()};
            pairs.push_back(std::move(pair));
        }
    }
    return {{"columns", std::move(columns)}, {"pairs", std::move(pairs)}, {"index", found.index}, {"others", found.others}, {"base", found.base},
            {"prediction", found.full}, {"coalitions", found.coalitions}};
}

json resultJson(const SurrogateTree& tree, const EffectOutcome&)
{
    json columns = json::array(), rules = json::array(), r2 = json::array();
    for (const SurrogateTree::Column& column : tree.columns)
        columns.push_back({{"column", column.name}, {"explained", column.gain}, {"importance", column.importance}});
    for (const SurrogateRule& rule : tree.rules()) {
        json conditions = json::array();
        for (const SurrogateCondition& condition : rule.conditions) {
            const SurrogateTree::Column& column = tree.columns[condition.column];
            json entry{{"column", column.name}, {"missing", condition.missing}};
            if (column.type == ColumnType::Category || column.type == ColumnType::Boolean) {
                entry["levels"] = condition.levels;
            } else {
                entry["above"] = boundJson(column.type, condition.above);
                entry["atMost"] = boundJson(column.type, condition.atMost);
            }
            conditions.push_back(std::move(entry));
        }
        rules.push_back({{"conditions", std::move(conditions)}, {"rows", tree.nodes[rule.node].rows}, {"value", tree.nodes[rule.node].value}});
    }
    for (const double share : tree.r2)
        r2.push_back(numberOrNull(share));
    return {{"columns", std::move(columns)}, {"rules", std::move(rules)},
            {"fidelity", {{"rows", tree.heldOut}, {"r2", std::move(r2)}, {"agreement", numberOrNull(tree.agreement)}}}};
}

} // namespace

void printEffects(const EffectOutcome& outcome, const std::string& model, bool whole, std::optional<std::size_t> output)
{
    const std::vector<std::size_t> outputs = outputsShown(outcome, output);
    printLine(titleOf(outcome, textOf(model), whole));
    printLine();
    std::visit([&](const auto& result) {
        using Result = std::decay_t<decltype(result)>;
        if constexpr (std::is_same_v<Result, Interactions>)
            printInteractions(result, outcome, outputs);
        else if constexpr (std::is_same_v<Result, ColumnInteractions>)
            printPairs(result, outcome, outputs);
        else if constexpr (std::is_same_v<Result, SurrogateTree>)
            printTree(result, outcome, outputs);
        else
            printColumns(result, outcome, whole, outputs);
    }, outcome.result);
    printLine();
    if (!outcome.skipped.empty()) {
        QStringList names;
        for (const std::string& name : outcome.skipped)
            names << textOf(name);
        printLine(QStringLiteral("Left out, as there is nothing to step along: %1.").arg(names.join(QStringLiteral(", "))));
    }
    if (const auto* found = std::get_if<ColumnInteractions>(&outcome.result)) {
        printLine(QStringLiteral("Method %1, index %2, %3 predictions for %4 rows against %5 %6, in %7.")
                      .arg(QString::fromLatin1(effectMethodName(outcome.method)), textOf(found->index), countText(qint64(outcome.modelRows)),
                           countText(qint64(found->rows)), countText(qint64(found->background)), textOf(outcome.background), durationText(outcome.seconds)));
        return;
    }
    printLine(QStringLiteral("Method %1, %2 predictions for %3 %4, in %5.")
                  .arg(QString::fromLatin1(effectMethodName(outcome.method)), countText(qint64(outcome.modelRows)),
                       countText(qint64(outcome.rows.size())), textOf(outcome.background), durationText(outcome.seconds)));
}

nlohmann::json effectsJson(const EffectOutcome& outcome)
{
    json document = std::visit([&](const auto& result) { return resultJson(result, outcome); }, outcome.result);
    json features = json::array();
    for (const json& column : document["columns"])
        features.push_back(column["column"]);
    document["method"] = effectMethodName(outcome.method);
    document["space"] = outcome.space;
    if (outcome.method == EffectMethod::Curves)
        document["centred"] = outcome.centred;
    document["outputs"] = outcome.outputs;
    document["features"] = std::move(features);
    document["skipped"] = outcome.skipped;
    const auto* paired = std::get_if<ColumnInteractions>(&outcome.result);
    document["background"] = {{"name", outcome.background}, {"rows", paired ? paired->background : outcome.rows.size()}};
    if (paired)
        document["rows"] = outcome.rows;
    document["evaluations"] = outcome.modelRows;
    document["seconds"] = outcome.seconds;
    return document;
}

} // namespace limpid
