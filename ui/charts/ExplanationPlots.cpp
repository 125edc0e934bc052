#include "ui/charts/ExplanationPlots.h"

#include "core/base/Error.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>

#include <algorithm>
#include <string>

namespace limpid {

const std::vector<ExplanationPlotKind>& explanationPlots()
{
    static const std::vector<ExplanationPlotKind> all = {
        {"beeswarm", QT_TRANSLATE_NOOP("Plots", "Beeswarm")},
        {"bar", QT_TRANSLATE_NOOP("Plots", "Bar")},
        {"violin", QT_TRANSLATE_NOOP("Plots", "Violin")},
        {"heatmap", QT_TRANSLATE_NOOP("Plots", "Heatmap"), false, false, false, false, true},
        {"decision", QT_TRANSLATE_NOOP("Plots", "Decision"), false, false, true},
        {"stacked-force", QT_TRANSLATE_NOOP("Plots", "Stacked force"), false, false, true, false, true},
        {"dependence", QT_TRANSLATE_NOOP("Plots", "Dependence"), false, true},
        {"cohorts", QT_TRANSLATE_NOOP("Plots", "Cohorts"), false, false, false, true},
        {"waterfall", QT_TRANSLATE_NOOP("Plots", "Waterfall"), true, false, true},
        {"force", QT_TRANSLATE_NOOP("Plots", "Force"), true, false, true},
        {"row-bar", QT_TRANSLATE_NOOP("Plots", "Row bar"), true},
    };
    return all;
}

const ExplanationPlotKind* explanationPlot(std::string_view id)
{
    const auto& all = explanationPlots();
    const auto found = std::find_if(all.begin(), all.end(), [id](const ExplanationPlotKind& kind) { return id == kind.id; });
    return found == all.end() ? nullptr : &*found;
}

QString explanationPlotName(const ExplanationPlotKind& kind) { return QCoreApplication::translate("Plots", kind.name); }

bool canPlot(const ExplanationPlotKind& kind, const Explanation& explanation)
{
    return explanation.rowCount() > 0 && !explanation.features.empty() && !explanation.outputs.empty() && (!kind.needsAdditive || plot::addsUp(explanation));
}

std::unique_ptr<Plot> makeExplanationPlot(const ExplanationPlotKind& kind, std::shared_ptr<const Explanation> explanation, const ExplanationPlotChoice& choice)
{
    const Explanation& e = *explanation;
    const auto require = [&kind](bool fits, const char* expected) {
        if (!fits)
            throw Error(ErrorCode::OptionInvalid, {{"name", "plot"}, {"value", kind.id}, {"expected", expected}});
    };
    require(e.rowCount() > 0 && !e.features.empty(), "an explanation of some rows");
    require(canPlot(kind, e), "values that add up to the prediction");
    require(choice.output < e.outputs.size(), "an output of the explanation");
    require(!kind.needsRow || choice.row < e.rowCount(), "a row of the explanation");
    require(!kind.needsFeature || (choice.feature < e.features.size() && choice.colorFeature < static_cast<int>(e.features.size())), "a column of the explanation");
    if (kind.needsCohorts) {
        require(!choice.cohorts.empty(), "groups of rows");
        for (const Cohort& cohort : choice.cohorts)
            for (const std::size_t row : cohort.rows)
                require(row < e.rowCount(), "groups of the explanation's rows");
    }
    const std::string_view id = kind.id;
    const auto most = [&choice](int own) { return choice.maxFeatures > 0 ? choice.maxFeatures : own; };
    if (id == "beeswarm")
        return makeBeeswarm(std::move(explanation), choice.output, most(12));
    if (id == "bar")
        return makeImportanceBar(std::move(explanation), choice.output, most(12));
    if (id == "violin")
        return makeViolin(std::move(explanation), choice.output, most(12));
    if (id == "heatmap")
        return makeHeatmap(std::move(explanation), choice.output, choice.order, most(12));
    if (id == "decision")
        return makeDecision(std::move(explanation), choice.output, most(15));
    if (id == "stacked-force")
        return makeStackedForce(std::move(explanation), choice.output, choice.order, most(8));
    if (id == "dependence")
        return makeDependence(std::move(explanation), choice.output, choice.feature, choice.colorFeature);
    if (id == "cohorts")
        return makeCohortBar(std::move(explanation), choice.output, choice.cohorts, most(8));
    if (id == "waterfall")
        return makeWaterfall(std::move(explanation), choice.output, choice.row, most(9));
    if (id == "force")
        return makeForce(std::move(explanation), choice.output, choice.row, most(10));
    return makeRowBar(std::move(explanation), choice.output, choice.row, most(9));
}

} // namespace limpid
