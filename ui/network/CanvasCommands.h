#pragma once

#include <QKeySequence>
#include <QObject>

#include <functional>
#include <vector>

class QKeyEvent;
class QMenu;

namespace limpid {

class NetworkScene;
class NetworkView;

/// All that can be done on the canvas, once: the keys, the menu under the right button and the list of keys follow this table.
class CanvasCommands : public QObject
{
    Q_OBJECT
public:
    struct Command {
        const char* name;               ///< object name of its action
        QString text;                   ///< in the menu, and in the list of keys
        QList<QKeySequence> keys;
        std::function<void()> run;
        std::function<bool()> enabled;  ///< always, where there is none
        bool beginsGroup = false;
        std::function<bool()> checked = {}; ///< of one that switches something
    };

    CanvasCommands(NetworkScene& scene, NetworkView& view);

    /// Adds a command at the end.
    void add(Command command) { m_commands.push_back(std::move(command)); }
    const std::vector<Command>& all() const { return m_commands; }
    /// Whether the canvas wants the key, even where the window has a shortcut of the same name.
    bool wants(const QKeyEvent& event) const;
    /// Does what the key means; false where it means nothing here.
    bool handle(QKeyEvent& event);
    /// What can be done now, each with its keys.
    void fill(QMenu& menu) const;
    /// A line for each key.
    QString help() const;

signals:
    void undoWanted();
    void redoWanted();

private:
    bool handleArrow(const QKeyEvent& event);
    const Command* commandOf(const QKeyEvent& event) const;
    NetworkScene& m_scene;
    NetworkView& m_view;
    std::vector<Command> m_commands;
};

} // namespace limpid
