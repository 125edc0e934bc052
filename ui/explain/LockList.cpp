#include "ui/explain/LockList.h"

namespace limpid {

LockList::LockList(QWidget* parent) : CheckListButton(QStringLiteral("lockedColumns"), tr("Columns that must not change"), parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    LockList::showChecked();
}

void LockList::showChecked()
{
    const QStringList columns = checked();
    setText(columns.isEmpty() ? tr("None") : columns.size() == 1 ? columns.front() : tr("%n columns", nullptr, int(columns.size())));
    setEnabled(count() > 0);
}

} // namespace limpid
