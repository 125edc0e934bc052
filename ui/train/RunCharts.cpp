#include "ui/train/RunCharts.h"

#include "ui/charts/Chooser.h"
#include "ui/charts/LineChart.h"
#include "ui/charts/SaveCurves.h"
#include "ui/charts/Segmented.h"
#include "ui/charts/ValidationView.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/train/DetailCharts.h"
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
#include <utility>

namespace limpid {

namespace {

constexpr int windows[] = {0, 10, 50, 200}; ///< steps that one can smooth over; 0: not at all
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
    : QWidget(parent), m_session(session), m_theme(theme),
      m_sections(new Segmented(theme, {"loss", "details", "validation", "checks"}, {tr("Loss"), tr("More curves"), tr("Validation"), tr("Checks")}, this)),
      m_lossCard(new Card(tr("Loss"), this)), m_validationCard(new Card(tr("Validation rows"), this)), m_checksCard(new Card(tr("Checks"), this)),
      m_pictures(new ValidationView(theme, m_validationCard)), m_compare(new QToolButton(this)), m_smoothing(new QToolButton(this)),
      m_lower(new QWidget(this))
{
    const auto cursor = std::make_shared<ChartCursor>();
    const auto save = [this](const QString& path, std::vector<CurveColumn> columns) { saveCsv(path, std::move(columns)); };
    m_loss = new LineChart(theme, tr("epoch"), tr("loss"), this);
    m_loss->setObjectName("lossChart");
    m_raw = m_loss->addLine(tr("train, each step"), LineChart::Role::Train, true);
    m_smooth = m_loss->addLine(tr("train, smoothed"), LineChart::Role::Train);
    m_validation = m_loss->addLine(tr("validation"), LineChart::Role::Validation);
    m_loss->shareCursor(cursor);
    m_loss->setCsvSaver(save);
    m_loss->setMenu([this](QMenu& menu) {
        menu.addSeparator();
        fillSmoothingMenu(*menu.addMenu(tr("Smoothing")));
    });
    m_lossCard->body()->addWidget(m_loss);
    m_details = new DetailCharts(session, theme, cursor, this);
    m_details->setCsvSaver(save);

    m_validationCard->addControl(m_pictures->chooser());
    m_validationCard->body()->addWidget(m_pictures);

    m_smoothing->setObjectName("train.smoothing");
    m_smoothing->setToolTip(tr("Over how many steps the training loss is smoothed. Every step stays visible behind it."));
    m_smoothing->setPopupMode(QToolButton::InstantPopup);
    m_smoothing->setMenu(new QMenu(m_smoothing));
    connect(m_smoothing->menu(), &QMenu::aboutToShow, this, [this] {
        m_smoothing->menu()->clear();
        fillSmoothingMenu(*m_smoothing->menu());
    });
    m_compare->setObjectName("train.compare");
    m_compare->setText(tr("Compare"));
    m_compare->setToolTip(tr("Lays the curves of other runs over this one's."));
    m_compare->setPopupMode(QToolButton::InstantPopup);
    m_compare->setMenu(new QMenu(m_compare));
    connect(m_compare->menu(), &QMenu::aboutToShow, this, &RunCharts::fillCompareMenu);
    m_lossCard->addControl(m_smoothing);
    m_lossCard->addControl(m_compare);

    auto* axis = new Chooser(theme, {"epoch", "step", "time"}, {tr("Epoch"), tr("Step"), tr("Time")}, this);
    axis->setObjectName("train.axis");
    auto* scale = new Chooser(theme, {"linear", "log"}, {tr("Linear"), tr("Log")}, this);
    scale->setObjectName("train.scale");
    m_lossCard->addControl(axis);
    m_lossCard->addControl(scale);
    m_sections->setObjectName("train.section");
    const auto remember = [this](const char* key, const QString& value) { m_session.setViewValue(key, value.toStdString()); };
    connect(axis, &Chooser::chosen, this, [this, remember](const QString& key) {
        remember("train.axis", key);
        setAxis(key);
    });
    connect(scale, &Chooser::chosen, this, [this, remember](const QString& key) {
        remember("train.scale", key);
        m_loss->setLogScale(key == QLatin1String("log"));
    });
    connect(m_pictures, &ValidationView::chosen, this, [remember](const QString& key) { remember("train.picture", key); });
    connect(m_sections, &Segmented::chosen, this, [this, remember](const QString& key) {
        remember("train.section", key);
        showCards();
    });
    const auto restore = [this, axis, scale] {
        m_compared.clear();
        if (m_stored != 0) // of the workspace before
            reset();
        const auto stored = [this](const char* key, const QString& otherwise) {
            const nlohmann::json value = m_session.viewValue(key);
            return value.is_string() ? QString::fromStdString(value.get<std::string>()) : otherwise;
        };
        axis->setCurrent(stored("train.axis", axis->current()));
        scale->setCurrent(stored("train.scale", scale->current()));
        m_sections->setCurrent(stored("train.section", m_sections->current()));
        m_pictures->setCurrent(stored("train.picture", m_pictures->current()));
        const nlohmann::json window = m_session.viewValue("train.smoothing");
        if (window.is_number_integer() && std::find(std::begin(windows), std::end(windows), window.get<int>()) != std::end(windows))
            m_window = window.get<int>();
        setSmoothing(m_window);
        m_loss->setLogScale(scale->current() == QLatin1String("log"));
        setAxis(axis->current());
        showCards();
    };
    connect(&session, &Session::workspaceOpened, this, restore);

    m_checks = new QVBoxLayout;
    m_checks->setSpacing(4);
    m_checksCard->body()->addLayout(m_checks);
    m_checksCard->body()->addStretch(1);
    m_checksCard->setMinimumHeight(112); // two checks: the charts above keep their places when one comes or goes

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::gap);
    layout->addWidget(m_sections);
    layout->addWidget(m_lossCard, 5);
    auto* row = new QHBoxLayout(m_lower);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::gap);
    row->addWidget(m_details, 1);
    row->addWidget(m_validationCard, 1);
    layout->addWidget(m_lower, 4);
    layout->addWidget(m_checksCard, 0);
    restore();
}

void RunCharts::setCompact(bool compact)
{
    m_compact = compact;
    showCards();
}

void RunCharts::showCards()
{
    m_sections->setVisible(m_compact);
    const QString section = m_sections->current();
    const auto shown = [&](const char* key) { return !m_compact || section == QLatin1String(key); };
    m_lossCard->setVisible(shown("loss"));
    m_details->setVisible(shown("details"));
    m_validationCard->setVisible(shown("validation"));
    m_lower->setVisible(shown("details") || shown("validation")); // a hidden part of a row would keep its room
    m_checksCard->setVisible(shown("checks"));
    static_cast<QBoxLayout*>(layout())->setStretchFactor(m_checksCard, m_compact ? 1 : 0);
}

void RunCharts::reset()
{
    m_loss->clear();
    m_details->reset();
    m_epochs = 0;
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
    m_loss->setXLabel(unit);
    m_loss->setAxis(m_axis);
    m_details->setAxis(m_axis, unit);
    showMarks();
}

void RunCharts::fillSmoothingMenu(QMenu& menu)
{
    for (const int window : windows) {
        QAction* action = menu.addAction(window == 0 ? tr("Off") : tr("%1 steps").arg(window));
        action->setObjectName(QStringLiteral("smoothing.%1").arg(window));
        action->setCheckable(true);
        action->setChecked(window == m_window);
        connect(action, &QAction::triggered, this, [this, window] {
            m_session.setViewValue("train.smoothing", window);
            setSmoothing(window);
        });
    }
}

/// The smoothed line anew, from the points that are here or in the store.
void RunCharts::setSmoothing(int window)
{
    m_window = window;
    m_smoothing->setText(window == 0 ? tr("Smoothing off") : tr("Smoothed %1").arg(window));
    m_loss->setFaint(m_raw, window > 0);
    m_loss->clearLine(m_smooth);
    m_liveSmooth.reset();
    if (window > 0 && m_stored != 0)
        m_loss->setSource(m_smooth, storedLoss(m_stored, window));
    else if (window > 0 && m_live)
        m_loss->setSource(m_smooth, m_liveSmooth = std::make_shared<LiveCurve>(liveLoss(), window));
    for (Compared& other : m_compared)
        if (other.loss)
            other.loss = storedLoss(other.run, m_window);
    showCompared();
}

void RunCharts::showCurves(const RunCurves& curves, const std::string& metric, const QString& lossName, bool running)
{
    m_lossCard->setSubtitle(lossName);
    if (curves.epochs.size() < m_epochs || (curves.live != m_live && m_live) || (curves.stored != m_stored && m_stored != 0))
        reset();
    const bool otherMetric = std::exchange(m_metricName, metric) != metric;
    showNew(curves, running);
    m_details->showCurves(curves, metric);
    if (otherMetric)
        showCompared();
    showPicture(curves, running);
    showChecks(curves, running);
}

std::shared_ptr<const CurvePyramid> RunCharts::liveLoss() const { return {m_live, &m_live->losses}; }

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
        if (m_window > 0)
            m_loss->setSource(m_smooth, storedLoss(m_stored, m_window));
    }
    if (curves.live != m_live) {
        m_live = curves.live;
        m_loss->setSource(m_raw, m_liveRaw = std::make_shared<LiveCurve>(liveLoss(), 0));
        if (m_window > 0)
            m_loss->setSource(m_smooth, m_liveSmooth = std::make_shared<LiveCurve>(liveLoss(), m_window));
    } else if (m_live) {
        m_liveRaw->grow();
        if (m_liveSmooth)
            m_liveSmooth->grow();
    }
    std::vector<CurvePoint> validation;
    for (; m_epochs < curves.epochs.size(); ++m_epochs) {
        const EpochRecord& epoch = curves.epochs[m_epochs];
        validation.push_back({epoch.step, epoch.seconds, epoch.validationLoss});
    }
    m_loss->appendPoints(m_validation, std::span<const CurvePoint>(validation));
    for (const int line : {m_raw, m_smooth, m_validation})
        m_loss->setUnits(line, 1.0, 1.0 / curves.stepsPerEpoch);

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
    const double best = m_best ? axisValue(*m_best, m_axis) : nothing;
    const QString label = m_best ? tr("best, epoch %1").arg(m_best->epoch) : QString();
    m_loss->setExpectedEnd(end > 0.0 ? end : nothing);
    m_loss->setBest(best, label);
    m_details->setMarks(end > 0.0 ? end : nothing, best, label);
}

void RunCharts::showPicture(const RunCurves& curves, bool running)
{
    const auto& picture = curves.picture;
    m_pictures->setPicture(picture, curves.stored != 0     ? tr("This run was recorded without pictures of its validation rows.")
                                    : running || curves.epochs.empty() ? tr("After the first epoch this shows how the validation rows are predicted.")
                                                           : tr("There is no picture of this run's validation rows."));
    m_validationCard->setTitle(picture ? tr("Epoch %1").arg(picture->epoch) : tr("Validation rows"));
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
            own->loss = storedLoss(id, m_window);
            showCompared();
        },
        [this](const std::exception_ptr& failure) { emit m_session.failed(sentenceOf(failure)); });
}

/// Of each other run its validation loss and figure, and behind them its smoothed training loss.
void RunCharts::showCompared()
{
    m_loss->removeCompared();
    m_details->removeCompared();
    int shade = -1;
    for (const Compared& other : m_compared) {
        ++shade;
        if (!other.loss) // still being read
            continue;
        const QString name = tr("run %1").arg(other.run);
        std::vector<CurvePoint> validation;
        for (const EpochRecord& epoch : other.curves.epochs)
            if (std::isfinite(epoch.validationLoss))
                validation.push_back({epoch.step, epoch.seconds, epoch.validationLoss});
        const double epochs = 1.0 / other.curves.stepsPerEpoch;
        const int train = m_loss->addLine(name, LineChart::Role::Compared, !validation.empty(), shade);
        m_loss->setSource(train, other.loss);
        m_loss->setUnits(train, 1.0, epochs);
        if (!validation.empty()) {
            const int line = m_loss->addLine(name, LineChart::Role::Compared, false, shade);
            m_loss->appendPoints(line, std::span<const CurvePoint>(validation));
            m_loss->setUnits(line, 1.0, epochs);
        }
        m_details->addCompared(name, shade, other.curves);
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
        return tr("The loss of epoch %1 is not a number: the training went astray. A lower learning rate or clipped gradients usually help.").arg(check.epoch);
    case RunCheck::Kind::NoProgress:
        return running ? tr("Validation loss has not improved for %n epochs; stopping now would keep epoch %1.", nullptr, check.epochs).arg(check.epoch)
                       : tr("The last %n epochs did not improve the validation loss; epoch %1 was kept.", nullptr, check.epochs).arg(check.epoch);
    case RunCheck::Kind::Overfitting:
        return tr("Since epoch %1 the training loss falls while the validation loss rises: the network learns the rows by heart. "
                  "Try more weight decay, Dropout or a smaller network.").arg(check.epoch);
    case RunCheck::Kind::DeadUnits:
        return tr("%1 of %2 units of %3 are dead: they give 0 for every validation row and learn nothing. "
                  "Try a lower learning rate, LeakyReLU or fewer units.")
            .arg(countText(check.dead.dead), countText(check.dead.units), QString::fromStdString(check.dead.layer));
    case RunCheck::Kind::Improving:
        break;
    }
    return running ? tr("Validation loss is improving.") : tr("The run ended while its validation loss was still near its best; more epochs may help.");
}

} // namespace limpid
