#pragma once

#include "ui/charts/CurveSource.h"
#include "ui/session/LiveRun.h"
#include "ui/train/RunCurves.h"

namespace limpid {

/// The loss of each step of a live run, as it is or smoothed. Its points stay with the run; only smoothed ones are kept here.
class LiveCurve final : public CurveSource
{
public:
    /// `window` in steps, as Smoother has it; 0: the values as they are.
    LiveCurve(std::shared_ptr<const LiveRun> live, int window);

    /// Takes in what has come since, and says so.
    void grow();

    bool isEmpty() const override { return shown().isEmpty(); }
    double begin(CurveX x) const override { return shown().begin(x); }
    double end(CurveX x) const override { return shown().end(x); }
    std::vector<CurvePoint> envelope(const CurveView& view) override { return shown().envelope(view).points; }
    std::optional<CurvePoint> nearest(CurveX x, double at) override;
    Reader reader() const override { return readerOf(shown()); }

private:
    const CurvePyramid& shown() const { return m_window > 0 ? m_smooth : m_live->losses; }

    const std::shared_ptr<const LiveRun> m_live;
    const int m_window;
    Smoother m_smoother;
    CurvePyramid m_smooth;
    std::int64_t m_seen = 0;   ///< points
};

} // namespace limpid
