#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

class ExplainPage : public QWidget
{
    Q_OBJECT
public:
    ExplainPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~ExplainPage() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
