#pragma once

#include "ui/shell/QueueModel.h"
#include "ui/widgets/Card.h"

class QAbstractButton;
class QAction;
class QLabel;
class QTableView;

namespace limpid {

/// What runs and what waits, and why; reordering, priorities, stopping. A drawer above the job strip: it lies over the
/// page's lower edge and moves nothing. Keys: see its buttons' tooltips; Escape closes it.
class QueuePanel : public Card
{
    Q_OBJECT
public:
    QueuePanel(JobQueue& queue, QWidget* window);

    void setJobs(std::vector<JobInfo> jobs);
    /// Opens it, `above` a widget of the same window, with the keyboard on the list.
    void open(const QWidget* above);

signals:
    void changed(); ///< something was asked of the queue: ask it anew
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    using Act = void (QueuePanel::*)(const JobInfo&);
    void add(const char* name, const QString& text, const QString& help, const QKeySequence& key, Act act);
    void place();
    void refresh();
    const JobInfo* current() const;
    void moveBy(const JobInfo& job, int places);
    void up(const JobInfo& job) { moveBy(job, -1); }
    void down(const JobInfo& job) { moveBy(job, 1); }
    void raisePriority(const JobInfo& job);
    void lowerPriority(const JobInfo& job);
    void keep(const JobInfo& job);
    void stop(const JobInfo& job);

    JobQueue& m_queue;
    QueueModel* m_model;
    QTableView* m_table;
    QLabel* m_empty;
    QLabel* m_detail;
    std::vector<std::pair<QAbstractButton*, QAction*>> m_buttons;
    const QWidget* m_above = nullptr;
};

} // namespace limpid
