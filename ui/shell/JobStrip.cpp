#include "ui/shell/JobStrip.h"

#include "ui/session/JobRunner.h"
#include "ui/text/Messages.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>

namespace limpid {

namespace {

/// A job that ends within this is not shown: nothing jumps.
constexpr double shownAfterSeconds = 0.25;

class Dot : public QWidget
{
public:
    explicit Dot(QWidget* parent) : QWidget(parent) { setFixedSize(9, 9); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette().highlight());
        painter.drawEllipse(rect());
    }
};

QLabel* dimLabel(const char* name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setProperty("role", "dim");
    return label;
}

} // namespace

JobStrip::JobStrip(JobRunner& jobs, QWidget* parent)
    : QWidget(parent), m_jobs(jobs), m_dot(new Dot(this)), m_name(new QLabel(this)), m_bar(new QProgressBar(this)),
      m_progress(dimLabel("jobProgress", this)), m_stop(new QPushButton(tr("Stop"), this)),
      m_keep(new QPushButton(tr("Stop and keep"), this)), m_queue(new QPushButton(this)),
      m_cpu(dimLabel("cpuLoad", this)), m_memory(dimLabel("memoryUsed", this))
{
    setObjectName("jobStrip");
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(36);
    m_name->setObjectName("jobName");
    m_bar->setObjectName("jobBar");
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 1000);
    m_bar->setMinimumWidth(80);
    m_bar->setMaximumWidth(260);
    m_bar->setAccessibleName(tr("Progress"));
    m_stop->setObjectName("jobStop");
    m_stop->setToolTip(tr("Give up what runs now. A training run keeps what it reached."));
    m_keep->setObjectName("jobKeep");
    m_keep->setToolTip(tr("End it now and make a model of the best so far."));
    for (QPushButton* button : {m_stop, m_keep})
        button->setStyleSheet("min-height: 22px; max-height: 22px;");
    m_queue->setObjectName("jobQueue");
    m_queue->setProperty("role", "link");
    m_queue->setCheckable(true);
    m_queue->setStyleSheet("QPushButton:checked { font-weight: 400; }"); // it must not grow as it opens
    auto* key = new QShortcut(QKeySequence("Ctrl+J"), this); // not the button's own: that would go with its text
    connect(key, &QShortcut::activated, m_queue, &QPushButton::toggle);
    m_queue->setToolTip(tr("What runs and what waits (%1)").arg(key->key().toString(QKeySequence::NativeText)));
    m_cpu->setToolTip(tr("How busy the machine's cores are, all together"));
    m_memory->setToolTip(tr("Memory that Limpid holds"));

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 0);
    layout->setSpacing(12);
    layout->addWidget(m_dot);
    layout->addWidget(m_name);
    layout->addWidget(m_bar, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_keep);
    layout->addWidget(m_stop);
    layout->addStretch(1);
    layout->addWidget(m_queue);
    layout->addWidget(m_cpu);
    layout->addWidget(m_memory);

    connect(m_stop, &QPushButton::clicked, this, [this] { m_jobs.queue().cancel(m_shown); });
    connect(m_keep, &QPushButton::clicked, this, [this] {
        m_jobs.queue().finish(m_shown);
        m_keep->setEnabled(false);
    });
    connect(m_queue, &QPushButton::toggled, this, &JobStrip::toggleQueue);
    m_timer.setInterval(150);
    connect(&m_timer, &QTimer::timeout, this, &JobStrip::refresh);
    connect(&m_jobs, &JobRunner::jobsChanged, this, &JobStrip::refresh);
    m_loadTimer.setInterval(1000);
    connect(&m_loadTimer, &QTimer::timeout, this, &JobStrip::refreshLoad);
    m_loadTimer.start();
    refresh();
    refreshLoad();
}

void JobStrip::toggleQueue(bool open)
{
    if (!open) {
        if (m_panel)
            m_panel->hide();
        return;
    }
    if (!m_panel) {
        m_panel = new QueuePanel(m_jobs.queue(), window());
        connect(m_panel, &QueuePanel::changed, this, &JobStrip::refresh);
        connect(m_panel, &QueuePanel::closed, m_queue, [this] { m_queue->setChecked(false); });
    }
    m_panel->setJobs(m_jobs.queue().jobs());
    m_panel->open(this);
}

void JobStrip::refresh()
{
    std::vector<JobInfo> jobs = m_jobs.queue().jobs();
    std::erase_if(jobs, isHousekeeping);
    if (m_panel && m_panel->isVisible())
        m_panel->setJobs(jobs);
    // A long thing that was asked for (training) stays in view while small ones come and go beside it.
    const JobInfo* shown = nullptr;
    int running = 0, waiting = 0;
    for (const JobInfo& job : jobs) {
        if (job.state == JobState::Waiting)
            ++waiting;
        else if (job.seconds >= shownAfterSeconds) {
            ++running;
            if (!shown || job.seconds > shown->seconds)
                shown = &job;
        }
    }

    for (QWidget* widget : std::initializer_list<QWidget*>{m_dot, m_bar, m_progress, m_stop})
        widget->setVisible(shown);
    m_keep->setVisible(shown && shown->canFinish);
    m_queue->setText(running + waiting == 0 ? tr("Jobs")
                     : waiting == 0         ? tr("%n running", nullptr, running)
                                            : tr("%1 running · %n waiting", nullptr, waiting).arg(running));
    if (shown) {
        if (m_shown != shown->id)
            m_keep->setEnabled(true);
        m_shown = shown->id;
        m_name->setProperty("role", {});
        m_name->setText(jobText(shown->kind, QString::fromStdString(shown->subject)));
        const double fraction = shown->progress.fraction;
        m_bar->setRange(0, fraction < 0 ? 0 : 1000);
        if (fraction >= 0)
            m_bar->setValue(static_cast<int>(1000 * fraction));
        QStringList words;
        if (!shown->progress.stage.empty())
            words << stageText(shown->progress.stage);
        if (shown->secondsLeft >= 0)
            words << tr("about %1 left").arg(durationText(shown->secondsLeft));
        m_progress->setText(words.join(QStringLiteral(" · ")));
        m_bar->setAccessibleDescription(m_progress->text());
    } else {
        m_shown = 0;
        m_name->setText(tr("Ready"));
    }
    // Polled only while there is something to follow.
    if (jobs.empty())
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
}

void JobStrip::refreshLoad()
{
    const int cpu = m_load.cpuPercent();
    m_cpu->setVisible(cpu >= 0);
    m_cpu->setText(tr("CPU %1 %").arg(cpu));
    const std::uint64_t bytes = m_load.memoryBytes();
    m_memory->setVisible(bytes > 0);
    m_memory->setText(bytesText(bytes));
}

} // namespace limpid
