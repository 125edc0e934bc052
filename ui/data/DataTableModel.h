#pragma once

#include "core/workbench/Workbench.h"

#include <QAbstractTableModel>

namespace limpid {

/// A view onto a data set's table: nothing is copied, a cell becomes text when it is shown.
class DataTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setData(std::shared_ptr<const DataSet> data);
    const std::shared_ptr<const DataSet>& dataSet() const { return m_data; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    /// Columns: the name; rows: the row's number from 1.
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const DataSet> m_data;
};

} // namespace limpid
