#include "ui/shell/TopBar.h"

#include "ui/shell/CommandSearch.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

namespace limpid {

TopBar::TopBar(const Theme& theme, const QString& device, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_title(new QLabel(this)), m_detail(new QLabel(this)),
      m_search(new CommandSearch(theme, this)), m_themeButton(new QToolButton(this)),
      m_menuButton(new QToolButton(this)), m_device(new QLabel(device, this))
{
    setObjectName("topBar");
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(48);
    m_title->setObjectName("openTitle");
    m_title->setProperty("role", "cardTitle");
    m_title->setTextFormat(Qt::PlainText);
    m_detail->setObjectName("openDetail");
    m_detail->setProperty("role", "dim");
    m_detail->setTextFormat(Qt::PlainText);
    m_search->setFixedWidth(300);
    m_themeButton->setObjectName("themeToggle");
    m_themeButton->setIconSize(QSize(18, 18));
    m_menuButton->setObjectName("menuButton");
    m_menuButton->setIcon(theme.icon("more"));
    m_menuButton->setIconSize(QSize(18, 18));
    m_menuButton->setToolTip(tr("Menu"));
    m_menuButton->setAccessibleName(tr("Menu"));
    m_menuButton->setPopupMode(QToolButton::InstantPopup);
    m_device->setObjectName("device");
    m_device->setProperty("role", "chip");
    m_device->setToolTip(tr("What training and explaining run on"));
    m_device->setVisible(!device.isEmpty());

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 1);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addWidget(m_detail);
    layout->addStretch(1);
    layout->addWidget(m_search);
    layout->addWidget(m_device, 0, Qt::AlignVCenter);
    layout->addWidget(m_themeButton);
    layout->addWidget(m_menuButton);

    connect(m_themeButton, &QToolButton::clicked, this, &TopBar::themeToggled);
    connect(&theme, &Theme::changed, this, &TopBar::showThemeIcon);
    showThemeIcon();
}

void TopBar::setMenu(QMenu* menu) { m_menuButton->setMenu(menu); }

void TopBar::showThemeIcon()
{
    const bool dark = m_theme.isDark();
    m_themeButton->setIcon(m_theme.icon(dark ? "sun" : "moon"));
    m_themeButton->setToolTip(dark ? tr("Light theme (Ctrl+Shift+L)") : tr("Dark theme (Ctrl+Shift+L)"));
    m_themeButton->setAccessibleName(dark ? tr("Light theme") : tr("Dark theme"));
}

void TopBar::setOpen(const QString& title, const QString& detail)
{
    m_openTitle = title;
    m_openDetail = detail;
    showOpen();
}

void TopBar::showOpen()
{
    const int right = m_search->width() + (m_device->isVisibleTo(this) ? m_device->sizeHint().width() + 8 : 0) + 140;
    const int room = std::max(120, width() - right);
    const QString title = m_title->fontMetrics().elidedText(m_openTitle, Qt::ElideRight, room * 2 / 3);
    m_title->setText(title);
    m_title->setToolTip(m_openTitle);
    const int left = room - m_title->sizeHint().width();
    m_detail->setText(m_detail->fontMetrics().elidedText(m_openDetail, Qt::ElideMiddle, std::max(0, left)));
    m_detail->setToolTip(m_openDetail);
}

void TopBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    showOpen();
}

} // namespace limpid
