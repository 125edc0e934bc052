#include "ui/train/TrainPage.h"

#include "ui/charts/PlotTools.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/train/ConfusionView.h"
#include "ui/train/FigureList.h"
#include "ui/train/RunCharts.h"
#include "ui/train/StudyPanel.h"
#include "ui/train/TrainForm.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Scrolled.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QStackedLayout>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr int wideFrom = 1100; // below this the figures stand under the charts

/// What stands between the settings and a run: a sentence, and the page where it is mended.
struct Problem {
    QString sentence, page, button;
};

/// What of a run is needed beside its curves to word and chart them.
struct RunFacts {
    QString title;
    TaskKind task = TaskKind::Regression;
    QStringList classes;
    std::string loss = "auto";
    QString failure;
    bool running = false;
    std::vector<std::int64_t> confusion;             ///< of the weights kept, where the run has ended
    std::map<std::string, double> kept;              ///< figures of the weights kept, where the run has ended
};

/// A figure over the epochs so far.
struct Figures {
    double best = std::nan(""), last = std::nan("");
};

std::vector<std::string> metricsOf(TaskKind task)
{
    switch (task) {
    case TaskKind::Binary: return {"roc_auc", "f1", "log_loss", "accuracy"};
    case TaskKind::MultiClass: return {"accuracy", "macro_f1", "log_loss"};
    case TaskKind::MultiLabel: return {"macro_roc_auc", "macro_f1", "subset_accuracy", "hamming_loss", "log_loss"};
    case TaskKind::Regression:
    case TaskKind::MultiRegression: break;
    }
    return {"r2", "rmse", "mae"};
}

QStringList toStringList(const std::vector<std::string>& names)
{
    QStringList list;
    for (const std::string& name : names)
        list << QString::fromStdString(name);
    return list;
}

} // namespace

struct TrainPage::Private {
    TrainPage* q;
    Session& session;
    const Theme& theme;
    QStackedLayout* stack = nullptr;
    EmptyState* empty = nullptr;
    QString emptyPage;
    QWidget* content = nullptr;
    QGridLayout* grid = nullptr;
    Card *settings = nullptr, *figuresCard = nullptr;
    TrainForm* form = nullptr;
    StudyPanel* study = nullptr;
    QLabel *problem = nullptr, *progress = nullptr;
    QPushButton *mend = nullptr, *start = nullptr, *pause = nullptr, *stop = nullptr;
    QComboBox* which = nullptr;    ///< of the live runs, where there are several
    QWidget* liveRate = nullptr;   ///< the learning rate of the run that trains
    QLineEdit* rate = nullptr;
    QString mendPage;
    RunCharts* charts = nullptr;
    QScrollArea* figuresArea = nullptr;
    FigureList* figures = nullptr;
    QWidget* figuresBody = nullptr;
    QGridLayout* figuresLayout = nullptr;
    QLabel* confusionTitle = nullptr;
    ConfusionView* confusion = nullptr;
    bool wide = true;

    RunCurves curves;
    RunFacts facts;
    std::map<std::string, Figures> soFar; ///< by metric
    std::size_t seen = 0;          ///< epochs that are in `soFar`
    bool hasRun = false;
    std::int64_t restored = 0;     ///< id of the run read back, 0: none
    std::uint64_t restoreToken = 0;

    Private(TrainPage* page, Session& itsSession, const Theme& itsTheme) : q(page), session(itsSession), theme(itsTheme) {}

    void build();
    void arrange();
    Problem currentProblem() const;
    void showState();
    void showLiveRuns();
    void showWatched();
    void runProgressed();
    void restoreLastRun();
    void showRun();
    void showFigures();
    QString lossName() const;
};

void TrainPage::Private::build()
{
    stack = new QStackedLayout(q);
    empty = new EmptyState("train", TrainPage::tr("Nothing to train yet"), QString(), TrainPage::tr("Open data"), q);
    empty->setObjectName("trainEmpty");
    QObject::connect(empty->button(), &QPushButton::clicked, q, [this] { emit session.pageRequested(emptyPage); });
    stack->addWidget(empty);

    content = new QWidget(q);
    grid = new QGridLayout(content);
    grid->setContentsMargins(Theme::margin, Theme::margin, Theme::margin, Theme::margin);
    grid->setSpacing(Theme::gap);
    stack->addWidget(content);

    settings = new Card(TrainPage::tr("Settings"), content);
    settings->setFixedWidth(280);
    which = new QComboBox(settings);
    which->setObjectName("trainRun");
    which->setAccessibleName(TrainPage::tr("Run that is shown"));
    which->setToolTip(TrainPage::tr("Runs that train or wait: the charts and the buttons below are about the one chosen here."));
    which->hide();
    settings->addControl(which);
    QObject::connect(which, &QComboBox::activated, q, [this](int index) {
        const std::uint64_t job = which->itemData(index).toULongLong();
        for (const auto& live : session.liveRuns())
            if (live->job == job)
                return session.watch(live);
    });
    form = new TrainForm(session, theme, settings);
    settings->body()->addWidget(scrolled(form, settings), 1);
    problem = new QLabel(settings);
    problem->setObjectName("trainProblem");
    problem->setProperty("role", "warn");
    problem->setWordWrap(true);
    settings->body()->addWidget(problem);
    progress = new QLabel(settings);
    progress->setObjectName("trainProgress");
    progress->setProperty("role", "dim");
    progress->setWordWrap(true);
    settings->body()->addWidget(progress);
    liveRate = new QWidget(settings);
    auto* rateRow = new QHBoxLayout(liveRate);
    rateRow->setContentsMargins(0, 0, 0, 0);
    auto* rateLabel = new QLabel(TrainPage::tr("Learning rate now"), liveRate);
    rateLabel->setProperty("role", "dim");
    rate = new QLineEdit(liveRate);
    rate->setObjectName("trainLiveRate");
    rate->setAccessibleName(rateLabel->text());
    rate->setFixedWidth(84);
    rate->setToolTip(TrainPage::tr("Changes the rate of the run that trains, from its next step on (Enter). The schedule goes on from it."));
    rateLabel->setBuddy(rate);
    rateRow->addWidget(rateLabel, 1);
    rateRow->addWidget(rate);
    settings->body()->addWidget(liveRate);
    QObject::connect(rate, &QLineEdit::returnPressed, q, [this] {
        bool fits = false;
        const double value = QLocale::c().toDouble(rate->text().trimmed(), &fits);
        if (fits && value >= 1e-8 && value <= 10.0)
            session.setLiveLearningRate(value);
        else
            emit session.noticed(TrainPage::tr("“%1” is no learning rate. Give a number from 1e-8 to 10.").arg(rate->text()));
        rate->setModified(false);
    });
    study = new StudyPanel(session, settings);
    settings->body()->addWidget(study);
    auto* steering = new QHBoxLayout;
    pause = new QPushButton(settings);
    pause->setObjectName("trainPause");
    stop = new QPushButton(settings);
    stop->setObjectName("trainStop");
    steering->addWidget(pause);
    steering->addWidget(stop);
    steering->addStretch(1);
    settings->body()->addLayout(steering);
    auto* buttons = new QHBoxLayout;
    start = new QPushButton(settings);
    start->setObjectName("trainStart");
    start->setProperty("role", "primary");
    mend = new QPushButton(settings);
    mend->setObjectName("trainMend");
    buttons->addWidget(start);
    buttons->addWidget(mend);
    buttons->addStretch(1);
    settings->body()->addLayout(buttons);
    QObject::connect(start, &QPushButton::clicked, q, [this] {
        session.startTraining();
        showState();
    });
    QObject::connect(stop, &QPushButton::clicked, q, [this] { session.stopAndKeep(); });
    QObject::connect(pause, &QPushButton::clicked, q, [this] {
        session.setPaused(!session.isPaused());
        showState();
    });
    QObject::connect(mend, &QPushButton::clicked, q, [this] { emit session.pageRequested(mendPage); });

    charts = new RunCharts(session, theme, content);
    figuresCard = new Card(TrainPage::tr("Validation"), content);
    figuresBody = new QWidget(figuresCard);
    figuresLayout = new QGridLayout(figuresBody);
    figuresLayout->setContentsMargins(0, 0, 4, 0);
    figures = new FigureList(figuresBody);
    confusionTitle = new QLabel(figuresBody);
    confusionTitle->setProperty("role", "section");
    confusion = new ConfusionView(theme, figuresBody);
    confusion->setObjectName("confusion");
    figuresArea = scrolled(figuresBody, figuresCard);
    figuresCard->body()->addWidget(figuresArea);
    arrange();
}

void TrainPage::Private::arrange()
{
    for (QWidget* widget : {static_cast<QWidget*>(settings), static_cast<QWidget*>(charts), static_cast<QWidget*>(figuresCard)})
        grid->removeWidget(widget);
    for (QWidget* widget : {static_cast<QWidget*>(figures), static_cast<QWidget*>(confusionTitle), static_cast<QWidget*>(confusion), study->outcome()})
        figuresLayout->removeWidget(widget);
    for (int i = 0; i < 5; ++i) {
        grid->setColumnStretch(i, 0);
        grid->setRowStretch(i, 0);
        figuresLayout->setColumnStretch(i, 0);
        figuresLayout->setRowStretch(i, 0);
    }
    grid->setColumnStretch(1, 1);
    charts->setCompact(!wide);
    figures->setColumns(wide ? 1 : 2);
    if (wide) {
        grid->addWidget(settings, 0, 0);
        grid->addWidget(charts, 0, 1);
        grid->addWidget(figuresCard, 0, 2);
        grid->setRowStretch(0, 1);
        figuresCard->setFixedWidth(252);
        confusion->setMaximumHeight(QWIDGETSIZE_MAX);
        figuresCard->setMinimumHeight(0);
        figuresCard->setMaximumHeight(QWIDGETSIZE_MAX);
        figuresLayout->addWidget(figures, 0, 0);
        figuresLayout->addWidget(confusionTitle, 1, 0);
        figuresLayout->addWidget(confusion, 2, 0);
        figuresLayout->addWidget(study->outcome(), 3, 0);
        figuresLayout->setRowStretch(4, 1);
        figuresLayout->setColumnStretch(0, 1);
        figuresLayout->setVerticalSpacing(10);
    } else {
        grid->addWidget(settings, 0, 0, 2, 1);
        grid->addWidget(charts, 0, 1);
        grid->addWidget(figuresCard, 1, 1);
        grid->setRowStretch(0, 1);
        figuresCard->setMinimumWidth(0);
        figuresCard->setMaximumWidth(QWIDGETSIZE_MAX);
        figuresCard->setFixedHeight(204);
        confusion->setMaximumHeight(128);
        figuresLayout->addWidget(figures, 0, 0, 2, 1, Qt::AlignTop);
        figuresLayout->addWidget(confusionTitle, 0, 1);
        figuresLayout->addWidget(confusion, 1, 1, Qt::AlignTop);
        figuresLayout->setColumnStretch(0, 3);
        figuresLayout->setColumnStretch(1, 2);
        figuresLayout->addWidget(study->outcome(), 2, 0, 1, 2);
        figuresLayout->setRowStretch(3, 1);
        figuresLayout->setVerticalSpacing(2);
    }
}

Problem TrainPage::Private::currentProblem() const
{
    if (!session.data())
        return {session.isOpening() ? TrainPage::tr("The file is being read.")
                                    : TrainPage::tr("Training needs a table to learn from. Open a CSV file first."),
                "data", TrainPage::tr("Open data")};
    if (!session.planProblem().isEmpty())
        return {session.planProblem(), "data", TrainPage::tr("To the data")};
    if (const auto plan = session.plan()) {
        const Issues& network = plan->analysis.issues; // the plan's own list ends with them
        for (const Issue& issue : plan->issues) {
            if (issue.severity != Severity::Error)
                continue;
            if (std::find(network.begin(), network.end(), issue) != network.end())
                return {message(issue), "network", TrainPage::tr("To the network")};
            return {message(issue), "data", TrainPage::tr("To the data")};
        }
    }
    return {};
}

void TrainPage::Private::showState()
{
    const Problem what = currentProblem();
    const bool running = session.liveRun() && session.liveRun()->running;
    if (!what.sentence.isEmpty() && !hasRun && !running) {
        empty->setSentence(what.sentence);
        empty->button()->setText(what.button);
        emptyPage = what.page;
        stack->setCurrentWidget(empty);
    } else {
        stack->setCurrentWidget(content);
    }
    problem->setVisible(!what.sentence.isEmpty());
    problem->setText(what.sentence);
    mend->setVisible(!what.sentence.isEmpty());
    mend->setText(what.button);
    mendPage = what.page;
    const auto live = session.liveRun();
    const bool waits = running && !live->started;
    start->setText(session.liveRuns().empty() ? TrainPage::tr("Start") : TrainPage::tr("Start another"));
    start->setToolTip(session.liveRuns().empty() ? TrainPage::tr("Trains the network on the data with these settings (Ctrl+R).")
                                                 : TrainPage::tr("Trains with these settings beside what runs, or after it where no core is free (Ctrl+R)."));
    start->setEnabled(what.sentence.isEmpty() && session.plan());
    if (const char* role = session.liveRuns().empty() ? "primary" : ""; start->property("role") != QString(role)) {
        start->setProperty("role", QString(role));
        start->style()->polish(start);
    }
    stop->setVisible(running);
    stop->setText(waits ? TrainPage::tr("Don't start") : TrainPage::tr("Stop and keep"));
    stop->setToolTip(waits ? TrainPage::tr("Takes the run out of the queue.")
                           : TrainPage::tr("Ends the run after the current step and keeps the best weights as a new version."));
    const bool paused = session.isPaused();
    pause->setVisible(running && !waits);
    pause->setText(paused ? TrainPage::tr("Continue") : TrainPage::tr("Pause"));
    pause->setToolTip(paused ? TrainPage::tr("Goes on where the run was halted.")
                             : TrainPage::tr("Halts the run after the current step. Its state is stored, so nothing is lost."));
    liveRate->setVisible(running && !waits);
    if (running && !rate->isModified() && curves.last && curves.last->learningRate > 0.0)
        rate->setText(QString::number(curves.last->learningRate, 'g', 4));
    if (waits) {
        progress->setText(TrainPage::tr("The run waits in the queue, or is being prepared."));
    } else if (paused) {
        progress->setText(TrainPage::tr("Paused after step %1.").arg(curves.last ? countText(curves.last->step) : QString("0")));
    } else if (running) {
        const double left = curves.secondsLeft();
        const int epoch = curves.epochs.empty() ? 0 : curves.epochs.back().epoch;
        QString text = !curves.last ? TrainPage::tr("Preparing…")
                                    : TrainPage::tr("Epoch %1 of %2").arg(std::min(epoch + 1, curves.plannedEpochs)).arg(curves.plannedEpochs);
        if (std::isfinite(left))
            text += TrainPage::tr(" · about %1 left").arg(durationText(left));
        progress->setText(text);
    } else {
        progress->setText(facts.failure);
    }
    progress->setVisible(!progress->text().isEmpty());
}

/// Which of several runs is shown, and how far each is.
void TrainPage::Private::showLiveRuns()
{
    std::vector<std::shared_ptr<LiveRun>> runs = session.liveRuns();
    if (const auto& live = session.liveRun(); live && !live->running && !runs.empty())
        runs.insert(runs.begin(), live); // it has ended, and is still the one that is shown
    which->setVisible(runs.size() > 1);
    settings->setSubtitle(runs.size() > 1 ? QString() : facts.title);
    while (which->count() > static_cast<int>(runs.size()))
        which->removeItem(which->count() - 1);
    for (int i = 0; i < static_cast<int>(runs.size()); ++i) {
        const LiveRun& live = *runs[static_cast<std::size_t>(i)];
        const QString name = live.id > 0 ? TrainPage::tr("Run %1").arg(live.id) : live.name;
        const double all = static_cast<double>(live.start.stepsPerEpoch) * live.request.train.epochs;
        const QString state = !live.running ? TrainPage::tr("ended") : live.isPaused() ? TrainPage::tr("paused")
                              : !live.started ? TrainPage::tr("waits")
                              : TrainPage::tr("%1 %").arg(live.lastStep && all > 0 ? static_cast<int>(100.0 * static_cast<double>(live.lastStep->step) / all) : 0);
        const QString text = TrainPage::tr("%1 · %2").arg(name, state);
        if (i == which->count())
            which->addItem(text, QVariant::fromValue<qulonglong>(live.job));
        if (which->itemText(i) != text)
            which->setItemText(i, text);
        which->setItemData(i, QVariant::fromValue<qulonglong>(live.job));
        if (runs[static_cast<std::size_t>(i)] == session.liveRun())
            which->setCurrentIndex(i);
    }
}

void TrainPage::Private::showWatched()
{
    ++restoreToken;
    restored = 0;
    curves = RunCurves();
    facts = RunFacts();
    soFar.clear();
    seen = 0;
    charts->reset();
    const auto live = session.liveRun();
    hasRun = live != nullptr;
    if (!live)
        return showRun();
    curves.live = live;
    curves.plannedEpochs = live->request.train.epochs;
    facts.loss = live->request.train.loss;
    if (const auto plan = session.plan()) // until it has begun and says itself
        facts.task = plan->pipeline.task();
    runProgressed();
}

void TrainPage::Private::runProgressed()
{
    const auto live = session.liveRun();
    if (!live || curves.live != live)
        return showLiveRuns();
    curves.last = live->lastStep;
    curves.epochs.insert(curves.epochs.end(), live->epochs.begin() + static_cast<std::ptrdiff_t>(curves.epochs.size()), live->epochs.end());
    if (live->started) {
        facts.task = live->started->task;
        facts.classes = toStringList(live->started->classes);
        curves.trainRows = static_cast<std::int64_t>(live->started->rows);
    }
    if (live->start.stepsPerEpoch > 0)
        curves.stepsPerEpoch = static_cast<double>(live->start.stepsPerEpoch);
    curves.gradientLayers = live->start.layers;
    curves.picture = live->picture;
    facts.title = live->id != 0 ? TrainPage::tr("Run %1").arg(live->id) : live->name;
    facts.running = live->running;
    facts.failure = live->failure;
    if (live->outcome) {
        facts.kept = live->outcome->result.validation.values;
        facts.confusion = live->outcome->result.validation.confusion;
    }
    showRun();
}

/// The newest run of the workspace, where none has been started since the window opened.
void TrainPage::Private::restoreLastRun()
{
    if (session.liveRun() || session.runs().empty() || !session.workspace() || session.runs().front().id == restored)
        return showState();
    const RunRecord run = session.runs().front();
    restored = run.id;
    const std::uint64_t token = ++restoreToken;
    JobRunner::Options options;
    options.kind = "curves";
    options.subject = run.name;
    session.jobs().run(
        options, q, [workspace = session.workspace(), run](Task&) { return readCurves(*workspace, run); },
        [this, token, run](RunCurves read) {
            if (token != restoreToken)
                return;
            curves = std::move(read);
            facts = RunFacts();
            facts.title = TrainPage::tr("Run %1").arg(run.id);
            if (run.settings.is_object())
                facts.loss = run.settings.value("loss", facts.loss);
            if (run.metrics.is_object()) {
                facts.classes = toStringList(run.metrics.value("classes", std::vector<std::string>()));
                facts.confusion = run.metrics.value("confusion", std::vector<std::int64_t>());
                if (run.metrics.contains("validation") && run.metrics["validation"].is_object())
                    for (const auto& [name, value] : run.metrics["validation"].items())
                        if (value.is_number())
                            facts.kept[name] = value.get<double>();
            }
            const auto has = [this](const char* name) {
                return facts.kept.count(name) > 0 || (!curves.epochs.empty() && curves.epochs.back().validation.values.count(name) > 0);
            };
            facts.task = has("roc_auc")                        ? TaskKind::Binary
                         : has("accuracy")                     ? TaskKind::MultiClass
                         : has("subset_accuracy")              ? TaskKind::MultiLabel
                         : run.pipeline.is_object() && run.pipeline.contains("targets") ? TaskKind::MultiRegression
                                                                                       : TaskKind::Regression;
            hasRun = curves.last || !curves.epochs.empty();
            soFar.clear();
            seen = 0;
            charts->reset();
            showRun();
        },
        [this, token](const std::exception_ptr& failure) {
            if (token == restoreToken)
                emit session.failed(sentenceOf(failure));
        });
}

QString TrainPage::Private::lossName() const
{
    if (facts.loss != "auto") { // as the setting is spelled
        const QString name = QString::fromStdString(facts.loss);
        const bool scaled = facts.loss != "Poisson" && (facts.task == TaskKind::Regression || facts.task == TaskKind::MultiRegression);
        return scaled ? TrainPage::tr("%1, scaled target").arg(name) : name;
    }
    switch (facts.task) {
    case TaskKind::Binary: return TrainPage::tr("binary cross-entropy");
    case TaskKind::MultiClass: return TrainPage::tr("cross-entropy");
    case TaskKind::MultiLabel: return TrainPage::tr("binary cross-entropy, mean of the targets");
    case TaskKind::MultiRegression: return TrainPage::tr("mean squared error, mean of the scaled targets");
    case TaskKind::Regression: break;
    }
    return TrainPage::tr("mean squared error, scaled target");
}

void TrainPage::Private::showRun()
{
    showLiveRuns();
    if (!hasRun && session.plan())
        facts.task = session.plan()->pipeline.task(); // what the next run's figures will be
    charts->showCurves(curves, metricsOf(facts.task).front(), lossName(), facts.running);
    showFigures();
    showState();
}

void TrainPage::Private::showFigures()
{
    using namespace plot;
    const auto figureText = [](const std::string& metric, double value) {
        return metric == "rmse" || metric == "mae" || metric == "log_loss" ? shortText(value, 4) : fixedText(value, 3);
    };
    std::vector<FigureList::Figure> list;
    for (; seen < curves.epochs.size(); ++seen)
        for (const auto& [metric, value] : curves.epochs[seen].validation.values) {
            if (!std::isfinite(value))
                continue;
            Figures& figure = soFar[metric];
            figure.last = value;
            if (std::isnan(figure.best) || (higherIsBetter(metric) ? value > figure.best : value < figure.best))
                figure.best = value;
        }
    for (const std::string& metric : metricsOf(facts.task)) {
        const auto [best, last] = soFar[metric];
        const auto kept = facts.kept.find(metric);
        const bool ended = !facts.running && kept != facts.kept.end();
        const double shown = ended ? kept->second : last;
        QString remark;
        if (std::isfinite(best) && figureText(metric, best) != figureText(metric, shown))
            remark = TrainPage::tr("best %1").arg(figureText(metric, best));
        list.push_back({QString::fromStdString(metric), metricName(metric), std::isfinite(shown) ? figureText(metric, shown) : QStringLiteral("–"), remark});
    }
    const double rate = curves.rowsPerSecond();
    list.push_back({"throughput", TrainPage::tr("Throughput"), std::isfinite(rate) ? countText(std::llround(rate)) : QStringLiteral("–"),
                    std::isfinite(rate) ? TrainPage::tr("rows/s") : QString()});
    list.push_back({"time", TrainPage::tr("Time"), curves.last ? durationText(curves.last->seconds) : QStringLiteral("–"), QString()});
    figures->setFigures(list);

    std::vector<std::int64_t> counts = facts.confusion;
    if (counts.empty() || facts.running)
        counts = curves.epochs.empty() ? std::vector<std::int64_t>() : curves.epochs.back().validation.confusion;
    confusion->setMatrix(counts, facts.classes);
    confusionTitle->setText(facts.task == TaskKind::Binary ? TrainPage::tr("CONFUSION, THRESHOLD 0.50") : TrainPage::tr("CONFUSION"));
    confusionTitle->setVisible(!confusion->isHidden());
    figuresCard->setSubtitle(!hasRun ? TrainPage::tr("appears with a run") : facts.running || facts.kept.empty() ? TrainPage::tr("latest epoch") : TrainPage::tr("of the weights kept"));
}

TrainPage::TrainPage(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, session, theme))
{
    setObjectName("trainPage");
    d->build();
    connect(&session, &Session::dataChanged, this, [this] { d->showState(); });
    connect(&session, &Session::openingChanged, this, [this] { d->showState(); });
    connect(&session, &Session::planChanged, this, [this] {
        if (d->hasRun)
            d->showState();
        else
            d->showRun();
    });
    connect(&session, &Session::trainingStarted, this, [this] { d->showState(); });
    connect(&session, &Session::watchedRunChanged, this, [this] { d->showWatched(); });
    connect(&session, &Session::trainingProgressed, this, [this] { d->runProgressed(); });
    connect(&session, &Session::trainingEnded, this, [this] { d->showLiveRuns(); d->showState(); });
    connect(&session, &Session::registryChanged, this, [this] { d->restoreLastRun(); });
    d->restoreLastRun();
    d->showRun();
}

TrainPage::~TrainPage() = default;

void TrainPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool wide = event->size().width() >= wideFrom;
    if (wide == d->wide)
        return;
    d->wide = wide;
    d->arrange();
}

} // namespace limpid
