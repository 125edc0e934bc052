#pragma once

#include "core/base/CurvePyramid.h"

#include <QString>

#include <functional>
#include <memory>

namespace limpid {

/// What a chart of training counts along its x axis: epochs begun, optimiser steps, or seconds since the start.
enum class CurveAxis { Epoch, Step, Time };

/// Where the points of a line come from: memory, or a store that is read as the picture needs it. On the GUI thread.
class CurveSource
{
public:
    virtual ~CurveSource() = default;

    virtual bool isEmpty() const = 0;
    virtual double begin(CurveX x) const = 0;   ///< of the first point; not of an empty curve
    virtual double end(CurveX x) const = 0;
    /// At once, from what is here. Where something finer is to come, changed() says so once it has.
    virtual std::vector<CurvePoint> envelope(const CurveView& view) = 0;
    /// The point with a value that is nearest to `at`, as far as known.
    virtual std::optional<CurvePoint> nearest(CurveX x, double at) = 0;

    /// Gives the next points of all that there are now, none after the last. For a worker; outlives the source.
    using Reader = std::function<std::vector<CurvePoint>()>;
    virtual Reader reader() const = 0;

    /// Set by whoever shows it.
    std::function<void()> changed;
};

/// Of a curve whose points are all here, as it is now.
CurveSource::Reader readerOf(const CurvePyramid& pyramid);

/// A curve in memory.
class CurveBuffer final : public CurveSource
{
public:
    void append(std::span<const CurvePoint> points) { m_pyramid.append(points); }
    void clear() { m_pyramid = CurvePyramid(); }
    std::int64_t size() const { return m_pyramid.size(); }

    bool isEmpty() const override { return m_pyramid.isEmpty(); }
    double begin(CurveX x) const override { return m_pyramid.begin(x); }
    double end(CurveX x) const override { return m_pyramid.end(x); }
    std::vector<CurvePoint> envelope(const CurveView& view) override { return m_pyramid.envelope(view).points; }
    std::optional<CurvePoint> nearest(CurveX x, double at) override;
    Reader reader() const override { return readerOf(m_pyramid); }

private:
    CurvePyramid m_pyramid;
};

/// One line of a table of points: what it is called there, and its points.
struct CurveColumn {
    QString name;
    CurveSource::Reader reader;
};

} // namespace limpid
