#include "ui/widgets/Scrolled.h"

namespace limpid {

QScrollArea* scrolled(QWidget* content, QWidget* parent)
{
    auto* area = new QScrollArea(parent);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    content->setProperty("role", "scrolled");
    area->setWidget(content);
    // setWidget() makes the content paint the window's colour, which is not the card's.
    content->setAutoFillBackground(false);
    return area;
}

} // namespace limpid
