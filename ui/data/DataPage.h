#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

class DataPage : public QWidget
{
    Q_OBJECT
public:
    DataPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~DataPage() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
