#pragma once

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;

namespace limpid {

/// The figures a run has come to: a small label, the number large, and a remark in the dim colour beside it.
/// One below the other, or in a row where the page is narrow.
class FigureList : public QWidget
{
    Q_OBJECT
public:
    struct Figure {
        QString key;      ///< the value label's object name, "figure.<key>"
        QString label, value, remark;
    };
    explicit FigureList(QWidget* parent = nullptr);
    void setFigures(const std::vector<Figure>& figures);
    void setColumns(int columns);

private:
    void arrange();
    struct Cell {
        QString key;
        QWidget* widget;
        QLabel *label, *value, *remark;
    };
    QGridLayout* m_grid;
    std::vector<Cell> m_cells;
    int m_columns = 1;
};

} // namespace limpid
