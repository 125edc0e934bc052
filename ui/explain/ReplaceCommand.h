#pragma once

#include <QPointer>
#include <QUndoCommand>

#include <functional>
#include <utility>

namespace limpid {

/// One edit of a value, as undo and redo: `set` puts one in the place of the other, as long as `owner` lives.
template<class Value>
class ReplaceCommand : public QUndoCommand
{
public:
    ReplaceCommand(QObject* owner, std::function<void(const Value&)> set, Value before, Value after, const QString& text)
        : QUndoCommand(text), m_owner(owner), m_set(std::move(set)), m_before(std::move(before)), m_after(std::move(after))
    {
    }
    void redo() override
    {
        if (m_owner)
            m_set(m_after);
    }
    void undo() override
    {
        if (m_owner)
            m_set(m_before);
    }

private:
    QPointer<QObject> m_owner;
    std::function<void(const Value&)> m_set;
    Value m_before, m_after;
};

} // namespace limpid
