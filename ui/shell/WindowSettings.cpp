#include "ui/shell/WindowSettings.h"

#include <QWidget>

namespace limpid {

namespace {
constexpr int workspacesKept = 8;
}

WindowSettings::WindowSettings(const QString& file)
    : m_settings(file.isEmpty() ? std::make_unique<QSettings>("Limpid", "Limpid")
                                : std::make_unique<QSettings>(file, QSettings::IniFormat))
{
}

Theme::Mode WindowSettings::themeMode() const
{
    const QString name = m_settings->value("theme").toString();
    return name == "light" ? Theme::Mode::Light : name == "dark" ? Theme::Mode::Dark : Theme::Mode::System;
}

void WindowSettings::setThemeMode(Theme::Mode mode)
{
    m_settings->setValue("theme", mode == Theme::Mode::Light  ? "light"
                                  : mode == Theme::Mode::Dark ? "dark"
                                                              : "system");
}

void WindowSettings::saveGeometry(const QWidget& window) { m_settings->setValue("geometry", window.saveGeometry()); }

bool WindowSettings::restoreGeometry(QWidget& window) const
{
    return window.restoreGeometry(m_settings->value("geometry").toByteArray());
}

QStringList WindowSettings::workspaces() const { return m_settings->value("workspaces").toStringList(); }

void WindowSettings::addWorkspace(const QString& folder)
{
    QStringList list = workspaces();
    list.removeAll(folder);
    list.prepend(folder);
    while (list.size() > workspacesKept)
        list.removeLast();
    m_settings->setValue("workspaces", list);
}

} // namespace limpid
