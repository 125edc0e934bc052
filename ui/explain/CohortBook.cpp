#include "ui/explain/CohortBook.h"

#include "ui/explain/ReplaceCommand.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"

#include <algorithm>

namespace limpid {

namespace {

QString keyOf(const QString& file) { return QStringLiteral("cohorts/") + file; }

} // namespace

CohortBook::CohortBook(Session& session, QObject* parent) : QObject(parent), m_session(session)
{
    connect(&session, &Session::dataChanged, this, &CohortBook::load);
    load();
}

void CohortBook::load()
{
    const QString file = m_session.data() && m_session.workspace() ? m_session.filePath() : QString();
    if (file == m_file && m_ready) {
        look(m_wanted, false); // read in another way: conditions may hold for others
        return;
    }
    m_file = file;
    m_ready = false;
    m_wanted.clear();
    m_entries.clear();
    ++m_token;
    emit changed();
    if (!file.isEmpty())
        look({}, true);
}

void CohortBook::look(std::vector<NamedCohort> cohorts, bool fromStore)
{
    const std::uint64_t token = ++m_token;
    JobRunner::Options options;
    options.kind = "look";
    m_session.jobs().run(
        options, this,
        [cohorts = std::move(cohorts), fromStore, workspace = m_session.workspace(), key = keyOf(m_file).toStdString(), data = m_session.data()](Task& task) {
            std::vector<Entry> entries;
            std::vector<NamedCohort> wanted = fromStore ? cohortsFromJson(workspace->value(key)) : cohorts;
            for (NamedCohort& cohort : wanted) {
                task.checkpoint();
                Entry entry{std::move(cohort), false, {}};
                try {
                    if (!findRows(entry.cohort, *data))
                        entry.problem = tr("Its rows were chosen when the file was another. They are back once the file is as it was.");
                    else if (entry.cohort.rows.empty())
                        entry.problem = tr("No row meets its conditions.");
                    else
                        entry.usable = true;
                } catch (const Error& error) {
                    entry.problem = message(error);
                }
                entries.push_back(std::move(entry));
            }
            return entries;
        },
        [this, token](std::vector<Entry> entries) {
            if (token != m_token)
                return;
            m_entries = std::move(entries);
            m_wanted = kept();
            m_ready = true;
            emit changed();
        },
        [this, token](const std::exception_ptr& failure) {
            if (token == m_token)
                emit m_session.failed(sentenceOf(failure));
        });
}

std::vector<NamedCohort> CohortBook::kept() const
{
    std::vector<NamedCohort> cohorts;
    for (const Entry& entry : m_entries)
        cohorts.push_back(entry.cohort);
    return cohorts;
}

const NamedCohort* CohortBook::usable(const QString& name) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.usable && entry.cohort.name == name.toStdString(); });
    return found == m_entries.end() ? nullptr : &found->cohort;
}

QStringList CohortBook::reserved() { return {tr("selected rows"), tr("other rows")}; }

QString CohortBook::problemOf(const QString& name, const QString& own) const
{
    if (name.trimmed().isEmpty())
        return tr("A cohort needs a name.");
    const bool taken = reserved().contains(name) || std::any_of(m_wanted.begin(), m_wanted.end(), [&](const NamedCohort& cohort) { return cohort.name == name.toStdString(); });
    return taken && name != own ? tr("There is a cohort “%1” already.").arg(name) : QString();
}

void CohortBook::addRows(const QString& name, std::vector<std::size_t> rows)
{
    if (!m_ready || rows.empty())
        return;
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    std::vector<NamedCohort> after = m_wanted;
    after.push_back({name.toStdString(), {}, std::move(rows), m_session.data()->sha256});
    edit(std::move(after), tr("Make a cohort"));
}

void CohortBook::addConditions(const QString& name, const QString& conditions)
{
    if (!m_ready || conditions.trimmed().isEmpty())
        return;
    std::vector<NamedCohort> after = m_wanted;
    after.push_back({name.toStdString(), conditions.trimmed().toStdString()});
    edit(std::move(after), tr("Make a cohort"));
}

void CohortBook::rename(const QString& name, const QString& after)
{
    std::vector<NamedCohort> renamed = m_wanted;
    for (NamedCohort& cohort : renamed)
        if (cohort.name == name.toStdString())
            cohort.name = after.toStdString();
    edit(std::move(renamed), tr("Rename a cohort"));
}

void CohortBook::remove(const QString& name)
{
    std::vector<NamedCohort> others = m_wanted;
    std::erase_if(others, [&](const NamedCohort& cohort) { return cohort.name == name.toStdString(); });
    edit(std::move(others), tr("Delete a cohort"));
}

void CohortBook::edit(std::vector<NamedCohort> after, const QString& text)
{
    if (!m_ready)
        return;
    const auto set = [this, file = m_file](const std::vector<NamedCohort>& wanted) {
        if (file != m_file)
            return;
        m_wanted = wanted;
        m_session.keepValue(keyOf(m_file), cohortsJson(wanted));
        look(wanted, false);
    };
    m_session.undoStack().push(new ReplaceCommand<std::vector<NamedCohort>>(this, set, m_wanted, std::move(after), text));
}

} // namespace limpid
