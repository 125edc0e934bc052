#include "ui/charts/LinePlot.h"

#include <algorithm>
#include <cmath>

namespace limpid {

std::unique_ptr<Plot> makeCurves(std::vector<Curve> curves, const QString& xLabel, const QString& yLabel)
{
    constexpr LineRole roles[] = {LineRole::Train, LineRole::Validation, LineRole::Other};
    LinePlot::Axes axes{xLabel, yLabel, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    std::vector<LinePlot::Line> lines;
    std::size_t strong = 0; // a faint curve takes the colour of the one that follows it: it is that one's raw values
    for (Curve& curve : curves) {
        LinePlot::Line line{curve.name, strong < std::size(roles) ? roles[strong] : LineRole::Compared};
        line.shade = static_cast<int>(strong);
        line.faint = curve.faint;
        line.points = std::move(curve.points);
        std::erase_if(line.points, [](const QPointF& point) { return !std::isfinite(point.x()) || !std::isfinite(point.y()); });
        for (const QPointF& point : line.points) {
            axes.xMin = std::min(axes.xMin, point.x());
            axes.xMax = std::max(axes.xMax, point.x());
        }
        strong += curve.faint ? 0 : 1;
        lines.push_back(std::move(line));
    }
    if (!(axes.xMin <= axes.xMax))
        axes.xMin = axes.xMax = 0.0;
    if (axes.xMin == axes.xMax)
        axes.xMax += 1.0;
    return std::make_unique<LinePlot>(std::move(lines), std::move(axes));
}

} // namespace limpid
