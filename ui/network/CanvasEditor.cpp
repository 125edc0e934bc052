#include "ui/network/CanvasEditor.h"

#include <QKeyEvent>
#include <QRegularExpressionValidator>
#include <QStyle>

#include <utility>

namespace limpid {

namespace {

constexpr int longestComment = 10'000;

bool leaves(const QFocusEvent& event) { return event.reason() != Qt::PopupFocusReason && event.reason() != Qt::ActiveWindowFocusReason; }

} // namespace

NameEditor::NameEditor(QWidget* viewport) : QLineEdit(viewport)
{
    setObjectName("canvasName");
    setAccessibleName(tr("Name"));
    setToolTip(tr("Letters, digits, _ and -. Enter takes the name, Esc leaves it."));
    setMaxLength(40);
    setValidator(new QRegularExpressionValidator(QRegularExpression("[A-Za-z0-9_-]*"), this));
    connect(this, &QLineEdit::textChanged, this, [this](const QString& text) {
        setProperty("invalid", m_mayBe && !m_mayBe(text.toStdString()));
        style()->unpolish(this);
        style()->polish(this);
    });
    hide();
}

void NameEditor::open(const QString& text, const QRect& place, Check mayBe, Take take)
{
    m_mayBe = std::move(mayBe);
    m_take = std::move(take);
    setGeometry(place);
    setText(text);
    selectAll();
    show();
    setFocus();
}

void NameEditor::close(bool take)
{
    const Take taken = std::exchange(m_take, nullptr);
    if (!taken)
        return;
    const std::string name = text().toStdString();
    hide();
    parentWidget()->parentWidget()->setFocus(); // the view
    if (take)
        taken(name);
}

void NameEditor::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_mayBe && m_mayBe(text().toStdString()))
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
    if (leaves(*event))
        close(m_mayBe && m_mayBe(text().toStdString()));
}

CommentEditor::CommentEditor(QWidget* viewport) : QPlainTextEdit(viewport)
{
    setObjectName("canvasComment");
    setAccessibleName(tr("Comment"));
    setToolTip(tr("Ctrl+Enter takes the text, Esc leaves it as it was."));
    setTabChangesFocus(true);
    hide();
}

void CommentEditor::open(const QString& text, const QRect& place, Take take)
{
    m_take = std::move(take);
    setGeometry(place);
    setPlainText(text);
    selectAll();
    show();
    setFocus();
}

void CommentEditor::close(bool take)
{
    const Take taken = std::exchange(m_take, nullptr);
    if (!taken)
        return;
    hide();
    parentWidget()->parentWidget()->setFocus();
    if (take)
        taken(toPlainText().left(longestComment).trimmed());
}

void CommentEditor::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        close(false);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && event->modifiers() & Qt::ControlModifier)
        close(true);
    else
        QPlainTextEdit::keyPressEvent(event);
}

void CommentEditor::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    if (leaves(*event))
        close(true);
}

} // namespace limpid
