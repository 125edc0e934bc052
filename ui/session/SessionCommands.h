#pragma once

#include "ui/session/Session.h"

#include <QElapsedTimer>
#include <QUndoCommand>

namespace limpid {

/// One edit of the next run's set-up: target, inputs, settings or network. It keeps one request, the one that is not in force:
/// undo and redo put it in the place of the one that is.
class SetRequestCommand : public QUndoCommand
{
public:
    SetRequestCommand(Session& session, TrainRequest after, const QString& text, int mergeId);
    int id() const override { return m_mergeId; }
    bool mergeWith(const QUndoCommand* next) override;
    void redo() override;
    void undo() override;

private:
    void exchange();
    Session& m_session;
    TrainRequest m_other;
    int m_mergeId;
    QElapsedTimer m_age; ///< edits merge only while one goes on (a slider dragged, a node moved)
};

/// One change of how the file is read.
class SetReadOptionsCommand : public QUndoCommand
{
public:
    SetReadOptionsCommand(Session& session, CsvOptions after, const QString& text);
    void redo() override;
    void undo() override;

private:
    Session& m_session;
    CsvOptions m_before, m_after;
};

} // namespace limpid
