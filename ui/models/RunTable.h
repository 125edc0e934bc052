#pragma once

#include "core/store/Workspace.h"

#include <QAbstractTableModel>

#include <vector>

namespace limpid {

class Theme;

/// The runs of a workspace, newest first; sorts through Qt::UserRole.
class RunTable : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Status, Name, Id, Started, Metric, Epochs, Seconds, ColumnCount };
    explicit RunTable(const Theme& theme, QObject* parent = nullptr);

    void setRuns(const std::vector<RunRecord>& runs);
    const RunRecord* runAt(int row) const;
    int rowOf(std::int64_t id) const;   ///< -1: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVariant text(const RunRecord& run, int column) const;
    QVariant sortValue(const RunRecord& run, int column) const;
    const Theme& m_theme;
    std::vector<RunRecord> m_runs;
};

} // namespace limpid
