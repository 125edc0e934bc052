#include "ui/explain/RowsModel.h"

#include "ui/charts/PlotTools.h"
#include "ui/explain/BackgroundField.h"
#include "ui/text/Messages.h"

#include <QMimeData>

#include <algorithm>
#include <numeric>

namespace limpid {

void RowsModel::setExplanation(std::shared_ptr<const Explanation> explanation, std::size_t output)
{
    beginResetModel();
    m_explanation = std::move(explanation);
    m_output = output;
    m_order.clear();
    m_lines.clear();
    m_columns.clear();
    if (m_explanation && output < m_explanation->outputs.size()) {
        const Explanation& e = *m_explanation;
        m_order.resize(e.rowCount());
        std::iota(m_order.begin(), m_order.end(), std::size_t(0));
        std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
            return e.predictions[a * e.outputs.size() + output] > e.predictions[b * e.outputs.size() + output];
        });
        m_lines.resize(m_order.size());
        for (std::size_t line = 0; line < m_order.size(); ++line)
            m_lines[m_order[line]] = static_cast<int>(line);
        for (const FeatureImportance& importance : meanAbsolute(e, output))
            if (m_columns.size() < 2)
                m_columns.push_back(importance.feature);
    }
    endResetModel();
}

int RowsModel::lineOf(int row) const
{
    return row >= 0 && row < static_cast<int>(m_lines.size()) ? m_lines[static_cast<std::size_t>(row)] : -1;
}

int RowsModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_order.size()); }

int RowsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_order.empty() ? 0 : static_cast<int>(m_columns.size()) + 2;
}

QVariant RowsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    const bool last = index.column() == columnCount() - 1;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (last ? Qt::AlignRight : Qt::AlignLeft)));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const Explanation& e = *m_explanation;
    const std::size_t row = m_order[static_cast<std::size_t>(index.row())];
    if (index.column() == 0)
        return countText(static_cast<qint64>(e.rows[row]));
    if (last) {
        const double prediction = e.predictions[row * e.outputs.size() + m_output];
        return e.space == "probability" ? plot::fixedText(prediction, 3) : plot::shortText(prediction, 4);
    }
    const std::size_t cell = row * e.features.size() + m_columns[static_cast<std::size_t>(index.column()) - 1];
    const QString text = cell < e.cellText.size() ? QString::fromStdString(e.cellText[cell]) : QString();
    return text.isEmpty() ? tr("missing") : text;
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const bool last = section == columnCount() - 1;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (last ? Qt::AlignRight : Qt::AlignLeft)));
    if (role != Qt::DisplayRole)
        return {};
    if (section == 0)
        return tr("row");
    if (last)
        return plot::outputText(*m_explanation, m_output);
    return QString::fromStdString(m_explanation->features[m_columns[static_cast<std::size_t>(section) - 1]]);
}

Qt::ItemFlags RowsModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList RowsModel::mimeTypes() const
{
    return {QLatin1String(BackgroundField::rowsMimeType)};
}

QMimeData* RowsModel::mimeData(const QModelIndexList& indexes) const
{
    QByteArray rows;
    int last = -1;
    for (const QModelIndex& index : indexes) {
        if (const int row = rowAt(index.row()); row >= 0 && index.row() != std::exchange(last, index.row())) // a line has several cells
            rows += (rows.isEmpty() ? "" : " ") + QByteArray::number(static_cast<qulonglong>(m_explanation->rows[static_cast<std::size_t>(row)]));
    }
    if (rows.isEmpty())
        return nullptr;
    auto* data = new QMimeData;
    data->setData(QLatin1String(BackgroundField::rowsMimeType), rows);
    return data;
}

} // namespace limpid
