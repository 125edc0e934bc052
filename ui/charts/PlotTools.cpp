#include "ui/charts/PlotTools.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace limpid::plot {

Ticks niceTicks(double min, double max, int most)
{
    Ticks ticks;
    if (!std::isfinite(min) || !std::isfinite(max))
        return ticks;
    const double span = std::max(max - min, 1e-300);
    const double raw = span / std::max(most, 2);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    ticks.step = 10.0 * power;
    for (double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= raw * 0.999999) {
            ticks.step = factor * power;
            break;
        }
    }
    ticks.decimals = std::clamp(static_cast<int>(-std::floor(std::log10(ticks.step) + 1e-9)), 0, 12);
    const double first = std::ceil(min / ticks.step - 1e-9);
    const double last = std::floor(max / ticks.step + 1e-9);
    for (double i = first; i <= last && ticks.values.size() < 100; i += 1.0)
        ticks.values.push_back(i == 0.0 ? 0.0 : i * ticks.step); // no "-0"
    return ticks;
}

QString fixedText(double value, int decimals)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    QString text = QLocale().toString(std::abs(value), 'f', std::clamp(decimals, 0, 12));
    const bool isZero = std::none_of(text.begin(), text.end(), [](QChar c) { return c.isDigit() && c.digitValue() != 0; });
    return value < 0 && !isZero ? QChar(0x2212) + text : text;
}

QString signedText(double value, int decimals)
{
    const QString text = fixedText(value, decimals);
    return text.startsWith(QChar(0x2212)) || !std::isfinite(value) ? text : QLatin1Char('+') + text;
}

static QString superscript(int value)
{
    static const QString digits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text;
    for (QChar c : QString::number(value))
        text += c == QLatin1Char('-') ? QChar(0x207B) : digits[c.digitValue()];
    return text;
}

QString shortText(double value, int digits)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    if (value == 0.0)
        return QStringLiteral("0");
    int exponent = static_cast<int>(std::floor(std::log10(std::abs(value))));
    if (exponent < -4 || exponent > 8) {
        double mantissa = std::round(value / std::pow(10.0, exponent) * 10.0) / 10.0;
        if (std::abs(mantissa) >= 10.0) {
            mantissa /= 10.0;
            ++exponent;
        }
        const bool whole = mantissa == std::round(mantissa);
        return QStringLiteral("%1·10%2").arg(fixedText(mantissa, whole ? 0 : 1), superscript(exponent));
    }
    const int decimals = std::max(0, digits - 1 - exponent);
    QString text = fixedText(value, decimals);
    const QString point = QLocale().decimalPoint();
    if (text.contains(point)) {
        while (text.endsWith(QLocale().zeroDigit()))
            text.chop(1);
        if (text.endsWith(point))
            text.chop(point.size());
    }
    return text;
}

int decimalsFor(double size, int digits)
{
    if (!(std::abs(size) > 0.0) || !std::isfinite(size))
        return digits;
    return std::clamp(digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(size)))), 0, 12);
}

QString exactText(double value)
{
    return std::isnan(value) ? QString() : QString::number(value, 'g', QLocale::FloatingPointShortest);
}

QString withError(double value, double error, int decimals)
{
    if (!(error > 1e-9 * std::abs(value)))
        return fixedText(value, decimals);
    const int places = decimalsFor(error, 2);
    return QStringLiteral("%1 ± %2").arg(fixedText(value, places), fixedText(error, places));
}

QColor mix(const QColor& from, const QColor& to, double share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
    return QColor(part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue()));
}

void drawText(QPainter& painter, const QRectF& box, int alignment, const QString& text, Qt::TextElideMode mode)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const QString shown = metrics.horizontalAdvance(text) > box.width() ? metrics.elidedText(text, mode, box.width()) : text;
    painter.drawText(box, alignment | Qt::TextSingleLine | Qt::TextDontClip, shown);
}

double textWidth(const QFontMetricsF& metrics, const QString& text)
{
    return std::ceil(metrics.horizontalAdvance(text)) + 1.0;
}

QString outputText(const Explanation& explanation, std::size_t output)
{
    const QString name = output < explanation.outputs.size() ? QString::fromStdString(explanation.outputs[output]) : QString();
    if (explanation.space == "probability")
        return name.startsWith(QLatin1String("P(")) ? name : QStringLiteral("P(%1)").arg(name);
    return QCoreApplication::translate("Plots", "“%1”").arg(name);
}

bool isNumeric(const Explanation& explanation, std::size_t feature)
{
    const std::size_t width = explanation.features.size();
    bool any = false;
    for (std::size_t row = 0; row < explanation.rowCount(); ++row) {
        const std::size_t cell = row * width + feature;
        if (cell >= explanation.cellNumber.size() || cell >= explanation.cellText.size())
            return false;
        const double number = explanation.cellNumber[cell];
        if (std::isnan(number))
            continue;
        const std::string& text = explanation.cellText[cell];
        double read = 0.0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
        if (error != std::errc() || end != text.data() + text.size() || std::abs(read - number) > 1e-6 * (1.0 + std::abs(number)))
            return false;
        any = true;
    }
    return any;
}

} // namespace limpid::plot
