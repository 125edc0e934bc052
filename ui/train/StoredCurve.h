#pragma once

#include "core/store/Workspace.h"
#include "ui/charts/CurveSource.h"
#include "ui/session/JobRunner.h"
#include "ui/train/RunCurves.h"

#include <QObject>

namespace limpid {

/// A curve of the workspace. Opened by a job that reads what is known of its blocks, whatever its length; points are read
/// by further jobs as a picture needs them, and until they are here what is known of their block stands in. Smoothed,
/// it has the same blocks with the smoothed values; for that all points are read once, in pieces, behind everything else.
class StoredCurve final : public CurveSource
{
public:
    /// `window` in steps, as Smoother has it; 0: the raw values. `failed` is told why nothing (more) can be read, once.
    StoredCurve(JobRunner& jobs, std::shared_ptr<const Workspace> workspace, std::int64_t run, std::string series, int window,
                std::function<void(const QString& sentence)> failed);

    bool isReady() const { return m_ready; }   ///< opened, and smoothed where it is to be
    /// Whether the last envelope was exactly that of all points.
    bool isExact() const { return m_ready && m_exact; }

    bool isEmpty() const override { return m_pyramid.isEmpty(); }
    double begin(CurveX x) const override { return m_pyramid.begin(x); }
    double end(CurveX x) const override { return m_pyramid.end(x); }
    std::vector<CurvePoint> envelope(const CurveView& view) override;
    std::optional<CurvePoint> nearest(CurveX x, double at) override;
    Reader reader() const override;

private:
    using Nodes = std::vector<CurveNode>;
    void open();
    void smooth();
    void fetch(const std::vector<std::size_t>& blocks);
    void tell();
    template<class Work, class Done>
    void job(Work work, Done done);

    JobRunner& m_jobs;
    const std::shared_ptr<const Workspace> m_workspace;
    const std::int64_t m_run;
    const std::string m_series;
    const int m_window;
    std::function<void(const QString&)> m_failed;
    QObject m_receiver;                        ///< answers come while it lives
    CurvePyramid m_pyramid;
    Nodes m_raw, m_smooth;                     ///< while smoothing: of the raw values, and those done
    std::vector<Smoother> m_states;            ///< before each block
    std::vector<std::shared_ptr<const CurvePyramid::Part>> m_gone; ///< for the next job to free
    std::size_t m_capacity = 256;              ///< blocks of points that are kept
    bool m_ready = false, m_exact = false, m_fetching = false, m_broken = false;
};

} // namespace limpid
