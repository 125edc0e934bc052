#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QString>

class QApplication;

namespace limpid {

/// The colours of one theme, by what they mean. The values stand in resources/theme/*.json.
struct ThemeColors {
    QColor ground, card, line, text, dim, faint, accent, accentSoft, onAccent, good, warn, bad, raises, lowers, rail;
};

/// Tokens → QPalette and style sheet, for widgets, charts, canvas and icons alike.
class Theme : public QObject
{
    Q_OBJECT
public:
    enum class Mode { System, Light, Dark };
    explicit Theme(QApplication* application); ///< nullptr: colours only, nothing is styled (charts without a window)

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);
    bool isDark() const { return m_dark; }
    const ThemeColors& colors() const { return m_colors; }

    /// Tabular digits; 13, 11 and 20 px.
    QFont bodyFont() const;
    QFont smallFont() const;
    QFont figureFont() const;
    /// A line icon of resources/icons in the given colour, sharp at any scale.
    QIcon icon(const QString& name, const QColor& color = {}) const;

    static constexpr int grid = 4, gap = 12, margin = 16, control = 28, row = 28, radius = 6, cardRadius = 8;

signals:
    void changed();

private:
    void apply();
    QApplication* m_application;
    Mode m_mode = Mode::System;
    bool m_dark = false;
    ThemeColors m_colors;
};

} // namespace limpid
