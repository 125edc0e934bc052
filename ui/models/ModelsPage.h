#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

class ModelsPage : public QWidget
{
    Q_OBJECT
public:
    ModelsPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~ModelsPage() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
