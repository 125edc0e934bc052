#include "app/cli/ExplainText.h"

#include "app/cli/Output.h"
#include "core/explain/Attribution.h"
#include "core/explain/SuperpixelRow.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

QString withError(double value, double error)
{
    return error > 0.0 ? QStringLiteral("%1 ± %2").arg(numberText(value), QLocale().toString(error, 'g', 2)) : numberText(value);
}

void printColumns(const Explanation& explanation, const std::string& model)
{
    printLine(QStringLiteral("%1 explained on %2 rows: mean size of each column's effect on the %3.")
                  .arg(QString::fromStdString(model), countText(qint64(explanation.rowCount())),
                       explanation.space == "probability" ? QStringLiteral("probability") : QStringLiteral("raw output")));
    printLine();
    // Columns in the order of their effect on all outputs together.
    std::vector<std::vector<FeatureImportance>> byOutput;
    std::vector<double> total(explanation.features.size(), 0.0);
    for (std::size_t output = 0; output < explanation.outputs.size(); ++output) {
        std::vector<FeatureImportance> inOrder(explanation.features.size());
        for (const FeatureImportance& importance : meanAbsolute(explanation, output)) {
            inOrder[importance.feature] = importance;
            total[importance.feature] += importance.mean;
        }
        byOutput.push_back(std::move(inOrder));
    }
    std::vector<std::size_t> order(explanation.features.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&total](std::size_t a, std::size_t b) { return total[a] > total[b]; });

    QStringList header{QStringLiteral("Column")};
    for (const std::string& output : explanation.outputs)
        header << QString::fromStdString(output);
    std::vector<QStringList> rows;
    for (const std::size_t feature : order) {
        QStringList row{QString::fromStdString(explanation.features[feature])};
        for (const std::vector<FeatureImportance>& importances : byOutput)
            row << withError(importances[feature].mean, importances[feature].error);
        rows.push_back(row);
    }
    printTable(header, rows);
    printLine();
}

void printSuperpixels(const Explanation& explanation, const std::string& model, const std::string& outputName)
{
    constexpr std::size_t printedRows = 20, printedSuperpixels = 12;
    printLine(QStringLiteral("%1: what the superpixels of %2 do to the %3.")
                  .arg(QString::fromStdString(model), explanation.rowCount() == 1 ? QStringLiteral("1 picture") : QStringLiteral("%1 pictures").arg(countText(qint64(explanation.rowCount()))),
                       explanation.space == "probability" ? QStringLiteral("probability") : QStringLiteral("raw output")));
    printLine();
    const std::size_t outputs = explanation.outputs.size();
    for (std::size_t i = 0; i < std::min(printedRows, explanation.rowCount()); ++i) {
        const auto first = explanation.predictions.begin() + std::ptrdiff_t(i * outputs);
        const auto named = std::find(explanation.outputs.begin(), explanation.outputs.end(), outputName);
        const std::size_t output = named != explanation.outputs.end() ? std::size_t(named - explanation.outputs.begin())
                                                                      : std::size_t(std::max_element(first, first + std::ptrdiff_t(outputs)) - first);
        const SuperpixelEffects effects = superpixelEffects(explanation, i);
        printLine(QStringLiteral("Row %1: “%2” %3, %4 superpixels%5")
                      .arg(countText(qint64(explanation.rows[i])), QString::fromStdString(explanation.outputs[output]), numberText(first[std::ptrdiff_t(output)]),
                           countText(qint64(effects.count)), explanation.additive ? QStringLiteral("; base %1").arg(numberText(explanation.base[output])) : QString()));
        std::vector<QStringList> lines;
        const std::vector<std::size_t> order = effects.largestFirst(output);
        for (std::size_t k = 0; k < std::min(printedSuperpixels, order.size()); ++k) {
            const std::size_t own = order[k];
            const double error = effects.error(output, own);
            lines.push_back({QString::number(own), QStringLiteral("%1, %2").arg(std::lround(effects.row[own])).arg(std::lround(effects.column[own])),
                             countText(qint64(effects.pixels[own])), numberText(effects.value(output, own)),
                             error > 0.0 ? QStringLiteral("± %1").arg(QLocale().toString(1.96 * error, 'g', 2)) : QString()});
        }
        const bool sampled = std::any_of(effects.errors.begin(), effects.errors.end(), [](double error) { return error > 0.0; });
        printTable({QStringLiteral("Superpixel"), QStringLiteral("Row, column"), QStringLiteral("Pixels"), QStringLiteral("Effect"), sampled ? QStringLiteral("95 %") : QString()}, lines);
        if (order.size() > printedSuperpixels)
            printLine(QStringLiteral("… and %1 more").arg(countText(qint64(order.size() - printedSuperpixels))));
        printLine();
    }
    if (explanation.rowCount() > printedRows)
        printLine(QStringLiteral("… and %1 more rows, which --json and --out have.").arg(countText(qint64(explanation.rowCount() - printedRows))));
}

} // namespace

void printExplanation(const Explanation& explanation, const std::string& model, const std::string& output)
{
    if (explanation.segments.empty())
        printColumns(explanation, model);
    else
        printSuperpixels(explanation, model, output);
    // Four kinds of work, and whether it adds up.
    const bool isLime = explanation.method == "lime";
    const bool isPairs = explanation.method == "deeplift";
    const QString count = countsGradients(explanation.method)
                              ? isPairs ? QStringLiteral("one pass a background row")
                                        : explanation.evaluations == 1 ? QStringLiteral("1 gradient a row")
                                                                       : QStringLiteral("%1 gradients a row").arg(countText(qint64(explanation.evaluations)))
                          : isLime ? QStringLiteral("%1 samples a row").arg(countText(qint64(explanation.evaluations)))
                              : QStringLiteral("%1 coalitions a row").arg(countText(qint64(explanation.evaluations)));
    const QString background = backgroundText({explanation.backgroundInfo.kind, explanation.background, explanation.backgroundInfo.where,
                                               explanation.backgroundInfo.row, explanation.backgroundRows, explanation.backgroundOf});
    const QString against = masksByMeanColour(explanation) ? QStringLiteral("a superpixel's mean colour in its place")
                            : explanation.baseline == "zero" ? QStringLiteral("against zero")
                            : explanation.baseline == "mean" && explanation.backgroundInfo.kind != "row"
                                ? QStringLiteral("against the mean of %1").arg(background)
                            : explanation.additive || explanation.method == "smoothgrad" || !isAttributionMethod(explanation.method)
                                ? QStringLiteral("against %1").arg(background)
                                : QStringLiteral("at the rows themselves");
    printLine(QStringLiteral("Method %1, %2, %3, in %4. %5")
                  .arg(QString::fromStdString(explanation.method), count, against, durationText(explanation.seconds),
                       explanation.additive ? QStringLiteral("Base and effects add up to the prediction within %1 of its range.")
                                                  .arg(QLocale().toString(explanation.residual, 'g', 2))
                       : isLime ? QStringLiteral("These are coefficients of a linear model around each row, which do not add up to the prediction.")
                       : !isAttributionMethod(explanation.method) ? QStringLiteral("These are changes of the prediction, which do not add up to it.")
                                            : QStringLiteral("These are slopes of the network, which do not add up to the prediction.")));
    if (explanation.outside) {
        QString sentence = outsideText(explanation.outside->share, explanation.outside->looked);
        sentence[0] = sentence[0].toUpper();
        printLine(sentence + QStringLiteral("; of rows like the data 1 % would."));
    }
    if (!explanation.topResolved.empty())
        printLine(QStringLiteral("The largest values are told apart at 95 % in %1 of %2 %3.")
                      .arg(countText(std::count(explanation.topResolved.begin(), explanation.topResolved.end(), true)), countText(qint64(explanation.topResolved.size())),
                           explanation.outputs.size() == 1 ? QStringLiteral("rows") : QStringLiteral("cases, a row and an output each")));
    if (!explanation.fit.empty()) {
        std::vector<double> fits = explanation.fit;
        std::sort(fits.begin(), fits.end());
        const double median = 0.5 * (fits[fits.size() / 2] + fits[(fits.size() - 1) / 2]);
        printLine(QStringLiteral("The linear models have a weighted R² of %1 to %2, half of them above %3.")
                      .arg(numberText(fits.front()), numberText(fits.back()), numberText(median)));
    }
    const auto worst = std::max_element(explanation.ledger.begin(), explanation.ledger.end(),
                                        [](const LayerLeak& a, const LayerLeak& b) { return a.leak < b.leak; });
    if (worst != explanation.ledger.end())
        printLine(QStringLiteral("Of %1 layers, “%2” (%3) leaks most: %4.")
                      .arg(countText(qint64(explanation.ledger.size())), QString::fromStdString(worst->layer), QString::fromStdString(worst->type),
                           QLocale().toString(worst->leak, 'g', 2)));
}

void printImportance(const ImportanceResult& result, int repeats, std::size_t rows)
{
    printLine(QStringLiteral("How far %1 (%2 on %3 rows) falls when a column is shuffled, mean of %4 times:")
                  .arg(metricName(result.metric), numberText(result.score), countText(qint64(rows))).arg(repeats));
    printLine();
    std::vector<ColumnImportance> columns = result.columns;
    std::stable_sort(columns.begin(), columns.end(), [](const ColumnImportance& a, const ColumnImportance& b) { return a.mean > b.mean; });
    std::vector<QStringList> lines;
    for (const ColumnImportance& column : columns)
        lines.push_back({QString::fromStdString(column.column), numberText(column.mean), QStringLiteral("± %1").arg(numberText(column.deviation))});
    printTable({QStringLiteral("Column"), QStringLiteral("Falls by"), QStringLiteral("Deviation")}, lines);
}

nlohmann::json importanceJson(const ImportanceResult& result, int repeats, std::size_t rows, double seconds)
{
    nlohmann::json columns = nlohmann::json::array();
    nlohmann::json names = nlohmann::json::array();
    for (const ColumnImportance& column : result.columns) {
        names.push_back(column.column);
        columns.push_back({{"column", column.column}, {"mean", column.mean}, {"deviation", column.deviation}});
    }
    return {{"method", "permutation-importance"}, {"metric", result.metric}, {"score", result.score}, {"repeats", repeats},
            {"rows", rows}, {"features", names}, {"columns", columns}, {"seconds", seconds}};
}

} // namespace limpid
