#pragma once

#include <QLineEdit>

#include <vector>

namespace limpid {

/// A line of whole numbers, "3" or "3, 5". As in a number box the wheel and the up and down keys change a number: the one
/// under the pointer or the cursor, or all that are selected. The menu under the right button adds and removes numbers.
class NumbersLine : public QLineEdit
{
    Q_OBJECT
public:
    /// Numbers from `least` to `most`, at most `longest` of them. All changes come as textEdited().
    NumbersLine(qint64 least, qint64 most, std::size_t longest, QWidget* parent);

protected:
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    /// None while something else is being typed.
    std::vector<qint64> numbers() const;
    void step(qint64 by, int cursor);
    void take(const std::vector<qint64>& numbers);

    qint64 m_least, m_most;
    std::size_t m_longest;
    int m_wheel = 0; ///< turned, and not yet a step
};

} // namespace limpid
