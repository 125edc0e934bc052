#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace limpid {

/// One point of a curve of training.
struct CurvePoint {
    std::int64_t step = 0;
    double seconds = 0.0;      ///< since the run's start
    double value = 0.0;
};

/// What a curve is drawn over.
enum class CurveX { Step, Seconds };

/// What is known of consecutive points without reading them. Values that are not finite are counted, no more.
struct CurveNode {
    std::int64_t count = 0, finite = 0;
    std::int64_t firstStep = 0, lastStep = 0;
    double firstSeconds = 0.0, lastSeconds = 0.0;  ///< never descending: a clock that was set back stands still instead
    CurvePoint first, last, low, high;             ///< of the finite ones
    CurvePoint lowPositive;                        ///< the lowest above 0, for a logarithmic axis; value 0 where there is none

    void add(const CurvePoint& point);             ///< of a later step
    double begin(CurveX x) const { return x == CurveX::Step ? static_cast<double>(firstStep) : firstSeconds; }
    double end(CurveX x) const { return x == CurveX::Step ? static_cast<double>(lastStep) : lastSeconds; }
};

/// What of a curve is asked for: [from, to] in `buckets` equal parts (a pixel each).
struct CurveView {
    CurveX x = CurveX::Step;
    double from = 0.0, to = 1.0;
    int buckets = 1;
    bool positive = false;     ///< values above 0 alone count: a logarithmic axis

    bool operator==(const CurveView&) const = default;
    int bucketOf(double at) const;
};

struct CurveEnvelope {
    /// Of each bucket its lowest and highest point, in their order, and a point beyond each end so that a line runs out
    /// of the picture. At most 2 · buckets + 2.
    std::vector<CurvePoint> points;
    /// Blocks without which some bucket's lowest or highest may be off; empty: exactly that of all points. Until they are
    /// here, what is known of them stands in.
    std::vector<std::size_t> missing;
};

/// A curve of any length: blocks of points, of which each is known by its node and whose points may or may not be here.
/// An envelope reads the nodes, and the points of those blocks alone that lie across a bucket's border and could matter,
/// so its cost grows with the picture's width and hardly with the curve's length. Append-only. Not thread-safe.
class CurvePyramid
{
public:
    static constexpr std::size_t blockPoints = 1024;
    using Points = std::vector<CurvePoint>;
    /// The points of a block, and nodes of a few of them each, so that a border is looked for among few points.
    struct Part {
        Points points;
        std::vector<CurveNode> nodes;
        void add(const CurvePoint& point);
    };
    static constexpr std::size_t partPoints = 32;

    /// Steps ascend; points that are not after the last are left out.
    void append(std::span<const CurvePoint> points);
    /// Stored blocks whose points are not here (yet), instead of what there was.
    void setNodes(std::vector<CurveNode> nodes);
    /// The points of a block of setNodes(), made by part(). Beyond `capacity` of such blocks those unused for longest go:
    /// they are given back, because freeing many of them takes longer than a frame.
    std::vector<std::shared_ptr<const Part>> setPart(std::size_t block, Part part, std::size_t capacity);
    /// For any thread. `floor`: the block's.
    static Part part(std::span<const CurvePoint> points, double floor);
    double floor(std::size_t block) const { return m_blocks[block].floor; } ///< the seconds reached before it

    bool isEmpty() const { return m_blocks.empty(); }
    std::int64_t size() const { return m_size; }
    std::size_t blockCount() const { return m_blocks.size(); }
    const CurveNode& node(std::size_t block) const { return m_blocks[block].node; }
    /// Null where they are not here.
    std::shared_ptr<const Part> part(std::size_t block) const { return m_blocks[block].part; }
    double begin(CurveX x) const { return m_blocks.front().node.begin(x); }
    double end(CurveX x) const { return m_blocks.back().node.end(x); }

    CurveEnvelope envelope(const CurveView& view) const;

    struct Near {
        CurvePoint point;
        std::optional<std::size_t> missing;   ///< with this block a nearer one may be found
    };
    /// The point with a finite value that is nearest to `at`; none in a curve without any.
    std::optional<Near> nearest(CurveX x, double at) const;

private:
    struct Block {
        CurveNode node;
        std::shared_ptr<Part> part;
        double floor = 0.0;                ///< the seconds reached before it
        mutable std::uint64_t used = 0;    ///< when its points were last looked at
        bool stored = false;               ///< its points can be had again
    };
    std::size_t blockAt(CurveX x, double at) const;

    std::vector<Block> m_blocks;
    std::int64_t m_size = 0;
    std::size_t m_here = 0;                ///< stored blocks whose points are here
    mutable std::uint64_t m_clock = 0;
};

/// Where a point lies on the axis.
inline double curveX(const CurvePoint& point, CurveX x)
{
    return x == CurveX::Step ? static_cast<double>(point.step) : point.seconds;
}

} // namespace limpid
