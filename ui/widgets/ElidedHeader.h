#pragma once

#include <QHeaderView>

namespace limpid {

/// A horizontal header whose names end in "…" where they don't fit, also under a style sheet: Qt leaves the sheet's
/// padding out of its account and would cut them.
class ElidedHeader : public QHeaderView
{
public:
    explicit ElidedHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {}

protected:
    void initStyleOptionForIndex(QStyleOptionHeader* option, int section) const override
    {
        QHeaderView::initStyleOptionForIndex(option, section);
        option->text = option->fontMetrics.elidedText(option->text, Qt::ElideRight, sectionSize(section) - 2 * padding);
    }

private:
    static constexpr int padding = 9; ///< of QHeaderView::section in limpid.qss, and a pixel to spare
};

} // namespace limpid
