#include "ui/report/ReportDocument.h"

#include "core/workbench/RunResources.h"
#include "ui/charts/PicturePlots.h"
#include "ui/text/ChangeTexts.h"
#include "ui/text/Messages.h"
#include "ui/text/ResourceTexts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <set>

namespace limpid {

namespace {

using nlohmann::json;

constexpr std::size_t mostColumns = 100;   // listed one by one
constexpr std::size_t someColumns = 20;    // where there are more: a picture's pixels, say
constexpr std::size_t mostLayers = 300;
constexpr std::size_t mostCategories = 6;  // named
constexpr std::size_t mostTargets = 3;     // with pictures of their own

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }
QString text(const std::string& from) { return QString::fromStdString(from); }

QString dateTimeText(std::int64_t ms) { return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), QLocale::ShortFormat); }

json member(const json& object, const char* name) { return object.is_object() && object.contains(name) ? object.at(name) : json(); }
QString textOf(const json& object, const char* name)
{
    const json value = member(object, name);
    return value.is_string() ? text(value.get<std::string>()) : QString();
}

QString listed(const std::vector<std::string>& names, std::size_t most)
{
    QStringList parts;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
        parts << text(names[i]);
    const QString shown = parts.join(QStringLiteral(", "));
    return names.size() > most ? tr("%1 and %2 more").arg(shown, countText(qint64(names.size() - most))) : shown;
}

QString taskText(const Pipeline& pipeline)
{
    switch (pipeline.task()) {
    case TaskKind::Binary:
        return tr("one of two classes");
    case TaskKind::MultiClass:
        return tr("one of %1 classes").arg(countText(qint64(pipeline.classes().size())));
    case TaskKind::Regression:
        return tr("a number");
    case TaskKind::MultiLabel:
        return tr("several labels");
    case TaskKind::MultiRegression:
        return tr("several numbers");
    }
    return {};
}

QString typeText(const std::string& type)
{
    if (type == "number")
        return tr("number");
    if (type == "category")
        return tr("category");
    if (type == "boolean")
        return tr("yes or no");
    if (type == "date-time")
        return tr("date and time");
    return tr("text");
}

/// How one column is prepared, of its entry in Pipeline::toJson().
QString preparation(const json& column, const PipelineSpec& spec)
{
    const std::string type = column.value("type", std::string());
    QStringList parts;
    const auto number = [&column](const char* name) { return numberText(column.value(name, 0.0)); };
    if (type == "number") {
        if (spec.scaling == "quantile")
            parts << tr("normal scores by the training quantiles");
        else if (spec.scaling == "none")
            parts << tr("as it is");
        else
            parts << tr("scaled: mean %1, deviation %2").arg(number("mean"), number("scale"));
        parts << tr("gaps filled with %1").arg(number("fill"));
    } else if (type == "date-time") {
        parts << tr("seconds, scaled");
        if (const auto periods = column.value("periods", std::vector<std::string>()); !periods.empty())
            parts << tr("cycles: %1").arg(listed(periods, mostCategories));
    } else if (type == "boolean") {
        parts << tr("0 or 1 (%1)").arg(listed(column.value("categories", std::vector<std::string>()), 2)) << tr("gaps filled with %1").arg(number("fill"));
    } else if (type == "category") {
        const auto values = column.value("categories", std::vector<std::string>());
        parts << (spec.categories == "one-hot" ? tr("one-hot of %1 values: %2") : tr("learnt vectors of %1 values: %2"))
                     .arg(countText(qint64(values.size())), listed(values, mostCategories));
        if (column.value("missingIndex", false))
            parts << tr("missing is a value of its own");
    } else {
        parts << tr("indices of its first %1 words").arg(countText(column.value("tokens", qint64(0))));
    }
    if (column.value("gapFeature", false))
        parts << tr("with a mark where it was missing");
    return parts.join(QStringLiteral("; "));
}

ReportSection dataSection(const ReportContents& contents)
{
    ReportSection section{QStringLiteral("data"), tr("Data"), {}};
    const Pipeline& pipeline = contents.pipeline;
    ReportTable facts;
    if (contents.run) {
        const RunRecord& run = *contents.run;
        facts.rows.push_back({tr("File"), QFileInfo(textOf(run.data, "path")).fileName()});
        facts.rows.push_back({tr("SHA-256"), textOf(run.data, "sha256")});
        if (const json rows = member(run.data, "rows"); rows.is_number())
            facts.rows.push_back({tr("Rows"), countText(rows.get<qint64>())});
        const json folds = member(run.split, "folds"), share = member(run.split, "validation"), seed = member(run.split, "seed");
        QString split = folds.is_number() ? tr("fold %1 of %2 held out").arg(valueText(member(run.split, "fold")), valueText(folds))
                        : share.is_number() ? tr("%1 % of the rows held out to validate").arg(numberText(100.0 * share.get<double>())) : QString();
        if (const json stratified = member(run.split, "stratified"); stratified.is_boolean() && stratified.get<bool>())
            split += tr(", by class");
        if (seed.is_number())
            split += tr(", seed %1").arg(valueText(seed));
        facts.rows.push_back({tr("Split"), split});
    } else {
        section.blocks.push_back(ReportParagraph{tr("The run that this version came of is not in this workspace, so its file is not known.")});
    }
    facts.rows.push_back({pipeline.targets().size() == 1 ? tr("Target") : tr("Targets"), listed(pipeline.spec().targets(), mostColumns)});
    facts.rows.push_back({tr("Predicts"), taskText(pipeline)});
    if (!pipeline.classes().empty())
        facts.rows.push_back({tr("Classes"), listed(pipeline.classes(), mostColumns)});
    section.blocks.push_back(facts);

    const json fitted = pipeline.toJson();
    const json columns = fitted.value("columns", json::array());
    section.blocks.push_back(ReportHeading{tr("Columns that the model reads")});
    ReportTable table{{tr("Column"), tr("Type"), tr("Prepared as")}, {}};
    std::set<std::string> used;
    for (const json& column : columns) {
        used.insert(column.value("column", std::string()));
        if (table.rows.size() < (columns.size() > mostColumns ? someColumns : mostColumns))
            table.rows.push_back({text(column.value("column", std::string())), typeText(column.value("type", std::string())), preparation(column, pipeline.spec())});
    }
    const std::size_t all = columns.size();
    section.blocks.push_back(std::move(table));
    if (all > mostColumns)
        section.blocks.push_back(ReportParagraph{tr("The first %1 of %2 columns are listed.").arg(countText(qint64(someColumns)), countText(qint64(all)))});
    std::vector<std::string> left;
    const std::vector<std::string> targets = pipeline.spec().targets();
    for (const std::string& column : fitted.value("tableColumns", std::vector<std::string>()))
        if (!used.contains(column) && std::find(targets.begin(), targets.end(), column) == targets.end())
            left.push_back(column);
    if (!left.empty())
        section.blocks.push_back(ReportParagraph{tr("Left out: %1.").arg(listed(left, mostColumns))});
    return section;
}

/// Settings of a layer in PyTorch's way: "out_features=64, bias=yes".
QString layerSettings(const NodeSpec& node)
{
    const LayerType* type = findLayer(node.type);
    QStringList parts;
    if (!type)
        return {};
    for (const ParamSpec& param : type->params)
        if (paramApplies(type->params, node.params, param.name))
            parts << QStringLiteral("%1=%2").arg(text(param.name), valueText(paramValue(type->params, node.params, param.name)));
    return parts.join(QStringLiteral(", "));
}

ReportSection networkSection(const ReportContents& contents)
{
    ReportSection section{QStringLiteral("network"), tr("Network"), {}};
    const NetworkAnalysis analysis = analyse(contents.network, networkContext(contents.pipeline));
    ReportTable facts;
    facts.rows.push_back({tr("Layers"), countText(qint64(analysis.flat.nodes.size()))});
    facts.rows.push_back({tr("Parameters"), countText(analysis.total.parameters)});
    facts.rows.push_back({tr("Operations for a row"), tr("%1 FLOPs").arg(countText(analysis.total.flops))});
    if (contents.members > 1)
        facts.rows.push_back({tr("Ensemble"), tr("%1 members of this network, whose predictions are averaged").arg(countText(qint64(contents.members)))});
    section.blocks.push_back(facts);
    ReportTable table{{tr("Layer"), tr("Type and settings"), tr("Reads"), tr("Gives"), tr("Parameters")}, {}, 4};
    for (std::size_t i = 0; i < analysis.flat.nodes.size() && i < mostLayers; ++i) {
        const NodeSpec& node = analysis.flat.nodes[i];
        const NodeAnalysis& found = analysis.flatNodes[i];
        const QString settings = layerSettings(node);
        table.rows.push_back({text(node.id), settings.isEmpty() ? text(node.type) : QStringLiteral("%1 (%2)").arg(text(node.type), settings),
                              listed(node.inputs, mostCategories), found.valid ? text(shapeText(found.shape)) : QStringLiteral("–"),
                              countText(found.cost.parameters)});
    }
    section.blocks.push_back(std::move(table));
    if (analysis.flat.nodes.size() > mostLayers)
        section.blocks.push_back(ReportParagraph{tr("The first %1 layers are listed.").arg(countText(qint64(mostLayers)))});
    return section;
}

using EpochValue = double (*)(const EpochRecord&, const std::string&);

std::shared_ptr<const Plot> curves(const std::vector<EpochRecord>& epochs, const std::string& name, const QString& label, EpochValue train, EpochValue validation)
{
    Curve first{tr("Training"), {}}, second{tr("Validation"), {}};
    for (const EpochRecord& epoch : epochs) {
        first.points.emplace_back(epoch.epoch, train(epoch, name));
        second.points.emplace_back(epoch.epoch, validation(epoch, name));
    }
    return makeCurves({std::move(first), std::move(second)}, tr("Epoch"), label);
}

double valueIn(const MetricSet& set, const std::string& name)
{
    const auto found = set.values.find(name);
    return found == set.values.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

/// The figure that says most, of those that were followed over the epochs; "" for none.
std::string tellingMetric(const EpochRecord& epoch)
{
    for (const char* name : {"roc_auc", "macro_roc_auc", "accuracy", "r2", "subset_accuracy", "rmse"})
        if (epoch.validation.values.contains(name))
            return name;
    return {};
}

ReportSection trainingSection(const ReportContents& contents)
{
    ReportSection section{QStringLiteral("training"), tr("Training"), {}};
    const RunRecord& run = *contents.run;
    ReportTable facts;
    facts.rows.push_back({tr("Run"), QString::number(run.id)});
    facts.rows.push_back({tr("Started"), dateTimeText(run.startedMs)});
    facts.rows.push_back({tr("Epochs"), run.bestEpoch > 0 ? tr("%1; the weights are those after epoch %2").arg(countText(run.epochs), countText(run.bestEpoch)) : countText(run.epochs)});
    if (run.seconds > 0.0)
        facts.rows.push_back({tr("Time"), durationText(run.seconds)});
    if (!run.resources.is_null())
        facts.rows.push_back({tr("Used"), useText(resourceUseFromJson(run.resources))});
    section.blocks.push_back(facts);
    if (contents.epochs.empty()) {
        section.blocks.push_back(ReportParagraph{tr("The run has no curves.")});
        return section;
    }
    section.blocks.push_back(ReportFigure{tr("Loss"), curves(contents.epochs, {}, tr("Loss"), [](const EpochRecord& epoch, const std::string&) { return epoch.trainLoss; },
                                                             [](const EpochRecord& epoch, const std::string&) { return epoch.validationLoss; })});
    if (const std::string metric = tellingMetric(contents.epochs.back()); !metric.empty())
        section.blocks.push_back(ReportFigure{metricName(metric), curves(contents.epochs, metric, metricName(metric),
                                                                         [](const EpochRecord& epoch, const std::string& name) { return valueIn(epoch.train, name); },
                                                                         [](const EpochRecord& epoch, const std::string& name) { return valueIn(epoch.validation, name); })});
    return section;
}

QString figureText(const json& set, const std::string& name)
{
    const json value = member(set, name.c_str());
    return value.is_number() ? numberText(value.get<double>()) : QStringLiteral("–");
}

ReportSection metricsSection(const ReportContents& contents)
{
    ReportSection section{QStringLiteral("metrics"), tr("Figures"), {}};
    const json& own = contents.version.metrics;
    const json metrics = own.is_object() && !own.empty() ? own : contents.run ? contents.run->metrics : json();
    const json train = member(metrics, "train"), validation = member(metrics, "validation");
    ReportTable table{{tr("Figure"), tr("Validation rows"), tr("Training rows")}, {}, 1};
    const json names = validation.is_object() ? validation : train;
    if (names.is_object())
        for (const auto& [name, value] : names.items())
            table.rows.push_back({metricName(name), figureText(validation, name), figureText(train, name)});
    if (table.rows.empty())
        section.blocks.push_back(ReportParagraph{tr("No figures are stored with this version.")});
    else
        section.blocks.push_back(std::move(table));
    section.blocks.push_back(ReportParagraph{tr("The model did not learn from the validation rows. Much better figures on the training rows mean overfitting.")});
    const auto picture = contents.picture;
    if (!picture)
        return section;
    if (!picture->classes.empty()) {
        section.blocks.push_back(ReportFigure{tr("ROC curve, validation rows"), makeRocPlot(picture)});
        section.blocks.push_back(ReportFigure{tr("Precision and recall, validation rows"), makePrecisionRecallPlot(picture)});
        section.blocks.push_back(ReportFigure{tr("Calibration, validation rows"), makeCalibrationPlot(picture)});
    }
    if (!picture->confusion.empty()) {
        QStringList classes;
        for (const std::string& name : picture->names)
            classes << text(name);
        section.blocks.push_back(ReportFigure{tr("Confusion matrix, validation rows"), makeConfusionPlot(picture->confusion, classes)});
    }
    for (std::size_t target = 0; target < std::min(mostTargets, picture->residuals.size()); ++target) {
        const QString name = text(picture->residuals[target].name);
        section.blocks.push_back(ReportFigure{tr("Predicted and true “%1”, validation rows").arg(name), makePredictedPlot(picture, target)});
        section.blocks.push_back(ReportFigure{tr("Residuals of “%1”, validation rows").arg(name), makeResidualPlot(picture, target)});
    }
    return section;
}

} // namespace

QString ReportFigure::caption() const
{
    constexpr qsizetype longest = 320;
    const QString sentence = plot->sentence();
    return sentence.size() <= longest ? sentence : QString();
}

ReportDocument reportDocument(const ReportContents& contents)
{
    const ModelVersion& version = contents.version;
    ReportDocument document;
    document.title = version.version > 0 ? tr("%1, version %2").arg(text(version.model), QString::number(version.version)) : tr("Run %1").arg(version.run);
    document.subtitle = tr("Report of a model, written by Limpid on %1").arg(dateTimeText(contents.writtenMs));
    ReportTable facts;
    if (version.createdMs > 0)
        facts.rows.push_back({tr("Created"), dateTimeText(version.createdMs)});
    if (!version.aliases.empty())
        facts.rows.push_back({tr("Aliases"), listed(version.aliases, mostColumns)});
    for (const auto& [name, value] : version.tags)
        facts.rows.push_back({tr("Tag %1").arg(text(name)), text(value)});
    facts.rows.push_back({tr("Predicts"), QStringLiteral("%1: %2").arg(listed(contents.pipeline.spec().targets(), mostCategories), taskText(contents.pipeline))});
    document.summary.push_back(std::move(facts));
    document.sections.push_back(dataSection(contents));
    document.sections.push_back(networkSection(contents));
    if (contents.run)
        document.sections.push_back(trainingSection(contents));
    document.sections.push_back(metricsSection(contents));
    document.sections.push_back(explanationSection(contents.explanations));
    if (contents.explanations.effects)
        document.sections.push_back(effectSection(contents.explanations.effects));
    if (contents.explanations.quality)
        document.sections.push_back(qualitySection(*contents.explanations.quality));
    document.sections.push_back(settingsSection(contents));
    return document;
}

} // namespace limpid
