#include "ui/explain/OutputBox.h"

#include "ui/widgets/Card.h"

#include <QComboBox>
#include <QCoreApplication>

namespace limpid {

QComboBox* addOutputBox(const char* objectName, Card* card)
{
    auto* box = new QComboBox(card);
    box->setObjectName(QLatin1String(objectName));
    box->setToolTip(QCoreApplication::translate("OutputBox", "Which class's prediction is shown."));
    box->setAccessibleName(QCoreApplication::translate("OutputBox", "Class"));
    box->setMaximumWidth(160);
    card->addControl(box);
    return box;
}

} // namespace limpid
