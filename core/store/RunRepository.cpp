#include "core/store/RunRepository.h"

#include "core/base/Clock.h"
#include "core/base/File.h"
#include "core/store/BlobRows.h"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace limpid {

namespace {

constexpr std::array<std::string_view, 6> statusNames = {"running", "finished", "stopped", "failed", "interrupted", "waiting"};

} // namespace

std::string_view runStatusName(RunStatus status)
{
    return statusNames[static_cast<std::size_t>(status)];
}

} // namespace limpid

namespace limpid::store {

namespace {

constexpr const char* columns = "id, name, status, started_ms, ended_ms, data, split, pipeline, network, settings, build,"
                                " metrics, epochs, best_epoch, seconds, failure, resources, study, study_kind, study_part, study_parts";

std::optional<RunStatus> statusFromName(std::string_view name)
{
    for (std::size_t i = 0; i < statusNames.size(); ++i)
        if (statusNames[i] == name)
            return static_cast<RunStatus>(i);
    return std::nullopt;
}

[[noreturn]] void throwUnknown(std::int64_t id)
{
    throw Error(ErrorCode::RunUnknown, {{"run", std::to_string(id)}});
}

} // namespace

std::filesystem::path RunRepository::lockFile(std::int64_t id) const
{
    return m_locks / (std::to_string(id) + ".lock");
}

bool RunRepository::isDead(std::int64_t running) const
{
    return !m_held.contains(running) && !RunLock::isHeld(lockFile(running));
}

bool RunRepository::diedUnnoticed()
{
    SQLite::Statement running(m_database, "SELECT id FROM runs WHERE status = 'running'");
    while (running.executeStep()) {
        if (isDead(running.getColumn(0).getInt64()))
            return true;
    }
    return false;
}

void RunRepository::markInterrupted()
{
    if (!diedUnnoticed()) // the usual case needs no write lock
        return;
    WriteTransaction transaction(m_database);
    std::vector<std::int64_t> dead;
    SQLite::Statement running(m_database, "SELECT id FROM runs WHERE status = 'running'");
    while (running.executeStep()) {
        if (const std::int64_t id = running.getColumn(0).getInt64(); isDead(id))
            dead.push_back(id);
    }
    SQLite::Statement mark(m_database,
        "UPDATE runs SET status = 'interrupted', ended_ms = touched_ms,"
        " seconds = coalesce((SELECT max(last_seconds) FROM curve_blocks JOIN series ON series.id = series WHERE series.run = ?1), 0),"
        " epochs = max(epochs, coalesce((SELECT max(last_step) FROM curve_blocks JOIN series ON series.id = series"
        "                                WHERE series.run = ?1 AND series.name GLOB 'epoch/*'), 0))"
        " WHERE id = ?1");
    for (const std::int64_t id : dead) {
        mark.bind(1, id);
        mark.exec();
        mark.reset();
    }
    transaction.commit();
    std::error_code ignored;
    for (const std::int64_t id : dead)
        std::filesystem::remove(lockFile(id), ignored);
}

std::int64_t RunRepository::insert(const RunRecord& run, RunStatus status)
{
    SQLite::Statement insert(m_database,
        "INSERT INTO runs(name, status, started_ms, touched_ms, data, split, pipeline, network, settings, build, metrics, process,"
        " study, study_kind, study_part, study_parts) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const std::int64_t now = nowMs();
    insert.bind(1, run.name);
    insert.bind(2, std::string(runStatusName(status)));
    insert.bind(3, run.startedMs != 0 ? run.startedMs : now);
    insert.bind(4, now);
    int column = 5;
    for (const nlohmann::json* json : {&run.data, &run.split, &run.pipeline, &run.network, &run.settings, &run.build, &run.metrics})
        insert.bind(column++, jsonText(*json));
    insert.bind(column++, static_cast<std::int64_t>(::getpid()));
    const StudyPart part = run.study.value_or(StudyPart());
    insert.bind(column++, part.study);
    insert.bind(column++, run.study ? std::string(studyKindName(part.kind)) : std::string());
    insert.bind(column++, part.part);
    insert.bind(column, part.parts);
    insert.exec();
    return m_database.getLastInsertRowid();
}

std::vector<RunRecord> RunRepository::beginStudy(std::vector<RunRecord> runs)
{
    WriteTransaction transaction(m_database);
    SQLite::Statement assign(m_database, "UPDATE runs SET study = ? WHERE id = ?");
    const std::int64_t now = nowMs();
    int part = 0;
    for (RunRecord& run : runs) {
        run.status = RunStatus::Waiting;
        run.startedMs = now;
        run.study->part = ++part;
        run.id = insert(run, run.status);
        run.study->study = runs.front().id;
        assign.bind(1, run.study->study);
        assign.bind(2, run.id);
        assign.exec();
        assign.reset();
    }
    transaction.commit();
    return runs;
}

std::int64_t RunRepository::begin(const RunRecord& run, std::uint64_t reserveBytes)
{
    WriteTransaction transaction(m_database);
    const std::int64_t id = insert(run, RunStatus::Running);
    // Before the row can be seen: whoever sees a running run finds its lock held. If the commit fails it is given up.
    RunLock lock = RunLock::take(lockFile(id));
    lock.reserve(reserveBytes);
    transaction.commit();
    m_held[id] = std::move(lock);
    return id;
}

void RunRepository::giveBackReserve(std::int64_t run)
{
    if (const auto held = m_held.find(run); held != m_held.end())
        held->second.giveBackReserve();
}

void RunRepository::requireRun(std::int64_t id)
{
    SQLite::Statement statement(m_database, "SELECT 1 FROM runs WHERE id = ?");
    statement.bind(1, id);
    if (!statement.executeStep())
        throwUnknown(id);
}

void RunRepository::appendCurves(std::int64_t run, const std::map<std::string, std::vector<CurvePoint>>& curves)
{
    if (std::all_of(curves.begin(), curves.end(), [](const auto& curve) { return curve.second.empty(); }))
        return;
    const RelaxedCommits relaxed(m_database);
    WriteTransaction transaction(m_database);
    requireRun(run);
    for (const auto& [series, points] : curves)
        m_curves.append(run, series, points);
    touch(run);
    transaction.commit();
}

void RunRepository::truncateCurves(std::int64_t run, std::int64_t step, std::int64_t epoch)
{
    WriteTransaction transaction(m_database);
    requireRun(run);
    m_curves.truncate(run, step, epoch);
    touch(run);
    transaction.commit();
}

void RunRepository::touch(std::int64_t run)
{
    SQLite::Statement touch(m_database, "UPDATE runs SET touched_ms = ? WHERE id = ?");
    touch.bind(1, nowMs());
    touch.bind(2, run);
    touch.exec();
}

void RunRepository::keepCheckpoint(std::int64_t run, int epoch, const std::string& hash, std::string_view bytes)
{
    SQLite::Statement update(m_database, "UPDATE runs SET checkpoint = ?, best_epoch = ?2, epochs = max(epochs, ?2),"
                                         " touched_ms = ? WHERE id = ?");
    update.bind(1, hash);
    update.bind(2, epoch);
    update.bind(3, nowMs());
    update.bind(4, run);
    replaceBlob(checkpoint(run), hash, bytes, update);
}

void RunRepository::keepState(std::int64_t run, std::int64_t step, const std::string& hash, std::string_view bytes)
{
    SQLite::Statement update(m_database, "UPDATE runs SET state = ?, state_step = ?, touched_ms = ? WHERE id = ?");
    update.bind(1, hash);
    update.bind(2, step);
    update.bind(3, nowMs());
    update.bind(4, run);
    replaceBlob(state(run).second, hash, bytes, update);
}

void RunRepository::keepPipeline(std::int64_t run, const std::string& hash, std::string_view bytes)
{
    SQLite::Statement update(m_database, "UPDATE runs SET pipeline_file = ? WHERE id = ?");
    update.bind(1, hash);
    update.bind(2, run);
    replaceBlob(pipeline(run), hash, bytes, update);
}

void RunRepository::replaceBlob(const std::string& before, const std::string& hash, std::string_view bytes, SQLite::Statement& update)
{
    {
        WriteTransaction transaction(m_database);
        enterBlob(m_database, m_blobs, hash, bytes);
        update.exec();
        transaction.commit();
    }
    if (!before.empty() && before != hash)
        dropBlob(m_database, m_blobs, before);
}

std::pair<std::int64_t, std::string> RunRepository::state(std::int64_t run)
{
    SQLite::Statement query(m_database, "SELECT state_step, coalesce(state, '') FROM runs WHERE id = ?");
    query.bind(1, run);
    if (!query.executeStep())
        throwUnknown(run);
    return {query.getColumn(0).getInt64(), query.getColumn(1).getString()};
}

void RunRepository::reopen(std::int64_t run, const nlohmann::json& settings, std::uint64_t reserveBytes)
{
    markInterrupted();
    WriteTransaction transaction(m_database);
    if (one(run).status == RunStatus::Running)
        throw Error(ErrorCode::RunRunning, {{"run", std::to_string(run)}});
    SQLite::Statement update(m_database, "UPDATE runs SET started_ms = CASE status WHEN 'waiting' THEN ?2 ELSE started_ms END,"
                                         " status = 'running', failure = '', ended_ms = 0, settings = ?1,"
                                         " touched_ms = ?2, process = ?3 WHERE id = ?4");
    update.bind(1, jsonText(settings));
    update.bind(2, nowMs());
    update.bind(3, static_cast<std::int64_t>(::getpid()));
    update.bind(4, run);
    update.exec();
    RunLock lock = RunLock::take(lockFile(run));
    lock.reserve(reserveBytes);
    transaction.commit();
    m_held[run] = std::move(lock);
}

bool RunRepository::end(const RunRecord& run)
{
    // Given up when this returns, but not before the commit: a running run without a lock is a dead one.
    RunLock lock;
    if (const auto held = m_held.find(run.id); held != m_held.end() && run.status != RunStatus::Running) {
        lock = std::move(held->second);
        m_held.erase(held);
        lock.giveBackReserve();
    }
    const std::int64_t now = nowMs();
    WriteTransaction transaction(m_database);
    requireRun(run.id);
    SQLite::Statement update(m_database, "UPDATE runs SET status = ?, ended_ms = ?, touched_ms = ?, metrics = ?, epochs = ?,"
                                         " best_epoch = ?, seconds = ?, failure = ?, resources = ? WHERE id = ?");
    update.bind(1, std::string(runStatusName(run.status)));
    update.bind(2, run.endedMs != 0 ? run.endedMs : now);
    update.bind(3, now);
    update.bind(4, jsonText(run.metrics));
    update.bind(5, run.epochs);
    update.bind(6, run.bestEpoch);
    update.bind(7, run.seconds);
    update.bind(8, run.failure);
    update.bind(9, jsonText(run.resources));
    update.bind(10, run.id);
    update.exec();
    bool lastOfStudy = false;
    if (run.status == RunStatus::Finished) { // in the same transaction, so that no other one can be the last, too
        SQLite::Statement finished(m_database, "SELECT study_parts > 0 AND study_parts = (SELECT count(*) FROM runs AS part"
                                               " WHERE part.study = runs.study AND part.status = 'finished') FROM runs WHERE id = ?");
        finished.bind(1, run.id);
        lastOfStudy = finished.executeStep() && finished.getColumn(0).getInt() != 0;
        finished.reset();
    }
    transaction.commit();
    return lastOfStudy;
}

void RunRepository::remove(std::int64_t id)
{
    markInterrupted();
    const RunRecord run = one(id);
    const std::string hash = checkpoint(id), stateHash = state(id).second, pipelineHash = pipeline(id);
    {
        WriteTransaction transaction(m_database);
        SQLite::Statement versions(m_database, "SELECT 1 FROM versions WHERE run = ?");
        versions.bind(1, id);
        if (run.status == RunStatus::Running || versions.executeStep())
            throw Error(ErrorCode::RunActive, {{"run", std::to_string(id)}});
        SQLite::Statement remove(m_database, "DELETE FROM runs WHERE id = ?");
        remove.bind(1, id);
        remove.exec();
        SQLite::Statement values(m_database, "DELETE FROM kept_values WHERE key GLOB ?");
        values.bind(1, "run/" + std::to_string(id) + "/*");
        values.exec();
        transaction.commit();
    }
    for (const std::string& blob : {hash, stateHash, pipelineHash})
        if (!blob.empty())
            dropBlob(m_database, m_blobs, blob);
}

RunRecord RunRepository::read(SQLite::Statement& row) const
{
    RunRecord run;
    run.id = row.getColumn(0).getInt64();
    run.name = row.getColumn(1).getString();
    const std::string status = row.getColumn(2).getString();
    const std::optional<RunStatus> known = statusFromName(status);
    if (!known)
        throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(m_path)}, {"reason", "run status " + status}});
    run.status = *known;
    run.startedMs = row.getColumn(3).getInt64();
    run.endedMs = row.getColumn(4).getInt64();
    int column = 5;
    for (nlohmann::json* json : {&run.data, &run.split, &run.pipeline, &run.network, &run.settings, &run.build, &run.metrics})
        *json = jsonFrom(row.getColumn(column++).getString(), m_path);
    run.epochs = row.getColumn(12).getInt();
    run.bestEpoch = row.getColumn(13).getInt();
    run.seconds = row.getColumn(14).getDouble();
    run.failure = row.getColumn(15).getString();
    run.resources = jsonFrom(row.getColumn(16).getString(), m_path);
    if (const std::int64_t study = row.getColumn(17).getInt64(); study != 0) {
        const std::string kind = row.getColumn(18).getString();
        const std::optional<StudyKind> kindFound = studyKindFromName(kind);
        if (!kindFound)
            throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(m_path)}, {"reason", "study " + kind}});
        run.study = StudyPart{study, *kindFound, row.getColumn(19).getInt(), row.getColumn(20).getInt()};
    }
    return run;
}

std::vector<RunRecord> RunRepository::all()
{
    try {
        markInterrupted();
    } catch (const SQLite::Exception&) {
        // A disk without room must not hide the runs; they are marked when it can be written again.
    }
    std::vector<RunRecord> runs;
    SQLite::Statement query(m_database, std::string("SELECT ") + columns + " FROM runs ORDER BY id DESC");
    while (query.executeStep())
        runs.push_back(read(query));
    return runs;
}

RunRecord RunRepository::one(std::int64_t id)
{
    SQLite::Statement query(m_database, std::string("SELECT ") + columns + " FROM runs WHERE id = ?");
    query.bind(1, id);
    if (!query.executeStep())
        throwUnknown(id);
    return read(query);
}

std::vector<RunRecord> RunRepository::study(std::int64_t study)
{
    std::vector<RunRecord> runs;
    SQLite::Statement query(m_database, std::string("SELECT ") + columns + " FROM runs WHERE study > 0 AND study = ? ORDER BY study_part");
    query.bind(1, study);
    while (query.executeStep())
        runs.push_back(read(query));
    return runs;
}

std::string RunRepository::hashIn(const char* column, std::int64_t run)
{
    SQLite::Statement query(m_database, std::string("SELECT coalesce(") + column + ", '') FROM runs WHERE id = ?");
    query.bind(1, run);
    if (!query.executeStep())
        throwUnknown(run);
    return query.getColumn(0).getString();
}

std::string RunRepository::checkpoint(std::int64_t run)
{
    return hashIn("checkpoint", run);
}

std::string RunRepository::pipeline(std::int64_t run)
{
    return hashIn("pipeline_file", run);
}

} // namespace limpid::store
