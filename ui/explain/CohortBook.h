#pragma once

#include "core/workbench/NamedCohorts.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <vector>

namespace limpid {

class Session;

/// The cohorts that the user has named in the open file. They are kept in the workspace under "cohorts/PATH", each change at once, and
/// found again when the file is opened; edits are undoable. Rows are looked for by workers, so changed() follows an edit a little later.
class CohortBook : public QObject
{
    Q_OBJECT
public:
    struct Entry {
        NamedCohort cohort;
        bool usable = false;    ///< it has rows of the open file
        QString problem;        ///< why not
    };

    explicit CohortBook(Session& session, QObject* parent = nullptr);

    /// Those of the open file are there, so that there can be more.
    bool isReady() const { return m_ready; }
    const std::vector<Entry>& entries() const { return m_entries; }
    /// Of a usable one; null where there is none of that name.
    const NamedCohort* usable(const QString& name) const;
    /// What goes by these names is no cohort that is kept: what is selected, and all else.
    static QStringList reserved();
    /// Why that can't be the name of another cohort; "" where it can. `own`: that it has now.
    QString problemOf(const QString& name, const QString& own = {}) const;

    // `name` is one that problemOf() finds nothing against.
    void addRows(const QString& name, std::vector<std::size_t> rows);       ///< of the open file, in any order
    void addConditions(const QString& name, const QString& conditions);
    void rename(const QString& name, const QString& after);
    void remove(const QString& name);

signals:
    void changed();

private:
    void load();
    std::vector<NamedCohort> kept() const;
    void edit(std::vector<NamedCohort> after, const QString& text);
    /// `fromStore`: what is kept there, in the place of `cohorts`.
    void look(std::vector<NamedCohort> cohorts, bool fromStore);

    Session& m_session;
    QString m_file;
    std::vector<Entry> m_entries;
    std::vector<NamedCohort> m_wanted;      ///< as they will be once a worker has looked
    bool m_ready = false;
    std::uint64_t m_token = 0;
};

} // namespace limpid
