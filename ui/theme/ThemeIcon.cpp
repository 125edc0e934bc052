#include "ui/theme/ThemeIcon.h"

#include <QFile>
#include <QHash>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace limpid {

namespace {

/// The drawing's text; the file is in the executable, so reading it is no wait.
QByteArray drawing(const QString& name)
{
    static QHash<QString, QByteArray> cache; // GUI thread only, as QPixmap is
    auto found = cache.constFind(name);
    if (found == cache.constEnd()) {
        QFile file(":/limpid/icons/" + name + ".svg");
        if (!file.open(QIODevice::ReadOnly))
            qWarning("There is no icon named %s", qPrintable(name));
        found = cache.insert(name, file.isOpen() ? file.readAll() : QByteArray());
    }
    return *found;
}

void drawIcon(QPainter& painter, const QRectF& area, const QString& name, const QColor& color)
{
    QByteArray svg = drawing(name);
    if (svg.isEmpty())
        return;
    svg.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(svg);
    const double side = std::min(area.width(), area.height());
    renderer.render(&painter, QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side));
}

} // namespace

ThemeIconEngine::ThemeIconEngine(const Theme* theme, QString name, QColor color)
    : m_theme(theme), m_name(std::move(name)), m_color(color)
{
}

QColor ThemeIconEngine::colorFor(QIcon::Mode mode, QIcon::State state) const
{
    if (!m_theme)
        return m_color.isValid() ? m_color : QColor(Qt::gray);
    const ThemeColors& colors = m_theme->colors();
    if (mode == QIcon::Disabled)
        return colors.faint;
    if (m_color.isValid())
        return m_color;
    return state == QIcon::On ? colors.accent : mode == QIcon::Active ? colors.text : colors.dim;
}

void ThemeIconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state)
{
    drawIcon(*painter, rect, m_name, colorFor(mode, state));
}

QPixmap ThemeIconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state)
{
    return scaledPixmap(size, mode, state, 1.0);
}

QPixmap ThemeIconEngine::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal)
{
    // `size` is in device pixels already; the caller sets the ratio.
    const QColor color = colorFor(mode, state);
    const QString key = QStringLiteral("limpid-%1-%2-%3x%4").arg(m_name, color.name()).arg(size.width()).arg(size.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    drawIcon(painter, QRectF(QPointF(), QSizeF(size)), m_name, color);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIconEngine* ThemeIconEngine::clone() const
{
    return new ThemeIconEngine(m_theme, m_name, m_color);
}

} // namespace limpid
