#pragma once

#include "app/cli/Context.h"
#include "core/base/Clock.h"

#include <QString>

#include <mutex>

namespace limpid {

/// One line on standard error that says how far the work is, how fast it goes and how long it will take. On a terminal it is
/// redrawn in place and wiped at the end; elsewhere it is a plain line every few seconds. Silent with --quiet.
class ProgressLine
{
public:
    /// `total` things called `unit` make the whole, for the rate; 0: no rate.
    ProgressLine(const CliContext& context, QString what, double total = 0.0, QString unit = {});
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// To be handed to a Task; the line must outlive it.
    Task::Listener listener();
    /// Shown behind the percentage: "loss 0.21".
    void setFigures(const QString& figures);
    void update(double fraction, const QString& stage);

private:
    void show(bool force);
    QString text() const;

    const bool m_silent, m_terminal;
    const QString m_what, m_unit;
    const double m_total;
    Stopwatch m_watch;
    std::mutex m_mutex;
    double m_fraction = -1.0;
    double m_lastShown = 0.0;
    QString m_stage, m_figures;
    bool m_drawn = false;
};

} // namespace limpid
