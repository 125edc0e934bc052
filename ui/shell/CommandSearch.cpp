#include "ui/shell/CommandSearch.h"

#include "ui/theme/Theme.h"

#include <QApplication>
#include <QFrame>
#include <QKeyEvent>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

namespace {

constexpr int detailRole = Qt::UserRole;
constexpr int indexRole = Qt::UserRole + 1;
constexpr int mostShown = 50;

/// Title at the left, detail dim at the right.
class CommandDelegate : public QStyledItemDelegate
{
public:
    CommandDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, 30}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const ThemeColors& colors = m_theme.colors();
        QRect area = option.rect.adjusted(4, 1, -4, -1);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(option.state & QStyle::State_Selected ? colors.accentSoft : colors.ground);
            painter->drawRoundedRect(area, 6, 6);
        }
        area.adjust(8, 0, -8, 0);
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, QRect(area.left(), area.center().y() - 8, 17, 17));
        area.setLeft(area.left() + 26);
        painter->setFont(m_theme.smallFont());
        const QString detail = index.data(detailRole).toString();
        const int detailWidth = std::min(painter->fontMetrics().horizontalAdvance(detail) + 4, area.width() / 2);
        painter->setPen(colors.dim);
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(detail, Qt::ElideMiddle, detailWidth));
        painter->setFont(m_theme.bodyFont());
        painter->setPen(colors.text);
        area.setRight(area.right() - detailWidth - 8);
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, area.width()));
        painter->restore();
    }

private:
    const Theme& m_theme;
};

/// Every word must be found; a title that begins with the first comes first. -1: not found.
int rank(const Command& command, const QStringList& words)
{
    int sum = 0;
    for (const QString& word : words) {
        const qsizetype at = command.title.indexOf(word, 0, Qt::CaseInsensitive);
        if (at == 0)
            continue;
        if (at > 0)
            sum += command.title.at(at - 1).isLetterOrNumber() ? 2 : 1;
        else if (command.detail.contains(word, Qt::CaseInsensitive))
            sum += 3;
        else
            return -1;
    }
    return sum;
}

} // namespace

CommandSearch::CommandSearch(const Theme& theme, QWidget* parent) : QLineEdit(parent), m_theme(theme)
{
    setObjectName("search");
    setPlaceholderText(tr("Search or run a command"));
    setAccessibleName(tr("Search or run a command"));
    setTextMargins(0, 0, 48, 0);
    connect(this, &QLineEdit::textChanged, this, [this] {
        if (hasFocus()) {
            if (!m_popup || !m_popup->isVisible())
                openList();
            filter();
        }
    });
}

void CommandSearch::begin()
{
    if (!hasFocus())
        m_before = QApplication::focusWidget();
    setFocus(Qt::ShortcutFocusReason);
    selectAll();
    openList();
}

void CommandSearch::openList()
{
    if (!m_popup) {
        // A child of the window, not a window of its own: the field keeps the keyboard.
        m_popup = new QFrame(window());
        m_popup->setObjectName("palettePopup");
        m_list = new QListWidget(m_popup);
        m_list->setObjectName("paletteList");
        m_list->setAccessibleName(tr("What was found"));
        m_list->setFocusPolicy(Qt::NoFocus);
        m_list->setMouseTracking(true);
        m_list->setUniformItemSizes(true);
        m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_list->setItemDelegate(new CommandDelegate(m_theme, m_list));
        auto* layout = new QVBoxLayout(m_popup);
        layout->setContentsMargins(2, 6, 2, 6);
        layout->addWidget(m_list);
        connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
            m_list->setCurrentItem(item);
            runCurrent();
        });
        window()->installEventFilter(this);
    }
    m_commands = m_source ? m_source() : std::vector<Command>();
    filter();
    m_popup->show();
    m_popup->raise();
}

void CommandSearch::closeList()
{
    if (m_popup)
        m_popup->hide();
}

void CommandSearch::filter()
{
    if (!m_list)
        return;
    const QStringList words = text().simplified().split(' ', Qt::SkipEmptyParts);
    std::vector<std::pair<int, int>> found; // rank, index
    for (int i = 0; i < static_cast<int>(m_commands.size()); ++i)
        if (const int sum = rank(m_commands[static_cast<std::size_t>(i)], words); sum >= 0)
            found.emplace_back(sum, i);
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

    m_list->clear();
    for (const auto& [sum, index] : found) {
        if (m_list->count() == mostShown)
            break;
        const Command& command = m_commands[static_cast<std::size_t>(index)];
        auto* item = new QListWidgetItem(m_theme.icon(command.icon), command.title, m_list);
        item->setData(detailRole, command.detail);
        item->setData(indexRole, index);
        item->setToolTip(command.title);
    }
    if (m_list->count() == 0) {
        auto* item = new QListWidgetItem(tr("Nothing is called like that."), m_list);
        item->setData(indexRole, -1);
        item->setFlags(Qt::NoItemFlags);
    } else {
        m_list->setCurrentRow(0);
    }
    const int width = std::max(380, this->width());
    const QPoint corner = mapTo(window(), QPoint(this->width() - width, height() + 6));
    const int rows = std::min(m_list->count(), 12);
    m_popup->setGeometry(std::max(8, corner.x()), corner.y(), width, rows * 30 + 16);
}

void CommandSearch::runCurrent()
{
    const QListWidgetItem* item = m_list ? m_list->currentItem() : nullptr;
    const int index = item ? item->data(indexRole).toInt() : -1;
    if (index < 0)
        return;
    const std::function<void()> run = m_commands[static_cast<std::size_t>(index)].run;
    clear();
    closeList();
    giveBack();
    run();
}

void CommandSearch::giveBack()
{
    if (m_before && m_before->isVisible())
        m_before->setFocus();
    else
        clearFocus();
    m_before.clear();
}

bool CommandSearch::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == window() && event->type() == QEvent::Resize && m_popup && m_popup->isVisible())
        filter();
    return QLineEdit::eventFilter(watched, event);
}

void CommandSearch::focusInEvent(QFocusEvent* event)
{
    QLineEdit::focusInEvent(event);
    if (event->reason() == Qt::MouseFocusReason || event->reason() == Qt::ShortcutFocusReason)
        openList();
    update();
}

void CommandSearch::focusOutEvent(QFocusEvent* event)
{
    QLineEdit::focusOutEvent(event);
    closeList();
    update();
}

void CommandSearch::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        clear();
        closeList();
        giveBack();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        runCurrent();
        return;
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (m_popup && m_popup->isVisible()) {
            const int step = event->key() == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, m_list->count() - 1));
        } else {
            openList();
        }
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void CommandSearch::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (!text().isEmpty())
        return;
    QPainter painter(this);
    painter.setPen(m_theme.colors().dim);
    painter.setFont(m_theme.smallFont());
    painter.drawText(rect().adjusted(0, 0, -10, 0), Qt::AlignRight | Qt::AlignVCenter, tr("Ctrl K"));
}

} // namespace limpid
