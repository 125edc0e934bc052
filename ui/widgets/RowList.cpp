#include "ui/widgets/RowList.h"

#include "ui/theme/Theme.h"
#include "ui/widgets/ElidedHeader.h"

#include <QHeaderView>
#include <QTableView>

namespace limpid {

void setUpRowList(QTableView* table)
{
    table->setHorizontalHeader(new ElidedHeader(table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(Theme::row);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->horizontalHeader()->setHighlightSections(false);
}

} // namespace limpid
