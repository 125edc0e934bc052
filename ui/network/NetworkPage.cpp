#include "ui/network/NetworkPage.h"

#include "core/model/NetworkBlocks.h"
#include "core/model/TrainSpec.h"
#include "ui/network/CanvasCommands.h"
#include "ui/network/CanvasFrame.h"
#include "ui/network/CanvasInsight.h"
#include "ui/network/ChangesPanel.h"
#include "ui/network/CostCard.h"
#include "ui/network/LayerPalette.h"
#include "ui/network/NetworkFiles.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NetworkView.h"
#include "ui/network/NodeForm.h"
#include "ui/network/NodeItem.h"
#include "ui/network/NodePorts.h"
#include "ui/network/NodeTexts.h"
#include "ui/network/PriceMeter.h"
#include "ui/network/ProblemList.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/EmptyState.h"

#include <QApplication>
#include <QBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QResizeEvent>
#include <QStackedLayout>

#include <algorithm>

namespace limpid {

namespace {

constexpr int paletteWidth = 210, rightWidth = 290, rightHeight = 236, wideFrom = 1100;

} // namespace

struct NetworkPage::Private {
    NetworkPage& q;
    Session& session;
    const Theme& theme;

    QStackedLayout* stack = nullptr;
    EmptyState* empty = nullptr;
    EmptyState* blocked = nullptr;
    EmptyState* unfit = nullptr;
    QBoxLayout* middle = nullptr;
    QBoxLayout* right = nullptr;
    QWidget* rightColumn = nullptr;
    NetworkScene* scene = nullptr;
    NetworkView* view = nullptr;
    CanvasFrame* frame = nullptr;
    CanvasInsight* insight = nullptr;
    NodeForm* form = nullptr;
    LayerPalette* palette = nullptr;
    CostCard* costs = nullptr;
    ProblemList* problems = nullptr;
    NetworkFiles* files = nullptr;
    ChangesPanel* changes = nullptr;

    NetworkSpec whole;                  ///< with all its blocks
    NetworkAnalysis wholeAnalysis;
    std::vector<std::string> path;      ///< the blocks one is in, the outermost first
    NetworkSpec shown;                  ///< `whole`, or the inside of the last block
    NetworkContext context;
    NetworkAnalysis analysis;
    std::size_t trainRows = 0;
    bool problemsOfWhole = true;
    bool haveContext = false, fitted = false;

    Private(NetworkPage& page, Session& shared, const Theme& colors) : q(page), session(shared), theme(colors) {}

    void build();
    void buildFiles();
    void refresh();
    void showMarks();
    void showChange(const NodeChange& change);
    void showNodes(const std::vector<std::string>& ids);
    void showSelection();
    void goTo(std::vector<std::string> blocks);
    void open(const std::string& id);
    void edit(const NetworkSpec& network, const QString& text, int mergeId);
    void usePreset(const std::string& preset);
    void arrange(int width);
    void offerBlocks();
    void showState(EmptyState* state);
    void showEditor();
};

NetworkPage::NetworkPage(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(*this, session, theme))
{
    setObjectName("networkPage");
    d->build();
    const auto refresh = [this] { d->refresh(); };
    connect(&session, &Session::networkChanged, this, refresh);
    connect(&session, &Session::planChanged, this, refresh);
    connect(&session, &Session::requestChanged, this, refresh);
    connect(&session, &Session::dataChanged, this, [this] {
        d->haveContext = false;
        d->fitted = false;
        d->refresh();
    });
    d->refresh();
}

NetworkPage::~NetworkPage()
{
    // The scene tells of its end; by then nobody may listen.
    d->scene->disconnect(this);
}

void NetworkPage::Private::build()
{
    stack = new QStackedLayout(&q);
    empty = new EmptyState("network", tr("No data is open"),
                           tr("Here you draw the network. Its inputs and its output follow from the data, so open a file first."),
                           tr("Go to Data"));
    empty->button()->setObjectName("toDataButton");
    blocked = new EmptyState("warning", tr("The network waits for the data"), QString(), tr("Go to Data"));
    blocked->button()->setObjectName("mendDataButton");
    for (EmptyState* state : {empty, blocked}) {
        connect(state->button(), &QPushButton::clicked, &q, [this] { emit session.pageRequested("data"); });
        stack->addWidget(state);
    }
    unfit = new EmptyState("warning", tr("No network from this preset"), QString(), tr("Use the multilayer perceptron"));
    unfit->button()->setObjectName("usualPresetButton");
    connect(unfit->button(), &QPushButton::clicked, &q, [this] { usePreset("mlp"); });
    stack->addWidget(unfit);

    auto* editor = new QWidget(&q);
    auto* columns = new QHBoxLayout(editor);
    columns->setContentsMargins(Theme::margin, Theme::margin, Theme::margin, Theme::margin);
    columns->setSpacing(Theme::gap);
    palette = new LayerPalette(theme, editor);
    palette->setFixedWidth(paletteWidth);
    columns->addWidget(palette);

    middle = new QBoxLayout(QBoxLayout::LeftToRight);
    middle->setSpacing(Theme::gap);
    columns->addLayout(middle, 1);
    scene = new NetworkScene(theme, &q);
    view = new NetworkView(*scene, theme, editor);
    view->setObjectName("networkView");
    scene->setParent(view); // goes after the view, which looks at it to the last
    frame = new CanvasFrame(*view, theme, editor);
    changes = new ChangesPanel(theme, editor);
    auto* drawing = new QVBoxLayout;
    drawing->setSpacing(Theme::gap);
    drawing->addWidget(frame, 1);
    drawing->addWidget(changes);
    middle->addLayout(drawing, 1);
    buildFiles();
    insight = new CanvasInsight(session, *scene, frame->legend(), frame);
    connect(frame, &CanvasFrame::presetChosen, &q, [this](const std::string& preset) {
        usePreset(preset);
        view->setFocus(); // the menu's button had it
    });
    connect(&view->commands(), &CanvasCommands::undoWanted, &session.undoStack(), &QUndoStack::undo);
    connect(&view->commands(), &CanvasCommands::redoWanted, &session.undoStack(), &QUndoStack::redo);

    rightColumn = new QWidget(editor);
    right = new QBoxLayout(QBoxLayout::TopToBottom, rightColumn);
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(Theme::gap);
    form = new NodeForm(rightColumn);
    costs = new CostCard(rightColumn);
    auto* prices = new PriceMeter(session, &q);
    QObject::connect(prices, &PriceMeter::changed, &q, [this, prices] { costs->showPrice(*prices); });
    costs->showPrice(*prices);
    problems = new ProblemList(theme, rightColumn);
    right->addWidget(form);
    right->addWidget(costs);
    right->addWidget(problems);
    middle->addWidget(rightColumn);
    stack->addWidget(editor);

    connect(palette, &LayerPalette::layerChosen, &q, [this](const std::string& type) { scene->addLayer(type); });
    connect(scene, &NetworkScene::edited, &q, [this](const NetworkSpec& network, const QString& text, int mergeId) {
        edit(network, text, mergeId);
    });
    connect(scene, &NetworkScene::refused, &q, [this](const Error& error) { emit session.failed(message(error)); });
    connect(scene, &NetworkScene::opened, &q, [this](const std::string& id) { open(id); });
    connect(scene, &NetworkScene::told, &q, [this](const QString& sentence) { emit session.noticed(sentence); });
    connect(view, &NetworkView::leaveWanted, &q, [this] { goTo({path.begin(), path.end() - 1}); });
    connect(frame, &CanvasFrame::levelChosen, &q, [this](int level) { goTo({path.begin(), path.begin() + level}); });
    connect(scene, &NetworkScene::picked, &q, [this] { showSelection(); });
    connect(form, &NodeForm::edited, &q, [this](const NetworkSpec& network, const QString& text, int mergeId) {
        edit(network, text, mergeId);
    });
    connect(form, &NodeForm::renamed, &q, [this](const std::string& id) { scene->selectNodes({id}); });
    connect(form, &NodeForm::left, &q, [this] { view->setFocus(); });
    connect(form, &NodeForm::deleteRequested, &q, [this] {
        view->setFocus(); // the button is about to go
        scene->deleteSelection();
    });
    connect(form, &NodeForm::duplicateRequested, &q, [this] {
        view->setFocus();
        scene->duplicateSelection();
    });
    connect(problems, &ProblemList::nodeChosen, &q, [this](const std::string& id) {
        if (problemsOfWhole)
            goTo({});
        showNodes({id.substr(0, id.find('.'))}); // of what is in a block: the block
    });
    connect(problems, &ProblemList::mendChosen, &q, [this](const edits::Mend& mend, const QString& text) {
        if (problemsOfWhole)
            goTo({});
        NetworkSpec network = shown;
        edits::apply(network, mend);
        view->setFocus();
        edit(network, text, -1);
        scene->selectNodes({mend.node});
    });
}

void NetworkPage::Private::buildFiles()
{
    files = new NetworkFiles(session, *scene, [this]() -> const NetworkSpec& { return whole; }, theme, &q);
    connect(&frame->fileMenu(), &QMenu::aboutToShow, &q, [this] { files->fill(frame->fileMenu()); });
    connect(scene, &NetworkScene::fileDropped, files, &NetworkFiles::openFile);
    connect(&session, &Session::networkRequested, files, &NetworkFiles::openVersion);
    connect(files, &NetworkFiles::opened, &q, [this](const NetworkSpec& network, const QString& name) {
        scene->clearSelection();
        path.clear();
        fitted = false;
        session.setNetwork(network, tr("Open “%1”").arg(name));
        view->setFocus();
    });
    connect(files, &NetworkFiles::compared, changes, &ChangesPanel::compareWith);
    connect(files, &NetworkFiles::comparisonEnded, changes, &ChangesPanel::stop);
    connect(changes, &ChangesPanel::comparisonChanged, &q, [this] {
        files->setComparing(changes->isComparing());
        changes->show(whole);
        showMarks();
    });
    connect(changes, &ChangesPanel::chosen, &q, [this](const NodeChange& change) { showChange(change); });
}

/// A quiet mark on what is there now and was not, or not so, in the network that it is compared with.
void NetworkPage::Private::showMarks()
{
    const std::string here = path.empty() ? std::string() : path.back();
    std::map<std::string, NodeMark, std::less<>> marks;
    for (const NodeChange& change : changes->changes())
        if (change.block == here && !change.after.empty())
            marks.emplace(change.after, change.kind == NodeChange::Kind::Added ? NodeMark::Added : NodeMark::Changed);
    scene->setMarks(marks);
}

void NetworkPage::Private::showChange(const NodeChange& change)
{
    using Kind = NodeChange::Kind;
    const bool isBlock = change.kind == Kind::BlockAdded || change.kind == Kind::BlockRemoved;
    const std::string place = isBlock ? std::string() : change.block;
    if (!place.empty() && !whole.findBlock(place))
        return;
    if (place != (path.empty() ? std::string() : path.back())) {
        QWidget* const focus = QApplication::focusWidget();
        goTo(place.empty() ? std::vector<std::string>() : std::vector<std::string>{place});
        if (focus && changes->isAncestorOf(focus)) // the arrows go on in the list
            focus->setFocus();
    }
    std::vector<std::string> ids = change.kind == Kind::Outputs ? change.inputsAfter : std::vector<std::string>{change.after};
    if (isBlock) { // where it is used
        ids.clear();
        for (const NodeSpec& node : shown.nodes)
            if (edits::blockOf(node) == change.block)
                ids.push_back(node.id);
    }
    showNodes(ids);
}

/// Selects those of them that are there, and brings the first into sight.
void NetworkPage::Private::showNodes(const std::vector<std::string>& ids)
{
    const auto there = std::find_if(ids.begin(), ids.end(), [this](const std::string& id) { return scene->node(id); });
    if (there == ids.end())
        return;
    scene->selectNodes(ids);
    view->ensureVisible(scene->node(*there), 24, 24);
}

void NetworkPage::Private::usePreset(const std::string& preset)
{
    // No network of one's own: so that the preset follows the data when the target or the columns change.
    TrainRequest request = session.request();
    request.network.reset();
    request.preset = preset;
    request.pipeline.reconstruct = reconstructs(preset);
    fitted = false;
    session.setRequest(request, tr("Use the preset “%1”").arg(presetText(preset)));
}

void NetworkPage::Private::goTo(std::vector<std::string> blocks)
{
    if (blocks == path)
        return;
    scene->clearSelection();
    path = std::move(blocks);
    refresh();
    view->showStart();
    view->setFocus();
}

void NetworkPage::Private::open(const std::string& id)
{
    const NodeSpec* node = shown.find(id);
    const std::string block = node ? edits::blockOf(*node) : std::string();
    if (whole.findBlock(block)) {
        // A block that was written by hand to hold itself is not entered again.
        std::vector<std::string> blocks = path;
        if (std::find(blocks.begin(), blocks.end(), block) == blocks.end())
            blocks.push_back(block);
        goTo(std::move(blocks));
    } else {
        form->begin();
    }
}

void NetworkPage::Private::edit(const NetworkSpec& network, const QString& text, int mergeId)
{
    session.setNetwork(path.empty() ? network : withBlock(whole, path.back(), network), text, mergeId);
}

void NetworkPage::Private::refresh()
{
    if (!session.data()) {
        showState(empty);
        return;
    }
    if (const auto plan = session.plan()) {
        context = plan->context;
        trainRows = plan->split.train.size();
        haveContext = true;
    } else if (!session.planProblem().isEmpty()) {
        // A preset for images may not fit the table; the menu that leads to others is out of sight.
        EmptyState* const state = !session.request().network && (readsImages(session.request().preset) || readsText(session.request().preset)) ? unfit : blocked;
        state->setSentence(session.planProblem());
        showState(state);
        return;
    }
    if (!haveContext) // the plan is on its way
        return;

    NetworkSpec network = session.network();
    // A preset is a recipe, not a drawing: until one edits it, it is laid out here.
    if (edits::needsLayout(network))
        edits::autoLayout(network);
    whole = network;
    // Well under a millisecond even for hundreds of layers, so it runs right here, with each edit.
    wholeAnalysis = analyse(whole, context);
    // A block may be gone again, as by undo: then its inside is left.
    const auto gone = std::find_if(path.begin(), path.end(), [this](const std::string& block) { return !whole.findBlock(block); });
    if (gone != path.end()) {
        path.erase(gone, path.end());
        scene->clearSelection();
    }
    if (path.empty()) {
        shown = whole;
        analysis = wholeAnalysis;
    } else {
        shown = blockAsNetwork(whole, path.back());
        if (edits::needsLayout(shown))
            edits::autoLayout(shown);
        analysis = insideAnalysis(whole, wholeAnalysis, path.back());
    }
    frame->setPath(path);
    view->setInside(!path.empty());
    scene->setInside(!path.empty());
    scene->setNetwork(shown, analysis);
    changes->show(whole);
    showMarks();
    insight->show(whole, wholeAnalysis, path);
    const int chosen = session.request().train.batchSize;
    costs->show(wholeAnalysis.total, wholeAnalysis.ok(), chosen > 0 ? chosen : automaticBatchSize(trainRows));
    // Inside a block its own problems come first; with none there, the network's are told as everywhere.
    problemsOfWhole = path.empty() || analysis.issues.empty();
    problems->show(problemsOfWhole ? whole : shown, context, (problemsOfWhole ? wholeAnalysis : analysis).issues);
    showSelection();
    offerBlocks();
    showEditor();
    if (!fitted && !shown.nodes.empty()) {
        fitted = true;
        view->showStart();
    }
}

void NetworkPage::Private::offerBlocks()
{
    std::vector<std::string> blocks;
    for (const BlockSpec& block : whole.blocks)
        if (std::find(path.begin(), path.end(), block.name) == path.end()) // none holds itself
            blocks.push_back(block.name);
    palette->setBlocks(blocks, !path.empty());
}

void NetworkPage::Private::showState(EmptyState* state)
{
    stack->setCurrentWidget(state);
    q.setFocusProxy(state->button());
}

/// The keyboard goes to the canvas where it is the page's.
void NetworkPage::Private::showEditor()
{
    if (q.focusProxy() == view)
        return;
    const QWidget* keys = q.window()->focusWidget(); // also while the window is not active yet
    const bool here = keys && (keys == &q || q.isAncestorOf(keys));
    stack->setCurrentIndex(stack->count() - 1);
    q.setFocusProxy(view);
    if (here)
        view->setFocus();
}

void NetworkPage::Private::showSelection()
{
    form->show(shown, analysis, scene->selectedNodes(), scene->selectedEdges());
}

void NetworkPage::Private::arrange(int width)
{
    const bool wide = width >= wideFrom;
    middle->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    right->setDirection(wide ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    changes->setShownRows(wide ? 4 : 2);
    // One below the other the cards are as high as what they hold, and the problems have the rest.
    for (QWidget* card : {static_cast<QWidget*>(form), static_cast<QWidget*>(costs)})
        card->setSizePolicy(QSizePolicy::Preferred, wide ? QSizePolicy::Maximum : QSizePolicy::Expanding);
    if (wide) {
        rightColumn->setFixedWidth(rightWidth);
        rightColumn->setMinimumHeight(0);
        rightColumn->setMaximumHeight(QWIDGETSIZE_MAX);
        right->setStretch(0, 0);
        right->setStretch(1, 0);
        right->setStretch(2, 1);
    } else {
        rightColumn->setMinimumWidth(0);
        rightColumn->setMaximumWidth(QWIDGETSIZE_MAX);
        rightColumn->setFixedHeight(rightHeight);
        right->setStretch(0, 1);
        right->setStretch(1, 1);
        right->setStretch(2, 1);
    }
}

void NetworkPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->arrange(event->size().width());
}

} // namespace limpid
