#include "ui/widgets/FindPopup.h"

#include "ui/theme/Theme.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

namespace {

constexpr int listWidth = 260, mostRows = 9;

class RowDelegate : public QStyledItemDelegate
{
public:
    RowDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        painter->save();
        painter->setFont(m_theme.smallFont());
        painter->setPen(m_theme.colors().dim);
        painter->drawText(option.rect.adjusted(0, 0, -10, 0), Qt::AlignRight | Qt::AlignVCenter, index.data(FindPopup::besideRole).toString());
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), Theme::row};
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        // The name ends before what stands beside it.
        const int beside = QFontMetrics(m_theme.smallFont()).horizontalAdvance(index.data(FindPopup::besideRole).toString());
        option->text = option->fontMetrics.elidedText(option->text, Qt::ElideRight, option->rect.width() - beside - 32);
    }

private:
    const Theme& m_theme;
};

} // namespace

FindPopup::FindPopup(const QString& name, QAbstractItemModel& rows, const Theme& theme, QWidget* parent)
    : QFrame(parent, Qt::Popup | Qt::FramelessWindowHint), m_rows(rows), m_heading(new QLabel(this)), m_find(new QLineEdit(this)),
      m_list(new QListView(this)), m_nothing(new QLabel(this))
{
    setObjectName("palettePopup"); // the frame of all such lists
    setFixedWidth(listWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    m_heading->setObjectName(name + "Heading");
    m_heading->setProperty("role", "label");
    layout->addWidget(m_heading);
    m_find->setObjectName(name + "Find");
    m_find->installEventFilter(this);
    layout->addWidget(m_find);
    m_list->setObjectName(name + "List");
    m_list->setModel(&rows);
    m_list->setItemDelegate(new RowDelegate(theme, m_list));
    m_list->setFocusPolicy(Qt::NoFocus); // the keys stay with the field
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_list);
    m_nothing->setProperty("role", "dim");
    m_nothing->setMinimumHeight(Theme::row);
    layout->addWidget(m_nothing);
    connect(m_find, &QLineEdit::textChanged, this, &FindPopup::find);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { take(index.row()); });
    hide();
}

void FindPopup::openAt(const QPoint& globalPos, const QString& heading, const QString& hint, const QString& nothing)
{
    setAccessibleName(heading);
    m_list->setAccessibleName(heading);
    m_heading->setText(m_heading->fontMetrics().elidedText(heading, Qt::ElideRight, listWidth - 16));
    m_find->setPlaceholderText(hint);
    m_find->setAccessibleName(hint);
    m_nothing->setText(nothing);
    m_find->clear();
    find({});
    m_list->setFixedHeight(std::clamp(m_rows.rowCount(), 1, mostRows) * Theme::row);
    adjustSize();
    QPoint at = globalPos;
    if (const QScreen* screen = QGuiApplication::screenAt(globalPos)) {
        const QRect room = screen->availableGeometry();
        at.setX(std::max(room.left(), std::min(at.x(), room.right() - listWidth)));
        at.setY(std::max(room.top(), std::min(at.y(), room.bottom() - height())));
    }
    move(at);
    show();
    m_find->setFocus();
}

void FindPopup::find(const QString& text)
{
    filter(text);
    const bool any = m_rows.rowCount() > 0;
    m_list->setVisible(any);
    m_nothing->setVisible(!any);
    if (any)
        m_list->setCurrentIndex(m_rows.index(0, 0));
}

void FindPopup::take(int row)
{
    if (row < 0 || row >= m_rows.rowCount())
        return;
    m_choosing = true;
    hide();
    m_choosing = false;
    choose(row);
}

void FindPopup::hideEvent(QHideEvent* event)
{
    QFrame::hideEvent(event);
    emit closed(m_choosing);
}

bool FindPopup::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_find || event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int row = m_list->currentIndex().row(), rows = m_rows.rowCount();
    const auto go = [&](int to) {
        if (rows > 0)
            m_list->setCurrentIndex(m_rows.index(std::clamp(to, 0, rows - 1), 0));
        return true;
    };
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        take(row);
        return true;
    case Qt::Key_Escape:
        hide();
        return true;
    case Qt::Key_Down:
        return go(row + 1);
    case Qt::Key_Up:
        return go(row - 1);
    case Qt::Key_PageDown:
        return go(row + mostRows);
    case Qt::Key_PageUp:
        return go(row - mostRows);
    default:
        return QFrame::eventFilter(watched, event);
    }
}

} // namespace limpid
