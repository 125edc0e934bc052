#include "ui/network/CanvasLegend.h"

#include "ui/network/CanvasPainter.h"
#include "ui/network/GradientFlow.h"

#include <QFontMetrics>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <array>

namespace limpid {

namespace {

constexpr int lineHeight = 18, side = 10, above = 5, sample = 26, gap = 6;
constexpr std::array shares{1.0, 0.1, 0.01};

QString shareText(double norm)
{
    return QLocale().toString(norm, 'g', 2);
}

} // namespace

CanvasLegend::CanvasLegend(const Theme& theme, QWidget* parent) : QWidget(parent), m_style(theme)
{
    setObjectName("canvasLegend");
    connect(&theme, &Theme::changed, this, [this, &theme] {
        m_style = CanvasStyle(theme);
        arrange();
    });
    hide();
}

void CanvasLegend::setValuesText(const QString& text)
{
    if (text == m_values)
        return;
    m_values = text;
    arrange();
}

void CanvasLegend::setSelectedText(const QString& text)
{
    if (text == m_selected)
        return;
    m_selected = text;
    arrange();
}

void CanvasLegend::setFlow(const QString& text, std::optional<double> largest)
{
    if (text == m_flow && largest == m_largest)
        return;
    m_flow = text;
    m_largest = largest;
    arrange();
}

void CanvasLegend::setMostWidth(int width)
{
    if (width == m_most)
        return;
    m_most = width;
    arrange();
}

void CanvasLegend::arrange()
{
    const QFontMetrics metrics(m_style.small);
    int scale = 0;
    if (hasScale())
        for (const double share : shares)
            scale += sample + 2 * gap + metrics.horizontalAdvance(shareText(share * *m_largest));
    int lines = hasScale() ? 1 : 0, widest = scale;
    for (const QString& text : {m_selected, m_values, m_flow})
        if (!text.isEmpty()) {
            ++lines;
            widest = std::max(widest, metrics.horizontalAdvance(text) + 1); // rounded, it may cut the text
        }
    const QSize size(std::min(m_most, widest + 2 * side), lines * lineHeight + 2 * above);
    QStringList texts{m_selected, m_values};
    if (!m_flow.isEmpty())
        texts << m_flow
              << tr("Each edge tells how large the gradient of the next layer with weights is that it leads to. The scale is logarithmic: a tenth of the "
                    "norm is a third narrower. Dashed: no gradient; red: not finite.");
    texts.removeAll(QString());
    setToolTip(texts.join(QLatin1Char('\n')));
    setAccessibleName(texts.value(0));
    setAccessibleDescription(texts.join(QLatin1Char('\n')));
    setVisible(lines > 0);
    update();
    if (size == this->size())
        return;
    resize(size);
    emit resized();
}

void CanvasLegend::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = m_style.colors;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = colors.card;
    ground.setAlpha(235);
    painter.setPen(QPen(colors.line, 1.0));
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
    painter.setFont(m_style.small);
    painter.setPen(colors.dim);
    const QFontMetrics metrics(m_style.small);
    QRect line(side, above, width() - 2 * side, lineHeight);
    for (const QString& text : {m_selected, m_values, m_flow})
        if (!text.isEmpty()) {
            painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(text, Qt::ElideRight, line.width()));
            line.translate(0, lineHeight);
        }
    if (!hasScale())
        return;
    int x = side;
    for (const double share : shares) {
        const double norm = share * *m_largest;
        QPen pen = flowPen({norm, GradientFlow::level(norm, *m_largest)}, m_style);
        pen.setCapStyle(Qt::FlatCap);
        painter.setPen(pen);
        const double y = line.top() + lineHeight / 2.0;
        painter.drawLine(QPointF(x, y), QPointF(x + sample, y));
        x += sample + gap;
        const QString text = shareText(norm);
        painter.setPen(colors.dim);
        painter.drawText(QRect(x, line.top(), metrics.horizontalAdvance(text) + gap, lineHeight), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += metrics.horizontalAdvance(text) + gap; // and as much before the next
    }
}

} // namespace limpid
