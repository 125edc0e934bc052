#include "ui/train/FigureList.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

FigureList::FigureList(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(10);
}

void FigureList::setFigures(const std::vector<Figure>& figures)
{
    const bool same = std::equal(figures.begin(), figures.end(), m_cells.begin(), m_cells.end(),
                                 [](const Figure& figure, const Cell& cell) { return figure.key == cell.key; });
    if (!same) {
        for (const Cell& cell : m_cells)
            delete cell.widget;
        m_cells.clear();
        for (const Figure& figure : figures) {
            Cell cell{figure.key, new QWidget(this), nullptr, nullptr, nullptr};
            cell.label = new QLabel(cell.widget);
            cell.label->setProperty("role", "label");
            cell.value = new QLabel(cell.widget);
            cell.value->setProperty("role", "figure");
            cell.value->setObjectName(QStringLiteral("figure.") + figure.key);
            cell.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
            cell.remark = new QLabel(cell.widget);
            cell.remark->setProperty("role", "dim");
            auto* layout = new QVBoxLayout(cell.widget);
            layout->setContentsMargins(0, 0, 0, 0);
            layout->setSpacing(0);
            layout->addWidget(cell.label);
            auto* line = new QHBoxLayout;
            line->setSpacing(6);
            line->addWidget(cell.value);
            line->addWidget(cell.remark, 1, Qt::AlignBottom);
            cell.remark->setContentsMargins(0, 0, 0, 2);
            layout->addLayout(line);
            m_cells.push_back(cell);
        }
        arrange();
    }
    for (std::size_t i = 0; i < figures.size(); ++i) {
        m_cells[i].label->setText(figures[i].label);
        m_cells[i].value->setText(figures[i].value);
        m_cells[i].value->setAccessibleName(figures[i].label);
        m_cells[i].remark->setText(figures[i].remark);
    }
}

void FigureList::setColumns(int columns)
{
    if (columns == m_columns)
        return;
    m_columns = std::max(1, columns);
    arrange();
}

void FigureList::arrange()
{
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        m_grid->removeWidget(m_cells[i].widget);
        m_grid->addWidget(m_cells[i].widget, static_cast<int>(i) / m_columns, static_cast<int>(i) % m_columns);
        m_cells[i].widget->show();
    }
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, column < m_columns ? 1 : 0);
}

} // namespace limpid
