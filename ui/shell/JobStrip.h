#pragma once

#include "core/jobs/JobQueue.h"
#include "ui/shell/QueuePanel.h"
#include "ui/shell/SystemLoad.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace limpid {

class JobRunner;

/// The strip below: what runs, how far it is, about how long it takes yet, and how to stop it; how many run and wait,
/// with the list of them to open above (Ctrl+J); the load.
class JobStrip : public QWidget
{
    Q_OBJECT
public:
    explicit JobStrip(JobRunner& jobs, QWidget* parent = nullptr);

private:
    void toggleQueue(bool open);
    void refresh();
    void refreshLoad();

    JobRunner& m_jobs;
    SystemLoad m_load;
    QTimer m_timer, m_loadTimer;
    std::uint64_t m_shown = 0; ///< id of the job that is shown; 0: none
    QWidget* m_dot;
    QLabel* m_name;
    QProgressBar* m_bar;
    QLabel* m_progress;
    QPushButton* m_stop;
    QPushButton* m_keep;
    QPushButton* m_queue;
    QPointer<QueuePanel> m_panel; ///< made when it is first opened; the window's
    QLabel* m_cpu;
    QLabel* m_memory;
};

} // namespace limpid
