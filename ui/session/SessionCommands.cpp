#include "ui/session/SessionCommands.h"

#include "ui/session/SessionPrivate.h"

#include <utility>

namespace limpid {

namespace {
constexpr qint64 mergeWithinMs = 1500;
}

SetRequestCommand::SetRequestCommand(Session& session, TrainRequest after, const QString& text, int mergeId)
    : QUndoCommand(text), m_session(session), m_other(std::move(after)), m_mergeId(mergeId)
{
    m_age.start();
}

bool SetRequestCommand::mergeWith(const QUndoCommand* next)
{
    if (next->id() != m_mergeId || m_age.elapsed() > mergeWithinMs)
        return false;
    m_age.restart(); // what was in force before this one stays the one to go back to
    return true;
}

void SetRequestCommand::redo() { exchange(); }
void SetRequestCommand::undo() { exchange(); }

void SetRequestCommand::exchange()
{
    const TrainRequest wanted = std::exchange(m_other, m_session.m_request);
    m_session.d->applyRequest(wanted);
}

SetReadOptionsCommand::SetReadOptionsCommand(Session& session, CsvOptions after, const QString& text)
    : QUndoCommand(text), m_session(session), m_before(session.d->wantedOptions), m_after(std::move(after))
{
}

void SetReadOptionsCommand::redo() { m_session.d->applyReadOptions(m_after); }
void SetReadOptionsCommand::undo() { m_session.d->applyReadOptions(m_before); }

} // namespace limpid
