#include "ui/charts/EffectPlots.h"
#include "ui/report/ReportDocument.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/text/QualityTexts.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t mostOutputs = 3;  // with a line each

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }
QString text(const std::string& from) { return QString::fromStdString(from); }

std::vector<QPointF> curve(const std::vector<double>& x, const std::vector<double>& y)
{
    std::vector<QPointF> points;
    for (std::size_t i = 0; i < x.size(); ++i)
        points.emplace_back(100.0 * x[i], y[i]);
    return points;
}

} // namespace

ReportSection effectSection(const std::shared_ptr<const EffectOutcome>& effects)
{
    ReportSection section{QStringLiteral("effects"), tr("How the predictions go along with the columns"), {}};
    const std::string method = effectMethodName(effects->method);
    section.blocks.push_back(ReportParagraph{methodHelp(method)});
    section.blocks.push_back(ReportTable{{}, {{tr("Method"), methodName(method)},
                                              {tr("Values are in"), spaceText(effects->task, effects->space)},
                                              {tr("Rows looked at"), effects->background == "training rows" ? tr("%1 training rows").arg(countText(qint64(effects->rows.size())))
                                                                                                            : countText(qint64(effects->rows.size()))}}});
    const EffectScale scale{effects->outputs, effects->space, effects->columns, effects->rows};
    std::vector<std::size_t> outputs(std::min(mostOutputs, effects->outputs.size()));
    std::iota(outputs.begin(), outputs.end(), std::size_t(0));
    if (outputs.size() < effects->outputs.size())
        section.blocks.push_back(ReportParagraph{tr("Shown are the first %1 of %2 outputs.").arg(countText(qint64(outputs.size())), countText(qint64(effects->outputs.size())))});
    // What is drawn keeps the whole outcome alive.
    if (const auto* dependence = std::get_if<std::vector<PartialDependence>>(&effects->result)) {
        const PartialDependencePtr shared(effects, dependence);
        for (std::size_t i = 0; i < dependence->size(); ++i)
            section.blocks.push_back(ReportFigure{text((*dependence)[i].name), makePartialDependencePlot(shared, i, scale, outputs)});
    } else if (const auto* accumulated = std::get_if<std::vector<AccumulatedEffects>>(&effects->result)) {
        const AccumulatedEffectsPtr shared(effects, accumulated);
        for (std::size_t i = 0; i < accumulated->size(); ++i)
            section.blocks.push_back(ReportFigure{text((*accumulated)[i].name), makeAlePlot(shared, i, scale, outputs)});
    }
    return section;
}

ReportSection qualitySection(const QualityOutcome& quality)
{
    ReportSection section{QStringLiteral("quality"), tr("How far the explanations can be trusted"), {}};
    section.blocks.push_back(ReportParagraph{tr("Measured for %1 on %2 of the rows and the output “%3”. Figures are means over the rows with their standard errors. Each looks at one side of an explanation; there is no score of all.")
                                                 .arg(methodName(quality.method), countText(qint64(quality.rows.size())), text(quality.output))});
    if (quality.reveal) {
        const RevealQuality& found = *quality.reveal;
        section.blocks.push_back(ReportFigure{tr("Insertion and deletion"),
                                              makeCurves({{tr("insertion"), curve(found.shares, found.insertion)}, {tr("deletion"), curve(found.shares, found.deletion)},
                                                          {tr("random insertion"), curve(found.shares, found.random)}},
                                                         tr("Columns added or taken out, %"), tr("Output, less that of the background"))});
    }
    for (const QualityText& measure : qualityTexts(quality.toJson())) {
        section.blocks.push_back(ReportHeading{measure.name});
        section.blocks.push_back(ReportParagraph{measure.meaning}); // before its figures, so that none of them stands alone on a page
        ReportTable table{{tr("What"), tr("Figure")}, {}, 1};
        for (const auto& [what, figure] : measure.figures)
            table.rows.push_back({what, figure});
        section.blocks.push_back(std::move(table));
    }
    return section;
}

} // namespace limpid
