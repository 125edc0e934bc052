#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

/// What training has left: models with their versions and aliases, and the runs they came of. All that touches the
/// workspace is done by jobs.
class ModelsPage : public QWidget
{
    Q_OBJECT
public:
    ModelsPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~ModelsPage() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
