#pragma once

#include <QHeaderView>

#include <vector>

namespace limpid {

class Theme;

/// Header cells with two lines: type icon and name; what it is and how much is missing.
class ColumnHeader : public QHeaderView
{
    Q_OBJECT
public:
    struct Cell {
        QString icon;       ///< of the type
        QString detail;     ///< "number · 3 % missing"
        bool target = false;
        bool ignored = false;
    };
    ColumnHeader(const Theme& theme, QWidget* parent = nullptr);
    void setCells(std::vector<Cell> cells);
    void setCurrent(int column);
    /// Width that shows the header cell whole.
    int widthOf(const QString& name, const Cell& cell) const;

protected:
    void paintSection(QPainter* painter, const QRect& rect, int column) const override;
    QSize sizeHint() const override;

private:
    const Theme& m_theme;
    std::vector<Cell> m_cells;
    int m_current = -1;
};

} // namespace limpid
