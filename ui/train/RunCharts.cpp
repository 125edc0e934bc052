#include "ui/train/RunCharts.h"

#include "ui/charts/LineChart.h"
#include "ui/charts/Segmented.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/widgets/Card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace limpid {

namespace {

CurveAxis axisOf(const QString& key)
{
    return key == QLatin1String("step") ? CurveAxis::Step : key == QLatin1String("time") ? CurveAxis::Time : CurveAxis::Epoch;
}

/// A dot in the colour of good or warn, and its sentence: the words say which it is.
class CheckLine final : public QWidget
{
public:
    CheckLine(const Theme& theme, RunCheck::Level level, const QString& text, QWidget* parent)
        : QWidget(parent), m_theme(theme), m_level(level)
    {
        auto* label = new QLabel(text, this);
        label->setWordWrap(true);
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(20, 2, 0, 2);
        layout->addWidget(label);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_level == RunCheck::Level::Good ? m_theme.colors().good : m_theme.colors().warn);
        painter.drawEllipse(QPointF(6.0, 11.0), 4.5, 4.5);
    }

private:
    const Theme& m_theme;
    RunCheck::Level m_level;
};

} // namespace

RunCharts::RunCharts(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_session(session), m_theme(theme), m_lossCard(new Card(tr("Loss"), this)),
      m_metricCard(new Card(QString(), this)), m_rateCard(new Card(tr("Learning rate"), this)), m_checksCard(new Card(tr("Checks"), this))
{
    m_loss = new LineChart(theme, tr("epoch"), tr("loss"), this);
    m_loss->setObjectName("lossChart");
    m_raw = m_loss->addLine(tr("train, each step"), LineChart::Role::Train, true);
    m_smooth = m_loss->addLine(tr("train"), LineChart::Role::Train);
    m_validation = m_loss->addLine(tr("validation"), LineChart::Role::Validation);
    m_lossCard->body()->addWidget(m_loss);

    m_metric = new LineChart(theme, tr("epoch"), QString(), this);
    m_metric->setObjectName("metricChart");
    m_metricLine = m_metric->addLine(tr("validation"), LineChart::Role::Validation);
    m_metricCard->body()->addWidget(m_metric);
    m_rate = new LineChart(theme, tr("epoch"), QString(), this);
    m_rate->setObjectName("rateChart");
    m_rateLine = m_rate->addLine(QString(), LineChart::Role::Other);
    m_rateCard->body()->addWidget(m_rate);

    auto* axis = new Segmented(theme, {"epoch", "step", "time"}, {tr("Epoch"), tr("Step"), tr("Time")}, this);
    axis->setObjectName("train.axis");
    auto* scale = new Segmented(theme, {"linear", "log"}, {tr("Linear"), tr("Log")}, this);
    scale->setObjectName("train.scale");
    m_lossCard->addControl(axis);
    m_lossCard->addControl(scale);
    connect(axis, &Segmented::chosen, this, [this](const QString& key) {
        m_session.setViewValue("train.axis", key.toStdString());
        m_axis = axisOf(key);
        rebuild();
    });
    connect(scale, &Segmented::chosen, this, [this](const QString& key) {
        m_session.setViewValue("train.scale", key.toStdString());
        m_loss->setLogScale(key == QLatin1String("log"));
    });
    const auto restore = [this, axis, scale] {
        if (const nlohmann::json value = m_session.viewValue("train.axis"); value.is_string())
            axis->setCurrent(QString::fromStdString(value.get<std::string>()));
        if (const nlohmann::json value = m_session.viewValue("train.scale"); value.is_string())
            scale->setCurrent(QString::fromStdString(value.get<std::string>()));
        m_axis = axisOf(axis->current());
        m_loss->setLogScale(scale->current() == QLatin1String("log"));
        rebuild();
    };
    connect(&session, &Session::workspaceOpened, this, restore);

    m_checks = new QVBoxLayout;
    m_checks->setSpacing(4);
    m_checksCard->body()->addLayout(m_checks);
    m_checksCard->body()->addStretch(1);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::gap);
    layout->addWidget(m_lossCard, 5);
    auto* row = new QHBoxLayout;
    row->setSpacing(Theme::gap);
    row->addWidget(m_metricCard, 1);
    row->addWidget(m_rateCard, 1);
    layout->addLayout(row, 3);
    layout->addWidget(m_checksCard, 0);
    restore();
}

void RunCharts::setCompact(bool compact)
{
    m_rateCard->setVisible(!compact);
    m_checksCard->setVisible(!compact);
}

void RunCharts::reset()
{
    for (LineChart* chart : {m_loss, m_metric, m_rate})
        chart->clear();
    m_steps = m_epochs = 0;
    m_stepsPerEpoch = 0.0;
    m_smoother = Smoother();
    m_curves = nullptr;
}

void RunCharts::rebuild()
{
    const RunCurves* curves = m_curves;
    reset();
    const QString unit = m_axis == CurveAxis::Epoch ? tr("epoch") : m_axis == CurveAxis::Step ? tr("step") : tr("seconds");
    for (LineChart* chart : {m_loss, m_metric, m_rate})
        chart->setXLabel(unit);
    if (curves)
        showCurves(*curves, m_metricName, m_lossName, m_running);
}

void RunCharts::showCurves(const RunCurves& curves, const std::string& metric, const QString& lossName, bool running)
{
    m_running = running;
    m_lossName = lossName;
    m_lossCard->setSubtitle(lossName);
    if (metric != m_metricName) {
        m_metricName = metric;
        m_metricCard->setTitle(metricName(metric));
        m_metric->setAccessibleName(metricName(metric));
    }
    if (curves.stepsPerEpoch != m_stepsPerEpoch || curves.steps.size() < m_steps || curves.epochs.size() < m_epochs) {
        reset();
        m_stepsPerEpoch = curves.stepsPerEpoch;
    }
    showNew(curves, running);
    m_curves = &curves;
}

void RunCharts::showNew(const RunCurves& curves, bool running)
{
    std::vector<QPointF> raw, smooth, validation, metric, rate;
    for (; m_steps < curves.steps.size(); ++m_steps) {
        const StepRecord& step = curves.steps[m_steps];
        const double x = axisValue(step, curves, m_axis);
        raw.emplace_back(x, step.loss);
        smooth.emplace_back(x, m_smoother.next(step.loss));
    }
    for (; m_epochs < curves.epochs.size(); ++m_epochs) {
        const EpochRecord& epoch = curves.epochs[m_epochs];
        const double x = axisValue(epoch, m_axis);
        validation.emplace_back(x, epoch.validationLoss);
        rate.emplace_back(x, epoch.learningRate);
        if (const auto value = epoch.validation.values.find(m_metricName); value != epoch.validation.values.end())
            metric.emplace_back(x, value->second);
    }
    m_loss->appendPoints(m_raw, raw);
    m_loss->appendPoints(m_smooth, smooth);
    m_loss->appendPoints(m_validation, validation);
    m_metric->appendPoints(m_metricLine, metric);
    m_rate->appendPoints(m_rateLine, rate);

    const double nothing = std::numeric_limits<double>::quiet_NaN();
    double end = nothing;
    if (running && m_axis != CurveAxis::Time)
        end = curves.plannedEpochs * (m_axis == CurveAxis::Step ? curves.stepsPerEpoch : 1.0);
    const EpochRecord* best = curves.best();
    for (LineChart* chart : {m_loss, m_metric, m_rate}) {
        chart->setExpectedEnd(end);
        chart->setBest(best && chart != m_rate ? axisValue(*best, m_axis) : nothing,
                       best ? tr("best, epoch %1").arg(best->epoch) : QString());
    }

    const std::vector<RunCheck> checks = checksOf(curves);
    QStringList texts;
    for (const RunCheck& check : checks)
        texts << checkText(check, running);
    if (texts == m_checkTexts && !m_checks->isEmpty())
        return;
    m_checkTexts = texts;
    while (QLayoutItem* item = m_checks->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (std::size_t i = 0; i < checks.size(); ++i)
        m_checks->addWidget(new CheckLine(m_theme, checks[i].level, texts[static_cast<qsizetype>(i)], m_checksCard));
    if (m_checks->count() == 0) { // isEmpty() is also true of lines that are not shown yet
        auto* label = new QLabel(tr("After the first epoch this says how the run goes."), m_checksCard);
        label->setProperty("role", "dim");
        label->setWordWrap(true);
        m_checks->addWidget(label);
    }
}

QString RunCharts::checkText(const RunCheck& check, bool running) const
{
    switch (check.kind) {
    case RunCheck::Kind::NotFinite:
        return tr("The loss of epoch %1 is not a number. A lower learning rate usually helps.").arg(check.epoch);
    case RunCheck::Kind::NoProgress:
        return running ? tr("Validation loss has not improved for %n epochs; stopping now would keep epoch %1.", nullptr, check.epochs).arg(check.epoch)
                       : tr("The last %n epochs did not improve the validation loss; epoch %1 was kept.", nullptr, check.epochs).arg(check.epoch);
    case RunCheck::Kind::Overfitting:
        return tr("Training loss falls while validation loss rises: the network learns the rows by heart. "
                  "Try more weight decay, Dropout or a smaller network.");
    case RunCheck::Kind::Improving:
        break;
    }
    return running ? tr("Validation loss is improving.") : tr("The run ended while its validation loss was still near its best; more epochs may help.");
}

} // namespace limpid
