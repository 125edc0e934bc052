#pragma once

#include <QString>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

class QKeyEvent;
class QWheelEvent;

namespace limpid {

/// From … to in an axis's own units; empty until something is added.
struct AxisRange {
    double min = std::numeric_limits<double>::infinity(), max = -std::numeric_limits<double>::infinity();
    void add(double value)
    {
        if (std::isfinite(value)) {
            min = std::min(min, value);
            max = std::max(max, value);
        }
    }
    bool isEmpty() const { return !(min <= max); }
    double span() const { return max - min; }
    bool contains(double value) const { return value >= min && value <= max; }
    bool operator==(const AxisRange&) const = default;
};

/// The part of an axis that one looks at, and how it is changed: the same steps in every chart. It never leaves the whole,
/// which may change meanwhile.
class AxisZoom
{
public:
    bool isWhole() const { return !m_shown; }
    AxisRange shown(const AxisRange& whole) const { return m_shown.value_or(whole); }
    void reset() { m_shown.reset(); }

    // These say whether anything has changed. `now` is what is on the screen, which may lag behind the whole.

    /// `about` stays where it is, unless that would show what lies beyond the whole.
    bool zoomBy(const AxisRange& whole, const AxisRange& now, double factor, double about);
    bool panBy(const AxisRange& whole, double distance);
    /// As little as brings that value into sight.
    bool panTo(const AxisRange& whole, double value);
    /// The whole is another one now: what is shown stays, as far as it lies in it.
    void keepWithin(const AxisRange& whole);

    /// + and − zoom about the middle, 0 shows everything, left and right pan by a tenth. None where it is another key.
    std::optional<bool> pressed(const QKeyEvent& event, const AxisRange& whole, const AxisRange& now);
    /// What the axis is to be multiplied by; 1: nothing.
    static double factor(const QWheelEvent& event);

private:
    std::optional<AxisRange> m_shown; ///< none: everything
};

/// An axis that one can zoom along. An empty range: one can't.
struct PlotAxis {
    QString name;      ///< two plots whose axes have one name can be looked at in the same part
    AxisRange range;   ///< when everything is shown
};

} // namespace limpid
