#include "ui/network/NodeStrip.h"

#include "ui/network/NetworkEdits.h"
#include "ui/text/Messages.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double left = 14.0, right = edits::nodeWidth - 10.0, top = edits::nodeHeight - 2.0;
constexpr double barHeight = 24.0, imageSide = 38.0, textTop = top + barHeight + 1.0, textHeight = 14.0;
constexpr double someZeros = 0.2, manyZeros = 0.9; // worth telling where there is room; in any case

QString tr(const char* text) { return QCoreApplication::translate("NodeStrip", text); }

/// As short as it can be read: there is room for some five digits.
QString shortNumber(double value)
{
    QLocale locale;
    locale.setNumberOptions(locale.numberOptions() | QLocale::OmitLeadingZeroInExponent | QLocale::OmitGroupSeparator);
    const double size = std::abs(value);
    if (size >= 1000.0 && size < 99'999.5)
        return locale.toString(value, 'f', 0);
    return locale.toString(value, 'g', size < 0.1 ? 2 : 3);
}

/// Nearly all is not all.
QString percent(double share)
{
    const double hundredths = 100.0 * share;
    return QLocale().toString(share < 1.0 ? std::min(99.9, hundredths) : hundredths, 'f', hundredths > 99.0 && share < 1.0 ? 1 : 0);
}

QString tooltipOf(const engine::LayerSummary& summary)
{
    QStringList lines;
    if (summary.values > 0) {
        lines << tr("Gives %1 to %2, mean %3, standard deviation %4")
                     .arg(numberText(summary.low), numberText(summary.high), numberText(summary.mean), numberText(summary.deviation));
        lines << tr("Zero: %1 % of %2 values").arg(percent(summary.zeros), countText(static_cast<qint64>(summary.values)));
    }
    lines << (summary.notFinite == 0 ? tr("None is NaN or infinite") : tr("NaN or infinite: %1 values").arg(countText(static_cast<qint64>(summary.notFinite))));
    return lines.join(QLatin1Char('\n'));
}

QImage imageOf(const engine::LayerSummary& summary, const ThemeColors& colors)
{
    QImage image(static_cast<int>(summary.imageWidth), static_cast<int>(summary.imageHeight), QImage::Format_RGB32);
    float low = INFINITY, high = -INFINITY;
    for (const float value : summary.image)
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    const float scale = high > low ? 1.0f / (high - low) : 0.0f;
    const auto mixed = [](int from, int to, float share) { return static_cast<int>(std::lround(static_cast<float>(from) + share * static_cast<float>(to - from))); };
    std::size_t at = 0;
    for (int y = 0; y < image.height(); ++y) {
        QRgb* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x, ++at) {
            const float value = summary.image[at], share = (value - low) * scale;
            line[x] = !std::isfinite(value) ? colors.bad.rgb()
                                            : qRgb(mixed(colors.ground.red(), colors.text.red(), share), mixed(colors.ground.green(), colors.text.green(), share),
                                                   mixed(colors.ground.blue(), colors.text.blue(), share));
        }
    }
    return image;
}

} // namespace

NodeStrip::NodeStrip(const QString& word) : base(left, top + barHeight, right - left, 1.0), says(word)
{
    if (word.isEmpty())
        return;
    base = {};
    saysPlace = {left, top, right - left, textTop + textHeight - top};
}

NodeStrip::NodeStrip(const engine::LayerSummary& summary, const CanvasStyle& style) : NodeStrip()
{
    tooltip = tooltipOf(summary);
    QStringList list;
    if (summary.values > 0)
        list << tr("mean %1").arg(numberText(summary.mean)) << tr("deviation %1").arg(numberText(summary.deviation)) << tr("%1 % zeros").arg(percent(summary.zeros));
    if (summary.notFinite > 0)
        list << tr("%1 not finite").arg(countText(static_cast<qint64>(summary.notFinite)));
    figures = list.join(QStringLiteral(", "));
    if (!summary.image.empty()) {
        image = imageOf(summary, style.colors);
        const double scale = imageSide / std::max(image.width(), image.height());
        imagePlace = {left, top + (imageSide - scale * image.height()) / 2.0, scale * image.width(), scale * image.height()};
        base.setLeft(left + imageSide + 8.0);
    }
    if (summary.notFinite > 0) {
        says = list.back();
        tone = Tone::Error;
    } else if (summary.values == 0) {
        says = tr("no values");
    } else if (summary.histogram.empty()) {
        says = summary.low == 0.0 ? tr("all zeros") : tr("all %1").arg(shortNumber(summary.low));
        tone = Tone::Warning;
    } else if (summary.zeros >= someZeros) {
        says = tr("%1 % zeros").arg(percent(summary.zeros));
    }
    saysPlace = {base.left(), textTop, base.width(), textHeight};
    if (summary.histogram.empty())
        return;
    // Zeros that a ReLU gives would make all else flat: they alone may be more than fits, as the text beside says how many they are.
    std::vector<double> counts(summary.histogram.begin(), summary.histogram.end());
    const auto bins = static_cast<double>(counts.size());
    std::vector<double> others = counts;
    if (summary.low <= 0.0 && summary.high >= 0.0)
        others[static_cast<std::size_t>(std::min(bins - 1.0, -summary.low * (bins / (summary.high - summary.low))))] -= summary.zeros * static_cast<double>(summary.values);
    const double most = std::max(1.0, *std::max_element(others.begin(), others.end()));
    const double pitch = base.width() / bins;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > 0.0) {
            const double size = std::clamp(barHeight * counts[i] / most, 1.0, barHeight);
            bars << QRectF(base.left() + pitch * static_cast<double>(i), base.top() - size, 0.8 * pitch, size);
        }
    if (summary.low < 0.0 && summary.high > 0.0)
        zero = base.left() + base.width() * -summary.low / (summary.high - summary.low);
    low = shortNumber(summary.low);
    high = shortNumber(summary.high);
    const QFontMetricsF metrics(style.small);
    const auto width = [&](const QString& text) { return text.isEmpty() ? 0.0 : metrics.horizontalAdvance(text) + 4.0; };
    if (!says.isEmpty() && width(says) + width(low) + width(high) > base.width()) { // the tooltip has the rest
        if (summary.notFinite == 0 && summary.zeros < manyZeros) {
            says.clear();
        } else {
            low.clear();
            high.clear();
        }
    }
    saysPlace = QRectF(base.left() + width(low), textTop, base.width() - width(low) - width(high), textHeight);
}

void paintStrip(QPainter& painter, const NodeStrip& strip, const CanvasStyle& style, const QColor& color, bool faded, bool readable)
{
    const ThemeColors& colors = style.colors;
    const double opacity = painter.opacity();
    if (faded)
        painter.setOpacity(0.3 * opacity);
    painter.fillRect(strip.base, colors.line);
    if (!strip.image.isNull()) {
        painter.drawImage(strip.imagePlace, strip.image);
        painter.setPen(QPen(colors.line, 1.0));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(strip.imagePlace.adjusted(-0.5, -0.5, 0.5, 0.5));
    }
    if (strip.zero)
        painter.fillRect(QRectF(*strip.zero - 0.5, strip.base.top() - barHeight, 1.0, barHeight), colors.line);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRects(strip.bars);
    if (readable) {
        painter.setFont(style.small);
        const QRectF line(strip.base.left(), textTop, strip.base.width(), textHeight);
        painter.setPen(colors.dim);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, strip.low);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, strip.high);
        if (strip.tone != NodeStrip::Tone::Plain)
            painter.setPen(strip.tone == NodeStrip::Tone::Error ? colors.bad : colors.warn);
        painter.drawText(strip.saysPlace, Qt::AlignCenter, strip.says);
    }
    painter.setOpacity(opacity);
}

} // namespace limpid
