#include "ui/shell/MainWindow.h"

#include "ui/data/DataPage.h"
#include "ui/explain/ExplainPage.h"
#include "ui/models/ModelsPage.h"
#include "ui/network/NetworkPage.h"
#include "ui/session/Session.h"
#include "ui/shell/CommandSearch.h"
#include "ui/shell/JobStrip.h"
#include "ui/shell/NavRail.h"
#include "ui/shell/NoticeBar.h"
#include "ui/shell/TopBar.h"
#include "ui/shell/WindowActions.h"
#include "ui/shell/WindowSettings.h"
#include "ui/theme/Theme.h"
#include "ui/train/TrainPage.h"
#include "ui/widgets/EmptyState.h"

#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QGridLayout>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <map>

namespace limpid {

namespace {

std::vector<NavRail::Page> allPages()
{
    return {{"data", MainWindow::tr("Data")},
            {"network", MainWindow::tr("Network")},
            {"train", MainWindow::tr("Train")},
            {"explain", MainWindow::tr("Explain")},
            {"models", MainWindow::tr("Models")}};
}

} // namespace

struct MainWindow::Private {
    Private(MainWindow& window, Session& theSession, Theme& theTheme, const WindowOptions& theOptions)
        : q(window), session(theSession), theme(theTheme), options(theOptions), settings(theOptions.settingsFile)
    {
    }

    void build();
    void connectSession();
    QWidget* makePage(const QString& key);
    void dropPages();
    void showTitle();
    void showWorkspaceFailure(const QString& folder, const QString& sentence);
    void chooseFile();
    void chooseWorkspace();
    std::vector<Command> commands();

    MainWindow& q;
    Session& session;
    Theme& theme;
    WindowOptions options;
    WindowSettings settings;
    NavRail* rail = nullptr;
    TopBar* top = nullptr;
    NoticeBar* notices = nullptr;
    QStackedWidget* stack = nullptr;
    QWidget* waiting = nullptr;        ///< shown until the workspace is open
    EmptyState* noWorkspace = nullptr; ///< shown where it could not be opened
    WindowActions* actions = nullptr;
    std::map<QString, QWidget*> pages;
    QString page = "data";
};

MainWindow::MainWindow(Session& session, Theme& theme, QWidget* parent)
    : MainWindow(session, theme, WindowOptions(), parent)
{
}

MainWindow::MainWindow(Session& session, Theme& theme, const WindowOptions& options, QWidget* parent)
    : QMainWindow(parent), d(std::make_unique<Private>(*this, session, theme, options))
{
    setObjectName("mainWindow");
    setMinimumSize(900, 600);
    setAcceptDrops(true);
    d->theme.setMode(d->settings.themeMode());
    d->build();
    d->connectSession();
    if (!d->settings.restoreGeometry(*this))
        resize(1280, 800);
    if (session.isReady())
        showPage(QString::fromStdString(session.viewValue("page").is_string()
                                            ? session.viewValue("page").get<std::string>()
                                            : std::string("data")));
    d->showTitle();
}

MainWindow::~MainWindow()
{
    // Pages look at the session until the end; they go before anything of ours does.
    d->dropPages();
}

void MainWindow::Private::build()
{
    auto* frame = new QWidget(&q);
    frame->setObjectName("ground");
    rail = new NavRail(allPages(), theme, frame);
    top = new TopBar(theme, options.device, frame);
    notices = new NoticeBar(theme, frame);
    stack = new QStackedWidget(frame);
    stack->setObjectName("pages");
    waiting = new QWidget(stack);
    stack->addWidget(waiting);
    noWorkspace = new EmptyState("workspace", tr("This workspace can't be opened"), {},
                                 tr("Choose another workspace…"), stack);
    noWorkspace->setObjectName("noWorkspace");
    stack->addWidget(noWorkspace);
    connect(noWorkspace->button(), &QPushButton::clicked, &q, [this] { chooseWorkspace(); });

    // A notice floats over the page's lower edge: a page that moved under the pointer would be clicked wrong.
    auto* middle = new QGridLayout;
    middle->setContentsMargins(0, 0, 0, 0);
    middle->addWidget(stack, 0, 0);
    middle->addWidget(notices, 0, 0, Qt::AlignHCenter | Qt::AlignBottom);
    notices->raise();
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(top);
    right->addLayout(middle, 1);
    right->addWidget(new JobStrip(session.jobs(), frame));
    auto* layout = new QHBoxLayout(frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(rail);
    layout->addLayout(right, 1);
    q.setCentralWidget(frame);
    actions = new WindowActions(session, theme, settings, options.samples, q);
    top->setMenu(actions->menu());
    top->search()->setSource([this] { return commands(); });
    connect(rail, &NavRail::requested, &q, &MainWindow::showPage);
    connect(top, &TopBar::themeToggled, actions, &WindowActions::toggleTheme);
    connect(actions, &WindowActions::pageRequested, &q, &MainWindow::showPage);
    connect(actions, &WindowActions::searchRequested, &q, [this] { top->search()->begin(); });
    connect(actions, &WindowActions::openFileRequested, &q, [this] { chooseFile(); });
    connect(actions, &WindowActions::openWorkspaceRequested, &q, [this] { chooseWorkspace(); });
    connect(actions, &WindowActions::openPathRequested, &q, &MainWindow::openPath);
}

void MainWindow::Private::connectSession()
{
    connect(&session, &Session::failed, notices, &NoticeBar::showFailure);
    connect(&session, &Session::noticed, notices, &NoticeBar::showNote);
    connect(&session, &Session::pageRequested, &q, &MainWindow::showPage);
    connect(&session, &Session::dataChanged, &q, [this] { showTitle(); });
    connect(&session, &Session::openingChanged, &q, [this] { showTitle(); });
    connect(&session, &Session::requestChanged, &q, [this] { showTitle(); });
    connect(&session, &Session::workspaceFailed, &q, [this](const QString& folder, const QString& sentence) {
        showWorkspaceFailure(folder, sentence);
    });
    connect(&session, &Session::workspaceOpened, &q, [this] {
        dropPages();
        settings.addWorkspace(QString::fromStdU16String(session.workspace()->folder().u16string()));
        const nlohmann::json saved = session.viewValue("page");
        q.showPage(saved.is_string() ? QString::fromStdString(saved.get<std::string>()) : "data");
        showTitle();
    });
}

QWidget* MainWindow::Private::makePage(const QString& key)
{
    if (key == "network")
        return new NetworkPage(session, theme, stack);
    if (key == "train")
        return new TrainPage(session, theme, stack);
    if (key == "explain")
        return new ExplainPage(session, theme, stack);
    if (key == "models")
        return new ModelsPage(session, theme, stack);
    auto* data = new DataPage(session, theme, stack);
    data->setSamples(options.samples);
    connect(data, &DataPage::openRequested, &q, [this] { chooseFile(); });
    return data;
}

void MainWindow::Private::dropPages()
{
    stack->setCurrentWidget(waiting);
    for (const auto& [key, widget] : pages)
        delete widget;
    pages.clear();
}

void MainWindow::showPage(const QString& key)
{
    if (!d->session.isReady())
        return;
    d->page = key;
    QWidget*& page = d->pages[key];
    if (!page) {
        page = d->makePage(key);
        page->setObjectName("page_" + key);
        d->stack->addWidget(page);
    }
    if (d->stack->currentWidget() != page) {
        d->stack->setCurrentWidget(page);
        page->setFocus(); // keys are the page's at once
    }
    d->rail->setCurrent(key);
    d->session.setViewValue("page", key.toStdString());
}

QString MainWindow::currentPage() const { return d->page; }

void MainWindow::openPath(const QString& path)
{
    // Only the disk knows which of the two it is, and a disk may take its time.
    JobRunner::Options options;
    options.kind = "look";
    options.subject = QFileInfo(path).fileName().toStdString();
    d->session.jobs().run(
        options, this, [path = std::filesystem::path(path.toStdU16String())](Task&) { return Workspace::exists(path); },
        [this, path](bool workspace) {
            if (workspace) {
                d->session.openWorkspace(path);
                return;
            }
            d->session.openFile(path);
            showPage("data");
        },
        [this](const std::exception_ptr& failure) { d->notices->showFailure(sentenceOf(failure)); });
}

void MainWindow::Private::showTitle()
{
    const QString path = session.filePath();
    const std::shared_ptr<Workspace>& workspace = session.workspace();
    const QString folder = workspace ? QString::fromStdU16String(workspace->folder().filename().u16string()) : QString();
    if (path.isEmpty()) {
        top->setOpen("Limpid", folder);
        q.setWindowTitle("Limpid");
        return;
    }
    const QFileInfo file(path);
    QString name = file.completeBaseName();
    if (name.endsWith(".csv", Qt::CaseInsensitive) || name.endsWith(".tsv", Qt::CaseInsensitive))
        name.chop(4); // of a .csv.gz
    QStringList detail{file.fileName()};
    if (session.isOpening() && !session.data())
        detail << tr("opening");
    else if (!session.request().pipeline.target.empty())
        detail << (session.request().pipeline.moreTargets.empty()
                       ? QString::fromStdString(session.request().pipeline.target)
                       : tr("%1 targets").arg(session.request().pipeline.targets().size()));
    top->setOpen(name, detail.join(QStringLiteral(" · ")));
    q.setWindowTitle(tr("%1 – Limpid").arg(name));
}

void MainWindow::Private::showWorkspaceFailure(const QString& folder, const QString& sentence)
{
    if (session.isReady()) {
        notices->showFailure(sentence); // the one that is open stays open
        return;
    }
    noWorkspace->setSentence(sentence);
    noWorkspace->setToolTip(QDir::toNativeSeparators(folder));
    stack->setCurrentWidget(noWorkspace);
}

void MainWindow::Private::chooseFile()
{
    const QString last = session.filePath();
    const QString folder = last.isEmpty() ? QDir::homePath() : QFileInfo(last).absolutePath();
    options.dialogs.openFile(&q, folder, [this](const QString& path) { q.openPath(path); });
}

void MainWindow::Private::chooseWorkspace()
{
    options.dialogs.openFolder(&q, QDir::homePath(), [this](const QString& folder) { session.openWorkspace(folder); });
}

std::vector<Command> MainWindow::Private::commands()
{
    std::vector<Command> found = actions->commands();
    if (const auto data = session.data())
        for (const std::string& name : data->table().names()) {
            const QString column = QString::fromStdString(name);
            found.push_back({column, tr("column"), "table", [this, column] {
                                 q.showPage("data");
                                 static_cast<DataPage*>(pages["data"])->showColumn(column);
                             }});
        }
    for (const ModelSummary& model : session.models())
        found.push_back({QString::fromStdString(model.name), tr("model"), "models", [this] { q.showPage("models"); }});
    for (const RunRecord& run : session.runs())
        found.push_back({tr("Run %1 %2").arg(run.id).arg(QString::fromStdString(run.name)), tr("run"), "train",
                         [this] { q.showPage("models"); }});
    return found;
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    d->settings.saveGeometry(*this);
    hide();
    // Runs end as Stopped with what they reached; nothing is asked, nothing is lost.
    d->session.close();
    event->accept();
    emit closed();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.front().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty() || !urls.front().isLocalFile())
        return;
    event->acceptProposedAction();
    openPath(urls.front().toLocalFile());
}

} // namespace limpid
