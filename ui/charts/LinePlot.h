#pragma once

#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"

#include <QPointF>

#include <limits>
#include <optional>

namespace limpid {

/// What a line stands for; it gives its colour. Compared: of another run. Layer: of one layer among others.
enum class LineRole { Train, Validation, Other, Compared, Layer };

/// Lines over one x axis as they are seen: what LineChart shows, and what it copies and saves.
class LinePlot final : public Plot
{
public:
    struct Line {
        QString name;
        LineRole role = LineRole::Other;
        int shade = 0;                    ///< tells those of one role apart
        bool faint = false;               ///< raw values: behind the others, thin, without a label
        std::vector<QPointF> points = {}; ///< in ascending x; y finite, above 0 on a logarithmic axis
        std::optional<QPointF> first = {}, last = {}; ///< of the whole line, for the sentence; none: of the points
    };
    struct Axes {
        QString xLabel, yLabel;
        double xMin = 0.0, xMax = 1.0;
        bool log = false;
        double best = std::numeric_limits<double>::quiet_NaN(); ///< where "best" is marked; NaN: nowhere
        QString bestLabel = {};
        QString whenEmpty = {};           ///< said where there are no values; "": that they come with a run
        double gridFrom = 0.0, gridWidth = 0.0; ///< columns of which a dense line has the lowest and the highest; 0: none
    };
    LinePlot(std::vector<Line> lines, Axes axes);

    const std::vector<Line>& lines() const { return m_lines; }
    const Axes& axes() const { return m_axes; }
    static QColor colorOf(const Line& line, const ThemeColors& colors);

    /// Where things stand in a picture of that size.
    struct Frame {
        QRectF whole, plot;
        double xMin = 0.0, xMax = 1.0, yMin = 0.0, yMax = 1.0;  ///< y as drawn: its logarithm on a logarithmic axis
        bool log = false;
        plot::Ticks xTicks, yTicks;
        double drawn(double y) const;                            ///< −infinity where a logarithmic axis has no place for it
        QPointF at(const QPointF& point) const;
        double valueAt(double pixel) const;                      ///< x under a pixel
    };
    Frame frame(const QRectF& area, const QFontMetricsF& metrics) const;

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override;
    double preferredHeight(double width) const override;
    QString sentence() const override;
    std::vector<QStringList> table() const override;

private:
    QString tickText(const Frame& frame, double value) const;
    void paintGrid(QPainter& painter, const Frame& frame, const QFontMetricsF& metrics, const ThemeColors& colors) const;
    void paintLine(QPainter& painter, const Frame& frame, const Line& line, const ThemeColors& colors) const;
    void paintNames(QPainter& painter, const Frame& frame, const ThemeColors& colors) const;

    std::vector<Line> m_lines;
    Axes m_axes;
    double m_yMin = 0.0, m_yMax = 1.0;   ///< as drawn
};

} // namespace limpid
