#include "ui/explain/KeptModel.h"

#include "ui/session/KeptTexts.h"
#include "ui/text/Messages.h"

#include <algorithm>

namespace limpid {

namespace {

QString countOf(std::size_t count) { return countText(static_cast<qint64>(count)); }

QString backgroundOf(const KeptQuestion& question)
{
    if (question.words)
        return KeptModel::tr("the text without words");
    const QString from = question.background == "training rows" ? KeptModel::tr("training rows") : KeptModel::tr("rows");
    const BackgroundSpec& spec = question.request.background;
    switch (spec.kind) {
    case BackgroundSpec::Kind::All:
        return KeptModel::tr("all %1").arg(from);
    case BackgroundSpec::Kind::Sample:
        return KeptModel::tr("%1 %2").arg(countOf(spec.count), from);
    case BackgroundSpec::Kind::KMeans:
        return KeptModel::tr("k-means, %1 %2").arg(countOf(spec.count), from);
    case BackgroundSpec::Kind::Row:
        return KeptModel::tr("row %1").arg(countOf(spec.row));
    case BackgroundSpec::Kind::Cohort:
        return QString::fromStdString(spec.where);
    case BackgroundSpec::Kind::Rows:
        return KeptModel::tr("%1 selected rows").arg(countOf(spec.rows.size()));
    }
    return {};
}

} // namespace

void KeptModel::setEntries(std::vector<KeptEntry> entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

const KeptEntry* KeptModel::entryAt(int line) const
{
    return line >= 0 && line < static_cast<int>(m_entries.size()) ? &m_entries[static_cast<std::size_t>(line)] : nullptr;
}

int KeptModel::lineOf(std::int64_t explanation) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [explanation](const KeptEntry& entry) { return entry.record.id == explanation; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

int KeptModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }

int KeptModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant KeptModel::data(const QModelIndex& index, int role) const
{
    const KeptEntry* entry = index.isValid() ? entryAt(index.row()) : nullptr;
    if (!entry)
        return {};
    const ExplanationRecord& record = entry->record;
    if (index.column() == Name && role == Qt::EditRole)
        return QString::fromStdString(record.name);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Name:
        if (!record.name.empty())
            return QString::fromStdString(record.name);
        return record.automatic ? tr("kept by itself") : tr("kept");
    case Method:
        return entry->question ? keptMethodText(*entry->question) : tr("can't be read");
    case Model:
        return QStringLiteral("%1 · %2").arg(QString::fromStdString(record.model)).arg(record.version);
    case Rows:
        return entry->question ? keptRowsText(*entry->question) : QString();
    case Background:
        return entry->question ? backgroundOf(*entry->question) : QString();
    case Made:
        return keptDateText(record.createdMs);
    default:
        return {};
    }
}

bool KeptModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const KeptEntry* entry = index.isValid() && index.column() == Name && role == Qt::EditRole ? entryAt(index.row()) : nullptr;
    const QString name = value.toString().trimmed();
    if (!entry || name == QString::fromStdString(entry->record.name))
        return false;
    emit renamed(entry->record.id, name);
    return true;
}

QVariant KeptModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columns)
        return {};
    const QString names[] = {tr("Name"), tr("Method"), tr("Model"), tr("Rows"), tr("Compared with"), tr("Made")};
    return names[section];
}

Qt::ItemFlags KeptModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags usual = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() == Name ? usual | Qt::ItemIsEditable : usual;
}

} // namespace limpid
