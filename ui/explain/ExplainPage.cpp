#include "ui/explain/ExplainPage.h"

#include "ui/explain/CounterfactualView.h"
#include "ui/explain/EffectsView.h"
#include "ui/explain/ExplainForm.h"
#include "ui/explain/ExplainWork.h"
#include "ui/explain/QualityDialog.h"
#include "ui/explain/RowsView.h"
#include "ui/explain/TextView.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/EmptyState.h"

#include <QPushButton>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace limpid {

namespace {

constexpr int refreshMs = 250;      // partial results: often enough to see it grow
constexpr int costDelayMs = 400;    // after the last change of the form

} // namespace

struct ExplainPage::Private {
    ExplainPage* q;
    Session& session;
    const Theme& theme;
    QStackedLayout* stack = nullptr;
    EmptyState* empty = nullptr;
    QString emptyPage;
    QWidget* content = nullptr;
    ExplainForm* form = nullptr;
    QStackedWidget* views = nullptr;
    RowsView* rowsView = nullptr;
    EffectsView* effectsView = nullptr;
    CounterfactualView* counterfactualView = nullptr;
    TextView* textView = nullptr;
    QTimer refresh, costTimer;

    std::shared_ptr<const LoadedModel> model;  ///< the last one loaded; used again while the version stays
    std::shared_ptr<const DataSet> modelData;  ///< and what it was loaded for
    std::shared_ptr<ExplanationFeed> feed;
    std::uint64_t job = 0, token = 0, costJob = 0, costToken = 0;
    bool running = false;
    bool canFinish = false;                    ///< what runs gives what it has when told to finish
    QString failure;
    std::optional<QualitySubject> shown;       ///< what the rows that are shown came of

    Private(ExplainPage* page, Session& itsSession, const Theme& itsTheme) : q(page), session(itsSession), theme(itsTheme) {}

    void build();
    void showState();
    bool isEmpty() const { return rowsView->isEmpty() && effectsView->isEmpty() && counterfactualView->isEmpty() && textView->isEmpty(); }
    QWidget* viewFor(const ExplainQuestion& question) const
    {
        if (std::holds_alternative<CounterfactualRequest>(question))
            return counterfactualView;
        if (std::holds_alternative<TextRequest>(question))
            return textView;
        return std::holds_alternative<ExplainRequest>(question) ? static_cast<QWidget*>(rowsView) : effectsView;
    }
    void start();
    void stop();
    void ended();
    void askCost();
    void use(std::shared_ptr<const LoadedModel> loaded, std::shared_ptr<const DataSet> data);
    void show(const ExplainFinding& finding);
    std::function<std::shared_ptr<const LoadedModel>()> loader() const;
};

void ExplainPage::Private::build()
{
    stack = new QStackedLayout(q);
    empty = new EmptyState("explain", ExplainPage::tr("Nothing to explain yet"), QString(), QString(), q);
    empty->setObjectName("explainEmpty");
    empty->button()->show();
    QObject::connect(empty->button(), &QPushButton::clicked, q, [this] { emit session.pageRequested(emptyPage); });
    stack->addWidget(empty);
    content = new QWidget(q);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(Theme::margin, Theme::margin, Theme::margin, Theme::margin);
    column->setSpacing(Theme::gap);
    stack->addWidget(content);

    auto* formCard = new Card(QString(), content);
    form = new ExplainForm(session, formCard);
    formCard->body()->setContentsMargins(14, 8, 14, 10);
    formCard->body()->addWidget(form);
    column->addWidget(formCard);
    views = new QStackedWidget(content);
    rowsView = new RowsView(session, theme, views);
    effectsView = new EffectsView(theme, views);
    counterfactualView = new CounterfactualView(session, theme, views);
    views->addWidget(rowsView);
    views->addWidget(effectsView);
    views->addWidget(counterfactualView);
    textView = new TextView(theme, views);
    views->addWidget(textView);
    column->addWidget(views, 1);

    QObject::connect(form->button(), &QPushButton::clicked, q, [this] { running ? stop() : start(); });
    QObject::connect(form, &ExplainForm::changed, q, [this] {
        failure.clear();
        costTimer.start();
        showState();
    });
    QObject::connect(form, &ExplainForm::asked, q, [this] { start(); });
    QObject::connect(rowsView, &RowsView::backgroundChosen, q, [this](const std::vector<std::size_t>& rows) {
        if (!running)
            form->compareWith(rows);
    });
    QObject::connect(rowsView, &RowsView::qualityAsked, q, [this](std::size_t output) {
        if (running || !shown)
            return;
        shown->output = output;
        auto* dialog = new QualityDialog(session, theme, *shown, q);
        dialog->show();
    });
    costTimer.setSingleShot(true);
    costTimer.setInterval(costDelayMs);
    QObject::connect(&costTimer, &QTimer::timeout, q, [this] { askCost(); });
    refresh.setInterval(refreshMs);
    QObject::connect(&refresh, &QTimer::timeout, q, [this] {
        if (const auto newest = feed ? feed->take() : std::nullopt)
            show(*newest);
    });
}

void ExplainPage::Private::showState()
{
    QString why, page, button;
    if (session.models().empty()) {
        why = ExplainPage::tr("Explanations show which columns drive a model's predictions. Train a network first.");
        page = "train";
        button = ExplainPage::tr("To training");
    } else if (!session.data()) {
        why = session.isOpening() ? ExplainPage::tr("The file is being read.")
                                  : ExplainPage::tr("Explanations are made for rows of a table. Open the file whose rows you want explained.");
        page = "data";
        button = ExplainPage::tr("Open data");
    }
    if (!why.isEmpty() && isEmpty() && !running) {
        empty->setSentence(why);
        empty->button()->setText(button);
        empty->button()->setVisible(true);
        emptyPage = page;
        stack->setCurrentWidget(empty);
    } else {
        stack->setCurrentWidget(content);
    }
    form->setRunning(running);
    rowsView->setComplete(!running);
    form->button()->setEnabled(running || (session.data() && form->version() && session.workspace()));
    const QString hint = !failure.isEmpty() ? failure
                         : running          ? ExplainPage::tr("The first results are being worked out…")
                                            : methodHelp(form->method()) + QStringLiteral("\n\n")
                                                  + ExplainPage::tr("“Explain” starts with the settings above.");
    rowsView->setHint(hint);
    effectsView->setHint(hint);
    counterfactualView->setHint(hint);
    textView->setHint(hint);
    if (isEmpty() && !running)
        views->setCurrentWidget(viewFor(form->question()));
}

/// The version's predictor: the one at hand where it fits, else loaded by the worker that needs it.
std::function<std::shared_ptr<const LoadedModel>()> ExplainPage::Private::loader() const
{
    const auto version = form->version();
    const auto data = session.data();
    if (model && modelData == data && model->version.model == version->model && model->version.version == version->version)
        return [at = model] { return at; };
    return [workspace = session.workspace(), version = *version, data] { return loadForExplaining(*workspace, version, *data); };
}

void ExplainPage::Private::use(std::shared_ptr<const LoadedModel> loaded, std::shared_ptr<const DataSet> data)
{
    if (loaded == model)
        return;
    model = std::move(loaded);
    modelData = std::move(data);
    form->setModel(model->predictor->pipeline());
}

void ExplainPage::Private::askCost()
{
    ++costToken;
    session.jobs().queue().cancel(costJob);
    form->setCost({});
    if (running || !session.data() || !form->version() || !session.workspace() || !q->isVisible())
        return;
    struct Answer {
        std::shared_ptr<const LoadedModel> model;
        ExplainCost cost;
    };
    JobRunner::Options options;
    options.kind = "estimate";
    options.subject = form->version()->model;
    options.lane = JobQueue::Lane::Background;
    costJob = session.jobs().run(
        options, q,
        [load = loader(), data = session.data(), question = form->question()](Task& work) {
            Answer answer;
            answer.model = load();
            answer.cost = explainCost(*answer.model, *data, question, work);
            return answer;
        },
        [this, token = costToken, data = session.data()](Answer answer) {
            if (token != costToken)
                return;
            use(std::move(answer.model), data);
            form->setCost(ExplainPage::tr("%1, estimated").arg(durationText(answer.cost.seconds)));
        },
        [this, token = costToken](const std::exception_ptr& failed) {
            if (token != costToken)
                return;
            // Where nothing is shown yet there is room for the whole sentence.
            failure = sentenceOf(failed);
            form->setCost(isEmpty() ? QString() : failure);
            showState();
        });
}

void ExplainPage::Private::start()
{
    if (running || !session.data() || !form->version() || !session.workspace())
        return;
    ++costToken;
    session.jobs().queue().cancel(costJob);
    form->setCost({});
    failure.clear();
    rowsView->clear();
    effectsView->clear();
    counterfactualView->clear();
    textView->clear();
    running = true;
    feed = std::make_shared<ExplanationFeed>();
    struct Answer {
        std::shared_ptr<const LoadedModel> model;
        ExplainFinding finding;
    };
    const std::uint64_t mine = ++token;
    JobRunner::Options options;
    options.kind = "explain";
    options.subject = form->version()->model;
    options.lane = JobQueue::Lane::Background;
    options.tellCancelled = true;
    const ExplainQuestion question = form->question();
    // Columns come one by one (of Shapley interactions rows), and those that are done are an answer; rows come through the feed and need no finish.
    const auto* effects = std::get_if<EffectRequest>(&question);
    canFinish = options.canFinish = std::holds_alternative<CounterfactualRequest>(question) || (effects && (effects->method == EffectMethod::PartialDependence || effects->method == EffectMethod::Ale || effects->method == EffectMethod::ShapleyInteractions));
    shown.reset();
    if (const auto* rows = std::get_if<ExplainRequest>(&question))
        shown = QualitySubject{loader(), session.data(), *rows, 0, form->version()->model};
    views->setCurrentWidget(viewFor(question));
    job = session.jobs().run(
        options, q,
        [load = loader(), data = session.data(), question, sink = feed](Task& work) {
            Answer answer;
            answer.model = load();
            answer.finding = explain(*answer.model, *data, question, [sink](ExplainFinding part) { sink->put(std::move(part)); }, work);
            return answer;
        },
        [this, mine, data = session.data()](Answer answer) {
            if (mine != token)
                return;
            ended();
            use(std::move(answer.model), data);
            if (shown)
                shown->load = [at = model] { return at; };
            show(answer.finding);
        },
        [this, mine](const std::exception_ptr& failed) {
            if (mine != token)
                return;
            // What was explained before it was stopped stays: every finished row is a result.
            const auto newest = feed ? feed->take() : std::nullopt;
            ended();
            failure = sentenceOf(failed);
            if (newest)
                show(*newest);
            showState();
            if (!failure.isEmpty())
                emit session.failed(failure);
        });
    refresh.start();
    showState();
}

void ExplainPage::Private::stop()
{
    if (std::exchange(canFinish, false))
        session.jobs().queue().finish(job);
    else
        session.jobs().queue().cancel(job); // also where it does not finish soon enough for who presses again
}

void ExplainPage::Private::ended()
{
    running = false;
    refresh.stop();
    feed.reset();
    costTimer.start();
    showState();
}

void ExplainPage::Private::show(const ExplainFinding& finding)
{
    if (const auto* rows = std::get_if<std::shared_ptr<const Explanation>>(&finding)) {
        rowsView->setExplanation(*rows);
        views->setCurrentWidget(rowsView);
    } else if (const auto* row = std::get_if<std::shared_ptr<const CounterfactualOutcome>>(&finding)) {
        counterfactualView->setOutcome(*row, model);
        views->setCurrentWidget(counterfactualView);
    } else if (const auto* words = std::get_if<std::shared_ptr<const TextOutcome>>(&finding)) {
        textView->setOutcome(*words);
        views->setCurrentWidget(textView);
    } else {
        if (const auto* effects = std::get_if<std::shared_ptr<const EffectOutcome>>(&finding))
            effectsView->setEffects(*effects);
        else
            effectsView->setImportance(std::get<std::shared_ptr<const ImportanceOutcome>>(finding));
        views->setCurrentWidget(effectsView);
    }
    showState();
}

ExplainPage::ExplainPage(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, session, theme))
{
    setObjectName("explainPage");
    d->build();
    connect(&session, &Session::registryChanged, this, [this] { d->showState(); });
    connect(&session, &Session::dataChanged, this, [this] { d->showState(); });
    connect(&session, &Session::openingChanged, this, [this] { d->showState(); });
    d->showState();
}

ExplainPage::~ExplainPage()
{
    d->session.jobs().queue().cancel(d->job);
    d->session.jobs().queue().cancel(d->costJob);
}

void ExplainPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!d->running)
        d->costTimer.start(); // the cost is only asked for while someone looks
}

} // namespace limpid
