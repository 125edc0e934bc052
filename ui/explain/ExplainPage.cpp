#include "ui/explain/ExplainPage.h"

#include "ui/explain/CohortBook.h"
#include "ui/explain/CounterfactualView.h"
#include "ui/explain/EffectsView.h"
#include "ui/explain/ExplainForm.h"
#include "ui/explain/ExplainWork.h"
#include "ui/explain/KeptDialog.h"
#include "ui/explain/KeptNote.h"
#include "ui/explain/QualityDialog.h"
#include "ui/explain/RowsView.h"
#include "ui/explain/TextView.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/text/ResourceTexts.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/EmptyState.h"

#include <QPointer>
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
    CohortBook* cohorts = nullptr;
    ExplainForm* form = nullptr;
    QStackedWidget* views = nullptr;
    RowsView* rowsView = nullptr;
    EffectsView* effectsView = nullptr;
    CounterfactualView* counterfactualView = nullptr;
    TextView* textView = nullptr;
    KeptNote* note = nullptr;
    QPointer<KeptDialog> kept;
    QTimer refresh, costTimer;

    std::shared_ptr<const LoadedModel> model;  ///< the last one loaded; used again while the version stays
    std::shared_ptr<const DataSet> modelData;  ///< and what it was loaded for
    std::shared_ptr<const DataSet> askedOf;    ///< the rows that what is shown, or runs, is about; null: nothing is
    std::shared_ptr<ExplanationFeed> feed;
    std::uint64_t job = 0, token = 0, costJob = 0, costToken = 0;
    bool running = false;
    bool canFinish = false;                    ///< what runs gives what it has when told to finish
    QString failure;
    std::optional<QualitySubject> shown;       ///< what the rows that are shown came of
    std::string shownFile;                     ///< and the hash of the file that they are of
    std::uint64_t keptToken = 0;               ///< of the kept explanation that was asked for last

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
    void clearViews();
    void forgetOtherData();
    void askCost();
    void use(std::shared_ptr<const LoadedModel> loaded, std::shared_ptr<const DataSet> data);
    void show(const ExplainFinding& finding);
    void keep(const std::shared_ptr<const LoadedModel>& of, const std::shared_ptr<const DataSet>& data, const ExplainQuestion& question, const ExplainFinding& finding);
    void openKept();
    void askForKept(const KeptEntry& entry);
    void showKept(const KeptEntry& entry, const KeptAnswer& answer, bool sameModel);
    bool isAtHand() const;
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
    cohorts = new CohortBook(session, q);
    form = new ExplainForm(session, *cohorts, formCard);
    formCard->body()->setContentsMargins(14, 8, 14, 10);
    formCard->body()->addWidget(form);
    column->addWidget(formCard);
    note = new KeptNote(session, content);
    column->addWidget(note);
    views = new QStackedWidget(content);
    rowsView = new RowsView(session, theme, *cohorts, views);
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
    QObject::connect(rowsView, &RowsView::backgroundChosen, q, [this](const std::vector<std::size_t>& rows) { form->compareWith(rows); });
    const auto askQuality = [this](std::size_t output) {
        if (running || !shown)
            return;
        shown->output = output;
        auto* dialog = new QualityDialog(session, theme, *shown, q);
        dialog->show();
    };
    QObject::connect(rowsView, &RowsView::qualityAsked, q, askQuality);
    QObject::connect(textView, &TextView::qualityAsked, q, askQuality);
    QObject::connect(form->keptButton(), &QPushButton::clicked, q, [this] { openKept(); });
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
    rowsView->setComplete(!running && shown);
    textView->setComplete(!running && shown);
    rowsView->setOfOpenTable(session.data() && session.data()->sha256 == shownFile);
    form->keptButton()->setEnabled(session.workspace() != nullptr);
    if (kept)
        kept->setShowEnabled(!running);
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

bool ExplainPage::Private::isAtHand() const
{
    const auto version = form->version();
    return model && modelData == session.data() && model->version.model == version->model && model->version.version == version->version;
}

/// The version's predictor: the one at hand where it fits, else loaded by the worker that needs it.
std::function<std::shared_ptr<const LoadedModel>()> ExplainPage::Private::loader() const
{
    if (isAtHand())
        return [at = model] { return at; };
    return [workspace = session.workspace(), version = *form->version(), data = session.data(), threads = session.jobs().queue().cores()] {
        return loadForExplaining(*workspace, version, *data, threads);
    };
}

void ExplainPage::Private::use(std::shared_ptr<const LoadedModel> loaded, std::shared_ptr<const DataSet> data)
{
    if (loaded == model)
        return;
    model = std::move(loaded);
    modelData = std::move(data);
    const auto* differentiable = dynamic_cast<const DifferentiablePredictor*>(model->predictor.get());
    form->setModel(model->predictor->pipeline(), hasSuperpixels(*model->predictor),
                   differentiable && differentiable->image() ? differentiable->pictureLayers() : std::vector<std::string>());
}

void ExplainPage::Private::askCost()
{
    ++costToken;
    session.jobs().queue().cancel(costJob);
    form->setCost({});
    if (running || !session.data() || !form->version() || !session.workspace() || !q->isVisible())
        return;
    const auto tell = [this, token = costToken](const std::exception_ptr& failed) {
        if (token != costToken)
            return;
        // Where nothing is shown yet there is room for the whole sentence.
        failure = sentenceOf(failed);
        form->setProblem(isEmpty() ? QString() : failure);
        showState();
    };
    JobRunner::Options options;
    options.subject = form->version()->model;
    if (!isAtHand()) { // first of all, as the form offers what the model takes, whatever the estimate comes to
        options.kind = "load";
        costJob = session.jobs().run(
            options, q, [load = loader()](Task&) { return load(); },
            [this, token = costToken, data = session.data()](std::shared_ptr<const LoadedModel> loaded) {
                if (token != costToken)
                    return;
                use(std::move(loaded), data);
                askCost();
            },
            tell);
        return;
    }
    options.kind = "estimate";
    options.lane = JobQueue::Lane::Background;
    options.cores = asManyAsThereAre;
    costJob = session.jobs().run(
        options, q,
        [at = model, data = session.data(), question = form->question()](Task& work) { return explainCost(*at, *data, question, work); },
        [this, token = costToken](const ExplainCost& cost) {
            if (token == costToken)
                form->setCost(ExplainPage::tr("%1, estimated").arg(durationText(cost.seconds)), costText(cost.bytes, cost.error));
        },
        tell);
}

void ExplainPage::Private::clearViews()
{
    ++keptToken;
    note->clear();
    rowsView->clear();
    effectsView->clear();
    counterfactualView->clear();
    textView->clear();
    shown.reset();
    shownFile.clear();
}

/// An answer is about the rows it was asked for. Once others are open it would stand beside settings, and offer rows, that are not its own.
void ExplainPage::Private::forgetOtherData()
{
    if (!askedOf || askedOf == session.data())
        return;
    askedOf.reset();
    failure.clear();
    clearViews();
    rowsView->unpin();
    model.reset();
    modelData.reset();
    if (running) {
        ++token;
        session.jobs().queue().cancel(job);
        ended();
    }
}

/// Asks what the form says. What still runs is given up: another background was brought meanwhile.
void ExplainPage::Private::start()
{
    if (!session.data() || !form->version() || !session.workspace())
        return;
    if (running)
        session.jobs().queue().cancel(job);
    askedOf = session.data();
    ++costToken;
    session.jobs().queue().cancel(costJob);
    form->setCost({});
    failure.clear();
    clearViews();
    shownFile = session.data()->sha256;
    rowsView->setModelName(QStringLiteral("%1@%2").arg(QString::fromStdString(form->version()->model)).arg(form->version()->version));
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
    options.cores = asManyAsThereAre;
    options.tellCancelled = true;
    const ExplainQuestion question = form->question();
    // Columns come one by one (of Shapley interactions rows), and those that are done are an answer; rows come through the feed and need no finish.
    const auto* effects = std::get_if<EffectRequest>(&question);
    canFinish = options.canFinish = std::holds_alternative<CounterfactualRequest>(question) || (effects && (effects->method == EffectMethod::PartialDependence || effects->method == EffectMethod::Ale || effects->method == EffectMethod::ShapleyInteractions));
    rowsView->setAsked(form->cohortAsked(), form->groupsAsked());
    if (const auto* rows = std::get_if<ExplainRequest>(&question))
        shown = QualitySubject{loader(), session.data(), *rows, 0, form->version()->model};
    else if (const auto* words = std::get_if<TextRequest>(&question))
        shown = QualitySubject{loader(), session.data(), {}, 0, form->version()->model, *words};
    views->setCurrentWidget(viewFor(question));
    job = session.jobs().run(
        options, q,
        [load = loader(), data = session.data(), question, sink = feed](Task& work) {
            Answer answer;
            answer.model = load();
            answer.finding = explain(*answer.model, *data, question, [sink](ExplainFinding part) { sink->put(std::move(part)); }, work);
            return answer;
        },
        [this, mine, data = session.data(), question](Answer answer) {
            keep(answer.model, data, question, answer.finding);
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
            if (!failure.isEmpty() && !(isEmpty() && q->isVisible())) // where it stands in the answer's place
                emit session.failed(failure);
        });
    refresh.start();
    showState();
}

/// Nothing that was worked out is lost. Effects, importance and counterfactuals have no document yet.
void ExplainPage::Private::keep(const std::shared_ptr<const LoadedModel>& of, const std::shared_ptr<const DataSet>& data, const ExplainQuestion& question,
                                const ExplainFinding& finding)
{
    const auto* rows = std::get_if<std::shared_ptr<const Explanation>>(&finding);
    const auto* words = std::get_if<std::shared_ptr<const TextOutcome>>(&finding);
    if (!session.workspace() || (!rows && !words))
        return;
    JobRunner::Options options;
    options.kind = "save";
    options.subject = ExplainPage::tr("the explanation of %1").arg(QString::fromStdString(of->version.model)).toStdString();
    options.lane = JobQueue::Lane::Background;
    session.jobs().run(
        options, q,
        [workspace = session.workspace(), version = of->version, data, question, finding](Task&) {
            if (const auto* found = std::get_if<std::shared_ptr<const Explanation>>(&finding))
                return keepExplanation(*workspace, version, *data, std::get<ExplainRequest>(question), **found, Keeping::Automatic);
            return keepWords(*workspace, version, *data, std::get<TextRequest>(question), *std::get<std::shared_ptr<const TextOutcome>>(finding), Keeping::Automatic);
        },
        [this](const ExplanationRecord&) {
            if (kept)
                kept->refresh();
        },
        [this](const std::exception_ptr& failed) { emit session.failed(ExplainPage::tr("The explanation is not kept. %1").arg(sentenceOf(failed))); });
}

void ExplainPage::Private::openKept()
{
    if (!kept) {
        kept = new KeptDialog(session, q);
        QObject::connect(kept, &KeptDialog::showAsked, q, [this](const KeptEntry& entry) { askForKept(entry); });
    }
    kept->setShowEnabled(!running);
    kept->show();
    kept->raise();
    kept->activateWindow();
}

void ExplainPage::Private::askForKept(const KeptEntry& entry)
{
    if (running || !session.workspace())
        return;
    struct Answer {
        KeptAnswer answer;
        bool sameModel = false;
    };
    JobRunner::Options options;
    options.kind = "load";
    options.subject = ExplainPage::tr("the explanation of %1").arg(QString::fromStdString(entry.record.model)).toStdString();
    const std::uint64_t mine = ++keptToken;
    session.jobs().run(
        options, q,
        [workspace = session.workspace(), record = entry.record](Task&) {
            const ModelVersion version = workspace->resolve(record.model + "@" + std::to_string(record.version));
            return Answer{loadAnswer(*workspace, record), workspace->modelHash(version) == record.modelHash};
        },
        [this, mine, entry](const Answer& answer) {
            if (mine == keptToken && !running)
                showKept(entry, answer.answer, answer.sameModel);
        },
        [this](const std::exception_ptr& failed) { emit session.failed(sentenceOf(failed)); });
}

void ExplainPage::Private::showKept(const KeptEntry& entry, const KeptAnswer& answer, bool sameModel)
{
    clearViews();
    failure.clear();
    note->show(entry, sameModel);
    rowsView->setModelName(QStringLiteral("%1@%2").arg(QString::fromStdString(entry.record.model)).arg(entry.record.version));
    const KeptQuestion& question = *entry.question;
    const auto data = session.data();
    shownFile = question.sha256;
    // Its quality can be asked for where its file is the open one.
    if (data && data->sha256 == question.sha256) {
        for (const ModelSummary& of : session.models())
            for (const ModelVersion& version : of.versions)
                if (version.model == entry.record.model && version.version == entry.record.version)
                    shown = QualitySubject{[workspace = session.workspace(), version, data, threads = session.jobs().queue().cores()] { return loadForExplaining(*workspace, version, *data, threads); }, data, question.request, 0, version.model, question.words};
    }
    std::visit([this](const auto& one) { show(one); }, answer);
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
    connect(&session, &Session::dataChanged, this, [this] {
        d->forgetOtherData();
        d->showState();
    });
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
