#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

/// Which columns drive a version's predictions, over rows of the open table, and how one row's prediction comes about.
/// Results show while they come; a stopped explanation keeps the rows it has finished.
class ExplainPage : public QWidget
{
    Q_OBJECT
public:
    ExplainPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~ExplainPage() override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
