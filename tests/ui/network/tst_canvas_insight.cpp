// What the canvas shows of what a network does: outputs on nodes, gradients on edges.
#include "tests/ui/network/CanvasHarness.h"
#include "core/model/NetworkBlocks.h"
#include "ui/network/CanvasCommands.h"
#include "ui/network/CanvasLegend.h"
#include "ui/network/CommentItem.h"
#include "ui/network/FlatPlaces.h"
#include "ui/network/GradientFlow.h"
#include "ui/network/NetworkPicture.h"
#include "ui/network/NodeStrip.h"

#include <QImage>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>

#include <cmath>
#include <limits>

using namespace limpid;
using namespace limpid::test;

namespace {

NodeSpec node(std::string id, std::string type, std::vector<std::string> inputs, ParamValues params = ParamValues::object())
{
    NodeSpec made;
    made.id = std::move(id);
    made.type = std::move(type);
    made.inputs = std::move(inputs);
    made.params = std::move(params);
    return made;
}

NetworkSpec laidOut(std::vector<NodeSpec> nodes, std::vector<std::string> outputs)
{
    NetworkSpec network;
    network.nodes = std::move(nodes);
    network.outputs = std::move(outputs);
    edits::autoLayout(network);
    return network;
}

/// The number behind "mean " and the like in a strip's tooltip.
double figure(const NodeItem& item, const char* name)
{
    const QRegularExpressionMatch match = QRegularExpression(QStringLiteral("%1 (-?[0-9.e-]+)").arg(QLatin1String(name))).match(item.toolTip());
    return match.hasMatch() ? match.captured(1).toDouble() : std::nan("");
}

} // namespace

class TstCanvasInsight : public QObject
{
    Q_OBJECT

private:
    /// Whether the strips are those of what is drawn.
    static bool isShown(const CanvasHarness& canvas)
    {
        const auto& nodes = canvas.network().nodes;
        return !nodes.empty() && std::all_of(nodes.begin(), nodes.end(), [&](const NodeSpec& one) {
            const NodeFace& face = canvas.scene().node(one.id)->face();
            return face.strip && !face.stripFaded && (!face.strip->bars.isEmpty() || !face.strip->says.isEmpty());
        });
    }
    static const NodeStrip& strip(const CanvasHarness& canvas, const char* id) { return *canvas.scene().node(id)->face().strip; }

private slots:
    void initTestCase() { QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support propagateSizeHints)")); }

    void stripsOfSummaries_data()
    {
        QTest::addColumn<std::vector<float>>("values"); // of one row
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("low");
        QTest::addColumn<int>("bars");
        QTest::addColumn<int>("tone");
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const auto row = [](const char* name, std::vector<float> values, const char* says, const char* low, int bars, NodeStrip::Tone tone) {
            QTest::newRow(name) << values << says << low << bars << static_cast<int>(tone);
        };
        using Tone = NodeStrip::Tone;
        row("three values", {-1, 0.5f, 2}, "", "-1", 3, Tone::Plain);
        row("half zeros", {0, 0, 1, 2}, "50 % zeros", "0", 3, Tone::Plain);
        row("all zeros", {0, 0, 0}, "all zeros", "", 0, Tone::Warning);
        row("all the same", {0.25f, 0.25f}, "all 0.25", "", 0, Tone::Warning);
        row("one is not finite", {1, nan, 2}, "1 not finite", "1", 2, Tone::Error);
        row("nothing is", {nan, nan}, "2 not finite", "", 0, Tone::Error);
    }
    void stripsOfSummaries()
    {
        QFETCH(std::vector<float>, values);
        // A summary by hand, not the engine's: counted as the rows of this table say.
        engine::LayerSummary summary;
        std::vector<float> finite;
        for (const float value : values)
            if (std::isfinite(value))
                finite.push_back(value);
        summary.notFinite = values.size() - finite.size();
        summary.values = finite.size();
        if (!finite.empty()) {
            summary.low = *std::min_element(finite.begin(), finite.end());
            summary.high = *std::max_element(finite.begin(), finite.end());
            summary.zeros = static_cast<double>(std::count(finite.begin(), finite.end(), 0.0f)) / static_cast<double>(finite.size());
            if (summary.high > summary.low) {
                summary.histogram.assign(engine::LayerSummary::bins, 0);
                for (const float value : finite)
                    ++summary.histogram[std::min<std::size_t>(23, static_cast<std::size_t>(24.0 * (value - summary.low) / (summary.high - summary.low)))];
            }
        }
        const Theme theme(nullptr);
        const NodeStrip strip(summary, CanvasStyle(theme));
        QTEST(strip.says, "says");
        QTEST(strip.low, "low");
        QTEST(static_cast<int>(strip.bars.size()), "bars");
        QTEST(static_cast<int>(strip.tone), "tone");
        for (const QRectF& bar : strip.bars)
            QVERIFY(bar.left() >= 0.0 && bar.right() <= edits::nodeWidth && bar.top() >= 40.0 && bar.bottom() <= edits::nodeHeight + NodeStrip::height);
    }

    /// A ReLU of values that are symmetric about 0 gives as many zeros as not: the table's columns are standardised, so the input
    /// has mean 0 and deviation 1, and so has what an Identity gives.
    void nodesShowWhatTheyGive()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        canvas.use(laidOut({node("numbers", "Input", {}, {{"features", "numbers"}}), node("same", "Identity", {"numbers"}), node("act", "ReLU", {"same"}),
                            node("out", "Linear", {"act"}, {{"out_features", 1}})},
                           {"out"}));
        QVERIFY(!canvas.scene().node("same")->face().strip);
        canvas.key(Qt::Key_V);
        QTRY_VERIFY_WITH_TIMEOUT(isShown(canvas), 20000);
        for (const char* id : {"numbers", "same"}) {
            const NodeItem& item = *canvas.scene().node(id);
            QVERIFY2(std::abs(figure(item, "mean")) < 0.01, qPrintable(item.toolTip()));
            QVERIFY2(std::abs(figure(item, "standard deviation") - 1.0) < 0.01, qPrintable(item.toolTip()));
        }
        const double zeros = figure(*canvas.scene().node("act"), "Zero:");
        QVERIFY2(zeros > 40.0 && zeros < 60.0, qPrintable(canvas.scene().node("act")->toolTip()));
        QCOMPARE(strip(canvas, "act").low, QString("0"));
        // 60 rows, of which 48 train, and no run of this network.
        QCOMPARE(canvas.child<CanvasLegend>("canvasLegend").valuesText(), QString("48 training rows · weights as initialised (seed %1)").arg(canvas.session.request().train.seed));
        QVERIFY(canvas.child<CanvasLegend>("canvasLegend").isVisible());
        // The keyboard has no tooltips: the layer that is selected is told of there, too.
        const auto& legend = canvas.child<CanvasLegend>("canvasLegend");
        QVERIFY(legend.selectedText().isEmpty());
        canvas.key(Qt::Key_Home);
        QVERIFY2(QRegularExpression("^numbers: mean -?[0-9.e-]+, deviation (1|1\\.00.*|0\\.99.*), [0-9.]+ % zeros$").match(legend.selectedText()).hasMatch(),
                 qPrintable(legend.selectedText()));
        canvas.key(Qt::Key_Down);
        QVERIFY(legend.selectedText().startsWith("same: mean"));
        canvas.key(Qt::Key_V);
        QVERIFY(legend.selectedText().isEmpty());
        QVERIFY(!canvas.scene().node("same")->face().strip);
        QVERIFY(!canvas.child<CanvasLegend>("canvasLegend").isVisible());
        QVERIFY(!canvas.scene().node("same")->toolTip().contains("mean"));
    }

    /// Nodes keep apart, edges end at their ports, and where the network says that they stand does not change.
    void nodesMakeRoom()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        canvas.useChain();
        NetworkSpec network = canvas.network();
        network.comments.push_back({"a note", -20.0, 80.0, 300.0, 90.0});
        canvas.use(network);
        const NetworkSpec before = canvas.network();
        canvas.scene().setStripsShown(true);
        QCOMPARE(canvas.network(), before);
        const auto& nodes = canvas.network().nodes;
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            const QRectF upper = nodeGeometry::body(canvas.scene().node(nodes[i - 1].id)->face()).translated(canvas.scene().node(nodes[i - 1].id)->pos());
            const NodeItem* lower = canvas.scene().node(nodes[i].id);
            QCOMPARE(lower->y() - upper.bottom(), edits::rowPitch - edits::nodeHeight); // the gap that there was
            const EdgeItem* edge = canvas.scene().edge(nodes[i - 1].id, nodes[i].id);
            QCOMPARE(QPointF(edge->path().elementAt(0)), canvas.scene().node(nodes[i - 1].id)->outPort());
            QCOMPARE(edge->path().currentPosition(), lower->inPort());
            QVERIFY(upper.bottom() == canvas.scene().node(nodes[i - 1].id)->outPort().y());
        }
        // The note still covers what it did: from above `hidden` to its lower edge and beyond.
        const QRectF note = canvas.scene().comment(0)->sceneBoundingRect();
        QVERIFY(note.contains(nodeGeometry::body(canvas.scene().node("hidden")->face()).translated(canvas.scene().node("hidden")->pos())));
        canvas.scene().setStripsShown(false);
        QCOMPARE(canvas.scene().node("out")->y(), network.find("out")->y);
    }

    /// What one looks at stays in the middle, also at the far end of the network.
    void theViewStaysWhereItIs()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        std::vector<NodeSpec> nodes{node("numbers", "Input", {}, {{"features", "numbers"}})};
        for (int i = 0; i < 40; ++i)
            nodes.push_back(node("n" + std::to_string(i), "ReLU", {nodes.back().id}));
        canvas.use(laidOut(nodes, {"n39"}));
        canvas.view().actualSize();
        const NodeItem* watched = canvas.scene().node("n36");
        canvas.view().panTo(watched->pos());
        const QPointF before = canvas.view().seen().center();
        for (const bool shown : {true, false}) {
            canvas.scene().setStripsShown(shown);
            const QPointF away = canvas.view().seen().center() - watched->pos();
            QVERIFY2(std::abs(away.x()) <= 3.0 && std::abs(away.y()) <= 3.0, qPrintable(QString("%1 %2").arg(away.x()).arg(away.y())));
        }
        QVERIFY(std::abs((canvas.view().seen().center() - before).y()) <= 3.0);
    }

    void movesAreAsFarAsTheyLook()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        canvas.useChain();
        canvas.scene().setStripsShown(true);
        canvas.view().actualSize();
        const NetworkSpec before = canvas.network();
        const QPoint start = canvas.at(canvas.scene().node("act")->pos() + QPointF(60.0, 20.0));
        canvas.drag(start, start + QPoint(40, 68));
        QCOMPARE(canvas.session.undoStack().count(), 1);
        // 68 pixels are half a row of 136: half of rowPitch.
        QCOMPARE(canvas.network().find("act")->x, before.find("act")->x + 40.0);
        QCOMPARE(canvas.network().find("act")->y, before.find("act")->y + 46.0);
        QCOMPARE(canvas.network().find("out")->y, before.find("out")->y);
        // A click moves nothing.
        QTest::mouseClick(canvas.view().viewport(), Qt::LeftButton, {}, canvas.at(canvas.scene().node("out")->pos() + QPointF(60.0, 20.0)));
        QCOMPARE(canvas.session.undoStack().count(), 1);
        // A layer that is let go somewhere has its centre there.
        const QPointF there(600.0, 300.0);
        canvas.scene().addLayerAt("Tanh", there);
        const NodeItem* added = canvas.scene().node("tanh");
        QVERIFY(added);
        const QPointF centre = added->pos() + nodeGeometry::body(added->face()).center();
        QVERIFY(std::abs(centre.x() - there.x()) <= 2.0 && std::abs(centre.y() - there.y()) <= 3.0);
    }

    /// What is shown of the network before the edit fades until that of the new one is there; one that moves is no other network.
    void picturesAreOfWhatIsDrawn()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        canvas.useChain();
        canvas.scene().setStripsShown(true);
        QTRY_VERIFY_WITH_TIMEOUT(isShown(canvas), 20000);
        NetworkSpec network = canvas.network();
        edits::move(network, "act", {300.0, 400.0});
        canvas.session.setNetwork(network, "move");
        QVERIFY(!canvas.scene().node("act")->face().stripFaded);
        edits::setParam(network, "hidden", "out_features", 5);
        edits::appendAfter(network, "Tanh", "act");
        canvas.session.setNetwork(network, "edit");
        QVERIFY(canvas.scene().node("hidden")->face().stripFaded);
        QVERIFY(!canvas.scene().node("hidden")->toolTip().contains("mean"));
        QVERIFY(strip(canvas, "tanh").bars.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(isShown(canvas), 20000);
        QVERIFY(!strip(canvas, "tanh").bars.isEmpty());
        // With errors there is nothing to compute.
        edits::disconnect(network, "numbers", "hidden");
        canvas.session.setNetwork(network, "break");
        QTRY_VERIFY(canvas.session.plan() && !canvas.session.plan()->analysis.ok());
        QVERIFY(strip(canvas, "hidden").bars.isEmpty());
        QVERIFY(canvas.child<CanvasLegend>("canvasLegend").valuesText().contains("no errors"));
    }

    /// Weights of 0 without a bias give zeros, a layer behind them its bias alone, and what leads nowhere is not computed.
    void troubleIsToldPlainly()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        canvas.use(laidOut({node("numbers", "Input", {}, {{"features", "numbers"}}), node("act", "ReLU", {"numbers"}), node("negative", "Linear", {"act"}, {{"out_features", 4}, {"weight_init", "zeros"}, {"bias", false}}),
                            node("dead", "ReLU", {"negative"}), node("idle", "Linear", {"act"}, {{"out_features", 3}}), node("out", "Linear", {"dead"}, {{"out_features", 1}})},
                           {"out"}));
        canvas.scene().setStripsShown(true);
        QTRY_VERIFY_WITH_TIMEOUT(isShown(canvas), 20000);
        QCOMPARE(strip(canvas, "dead").says, QString("all zeros"));
        QVERIFY(strip(canvas, "dead").tone == NodeStrip::Tone::Warning);
        QVERIFY(strip(canvas, "out").says.startsWith("all ")); // its bias alone
        QCOMPARE(strip(canvas, "idle").says, QString("not in use"));
    }

    void blocksShowTheirLastAndTheirInside()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        NetworkSpec network = laidOut({node("numbers", "Input", {}, {{"features", "numbers"}}), node("hidden", "Linear", {"numbers"}, {{"out_features", 6}}), node("act", "ReLU", {"hidden"}),
                                       node("out", "Linear", {"act"}, {{"out_features", 1}})},
                                      {"out"});
        const std::string use = foldNodes(network, {"hidden", "act"}, "pair");
        QVERIFY(!use.empty());
        canvas.use(network);
        canvas.scene().setStripsShown(true);
        QTRY_VERIFY_WITH_TIMEOUT(isShown(canvas), 20000);
        const QString block = canvas.scene().node(use)->toolTip();
        QVERIFY2(figure(*canvas.scene().node(use), "Gives") == 0.0, qPrintable(block)); // the ReLU's: from 0
        QVERIFY(figure(*canvas.scene().node(use), "Zero:") > 10.0);
        emit canvas.scene().opened(use);
        QTRY_VERIFY(canvas.scene().node("act"));
        QVERIFY(isShown(canvas)); // at once: it is known already
        QCOMPARE(canvas.scene().node("act")->toolTip().section("\n\n", -1), block.section("\n\n", -1));
        // What comes in is what the numbers give.
        const auto input = std::find_if(canvas.network().nodes.begin(), canvas.network().nodes.end(), [](const NodeSpec& one) { return one.type == "BlockInput"; });
        QVERIFY(std::abs(figure(*canvas.scene().node(input->id), "standard deviation") - 1.0) < 0.01);
    }

    void theSwitchIsOne()
    {
        QTemporaryDir folder;
        CanvasHarness canvas;
        QVERIFY(canvas.startIn(folder.path()));
        auto& button = canvas.child<QPushButton>("valuesButton");
        QVERIFY(button.isCheckable() && !button.isChecked());
        QTest::mouseClick(&button, Qt::LeftButton);
        QVERIFY(canvas.scene().showsStrips());
        QVERIFY(canvas.session.viewValue("network.values") == nlohmann::json(true));
        QMenu menu;
        canvas.view().commands().fill(menu);
        auto* action = menu.findChild<QAction*>("valuesAction");
        QVERIFY(action && action->isChecked());
        action->trigger();
        QVERIFY(!canvas.scene().showsStrips() && !button.isChecked());
        canvas.view().setFocus();
        canvas.key(Qt::Key_V);
        QVERIFY(canvas.scene().showsStrips() && button.isChecked());
        QVERIFY(canvas.view().keysHelp().contains("V: What layers give"));
        // Another page of the same session begins as this one is.
        NetworkPage other(canvas.session, canvas.theme);
        QVERIFY(static_cast<NetworkScene*>(other.findChild<NetworkView*>("networkView")->scene())->showsStrips());
        canvas.session.close();
    }

    /// The buttons fit beside one another on the narrowest canvas.
    void buttonsFit()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        canvas.page.resize(952, 616); // a window of 1024
        QCoreApplication::processEvents();
        const auto& buttons = canvas.child<QWidget>("canvasButtons");
        QVERIFY(buttons.x() >= 12 && buttons.geometry().right() <= buttons.parentWidget()->width() - 12);
    }

    void picturesForFilesHaveThem()
    {
        CanvasHarness canvas;
        QVERIFY(canvas.open());
        canvas.useChain();
        const QImage plain = NetworkPicture::of(canvas.scene()).image(1.0);
        canvas.scene().setStripsShown(true);
        QTRY_VERIFY_WITH_TIMEOUT(isShown(canvas), 20000);
        const QImage high = NetworkPicture::of(canvas.scene()).image(1.0);
        QCOMPARE(high.height() - plain.height(), 4 * static_cast<int>(NodeStrip::height)); // of four rows
    }

    // ---- gradients

    void gradientsGoToTheNextTrainedLayerBelow()
    {
        // x → a → relu → b → add → out, x → skip → add: a, b, skip and out are trained.
        const NetworkSpec network = laidOut({node("x", "Input", {}, {{"features", "numbers"}}), node("a", "Linear", {"x"}, {{"out_features", 4}}), node("relu", "ReLU", {"a"}),
                                             node("b", "Linear", {"relu"}, {{"out_features", 4}}), node("skip", "Linear", {"x"}, {{"out_features", 4}}), node("add", "Add", {"b", "skip"}),
                                             node("out", "Linear", {"add"}, {{"out_features", 1}}), node("last", "Identity", {"out"})},
                                            {"last"});
        const NetworkAnalysis analysis = analyse(network, {3, {}, 1});
        const GradientFlow flow(analysis, {"a", "b", "skip", "out"});
        QVERIFY(flow.fits());
        const std::vector<double> into = flow.into(std::vector{0.5, 0.25, std::nan(""), 8.0});
        const auto of = [&](const char* id) { return into[*flow.indexOf(id)]; };
        QCOMPARE(of("a"), 0.5);
        QCOMPARE(of("relu"), 0.25);
        QCOMPARE(of("b"), 0.25);
        QVERIFY(std::isinf(of("skip")));
        QCOMPARE(of("add"), 8.0);
        QVERIFY(of("last") < 0.0);
        QVERIFY(!GradientFlow(analysis, {"a", "other"}).fits());
        QCOMPARE(GradientFlow::level(3.0, 3.0), 1.0);
        QVERIFY(std::abs(GradientFlow::level(0.3, 3.0) - 2.0 / 3.0) < 1e-12);
        QCOMPARE(GradientFlow::level(1e-9, 3.0), 0.0);
    }

    void edgesOfBlocksGoInside()
    {
        NetworkSpec network = laidOut({node("x", "Input", {}, {{"features", "numbers"}}), node("a", "Linear", {"x"}, {{"out_features", 4}}), node("b", "ReLU", {"a"}), node("out", "Linear", {"b"}, {{"out_features", 1}})}, {"out"});
        const std::string use = foldNodes(network, {"a", "b"}, "pair");
        const NetworkAnalysis analysis = analyse(network, {3, {}, 1});
        const FlatPlaces places(analysis.flat, {});
        QCOMPARE(places.fedBy(*network.find(use), 0), std::vector<std::string>{use + ".a"});
        QCOMPARE(places.givenBy(*network.find(use)), use + ".b");
        QCOMPARE(places.fedBy(*network.find("out"), 0), std::vector<std::string>{"out"});
        const FlatPlaces inside(analysis.flat, {"pair"});
        const NetworkSpec body = blockAsNetwork(network, "pair");
        QCOMPARE(inside.fedBy(*body.find("b"), 0), std::vector<std::string>{use + ".b"});
        for (const NodeSpec& one : body.nodes)
            if (one.type == "BlockInput")
                QCOMPARE(inside.givenBy(one), std::string("x"));
    }

    /// A run of 300 steps on the real thing: each edge has the norm that was told of its layer, and a network that was edited none.
    void edgesShowTheLiveRun()
    {
        QTemporaryDir folder;
        CanvasHarness canvas;
        QVERIFY(canvas.startIn(folder.path()));
        QTRY_VERIFY(canvas.session.plan() && canvas.session.plan()->network == canvas.network());
        TrainRequest request = canvas.session.request();
        request.train.batchSize = 8;
        request.train.epochs = 40;
        request.train.patience = 0;
        canvas.session.setRequest(request, "set up");
        QTRY_VERIFY(canvas.session.plan());
        const auto& legend = canvas.child<CanvasLegend>("canvasLegend");
        QVERIFY(!canvas.scene().edge("numbers", "hidden")->flow());
        canvas.session.startTraining();
        QTRY_VERIFY_WITH_TIMEOUT(canvas.session.liveRun() && !canvas.session.liveRun()->running, 60000);
        const LiveRun& live = *canvas.session.liveRun();
        QVERIFY2(live.outcome, qPrintable(live.failure));
        QVERIFY(live.lastGradients);
        QCOMPARE(live.start.layers, (std::vector<std::string>{"hidden", "out"}));
        QTRY_VERIFY(canvas.scene().edge("numbers", "hidden")->flow());
        const auto norm = [&](const char* from, const char* to) { return canvas.scene().edge(from, to)->flow()->norm; };
        QCOMPARE(norm("numbers", "hidden"), live.lastGradients->norms[0]);
        QCOMPARE(norm("hidden", "act"), live.lastGradients->norms[1]);
        QCOMPARE(norm("act", "out"), live.lastGradients->norms[1]);
        const double most = std::max(live.lastGradients->norms[0], live.lastGradients->norms[1]);
        QCOMPARE(std::max(canvas.scene().edge("numbers", "hidden")->flow()->level, canvas.scene().edge("act", "out")->flow()->level), 1.0);
        QVERIFY(most > 0.0);
        QVERIFY2(legend.flowText().contains(QString::number(live.lastGradients->step)), qPrintable(legend.flowText()));
        // The curve that is stored ends with the same norm.
        QTRY_VERIFY(canvas.session.runs().size() == 1);
        QCOMPARE(canvas.session.workspace()->curve(live.id, "gradient/hidden").back().value, live.lastGradients->norms[0]);

        // Values come with that run's weights now, and go back to first ones with another network.
        canvas.scene().setStripsShown(true);
        QTRY_VERIFY_WITH_TIMEOUT(isShown(canvas), 20000);
        QCOMPARE(canvas.child<CanvasLegend>("canvasLegend").valuesText(), QString("48 training rows · weights of run %1").arg(live.id));
        NetworkSpec moved = canvas.network();
        edits::move(moved, "act", {400.0, 500.0});
        canvas.session.setNetwork(moved, "move");
        QVERIFY(canvas.scene().edge("act", "out")->flow());
        NetworkSpec edited = canvas.network();
        edits::setParam(edited, "hidden", "out_features", 9);
        canvas.session.setNetwork(edited, "edit");
        QVERIFY(!canvas.scene().edge("act", "out")->flow());
        QVERIFY(legend.flowText().isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(legend.valuesText().contains("as initialised"), 20000);
        canvas.undo();
        QVERIFY(canvas.scene().edge("act", "out")->flow());

        // A run that goes on tells of the network that it has, which another session may have drawn.
        canvas.session.resumeTraining(canvas.session.runs().front(), 60);
        QVERIFY(!canvas.scene().edge("act", "out")->flow());
        QTRY_VERIFY_WITH_TIMEOUT(!canvas.session.liveRun()->running, 60000);
        QVERIFY(canvas.session.liveRun()->lastGradients->step > 240);
        QTRY_COMPARE(canvas.scene().edge("numbers", "hidden")->flow()->norm, canvas.session.liveRun()->lastGradients->norms[0]);
        canvas.session.close();
    }

    /// A preset is no drawing until it is edited; a layer that one then moves is no other network.
    void edgesOfAPresetToo()
    {
        QTemporaryDir folder;
        CanvasHarness canvas;
        canvas.session.openWorkspace(folder.path());
        QTRY_VERIFY(canvas.session.isReady());
        QVERIFY(canvas.open());
        TrainRequest request = canvas.session.request();
        QVERIFY(!request.network);
        request.train.batchSize = 8;
        request.train.epochs = 20;
        request.train.patience = 0;
        canvas.session.setRequest(request, "set up");
        QTRY_VERIFY(canvas.session.plan());
        canvas.session.startTraining();
        QTRY_VERIFY_WITH_TIMEOUT(canvas.session.liveRun() && !canvas.session.liveRun()->running, 60000);
        const auto flows = [&] { return std::count_if(canvas.scene().edges().begin(), canvas.scene().edges().end(), [](const EdgeItem* edge) { return edge->flow().has_value(); }); };
        QTRY_COMPARE(flows(), std::ssize(canvas.scene().edges())); // the last layer is trained: every edge leads to one
        NetworkSpec network = canvas.network();
        edits::move(network, network.nodes.back().id, {500.0, 700.0});
        canvas.session.setNetwork(network, "move");
        QCOMPARE(flows(), std::ssize(canvas.scene().edges()));
        canvas.session.close();
    }
};

QTEST_MAIN(TstCanvasInsight)

#include "tst_canvas_insight.moc"
