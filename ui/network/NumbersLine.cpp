#include "ui/network/NumbersLine.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QWheelEvent>

#include <algorithm>

namespace limpid {

namespace {
constexpr int wheelStep = 120, pageStep = 10;
} // namespace

NumbersLine::NumbersLine(qint64 least, qint64 most, std::size_t longest, QWidget* parent)
    : QLineEdit(parent), m_least(least), m_most(most), m_longest(longest)
{
    setFocusPolicy(Qt::StrongFocus); // the wheel scrolls the form unless the field has been clicked
}

std::vector<qint64> NumbersLine::numbers() const
{
    std::vector<qint64> found;
    for (const QString& each : text().split(QLatin1Char(','))) {
        bool fits = false;
        found.push_back(each.trimmed().toLongLong(&fits));
        if (!fits)
            return {};
    }
    return found;
}

void NumbersLine::take(const std::vector<qint64>& numbers)
{
    QStringList texts;
    for (const qint64 each : numbers)
        texts << QString::number(each);
    setText(texts.join(QStringLiteral(", ")));
    emit textEdited(text());
}

void NumbersLine::step(qint64 by, int cursor)
{
    std::vector<qint64> all = numbers();
    if (all.empty() || by == 0)
        return;
    const bool whole = selectedText() == text();
    const auto place = std::min<std::size_t>(all.size() - 1, static_cast<std::size_t>(text().left(cursor).count(QLatin1Char(','))));
    for (std::size_t i = 0; i < all.size(); ++i)
        if (whole || i == place)
            all[i] = std::clamp(all[i] + by, m_least, m_most);
    take(all);
    if (whole) {
        selectAll();
        return;
    }
    qsizetype end = -2;
    for (std::size_t i = 0; i <= place; ++i)
        end += 2 + QString::number(all[i]).size();
    setCursorPosition(static_cast<int>(end));
}

void NumbersLine::wheelEvent(QWheelEvent* event)
{
    if (!hasFocus()) {
        event->ignore();
        return;
    }
    m_wheel += event->angleDelta().y();
    step(m_wheel / wheelStep, cursorPositionAt(event->position().toPoint()));
    m_wheel %= wheelStep;
    event->accept();
}

void NumbersLine::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Up:
        return step(1, cursorPosition());
    case Qt::Key_Down:
        return step(-1, cursorPosition());
    case Qt::Key_PageUp:
        return step(pageStep, cursorPosition());
    case Qt::Key_PageDown:
        return step(-pageStep, cursorPosition());
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void NumbersLine::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu* menu = createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const std::vector<qint64> all = numbers(); m_longest > 1 && !all.empty()) {
        menu->addSeparator();
        QAction* more = menu->addAction(tr("One number more"), this, [this] {
            std::vector<qint64> now = numbers();
            now.push_back(now.back());
            take(now);
        });
        more->setObjectName("moreNumbers");
        more->setEnabled(all.size() < m_longest);
        QAction* fewer = menu->addAction(tr("One number less"), this, [this] {
            std::vector<qint64> now = numbers();
            now.pop_back();
            take(now);
        });
        fewer->setObjectName("fewerNumbers");
        fewer->setEnabled(all.size() > 1);
    }
    menu->popup(event->globalPos());
}

} // namespace limpid
