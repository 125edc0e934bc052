#include "ui/network/ShapeTexts.h"

#include <QCoreApplication>

namespace limpid {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("ShapeTexts", text); }

} // namespace

QString namedShapeText(const TensorShape& shape, bool slides)
{
    QString names;
    if (shape.kind == TensorShape::Kind::Index)
        names = tr("columns of categories");
    else if (shape.kind == TensorShape::Kind::Tokens)
        names = tr("words");
    else if (shape.dims.size() == 1)
        names = tr("features");
    else if (shape.dims.size() == 2)
        names = slides ? tr("channels × length") : tr("steps × features");
    else if (shape.dims.size() == 3)
        names = tr("channels × height × width");
    else if (shape.dims.size() == 4)
        names = tr("channels × depth × height × width");
    const QString text = QString::fromStdString(shapeText(shape));
    return names.isEmpty() ? text : text + QStringLiteral(" · ") + names;
}

} // namespace limpid
