#include "ui/network/NodePreviews.h"

#include "core/model/NetworkDiff.h"
#include "ui/session/JobRunner.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"

#include <utility>

namespace limpid {

namespace {

constexpr int quietMs = 300;                          ///< after the last edit
constexpr std::size_t mostLooked = 2000, mostTried = 24; ///< runs, the newest first

} // namespace

bool NodePreviews::Question::operator==(const Question& other) const
{
    return seed == other.seed && runs == other.runs && split == other.split && pipeline == other.pipeline && sameButPlaces(network, other.network);
}

NodePreviews::NodePreviews(Session& session, QObject* parent) : QObject(parent), m_session(session)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(quietMs);
    connect(&m_timer, &QTimer::timeout, this, &NodePreviews::compute);
    connect(&session, &Session::dataChanged, this, &NodePreviews::restart);
    connect(&session, &Session::planChanged, this, &NodePreviews::refresh);
    connect(&session, &Session::registryChanged, this, &NodePreviews::refresh); // a run that ended has weights
}

NodePreviews::~NodePreviews()
{
    stop();
}

void NodePreviews::setOn(bool on)
{
    if (on == m_on)
        return;
    m_on = on;
    restart();
}

void NodePreviews::restart()
{
    stop();
    forget();
    emit changed();
    refresh();
}

void NodePreviews::stop()
{
    m_timer.stop();
    if (m_job != 0)
        m_session.jobs().queue().cancel(std::exchange(m_job, 0));
}

void NodePreviews::forget()
{
    m_wanted.reset();
    m_preview.reset();
    m_problem.clear();
    m_answered = false;
}

void NodePreviews::refresh()
{
    if (!m_on)
        return;
    const auto plan = m_session.plan();
    if (!plan || !m_session.data() || !plan->analysis.ok() || plan->split.train.empty()) {
        stop();
        forget();
        emit changed();
        return;
    }
    const TrainRequest& request = m_session.request();
    Question question{plan->network, request.pipeline, request.split, request.train.seed, candidates(*m_session.data())};
    if (m_wanted && *m_wanted == question)
        return;
    stop();
    m_wanted = std::move(question);
    m_answered = false;
    m_timer.start();
    emit changed();
}

std::vector<std::int64_t> NodePreviews::candidates(const DataSet& data) const
{
    std::vector<std::int64_t> ids;
    const std::vector<RunRecord>& runs = m_session.runs();
    for (std::size_t i = 0; i < runs.size() && i < mostLooked && ids.size() < mostTried; ++i) {
        const RunRecord& run = runs[i];
        if (run.status != RunStatus::Finished && run.status != RunStatus::Stopped)
            continue;
        const auto hash = run.data.find("sha256");
        if (hash != run.data.end() && *hash == data.sha256)
            ids.push_back(run.id);
    }
    return ids;
}

void NodePreviews::compute()
{
    const auto plan = m_session.plan();
    if (!m_wanted || !plan)
        return;
    JobRunner::Options options;
    options.kind = "preview";
    options.memory = previewBytes(*plan);
    m_job = m_session.jobs().run(
        options, this,
        [plan, data = m_session.data(), request = m_session.request(), runs = m_wanted->runs, workspace = m_session.workspace()](Task& task) {
            std::optional<RunWeights> trained;
            if (workspace)
                trained = weightsOfSameRun(*workspace, runs, *data, request, plan->network, task);
            return std::make_shared<const NetworkPreview>(previewNetwork(*data, *plan, request.train.seed, trained ? &*trained : nullptr, task));
        },
        [this](std::shared_ptr<const NetworkPreview> preview) {
            m_job = 0;
            m_preview = std::move(preview);
            m_problem.clear();
            m_answered = true;
            emit changed();
        },
        [this](const std::exception_ptr& failure) {
            m_job = 0;
            m_preview.reset();
            m_problem = sentenceOf(failure);
            m_answered = true;
            emit changed();
        });
}

bool NodePreviews::isOf(const NetworkSpec& network) const
{
    return m_preview && m_answered && sameButPlaces(m_wanted->network, network);
}

QString NodePreviews::text() const
{
    if (!m_on)
        return {};
    if (!m_wanted)
        return tr("Values are shown once there are no errors");
    if (!m_answered)
        return tr("Finding out what layers give…");
    if (!m_preview)
        return m_problem;
    const QString rows = tr("%1 training rows").arg(countText(static_cast<qint64>(m_preview->rows)));
    return m_preview->run != 0 ? tr("%1 · weights of run %2").arg(rows).arg(m_preview->run)
                               : tr("%1 · weights as initialised (seed %2)").arg(rows).arg(m_wanted->seed);
}

} // namespace limpid
