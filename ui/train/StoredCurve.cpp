#include "ui/train/StoredCurve.h"

#include <algorithm>
#include <utility>

namespace limpid {

namespace {

constexpr std::size_t blocksAtOnce = 64;      ///< are read under one lock of the workspace
constexpr std::size_t smoothedAtOnce = 1024;  ///< blocks a job: some tens of milliseconds, then others have their turn

} // namespace

StoredCurve::StoredCurve(JobRunner& jobs, std::shared_ptr<const Workspace> workspace, std::int64_t run, std::string series, int window,
                         std::function<void(const QString&)> failed)
    : m_jobs(jobs), m_workspace(std::move(workspace)), m_run(run), m_series(std::move(series)), m_window(window), m_failed(std::move(failed))
{
    open();
}

template<class Work, class Done>
void StoredCurve::job(Work work, Done done)
{
    JobRunner::Options options;
    options.kind = "load";
    options.subject = m_series;
    options.lane = JobQueue::Lane::Foreground;
    m_jobs.run(options, &m_receiver, std::move(work), std::move(done), [this](const std::exception_ptr& failure) {
        m_broken = true;
        if (m_failed)
            m_failed(sentenceOf(failure));
    });
}

void StoredCurve::tell()
{
    if (changed)
        changed();
}

void StoredCurve::open()
{
    job([workspace = m_workspace, run = m_run, series = m_series](Task&) { return workspace->curveNodes(run, series); },
        [this](Nodes nodes) {
            if (m_window > 0) {
                m_raw = std::move(nodes);
                smooth();
                return;
            }
            m_pyramid.setNodes(std::move(nodes));
            m_ready = true;
            tell();
        });
}

void StoredCurve::smooth()
{
    if (m_smooth.size() == m_raw.size()) {
        m_pyramid.setNodes(std::move(m_smooth));
        m_raw.clear();
        m_ready = true;
        tell();
        return;
    }
    struct Part {
        Nodes nodes;
        std::vector<Smoother> states;  ///< before each block, and after the last
    };
    const std::size_t begin = m_smooth.size(), end = std::min(begin + smoothedAtOnce, m_raw.size());
    Nodes raw(m_raw.begin() + static_cast<std::ptrdiff_t>(begin), m_raw.begin() + static_cast<std::ptrdiff_t>(end));
    if (m_states.empty())
        m_states.emplace_back(m_window);
    job([workspace = m_workspace, run = m_run, series = m_series, raw = std::move(raw), state = m_states.back()](Task& task) {
            Part part;
            Smoother smoother = state;
            for (std::size_t i = 0; i < raw.size(); i += blocksAtOnce) {
                task.checkpoint();
                const std::size_t last = std::min(i + blocksAtOnce, raw.size());
                const std::vector<CurvePoint> points = workspace->curvePart(run, series, raw[i].firstStep, raw[last - 1].lastStep);
                auto point = points.begin();
                for (std::size_t block = i; block < last; ++block) {
                    CurveNode node;
                    for (; point != points.end() && point->step <= raw[block].lastStep; ++point)
                        node.add({point->step, point->seconds, smoother.next(point->value)});
                    part.nodes.push_back(node);
                    part.states.push_back(smoother);
                }
            }
            return part;
        },
        [this](Part part) {
            m_smooth.insert(m_smooth.end(), part.nodes.begin(), part.nodes.end());
            m_states.insert(m_states.end(), part.states.begin(), part.states.end());
            smooth();
        });
}

std::vector<CurvePoint> StoredCurve::envelope(const CurveView& view)
{
    CurveEnvelope envelope = m_pyramid.envelope(view);
    m_exact = envelope.missing.empty();
    m_capacity = std::max<std::size_t>(256, 2 * static_cast<std::size_t>(view.buckets));
    if (!m_exact)
        fetch(envelope.missing);
    return std::move(envelope.points);
}

std::optional<CurvePoint> StoredCurve::nearest(CurveX x, double at)
{
    const auto near = m_pyramid.nearest(x, at);
    if (near && near->missing)
        fetch({*near->missing});
    return near ? std::optional(near->point) : std::nullopt;
}

/// One question at a time: once it is answered the picture is drawn anew and asks for what it then still misses.
void StoredCurve::fetch(const std::vector<std::size_t>& blocks)
{
    if (m_fetching || m_broken)
        return;
    m_fetching = true;
    struct Wanted {
        std::size_t block;
        std::int64_t first, last;
        double floor;
        std::optional<Smoother> state;
    };
    std::vector<Wanted> wanted;
    for (const std::size_t block : blocks) {
        const CurveNode& node = m_pyramid.node(block);
        wanted.push_back({block, node.firstStep, node.lastStep, m_pyramid.floor(block), m_window > 0 ? std::optional(m_states[block]) : std::nullopt});
    }
    using Read = std::vector<std::pair<std::size_t, CurvePyramid::Part>>;
    job([workspace = m_workspace, run = m_run, series = m_series, wanted = std::move(wanted), gone = std::exchange(m_gone, {})](Task& task) mutable {
            gone.clear();
            Read read;
            for (std::size_t i = 0; i < wanted.size();) {
                task.checkpoint();
                std::size_t end = i + 1; // neighbours are read together
                while (end < wanted.size() && end - i < blocksAtOnce && wanted[end].block == wanted[end - 1].block + 1)
                    ++end;
                const std::vector<CurvePoint> points = workspace->curvePart(run, series, wanted[i].first, wanted[end - 1].last);
                auto point = points.begin();
                for (; i < end; ++i) {
                    CurvePyramid::Points own;
                    std::optional<Smoother> smoother = wanted[i].state;
                    for (; point != points.end() && point->step <= wanted[i].last; ++point)
                        own.push_back({point->step, point->seconds, smoother ? smoother->next(point->value) : point->value});
                    read.emplace_back(wanted[i].block, CurvePyramid::part(own, wanted[i].floor));
                }
            }
            return read;
        },
        [this](Read read) {
            m_fetching = false;
            for (auto& [block, part] : read)
                for (auto& unused : m_pyramid.setPart(block, std::move(part), m_capacity))
                    m_gone.push_back(std::move(unused));
            tell();
        });
}

CurveSource::Reader StoredCurve::reader() const
{
    std::optional<Smoother> smoother;
    if (m_window > 0)
        smoother.emplace(m_window);
    std::vector<std::pair<std::int64_t, std::int64_t>> parts;
    for (std::size_t i = 0; i < m_pyramid.blockCount(); i += blocksAtOnce)
        parts.emplace_back(m_pyramid.node(i).firstStep, m_pyramid.node(std::min(i + blocksAtOnce, m_pyramid.blockCount()) - 1).lastStep);
    return [workspace = m_workspace, run = m_run, series = m_series, parts = std::move(parts), next = std::size_t(0), smoother]() mutable {
        std::vector<CurvePoint> points;
        while (points.empty() && next < parts.size()) {
            const auto [first, last] = parts[next++];
            points = workspace->curvePart(run, series, first, last);
        }
        if (smoother)
            for (CurvePoint& point : points)
                point.value = smoother->next(point.value);
        return points;
    };
}

} // namespace limpid
