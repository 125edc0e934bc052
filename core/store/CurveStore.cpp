#include "core/store/CurveStore.h"

#include "core/base/File.h"
#include "core/store/CurveBlocks.h"

#include <algorithm>
#include <limits>

namespace limpid::store {

namespace {

constexpr std::size_t blockPoints = CurvePyramid::blockPoints;
constexpr std::string_view epochPrefix = "epoch/";

bool isBefore(const CurvePoint& a, const CurvePoint& b)
{
    return a.step < b.step;
}

/// By step, and of several points with one step the last.
void sortSteps(std::vector<CurvePoint>& points)
{
    const auto misplaced = [](const CurvePoint& a, const CurvePoint& b) { return a.step >= b.step; };
    if (std::adjacent_find(points.begin(), points.end(), misplaced) == points.end())
        return;
    std::stable_sort(points.begin(), points.end(), isBefore);
    std::vector<CurvePoint> kept;
    for (const CurvePoint& point : points) {
        if (!kept.empty() && kept.back().step == point.step)
            kept.back() = point;
        else
            kept.push_back(point);
    }
    points = std::move(kept);
}

std::string_view bytesOf(const SQLite::Column& column)
{
    return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

} // namespace

void CurveStore::throwDamaged() const
{
    throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(m_path)}, {"reason", "a curve's block is damaged"}});
}

void CurveStore::append(std::int64_t run, const std::string& series, std::span<const CurvePoint> points)
{
    if (points.empty())
        return;
    SQLite::Statement name(m_database, "INSERT INTO series(run, name) VALUES(?, ?) ON CONFLICT DO NOTHING");
    name.bind(1, run);
    name.bind(2, series);
    name.exec();
    SQLite::Statement find(m_database, "SELECT id FROM series WHERE run = ? AND name = ?");
    find.bind(1, run);
    find.bind(2, series);
    find.executeStep();
    append(find.getColumn(0).getInt64(), std::vector<CurvePoint>(points.begin(), points.end()));
}

void CurveStore::append(std::int64_t series, std::vector<CurvePoint> points)
{
    sortSteps(points);
    const std::int64_t first = points.front().step, last = points.back().step;
    // The block that holds the first step or ends before it, and all up to the last step.
    SQLite::Statement touched(m_database,
        "SELECT id, last_step, points_count FROM curve_blocks WHERE series = ?1 AND first_step <= ?3 AND first_step >="
        " coalesce((SELECT max(first_step) FROM curve_blocks WHERE series = ?1 AND first_step <= ?2), ?2) ORDER BY first_step");
    touched.bind(1, series);
    touched.bind(2, first);
    touched.bind(3, last);
    std::vector<CurvePoint> old;
    std::vector<std::int64_t> blocks;
    while (touched.executeStep()) {
        const bool isFullAndBefore = touched.getColumn(1).getInt64() < first && touched.getColumn(2).getInt64() >= static_cast<std::int64_t>(blockPoints);
        if (isFullAndBefore)
            continue;
        blocks.push_back(touched.getColumn(0).getInt64());
        const std::vector<CurvePoint> more = read(blocks.back());
        old.insert(old.end(), more.begin(), more.end());
    }
    if (!old.empty()) {
        std::vector<CurvePoint> merged;
        merged.reserve(old.size() + points.size());
        // Of two with one step the new one comes first, and so is the one that stays.
        std::merge(points.begin(), points.end(), old.begin(), old.end(), std::back_inserter(merged), isBefore);
        merged.erase(std::unique(merged.begin(), merged.end(), [](const CurvePoint& a, const CurvePoint& b) { return a.step == b.step; }), merged.end());
        points = std::move(merged);
    }
    for (const std::int64_t block : blocks)
        remove(block);
    for (std::size_t i = 0; i < points.size(); i += blockPoints)
        write(series, std::span(points).subspan(i, std::min(blockPoints, points.size() - i)));
}

void CurveStore::truncate(std::int64_t run, std::int64_t step, std::int64_t epoch)
{
    SQLite::Statement all(m_database, "SELECT id, name FROM series WHERE run = ?");
    all.bind(1, run);
    while (all.executeStep()) {
        const std::int64_t series = all.getColumn(0).getInt64();
        const std::int64_t last = all.getColumn(1).getString().starts_with(epochPrefix) ? epoch : step;
        SQLite::Statement across(m_database, "SELECT id, first_step FROM curve_blocks WHERE series = ? AND last_step > ?");
        across.bind(1, series);
        across.bind(2, last);
        std::vector<std::int64_t> gone;
        std::vector<CurvePoint> kept; // of the one block that lies across
        while (across.executeStep()) {
            gone.push_back(across.getColumn(0).getInt64());
            if (across.getColumn(1).getInt64() <= last)
                kept = read(gone.back());
        }
        std::erase_if(kept, [last](const CurvePoint& point) { return point.step > last; });
        for (const std::int64_t block : gone)
            remove(block);
        if (!kept.empty())
            write(series, kept);
    }
}

std::vector<CurvePoint> CurveStore::read(std::int64_t block)
{
    SQLite::Statement query(m_database, "SELECT points FROM curve_points WHERE block = ?");
    query.bind(1, block);
    std::optional<std::vector<CurvePoint>> points;
    if (query.executeStep())
        points = unpackPoints(bytesOf(query.getColumn(0)));
    if (!points)
        throwDamaged();
    return std::move(*points);
}

void CurveStore::write(std::int64_t series, std::span<const CurvePoint> points)
{
    CurveNode node;
    for (const CurvePoint& point : points)
        node.add(point);
    const std::string summary = packNode(node), bytes = packPoints(points);
    SQLite::Statement block(m_database,
        "INSERT INTO curve_blocks(series, first_step, last_step, last_seconds, points_count, node) VALUES(?, ?, ?, ?, ?, ?)");
    block.bind(1, series);
    block.bind(2, node.firstStep);
    block.bind(3, node.lastStep);
    block.bind(4, node.lastSeconds);
    block.bind(5, node.count);
    block.bindNoCopy(6, summary.data(), static_cast<int>(summary.size()));
    block.exec();
    SQLite::Statement insert(m_database, "INSERT INTO curve_points(block, points) VALUES(?, ?)");
    insert.bind(1, m_database.getLastInsertRowid());
    insert.bindNoCopy(2, bytes.data(), static_cast<int>(bytes.size()));
    insert.exec();
}

void CurveStore::remove(std::int64_t block)
{
    SQLite::Statement remove(m_database, "DELETE FROM curve_blocks WHERE id = ?");
    remove.bind(1, block);
    remove.exec();
}

std::vector<std::string> CurveStore::names(std::int64_t run)
{
    std::vector<std::string> names;
    SQLite::Statement query(m_database, "SELECT name FROM series WHERE run = ?1"
                                        " AND EXISTS(SELECT 1 FROM curve_blocks WHERE series = series.id) ORDER BY name");
    query.bind(1, run);
    while (query.executeStep())
        names.push_back(query.getColumn(0).getString());
    return names;
}

std::vector<CurveNode> CurveStore::nodes(std::int64_t run, const std::string& series)
{
    std::vector<CurveNode> nodes;
    SQLite::Statement query(m_database, "SELECT node FROM curve_blocks"
                                        " WHERE series = (SELECT id FROM series WHERE run = ? AND name = ?) ORDER BY first_step");
    query.bind(1, run);
    query.bind(2, series);
    while (query.executeStep()) {
        const std::optional<CurveNode> node = unpackNode(bytesOf(query.getColumn(0)));
        if (!node)
            throwDamaged();
        nodes.push_back(*node);
    }
    return nodes;
}

std::vector<CurvePoint> CurveStore::points(std::int64_t run, const std::string& series, std::int64_t from, std::int64_t to)
{
    std::vector<CurvePoint> points;
    SQLite::Statement find(m_database, "SELECT id FROM series WHERE run = ? AND name = ?");
    find.bind(1, run);
    find.bind(2, series);
    if (!find.executeStep())
        return points;
    SQLite::Statement query(m_database,
        "SELECT points FROM curve_blocks JOIN curve_points ON block = id WHERE series = ?1 AND first_step <= ?3 AND first_step >="
        " coalesce((SELECT max(first_step) FROM curve_blocks WHERE series = ?1 AND first_step <= ?2), ?2) ORDER BY first_step");
    query.bind(1, find.getColumn(0).getInt64());
    query.bind(2, from);
    query.bind(3, to);
    while (query.executeStep()) {
        const std::optional<std::vector<CurvePoint>> block = unpackPoints(bytesOf(query.getColumn(0)));
        if (!block)
            throwDamaged();
        const auto isLess = [](const CurvePoint& point, std::int64_t step) { return point.step < step; };
        const auto begin = std::lower_bound(block->begin(), block->end(), from, isLess);
        const auto end = std::find_if(begin, block->end(), [to](const CurvePoint& point) { return point.step > to; });
        points.insert(points.end(), begin, end);
    }
    return points;
}

void CurveStore::packRows(SQLite::Database& database, const std::filesystem::path& path)
{
    CurveStore store(database, path);
    SQLite::Statement rows(database, "SELECT series, step, time, value FROM curves ORDER BY series, step");
    std::int64_t series = 0;
    std::vector<CurvePoint> points;
    const auto flush = [&] {
        if (!points.empty())
            store.write(series, points);
        points.clear();
    };
    while (rows.executeStep()) {
        if (rows.getColumn(0).getInt64() != series || points.size() == blockPoints)
            flush();
        series = rows.getColumn(0).getInt64();
        const SQLite::Column value = rows.getColumn(3);
        points.push_back({rows.getColumn(1).getInt64(), rows.getColumn(2).getDouble(),
                          value.isNull() ? std::numeric_limits<double>::quiet_NaN() : value.getDouble()});
    }
    flush();
}

} // namespace limpid::store
