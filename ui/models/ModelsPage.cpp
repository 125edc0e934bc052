#include "ui/models/ModelsPage.h"

#include "ui/models/CurvesCard.h"
#include "ui/models/ModelTree.h"
#include "ui/models/ReportDialog.h"
#include "ui/models/RunsView.h"
#include "ui/models/VersionCard.h"
#include "ui/report/ReportFile.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/EmptyState.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QHeaderView>
#include <QPushButton>
#include <QResizeEvent>
#include <QStackedLayout>
#include <QTabBar>
#include <QTreeView>

#include <algorithm>

namespace limpid {

namespace {

constexpr int wideFrom = 1100;

QString sentence(const std::exception_ptr& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        return message(error);
    } catch (const std::exception&) {
        return ModelsPage::tr("That did not work.");
    }
}

} // namespace

struct ModelsPage::Private {
    ModelsPage& q;
    Session& session;

    QTabBar* tabs = nullptr;
    QStackedLayout* stack = nullptr;
    EmptyState* noModels = nullptr;
    EmptyState* noRuns = nullptr;
    QWidget* modelsTab = nullptr;
    RunsView* runs = nullptr;
    ModelTree* model = nullptr;
    QTreeView* tree = nullptr;
    VersionCard* version = nullptr;
    CurvesCard* curves = nullptr;
    std::string shownModel;      ///< of the version at the right
    int shownVersion = 0;

    Private(ModelsPage& page, Session& shared) : q(page), session(shared) {}
    void build(const Theme& theme);
    void refresh();
    void fitFigures();
    void showTab();
    void showSelected();
    const ModelVersion* current() const { return model->versionAt(tree->currentIndex()); }
    void exportTo(const QString& folder);
    void askForReport();
    void askForReportFile(const ModelVersion& of, const ReportQuestion& question);
    void reportTo(const QString& path, const ModelVersion& of, const ReportQuestion& question);
    void alias(const QString& name, bool add);
};

ModelsPage::ModelsPage(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(*this, session))
{
    setObjectName("modelsPage");
    d->build(theme);
    connect(&session, &Session::registryChanged, this, [this] { d->refresh(); });
    d->refresh();
}

ModelsPage::~ModelsPage() = default;

void ModelsPage::Private::build(const Theme& theme)
{
    auto* column = new QVBoxLayout(&q);
    column->setContentsMargins(Theme::margin, 8, Theme::margin, Theme::margin);
    column->setSpacing(8);
    tabs = new QTabBar(&q);
    tabs->setObjectName("modelsTabs");
    tabs->setDrawBase(false);
    tabs->setExpanding(false);
    tabs->addTab(tr("Models"));
    tabs->addTab(tr("Runs"));
    column->addWidget(tabs);
    auto* area = new QWidget(&q);
    column->addWidget(area, 1);
    stack = new QStackedLayout(area);

    noModels = new EmptyState("models", tr("No model yet"),
                              tr("Each training run that ends leaves a version here, with its figures, its settings and its curves."),
                              tr("Go to Train"));
    noModels->button()->setObjectName("modelsToTrainButton");
    noRuns = new EmptyState("train", tr("No run yet"), tr("Every training run is listed here, also those that were stopped or interrupted."),
                            tr("Go to Train"));
    noRuns->button()->setObjectName("runsToTrainButton");
    for (EmptyState* state : {noModels, noRuns}) {
        connect(state->button(), &QPushButton::clicked, &q, [this] { emit session.pageRequested("train"); });
        stack->addWidget(state);
    }

    modelsTab = new QWidget(area);
    auto* columns = new QHBoxLayout(modelsTab);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(Theme::gap);
    auto* list = new Card(tr("Models"), modelsTab);
    list->setFixedWidth(320);
    model = new ModelTree(&q);
    tree = new QTreeView(list);
    tree->setObjectName("modelTree");
    tree->setAccessibleName(tr("Models and their versions"));
    tree->setModel(model);
    tree->setHeaderHidden(true);
    tree->setIndentation(14);
    tree->setFrameShape(QFrame::NoFrame);
    tree->setAllColumnsShowFocus(true);
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    tree->header()->setSectionResizeMode(1, QHeaderView::Fixed);
    list->body()->setContentsMargins(6, 0, 6, 8);
    list->body()->addWidget(tree);
    columns->addWidget(list);
    auto* right = new QVBoxLayout;
    right->setSpacing(Theme::gap);
    version = new VersionCard(theme, modelsTab);
    curves = new CurvesCard(session, theme, modelsTab);
    right->addWidget(version, 1);
    right->addWidget(curves, 1);
    columns->addLayout(right, 1);
    stack->addWidget(modelsTab);

    runs = new RunsView(session, theme, area);
    stack->addWidget(runs);

    connect(tabs, &QTabBar::currentChanged, &q, [this](int tab) {
        session.setViewValue("models/tab", tab);
        showTab();
    });
    connect(tree->selectionModel(), &QItemSelectionModel::currentChanged, &q, [this] { showSelected(); });
    connect(version, &VersionCard::aliasAdded, &q, [this](const QString& name) { alias(name, true); });
    connect(version, &VersionCard::aliasRemoved, &q, [this](const QString& name) { alias(name, false); });
    connect(version, &VersionCard::explainRequested, &q, [this] {
        if (const ModelVersion* one = current()) {
            emit session.explainRequested(QStringLiteral("%1@%2").arg(QString::fromStdString(one->model)).arg(one->version));
            emit session.pageRequested("explain");
        }
    });
    connect(version, &VersionCard::networkRequested, &q, [this] {
        if (const ModelVersion* one = current()) {
            const QString reference = QStringLiteral("%1@%2").arg(QString::fromStdString(one->model)).arg(one->version);
            emit session.pageRequested("network"); // which listens from then on
            emit session.networkRequested(reference);
        }
    });
    connect(version, &VersionCard::exportRequested, &q, [this] {
        auto* dialog = new QFileDialog(&q, tr("Export to a folder"));
        dialog->setObjectName("exportDialog");
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        connect(dialog, &QFileDialog::fileSelected, &q, [this](const QString& folder) { exportTo(folder); });
        dialog->open();
    });
    connect(version, &VersionCard::reportRequested, &q, [this] { askForReport(); });
    if (const nlohmann::json tab = session.viewValue("models/tab"); tab.is_number_integer())
        tabs->setCurrentIndex(tab.get<int>() == 1 ? 1 : 0);
}

/// Gives the second column the room of its widest figure; Qt's own fitting does not know the style sheet's padding.
void ModelsPage::Private::fitFigures()
{
    constexpr int padding = 28;
    tree->ensurePolished();
    int widest = 0;
    const auto measure = [&](const QModelIndex& index) {
        widest = std::max(widest, tree->fontMetrics().horizontalAdvance(index.data().toString()));
    };
    for (int i = 0; i < model->rowCount(); ++i) {
        const QModelIndex parent = model->index(i, 0);
        measure(parent.siblingAtColumn(1));
        for (int k = 0; k < model->rowCount(parent); ++k)
            measure(model->index(k, 1, parent));
    }
    tree->header()->resizeSection(1, widest + padding);
}

void ModelsPage::Private::refresh()
{
    const std::string keptModel = shownModel;
    const int keptVersion = shownVersion;
    model->setModels(session.models());
    tree->expandAll();
    fitFigures();
    runs->refresh();
    QModelIndex index = model->indexOf(keptModel, keptVersion);
    if (!index.isValid() && model->rowCount() > 0) // the newest of the first
        index = model->index(0, 0, model->index(0, 0));
    tree->setCurrentIndex(index);
    showSelected();
    showTab();
}

void ModelsPage::Private::showTab()
{
    if (tabs->currentIndex() == 0)
        stack->setCurrentWidget(session.models().empty() ? static_cast<QWidget*>(noModels) : modelsTab);
    else
        stack->setCurrentWidget(session.runs().empty() ? static_cast<QWidget*>(noRuns) : runs);
}

void ModelsPage::Private::showSelected()
{
    const ModelVersion* one = current();
    if (!one)
        return;
    shownModel = one->model;
    shownVersion = one->version;
    const RunRecord* run = nullptr;
    for (const RunRecord& record : session.runs())
        if (record.id == one->run)
            run = &record;
    version->show(*one, run);
    curves->setSubtitle(tr("run %1").arg(one->run));
    curves->showRun(run ? run->id : 0, run ? run->bestEpoch : 0);
}

void ModelsPage::Private::alias(const QString& name, bool add)
{
    const ModelVersion* one = current();
    if (!one || !session.workspace())
        return;
    JobRunner::Options options;
    options.kind = "settings";
    options.subject = name.toStdString();
    options.lane = JobQueue::Lane::Foreground;
    session.jobs().run(
        options, &q,
        [workspace = session.workspace(), to = *one, name = name.toStdString(), add](Task&) {
            if (add)
                workspace->setAlias(to.model, name, to.version);
            else
                workspace->removeAlias(to.model, name);
            return true;
        },
        [this](bool) { session.refreshRegistry(); },
        [this](const std::exception_ptr& failure) { emit session.failed(sentence(failure)); });
}

void ModelsPage::Private::exportTo(const QString& folder)
{
    const ModelVersion* one = current();
    if (!one || !session.workspace() || folder.isEmpty())
        return;
    const std::string name = one->model + "-v" + std::to_string(one->version);
    const std::filesystem::path path = std::filesystem::path(folder.toStdU16String()) / name;
    JobRunner::Options options;
    options.kind = "export";
    options.subject = name;
    options.lane = JobQueue::Lane::Foreground;
    session.jobs().run(
        options, &q,
        [workspace = session.workspace(), from = *one, path](Task& task) {
            const Bundle bundle = workspace->loadBundle(from);
            task.checkpoint();
            writeBundle(bundle, path);
            return path;
        },
        [this](const std::filesystem::path& written) {
            emit session.noticed(tr("The model is in %1.").arg(QString::fromStdU16String(written.u16string())));
        },
        [this](const std::exception_ptr& failure) { emit session.failed(sentence(failure)); });
}

void ModelsPage::Private::askForReport()
{
    const ModelVersion* one = current();
    if (!one)
        return;
    auto* options = new ReportDialog(session, *one, &q);
    connect(options, &QDialog::accepted, &q, [this, options] { askForReportFile(options->version(), options->question()); });
    options->open();
}

void ModelsPage::Private::askForReportFile(const ModelVersion& of, const ReportQuestion& question)
{
    const QString html = tr("Web page (*.html)"), pdf = tr("PDF (*.pdf)");
    auto* dialog = new QFileDialog(&q, tr("Write a report"));
    dialog->setObjectName("reportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({html, pdf});
    dialog->setDefaultSuffix("html");
    dialog->selectFile(QStringLiteral("%1-v%2.html").arg(QString::fromStdString(of.model)).arg(of.version));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, pdf](const QString& filter) { dialog->setDefaultSuffix(filter == pdf ? "pdf" : "html"); });
    connect(dialog, &QFileDialog::fileSelected, &q, [this, of, question](const QString& path) { reportTo(path, of, question); });
    dialog->open();
}

void ModelsPage::Private::reportTo(const QString& path, const ModelVersion& of, const ReportQuestion& question)
{
    if (!session.workspace() || path.isEmpty())
        return;
    JobRunner::Options options;
    options.kind = "report";
    options.subject = of.model;
    session.jobs().run(
        options, &q,
        [workspace = session.workspace(), of, path, question](Task& task) { return makeReport(*workspace, of, question, path, task); },
        [this, path](const ReportExplanations& explained) {
            const QString place = tr("The report is in %1.").arg(path);
            emit session.noticed(explained.missing.isEmpty() ? place : place + QLatin1Char(' ') + explained.missing);
        },
        [this](const std::exception_ptr& failure) { emit session.failed(sentence(failure)); });
}

void ModelsPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->runs->setWide(event->size().width() >= wideFrom);
}

} // namespace limpid
