#include "ui/data/ColumnSketch.h"

#include "core/base/Clock.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {
constexpr int histogramHeight = 150, rowHeight = 22;
constexpr std::size_t mostValues = 8;
} // namespace

QString profileValueText(const ColumnProfile& profile, double value)
{
    if (profile.type != ColumnType::DateTime)
        return numberText(value);
    if (!std::isfinite(value))
        return QStringLiteral("–");
    const QString iso = QString::fromStdString(isoTime(static_cast<std::int64_t>(value)));
    return iso.endsWith("T00:00:00Z") ? iso.left(10) : iso.left(16).replace('T', ' ');
}

ColumnSketch::ColumnSketch(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName("columnSketch");
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum); // beside the settings it begins where they begin
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ColumnSketch::setProfile(std::optional<ColumnProfile> profile)
{
    m_profile = std::move(profile);
    setAccessibleName(sentence());
    updateGeometry();
    update();
}

QSize ColumnSketch::sizeHint() const
{
    if (!m_profile)
        return {280, histogramHeight};
    if (!m_profile->histogram.empty())
        return {280, histogramHeight};
    return {280, std::max(1, static_cast<int>(std::min(m_profile->top.size(), mostValues))) * rowHeight};
}

QString ColumnSketch::sentence() const
{
    if (!m_profile)
        return tr("Values are being counted.");
    if (!m_profile->histogram.empty())
        return tr("Values from %1 to %2, half of them between %3 and %4.")
            .arg(profileValueText(*m_profile, m_profile->min), profileValueText(*m_profile, m_profile->max),
                 profileValueText(*m_profile, m_profile->quartile1), profileValueText(*m_profile, m_profile->quartile3));
    if (!m_profile->top.empty())
        return tr("Most frequent: %1, %2 times.")
            .arg(QString::fromStdString(m_profile->top.front().value),
                 countText(static_cast<qint64>(m_profile->top.front().count)));
    return tr("No values to show.");
}

QRectF ColumnSketch::plotArea() const { return QRectF(0, 8, width(), std::min(height(), histogramHeight) - 8 - 20); }

void ColumnSketch::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_theme.smallFont());
    if (m_profile && !m_profile->histogram.empty()) {
        paintHistogram(painter);
    } else if (m_profile && !m_profile->top.empty()) {
        paintTop(painter);
    } else {
        painter.setPen(m_theme.colors().dim);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                         m_profile ? tr("No values to show.") : tr("Counting values…"));
    }
}

void ColumnSketch::paintHistogram(QPainter& painter) const
{
    const ThemeColors& colors = m_theme.colors();
    const QRectF area = plotArea();
    std::size_t most = 1;
    for (const HistogramBin& bin : m_profile->histogram)
        most = std::max(most, bin.count);
    const double step = area.width() / static_cast<double>(m_profile->histogram.size());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.accent);
    for (std::size_t i = 0; i < m_profile->histogram.size(); ++i) {
        const std::size_t count = m_profile->histogram[i].count;
        if (count == 0)
            continue;
        const double tall = std::max(1.0, area.height() * static_cast<double>(count) / static_cast<double>(most));
        painter.drawRect(QRectF(area.left() + step * static_cast<double>(i) + 0.5, area.bottom() - tall,
                                std::max(1.0, step - 1), tall));
    }
    painter.setPen(QPen(colors.line, 1));
    painter.drawLine(area.bottomLeft() + QPointF(0, 0.5), area.bottomRight() + QPointF(0, 0.5));
    painter.setPen(colors.dim);
    const QRectF labels(0, area.bottom() + 4, width(), 16);
    painter.drawText(labels, Qt::AlignLeft | Qt::AlignVCenter, profileValueText(*m_profile, m_profile->min));
    painter.drawText(labels, Qt::AlignRight | Qt::AlignVCenter, profileValueText(*m_profile, m_profile->max));
}

void ColumnSketch::paintTop(QPainter& painter) const
{
    const ThemeColors& colors = m_theme.colors();
    const QFontMetrics metrics(m_theme.smallFont());
    const std::size_t shown = std::min(m_profile->top.size(), mostValues);
    const double most = static_cast<double>(std::max<std::size_t>(1, m_profile->top.front().count));
    const double names = std::min(130.0, width() * 0.4);
    int counts = 0;
    for (std::size_t i = 0; i < shown; ++i)
        counts = std::max(counts, metrics.horizontalAdvance(countText(static_cast<qint64>(m_profile->top[i].count))));
    const double bars = std::max(10.0, width() - names - counts - 16);
    for (std::size_t i = 0; i < shown; ++i) {
        const ValueCount& value = m_profile->top[i];
        const QRectF row(0, static_cast<double>(i) * rowHeight, width(), rowHeight);
        painter.setPen(colors.text);
        painter.drawText(QRectF(0, row.top(), names, rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(QString::fromStdString(value.value), Qt::ElideRight, static_cast<int>(names)));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.accent);
        const double wide = std::max(2.0, bars * static_cast<double>(value.count) / most);
        painter.drawRoundedRect(QRectF(names + 8, row.top() + 5, wide, rowHeight - 10), 3, 3);
        painter.setPen(colors.dim);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, countText(static_cast<qint64>(value.count)));
    }
}

bool ColumnSketch::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_profile)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString text;
    if (!m_profile->histogram.empty()) {
        const double step = plotArea().width() / static_cast<double>(m_profile->histogram.size());
        const auto bin = static_cast<std::size_t>(std::max(0.0, help->pos().x() / step));
        if (bin < m_profile->histogram.size()) {
            const HistogramBin& hit = m_profile->histogram[bin];
            text = tr("%1 to %2: %3 rows")
                       .arg(profileValueText(*m_profile, hit.from), profileValueText(*m_profile, hit.to),
                            countText(static_cast<qint64>(hit.count)));
        }
    } else if (const auto row = static_cast<std::size_t>(help->pos().y() / rowHeight);
               row < std::min(m_profile->top.size(), mostValues)) {
        text = tr("%1: %2 rows").arg(QString::fromStdString(m_profile->top[row].value),
                                     countText(static_cast<qint64>(m_profile->top[row].count)));
    }
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace limpid
