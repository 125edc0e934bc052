#pragma once

#include <QWidget>

#include <vector>

class QToolButton;

namespace limpid {

class Theme;

/// The rail on the left: an icon and a word for each page.
class NavRail : public QWidget
{
    Q_OBJECT
public:
    struct Page {
        QString key;   ///< "data", "network", …; also the icon's name
        QString title;
    };
    NavRail(const std::vector<Page>& pages, const Theme& theme, QWidget* parent = nullptr);
    void setCurrent(const QString& key);

signals:
    void requested(const QString& key);

private:
    std::vector<QToolButton*> m_buttons;
};

} // namespace limpid
