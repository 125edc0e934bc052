#include "ui/charts/Segmented.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>

namespace limpid {

namespace {

class Segment final : public QAbstractButton
{
public:
    Segment(const Theme& theme, const QString& text, QWidget* parent) : QAbstractButton(parent), m_theme(theme)
    {
        setText(text);
        setAccessibleName(text);
        setCheckable(true);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
    }

    QSize sizeHint() const override
    {
        return {static_cast<int>(QFontMetricsF(boldFont()).horizontalAdvance(text())) + 22, Theme::control};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const ThemeColors& colors = m_theme.colors();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (isChecked()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.accentSoft);
            painter.drawRoundedRect(QRectF(rect()).adjusted(2, 2, -2, -2), Theme::radius - 2, Theme::radius - 2);
        }
        painter.setFont(boldFont());
        painter.setPen(!isEnabled() ? colors.faint : isChecked() || underMouse() ? colors.text : colors.dim);
        painter.drawText(rect(), Qt::AlignCenter, text());
        if (hasFocus()) {
            painter.setPen(QPen(colors.accent, 1.0));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), Theme::radius - 1, Theme::radius - 1);
        }
    }

private:
    QFont boldFont() const
    {
        QFont font = m_theme.bodyFont();
        font.setWeight(QFont::DemiBold);
        return font;
    }
    const Theme& m_theme;
};

} // namespace

Segmented::Segmented(const Theme& theme, const QStringList& keys, const QStringList& texts, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_buttons(new QButtonGroup(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_buttons->setExclusive(true);
    for (qsizetype i = 0; i < keys.size(); ++i) {
        auto* button = new Segment(theme, texts.value(i), this);
        button->setObjectName(keys[i]);
        m_buttons->addButton(button, static_cast<int>(i));
        layout->addWidget(button);
        connect(button, &QAbstractButton::clicked, this, [this, key = keys[i]] { emit chosen(key); });
    }
    if (!keys.isEmpty())
        m_buttons->button(0)->setChecked(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

QString Segmented::current() const
{
    return m_buttons->checkedButton() ? m_buttons->checkedButton()->objectName() : QString();
}

void Segmented::setCurrent(const QString& key)
{
    for (QAbstractButton* button : m_buttons->buttons())
        if (button->objectName() == key)
            button->setChecked(true);
}

void Segmented::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.colors().line, 1.0));
    painter.setBrush(m_theme.colors().card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
}

} // namespace limpid
