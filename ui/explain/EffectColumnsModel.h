#pragma once

#include "core/workbench/EffectTable.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace limpid {

/// The columns of an outcome that has something for each: by how far they move an output (partial dependence, ALE), where a first
/// line stands for all columns, or by how much they count in a tree; the most first.
class EffectColumnsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setEffects(std::shared_ptr<const EffectOutcome> effects, std::size_t output);
    /// The column at a line, as an index into the outcome's result; -1: all, or none.
    int columnAt(int line) const;
    int lineOf(int column) const;
    /// Whether each column has a plot of its own, to be chosen here.
    bool offersPlots() const { return !m_tree; }
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
        double size;          ///< the range of its effect, or its importance in the tree
    };
    std::vector<Entry> m_entries;
    bool m_tree = false;
};

} // namespace limpid
