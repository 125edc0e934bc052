#pragma once

#include "ui/network/CanvasStyle.h"

#include <QWidget>

#include <optional>

namespace limpid {

class Theme;

/// Quiet lines in a corner of the canvas: where what is shown on nodes and edges comes from.
class CanvasLegend : public QWidget
{
    Q_OBJECT
public:
    explicit CanvasLegend(const Theme& theme, QWidget* parent = nullptr);

    /// What nodes show; empty: no line.
    void setValuesText(const QString& text);
    const QString& valuesText() const { return m_values; }
    /// The figures of the layer that is selected; empty: no line.
    void setSelectedText(const QString& text);
    const QString& selectedText() const { return m_selected; }
    /// What edges show, and, where it is known, the norm that the widest has; empty: no line.
    void setFlow(const QString& text, std::optional<double> largest);
    const QString& flowText() const { return m_flow; }
    /// At most as wide; texts that are longer are cut.
    void setMostWidth(int width);

signals:
    void resized();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool hasScale() const { return m_largest && !m_flow.isEmpty(); }
    void arrange();
    CanvasStyle m_style;
    QString m_values, m_selected, m_flow;
    std::optional<double> m_largest;
    int m_most = 400;
};

} // namespace limpid
