#pragma once

#include "core/workbench/EffectTable.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace limpid {

/// The columns of an outcome that has something for each (partial dependence, ALE): by how far they move an output, the
/// furthest first. The first line stands for all columns.
class EffectColumnsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setEffects(std::shared_ptr<const EffectOutcome> effects, std::size_t output);
    /// The column at a line, as an index into the outcome's result; -1: all, or none.
    int columnAt(int line) const { return line > 0 && line <= static_cast<int>(m_entries.size()) ? static_cast<int>(m_entries[static_cast<std::size_t>(line) - 1].column) : -1; }
    int lineOf(int column) const;
    /// The columns in the order shown.
    std::vector<std::size_t> order() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Entry {
        std::size_t column;
        QString name;
        double range;
    };
    std::vector<Entry> m_entries;
};

/// Whether the outcome has a result for each column.
bool isByColumn(const EffectOutcome& outcome);

} // namespace limpid
