#include "ui/models/CurvesCard.h"

#include "ui/charts/LineChart.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"

#include <QLabel>
#include <QVBoxLayout>

#include <limits>

namespace limpid {

namespace {

struct Curves {
    std::vector<QPointF> train, validation;
};

std::vector<QPointF> points(const Workspace& workspace, std::int64_t run, const std::string& series)
{
    std::vector<QPointF> result;
    for (const CurvePoint& point : workspace.curve(run, series))
        result.emplace_back(static_cast<double>(point.step), point.value);
    return result;
}

} // namespace

CurvesCard::CurvesCard(Session& session, const Theme& theme, QWidget* parent)
    : Card(tr("Learning curves"), parent), m_session(session),
      m_chart(new LineChart(theme, tr("epoch"), tr("loss"), this)), m_note(new QLabel(this))
{
    m_train = m_chart->addLine(tr("training"), LineChart::Role::Train);
    m_validation = m_chart->addLine(tr("validation"), LineChart::Role::Validation);
    m_chart->setObjectName("curves");
    m_chart->setMinimumHeight(140);
    m_note->setObjectName("curvesNote");
    m_note->setProperty("role", "dim");
    m_note->setWordWrap(true);
    m_note->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    body()->addWidget(m_chart, 1);
    body()->addWidget(m_note);
    showRun(0, 0);
}

void CurvesCard::showRun(std::int64_t run, int bestEpoch)
{
    const std::uint64_t token = ++m_token;
    if (run != m_run)
        m_chart->clear();
    m_run = run;
    m_chart->setBest(bestEpoch > 0 ? bestEpoch : std::numeric_limits<double>::quiet_NaN(), tr("best"));
    if (run == 0 || !m_session.workspace()) {
        m_note->setText(tr("Select a run to see how its loss went down."));
        m_note->show();
        m_chart->hide();
        return;
    }
    m_note->hide();
    m_chart->show();
    JobRunner::Options options;
    options.kind = "load";
    options.subject = tr("curves").toStdString();
    options.lane = JobQueue::Lane::Foreground;
    m_session.jobs().run(
        options, this,
        [workspace = m_session.workspace(), run](Task&) {
            return Curves{points(*workspace, run, "epoch/train_loss"), points(*workspace, run, "epoch/validation_loss")};
        },
        [this, token](Curves curves) {
            if (token != m_token)
                return;
            const bool empty = curves.train.empty() && curves.validation.empty();
            m_note->setText(tr("This run ended before its first epoch did."));
            m_note->setVisible(empty);
            m_chart->setVisible(!empty);
            m_chart->setPoints(m_train, std::move(curves.train));
            m_chart->setPoints(m_validation, std::move(curves.validation));
            m_chart->fit();
        },
        [this, token](const std::exception_ptr& failure) {
            if (token != m_token)
                return;
            try {
                std::rethrow_exception(failure);
            } catch (const Error& error) {
                m_note->setText(message(error));
            } catch (const std::exception&) {
                m_note->setText(tr("The curves could not be read."));
            }
            m_note->show();
            m_chart->hide();
        });
}

} // namespace limpid
