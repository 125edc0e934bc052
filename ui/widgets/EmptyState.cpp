#include "ui/widgets/EmptyState.h"

#include <QApplication>
#include <QFile>
#include <QIcon>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSvgRenderer>
#include <QVBoxLayout>

namespace limpid {

namespace {

/// The page's icon, large, in the palette's placeholder colour, so that it follows the theme by itself.
class LargeIcon : public QWidget
{
public:
    LargeIcon(const QString& name, QWidget* parent) : QWidget(parent)
    {
        setFixedSize(48, 48);
        QFile file(":/limpid/icons/" + name + ".svg");
        if (file.open(QIODevice::ReadOnly))
            m_svg = file.readAll();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QByteArray svg = m_svg;
        svg.replace("currentColor", palette().color(QPalette::PlaceholderText).name().toLatin1());
        svg.replace("stroke-width=\"1.5\"", "stroke-width=\"1\"");
        QSvgRenderer renderer(svg);
        QPainter painter(this);
        renderer.render(&painter, rect());
    }

private:
    QByteArray m_svg;
};

} // namespace

EmptyState::EmptyState(const QString& icon, const QString& title, const QString& sentence, const QString& button,
                       QWidget* parent)
    : QWidget(parent), m_sentence(new QLabel(sentence, this)), m_button(new QPushButton(button, this))
{
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    auto* heading = new QLabel(title, this);
    heading->setProperty("role", "emptyTitle");
    heading->setAlignment(Qt::AlignCenter);
    m_sentence->setProperty("role", "dim");
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_sentence->setMaximumWidth(440);
    m_button->setProperty("role", "primary");
    m_button->setVisible(!button.isEmpty());

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->setSpacing(12);
    layout->addStretch(2);
    layout->addWidget(new LargeIcon(icon, this), 0, Qt::AlignHCenter);
    layout->addWidget(heading);
    // A stretch either side keeps the sentence's own width for wrapping: AlignHCenter would shrink it to its hint.
    auto* line = new QHBoxLayout;
    line->addStretch(1);
    line->addWidget(m_sentence, 100);
    line->addStretch(1);
    layout->addLayout(line);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
}

void EmptyState::setSentence(const QString& sentence)
{
    m_sentence->setText(sentence);
    setAccessibleDescription(sentence);
}

} // namespace limpid
