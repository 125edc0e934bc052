#include "ui/network/NameEditor.h"

#include "ui/network/NetworkScene.h"

#include <QKeyEvent>
#include <QRegularExpressionValidator>
#include <QStyle>

#include <utility>

namespace limpid {

NameEditor::NameEditor(NetworkScene& scene, QWidget* viewport) : QLineEdit(viewport), m_scene(scene)
{
    setObjectName("canvasName");
    setAccessibleName(tr("Name"));
    setToolTip(tr("Letters, digits, _ and -. Enter takes the name, Esc leaves it."));
    setMaxLength(40);
    setValidator(new QRegularExpressionValidator(QRegularExpression("[A-Za-z0-9_-]*"), this));
    connect(this, &QLineEdit::textChanged, this, [this](const QString& text) {
        setProperty("invalid", !isFree(text));
        style()->unpolish(this);
        style()->polish(this);
    });
    hide();
}

bool NameEditor::isFree(const QString& text) const
{
    const std::string id = text.toStdString();
    return id == m_id || (!id.empty() && !m_scene.network().find(id));
}

void NameEditor::open(const std::string& id, const QRect& place)
{
    m_id = id;
    setGeometry(place);
    setText(QString::fromStdString(id));
    selectAll();
    show();
    setFocus();
}

void NameEditor::close(bool take)
{
    const std::string id = std::exchange(m_id, {});
    if (id.empty())
        return;
    const std::string name = text().toStdString();
    hide();
    parentWidget()->parentWidget()->setFocus(); // the view
    if (take && !name.empty())
        m_scene.rename(id, name);
}

void NameEditor::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (isFree(text()))
            close(true);
        return;
    case Qt::Key_Escape:
        close(false);
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void NameEditor::focusOutEvent(QFocusEvent* event)
{
    QLineEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
        close(isFree(text()));
}

} // namespace limpid
