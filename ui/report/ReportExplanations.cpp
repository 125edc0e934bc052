#include "core/explain/Attribution.h"
#include "core/explain/SuperpixelRow.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/report/ReportDocument.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t mostOutputs = 3;  // with plots of their own
constexpr std::size_t mostColumns = 20; // in the table
constexpr std::size_t mostPictures = 4;  // of each output

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }
QString text(const std::string& from) { return QString::fromStdString(from); }
QString shortNumber(double value) { return QLocale().toString(value, 'g', 2); }

/// Those with the largest effects, in their own order.
std::vector<std::size_t> tellingOutputs(const Explanation& explanation)
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
    order.resize(std::min(order.size(), mostOutputs));
    std::sort(order.begin(), order.end());
    return order;
}

QString backgroundName(const std::string& name)
{
    if (name == "training rows")
        return tr("training rows");
    if (name == "rows of the explained file")
        return tr("rows of the explained file");
    return text(name);
}

QString backgroundText(const Explanation& explanation)
{
    if (explanation.baseline == "zero")
        return tr("zero, once the columns are encoded");
    const QString rows = tr("%1 %2").arg(countText(qint64(explanation.backgroundRows)), backgroundName(explanation.background));
    return explanation.baseline == "mean" ? tr("the mean of %1").arg(rows) : rows;
}

ReportTable facts(const Explanation& explanation, const QString& source)
{
    ReportTable table;
    table.rows.push_back({tr("Method"), methodName(explanation.method)});
    table.rows.push_back({tr("Values are in"), spaceText(explanation.task, explanation.space)});
    table.rows.push_back({tr("Rows explained"), source.isEmpty() ? countText(qint64(explanation.rowCount())) : tr("%1 of %2").arg(countText(qint64(explanation.rowCount())), source)});
    if (!explanation.segments.empty())
        table.rows.push_back({tr("Players"), tr("superpixels: patches of pixels that are alike, of each picture its own")});
    if (masksByMeanColour(explanation))
        table.rows.push_back({tr("In a superpixel's place"), tr("its mean colour")});
    else
        table.rows.push_back({tr("Compared with"), explanation.backgroundRows > 0 || !explanation.baseline.empty() ? backgroundText(explanation) : tr("nothing: at the rows themselves")});
    table.rows.push_back({isAttributionMethod(explanation.method) ? tr("Gradients a row") : tr("Coalitions a row"), countText(qint64(explanation.evaluations))});
    if (explanation.modelRows > 0)
        table.rows.push_back({tr("Predictions in all"), countText(qint64(explanation.modelRows))});
    table.rows.push_back({tr("Time"), durationText(explanation.seconds)});
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
    if (canPlot(*explanationPlot("picture"), *explanation))
        addPictures(blocks, *explanation, output);
    if (!explanation->segments.empty())
        return; // each picture has superpixels of its own, so there is nothing to say of columns
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
    blocks.push_back(ReportFigure{tr("Effects of the columns on “%1”, row by row").arg(text(explanation->outputs[output])), makeBeeswarm(explanation, output)});
    blocks.push_back(ReportFigure{tr("Mean size of the effects on “%1”").arg(text(explanation->outputs[output])), makeImportanceBar(explanation, output)});
}

} // namespace

ReportSection explanationSection(const ReportExplanations& explanations)
{
    ReportSection section{QStringLiteral("explanations"), tr("What drives the predictions"), {}};
    if (explanations.list.empty()) {
        section.blocks.push_back(ReportParagraph{explanations.missing.isEmpty() ? tr("This report has no explanations.") : explanations.missing});
        return section;
    }
    for (const std::shared_ptr<const Explanation>& explanation : explanations.list) {
        section.blocks.push_back(ReportHeading{methodName(explanation->method)});
        section.blocks.push_back(ReportParagraph{methodHelp(explanation->method)});
        section.blocks.push_back(facts(*explanation, explanations.source));
        if (explanation->rowCount() == 0 || explanation->features.empty()) {
            section.blocks.push_back(ReportParagraph{tr("No rows were explained.")});
            continue;
        }
        section.blocks.push_back(ReportParagraph{explanation->additive
            ? !explanation->segments.empty() ? tr("A value is what a superpixel adds to the prediction of one picture, counted from the mean prediction. It tells what the model does, not what causes what in the world.")
            : tr("A value is what a column adds to the prediction of one row, counted from the mean prediction. It tells what the model does, not what causes what in the world.")
            : tr("These values do not add up to the prediction. They tell what the model reacts to, not what causes what in the world.")});
        if (std::any_of(explanation->errors.begin(), explanation->errors.end(), [](double error) { return error > 0.0; }))
            section.blocks.push_back(ReportParagraph{tr("Intervals tell how exactly the method worked on these rows with this background, not how other rows would come out.")});
        const std::vector<std::size_t> outputs = tellingOutputs(*explanation);
        if (outputs.size() < explanation->outputs.size())
            section.blocks.push_back(ReportParagraph{tr("Shown are the %1 of %2 outputs with the largest effects.")
                                                         .arg(countText(qint64(outputs.size())), countText(qint64(explanation->outputs.size())))});
        for (const std::size_t output : outputs)
            addOutput(section.blocks, explanation, output);
    }
    return section;
}

} // namespace limpid
