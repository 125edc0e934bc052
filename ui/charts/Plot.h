#pragma once

#include "core/explain/Explanation.h"
#include "ui/charts/AxisZoom.h"
#include "ui/theme/Theme.h"

#include <QImage>
#include <QPainter>
#include <QSize>
#include <QString>

#include <memory>
#include <vector>

namespace limpid {

/// A picture drawn by us: paints itself at any size in a theme's colours, so that window, PNG and SVG are one drawing.
/// Explanation plots and static curves are Plots; live curves are LineChart.
class Plot
{
public:
    virtual ~Plot() = default;
    virtual void paint(QPainter& painter, const QRectF& area, const Theme& theme) const = 0;
    /// The height it likes at that width.
    virtual double preferredHeight(double width) const = 0;
    /// A sentence that says what it shows; also its accessible text and the caption in reports.
    virtual QString sentence() const = 0;
    /// The numbers behind it: first row headers.
    virtual std::vector<QStringList> table() const = 0;
    /// Item under a point, or -1; for clicks and tooltips. Beeswarm: feature · rows + row, by the explanation's indices
    /// (so item % rows is the row clicked). Bar: the feature. Waterfall: the bar, from the top.
    virtual int hit(const QPointF& point, const QRectF& area) const { (void)point; (void)area; return -1; }
    virtual QString tooltip(int item) const { (void)item; return {}; }

    // Selecting rows. Rows are indices into the explanation; a plot whose marks are not rows keeps these defaults.

    /// How many rows there are to select; 0 where marks are not rows.
    virtual std::size_t selectableRows() const { return 0; }
    /// The row that an item stands for, or -1.
    virtual int rowOf(int item) const { (void)item; return -1; }
    /// Rows, ascending, with a mark inside the rubber band.
    virtual std::vector<std::size_t> rowsIn(const QRectF& region, const QRectF& area) const { (void)region; (void)area; return {}; }
    /// Over the picture that paint() made in the same area: rows that are selected [selectableRows()] stand out.
    virtual void paintSelection(QPainter& painter, const QRectF& area, const Theme& theme, const std::vector<bool>& selected) const
    { (void)painter; (void)area; (void)theme; (void)selected; }
    /// The item that an arrow key leads to from another, or from none (-1); the same one at the end of the way.
    virtual int itemAfter(int item, Qt::Key arrow) const { (void)arrow; return item; }
    /// Where an item stands, for the outline of the keyboard's cursor; empty where it is not shown.
    virtual QRectF itemPlace(int item, const QRectF& area) const { (void)item; (void)area; return {}; }

    // Zooming along x, where marks stand on an axis of numbers; a plot that can't be zoomed keeps these defaults.

    /// The axis as it is when everything is shown.
    virtual PlotAxis zoomAxis() const { return {}; }
    /// The same plot with only that part of the axis shown: marks keep their height, colour and order. What was laid out is shared,
    /// so that one can be made a frame.
    virtual std::unique_ptr<Plot> zoomed(const AxisRange& shown) const { (void)shown; return nullptr; }
    /// Where the axis stands: what is shown of it reaches from the left to the right. Empty before it was painted there.
    virtual QRectF axisPlace(const QRectF& area) const { (void)area; return {}; }
    /// Where an item stands on the axis; NaN where nowhere.
    virtual double axisValue(int item) const { (void)item; return std::numeric_limits<double>::quiet_NaN(); }
};

std::unique_ptr<Plot> makeBeeswarm(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures = 12);
std::unique_ptr<Plot> makeImportanceBar(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures = 12);
std::unique_ptr<Plot> makeWaterfall(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures = 9);
/// As the waterfall, of values that do not add up (Explanation::additive).
std::unique_ptr<Plot> makeRowBar(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures = 9);

/// A still curve, for reports: one or more lines over a common x.
struct Curve { QString name; std::vector<QPointF> points; bool faint = false; };
std::unique_ptr<Plot> makeCurves(std::vector<Curve> curves, const QString& xLabel, const QString& yLabel);

/// As wide as asked for and, with the border that pictures have, as high as the plot likes.
QSize plotSize(const Plot& plot, int width);

/// The plot on the theme's card colour with a border, as an SVG document.
QByteArray plotSvg(const Plot& plot, const QSize& size, const Theme& theme);

/// The plot on the theme's card colour with a border, at `scale` device pixels a pixel.
QImage plotImage(const Plot& plot, const QSize& size, double scale, const Theme& theme);

/// PNG (2× scale), SVG or PDF (one page) by the file's ending, written atomically; a height of 0 is the plot's own. Needs a
/// QGuiApplication for its fonts. Throws Error FileUnwritable, DiskFull, OptionInvalid.
void savePlot(const Plot& plot, const QString& path, const QSize& size, const Theme& theme);

} // namespace limpid
