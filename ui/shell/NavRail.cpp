#include "ui/shell/NavRail.h"

#include "ui/theme/Theme.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace limpid {

NavRail::NavRail(const std::vector<Page>& pages, const Theme& theme, QWidget* parent) : QWidget(parent)
{
    setObjectName("rail");
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Pages"));
    setFixedWidth(72);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 56, 1, 0);
    layout->setSpacing(2);
    int number = 1;
    for (const Page& page : pages) {
        auto* button = new QToolButton(this);
        button->setObjectName("rail_" + page.key);
        button->setProperty("role", "rail");
        button->setProperty("key", page.key);
        button->setText(page.title);
        button->setToolTip(tr("%1 (Ctrl+%2)").arg(page.title).arg(number++));
        button->setAccessibleName(page.title);
        button->setIcon(theme.icon(page.key));
        button->setIconSize(QSize(20, 20));
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setCheckable(true);
        button->setAutoExclusive(true);
        connect(button, &QToolButton::clicked, this, [this, key = page.key] { emit requested(key); });
        layout->addWidget(button);
        m_buttons.push_back(button);
    }
    layout->addStretch(1);
}

void NavRail::setCurrent(const QString& key)
{
    for (QToolButton* button : m_buttons)
        button->setChecked(button->property("key").toString() == key);
}

} // namespace limpid
