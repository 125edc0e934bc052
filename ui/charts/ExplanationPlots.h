#pragma once

#include "ui/charts/Plot.h"

#include <optional>

namespace limpid {

// Every picture of an Explanation, and one list of them for the window and the command line. Rows and features are indices
// into the explanation; `output` is one of its outputs. Where the explanation has errors,
// intervals drawn are of 95 % and figures after ± standard errors (of cohorts half the interval); columns whose place in the order is not certain (placesResolved) are marked.

enum class RowOrder {
    Similarity, ///< rows with alike values beside each other: hierarchical clustering
    Prediction  ///< from the lowest prediction to the highest
};

/// Rows that go by a name.
struct Cohort {
    QString name;
    std::vector<std::size_t> rows;
};

/// A column's effect over its value, a point a row. Coloured by the values of another column; -1: the one that
/// plot::strongestInteraction() picks. An item is a row.
std::unique_ptr<Plot> makeDependence(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t feature, int colorFeature = -1);

/// Like a beeswarm, with how densely values lie instead of points. An item is a feature.
std::unique_ptr<Plot> makeViolin(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures = 12);

/// A cell a row and column; above it the predictions. Where rows are more than pixels, a pixel shows the mean of its rows.
/// An item is feature · rows + row, as a beeswarm's.
std::unique_ptr<Plot> makeHeatmap(std::shared_ptr<const Explanation> explanation, std::size_t output, RowOrder order = RowOrder::Similarity, int maxFeatures = 12);

/// Mean |value| of each cohort's rows side by side; the interval takes in how the rows of a cohort differ and the
/// explanation's own error. An item is feature · cohorts + cohort. Cohorts without rows are left out.
std::unique_ptr<Plot> makeCohortBar(std::shared_ptr<const Explanation> explanation, std::size_t output, std::vector<Cohort> cohorts, int maxFeatures = 8);

// The following show a way from base to prediction: only for explanations that add up (plot::addsUp); else Error OptionInvalid.

/// A line a row, from the base at the bottom through the columns to the prediction at the top. Of more rows than `maxLines`
/// so many are drawn, evenly spaced by prediction, over the band that holds 90 % of all; the plot says so. An item is a row.
std::unique_ptr<Plot> makeDecision(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures = 15, int maxLines = 300);

/// One row: what raises its prediction pushes from the left, what lowers it from the right. An item is a segment.
std::unique_ptr<Plot> makeForce(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures = 10);

/// Force plots of all rows, upright and side by side. An item is a row.
std::unique_ptr<Plot> makeStackedForce(std::shared_ptr<const Explanation> explanation, std::size_t output, RowOrder order = RowOrder::Similarity, int maxFeatures = 8);

struct ImageExplanation;
/// The picture that a row's columns are, with what they do to one output. Only for explanations that makeExplanationPlot() draws as one.
ImageExplanation pictureOf(const Explanation& explanation, std::size_t output, std::size_t row);

/// One row's values over the picture that its columns are, for one output: makeImageOverlay(). An item is as there.
std::unique_ptr<Plot> makePictureOverlay(const Explanation& explanation, std::size_t output, std::size_t row);

/// Rows by likeness where they are so few that comparing each with each takes no time, else by prediction.
RowOrder usualOrder(const Explanation& explanation);

/// What there is to choose from.
struct ExplanationPlotKind {
    const char* id;              ///< of the command line, the settings and addresses
    const char* name;            ///< for people, to be translated: see explanationPlotName()
    bool needsRow = false;       ///< it is of one row
    bool needsFeature = false;   ///< it is of one column
    bool needsAdditive = false;  ///< values must add up to the prediction
    bool needsCohorts = false;
    bool ordersRows = false;     ///< ExplanationPlotChoice::order matters
    bool needsPicture = false;   ///< the columns must be a picture's pixels
};
/// In the order in which they are offered.
const std::vector<ExplanationPlotKind>& explanationPlots();
/// Null where there is none of that id.
const ExplanationPlotKind* explanationPlot(std::string_view id);
QString explanationPlotName(const ExplanationPlotKind& kind);
/// Whether that explanation has what the picture needs of it: rows, columns, and where needed that values add up.
bool canPlot(const ExplanationPlotKind& kind, const Explanation& explanation);

struct ExplanationPlotChoice {
    std::size_t output = 0, row = 0, feature = 0;
    int colorFeature = -1;          ///< dependence: -1 picks one
    RowOrder order = RowOrder::Similarity;
    std::vector<Cohort> cohorts;
    int maxFeatures = 0;            ///< 0: the plot's own number
};
/// Of an explanation of superpixels, what shows one row shows its superpixels; the others show pixels, each with its share of its superpixel.
/// Throws Error OptionInvalid where canPlot() says no, or an index or a cohort's row is not of that explanation.
std::unique_ptr<Plot> makeExplanationPlot(const ExplanationPlotKind& kind, std::shared_ptr<const Explanation> explanation, const ExplanationPlotChoice& choice);

} // namespace limpid
