#include "core/base/CurvePyramid.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace limpid {

void CurveNode::add(const CurvePoint& given)
{
    CurvePoint point = given;
    if (count == 0) {
        firstStep = point.step;
        firstSeconds = lastSeconds = point.seconds;
    }
    lastSeconds = std::max(lastSeconds, point.seconds);
    point.seconds = lastSeconds;
    lastStep = point.step;
    ++count;
    if (!std::isfinite(point.value))
        return;
    if (finite++ == 0)
        first = low = high = point;
    last = point;
    if (point.value < low.value)
        low = point;
    if (point.value > high.value)
        high = point;
    if (point.value > 0.0 && (lowPositive.value == 0.0 || point.value < lowPositive.value))
        lowPositive = point;
}

int CurveView::bucketOf(double at) const
{
    return std::clamp(static_cast<int>((at - from) / (to - from) * buckets), 0, buckets - 1);
}

void CurvePyramid::Part::add(const CurvePoint& point)
{
    if (points.size() % partPoints == 0)
        nodes.emplace_back();
    nodes.back().add(point);
    points.push_back(point);
}

CurvePyramid::Part CurvePyramid::part(std::span<const CurvePoint> points, double floor)
{
    Part part;
    part.points.reserve(points.size());
    part.nodes.reserve((points.size() + partPoints - 1) / partPoints);
    for (CurvePoint point : points) {
        point.seconds = floor = std::max(floor, point.seconds);
        part.add(point);
    }
    return part;
}

void CurvePyramid::append(std::span<const CurvePoint> points)
{
    for (const CurvePoint& point : points) {
        if (!m_blocks.empty() && point.step <= m_blocks.back().node.lastStep)
            continue;
        if (m_blocks.empty() || m_blocks.back().stored || m_blocks.back().part->points.size() == blockPoints) {
            Block block;
            block.floor = m_blocks.empty() ? point.seconds : m_blocks.back().node.lastSeconds;
            block.part = std::make_shared<Part>();
            block.part->points.reserve(blockPoints);
            m_blocks.push_back(std::move(block));
        }
        Block& block = m_blocks.back();
        CurvePoint kept = point;
        kept.seconds = std::max(block.node.count == 0 ? block.floor : block.node.lastSeconds, point.seconds);
        block.node.add(kept);
        block.part->add(kept);
        ++m_size;
    }
}

void CurvePyramid::setNodes(std::vector<CurveNode> nodes)
{
    m_blocks.clear();
    m_blocks.reserve(nodes.size());
    m_size = 0;
    m_here = 0;
    for (CurveNode& node : nodes) {
        Block block;
        block.stored = true;
        block.floor = m_blocks.empty() ? node.firstSeconds : m_blocks.back().node.lastSeconds;
        for (double* seconds : {&node.firstSeconds, &node.lastSeconds, &node.first.seconds, &node.last.seconds, &node.low.seconds,
                                &node.high.seconds, &node.lowPositive.seconds})
            *seconds = std::max(*seconds, block.floor);
        m_size += node.count;
        block.node = node;
        m_blocks.push_back(std::move(block));
    }
}

std::vector<std::shared_ptr<const CurvePyramid::Part>> CurvePyramid::setPart(std::size_t index, Part part, std::size_t capacity)
{
    Block& block = m_blocks[index];
    m_here += block.part ? 0 : 1;
    block.part = std::make_shared<Part>(std::move(part));
    block.used = ++m_clock;
    std::vector<std::shared_ptr<const Part>> gone;
    if (m_here <= capacity + capacity / 4) // so that not every new block sorts all of them
        return gone;

    std::vector<std::size_t> here;
    for (std::size_t i = 0; i < m_blocks.size(); ++i)
        if (m_blocks[i].stored && m_blocks[i].part)
            here.push_back(i);
    std::sort(here.begin(), here.end(), [this](std::size_t a, std::size_t b) { return m_blocks[a].used < m_blocks[b].used; });
    for (std::size_t i = 0; i + capacity < here.size(); ++i)
        gone.push_back(std::move(m_blocks[here[i]].part));
    m_here = capacity;
    return gone;
}

std::size_t CurvePyramid::blockAt(CurveX x, double at) const
{
    const auto place = std::lower_bound(m_blocks.begin(), m_blocks.end(), at, [x](const Block& block, double value) { return block.node.end(x) < value; });
    return static_cast<std::size_t>(place - m_blocks.begin());
}

namespace {

/// The lowest and the highest of each bucket as they become known.
class Buckets
{
public:
    explicit Buckets(const CurveView& view) : m_view(view), m_low(static_cast<std::size_t>(view.buckets)), m_high(m_low.size()), m_any(m_low.size(), 0) {}

    bool counts(const CurvePoint& point) const { return std::isfinite(point.value) && (!m_view.positive || point.value > 0.0); }

    void add(std::size_t bucket, const CurvePoint& point)
    {
        if (!m_any[bucket]) {
            m_any[bucket] = 1;
            m_low[bucket] = m_high[bucket] = point;
        } else if (point.value < m_low[bucket].value) {
            m_low[bucket] = point;
        } else if (point.value > m_high[bucket].value) {
            m_high[bucket] = point;
        }
    }

    bool isWithinOne(const CurveNode& node) const
    {
        const double first = node.begin(m_view.x), last = node.end(m_view.x);
        return first >= m_view.from && last <= m_view.to && m_view.bucketOf(first) == m_view.bucketOf(last);
    }

    bool counts(const CurveNode& node) const { return node.finite > 0 && (!m_view.positive || node.lowPositive.value > 0.0); }

    /// A node all of whose points lie in one bucket.
    void add(const CurveNode& node)
    {
        const auto bucket = static_cast<std::size_t>(m_view.bucketOf(node.begin(m_view.x)));
        add(bucket, m_view.positive ? node.lowPositive : node.low);
        add(bucket, node.high);
    }

    void add(const CurvePyramid::Part& part)
    {
        for (std::size_t i = 0; i < part.nodes.size(); ++i) {
            const CurveNode& node = part.nodes[i];
            if (!counts(node) || node.end(m_view.x) < m_view.from || node.begin(m_view.x) > m_view.to)
                continue;
            if (isWithinOne(node)) {
                add(node);
                continue;
            }
            const std::size_t begin = i * CurvePyramid::partPoints, end = std::min(part.points.size(), begin + CurvePyramid::partPoints);
            for (std::size_t point = begin; point < end; ++point)
                addKnown(part.points[point]);
        }
    }

    /// A point that may lie outside the view.
    void addKnown(const CurvePoint& point)
    {
        const double at = curveX(point, m_view.x);
        if (counts(point) && at >= m_view.from && at <= m_view.to)
            add(static_cast<std::size_t>(m_view.bucketOf(at)), point);
    }

    /// Whether points between the node's lowest and highest could change any of its buckets.
    bool couldChange(const CurveNode& node) const
    {
        const double lowest = m_view.positive ? node.lowPositive.value : node.low.value;
        const int from = m_view.bucketOf(node.begin(m_view.x)), to = m_view.bucketOf(node.end(m_view.x));
        for (int bucket = from; bucket <= to; ++bucket) {
            const auto i = static_cast<std::size_t>(bucket);
            if (!m_any[i] || m_low[i].value > lowest || m_high[i].value < node.high.value)
                return true;
        }
        return false;
    }

    void into(std::vector<CurvePoint>& points) const
    {
        for (std::size_t i = 0; i < m_any.size(); ++i) {
            if (!m_any[i])
                continue;
            const bool lowFirst = m_low[i].step <= m_high[i].step;
            points.push_back(lowFirst ? m_low[i] : m_high[i]);
            if (m_low[i].step != m_high[i].step)
                points.push_back(lowFirst ? m_high[i] : m_low[i]);
        }
    }

private:
    const CurveView& m_view;
    std::vector<CurvePoint> m_low, m_high;
    std::vector<char> m_any;
};

} // namespace

CurveEnvelope CurvePyramid::envelope(const CurveView& view) const
{
    CurveEnvelope result;
    if (m_blocks.empty() || !(view.to > view.from) || view.buckets < 1)
        return result;
    ++m_clock;
    Buckets buckets(view);
    const std::size_t begin = blockAt(view.x, view.from);
    std::size_t end = begin;
    std::vector<std::size_t> across;   // blocks over a border of a bucket or of the view
    for (; end < m_blocks.size() && m_blocks[end].node.begin(view.x) <= view.to; ++end) {
        const CurveNode& node = m_blocks[end].node;
        if (!buckets.counts(node))
            continue;
        if (buckets.isWithinOne(node)) {
            buckets.add(node);
            continue;
        }
        across.push_back(end);
        for (const CurvePoint& known : {node.first, node.last, node.low, node.high})
            buckets.addKnown(known);
        if (node.lowPositive.value > 0.0)
            buckets.addKnown(node.lowPositive);
    }
    for (const std::size_t i : across) {
        const Block& block = m_blocks[i];
        if (!buckets.couldChange(block.node))
            continue;
        if (!block.part) {
            result.missing.push_back(i);
            continue;
        }
        block.used = m_clock;
        buckets.add(*block.part);
    }

    // Beyond the ends: of what is known the nearest.
    const auto beyond = [&](bool left) -> std::optional<CurvePoint> {
        const auto outside = [&](const CurvePoint& point) {
            const double at = curveX(point, view.x);
            return buckets.counts(point) && (left ? at < view.from : at > view.to);
        };
        for (std::size_t n = 0; n < m_blocks.size(); ++n) {
            const std::size_t start = left ? std::min(begin, m_blocks.size() - 1) : (end > 0 ? end - 1 : 0);
            if (left ? n > start : start + n >= m_blocks.size())
                break;
            const Block& block = m_blocks[left ? start - n : start + n];
            if (block.node.finite == 0)
                continue;
            if (block.part) {
                const Points& points = block.part->points;
                if (left) {
                    const auto found = std::find_if(points.rbegin(), points.rend(), outside);
                    if (found != points.rend())
                        return *found;
                } else if (const auto found = std::find_if(points.begin(), points.end(), outside); found != points.end()) {
                    return *found;
                }
                continue;
            }
            const CurvePoint &near = left ? block.node.last : block.node.first, &far = left ? block.node.first : block.node.last;
            if (outside(near))
                return near;
            if (outside(far))
                return far;
        }
        return std::nullopt;
    };
    if (const auto left = beyond(true))
        result.points.push_back(*left);
    buckets.into(result.points);
    if (const auto right = beyond(false))
        result.points.push_back(*right);
    return result;
}

std::optional<CurvePyramid::Near> CurvePyramid::nearest(CurveX x, double at) const
{
    std::optional<Near> best;
    double distance = 0.0;
    const auto offer = [&](const CurvePoint& point) {
        const double own = std::abs(curveX(point, x) - at);
        if (std::isfinite(point.value) && (!best || own < distance)) {
            best = Near{point, std::nullopt};
            distance = own;
        }
    };
    if (m_blocks.empty())
        return best;
    const auto look = [&](std::size_t i) {
        const Block& block = m_blocks[i];
        if (block.node.finite == 0)
            return false;
        if (block.part) {
            const Points& points = block.part->points;
            const auto above = std::lower_bound(points.begin(), points.end(), at, [x](const CurvePoint& point, double value) { return curveX(point, x) < value; });
            for (auto right = above; right != points.end(); ++right) {
                if (std::isfinite(right->value)) {
                    offer(*right);
                    break;
                }
            }
            for (auto left = above; left != points.begin();) {
                if (std::isfinite((--left)->value)) {
                    offer(*left);
                    break;
                }
            }
        } else {
            const CurveNode& node = block.node;
            for (const CurvePoint& point : {node.first, node.low, node.high, node.last})
                offer(point);
        }
        return true;
    };
    // The block around it, and the next with any value on both sides.
    const std::size_t middle = std::min(blockAt(x, at), m_blocks.size() - 1);
    look(middle);
    for (std::size_t i = middle + 1; i < m_blocks.size() && !look(i);)
        ++i;
    for (std::size_t i = middle; i > 0 && !look(i - 1);)
        --i;
    const Block& around = m_blocks[middle];
    if (best && !around.part && around.node.finite > 0 && at > around.node.begin(x) && at < around.node.end(x))
        best->missing = middle;
    return best;
}

} // namespace limpid
