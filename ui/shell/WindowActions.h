#pragma once

#include "ui/shell/CommandSearch.h"
#include "ui/theme/Theme.h"

#include <QObject>
#include <QStringList>

#include <vector>

class QAction;
class QMainWindow;
class QMenu;

namespace limpid {

class Session;

class WindowSettings;

/// The window's commands, each once: with its shortcut, in the menu, and for the search field.
class WindowActions : public QObject
{
    Q_OBJECT
public:
    WindowActions(Session& session, Theme& theme, WindowSettings& settings, const QStringList& samples,
                  QMainWindow& window);

    QMenu* menu() const { return m_menu; }
    std::vector<Command> commands();
    void toggleTheme();

signals:
    void pageRequested(const QString& key);
    void searchRequested();
    void openFileRequested();
    void openWorkspaceRequested();
    void openPathRequested(const QString& path);

private:
    QAction* add(const QString& name, const QString& text, const QString& icon, const QKeySequence& shortcut,
                 std::function<void()> run);
    void buildMenu();
    void fillRecent(QMenu* files, QMenu* workspaces);
    void setTheme(Theme::Mode mode);

    Session& m_session;
    Theme& m_theme;
    WindowSettings& m_settings;
    QStringList m_samples;
    QMainWindow& m_window;
    QMenu* m_menu;
    std::vector<QAction*> m_actions;
};

} // namespace limpid
