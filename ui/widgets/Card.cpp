#include "ui/widgets/Card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStylePainter>
#include <QVBoxLayout>

namespace limpid {

namespace {

/// Ends in "…" where there is no room for all of it.
class ElidedLabel final : public QLabel
{
public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QStylePainter painter(this);
        const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
        painter.drawItemText(contentsRect(), static_cast<int>(alignment()), palette(), isEnabled(), shown, foregroundRole());
    }
};

} // namespace

Card::Card(const QString& title, QWidget* parent)
    : QFrame(parent), m_title(new QLabel(title, this)), m_subtitle(new ElidedLabel(this)), m_controls(new QHBoxLayout),
      m_body(new QVBoxLayout)
{
    setProperty("role", "card");
    setAccessibleName(title);
    m_title->setProperty("role", "cardTitle");
    m_subtitle->setProperty("role", "cardSubtitle");
    // A long file name gives way to the controls rather than pushing them out.
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    auto* row = new QWidget(this);
    row->setFixedHeight(40);
    auto* titleRow = new QHBoxLayout(row);
    titleRow->setContentsMargins(14, 0, 8, 0);
    titleRow->setSpacing(8);
    titleRow->addWidget(m_title);
    titleRow->addWidget(m_subtitle, 1);
    m_controls->setSpacing(8);
    titleRow->addLayout(m_controls);
    row->setVisible(!title.isEmpty());
    m_title->setObjectName("cardTitle");
    m_subtitle->setObjectName("cardSubtitle");
    row->setObjectName("cardTitleRow");

    m_body->setContentsMargins(14, title.isEmpty() ? 12 : 0, 14, 12);
    m_body->setSpacing(8);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(row);
    layout->addLayout(m_body, 1);
}

void Card::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
    m_title->parentWidget()->setVisible(!title.isEmpty());
}

void Card::setSubtitle(const QString& subtitle)
{
    m_subtitle->setText(subtitle);
    m_subtitle->setToolTip(subtitle);
}

void Card::addControl(QWidget* control)
{
    m_controls->addWidget(control);
    m_title->parentWidget()->setVisible(true);
}

} // namespace limpid
