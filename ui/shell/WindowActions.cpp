#include "ui/shell/WindowActions.h"

#include "ui/session/Session.h"
#include "ui/shell/WindowSettings.h"
#include "ui/theme/Theme.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QMainWindow>
#include <QMenu>

namespace limpid {

WindowActions::WindowActions(Session& session, Theme& theme, WindowSettings& settings, const QStringList& samples,
                             QMainWindow& window)
    : QObject(&window), m_session(session), m_theme(theme), m_settings(settings), m_samples(samples), m_window(window),
      m_menu(new QMenu(&window))
{
    add("open", tr("Open a file…"), "open", QKeySequence::Open, [this] { emit openFileRequested(); });
    add("openWorkspace", tr("Open a workspace…"), "workspace", {}, [this] { emit openWorkspaceRequested(); });

    const std::pair<const char*, QString> pages[] = {{"data", tr("Data")},
                                                     {"network", tr("Network")},
                                                     {"train", tr("Train")},
                                                     {"explain", tr("Explain")},
                                                     {"models", tr("Models")}};
    int number = 1;
    for (const auto& [key, title] : pages)
        add(QString("page_%1").arg(key), tr("Go to %1").arg(title), key,
            QKeySequence(QString("Ctrl+%1").arg(number++)), [this, key] { emit pageRequested(key); });

    add("startTraining", tr("Start training"), "play", QKeySequence("Ctrl+R"), [this] {
        emit pageRequested("train");
        m_session.startTraining();
    });
    add("stopAndKeep", tr("Stop the run and keep its best"), "stop", {}, [this] { m_session.stopAndKeep(); });
    add("search", tr("Search"), "search", QKeySequence("Ctrl+K"), [this] { emit searchRequested(); });
    add("toggleTheme", tr("Switch between light and dark"), "moon", QKeySequence("Ctrl+Shift+L"),
        [this] { toggleTheme(); });
    add("quit", tr("Quit"), "close", QKeySequence::Quit, [this] { m_window.close(); });

    const auto wire = [this](QAction* action, const char* name, const char* icon, const QKeySequence& shortcut) {
        action->setObjectName(name);
        action->setIcon(m_theme.icon(icon));
        action->setShortcut(shortcut);
        m_window.addAction(action);
        m_actions.push_back(action);
    };
    wire(session.undoStack().createUndoAction(this, tr("Undo")), "undo", "undo", QKeySequence::Undo);
    wire(session.undoStack().createRedoAction(this, tr("Redo")), "redo", "redo", QKeySequence("Ctrl+Shift+Z"));
    buildMenu();
}

QAction* WindowActions::add(const QString& name, const QString& text, const QString& icon,
                            const QKeySequence& shortcut, std::function<void()> run)
{
    auto* action = new QAction(m_theme.icon(icon), text, this);
    action->setObjectName(name);
    action->setShortcut(shortcut);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    m_window.addAction(action);
    m_actions.push_back(action);
    return action;
}

void WindowActions::buildMenu()
{
    const auto action = [this](const char* name) { return findChild<QAction*>(name); };
    m_menu->setObjectName("mainMenu");
    m_menu->addAction(action("open"));
    QMenu* files = m_menu->addMenu(tr("Open recent"));
    QMenu* samples = m_menu->addMenu(tr("Try a sample"));
    for (const QString& path : m_samples)
        samples->addAction(QFileInfo(path).completeBaseName(), this, [this, path] { emit openPathRequested(path); });
    samples->setEnabled(!m_samples.isEmpty());
    m_menu->addSeparator();
    m_menu->addAction(action("openWorkspace"));
    QMenu* workspaces = m_menu->addMenu(tr("Recent workspaces"));
    m_menu->addSeparator();
    m_menu->addAction(action("undo"));
    m_menu->addAction(action("redo"));
    m_menu->addSeparator();
    QMenu* theme = m_menu->addMenu(tr("Theme"));
    const std::pair<Theme::Mode, QString> modes[] = {
        {Theme::Mode::System, tr("As the system")}, {Theme::Mode::Light, tr("Light")}, {Theme::Mode::Dark, tr("Dark")}};
    for (const auto& [mode, title] : modes) {
        QAction* choice = theme->addAction(title, this, [this, m = mode] { setTheme(m); });
        choice->setCheckable(true);
        connect(theme, &QMenu::aboutToShow, choice,
                [this, choice, m = mode] { choice->setChecked(m_theme.mode() == m); });
    }
    m_menu->addSeparator();
    m_menu->addAction(action("quit"));
    connect(m_menu, &QMenu::aboutToShow, this, [this, files, workspaces] { fillRecent(files, workspaces); });
}

void WindowActions::fillRecent(QMenu* files, QMenu* workspaces)
{
    files->clear();
    for (const QString& path : m_session.recentFiles())
        files->addAction(QFileInfo(path).fileName(), this, [this, path] { emit openPathRequested(path); })
            ->setToolTip(QDir::toNativeSeparators(path));
    files->setToolTipsVisible(true);
    files->setEnabled(!files->isEmpty());
    workspaces->clear();
    for (const QString& folder : m_settings.workspaces())
        workspaces->addAction(QDir::toNativeSeparators(folder), this, [this, folder] { m_session.openWorkspace(folder); });
    workspaces->setEnabled(!workspaces->isEmpty());
}

std::vector<Command> WindowActions::commands()
{
    std::vector<Command> commands;
    static const QHash<QString, QString> icons = {
        {"open", "open"},   {"openWorkspace", "workspace"}, {"startTraining", "play"}, {"stopAndKeep", "stop"},
        {"search", "search"}, {"toggleTheme", "moon"},      {"quit", "close"},         {"undo", "undo"},
        {"redo", "redo"}};
    for (QAction* action : m_actions) {
        if (!action->isEnabled() || action->objectName() == "search")
            continue;
        const QString name = action->objectName();
        commands.push_back({action->text(), action->shortcut().toString(QKeySequence::NativeText),
                            name.startsWith("page_") ? name.mid(5) : icons.value(name, "more"),
                            [action] { action->trigger(); }});
    }
    const auto addFile = [&](const QString& path, const QString& what) {
        commands.push_back({tr("Open %1").arg(QFileInfo(path).fileName()), what, "file", [this, path] {
                                emit openPathRequested(path);
                            }});
    };
    for (const QString& path : m_session.recentFiles())
        addFile(path, tr("recent file"));
    for (const QString& path : m_samples)
        addFile(path, tr("sample"));
    return commands;
}

void WindowActions::toggleTheme()
{
    setTheme(m_theme.isDark() ? Theme::Mode::Light : Theme::Mode::Dark);
}

void WindowActions::setTheme(Theme::Mode mode)
{
    m_theme.setMode(mode);
    m_settings.setThemeMode(m_theme.mode());
}

} // namespace limpid
