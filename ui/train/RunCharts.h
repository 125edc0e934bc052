#pragma once

#include "ui/train/RunCurves.h"

#include <QStringList>
#include <QWidget>

#include <memory>

class QMenu;
class QToolButton;
class QVBoxLayout;

namespace limpid {

class Card;
class DetailCharts;
class LineChart;
class LiveCurve;
class Segmented;
class Session;
class StoredCurve;
class Theme;
class ValidationView;

/// The middle of the Train page: loss, other curves, what one sees of the validation rows, and what is worth telling about
/// the run. Other runs can be laid over it. A stored run's steps are read as they are looked at.
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
    void setCompact(bool compact);   ///< less room: one card at a time, with a switch above

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
    std::shared_ptr<const CurvePyramid> liveLoss() const;
    std::shared_ptr<StoredCurve> storedLoss(std::int64_t run, int window);
    void showCards();
    void showPicture(const RunCurves& curves, bool running);
    void fillSmoothingMenu(QMenu& menu);
    void setSmoothing(int window);
    void fillCompareMenu();
    void compare(const RunRecord& run, bool on);
    void showCompared();
    void saveCsv(const QString& path, std::vector<CurveColumn> columns);

    Session& m_session;
    const Theme& m_theme;
    Segmented* m_sections;                 ///< which card is shown where there is room for one
    Card* m_lossCard;
    DetailCharts* m_details;
    Card *m_validationCard, *m_checksCard;
    ValidationView* m_pictures;
    LineChart* m_loss;
    QToolButton *m_compare, *m_smoothing;
    QWidget* m_lower;                      ///< below the loss: details and validation rows, side by side
    QVBoxLayout* m_checks;
    bool m_compact = false;
    int m_window = 50;                     ///< steps to smooth over, however long the run is; 0: none
    int m_raw = 0, m_smooth = 0, m_validation = 0;
    CurveAxis m_axis = CurveAxis::Epoch;
    QStringList m_checkTexts;
    std::string m_metricName;
    std::int64_t m_stored = 0;             ///< the run whose steps are read from the workspace, 0: a live one
    std::shared_ptr<const LiveRun> m_live; ///< whose curves the charts have; null: a stored one's
    std::shared_ptr<LiveCurve> m_liveRaw, m_liveSmooth; ///< the second is null without smoothing
    std::size_t m_epochs = 0;              ///< how many are in the charts
    std::vector<Compared> m_compared;
    std::optional<EpochRecord> m_best;     ///< marked in the charts
    double m_expectedEpochs = 0.0, m_expectedSteps = 0.0; ///< while it runs: how far it will go; else 0
};

} // namespace limpid
