#pragma once

#include "core/base/CurvePyramid.h"
#include "core/store/Sqlite.h"

#include <string>

namespace limpid::store {

/// The curves of runs in the database: blocks of at most CurvePyramid::blockPoints packed points, and of each block its
/// node, so that a curve of any length opens without its points. What changes something wants an open WriteTransaction.
class CurveStore
{
public:
    CurveStore(SQLite::Database& database, std::filesystem::path path) : m_database(database), m_path(std::move(path)) {}

    /// A step that is there already is replaced; of points with the same step the last counts.
    void append(std::int64_t run, const std::string& series, std::span<const CurvePoint> points);
    /// Removes the points after `step`, of series named "epoch/…" those after `epoch`.
    void truncate(std::int64_t run, std::int64_t step, std::int64_t epoch);

    std::vector<std::string> names(std::int64_t run);
    /// Of every block, by step.
    std::vector<CurveNode> nodes(std::int64_t run, const std::string& series);
    /// The points of steps from … to, both included.
    std::vector<CurvePoint> points(std::int64_t run, const std::string& series, std::int64_t from, std::int64_t to);

    /// Packs the rows of the table `curves` of schema 1.
    static void packRows(SQLite::Database& database, const std::filesystem::path& path);

private:
    void append(std::int64_t series, std::vector<CurvePoint> points);
    std::vector<CurvePoint> read(std::int64_t block);
    void write(std::int64_t series, std::span<const CurvePoint> points);
    void remove(std::int64_t block);
    [[noreturn]] void throwDamaged() const;

    SQLite::Database& m_database;
    std::filesystem::path m_path; ///< for errors
};

} // namespace limpid::store
