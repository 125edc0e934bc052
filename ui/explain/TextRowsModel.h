#pragma once

#include "core/explain/TextAttribution.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace limpid {

/// The rows whose words are explained, highest prediction first: row number, text, and the prediction.
class TextRowsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setOutcome(std::shared_ptr<const TextOutcome> outcome, std::size_t output);
    /// The outcome's row at a line of the table, and back (-1: none).
    int rowAt(int line) const { return line >= 0 && line < static_cast<int>(m_order.size()) ? static_cast<int>(m_order[static_cast<std::size_t>(line)]) : -1; }
    int lineOf(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::shared_ptr<const TextOutcome> m_outcome;
    std::size_t m_output = 0;
    std::vector<std::size_t> m_order;    ///< line → row
};

} // namespace limpid
