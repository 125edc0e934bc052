#include "ui/explain/KeptNote.h"

#include "ui/session/KeptTexts.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <utility>

namespace limpid {

KeptNote::KeptNote(Session& session, QWidget* parent) : QFrame(parent), m_session(session), m_text(new QLabel(this)), m_again(new QPushButton(this))
{
    setObjectName("keptNote");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2, 0, 0, 0);
    row->setSpacing(Theme::gap);
    m_text->setObjectName("explain.keptText");
    m_text->setWordWrap(true);
    m_again->setObjectName("explain.again");
    m_again->setToolTip(tr("Explains the same rows in the same way and compares the answers, byte for byte. What is shown stays."));
    row->addWidget(m_text, 1);
    row->addWidget(m_again);
    connect(m_again, &QPushButton::clicked, this, [this] { m_job != 0 ? m_session.jobs().queue().cancel(m_job) : compare(); });
    setRunning(false);
    hide();
}

KeptNote::~KeptNote()
{
    if (m_job != 0)
        m_session.jobs().queue().cancel(m_job);
}

void KeptNote::show(const KeptEntry& entry, bool sameModel)
{
    clear();
    m_entry = entry;
    const ExplanationRecord& record = entry.record;
    m_what = tr("As it was on %1: %2 of %3 · %4, %5.")
                 .arg(keptDateText(record.createdMs), keptMethodText(*entry.question), QString::fromStdString(record.model), QString::number(record.version),
                      keptRowsText(*entry.question));
    if (!record.name.empty())
        m_what.prepend(tr("“%1”. ").arg(QString::fromStdString(record.name)));
    if (!sameModel)
        m_what += QLatin1Char(' ') + tr("The version's files are not those that were explained.");
    m_text->setText(m_what);
    setVisible(true);
}

void KeptNote::clear()
{
    ++m_token;
    if (m_job != 0)
        m_session.jobs().queue().cancel(std::exchange(m_job, 0));
    setRunning(false);
    hide();
}

void KeptNote::setRunning(bool running) { m_again->setText(running ? tr("Stop") : tr("Explain again and compare")); }

void KeptNote::compare()
{
    if (!m_session.workspace())
        return;
    JobRunner::Options options;
    options.kind = "explain";
    options.subject = m_entry.record.model;
    options.lane = JobQueue::Lane::Background;
    options.tellCancelled = true;
    const auto ended = [this](const QString& sentence) {
        m_job = 0;
        m_text->setText(sentence.isEmpty() ? m_what : m_what + QLatin1Char(' ') + sentence);
        setRunning(false);
    };
    const std::uint64_t token = ++m_token;
    m_job = m_session.jobs().run(
        options, this,
        [workspace = m_session.workspace(), record = m_entry.record](Task& task) { return reproducesExplanation(*workspace, record, {}, task); },
        [this, ended, token](bool same) {
            if (token != m_token)
                return;
            const nlohmann::json build = m_entry.record.settings.value("build", nlohmann::json::object());
            ended(same ? tr("Made again: the same to the last byte.")
                       : tr("Made again: it differs. It was made by Limpid %1 with LibTorch %2; another build may round otherwise.")
                             .arg(QString::fromStdString(build.value("limpid", std::string("?"))), QString::fromStdString(build.value("torch", std::string("?")))));
        },
        [this, ended, token](const std::exception_ptr& failed) {
            if (token == m_token)
                ended(sentenceOf(failed));
        });
    m_text->setText(m_what + QLatin1Char(' ') + tr("Explaining again…"));
    setRunning(true);
}

} // namespace limpid
