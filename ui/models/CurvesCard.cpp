#include "ui/models/CurvesCard.h"

#include "ui/charts/Chooser.h"
#include "ui/charts/LineChart.h"
#include "ui/charts/ValidationView.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

namespace limpid {

namespace {

constexpr std::string_view gradientPrefix = "gradient/";

struct Curves {
    std::vector<QPointF> train, validation;
    std::vector<std::pair<std::string, std::vector<QPointF>>> gradients; ///< by layer
    PicturePtr picture;
};

std::vector<QPointF> points(const Workspace& workspace, std::int64_t run, const std::string& series)
{
    std::vector<QPointF> result;
    for (const CurvePoint& point : workspace.curve(run, series))
        result.emplace_back(static_cast<double>(point.step), point.value);
    return result;
}

Curves readCurves(const Workspace& workspace, std::int64_t run)
{
    Curves curves{points(workspace, run, "epoch/train_loss"), points(workspace, run, "epoch/validation_loss"), {}, storedPicture(workspace, run)};
    for (const std::string& series : workspace.curveNames(run))
        if (series.starts_with(gradientPrefix))
            curves.gradients.emplace_back(series.substr(gradientPrefix.size()), points(workspace, run, series));
    // In the network's order.
    const nlohmann::json network = workspace.run(run).network;
    std::vector<std::string> order;
    if (network.is_object() && network.contains("nodes"))
        for (const nlohmann::json& node : network["nodes"])
            order.push_back(node.value("id", ""));
    std::stable_sort(curves.gradients.begin(), curves.gradients.end(), [&order](const auto& a, const auto& b) {
        return std::find(order.begin(), order.end(), a.first) < std::find(order.begin(), order.end(), b.first);
    });
    return curves;
}

} // namespace

CurvesCard::CurvesCard(Session& session, const Theme& theme, QWidget* parent)
    : Card(tr("Learning curves"), parent), m_session(session),
      m_chooser(new Chooser(theme, {"loss", "gradients"}, {tr("Loss"), tr("Gradients")}, this)),
      m_tightChooser(new Chooser(theme, {"loss", "gradients", "rows"}, {tr("Loss"), tr("Gradients"), tr("Validation")}, this)),
      m_parts(new QBoxLayout(QBoxLayout::TopToBottom)),
      m_chart(new LineChart(theme, tr("epoch"), tr("loss"), this)), m_gradients(new LineChart(theme, tr("step"), tr("gradient norm, log"), this)),
      m_validationRows(new QWidget(this)), m_pictures(new ValidationView(theme, m_validationRows)), m_pictureTitle(new QLabel(m_validationRows)),
      m_note(new QLabel(this))
{
    m_train = m_chart->addLine(tr("training"), LineChart::Role::Train);
    m_validation = m_chart->addLine(tr("validation"), LineChart::Role::Validation);
    m_chart->setObjectName("curves");
    m_gradients->setObjectName("gradientCurves");
    m_gradients->setLogScale(true);
    m_gradients->setWhenEmpty(tr("This run was too short to tell of its gradients, or was recorded without them."));
    for (LineChart* chart : {m_chart, m_gradients}) {
        chart->setMinimumHeight(140);
        m_parts->addWidget(chart, 1);
    }
    for (Chooser* chooser : {m_chooser, m_tightChooser}) {
        addControl(chooser);
        connect(chooser, &Chooser::chosen, this, [this](const QString& key) {
            for (Chooser* one : {m_chooser, m_tightChooser})
                one->setCurrent(key);
            showChart();
        });
    }

    auto* title = new QHBoxLayout;
    m_pictureTitle->setProperty("role", "section");
    title->addWidget(m_pictureTitle, 1);
    title->addWidget(m_pictures->chooser());
    auto* rows = new QVBoxLayout(m_validationRows);
    rows->setContentsMargins(0, 4, 0, 0);
    rows->addLayout(title);
    rows->addWidget(m_pictures, 1);
    m_pictures->setMinimumHeight(170);
    m_parts->setSpacing(16);
    m_parts->addWidget(m_validationRows, 1);
    body()->addLayout(m_parts, 1);

    m_note->setObjectName("curvesNote");
    m_note->setProperty("role", "dim");
    m_note->setWordWrap(true);
    m_note->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    body()->addWidget(m_note, 1);
    showRun(0, 0);
}

void CurvesCard::say(const QString& why)
{
    m_empty = !why.isEmpty();
    m_note->setText(why);
    m_note->setVisible(m_empty);
    showChart();
}

void CurvesCard::showChart()
{
    const bool tight = m_room == Room::Tight;
    const QString key = (tight ? m_tightChooser : m_chooser)->current();
    m_chooser->setVisible(!m_empty && !tight);
    m_tightChooser->setVisible(!m_empty && tight);
    m_chart->setVisible(!m_empty && key == QLatin1String("loss"));
    m_gradients->setVisible(!m_empty && key == QLatin1String("gradients"));
    m_validationRows->setVisible(!m_empty && (!tight || key == QLatin1String("rows")));
}

void CurvesCard::resizeEvent(QResizeEvent* event)
{
    Card::resizeEvent(event);
    constexpr int tall = 440, wide = 640;
    const Room room = height() >= tall ? Room::Tall : width() >= wide ? Room::Wide : Room::Tight;
    if (room == m_room)
        return;
    m_room = room;
    m_parts->setDirection(room == Room::Wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    showChart();
}

void CurvesCard::showRun(std::int64_t run, int bestEpoch)
{
    const std::uint64_t token = ++m_token;
    if (run != m_run) {
        m_chart->clear();
        m_gradients->removeLines(LineChart::Role::Layer);
        m_pictures->setPicture(nullptr);
        m_pictureTitle->clear();
    }
    m_run = run;
    m_chart->setBest(bestEpoch > 0 ? bestEpoch : std::numeric_limits<double>::quiet_NaN(), tr("best"));
    if (run == 0 || !m_session.workspace())
        return say(tr("Select a run to see how its loss went down."));
    say({});
    JobRunner::Options options;
    options.kind = "load";
    options.subject = tr("curves").toStdString();
    options.lane = JobQueue::Lane::Foreground;
    m_session.jobs().run(
        options, this, [workspace = m_session.workspace(), run](Task&) { return readCurves(*workspace, run); },
        [this, token](Curves curves) {
            if (token != m_token)
                return;
            if (curves.train.empty() && curves.validation.empty())
                say(tr("This run ended before its first epoch did."));
            m_chart->setPoints(m_train, std::move(curves.train));
            m_chart->setPoints(m_validation, std::move(curves.validation));
            m_chart->fit();
            m_gradients->removeLines(LineChart::Role::Layer);
            int shade = 0;
            for (auto& [layer, norms] : curves.gradients) {
                const int line = m_gradients->addLine(QString::fromStdString(layer), LineChart::Role::Layer, false, shade++);
                m_gradients->setPoints(line, std::move(norms));
            }
            m_gradients->fit();
            m_pictureTitle->setText(curves.picture ? tr("VALIDATION, EPOCH %1").arg(curves.picture->epoch) : tr("VALIDATION"));
            m_pictures->setPicture(curves.picture, tr("This run was recorded without pictures of its validation rows."));
        },
        [this, token](const std::exception_ptr& failure) {
            if (token != m_token)
                return;
            try {
                std::rethrow_exception(failure);
            } catch (const Error& error) {
                say(message(error));
            } catch (const std::exception&) {
                say(tr("The curves could not be read."));
            }
        });
}

} // namespace limpid
