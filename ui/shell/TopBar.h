#pragma once

#include <QWidget>

class QLabel;
class QMenu;
class QToolButton;

namespace limpid {

class CommandSearch;
class Theme;

/// The bar on top: what is open, the search field, the switch of theme, the device, the menu.
class TopBar : public QWidget
{
    Q_OBJECT
public:
    TopBar(const Theme& theme, const QString& device, QWidget* parent = nullptr);

    /// `title` 600, `detail` dim beside it; both are cut where there is no room.
    void setOpen(const QString& title, const QString& detail);
    CommandSearch* search() const { return m_search; }
    void setMenu(QMenu* menu);

signals:
    void themeToggled();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showOpen();
    void showThemeIcon();

    const Theme& m_theme;
    QString m_openTitle, m_openDetail;
    QLabel* m_title;
    QLabel* m_detail;
    CommandSearch* m_search;
    QToolButton* m_themeButton;
    QToolButton* m_menuButton;
    QLabel* m_device;
};

} // namespace limpid
