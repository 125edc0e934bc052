#pragma once

#include <QMainWindow>

#include <memory>

namespace limpid {

class Session;
class Theme;

class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Session& session, Theme& theme, QWidget* parent = nullptr);
    ~MainWindow() override;

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
