#include "ui/charts/CurveSource.h"

namespace limpid {

std::optional<CurvePoint> CurveBuffer::nearest(CurveX x, double at)
{
    const auto near = m_pyramid.nearest(x, at);
    return near ? std::optional(near->point) : std::nullopt;
}

CurveSource::Reader readerOf(const CurvePyramid& pyramid)
{
    // Full blocks never change, so they are shared; the last one may grow and is copied.
    auto blocks = std::make_shared<std::vector<std::shared_ptr<const CurvePyramid::Part>>>();
    for (std::size_t i = 0; i < pyramid.blockCount(); ++i)
        blocks->push_back(pyramid.part(i));
    if (!blocks->empty())
        blocks->back() = std::make_shared<const CurvePyramid::Part>(*blocks->back());
    return [blocks, next = std::size_t(0)]() mutable { return next < blocks->size() ? (*blocks)[next++]->points : CurvePyramid::Points(); };
}

} // namespace limpid
