#pragma once

#include "core/workbench/KeptExplanation.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace limpid {

/// An explanation that was kept, and what was asked; none where that can't be read.
struct KeptEntry {
    ExplanationRecord record;
    std::optional<KeptQuestion> question;
};

/// Kept explanations, as they come: name, method, model, rows, what they are compared with, when. Names can be edited; that is
/// told by renamed() and shown once it is stored.
class KeptModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Method, Model, Rows, Background, Made, columns };
    using QAbstractTableModel::QAbstractTableModel;

    void setEntries(std::vector<KeptEntry> entries);
    /// Null for a line that is not there.
    const KeptEntry* entryAt(int line) const;
    /// -1: none.
    int lineOf(std::int64_t explanation) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    void renamed(qint64 explanation, const QString& name);

private:
    std::vector<KeptEntry> m_entries;
};

} // namespace limpid
