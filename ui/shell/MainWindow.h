#pragma once

#include "ui/shell/FileDialogs.h"

#include <QMainWindow>
#include <QStringList>

#include <memory>

namespace limpid {

class Session;
class Theme;

/// What the window is told by whoever builds it.
struct WindowOptions {
    QString device;                 ///< "CPU · 2 threads"; "": no chip
    QStringList samples;            ///< files to try
    QString settingsFile;           ///< geometry, theme, recent workspaces; "": where the platform keeps such things
    FileDialogs dialogs = FileDialogs::standard();
};

/// The frame: rail, top bar, pages, notices, job strip; commands and their shortcuts; drop; what is kept for next time.
/// Pages are made when they are first shown, and anew for each workspace.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Session& session, Theme& theme, QWidget* parent = nullptr);
    MainWindow(Session& session, Theme& theme, const WindowOptions& options, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// "data", "network", "train", "explain" or "models".
    void showPage(const QString& key);
    QString currentPage() const;
    /// A table, or a workspace folder.
    void openPath(const QString& path);

signals:
    void closed(); ///< everything has been stopped and written

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
