#include "ui/train/RunCharts.h"

#include "ui/charts/LineChart.h"
#include "ui/charts/SaveCurves.h"
#include "ui/charts/Segmented.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/train/LiveCurve.h"
#include "ui/train/StoredCurve.h"
#include "ui/widgets/Card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

constexpr int smoothing = 50;      ///< steps; the same for every run, however long
constexpr qsizetype offered = 20;  ///< runs to compare with: the newest

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
    m_smooth = m_loss->addLine(tr("train, smoothed"), LineChart::Role::Train);
    m_validation = m_loss->addLine(tr("validation"), LineChart::Role::Validation);
    m_lossCard->body()->addWidget(m_loss);

    m_metric = new LineChart(theme, tr("epoch"), QString(), this);
    m_metric->setObjectName("metricChart");
    m_metricTrain = m_metric->addLine(tr("train"), LineChart::Role::Train);
    m_metricLine = m_metric->addLine(tr("validation"), LineChart::Role::Validation);
    m_metricCard->body()->addWidget(m_metric);
    m_rate = new LineChart(theme, tr("epoch"), QString(), this);
    m_rate->setObjectName("rateChart");
    m_rateLine = m_rate->addLine(QString(), LineChart::Role::Other);
    m_rateCard->body()->addWidget(m_rate);
    const auto cursor = std::make_shared<ChartCursor>();
    for (LineChart* chart : {m_loss, m_metric, m_rate}) {
        chart->shareCursor(cursor);
        chart->setCsvSaver([this](const QString& path, std::vector<CurveColumn> columns) { saveCsv(path, std::move(columns)); });
    }

    m_compare = new QToolButton(this);
    m_compare->setObjectName("train.compare");
    m_compare->setText(tr("Compare"));
    m_compare->setToolTip(tr("Lays the curves of other runs over this one's."));
    m_compare->setPopupMode(QToolButton::InstantPopup);
    m_compare->setMenu(new QMenu(m_compare));
    connect(m_compare->menu(), &QMenu::aboutToShow, this, &RunCharts::fillCompareMenu);
    m_lossCard->addControl(m_compare);

    auto* axis = new Segmented(theme, {"epoch", "step", "time"}, {tr("Epoch"), tr("Step"), tr("Time")}, this);
    axis->setObjectName("train.axis");
    auto* scale = new Segmented(theme, {"linear", "log"}, {tr("Linear"), tr("Log")}, this);
    scale->setObjectName("train.scale");
    m_lossCard->addControl(axis);
    m_lossCard->addControl(scale);
    connect(axis, &Segmented::chosen, this, [this](const QString& key) {
        m_session.setViewValue("train.axis", key.toStdString());
        setAxis(key);
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
        m_compared.clear();
        showCompared();
        m_loss->setLogScale(scale->current() == QLatin1String("log"));
        setAxis(axis->current());
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
    m_epochs = m_metrics = 0;
    m_best.reset();
    m_expectedEpochs = m_expectedSteps = 0.0;
    m_stored = 0;
    m_live.reset();
    m_liveRaw.reset();
    m_liveSmooth.reset();
    showCompared();
}

void RunCharts::setAxis(const QString& key)
{
    m_axis = axisOf(key);
    const QString unit = m_axis == CurveAxis::Epoch ? tr("epoch") : m_axis == CurveAxis::Step ? tr("step") : tr("seconds");
    for (LineChart* chart : {m_loss, m_metric, m_rate}) {
        chart->setXLabel(unit);
        chart->setAxis(m_axis);
    }
    showMarks();
}

void RunCharts::showCurves(const RunCurves& curves, const std::string& metric, const QString& lossName, bool running)
{
    m_lossCard->setSubtitle(lossName);
    if (curves.epochs.size() < m_epochs || (curves.live != m_live && m_live) || (curves.stored != m_stored && m_stored != 0))
        reset();
    if (metric != m_metricName) {
        m_metricName = metric;
        m_metricCard->setTitle(metricName(metric));
        m_metric->setAccessibleName(metricName(metric));
        m_metric->clear();
        m_metrics = 0;
        showCompared();
    }
    showNew(curves, running);
    showChecks(curves, running);
}

std::shared_ptr<StoredCurve> RunCharts::storedLoss(std::int64_t run, int window)
{
    return std::make_shared<StoredCurve>(m_session.jobs(), m_session.workspace(), run, "train/loss", window,
                                         [this](const QString& sentence) {
                                             if (!sentence.isEmpty())
                                                 emit m_session.failed(sentence);
                                         });
}

void RunCharts::showNew(const RunCurves& curves, bool running)
{
    if (curves.stored != m_stored && m_session.workspace()) {
        m_stored = curves.stored;
        m_loss->setSource(m_raw, storedLoss(m_stored, 0));
        m_loss->setSource(m_smooth, storedLoss(m_stored, smoothing));
    }
    if (curves.live != m_live) {
        m_live = curves.live;
        m_loss->setSource(m_raw, m_liveRaw = std::make_shared<LiveCurve>(m_live, 0));
        m_loss->setSource(m_smooth, m_liveSmooth = std::make_shared<LiveCurve>(m_live, smoothing));
    } else if (m_live) {
        m_liveRaw->grow();
        m_liveSmooth->grow();
    }
    std::vector<CurvePoint> validation, metric, metricTrain, rate;
    for (; m_epochs < curves.epochs.size(); ++m_epochs) {
        const EpochRecord& epoch = curves.epochs[m_epochs];
        validation.push_back({epoch.step, epoch.seconds, epoch.validationLoss});
        rate.push_back({epoch.step, epoch.seconds, epoch.learningRate});
    }
    for (; m_metrics < curves.epochs.size(); ++m_metrics) {
        const EpochRecord& epoch = curves.epochs[m_metrics];
        if (const auto value = epoch.validation.values.find(m_metricName); value != epoch.validation.values.end())
            metric.push_back({epoch.step, epoch.seconds, value->second});
        if (const auto value = epoch.train.values.find(m_metricName); value != epoch.train.values.end())
            metricTrain.push_back({epoch.step, epoch.seconds, value->second});
    }
    m_loss->appendPoints(m_validation, std::span<const CurvePoint>(validation));
    m_metric->appendPoints(m_metricTrain, std::span<const CurvePoint>(metricTrain));
    m_metric->appendPoints(m_metricLine, std::span<const CurvePoint>(metric));
    m_rate->appendPoints(m_rateLine, std::span<const CurvePoint>(rate));
    const double epochs = 1.0 / curves.stepsPerEpoch;
    for (const int line : {m_raw, m_smooth, m_validation})
        m_loss->setUnits(line, 1.0, epochs);
    for (const int line : {m_metricTrain, m_metricLine})
        m_metric->setUnits(line, 1.0, epochs);
    m_rate->setUnits(m_rateLine, 1.0, epochs);

    const EpochRecord* best = curves.best();
    m_best = best ? std::optional(*best) : std::nullopt;
    m_expectedEpochs = running ? curves.plannedEpochs : 0.0;
    m_expectedSteps = m_expectedEpochs * curves.stepsPerEpoch;
    showMarks();
}

void RunCharts::showMarks()
{
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    const double end = m_axis == CurveAxis::Epoch ? m_expectedEpochs : m_axis == CurveAxis::Step ? m_expectedSteps : 0.0;
    for (LineChart* chart : {m_loss, m_metric, m_rate}) {
        chart->setExpectedEnd(end > 0.0 ? end : nothing);
        chart->setBest(m_best && chart != m_rate ? axisValue(*m_best, m_axis) : nothing,
                       m_best ? tr("best, epoch %1").arg(m_best->epoch) : QString());
    }
}

void RunCharts::showChecks(const RunCurves& curves, bool running)
{
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

void RunCharts::fillCompareMenu()
{
    QMenu* menu = m_compare->menu();
    menu->clear();
    const std::int64_t shown = m_stored != 0 ? m_stored : m_live ? m_live->id : 0;
    for (const RunRecord& run : m_session.runs()) {
        if (run.id == shown)
            continue;
        QAction* action = menu->addAction(tr("Run %1 · %2").arg(run.id).arg(QString::fromStdString(run.name)));
        action->setObjectName(QStringLiteral("compare.%1").arg(run.id));
        action->setCheckable(true);
        action->setChecked(std::any_of(m_compared.begin(), m_compared.end(), [&run](const Compared& other) { return other.run == run.id; }));
        connect(action, &QAction::triggered, this, [this, run](bool on) { compare(run, on); });
        if (menu->actions().size() >= offered)
            break;
    }
    if (menu->isEmpty())
        menu->addAction(tr("There are no other runs yet"))->setEnabled(false);
}

void RunCharts::compare(const RunRecord& run, bool on)
{
    std::erase_if(m_compared, [&run](const Compared& other) { return other.run == run.id; });
    if (!on)
        return showCompared();
    Compared other;
    other.run = run.id;
    m_compared.push_back(std::move(other));
    JobRunner::Options options;
    options.kind = "load";
    options.subject = run.name;
    m_session.jobs().run(
        options, this, [workspace = m_session.workspace(), run](Task&) { return readCurves(*workspace, run); },
        [this, id = run.id](RunCurves read) {
            const auto own = std::find_if(m_compared.begin(), m_compared.end(), [id](const Compared& one) { return one.run == id; });
            if (own == m_compared.end()) // not wanted any more
                return;
            own->curves = std::move(read);
            own->loss = storedLoss(id, smoothing);
            showCompared();
        },
        [this](const std::exception_ptr& failure) { emit m_session.failed(sentenceOf(failure)); });
}

/// Of each other run its validation loss and figure, and behind them its smoothed training loss.
void RunCharts::showCompared()
{
    m_loss->removeCompared();
    m_metric->removeCompared();
    int shade = -1;
    for (const Compared& other : m_compared) {
        ++shade;
        if (!other.loss) // still being read
            continue;
        const QString name = tr("run %1").arg(other.run);
        std::vector<CurvePoint> validation, metric;
        for (const EpochRecord& epoch : other.curves.epochs) {
            if (std::isfinite(epoch.validationLoss))
                validation.push_back({epoch.step, epoch.seconds, epoch.validationLoss});
            if (const auto value = epoch.validation.values.find(m_metricName); value != epoch.validation.values.end())
                metric.push_back({epoch.step, epoch.seconds, value->second});
        }
        const double epochs = 1.0 / other.curves.stepsPerEpoch;
        const int train = m_loss->addLine(name, LineChart::Role::Compared, !validation.empty(), shade);
        m_loss->setSource(train, other.loss);
        m_loss->setUnits(train, 1.0, epochs);
        for (const auto& [chart, points] : {std::pair(m_loss, &validation), std::pair(m_metric, &metric)}) {
            if (points->empty())
                continue;
            const int line = chart->addLine(name, LineChart::Role::Compared, false, shade);
            chart->appendPoints(line, std::span<const CurvePoint>(*points));
            chart->setUnits(line, 1.0, epochs);
        }
    }
}

void RunCharts::saveCsv(const QString& path, std::vector<CurveColumn> columns)
{
    JobRunner::Options options;
    options.kind = "export";
    options.subject = path.toStdString();
    m_session.jobs().run(
        options, this,
        [path, columns = std::move(columns)](Task& task) {
            saveCurvesCsv(columns, path, task);
            return true;
        },
        [this, path](bool) { emit m_session.noticed(tr("The points were saved to %1.").arg(path)); },
        [this](const std::exception_ptr& failure) { emit m_session.failed(sentenceOf(failure)); });
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
