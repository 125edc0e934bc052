#include "ui/theme/Theme.h"

#include "ui/theme/ThemeIcon.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleHints>

#include <nlohmann/json.hpp>

#include <utility>

// A static library's resources are dropped by the linker unless they are asked for, outside any namespace.
static void initThemeResources()
{
    Q_INIT_RESOURCE(limpid_icons);
    Q_INIT_RESOURCE(limpid_theme);
}

namespace limpid {

namespace {

const std::pair<const char*, QColor ThemeColors::*> tokens[] = {
    {"ground", &ThemeColors::ground},     {"card", &ThemeColors::card},         {"line", &ThemeColors::line},
    {"text", &ThemeColors::text},         {"dim", &ThemeColors::dim},           {"faint", &ThemeColors::faint},
    {"accent", &ThemeColors::accent},     {"accentSoft", &ThemeColors::accentSoft},
    {"onAccent", &ThemeColors::onAccent}, {"good", &ThemeColors::good},         {"warn", &ThemeColors::warn},
    {"bad", &ThemeColors::bad},           {"raises", &ThemeColors::raises},     {"lowers", &ThemeColors::lowers},
    {"rail", &ThemeColors::rail},
};

QByteArray resource(const QString& name)
{
    QFile file(":/limpid/theme/" + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the theme's %s is missing from the program", qPrintable(name));
    return file.readAll();
}

ThemeColors readColors(bool dark)
{
    const nlohmann::json json = nlohmann::json::parse(resource(dark ? "dark.json" : "light.json").toStdString());
    ThemeColors colors;
    for (const auto& [name, member] : tokens)
        colors.*member = QColor(QString::fromStdString(json.at(name).get<std::string>()));
    return colors;
}

QString styleSheet(const ThemeColors& colors, bool dark)
{
    QString sheet = QString::fromUtf8(resource("limpid.qss"));
    // The longest names first: @accent is the beginning of @accentSoft.
    sheet.replace("@mode", dark ? "dark" : "light");
    sheet.replace("@field", (dark ? colors.ground : colors.card).name());
    sheet.replace("@accentHover", (dark ? colors.accent.lighter(110) : colors.accent.darker(110)).name());
    sheet.replace("@accentSoft", colors.accentSoft.name());
    for (const auto& [name, member] : tokens)
        sheet.replace(QLatin1Char('@') + QLatin1String(name), (colors.*member).name());
    return sheet;
}

QPalette palette(const ThemeColors& colors)
{
    QPalette palette;
    palette.setColor(QPalette::Window, colors.ground);
    palette.setColor(QPalette::WindowText, colors.text);
    palette.setColor(QPalette::Base, colors.card);
    palette.setColor(QPalette::AlternateBase, colors.ground);
    palette.setColor(QPalette::Text, colors.text);
    palette.setColor(QPalette::PlaceholderText, colors.dim);
    palette.setColor(QPalette::Button, colors.card);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::BrightText, colors.bad);
    palette.setColor(QPalette::Highlight, colors.accent);
    palette.setColor(QPalette::HighlightedText, colors.onAccent);
    palette.setColor(QPalette::Link, colors.accent);
    palette.setColor(QPalette::LinkVisited, colors.accent);
    palette.setColor(QPalette::ToolTipBase, colors.card);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::Mid, colors.line);
    palette.setColor(QPalette::Light, colors.card);
    palette.setColor(QPalette::Dark, colors.line);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, colors.faint);
    return palette;
}

bool systemIsDark()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    // Before 6.5 only the platform's palette tells; it is read once, before ours replaces it.
    static const bool dark = QPalette(QGuiApplication::palette()).color(QPalette::Window).lightness() < 128;
    return dark;
#endif
}

QFont font(int pixels, QFont::Weight weight)
{
    static const bool hasInter = QFontDatabase::hasFamily("Inter");
    QFont font = hasInter ? QFont("Inter") : QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    font.setPixelSize(pixels);
    font.setWeight(weight);
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    font.setFeature("tnum", 1); // digits of one width, so that changing numbers don't dance
#endif
    return font;
}

} // namespace

Theme::Theme(QApplication* application) : m_application(application)
{
    initThemeResources();
    if (m_application) {
        systemIsDark();
        m_application->setStyle(QStyleFactory::create("Fusion"));
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
        connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, [this] {
            if (m_mode == Mode::System)
                apply();
        });
#endif
    }
    apply();
}

void Theme::setMode(Mode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    apply();
}

void Theme::apply()
{
    m_dark = m_mode == Mode::Dark || (m_mode == Mode::System && m_application && systemIsDark());
    m_colors = readColors(m_dark);
    if (m_application) {
        m_application->setFont(bodyFont());
        m_application->setPalette(palette(m_colors));
        m_application->setStyleSheet(styleSheet(m_colors, m_dark));
    }
    emit changed();
}

QFont Theme::bodyFont() const { return font(13, QFont::Normal); }
QFont Theme::smallFont() const { return font(11, QFont::Normal); }
QFont Theme::figureFont() const { return font(20, QFont::DemiBold); }

QIcon Theme::icon(const QString& name, const QColor& color) const
{
    return QIcon(new ThemeIconEngine(this, name, color));
}

} // namespace limpid
