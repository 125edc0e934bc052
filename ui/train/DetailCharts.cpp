#include "ui/train/DetailCharts.h"

#include "ui/charts/Chooser.h"
#include "ui/charts/LineChart.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/train/LiveCurve.h"
#include "ui/train/StoredCurve.h"

#include <QVBoxLayout>

#include <cmath>

namespace limpid {

namespace {

const QStringList keys{"metric", "rate", "gradients", "speed"};

} // namespace

DetailCharts::DetailCharts(Session& session, const Theme& theme, const std::shared_ptr<ChartCursor>& cursor, QWidget* parent)
    : Card(QString(), parent), m_session(session),
      m_chooser(new Chooser(theme, keys, {tr("Metric"), tr("Learning rate"), tr("Gradients"), tr("Speed")}, this))
{
    setAccessibleName(tr("Other curves of the run"));
    m_chooser->setObjectName("train.detail");
    m_chooser->setToolTip(tr("Gradients: the norm of each layer's gradient. Far apart or ever smaller, they say that layers learn at "
                             "different speeds or not at all. Speed: training rows a second."));
    addControl(m_chooser);
    const QString labels[] = {QString(), tr("learning rate"), tr("gradient norm, log"), tr("rows a second")};
    const char* names[] = {"metricChart", "rateChart", "gradientChart", "speedChart"};
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        LineChart* chart = m_charts[i] = new LineChart(theme, tr("epoch"), labels[i], this);
        chart->setObjectName(names[i]);
        chart->shareCursor(cursor);
        body()->addWidget(chart);
    }
    m_metricTrain = m_charts[Metric]->addLine(tr("train"), LineChart::Role::Train);
    m_metricLine = m_charts[Metric]->addLine(tr("validation"), LineChart::Role::Validation);
    m_rateLine = m_charts[Rate]->addLine(QString(), LineChart::Role::Other);
    m_speedLine = m_charts[Speed]->addLine(QString(), LineChart::Role::Other);
    m_charts[Gradients]->setLogScale(true);
    m_charts[Gradients]->setWhenEmpty(tr("Appears within the first epoch, after 64 steps at the earliest"));
    m_charts[Speed]->setWhenEmpty(tr("Appears with the first epoch"));
    connect(m_chooser, &Chooser::chosen, this, [this](const QString& key) {
        m_session.setViewValue("train.detail", key.toStdString());
        showChart(key);
    });
    const auto restore = [this] {
        if (const nlohmann::json value = m_session.viewValue("train.detail"); value.is_string())
            m_chooser->setCurrent(QString::fromStdString(value.get<std::string>()));
        showChart(m_chooser->current());
    };
    connect(&session, &Session::workspaceOpened, this, restore);
    restore();
}

void DetailCharts::showChart(const QString& key)
{
    for (std::size_t i = 0; i < m_charts.size(); ++i)
        m_charts[i]->setVisible(keys.indexOf(key) == static_cast<qsizetype>(i));
}

void DetailCharts::reset()
{
    for (LineChart* chart : m_charts)
        chart->clear();
    m_charts[Gradients]->removeLines(LineChart::Role::Layer);
    m_layers.clear();
    m_gradients.clear();
    m_epochs = m_metrics = 0;
    m_stored = 0;
}

void DetailCharts::setAxis(CurveAxis axis, const QString& unit)
{
    for (LineChart* chart : m_charts) {
        chart->setXLabel(unit);
        chart->setAxis(axis);
    }
}

void DetailCharts::setMarks(double expectedEnd, double best, const QString& bestLabel)
{
    for (LineChart* chart : m_charts) {
        chart->setExpectedEnd(expectedEnd);
        chart->setBest(chart == m_charts[Metric] ? best : std::nan(""), bestLabel);
    }
}

void DetailCharts::showCurves(const RunCurves& curves, const std::string& metric)
{
    if (metric != m_metricName) {
        m_metricName = metric;
        m_charts[Metric]->setYLabel(metricName(metric));
        m_charts[Metric]->clear();
        m_metrics = 0;
    }
    std::vector<CurvePoint> train, validation, rate, speed;
    for (; m_metrics < curves.epochs.size(); ++m_metrics) {
        const EpochRecord& epoch = curves.epochs[m_metrics];
        if (const auto value = epoch.validation.values.find(metric); value != epoch.validation.values.end())
            validation.push_back({epoch.step, epoch.seconds, value->second});
        if (const auto value = epoch.train.values.find(metric); value != epoch.train.values.end())
            train.push_back({epoch.step, epoch.seconds, value->second});
    }
    for (; m_epochs < curves.epochs.size(); ++m_epochs) {
        const EpochRecord& epoch = curves.epochs[m_epochs];
        rate.push_back({epoch.step, epoch.seconds, epoch.learningRate});
        if (const double rows = curves.rowsPerSecond(m_epochs); std::isfinite(rows))
            speed.push_back({epoch.step, epoch.seconds, rows});
    }
    const double epochs = 1.0 / curves.stepsPerEpoch;
    const auto add = [&](Chart chart, int line, const std::vector<CurvePoint>& points) {
        m_charts[chart]->appendPoints(line, std::span<const CurvePoint>(points));
        m_charts[chart]->setUnits(line, 1.0, epochs);
    };
    add(Metric, m_metricTrain, train);
    add(Metric, m_metricLine, validation);
    add(Rate, m_rateLine, rate);
    add(Speed, m_speedLine, speed);
    showLayers(curves);
}

void DetailCharts::showLayers(const RunCurves& curves)
{
    LineChart* chart = m_charts[Gradients];
    if (curves.gradientLayers != m_layers || curves.stored != m_stored) {
        chart->removeLines(LineChart::Role::Layer);
        m_layers = curves.gradientLayers;
        m_stored = curves.stored;
        m_gradients.clear();
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            const int line = chart->addLine(QString::fromStdString(m_layers[i]), LineChart::Role::Layer, false, static_cast<int>(i));
            if (m_stored != 0 && m_session.workspace())
                chart->setSource(line, std::make_shared<StoredCurve>(m_session.jobs(), m_session.workspace(), m_stored, "gradient/" + m_layers[i], 0,
                                                                     [this](const QString& sentence) {
                                                                         if (!sentence.isEmpty())
                                                                             emit m_session.failed(sentence);
                                                                     }));
            else if (curves.live)
                chart->setSource(line, m_gradients.emplace_back(std::make_shared<LiveCurve>(
                                           std::shared_ptr<const CurvePyramid>(curves.live, &curves.live->gradients[i]), 0)));
        }
    }
    for (const auto& curve : m_gradients)
        curve->grow();
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        chart->setUnits(static_cast<int>(i), 1.0, 1.0 / curves.stepsPerEpoch);
}

void DetailCharts::addCompared(const QString& name, int shade, const RunCurves& curves)
{
    std::vector<CurvePoint> points;
    for (const EpochRecord& epoch : curves.epochs)
        if (const auto value = epoch.validation.values.find(m_metricName); value != epoch.validation.values.end())
            points.push_back({epoch.step, epoch.seconds, value->second});
    if (points.empty())
        return;
    const int line = m_charts[Metric]->addLine(name, LineChart::Role::Compared, false, shade);
    m_charts[Metric]->appendPoints(line, std::span<const CurvePoint>(points));
    m_charts[Metric]->setUnits(line, 1.0, 1.0 / curves.stepsPerEpoch);
}

void DetailCharts::removeCompared() { m_charts[Metric]->removeCompared(); }

void DetailCharts::setCsvSaver(const std::function<void(const QString&, std::vector<CurveColumn>)>& save)
{
    for (LineChart* chart : m_charts)
        chart->setCsvSaver(save);
}

} // namespace limpid
