#include "ui/explain/VersionBox.h"

#include "ui/explain/ExplainWork.h"
#include "ui/session/Session.h"

#include <algorithm>

namespace limpid {

namespace {

QString referenceOf(const ModelVersion& version)
{
    return QStringLiteral("%1@%2").arg(QString::fromStdString(version.model)).arg(version.version);
}

std::vector<ModelVersion> newestFirst(const std::vector<ModelSummary>& models)
{
    std::vector<ModelVersion> versions;
    for (const ModelSummary& model : models)
        versions.insert(versions.end(), model.versions.begin(), model.versions.end());
    std::stable_sort(versions.begin(), versions.end(), [](const ModelVersion& a, const ModelVersion& b) { return a.createdMs > b.createdMs; });
    return versions;
}

} // namespace

VersionBox::VersionBox(Session& session, QWidget* parent) : QComboBox(parent), m_session(session)
{
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(this, &QComboBox::activated, this, [this] {
        m_byHand = true;
        ++m_token; // what a worker finds meanwhile comes too late
        setToolTip(currentText());
        emit versionChanged();
    });
    connect(&session, &Session::registryChanged, this, &VersionBox::fill);
    connect(&session, &Session::dataChanged, this, &VersionBox::findFitting);
    fill();
}

void VersionBox::fill()
{
    const QString before = currentData().toString();
    const QString newest = count() > 0 ? itemData(0).toString() : QString();
    clear();
    for (const ModelVersion& version : newestFirst(m_session.models())) {
        QString text = QStringLiteral("%1 · %2").arg(QString::fromStdString(version.model)).arg(version.version);
        if (!version.aliases.empty())
            text += QStringLiteral(" · ") + QString::fromStdString(version.aliases.front());
        addItem(text, referenceOf(version));
    }
    // What was chosen stays, unless a newer version came while the newest was chosen: then that is what one wants to see.
    const int kept = findData(before);
    const bool stays = kept >= 0 && (before != newest || itemData(0).toString() == newest);
    m_byHand = m_byHand && stays;
    showVersion(stays ? kept : 0);
    findFitting();
}

void VersionBox::showVersion(int index)
{
    setCurrentIndex(index);
    setToolTip(currentText());
    emit versionChanged();
}

void VersionBox::findFitting()
{
    QStringList references;
    for (int i = 0; i < count(); ++i)
        references << itemData(i).toString();
    if (m_session.data() == m_lookedAt && references == m_lookedFor)
        return;
    m_lookedAt = m_session.data();
    m_lookedFor = references;
    ++m_token;
    m_session.jobs().queue().cancel(m_job);
    if (!m_lookedAt || references.isEmpty() || !m_session.workspace())
        return;
    std::vector<ModelVersion> wanted = newestFirst(m_session.models());
    if (const auto chosen = version(); m_byHand && chosen)
        wanted.insert(wanted.begin(), *chosen);
    JobRunner::Options options;
    options.kind = "registry";
    m_job = m_session.jobs().run(
        options, this,
        [workspace = m_session.workspace(), wanted = std::move(wanted), data = m_lookedAt](Task& task) {
            for (const ModelVersion& version : wanted) {
                task.checkpoint();
                if (suits(*workspace, version, data->table()))
                    return referenceOf(version);
            }
            return QString();
        },
        [this, token = m_token](const QString& fitting) {
            if (token != m_token)
                return;
            const int index = findData(fitting);
            if (index < 0 || index == currentIndex())
                return; // where none fits, explaining says what the file lacks
            m_byHand = false;
            showVersion(index);
        },
        [](const std::exception_ptr&) {}); // a workspace that can't be read says so when the model is loaded
}

std::optional<ModelVersion> VersionBox::version() const
{
    const QString wanted = currentData().toString();
    for (const ModelSummary& model : m_session.models())
        for (const ModelVersion& version : model.versions)
            if (wanted == referenceOf(version))
                return version;
    return std::nullopt;
}

void VersionBox::choose(const QString& reference)
{
    m_byHand = true;
    ++m_token;
    showVersion(std::max(0, findData(reference)));
}

} // namespace limpid
