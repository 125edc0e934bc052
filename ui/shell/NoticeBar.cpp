#include "ui/shell/NoticeBar.h"

#include "ui/theme/Theme.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>

namespace limpid {

namespace {
constexpr int noteShownMs = 8000;
constexpr std::size_t noticesKept = 20;
} // namespace

NoticeBar::NoticeBar(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_icon(new QLabel(this)), m_text(new QLabel(this))
{
    setObjectName("noticeBar");
    setAccessibleName(tr("Notice"));
    setMinimumWidth(420);
    setMaximumWidth(640);
    m_text->setObjectName("noticeText");
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setFocusPolicy(Qt::NoFocus);
    auto* close = new QToolButton(this);
    close->setObjectName("noticeClose");
    close->setIcon(theme.icon("close"));
    close->setToolTip(tr("Dismiss"));
    close->setAccessibleName(tr("Dismiss"));
    connect(close, &QToolButton::clicked, this, &NoticeBar::dismiss);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 6);
    layout->setSpacing(10);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(close, 0, Qt::AlignTop);

    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &NoticeBar::dismiss);
    connect(&theme, &Theme::changed, this, &NoticeBar::showNewest);
    hide();
}

void NoticeBar::showFailure(const QString& sentence) { add({sentence, true}); }
void NoticeBar::showNote(const QString& sentence) { add({sentence, false}); }

QString NoticeBar::text() const { return m_text->text(); }

void NoticeBar::add(Notice notice)
{
    if (notice.sentence.isEmpty())
        return;
    std::erase_if(m_notices, [&](const Notice& old) { return !old.failure || old.sentence == notice.sentence; });
    m_notices.push_back(std::move(notice));
    if (m_notices.size() > noticesKept)
        m_notices.erase(m_notices.begin());
    showNewest();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void NoticeBar::dismiss()
{
    if (!m_notices.empty())
        m_notices.pop_back();
    showNewest();
}

void NoticeBar::showNewest()
{
    m_timer.stop();
    if (m_notices.empty()) {
        hide();
        return;
    }
    const Notice& notice = m_notices.back();
    const ThemeColors& colors = m_theme.colors();
    m_icon->setPixmap(m_theme.icon(notice.failure ? "warning" : "check", notice.failure ? colors.bad : colors.good)
                          .pixmap(QSize(18, 18), devicePixelRatioF()));
    m_text->setText(notice.sentence);
    setAccessibleDescription(notice.sentence);
    setProperty("severity", notice.failure ? "bad" : "note");
    style()->unpolish(this);
    style()->polish(this);
    if (!notice.failure)
        m_timer.start(noteShownMs);
    show();
}

} // namespace limpid
