#pragma once

#include "ui/charts/ChartCursor.h"
#include "ui/charts/CurveSource.h"
#include "ui/charts/LinePlot.h"

#include <QWidget>

#include <memory>
#include <span>
#include <vector>

class QMenu;

namespace limpid {

/// Lines of any length: raw points stay with their source, what is drawn is their lowest and highest in each column of
/// pixels. Hairline grid, labels at the lines' ends, crosshair with values, wheel zoom, double-click to fit, "best" marker,
/// copy and save. New points are cheap; the drawing follows on a timer, at most ten times a second, and a zoom stays.
/// Keys: + and − zoom, arrows pan, 0 fits, Ctrl+C copies the picture. The same as PlotView's, which tells more of them.
class LineChart : public QWidget
{
    Q_OBJECT
public:
    using Role = LineRole;
    LineChart(const Theme& theme, const QString& xLabel, const QString& yLabel, QWidget* parent = nullptr);
    ~LineChart() override;

    /// Adds a line and gives its index. Faint lines (raw values) are drawn behind, without a label. `shade` tells those of
    /// one role apart.
    int addLine(const QString& name, Role role, bool faint = false, int shade = 0);
    void setLineName(int line, const QString& name);

    // Points over an x of their own, ascending; the axis is the same for all.
    void setPoints(int line, std::vector<QPointF> points);
    void appendPoints(int line, std::span<const QPointF> points);

    // Points of training: the chart's axis says over what.
    void appendPoints(int line, std::span<const CurvePoint> points);
    void setSource(int line, std::shared_ptr<CurveSource> source);
    /// How many steps and epochs one step of the line's points is: 1 and 1 / steps per epoch for points by optimiser step.
    void setUnits(int line, double steps, double epochs);
    void setAxis(CurveAxis axis);

    void clearLine(int line);                   ///< its points or source
    void setFaint(int line, bool faint);
    void removeLines(Role role);                ///< the indices of lines after them change
    void clear();                               ///< points and sources of every line; lines of Role::Compared go
    void removeCompared();
    void setXLabel(const QString& label);
    void setYLabel(const QString& label);
    void setWhenEmpty(const QString& text);     ///< what is said where there are no values
    void setExpectedEnd(double x);              ///< the axis reaches at least so far; NaN: as far as the points
    void setBest(double x, const QString& label); ///< NaN: none
    void setLogScale(bool log);
    void fit();
    bool isFitted() const;                      ///< false while zoomed
    void shareCursor(std::shared_ptr<ChartCursor> cursor);
    /// Offers "Save every point as CSV…", answered by `save` with the chosen path.
    void setCsvSaver(std::function<void(const QString& path, std::vector<CurveColumn> columns)> save);
    /// Adds to the context menu what the chart can be set to.
    void setMenu(std::function<void(QMenu& menu)> extend);
    std::vector<CurveColumn> columns() const;   ///< every line with its points as they are now
    QString sentence() const;
    /// What is seen, as a still picture, for saving.
    std::unique_ptr<Plot> toPlot() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
