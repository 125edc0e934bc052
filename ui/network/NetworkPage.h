#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

/// The canvas with the layers at its left and, at its right, what is selected, what the network costs and what is
/// wrong with it. Every edit goes through Session::setNetwork, so that it can be undone.
class NetworkPage : public QWidget
{
    Q_OBJECT
public:
    NetworkPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~NetworkPage() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
