#pragma once

#include "core/explain/Explanation.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace limpid {

/// The explained rows, highest prediction first: row number, the columns that matter most, and the prediction.
class RowsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setExplanation(std::shared_ptr<const Explanation> explanation, std::size_t output);
    /// The explanation's row at a line of the table, and back (-1: none).
    int rowAt(int line) const { return line >= 0 && line < static_cast<int>(m_order.size()) ? static_cast<int>(m_order[static_cast<std::size_t>(line)]) : -1; }
    int lineOf(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    /// The rows' numbers in the table: see BackgroundField::rowsMimeType.
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output = 0;
    std::vector<std::size_t> m_order;    ///< line → row
    std::vector<int> m_lines;            ///< row → line
    std::vector<std::size_t> m_columns;  ///< features shown
};

} // namespace limpid
