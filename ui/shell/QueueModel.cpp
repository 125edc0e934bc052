#include "ui/shell/QueueModel.h"

#include "ui/text/Messages.h"
#include "ui/text/ResourceTexts.h"

#include <QLocale>

#include <algorithm>
#include <array>

namespace limpid {

namespace {

std::ptrdiff_t find(const std::vector<JobInfo>& jobs, std::uint64_t id, std::size_t from = 0)
{
    for (std::size_t i = from; i < jobs.size(); ++i)
        if (jobs[i].id == id)
            return static_cast<std::ptrdiff_t>(i);
    return -1;
}

bool isRunning(const JobInfo& job) { return job.state == JobState::Running; }

const QString nothing = QStringLiteral("–");

} // namespace

bool isHousekeeping(const JobInfo& job)
{
    static constexpr std::array kinds = {"settings", "plan", "registry", "look", "price", "preview", "what-if"};
    return std::find(kinds.begin(), kinds.end(), job.kind) != kinds.end();
}

void QueueModel::setJobs(std::vector<JobInfo> jobs, int cores)
{
    m_cores = cores;
    for (int row = static_cast<int>(m_jobs.size()) - 1; row >= 0; --row) {
        if (find(jobs, m_jobs[static_cast<std::size_t>(row)].id) >= 0)
            continue;
        beginRemoveRows({}, row, row);
        m_jobs.erase(m_jobs.begin() + row);
        endRemoveRows();
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const int row = static_cast<int>(i);
        const std::ptrdiff_t old = find(m_jobs, jobs[i].id, i);
        if (old < 0) {
            beginInsertRows({}, row, row);
            m_jobs.insert(m_jobs.begin() + row, jobs[i]);
            endInsertRows();
        } else if (old > row) {
            beginMoveRows({}, static_cast<int>(old), static_cast<int>(old), {}, row);
            std::rotate(m_jobs.begin() + row, m_jobs.begin() + old, m_jobs.begin() + old + 1);
            endMoveRows();
        }
    }
    m_jobs = std::move(jobs);
    if (!m_jobs.empty())
        emit dataChanged(index(0, 0), index(static_cast<int>(m_jobs.size()) - 1, columnCount_ - 1));
}

const JobInfo* QueueModel::job(int row) const
{
    return row >= 0 && row < static_cast<int>(m_jobs.size()) ? &m_jobs[static_cast<std::size_t>(row)] : nullptr;
}

int QueueModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

int QueueModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QString QueueModel::text(const JobInfo& job, int column) const
{
    switch (column) {
    case Name:
        return jobText(job.kind, QString::fromStdString(job.subject));
    case State:
        if (isRunning(job))
            return job.finishing ? tr("Ending") : job.paused ? tr("Paused") : tr("Running");
        switch (job.waits) {
        case WaitReason::Cores:
            return tr("Waits for cores");
        case WaitReason::Memory:
            return tr("Waits for memory");
        case WaitReason::None:
            return tr("Starting");
        case WaitReason::Order:
            break;
        }
        return tr("Waits its turn");
    case Progress:
        if (!isRunning(job) || job.progress.fraction < 0.0)
            return {};
        return tr("%1 %").arg(static_cast<int>(100.0 * job.progress.fraction));
    case Left:
        if (job.secondsLeft >= 0.0)
            return durationText(job.secondsLeft);
        return !isRunning(job) && job.estimatedSeconds > 0.0 ? durationText(job.estimatedSeconds) : nothing;
    case Cores:
        return isRunning(job) && !job.paused ? tr("%1 of %2").arg(job.cores).arg(m_cores) : nothing;
    case Memory:
        if (isRunning(job) && job.use.peakBytes.kind != FigureKind::Unavailable && job.use.peakBytes.value > 0.0)
            return bytesText(static_cast<quint64>(job.use.peakBytes.value));
        return job.memory > 0 ? tr("about %1").arg(bytesText(job.memory)) : nothing;
    case Priority:
        if (job.priority == JobPriority::normal)
            return tr("Normal");
        if (job.priority == JobPriority::high)
            return tr("High");
        return job.priority == JobPriority::low ? tr("Low") : QLocale().toString(job.priority);
    default:
        return {};
    }
}

QString QueueModel::help(const JobInfo& job, int column) const
{
    switch (column) {
    case State:
        if (isRunning(job))
            return job.progress.stage.empty() ? QString() : stageText(job.progress.stage);
        switch (job.waits) {
        case WaitReason::Cores:
            return tr("It starts when a job that runs leaves it a core.");
        case WaitReason::Memory:
            return tr("It needs about %1. It starts when what runs has given back enough, so that nothing is swapped to disk.")
                .arg(bytesText(job.memory));
        default:
            return tr("It starts after those above it.");
        }
    case Memory:
        return isRunning(job) ? useText(job.use) : QString();
    case Cores:
        if (!isRunning(job))
            return {};
        if (job.wish.most == 1)
            return tr("Uses one core.");
        return job.wish.most > 0 ? tr("Uses up to %1 cores. They are shared out anew whenever a job comes or goes.").arg(job.wish.most)
                                 : tr("Uses as many cores as there are. They are shared out anew whenever a job comes or goes.");
    default:
        return text(job, column);
    }
}

QVariant QueueModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const JobInfo& job = m_jobs[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(job, column);
    case Qt::ToolTipRole:
        return help(job, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((column >= Left && column <= Memory ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case FractionRole:
        return column == Progress && isRunning(job) ? QVariant(job.progress.fraction) : QVariant(-1.0);
    default:
        return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((section >= Left && section <= Memory ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Job");
    case State:
        return tr("State");
    case Progress:
        return tr("Progress");
    case Left:
        return tr("Time left");
    case Cores:
        return tr("Cores");
    case Memory:
        return tr("Memory");
    case Priority:
        return tr("Priority");
    default:
        return {};
    }
}

} // namespace limpid
