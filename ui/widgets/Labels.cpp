#include "ui/widgets/Labels.h"

#include <QFrame>
#include <QLabel>

namespace limpid {

QLabel* wrappedLabel(const char* objectName, QWidget* parent, bool dim)
{
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(objectName));
    label->setWordWrap(true);
    if (dim)
        label->setProperty("role", "dim");
    return label;
}

QLabel* hintLabel(const char* objectName, QWidget* parent)
{
    QLabel* label = wrappedLabel(objectName, parent, true);
    label->setAlignment(Qt::AlignCenter);
    return label;
}

QFrame* separatorLine(QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setProperty("role", "separator");
    return line;
}

} // namespace limpid
