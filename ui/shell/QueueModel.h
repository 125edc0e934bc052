#pragma once

#include "core/jobs/JobQueue.h"

#include <QAbstractTableModel>

namespace limpid {

/// Housekeeping that is over in a moment and that nobody asked for: not worth a flicker.
bool isHousekeeping(const JobInfo& job);

/// The jobs that run and wait, a row each, in the order of JobQueue::jobs().
class QueueModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, State, Progress, Left, Cores, Memory, Priority, columnCount_ };
    enum Role { FractionRole = Qt::UserRole }; ///< of Progress: in [0, 1]; negative where it can't be known or waits

    explicit QueueModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    /// Rows come, go and move one by one, so that what is selected stays so. `cores`: that are shared out.
    void setJobs(std::vector<JobInfo> jobs, int cores);
    const std::vector<JobInfo>& jobs() const { return m_jobs; }
    const JobInfo* job(int row) const; ///< null: no such row

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const JobInfo& job, int column) const;
    QString help(const JobInfo& job, int column) const;

    std::vector<JobInfo> m_jobs;
    int m_cores = 1;
};

} // namespace limpid
