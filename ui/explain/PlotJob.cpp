#include "ui/explain/PlotJob.h"

#include "ui/charts/PlotView.h"
#include "ui/session/JobRunner.h"

#include <utility>

namespace limpid {

PlotJob::PlotJob(JobRunner& jobs, PlotView& view, QObject* parent) : QObject(parent), m_jobs(jobs), m_view(view) {}

void PlotJob::ask(const QString& picture, Make make)
{
    if (picture != m_picture)
        ++m_token;
    m_picture = picture;
    m_next = std::move(make);
    if (!m_isRunning)
        start();
}

void PlotJob::clear()
{
    ++m_token;
    m_next = {};
    m_picture.clear();
    m_view.setPlot(nullptr);
}

void PlotJob::start()
{
    m_isRunning = true;
    JobRunner::Options options;
    options.kind = "picture";
    options.subject = m_view.accessibleName().toStdString();
    options.lane = JobQueue::Lane::Foreground; // someone looks: not behind a training
    options.tellCancelled = true;
    m_jobs.run(
        options, this, [make = std::exchange(m_next, {})](Task&) { return make(); },
        [this, token = m_token](std::unique_ptr<Plot> plot) {
            if (token == m_token) {
                m_view.setPlot(std::move(plot));
                emit shown();
            }
            ended();
        },
        [this, token = m_token](const std::exception_ptr& failure) {
            if (token == m_token)
                emit failed(sentenceOf(failure));
            ended();
        });
}

void PlotJob::ended()
{
    m_isRunning = false;
    if (m_next)
        start();
}

} // namespace limpid
