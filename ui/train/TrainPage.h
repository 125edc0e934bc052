#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

class TrainPage : public QWidget
{
    Q_OBJECT
public:
    TrainPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~TrainPage() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
