#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

class NetworkPage : public QWidget
{
    Q_OBJECT
public:
    NetworkPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~NetworkPage() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
