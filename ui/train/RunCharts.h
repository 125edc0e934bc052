#pragma once

#include "ui/train/RunCurves.h"

#include <QStringList>
#include <QWidget>

#include <memory>

class QToolButton;
class QVBoxLayout;

namespace limpid {

class Card;
class LineChart;
class LiveCurve;
class Session;
class StoredCurve;
class Theme;

/// The middle of the Train page: loss, the task's own figure, learning rate, and what is worth telling about the run. Other
/// runs can be laid over it. A live run's steps are kept here, a stored one's are read as they are looked at.
class RunCharts : public QWidget
{
    Q_OBJECT
public:
    RunCharts(Session& session, const Theme& theme, QWidget* parent = nullptr);

    /// A run's curves from the start, or grown since the last call: only what is new is added. `metric` is the one
    /// charted below; `lossName` says what the loss is.
    void showCurves(const RunCurves& curves, const std::string& metric, const QString& lossName, bool running);
    /// Forgets what is shown, so that the next showCurves() starts anew.
    void reset();
    void setCompact(bool compact);   ///< less high: the learning rate and the checks go

private:
    /// Another run that is laid over.
    struct Compared {
        std::int64_t run = 0;
        RunCurves curves;
        std::shared_ptr<StoredCurve> loss;
    };
    void showNew(const RunCurves& curves, bool running);
    void showMarks();
    void showChecks(const RunCurves& curves, bool running);
    QString checkText(const RunCheck& check, bool running) const;
    void setAxis(const QString& key);
    std::shared_ptr<StoredCurve> storedLoss(std::int64_t run, int window);
    void fillCompareMenu();
    void compare(const RunRecord& run, bool on);
    void showCompared();
    void saveCsv(const QString& path, std::vector<CurveColumn> columns);

    Session& m_session;
    const Theme& m_theme;
    Card *m_lossCard, *m_metricCard, *m_rateCard, *m_checksCard;
    LineChart *m_loss, *m_metric, *m_rate;
    QToolButton* m_compare;
    QVBoxLayout* m_checks;
    int m_raw = 0, m_smooth = 0, m_validation = 0, m_metricTrain = 0, m_metricLine = 0, m_rateLine = 0;
    CurveAxis m_axis = CurveAxis::Epoch;
    QStringList m_checkTexts;
    std::string m_metricName;
    std::int64_t m_stored = 0;             ///< the run whose steps are read from the workspace, 0: a live one
    std::shared_ptr<const LiveRun> m_live; ///< whose curves the charts have; null: a stored one's
    std::shared_ptr<LiveCurve> m_liveRaw, m_liveSmooth;
    std::size_t m_epochs = 0;              ///< how many are in the charts
    std::size_t m_metrics = 0;             ///< of how many epochs the figure is
    std::vector<Compared> m_compared;
    std::optional<EpochRecord> m_best;     ///< marked in the charts
    double m_expectedEpochs = 0.0, m_expectedSteps = 0.0; ///< while it runs: how far it will go; else 0
};

} // namespace limpid
