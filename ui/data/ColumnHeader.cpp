#include "ui/data/ColumnHeader.h"

#include "ui/theme/Theme.h"

#include <QPainter>

namespace limpid {

namespace {
constexpr int headerHeight = 48, icon = 14, pad = 8;
}

ColumnHeader::ColumnHeader(const Theme& theme, QWidget* parent) : QHeaderView(Qt::Horizontal, parent), m_theme(theme)
{
    setObjectName("columnHeader");
    setSectionsClickable(true);
    setSectionResizeMode(QHeaderView::Interactive);
    setMinimumSectionSize(64);
    setHighlightSections(false);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void ColumnHeader::setCells(std::vector<Cell> cells)
{
    m_cells = std::move(cells);
    viewport()->update();
}

void ColumnHeader::setCurrent(int column)
{
    if (m_current == column)
        return;
    m_current = column;
    viewport()->update();
}

int ColumnHeader::widthOf(const QString& name, const Cell& cell) const
{
    QFont bold = m_theme.bodyFont();
    bold.setWeight(QFont::DemiBold);
    const int first = icon + 6 + QFontMetrics(bold).horizontalAdvance(name);
    const int second = QFontMetrics(m_theme.smallFont()).horizontalAdvance(cell.detail);
    return std::max(first, second) + 2 * pad + 6;
}

QSize ColumnHeader::sizeHint() const { return {QHeaderView::sizeHint().width(), headerHeight}; }

void ColumnHeader::paintSection(QPainter* painter, const QRect& rect, int column) const
{
    const ThemeColors& colors = m_theme.colors();
    painter->save();
    painter->fillRect(rect, column == m_current ? colors.accentSoft : colors.card);
    const Cell cell = static_cast<std::size_t>(column) < m_cells.size() ? m_cells[static_cast<std::size_t>(column)]
                                                                        : Cell();
    const QRect inner = rect.adjusted(pad, 6, -pad, -6);
    if (!cell.icon.isEmpty())
        m_theme.icon(cell.icon, cell.target ? colors.accent : colors.dim)
            .paint(painter, QRect(inner.left(), inner.top() + 2, icon, icon));
    QFont bold = m_theme.bodyFont();
    bold.setWeight(QFont::DemiBold);
    bold.setStrikeOut(cell.ignored);
    painter->setFont(bold);
    painter->setPen(cell.ignored ? colors.dim : cell.target ? colors.accent : colors.text);
    const QRect name(inner.left() + icon + 6, inner.top(), inner.width() - icon - 6, 18);
    painter->drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(model()->headerData(column, Qt::Horizontal).toString(),
                                                        Qt::ElideRight, name.width()));
    painter->setFont(m_theme.smallFont());
    painter->setPen(colors.dim);
    const QRect detail(inner.left(), inner.top() + 20, inner.width(), 16);
    painter->drawText(detail, Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(cell.detail, Qt::ElideRight, detail.width()));
    painter->setPen(colors.line);
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    painter->restore();
}

} // namespace limpid
