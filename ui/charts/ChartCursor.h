#pragma once

#include <QObject>

#include <optional>

namespace limpid {

/// The crosshair that all charts of a page share: pointing into one shows the values at that x in all of them.
class ChartCursor : public QObject
{
    Q_OBJECT
public:
    const std::optional<double>& x() const { return m_x; }
    void set(std::optional<double> x)
    {
        if (x == m_x)
            return;
        m_x = x;
        emit moved();
    }

signals:
    void moved();

private:
    std::optional<double> m_x;
};

} // namespace limpid
