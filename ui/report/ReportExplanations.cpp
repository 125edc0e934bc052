#include "core/explain/Attribution.h"
#include "core/explain/SuperpixelRow.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/TextAttributionPlot.h"
#include "ui/report/ReportDocument.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <numeric>
#include <utility>

namespace limpid {

namespace {

constexpr std::size_t mostOutputs = 3;  // with plots of their own
constexpr std::size_t mostColumns = 20; // in the table
constexpr std::size_t mostTexts = 4, mostPictures = 4;   // of each output

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }
QString text(const std::string& from) { return QString::fromStdString(from); }
QString shortNumber(double value) { return QLocale().toString(value, 'g', 2); }

/// Those with the largest effects, in their own order.
std::vector<std::size_t> tellingOutputs(const Explanation& explanation, std::size_t most)
{
    std::vector<double> weights;
    for (std::size_t output = 0; output < explanation.outputs.size(); ++output) {
        double weight = 0.0;
        for (const FeatureImportance& importance : meanAbsolute(explanation, output))
            weight += importance.mean;
        weights.push_back(weight);
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&weights](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
    order.resize(std::min(order.size(), most));
    std::sort(order.begin(), order.end());
    return order;
}

QString comparedText(const Explanation& explanation)
{
    if (explanation.baseline == "zero")
        return tr("zero, once the columns are encoded");
    const QString rows = backgroundText({explanation.backgroundInfo.kind, explanation.background, explanation.backgroundInfo.where, explanation.backgroundInfo.row,
                                         explanation.backgroundRows, explanation.backgroundOf});
    return explanation.baseline == "mean" ? tr("the mean of %1").arg(rows) : rows;
}

void addOrigin(ReportTable& table, const ReportExplanation& one)
{
    if (!one.name.isEmpty())
        table.rows.push_back({tr("Name"), one.name});
    if (one.keptMs > 0)
        table.rows.push_back({tr("Kept on"), QLocale().toString(QDateTime::fromMSecsSinceEpoch(one.keptMs), QLocale::ShortFormat)
                                                 + (one.sameModel ? QString() : tr("; the version's files have become others since"))});
}

ReportTable facts(const ReportExplanation& one)
{
    const Explanation& explanation = *one.columns;
    const QString& source = one.source;
    ReportTable table;
    addOrigin(table, one);
    table.rows.push_back({tr("Method"), methodName(explanation.method)});
    table.rows.push_back({tr("Values are in"), spaceText(explanation.task, explanation.space)});
    table.rows.push_back({tr("Rows explained"), source.isEmpty() ? countText(qint64(explanation.rowCount())) : tr("%1 of %2").arg(countText(qint64(explanation.rowCount())), source)});
    if (!explanation.segments.empty())
        table.rows.push_back({tr("Players"), tr("superpixels: patches of pixels that are alike, of each picture its own")});
    if (masksByMeanColour(explanation))
        table.rows.push_back({tr("In a superpixel's place"), tr("its mean colour")});
    else
        table.rows.push_back({tr("Compared with"), explanation.backgroundRows > 0 || !explanation.baseline.empty() ? comparedText(explanation) : tr("nothing: at the rows themselves")});
    table.rows.push_back({countsGradients(explanation.method) ? tr("Gradients a row") : tr("Coalitions a row"), countText(qint64(explanation.evaluations))});
    if (explanation.modelRows > 0)
        table.rows.push_back({tr("Predictions in all"), countText(qint64(explanation.modelRows))});
    if (one.keptMs == 0) // not kept
        table.rows.push_back({tr("Time"), durationText(explanation.seconds)});
    if (explanation.outside)
        table.rows.push_back({tr("Outside the data"), outsideText(explanation.outside->share, explanation.outside->looked)});
    if (explanation.additive)
        table.rows.push_back({tr("Adds up within"), tr("%1 of the predictions' range").arg(shortNumber(explanation.residual))});
    if (!explanation.topResolved.empty()) {
        const auto told = std::count(explanation.topResolved.begin(), explanation.topResolved.end(), true);
        table.rows.push_back({tr("Largest values told apart"), tr("in %1 of %2 cases").arg(countText(told), countText(qint64(explanation.topResolved.size())))});
    }
    const auto worst = std::max_element(explanation.ledger.begin(), explanation.ledger.end(), [](const LayerLeak& a, const LayerLeak& b) { return a.leak < b.leak; });
    if (worst != explanation.ledger.end())
        table.rows.push_back({tr("Layer that leaks most"), tr("%1 (%2): %3").arg(text(worst->layer), text(worst->type), shortNumber(worst->leak))});
    return table;
}

/// What a reader should take away, in words.
QString conclusion(const Explanation& explanation, const std::vector<FeatureImportance>& importances)
{
    if (importances.empty())
        return {};
    const std::size_t certain = resolvedOrder(importances);
    const std::size_t named = std::min<std::size_t>(3, importances.size());
    QStringList names;
    for (std::size_t i = 0; i < named; ++i)
        names << QStringLiteral("“%1”").arg(text(explanation.features[importances[i].feature]));
    QString sentence = tr("The columns that move this output most, on average over the rows: %1.").arg(names.join(QStringLiteral(", ")));
    const bool exact = std::all_of(explanation.errors.begin(), explanation.errors.end(), [](double error) { return error == 0.0; });
    if (exact)
        return sentence;
    if (certain == importances.size())
        return sentence + QLatin1Char(' ') + tr("The order of all columns is certain at 95 %.");
    return sentence + QLatin1Char(' ')
        + (certain == 0 ? tr("The order is not certain at 95 %: with a larger budget it would be.") : tr("The first %1 places are certain at 95 %.").arg(countText(qint64(certain))));
}

/// Over the pictures for which the model says so most strongly.
void addPictures(std::vector<ReportBlock>& blocks, const Explanation& explanation, std::size_t output)
{
    const auto prediction = [&](std::size_t row) { return explanation.predictions[row * explanation.outputs.size() + output]; };
    std::vector<std::size_t> rows(explanation.rowCount());
    std::iota(rows.begin(), rows.end(), std::size_t(0));
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return prediction(a) > prediction(b); });
    rows.resize(std::min(rows.size(), mostPictures));
    for (const std::size_t row : rows)
        blocks.push_back(ReportFigure{tr("What speaks for “%1” in row %2").arg(text(explanation.outputs[output]), countText(qint64(explanation.rows[row]))),
                                      makePictureOverlay(explanation, output, row)});
}

void addOutput(std::vector<ReportBlock>& blocks, const std::shared_ptr<const Explanation>& explanation, std::size_t output)
{
    const std::vector<FeatureImportance> importances = meanAbsolute(*explanation, output);
    blocks.push_back(ReportHeading{text(explanation->outputs[output])});
    if (canPlot(*explanationPlot("picture"), *explanation)) { // its columns are pixels: names and ranks of them say nothing
        addPictures(blocks, *explanation, output);
        return;
    }
    blocks.push_back(ReportParagraph{conclusion(*explanation, importances)});
    ReportTable table{{tr("Column"), tr("Mean size of its effect"), tr("95 % interval")}, {}, 1};
    for (std::size_t i = 0; i < std::min(mostColumns, importances.size()); ++i) {
        const FeatureImportance& one = importances[i];
        const double half = 1.96 * one.error;
        table.rows.push_back({text(explanation->features[one.feature]), numberText(one.mean),
                              half > 0.0 ? tr("%1 to %2").arg(numberText(std::max(0.0, one.mean - half)), numberText(one.mean + half)) : explanation->additive ? tr("exact") : QStringLiteral("–")});
    }
    blocks.push_back(std::move(table));
    if (importances.size() > mostColumns)
        blocks.push_back(ReportParagraph{tr("The first %1 of %2 columns are listed.").arg(countText(qint64(mostColumns)), countText(qint64(importances.size())))});
    const QString name = text(explanation->outputs[output]);
    blocks.push_back(ReportFigure{tr("Effects of the columns on “%1”, row by row").arg(name), makeBeeswarm(explanation, output)});
    blocks.push_back(ReportFigure{tr("Mean size of the effects on “%1”").arg(name), makeImportanceBar(explanation, output)});
}

void addColumns(std::vector<ReportBlock>& blocks, const ReportExplanation& one, std::size_t most)
{
    const std::shared_ptr<const Explanation>& explanation = one.columns;
    blocks.push_back(facts(one));
    if (explanation->rowCount() == 0 || explanation->features.empty()) {
        blocks.push_back(ReportParagraph{tr("No rows were explained.")});
        return;
    }
    blocks.push_back(ReportParagraph{explanation->additive
        ? !explanation->segments.empty() ? tr("A value is what a superpixel adds to the prediction of one picture, counted from the mean prediction. It tells what the model does, not what causes what in the world.")
        : tr("A value is what a column adds to the prediction of one row, counted from the mean prediction. It tells what the model does, not what causes what in the world.")
        : tr("These values do not add up to the prediction. They tell what the model reacts to, not what causes what in the world.")});
    if (std::any_of(explanation->errors.begin(), explanation->errors.end(), [](double error) { return error > 0.0; }))
        blocks.push_back(ReportParagraph{tr("Intervals tell how exactly the method worked on these rows with this background, not how other rows would come out.")});
    const std::vector<std::size_t> outputs = tellingOutputs(*explanation, most);
    if (outputs.size() < explanation->outputs.size())
        blocks.push_back(ReportParagraph{outputs.size() == 1 ? tr("Shown is the one of %1 outputs with the largest effects.").arg(countText(qint64(explanation->outputs.size())))
                                                             : tr("Shown are the %1 of %2 outputs with the largest effects.")
                                                                   .arg(countText(qint64(outputs.size())), countText(qint64(explanation->outputs.size())))});
    for (const std::size_t output : outputs)
        addOutput(blocks, explanation, output);
}

void addWords(std::vector<ReportBlock>& blocks, const ReportExplanation& one)
{
    const TextOutcome& outcome = *one.words;
    ReportTable table;
    addOrigin(table, one);
    table.rows.push_back({tr("Method"), methodName(outcome.method)});
    table.rows.push_back({tr("Column"), text(outcome.column)});
    table.rows.push_back({tr("Values are in"), spaceText(outcome.task, outcome.space)});
    table.rows.push_back({tr("Rows explained"), tr("%1 of %2").arg(countText(qint64(outcome.rows.size())), one.source)});
    blocks.push_back(std::move(table));
    blocks.push_back(ReportParagraph{outcome.additive ? tr("A value is what a word adds to the prediction of its row, counted from that of the text without words.")
                                                      : tr("These values do not add up to the prediction: they tell what it reacts to.")});
    std::size_t shown = 0;
    for (std::size_t row = 0; row < outcome.rows.size() && shown < mostTexts; ++row) {
        const TextAttribution& words = *outcome.rows[row];
        if (words.spans.empty())
            continue;
        const auto output = static_cast<std::size_t>(std::max_element(words.predictions.begin(), words.predictions.end()) - words.predictions.begin());
        blocks.push_back(ReportFigure{tr("Row %1, “%2”").arg(countText(qint64(words.row)), text(outcome.outputs[output])), makeTextHighlight(textHighlightOf(outcome, row, output))});
        ++shown;
    }
}

} // namespace

ReportSection explanationSection(const ReportExplanations& explanations)
{
    ReportSection section{QStringLiteral("explanations"), tr("What drives the predictions"), {}};
    if (!explanations.missing.isEmpty())
        section.blocks.push_back(ReportParagraph{explanations.missing});
    else if (explanations.list.empty())
        section.blocks.push_back(ReportParagraph{tr("This report has no explanations.")});
    // The first is told at length, so that many of them stay readable.
    std::size_t most = mostOutputs;
    for (const ReportExplanation& one : explanations.list) {
        section.blocks.push_back(ReportHeading{one.words ? tr("%1, words").arg(methodName(one.method())) : methodName(one.method())});
        section.blocks.push_back(ReportParagraph{methodHelp(one.method())});
        if (one.words)
            addWords(section.blocks, one);
        else
            addColumns(section.blocks, one, std::exchange(most, 1));
    }
    if (!explanations.quality && !explanations.list.empty())
        section.blocks.push_back(ReportParagraph{tr("How far these explanations can be trusted was not measured for this report. “Quality…” on the Explain page, or a report with its option for it, measures it.")});
    return section;
}

} // namespace limpid
