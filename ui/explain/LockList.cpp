#include "ui/explain/LockList.h"

#include <QListWidget>
#include <QMenu>
#include <QTimer>
#include <QWidgetAction>

#include <algorithm>
#include <utility>

namespace limpid {

LockList::LockList(QWidget* parent) : QToolButton(parent)
{
    setProperty("role", "button");
    setPopupMode(QToolButton::InstantPopup);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* menu = new QMenu(this);
    m_list = new QListWidget(menu);
    m_list->setObjectName("lockedColumns");
    m_list->setAccessibleName(tr("Columns that must not change"));
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
        showCount();
        emit changed();
    });
    showCount();
}

void LockList::setColumns(const QStringList& columns)
{
    const QStringList before = locked();
    m_filling = true;
    m_list->clear();
    for (const QString& column : columns) {
        auto* item = new QListWidgetItem(column, m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(before.contains(column) ? Qt::Checked : Qt::Unchecked);
    }
    m_filling = false;
    m_list->setMinimumWidth(std::max(180, m_list->sizeHintForColumn(0) + 40));
    m_list->setFixedHeight(std::clamp(m_list->sizeHintForRow(0) * int(columns.size()) + 8, 40, 320));
    showCount();
}

QStringList LockList::locked() const
{
    QStringList columns;
    for (int i = 0; i < m_list->count(); ++i)
        if (m_list->item(i)->checkState() == Qt::Checked)
            columns << m_list->item(i)->text();
    return columns;
}

void LockList::setLocked(const QStringList& columns)
{
    m_filling = true;
    for (int i = 0; i < m_list->count(); ++i)
        m_list->item(i)->setCheckState(columns.contains(m_list->item(i)->text()) ? Qt::Checked : Qt::Unchecked);
    m_filling = false;
    showCount();
}

void LockList::showCount()
{
    const QStringList columns = locked();
    setText(columns.isEmpty() ? tr("None") : columns.size() == 1 ? columns.front() : tr("%n columns", nullptr, int(columns.size())));
    setEnabled(m_list->count() > 0);
}

} // namespace limpid
