#pragma once

#include "core/workbench/TextQuality.h"
#include "ui/explain/ExplainWork.h"

#include <QDialog>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace limpid {

class PlotView;
class Session;
class Theme;

/// What is to be judged: the explanation that this request gave, of this model and table.
struct QualitySubject {
    std::function<std::shared_ptr<const LoadedModel>()> load;   ///< for a worker
    std::shared_ptr<const DataSet> data;
    ExplainRequest request;
    std::size_t output = 0;
    std::string model;
    std::optional<TextRequest> words = {};                      ///< asked in place of `request`

    const std::string& method() const { return words ? words->method : request.method; }
    const std::vector<std::string>& measures() const { return words ? textQualityMeasures() : qualityMeasures(); }
};

/// Says what measuring how far an explanation can be trusted would take, measures it as a job, and shows each measure with what it means. Figures come as they are found;
/// stopping keeps those that there are. A window of its own: it goes on judging what it was opened for.
class QualityDialog : public QDialog
{
    Q_OBJECT
public:
    QualityDialog(Session& session, const Theme& theme, QualitySubject subject, QWidget* parent = nullptr);
    ~QualityDialog() override;

    void start();

private:
    class Feed;
    void setRunning(bool running);
    void showOutcome(const QualityOutcome& outcome);
    void showStatus(const QString& sentence);
    QualityRequest quality() const;
    void askCost();

    Session& m_session;
    QualitySubject m_subject;
    std::vector<std::pair<std::string, QCheckBox*>> m_measures;
    QPushButton* m_start;
    QLabel* m_status;
    QProgressBar* m_progress;
    QScrollArea* m_area;
    QVBoxLayout* m_texts;
    PlotView* m_plot;
    QTimer m_refresh, m_costTimer;
    std::shared_ptr<Feed> m_feed;
    std::uint64_t m_job = 0, m_token = 0, m_costJob = 0, m_costToken = 0;
    bool m_finishing = false;
};

} // namespace limpid
