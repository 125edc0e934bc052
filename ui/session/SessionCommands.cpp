#include "ui/session/SessionCommands.h"

#include "ui/session/SessionPrivate.h"

namespace limpid {

namespace {
constexpr qint64 mergeWithinMs = 1500;
}

SetRequestCommand::SetRequestCommand(Session& session, TrainRequest after, const QString& text, int mergeId)
    : QUndoCommand(text), m_session(session), m_before(session.m_request), m_after(std::move(after)),
      m_mergeId(mergeId)
{
    m_age.start();
}

bool SetRequestCommand::mergeWith(const QUndoCommand* next)
{
    if (next->id() != m_mergeId || m_age.elapsed() > mergeWithinMs)
        return false;
    m_after = static_cast<const SetRequestCommand*>(next)->m_after;
    m_age.restart();
    return true;
}

void SetRequestCommand::redo() { m_session.d->applyRequest(m_after); }
void SetRequestCommand::undo() { m_session.d->applyRequest(m_before); }

SetReadOptionsCommand::SetReadOptionsCommand(Session& session, CsvOptions after, const QString& text)
    : QUndoCommand(text), m_session(session), m_before(session.d->wantedOptions), m_after(std::move(after))
{
}

void SetReadOptionsCommand::redo() { m_session.d->applyReadOptions(m_after); }
void SetReadOptionsCommand::undo() { m_session.d->applyReadOptions(m_before); }

} // namespace limpid
