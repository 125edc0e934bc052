#pragma once

#include "ui/theme/Theme.h"

#include <QIconEngine>
#include <QPointer>

namespace limpid {

/// Draws a line icon from its SVG in a theme's colour at whatever size is asked for. Without a colour of its own it
/// takes the theme's of the moment, so icons follow a switch of theme without being set anew.
class ThemeIconEngine : public QIconEngine
{
public:
    ThemeIconEngine(const Theme* theme, QString name, QColor color);

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    QIconEngine* clone() const override;

private:
    QColor colorFor(QIcon::Mode mode, QIcon::State state) const;
    QPointer<const Theme> m_theme;
    QString m_name;
    QColor m_color;
};

} // namespace limpid
