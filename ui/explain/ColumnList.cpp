#include "ui/explain/ColumnList.h"

#include <utility>

namespace limpid {

ColumnList::ColumnList(const QString& listName, const QString& accessibleName, QString none, QWidget* parent)
    : CheckListButton(listName, accessibleName, parent), m_none(std::move(none))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    ColumnList::showChecked();
}

void ColumnList::showChecked()
{
    const QStringList columns = checked();
    setText(columns.isEmpty() ? m_none : columns.size() == 1 ? columns.front() : tr("%n columns", nullptr, int(columns.size())));
    setEnabled(count() > 0);
}

} // namespace limpid
