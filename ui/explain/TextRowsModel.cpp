#include "ui/explain/TextRowsModel.h"

#include "ui/charts/PlotTools.h"
#include "ui/charts/TextAttributionPlot.h"
#include "ui/text/Messages.h"

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

constexpr int rowColumn = 0, textColumn = 1, predictionColumn = 2;
constexpr qsizetype shownText = 300;    // of a cell: no more fits a line

} // namespace

void TextRowsModel::setOutcome(std::shared_ptr<const TextOutcome> outcome, std::size_t output)
{
    beginResetModel();
    m_outcome = std::move(outcome);
    m_output = output;
    m_order.clear();
    if (m_outcome) {
        m_order.resize(m_outcome->rows.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t(0));
        std::stable_sort(m_order.begin(), m_order.end(), [this](std::size_t a, std::size_t b) {
            return m_outcome->rows[a]->predictions[m_output] > m_outcome->rows[b]->predictions[m_output];
        });
    }
    endResetModel();
}

int TextRowsModel::lineOf(int row) const
{
    const auto found = std::find(m_order.begin(), m_order.end(), static_cast<std::size_t>(row));
    return row >= 0 && found != m_order.end() ? static_cast<int>(found - m_order.begin()) : -1;
}

int TextRowsModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_order.size()); }

int TextRowsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() || m_order.empty() ? 0 : 3; }

QVariant TextRowsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (index.column() == predictionColumn ? Qt::AlignRight : Qt::AlignLeft)));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const TextAttribution& row = *m_outcome->rows[m_order[static_cast<std::size_t>(index.row())]];
    if (index.column() == rowColumn)
        return countText(static_cast<qint64>(row.row));
    if (index.column() == predictionColumn)
        return m_outcome->space == "probability" ? plot::fixedText(row.predictions[m_output], 3) : plot::shortText(row.predictions[m_output], 4);
    const QString text = QString::fromStdString(row.text);
    return text.isEmpty() ? tr("no text") : text.left(shownText).simplified();
}

QVariant TextRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (section == predictionColumn ? Qt::AlignRight : Qt::AlignLeft)));
    if (role != Qt::DisplayRole)
        return {};
    return section == rowColumn ? tr("row") : section == textColumn ? QString::fromStdString(m_outcome->column) : outputText(*m_outcome, m_output);
}

} // namespace limpid
