#pragma once

#include <QLineEdit>
#include <QPlainTextEdit>

#include <functional>

namespace limpid {

/// A field on the canvas in which a name is typed: Enter or a click elsewhere takes it, Esc doesn't.
class NameEditor : public QLineEdit
{
    Q_OBJECT
public:
    using Check = std::function<bool(const std::string& name)>;
    using Take = std::function<void(const std::string& name)>;
    explicit NameEditor(QWidget* viewport);

    /// Opens over `place`, in the viewport's pixels. `mayBe` says whether a name can be taken.
    void open(const QString& text, const QRect& place, Check mayBe, Take take);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void close(bool take);
    Check m_mayBe;
    Take m_take;
};

/// The same for a comment: Ctrl+Enter or a click elsewhere takes the text, Esc doesn't.
class CommentEditor : public QPlainTextEdit
{
    Q_OBJECT
public:
    using Take = std::function<void(const QString& text)>;
    explicit CommentEditor(QWidget* viewport);
    void open(const QString& text, const QRect& place, Take take);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void close(bool take);
    Take m_take;
};

} // namespace limpid
