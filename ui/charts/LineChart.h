#pragma once

#include "ui/theme/Theme.h"

#include <QPointF>
#include <QWidget>

#include <memory>
#include <span>
#include <vector>

namespace limpid {

class Plot;

/// Lines over Qt Charts: raw points stay, what is drawn is a min/max envelope of a few points a pixel. Hairline grid, labels
/// at the lines' ends, crosshair with values, wheel zoom, double-click to fit, "best" marker, copy and save.
/// setPoints() is cheap; the drawing follows on a timer, at most ten times a second. Points come in ascending x.
/// Keys: + and − zoom, arrows pan, 0 fits, Ctrl+C copies the picture.
class LineChart : public QWidget
{
    Q_OBJECT
public:
    enum class Role { Train, Validation, Other };
    LineChart(const Theme& theme, const QString& xLabel, const QString& yLabel, QWidget* parent = nullptr);
    ~LineChart() override;

    /// Adds a line and gives its index. Faint lines (raw values) are drawn behind, without a label.
    int addLine(const QString& name, Role role, bool faint = false);
    void setPoints(int line, std::vector<QPointF> points);
    void appendPoints(int line, std::span<const QPointF> points);
    void clear();                               ///< points of every line
    void setXLabel(const QString& label);
    void setYLabel(const QString& label);
    void setExpectedEnd(double x);              ///< the axis reaches at least so far; NaN: as far as the points
    void setBest(double x, const QString& label); ///< NaN: none
    void setLogScale(bool log);
    void fit();
    bool isFitted() const;                      ///< false while zoomed
    QString sentence() const;
    /// The same lines as a still picture, for saving.
    std::unique_ptr<Plot> toPlot() const;
    QSize sizeHint() const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
