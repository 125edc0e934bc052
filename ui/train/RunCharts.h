#pragma once

#include "ui/train/RunCurves.h"

#include <QStringList>
#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace limpid {

class Card;
class LineChart;
class Session;
class Theme;

/// The middle of the Train page: loss, the task's own figure, learning rate, and what is worth telling about the run.
class RunCharts : public QWidget
{
    Q_OBJECT
public:
    RunCharts(Session& session, const Theme& theme, QWidget* parent = nullptr);

    /// A run's curves from the start, or grown since the last call: only what is new is added. `metric` is the one
    /// charted below; `lossName` says what the loss is. The curves must live as long as they are shown.
    void showCurves(const RunCurves& curves, const std::string& metric, const QString& lossName, bool running);
    /// Forgets what is shown, so that the next showCurves() starts anew.
    void reset();
    void setCompact(bool compact);   ///< less high: the learning rate and the checks go

private:
    void showNew(const RunCurves& curves, bool running);
    QString checkText(const RunCheck& check, bool running) const;
    void rebuild();

    Session& m_session;
    const Theme& m_theme;
    Card *m_lossCard, *m_metricCard, *m_rateCard, *m_checksCard;
    LineChart *m_loss, *m_metric, *m_rate;
    QVBoxLayout* m_checks;
    int m_raw = 0, m_smooth = 0, m_validation = 0, m_metricLine = 0, m_rateLine = 0;
    CurveAxis m_axis = CurveAxis::Epoch;
    const RunCurves* m_curves = nullptr; ///< to redraw on another axis
    QStringList m_checkTexts;
    std::string m_metricName;
    QString m_lossName;
    bool m_running = false;
    std::size_t m_steps = 0, m_epochs = 0; ///< how many are in the charts
    double m_stepsPerEpoch = 0.0;
    Smoother m_smoother;
};

} // namespace limpid
