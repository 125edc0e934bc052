#pragma once

#include "ui/charts/Plot.h"

#include <QObject>

#include <functional>
#include <memory>

namespace limpid {

class JobRunner;
class PlotView;

/// Has plots laid out by jobs and then shown: that of a million points takes longer than a frame. One at a time; of those that
/// are asked for meanwhile only the newest comes next. Until it is there the one before stays.
class PlotJob : public QObject
{
    Q_OBJECT
public:
    using Make = std::function<std::unique_ptr<Plot>()>; ///< called on a worker

    PlotJob(JobRunner& jobs, PlotView& view, QObject* parent = nullptr);

    /// `picture` names what is drawn. What is being laid out is still shown where it has the same name, of fewer rows then:
    /// so one sees something while rows come faster than they are laid out. Under another name it is dropped.
    void ask(const QString& picture, Make make);
    /// Nothing is shown, and what is being laid out is dropped.
    void clear();

signals:
    void shown();
    void failed(const QString& sentence);

private:
    void start();
    void ended();

    JobRunner& m_jobs;
    PlotView& m_view;
    QString m_picture;
    Make m_next;              ///< what comes after the one that is being laid out; empty: nothing
    bool m_isRunning = false;
    std::uint64_t m_token = 0; ///< grows where what is being laid out is no longer wanted
};

} // namespace limpid
