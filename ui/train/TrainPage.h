#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

/// Settings at the left, the curves of the run in the middle, what it has come to at the right; below 1100 px of width the
/// figures stand under the curves. Shows the run under way, else the workspace's last one.
class TrainPage : public QWidget
{
    Q_OBJECT
public:
    TrainPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~TrainPage() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
