#pragma once

#include "ui/train/RunCurves.h"
#include "ui/widgets/Card.h"

#include <array>

namespace limpid {

class ChartCursor;
class Chooser;
class LineChart;
class LiveCurve;
class Session;
class Theme;

/// What goes on beside the loss, one chart at a time: the task's own figure, the learning rate, the gradients of each layer,
/// the speed. All of them are kept up to date, so that one changes between them at once.
class DetailCharts : public Card
{
    Q_OBJECT
public:
    DetailCharts(Session& session, const Theme& theme, const std::shared_ptr<ChartCursor>& cursor, QWidget* parent = nullptr);

    /// A run's curves from the start, or grown since the last call: only what is new is added.
    void showCurves(const RunCurves& curves, const std::string& metric);
    /// Forgets what is shown, so that the next showCurves() starts anew.
    void reset();
    void setAxis(CurveAxis axis, const QString& unit);
    /// NaN: no mark; no end expected.
    void setMarks(double expectedEnd, double best, const QString& bestLabel);

    /// Another run's figure, over this one's.
    void addCompared(const QString& name, int shade, const RunCurves& curves);
    void removeCompared();

    void setCsvSaver(const std::function<void(const QString& path, std::vector<CurveColumn> columns)>& save);

private:
    enum Chart { Metric, Rate, Gradients, Speed };
    void showChart(const QString& key);
    void showLayers(const RunCurves& curves);

    Session& m_session;
    Chooser* m_chooser;
    std::array<LineChart*, 4> m_charts{};
    int m_metricTrain = 0, m_metricLine = 0, m_rateLine = 0, m_speedLine = 0;
    std::string m_metricName;
    std::size_t m_epochs = 0, m_metrics = 0;   ///< of how many epochs the charts, and the figure's, have points
    std::vector<std::string> m_layers;         ///< one line each in the gradients' chart
    std::vector<std::shared_ptr<LiveCurve>> m_gradients; ///< theirs, of a live run
    std::int64_t m_stored = 0;                 ///< the run whose gradients are read from the workspace; 0: a live one
};

} // namespace limpid
