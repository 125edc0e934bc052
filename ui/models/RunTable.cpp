#include "ui/models/RunTable.h"

#include "ui/models/RecordTexts.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"

#include <cmath>

namespace limpid {

RunTable::RunTable(const Theme& theme, QObject* parent) : QAbstractTableModel(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, [this] {
        if (!m_runs.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1), {Qt::ForegroundRole});
    });
}

void RunTable::setRuns(const std::vector<RunRecord>& runs)
{
    beginResetModel();
    m_runs = runs;
    endResetModel();
}

const RunRecord* RunTable::runAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_runs[static_cast<std::size_t>(row)] : nullptr;
}

int RunTable::rowOf(std::int64_t id) const
{
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        if (m_runs[i].id == id)
            return static_cast<int>(i);
    return -1;
}

int RunTable::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunTable::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunTable::text(const RunRecord& run, int column) const
{
    switch (column) {
    case Status:
        return runStatusText(run.status);
    case Name: {
        const QString name = QString::fromStdString(run.name);
        return run.study ? QStringLiteral("%1, %2").arg(name, studyPartText(std::string(studyKindName(run.study->kind)), run.study->part, run.study->parts)) : name;
    }
    case Id:
        return QString::number(run.id);
    case Started:
        return dateText(run.startedMs);
    case Metric: {
        const QString figure = mainMetricText(run.metrics);
        return figure.isEmpty() ? QString("–") : figure;
    }
    case Epochs:
        return run.epochs > 0 ? QString::number(run.epochs) : QString("–");
    case Seconds:
        return durationOf(run);
    default:
        return {};
    }
}

QVariant RunTable::sortValue(const RunRecord& run, int column) const
{
    switch (column) {
    case Id:
        return static_cast<qint64>(run.id);
    case Started:
        return static_cast<qint64>(run.startedMs);
    case Metric: {
        const double value = mainMetricValue(run.metrics);
        return std::isnan(value) ? -1e300 : value;
    }
    case Epochs:
        return run.epochs;
    case Seconds:
        return run.seconds;
    default:
        return text(run, column);
    }
}

QVariant RunTable::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RunRecord& run = m_runs[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(run, column);
    case Qt::UserRole:
        return sortValue(run, column);
    case Qt::ToolTipRole:
        return column == Status ? runStatusHelp(run) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((column >= Metric || column == Id ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::ForegroundRole:
        if (column != Status)
            return {};
        switch (run.status) {
        case RunStatus::Failed:
            return m_theme.colors().bad;
        case RunStatus::Interrupted:
            return m_theme.colors().warn;
        case RunStatus::Running:
            return m_theme.colors().accent;
        default:
            return m_theme.colors().dim;
        }
    default:
        return {};
    }
}

QVariant RunTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((section >= Metric || section == Id ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Status:
        return tr("Status");
    case Name:
        return tr("Name");
    case Id:
        return tr("Run");
    case Started:
        return tr("Started");
    case Metric:
        return tr("Validation");
    case Epochs:
        return tr("Epochs");
    case Seconds:
        return tr("Time");
    default:
        return {};
    }
}

} // namespace limpid
