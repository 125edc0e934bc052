#include "ui/explain/ExplainPage.h"

#include "ui/charts/PlotTools.h"
#include "ui/charts/PlotView.h"
#include "ui/charts/Segmented.h"
#include "ui/explain/ExplainForm.h"
#include "ui/explain/ExplainWork.h"
#include "ui/explain/RowsModel.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/ElidedHeader.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Scrolled.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QStackedLayout>
#include <QStyle>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr int wideFrom = 1100;      // below this the row's cards stand under the overview
constexpr int refreshMs = 250;      // partial results: often enough to see it grow
constexpr int costDelayMs = 400;    // after the last change of the form

QFrame* separator(QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setProperty("role", "separator");
    return line;
}

QString methodName(const std::string& method)
{
    if (method == "exact") return ExplainPage::tr("Exact Shapley values");
    if (method == "kernel") return ExplainPage::tr("Kernel SHAP");
    if (method == "leverage") return ExplainPage::tr("Leverage SHAP");
    if (method == "permutation") return ExplainPage::tr("Permutation SHAP");
    return QString::fromStdString(method);
}

} // namespace

struct ExplainPage::Private {
    ExplainPage* q;
    Session& session;
    const Theme& theme;
    QStackedLayout* stack = nullptr;
    EmptyState* empty = nullptr;
    QString emptyPage;
    QWidget* content = nullptr;
    QGridLayout* grid = nullptr;
    ExplainForm* form = nullptr;
    Card *formCard = nullptr, *overview = nullptr, *rowCard = nullptr, *rowsCard = nullptr;
    Segmented* kind = nullptr;
    QComboBox* output = nullptr;
    PlotView *plot = nullptr, *waterfall = nullptr;
    QLabel *hint = nullptr, *rowHint = nullptr, *facts = nullptr, *order = nullptr, *sentence = nullptr, *rowSentence = nullptr;
    QScrollArea *plotArea = nullptr, *waterfallArea = nullptr;
    QWidget* footer = nullptr;
    QTableView* rows = nullptr;
    RowsModel* rowsModel = nullptr;
    QTimer refresh, costTimer;
    bool wide = true;

    std::shared_ptr<const LoadedModel> model;  ///< the last one loaded; used again while the version stays
    std::shared_ptr<const DataSet> modelData;  ///< and what it was loaded for
    std::shared_ptr<const Explanation> explanation;
    TaskKind task = TaskKind::Binary;
    std::size_t shownOutput = 0;
    int shownRow = -1;                         ///< of the explanation
    std::shared_ptr<ExplanationFeed> feed;
    std::uint64_t job = 0, token = 0, costJob = 0, costToken = 0;
    bool running = false;
    QString failure;

    Private(ExplainPage* page, Session& itsSession, const Theme& itsTheme) : q(page), session(itsSession), theme(itsTheme) {}

    void build();
    void buildOverview();
    void buildRowCards();
    void arrange();
    void showState();
    void start();
    void stop();
    void ended();
    void askCost();
    void show(std::shared_ptr<const Explanation> next, TaskKind itsTask);
    void fillOutputs();
    void showPlot();
    void showFooter();
    void showRow();
    void chooseRow(int row);
    QString spaceText() const;
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
    grid = new QGridLayout(content);
    grid->setContentsMargins(Theme::margin, Theme::margin, Theme::margin, Theme::margin);
    grid->setSpacing(Theme::gap);
    stack->addWidget(content);

    formCard = new Card(QString(), content);
    form = new ExplainForm(session, formCard);
    formCard->body()->setContentsMargins(14, 8, 14, 10);
    formCard->body()->addWidget(form);
    QObject::connect(form->button(), &QPushButton::clicked, q, [this] { running ? stop() : start(); });
    QObject::connect(form, &ExplainForm::changed, q, [this] {
        costTimer.start();
        showState();
    });
    costTimer.setSingleShot(true);
    costTimer.setInterval(costDelayMs);
    QObject::connect(&costTimer, &QTimer::timeout, q, [this] { askCost(); });
    refresh.setInterval(refreshMs);
    QObject::connect(&refresh, &QTimer::timeout, q, [this] {
        if (auto newest = feed ? feed->take() : nullptr)
            show(std::move(newest), model ? model->predictor->pipeline().task() : task);
    });
    buildOverview();
    buildRowCards();
    arrange();
}

void ExplainPage::Private::buildOverview()
{
    overview = new Card(ExplainPage::tr("What drives the prediction"), content);
    output = new QComboBox(overview);
    output->setObjectName("explain.output");
    output->setToolTip(ExplainPage::tr("Which class's prediction is shown."));
    output->setAccessibleName(ExplainPage::tr("Class"));
    output->setMaximumWidth(160);
    overview->addControl(output);
    QObject::connect(output, &QComboBox::activated, q, [this](int index) {
        shownOutput = static_cast<std::size_t>(std::max(0, index));
        rowsModel->setExplanation(explanation, shownOutput);
        showPlot();
        showFooter();
        showRow();
    });
    kind = new Segmented(theme, {"beeswarm", "bar"}, {ExplainPage::tr("Beeswarm"), ExplainPage::tr("Bar")}, overview);
    kind->setObjectName("explain.kind");
    overview->addControl(kind);
    QObject::connect(kind, &Segmented::chosen, q, [this](const QString& key) {
        session.setViewValue("explain.kind", key.toStdString());
        showPlot();
    });
    plot = new PlotView(theme, overview);
    plot->setObjectName("explainPlot");
    plot->setAccessibleName(ExplainPage::tr("What drives the prediction"));
    QObject::connect(plot, &PlotView::clicked, q, [this](int item) {
        if (explanation && kind->current() == QLatin1String("beeswarm") && explanation->rowCount() > 0)
            chooseRow(item % static_cast<int>(explanation->rowCount()));
    });
    hint = new QLabel(overview);
    hint->setObjectName("explainHint");
    hint->setProperty("role", "dim");
    hint->setWordWrap(true);
    hint->setAlignment(Qt::AlignCenter);
    overview->body()->addWidget(hint, 1);

    // The facts stay in sight under a plot that scrolls.
    footer = new QWidget(overview);
    auto* lines = new QVBoxLayout(footer);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(6);
    facts = new QLabel(footer);
    facts->setObjectName("explainFacts");
    facts->setProperty("role", "dim");
    facts->setWordWrap(true);
    order = new QLabel(footer);
    order->setObjectName("explainOrder");
    sentence = new QLabel(footer);
    sentence->setObjectName("explainSentence");
    sentence->setWordWrap(true);
    lines->addWidget(separator(footer));
    lines->addWidget(facts);
    lines->addWidget(order);
    lines->addWidget(separator(footer));
    lines->addWidget(sentence);
    plotArea = scrolled(plot, overview);
    overview->body()->insertWidget(0, plotArea, 1);
    overview->body()->addWidget(footer);
}

void ExplainPage::Private::buildRowCards()
{
    rowCard = new Card(ExplainPage::tr("One row"), content);
    waterfall = new PlotView(theme, rowCard);
    waterfall->setObjectName("waterfall");
    waterfall->setAccessibleName(ExplainPage::tr("How this row's prediction comes about"));
    waterfallArea = scrolled(waterfall, rowCard);
    rowCard->body()->addWidget(waterfallArea, 1);
    rowHint = new QLabel(ExplainPage::tr("Choose a row of the table, or a point of the beeswarm, to see how its prediction comes about."), rowCard);
    rowHint->setProperty("role", "dim");
    rowHint->setWordWrap(true);
    rowHint->setAlignment(Qt::AlignCenter);
    rowCard->body()->addWidget(rowHint, 1);
    rowSentence = new QLabel(rowCard);
    rowSentence->setObjectName("rowSentence");
    rowSentence->setProperty("role", "dim");
    rowSentence->setWordWrap(true);
    rowCard->body()->addWidget(rowSentence);

    rowsCard = new Card(ExplainPage::tr("Rows"), content);
    rowsCard->setSubtitle(ExplainPage::tr("sorted by prediction"));
    rowsModel = new RowsModel(rowsCard);
    rows = new QTableView(rowsCard);
    rows->setObjectName("explainRows");
    rows->setAccessibleName(ExplainPage::tr("Explained rows"));
    rows->setHorizontalHeader(new ElidedHeader(rows));
    rows->setModel(rowsModel);
    rows->setSelectionBehavior(QAbstractItemView::SelectRows);
    rows->setSelectionMode(QAbstractItemView::SingleSelection);
    rows->setShowGrid(false);
    rows->setTabKeyNavigation(false);
    rows->setWordWrap(false);
    rows->verticalHeader()->hide();
    rows->verticalHeader()->setDefaultSectionSize(Theme::row);
    rows->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    rows->horizontalHeader()->setHighlightSections(false);
    rowsCard->body()->addWidget(rows, 1);
    QObject::connect(rows->selectionModel(), &QItemSelectionModel::currentRowChanged, q, [this](const QModelIndex& now) {
        if (const int row = rowsModel->rowAt(now.row()); now.isValid() && row != shownRow) {
            shownRow = row;
            showRow();
        }
    });
}

void ExplainPage::Private::arrange()
{
    for (Card* card : {formCard, overview, rowCard, rowsCard})
        grid->removeWidget(card);
    for (int i = 0; i < 4; ++i) {
        grid->setRowStretch(i, 0);
        grid->setColumnStretch(i, 0);
    }
    if (wide) {
        grid->addWidget(formCard, 0, 0, 1, 2);
        grid->addWidget(overview, 1, 0, 2, 1);
        grid->addWidget(rowCard, 1, 1);
        grid->addWidget(rowsCard, 2, 1);
        grid->setColumnStretch(0, 13);
        grid->setColumnStretch(1, 7);
        grid->setRowStretch(1, 1);
        grid->setRowStretch(2, 1);
    } else {
        grid->addWidget(formCard, 0, 0, 1, 2);
        grid->addWidget(overview, 1, 0, 1, 2);
        grid->addWidget(rowCard, 2, 0);
        grid->addWidget(rowsCard, 2, 1);
        grid->setColumnStretch(0, 1);
        grid->setColumnStretch(1, 1);
        grid->setRowStretch(1, 3);
        grid->setRowStretch(2, 2);
    }
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
    if (!why.isEmpty() && !explanation && !running) {
        empty->setSentence(why);
        empty->button()->setText(button);
        empty->button()->setVisible(true);
        emptyPage = page;
        stack->setCurrentWidget(empty);
    } else {
        stack->setCurrentWidget(content);
    }
    form->setRunning(running);
    form->button()->setEnabled(running || (session.data() && form->version() && session.workspace()));
    const bool any = explanation && explanation->rowCount() > 0;
    plotArea->setVisible(any);
    footer->setVisible(any);
    hint->setVisible(!any);
    hint->setText(!failure.isEmpty() ? failure
                  : running          ? ExplainPage::tr("The first rows are being explained…")
                                     : ExplainPage::tr("“Explain” shows which columns drive the predictions of the rows chosen above."));
    const bool row = any && shownRow >= 0;
    waterfallArea->setVisible(row);
    rowHint->setVisible(!row);
    rowSentence->setVisible(row && wide);
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
        [load = loader(), data = session.data(), request = form->request()](Task& work) {
            Answer answer;
            answer.model = load();
            answer.cost = estimateExplainCost(*answer.model->predictor, data->table(), request, work);
            return answer;
        },
        [this, token = costToken, data = session.data()](Answer answer) {
            if (token != costToken)
                return;
            model = std::move(answer.model);
            modelData = data;
            form->setCost(ExplainPage::tr("about %1, estimated").arg(durationText(answer.cost.seconds)));
        },
        [this, token = costToken](const std::exception_ptr& failed) {
            if (token == costToken)
                form->setCost(sentenceOf(failed));
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
    explanation.reset();
    shownRow = -1;
    rowsModel->setExplanation(nullptr, 0);
    running = true;
    feed = std::make_shared<ExplanationFeed>();
    struct Answer {
        std::shared_ptr<const LoadedModel> model;
        Explanation explanation;
    };
    const std::uint64_t mine = ++token;
    JobRunner::Options options;
    options.kind = "explain";
    options.subject = form->version()->model;
    options.lane = JobQueue::Lane::Background;
    options.tellCancelled = true;
    job = session.jobs().run(
        options, q,
        [load = loader(), data = session.data(), request = form->request(), sink = feed](Task& work) {
            Answer answer;
            answer.model = load();
            answer.explanation = explainTable(*answer.model->predictor, data->table(), answer.model->trainingRows, request,
                                              [sink](const Explanation& part) { sink->put(part); }, work);
            return answer;
        },
        [this, mine, data = session.data()](Answer answer) {
            if (mine != token)
                return;
            ended();
            model = std::move(answer.model);
            modelData = data;
            show(std::make_shared<const Explanation>(std::move(answer.explanation)), model->predictor->pipeline().task());
        },
        [this, mine](const std::exception_ptr& failed) {
            if (mine != token)
                return;
            // What was explained before it was stopped stays: every finished row is a result.
            auto newest = feed ? feed->take() : nullptr;
            ended();
            failure = sentenceOf(failed);
            if (newest)
                show(std::move(newest), task);
            showState();
            if (!failure.isEmpty())
                emit session.failed(failure);
        });
    refresh.start();
    showState();
}

void ExplainPage::Private::stop() { session.jobs().queue().cancel(job); }

void ExplainPage::Private::ended()
{
    running = false;
    refresh.stop();
    feed.reset();
    costTimer.start();
    showState();
}

void ExplainPage::Private::show(std::shared_ptr<const Explanation> next, TaskKind itsTask)
{
    const bool first = !explanation;
    explanation = std::move(next);
    task = itsTask;
    if (shownOutput >= explanation->outputs.size())
        shownOutput = 0;
    const int row = shownRow;
    rowsModel->setExplanation(explanation, shownOutput);
    fillOutputs();
    showPlot();
    showFooter();
    if (first && explanation->rowCount() > 0)
        chooseRow(rowsModel->rowAt(0)); // the row with the highest prediction is as good a start as any
    else
        chooseRow(row);
    showState();
}

void ExplainPage::Private::fillOutputs()
{
    output->clear();
    for (const std::string& name : explanation->outputs)
        output->addItem(QString::fromStdString(name));
    output->setCurrentIndex(static_cast<int>(shownOutput));
    output->setVisible(explanation->outputs.size() > 1);
}

QString ExplainPage::Private::spaceText() const
{
    if (task == TaskKind::Regression || task == TaskKind::MultiRegression)
        return ExplainPage::tr("in the target's unit");
    if (explanation->space == "probability")
        return ExplainPage::tr("probability");
    return task == TaskKind::MultiClass ? ExplainPage::tr("logits") : ExplainPage::tr("log-odds");
}

void ExplainPage::Private::showPlot()
{
    if (!explanation || explanation->rowCount() == 0)
        return;
    const QString name = QString::fromStdString(explanation->outputs[shownOutput]);
    overview->setTitle(ExplainPage::tr("What drives “%1”").arg(name));
    overview->setSubtitle(ExplainPage::tr("%1 rows · %2").arg(countText(static_cast<qint64>(explanation->rowCount())), spaceText()));
    plot->setPlot(kind->current() == QLatin1String("bar") ? makeImportanceBar(explanation, shownOutput)
                                                          : makeBeeswarm(explanation, shownOutput));
    sentence->setText(plot->plot()->sentence());
}

void ExplainPage::Private::showFooter()
{
    if (!explanation || explanation->rowCount() == 0)
        return;
    const Explanation& e = *explanation;
    const QString background = e.background == "training rows" ? ExplainPage::tr("training rows") : ExplainPage::tr("all rows");
    const std::size_t from = e.background == "training rows" && model ? model->trainingRows.size()
                                                                      : session.data() ? session.data()->table().rows() : 0;
    QStringList parts{ExplainPage::tr("%1 · %2 evaluations a row").arg(methodName(e.method), countText(static_cast<qint64>(e.evaluations)))};
    parts << (from > 0 ? ExplainPage::tr("Background: %1, %2 of %3").arg(background, countText(static_cast<qint64>(e.backgroundRows)),
                                                                      countText(static_cast<qint64>(from)))
                       : ExplainPage::tr("Background: %1, %2").arg(background, countText(static_cast<qint64>(e.backgroundRows))));
    parts << ExplainPage::tr("Adds up to %1").arg(plot::shortText(e.residual, 1));
    facts->setText(parts.join(QStringLiteral("     ")));
    facts->setToolTip(ExplainPage::tr("Average and effects together differ from the prediction by at most this share of the predictions' range."));
    const std::vector<FeatureImportance> importances = meanAbsolute(e, shownOutput);
    const std::size_t resolved = resolvedOrder(importances);
    const bool all = resolved + 1 >= importances.size();
    order->setText(resolved == 0 ? ExplainPage::tr("The order of the first columns is not certain at 95 %; more rows tell them apart")
                   : resolved == 1 && !all ? ExplainPage::tr("The first column is resolved from the next at 95 %")
                   : all         ? ExplainPage::tr("Order of all columns resolved at 95 %")
                                 : ExplainPage::tr("Order of the first %n resolved at 95 %", nullptr, static_cast<int>(resolved)));
    const QString role = resolved == 0 ? "warn" : "good";
    if (order->property("role").toString() != role) {
        order->setProperty("role", role);
        order->style()->unpolish(order); // takes the new role's colour
        order->style()->polish(order);
    }
}

void ExplainPage::Private::chooseRow(int row)
{
    shownRow = row;
    if (const int line = rowsModel->lineOf(row); line >= 0) {
        rows->setCurrentIndex(rowsModel->index(line, 0));
        rows->scrollTo(rowsModel->index(line, 0));
    }
    showRow();
}

void ExplainPage::Private::showRow()
{
    if (explanation && shownRow >= 0 && shownRow < static_cast<int>(explanation->rowCount())) {
        const Explanation& e = *explanation;
        const auto row = static_cast<std::size_t>(shownRow);
        const double prediction = e.predictions[row * e.outputs.size() + shownOutput];
        rowCard->setTitle(ExplainPage::tr("Row %1").arg(countText(static_cast<qint64>(e.rows[row]))));
        rowCard->setSubtitle(ExplainPage::tr("predicted %1, %2").arg(plot::shortText(prediction, 3), spaceText()));
        waterfall->setPlot(makeWaterfall(explanation, shownOutput, row));
        rowSentence->setText(waterfall->plot()->sentence());
    } else {
        rowCard->setTitle(ExplainPage::tr("One row"));
        rowCard->setSubtitle({});
    }
    showState();
}

ExplainPage::ExplainPage(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, session, theme))
{
    setObjectName("explainPage");
    d->build();
    const auto restoreKind = [this, &session] {
        if (const nlohmann::json kept = session.viewValue("explain.kind"); kept.is_string())
            d->kind->setCurrent(QString::fromStdString(kept.get<std::string>()));
    };
    restoreKind();
    connect(&session, &Session::workspaceOpened, this, restoreKind);
    connect(&session, &Session::registryChanged, this, [this] { d->showState(); });
    connect(&session, &Session::dataChanged, this, [this] { d->showState(); });
    connect(&session, &Session::openingChanged, this, [this] { d->showState(); });
    d->output->hide();
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

void ExplainPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool wide = event->size().width() >= wideFrom;
    if (wide == d->wide)
        return;
    d->wide = wide;
    d->arrange();
    d->showState();
}

} // namespace limpid
