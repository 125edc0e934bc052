#pragma once

#include "ui/theme/Theme.h"

#include <QSettings>
#include <QStringList>

#include <memory>

class QWidget;

namespace limpid {

/// What belongs to this computer rather than to a workspace: the window's place, the theme, recent workspaces.
class WindowSettings
{
public:
    /// "": where the platform keeps such things.
    explicit WindowSettings(const QString& file);

    Theme::Mode themeMode() const;
    void setThemeMode(Theme::Mode mode);
    void saveGeometry(const QWidget& window);
    bool restoreGeometry(QWidget& window) const;
    QStringList workspaces() const;   ///< newest first
    void addWorkspace(const QString& folder);

private:
    std::unique_ptr<QSettings> m_settings;
};

} // namespace limpid
