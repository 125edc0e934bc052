#include "ui/charts/ExplanationPlots.h"

#include "core/base/Error.h"
#include "core/explain/SuperpixelRow.h"
#include "ui/charts/ExamplePlots.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace limpid {

namespace {

/// Every column a value of a pixel, grey or of three colours.
bool isPicture(const Explanation& e)
{
    return e.image && (e.image->channels == 1 || e.image->channels == 3) && e.image->channels * e.image->height * e.image->width == e.features.size();
}

/// One row of an explanation of superpixels, with them as its columns.
std::shared_ptr<const Explanation> rowOfSuperpixels(const Explanation& e, std::size_t row)
{
    SuperpixelEffects effects = superpixelEffects(e, row);
    auto made = std::make_shared<Explanation>();
    made->method = e.method;
    made->task = e.task;
    made->space = e.space;
    made->outputs = e.outputs;
    made->additive = e.additive;
    made->residual = e.residual;
    made->rows = {e.rows[row]};
    made->base = e.base;
    const auto first = static_cast<std::ptrdiff_t>(row * e.outputs.size()), last = first + static_cast<std::ptrdiff_t>(e.outputs.size());
    made->predictions.assign(e.predictions.begin() + first, e.predictions.begin() + last);
    if (!e.fit.empty())
        made->fit.assign(e.fit.begin() + first, e.fit.begin() + last);
    for (std::size_t k = 0; k < effects.count; ++k) {
        made->features.push_back(QCoreApplication::translate("Plots", "superpixel %1").arg(k).toStdString());
        made->cellText.push_back(QCoreApplication::translate("Plots", "around %1, %2").arg(std::lround(effects.row[k])).arg(std::lround(effects.column[k])).toStdString());
        made->cellNumber.push_back(std::numeric_limits<double>::quiet_NaN());
    }
    made->values = std::move(effects.values);
    made->errors = std::move(effects.errors);
    return made;
}

} // namespace

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
        {"picture", QT_TRANSLATE_NOOP("Plots", "Picture"), true, false, false, false, false, true},
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
    return explanation.rowCount() > 0 && !explanation.features.empty() && !explanation.outputs.empty() && (!kind.needsAdditive || plot::addsUp(explanation))
        && (!kind.needsPicture || isPicture(explanation));
}

RowOrder usualOrder(const Explanation& explanation)
{
    constexpr std::size_t mostCompared = 500;
    return explanation.rowCount() <= mostCompared ? RowOrder::Similarity : RowOrder::Prediction;
}

ImageExplanation pictureOf(const Explanation& e, std::size_t output, std::size_t row)
{
    const std::size_t pixels = e.image->height * e.image->width, channels = e.image->channels;
    ImageExplanation picture{e.image->height, e.image->width, channels, std::vector<float>(pixels * channels), {}, {}};
    ImageExplanation::Output& shown = picture.outputs.emplace_back();
    shown.name = QString::fromStdString(e.outputs[output]);
    shown.prediction = e.predictions[row * e.outputs.size() + output];
    shown.contributions.assign(pixels, 0.0);
    for (std::size_t k = 0; k < e.features.size(); ++k) {
        const std::size_t channel = k / pixels, pixel = k % pixels;
        const double number = e.cellNumber[row * e.features.size() + k];
        picture.pixels[pixel * channels + channel] = std::isnan(number) ? 0.0f : static_cast<float>(number);
        shown.contributions[pixel] += e.value(row, output, k);
    }
    if (!e.segments.empty()) {
        const SuperpixelEffects effects = superpixelEffects(e, row);
        shown.errors.resize(pixels);
        for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
            shown.contributions[pixel] = effects.value(output, effects.labels[pixel]);
            shown.errors[pixel] = effects.error(output, effects.labels[pixel]);
        }
        picture.segments = effects.labels;
    }
    return picture;
}

std::unique_ptr<Plot> makePictureOverlay(const Explanation& e, std::size_t output, std::size_t row) { return makeImageOverlay(pictureOf(e, output, row)); }

std::unique_ptr<Plot> makeExplanationPlot(const ExplanationPlotKind& kind, std::shared_ptr<const Explanation> explanation, const ExplanationPlotChoice& choice)
{
    const Explanation& e = *explanation;
    const auto require = [&kind](bool fits, const char* expected) {
        if (!fits)
            throw Error(ErrorCode::OptionInvalid, {{"name", "plot"}, {"value", kind.id}, {"expected", expected}});
    };
    require(e.rowCount() > 0 && !e.features.empty(), "an explanation of some rows");
    require(!kind.needsAdditive || plot::addsUp(e), "values that add up to the prediction");
    require(canPlot(kind, e), "an explanation of pictures, pixel by pixel");
    require(choice.output < e.outputs.size(), "an output of the explanation");
    require(!kind.needsRow || choice.row < e.rowCount(), "a row of the explanation");
    require(!kind.needsFeature || (choice.feature < e.features.size() && choice.colorFeature < static_cast<int>(e.features.size())), "a column of the explanation");
    if (kind.needsCohorts) {
        require(!choice.cohorts.empty(), "groups of rows");
        for (const Cohort& cohort : choice.cohorts)
            for (const std::size_t row : cohort.rows)
                require(row < e.rowCount(), "groups of the explanation's rows");
    }
    if (kind.needsRow && !kind.needsPicture && !e.segments.empty()) {
        ExplanationPlotChoice own = choice;
        own.row = 0;
        return makeExplanationPlot(kind, rowOfSuperpixels(e, choice.row), own);
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
    if (id == "picture")
        return makePictureOverlay(e, choice.output, choice.row);
    return makeRowBar(std::move(explanation), choice.output, choice.row, most(9));
}

} // namespace limpid
