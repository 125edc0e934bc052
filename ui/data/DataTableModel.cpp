#include "ui/data/DataTableModel.h"

#include <QColor>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>

#include <algorithm>
#include <limits>

namespace limpid {

namespace {

/// Longer texts are cut for the cell; the tooltip has more.
constexpr std::size_t cellCharacters = 200, tooltipCharacters = 2000;

QString cut(const std::string& text, std::size_t most)
{
    const QString whole = QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(text.size(), 4 * most)));
    QString line = whole.size() > static_cast<qsizetype>(most) ? whole.left(static_cast<qsizetype>(most)) + u'…' : whole;
    return line;
}

} // namespace

void DataTableModel::setData(std::shared_ptr<const DataSet> data)
{
    if (data == m_data)
        return;
    beginResetModel();
    m_data = std::move(data);
    endResetModel();
}

int DataTableModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_data)
        return 0;
    return static_cast<int>(std::min<std::size_t>(m_data->table().rows(), std::numeric_limits<int>::max()));
}

int DataTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_data ? 0 : static_cast<int>(m_data->table().columnCount());
}

QVariant DataTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_data)
        return {};
    const Column& column = m_data->table().column(static_cast<std::size_t>(index.column()));
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole: {
        if (column.isMissing(row))
            return QStringLiteral("–");
        QString text = cut(column.display(row), cellCharacters);
        text.replace(u'\n', u' ');
        return text;
    }
    case Qt::ToolTipRole:
        return column.isMissing(row) ? tr("missing") : cut(column.display(row), tooltipCharacters);
    case Qt::AccessibleTextRole:
        return column.isMissing(row) ? tr("missing") : cut(column.display(row), cellCharacters);
    case Qt::TextAlignmentRole:
        return static_cast<int>((column.type() == ColumnType::Number ? Qt::AlignRight : Qt::AlignLeft)
                                | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return column.isMissing(row) ? QVariant(QGuiApplication::palette().color(QPalette::PlaceholderText)) : QVariant();
    default:
        return {};
    }
}

QVariant DataTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || !m_data)
        return {};
    if (orientation == Qt::Vertical)
        return QLocale().toString(section); // from 0, as in explanations, predictions and `--rows`
    if (section < 0 || section >= columnCount())
        return {};
    return QString::fromStdString(m_data->table().column(static_cast<std::size_t>(section)).name());
}

} // namespace limpid
