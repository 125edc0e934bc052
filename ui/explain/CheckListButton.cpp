#include "ui/explain/CheckListButton.h"

#include <QListWidget>
#include <QMenu>
#include <QTimer>
#include <QWidgetAction>

#include <algorithm>
#include <utility>

namespace limpid {

CheckListButton::CheckListButton(const QString& listName, const QString& accessibleName, QWidget* parent) : QToolButton(parent)
{
    setProperty("role", "button");
    setPopupMode(QToolButton::InstantPopup);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setFocusPolicy(Qt::StrongFocus);
    auto* menu = new QMenu(this);
    m_list = new QListWidget(menu);
    m_list->setObjectName(listName);
    m_list->setAccessibleName(accessibleName);
    m_list->setFrameShape(QFrame::NoFrame);
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(m_list);
    menu->addAction(action);
    setMenu(menu);
    connect(menu, &QMenu::aboutToShow, m_list, [this] {
        if (!m_list->currentItem() && m_list->count() > 0)
            m_list->setCurrentRow(0);
        QTimer::singleShot(0, m_list, [this] { m_list->setFocus(Qt::PopupFocusReason); }); // once it is open
    });
    connect(m_list, &QListWidget::itemChanged, this, [this] {
        if (m_filling)
            return;
        showChecked();
        emit changed();
    });
}

void CheckListButton::setItems(const QStringList& items)
{
    const QStringList before = checked();
    m_filling = true;
    m_list->clear();
    for (const QString& name : items) {
        auto* item = new QListWidgetItem(name, m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(before.contains(name) ? Qt::Checked : Qt::Unchecked);
    }
    m_filling = false;
    m_list->setMinimumWidth(std::max(180, m_list->sizeHintForColumn(0) + 40));
    m_list->setFixedHeight(std::clamp(m_list->sizeHintForRow(0) * int(items.size()) + 8, 40, 320));
    showChecked();
}

QStringList CheckListButton::checked() const
{
    QStringList items;
    for (int i = 0; i < m_list->count(); ++i)
        if (m_list->item(i)->checkState() == Qt::Checked)
            items << m_list->item(i)->text();
    return items;
}

void CheckListButton::setChecked(const QStringList& items)
{
    m_filling = true;
    for (int i = 0; i < m_list->count(); ++i)
        m_list->item(i)->setCheckState(items.contains(m_list->item(i)->text()) ? Qt::Checked : Qt::Unchecked);
    m_filling = false;
    showChecked();
}

int CheckListButton::count() const { return m_list->count(); }

} // namespace limpid
