#include "tests/ui/network/CanvasHarness.h"
#include "ui/network/CanvasCommands.h"
#include "ui/network/NetworkFiles.h"
#include "ui/network/NetworkPicture.h"

#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSvgRenderer>

using namespace limpid;

using Ids = std::vector<std::string>;

/// The canvas by mouse and by keyboard: lists of what fits, wires, names, clipboard, map, pictures.
class TestCanvasEdits : public QObject
{
    Q_OBJECT
    std::unique_ptr<test::CanvasHarness> m_canvas;

private slots:
    void init()
    {
        m_canvas = std::make_unique<test::CanvasHarness>();
        QVERIFY(m_canvas->start());
    }
    void cleanup() { m_canvas.reset(); }

    // ---- lists of what fits

    void aDragIntoTheOpenOffersWhatFits()
    {
        auto& c = *m_canvas;
        const QPointF place = c.scene().node("hidden")->outPort() + QPointF(200, 60);
        c.drag(c.at(c.scene().node("hidden")->outPort()), c.at(place));
        QVERIFY(c.picker().isVisible());
        QVERIFY(c.scene().isWiring()); // the wire stays while one chooses
        auto* list = c.picker().findChild<QListView*>("pickerList");
        QCOMPARE(list->model()->index(0, 0).data().toString(), QString("ReLU"));
        for (int row = 0; row < list->model()->rowCount(); ++row)
            QVERIFY(list->model()->index(row, 0).data().toString() != "Conv2d"); // it gives no image
        c.pick("gelu");
        QVERIFY(!c.picker().isVisible() && !c.scene().isWiring());
        QCOMPARE(c.inputsOf("gelu"), Ids{"hidden"});
        QCOMPARE(c.inputsOf("act"), Ids{"hidden"}); // a branch
        QCOMPARE(c.scene().selectedNodes(), Ids{"gelu"});
        const NodeItem* added = c.scene().node("gelu");
        QVERIFY(std::abs(added->inPort().x() - place.x()) <= 4 && std::abs(added->inPort().y() - place.y()) <= 4);
        QCOMPARE(c.session.undoStack().index(), 1);
        c.undo();
        QVERIFY(!c.network().find("gelu"));
    }

    void aDragFromAnInputFeedsIt()
    {
        auto& c = *m_canvas;
        const QPointF port = c.scene().node("out")->inPort();
        c.drag(c.at(port), c.at(port + QPointF(-160, -20)));
        QVERIFY(c.picker().isVisible());
        c.pick("dropout");
        QCOMPARE(c.inputsOf("out"), Ids{"dropout"});
        QCOMPARE(c.inputsOf("dropout"), Ids{"act"});
    }

    /// The plan of the last edit comes while one is at the next.
    void aNewPlanDisturbsNoDrag()
    {
        auto& c = *m_canvas;
        QSignalSpy plans(&c.session, &Session::planChanged);
        QWidget* canvas = c.view().viewport();
        const auto pressThen = [&](const QPoint& from, const QPoint& to) {
            NetworkSpec network = c.network();
            network.find("hidden")->params["out_features"] = 9 + plans.size();
            c.session.setNetwork(network, "edit");
            plans.clear();
            QTest::mousePress(canvas, Qt::LeftButton, {}, from);
            QTest::mouseMove(canvas, (from + to) / 2);
            QTest::mouseMove(canvas, to);
            QVERIFY(plans.wait());
            QTest::mouseRelease(canvas, Qt::LeftButton, {}, to);
        };
        pressThen(c.at(c.scene().node("hidden")->outPort()), c.at(c.scene().node("out")->inPort()));
        QCOMPARE(c.inputsOf("out"), Ids{"hidden"});
        const double x = c.network().find("act")->x;
        const QPoint body = c.at(c.scene().node("act")->pos() + QPointF(60, 26));
        pressThen(body, body + QPoint(90, 0));
        QVERIFY(c.network().find("act")->x > x + 40);
    }

    void escapeClosesTheListAndDropsTheWire()
    {
        auto& c = *m_canvas;
        const NetworkSpec before = c.network();
        const QPointF port = c.scene().node("hidden")->outPort();
        c.drag(c.at(port), c.at(port + QPointF(200, 40)));
        QTest::keyClick(c.picker().findChild<QLineEdit*>("pickerFind"), Qt::Key_Escape);
        QVERIFY(!c.picker().isVisible() && !c.scene().isWiring());
        QCOMPARE(c.network(), before);
        // A click on a port selects and opens nothing.
        QTest::mouseClick(c.view().viewport(), Qt::LeftButton, {}, c.at(port));
        QVERIFY(!c.picker().isVisible());
        QCOMPARE(c.scene().selectedNodes(), Ids{"hidden"});
    }

    void doubleClicksOpenTheList()
    {
        auto& c = *m_canvas;
        const QPointF open = c.scene().node("act")->pos() + QPointF(-200, 20);
        QTest::mouseDClick(c.view().viewport(), Qt::LeftButton, {}, c.at(open));
        QVERIFY(c.picker().isVisible());
        auto* list = c.picker().findChild<QListView*>("pickerList");
        QCOMPARE(list->model()->rowCount(), static_cast<int>(layerCatalog().size()) - 2); // all but Block and BlockInput
        c.pick("tanh");
        QVERIFY(c.inputsOf("tanh").empty());
        QVERIFY(std::abs(c.scene().node("tanh")->pos().x() + edits::nodeWidth / 2 - open.x()) <= 4);
        // On an edge: between.
        QTest::mouseDClick(c.view().viewport(), Qt::LeftButton, {}, c.at(c.scene().edge("hidden", "act")->middle()));
        QVERIFY(c.picker().isVisible());
        c.pick("batchnorm1d");
        QCOMPARE(c.inputsOf("act"), Ids{"batchnorm1d"});
    }

    void theListIsSearchedAndClicked()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"act"});
        c.key(Qt::Key_A);
        auto* find = c.picker().findChild<QLineEdit*>("pickerFind");
        auto* list = c.picker().findChild<QListView*>("pickerList");
        QTest::keyClicks(find, "there is no such layer");
        QVERIFY(!list->isVisible());
        QTest::keyClick(find, Qt::Key_Return); // adds nothing
        QVERIFY(c.picker().isVisible());
        find->clear();
        QTest::keyClicks(find, "relu"); // LeakyReLU has it too, later
        QCOMPARE(list->model()->index(0, 0).data().toString(), QString("ReLU"));
        QTest::keyClick(find, Qt::Key_Down);
        QCOMPARE(list->currentIndex().row(), 1);
        QTest::keyClick(find, Qt::Key_Up);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(0, 0)).center());
        QCOMPARE(c.inputsOf("relu"), Ids{"act"});
        QCOMPARE(c.inputsOf("out"), Ids{"relu"});
    }

    // ---- keyboard alone

    void buildsAResidualBlockByKeyboard()
    {
        auto& c = *m_canvas;
        c.key(Qt::Key_Home);
        QCOMPARE(c.scene().selectedNodes(), Ids{"numbers"});
        c.key(Qt::Key_Down); // hidden
        c.key(Qt::Key_Down); // act
        c.key(Qt::Key_A);
        c.pick("linear");
        QCOMPARE(c.inputsOf("linear"), Ids{"act"});
        c.key(Qt::Key_A);
        c.pick("add");
        QCOMPARE(c.inputsOf("add"), Ids{"linear"});
        // From act, beside linear, to the sum.
        c.scene().selectNodes({"act"});
        c.key(Qt::Key_C);
        QVERIFY(c.scene().isWiring());
        for (int i = 0; i < 8 && c.scene().wireTarget()->id() != "add"; ++i)
            c.key(Qt::Key_Down);
        QCOMPARE(c.scene().wireTarget()->id(), std::string("add"));
        c.key(Qt::Key_Return);
        QCOMPARE(c.inputsOf("add"), (Ids{"linear", "act"}));
        QVERIFY(!c.scene().isWiring());
    }

    void connectModeOffersOnlyWhatMayBe()
    {
        auto& c = *m_canvas;
        const NetworkSpec before = c.network();
        c.scene().selectNodes({"act"});
        c.key(Qt::Key_C);
        // Above act there is nothing that it may feed: numbers takes nothing, hidden would close a loop.
        for (int i = 0; i < 6; ++i)
            c.key(Qt::Key_Up);
        QVERIFY(!c.scene().wireTarget());
        c.key(Qt::Key_Return);
        QVERIFY(!c.scene().isWiring());
        c.key(Qt::Key_C);
        c.key(Qt::Key_Escape);
        QVERIFY(!c.scene().isWiring());
        QCOMPARE(c.scene().selectedNodes(), Ids{"act"}); // one Esc, one step back
        QCOMPARE(c.network(), before);
    }

    void edgesAreReachedByKeyboard()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"hidden"});
        c.key(Qt::Key_E);
        QCOMPARE(c.scene().selectedEdges().front(), (std::pair<std::string, std::string>("hidden", "act")));
        QVERIFY(c.scene().edge("hidden", "act")->tells());
        QCOMPARE(c.scene().edge("hidden", "act")->text(), QString("N×8 · features"));
        c.key(Qt::Key_E);
        QCOMPARE(c.scene().selectedEdges().front(), (std::pair<std::string, std::string>("numbers", "hidden")));
        c.key(Qt::Key_Return); // into the edge
        c.pick("layernorm");
        QCOMPARE(c.inputsOf("hidden"), Ids{"layernorm"});
        QCOMPARE(c.inputsOf("layernorm"), Ids{"numbers"});
        c.scene().selectNodes({"hidden"});
        c.key(Qt::Key_E);
        c.key(Qt::Key_Up); // from the edge to the node above it
        QCOMPARE(c.scene().selectedNodes(), Ids{"hidden"});
        c.key(Qt::Key_E);
        c.key(Qt::Key_X);
        QVERIFY(c.inputsOf("act").empty());
        c.undo();
        c.scene().selectNodes({"act", "out"});
        c.key(Qt::Key_X);
        QVERIFY(c.inputsOf("act").empty() && c.inputsOf("out").empty());
    }

    void branchAndAboveByKeyboard()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"hidden"});
        c.key(Qt::Key_B);
        c.pick("sigmoid");
        QCOMPARE(c.inputsOf("sigmoid"), Ids{"hidden"});
        QCOMPARE(c.inputsOf("act"), Ids{"hidden"});
        c.scene().selectNodes({"out"});
        c.key(Qt::Key_A, Qt::ShiftModifier);
        c.pick("dropout");
        QCOMPARE(c.inputsOf("out"), Ids{"dropout"});
        QCOMPARE(c.inputsOf("dropout"), Ids{"act"});
    }

    void renamesInPlace()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"hidden"});
        c.key(Qt::Key_F2);
        auto& field = c.child<QLineEdit>("canvasName");
        QVERIFY(field.isVisible());
        field.clear();
        QTest::keyClicks(&field, "act"); // taken
        QTest::keyClick(&field, Qt::Key_Return);
        QVERIFY(field.isVisible() && field.property("invalid").toBool());
        field.clear();
        QTest::keyClicks(&field, "first");
        QTest::keyClick(&field, Qt::Key_Return);
        QVERIFY(!field.isVisible());
        QCOMPARE(c.inputsOf("act"), Ids{"first"});
        QCOMPARE(c.scene().selectedNodes(), Ids{"first"});
        c.key(Qt::Key_F2);
        QTest::keyClicks(&field, "x");
        QTest::keyClick(&field, Qt::Key_Escape);
        QVERIFY(c.network().find("first"));
    }

    void tabLeavesTheCanvas()
    {
        auto& c = *m_canvas;
        c.page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&c.page));
        c.view().setFocus();
        QVERIFY(c.view().hasFocus());
        c.key(Qt::Key_Tab);
        QVERIFY(!c.view().hasFocus());
        QWidget* after = QApplication::focusWidget();
        QVERIFY(after);
        QTest::keyClick(after, Qt::Key_Backtab);
        QVERIFY(c.view().hasFocus());
    }

    void nudgesAreOneStep()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"act"});
        const double x = c.network().find("act")->x;
        for (int i = 0; i < 5; ++i)
            c.key(Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(c.network().find("act")->x, x + 40);
        QCOMPARE(c.session.undoStack().index(), 1);
        c.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(c.network().find("act")->x, x);
        c.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(c.network().find("act")->x, x + 40);
    }

    void everyKeyIsNamedInTheHelp()
    {
        auto& c = *m_canvas;
        const QString help = c.view().keysHelp();
        for (const CanvasCommands::Command& command : c.view().commands().all())
            for (const QKeySequence& key : command.keys)
                QVERIFY2(help.contains(key.toString(QKeySequence::NativeText)), command.name);
        auto& menu = c.child<QMenu>("canvasEditMenu");
        emit menu.aboutToShow();
        QVERIFY(menu.findChild<QAction*>("pasteAction"));
        c.scene().clearSelection();
        emit menu.aboutToShow();
        QVERIFY(!menu.findChild<QAction*>("renameAction")->isEnabled());
    }

    // ---- clipboard and selection

    void copiesCutsAndPastes()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"hidden", "act"});
        c.key(Qt::Key_C, Qt::ControlModifier);
        const QMimeData* data = QGuiApplication::clipboard()->mimeData();
        QVERIFY(data->hasFormat(NetworkScene::networkMimeType));
        QCOMPARE(data->text().toUtf8(), data->data(NetworkScene::networkMimeType));
        const NetworkSpec copied = NetworkSpec::fromJson(nlohmann::json::parse(data->text().toStdString()));
        QCOMPARE(copied.nodes.size(), std::size_t(2));
        c.key(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(c.inputsOf("act2"), Ids{"hidden2"});
        QVERIFY(c.inputsOf("hidden2").empty());
        QCOMPARE(c.scene().selectedNodes(), (Ids{"hidden2", "act2"}));
        QCOMPARE(c.session.undoStack().index(), 1);
        c.undo();

        c.scene().selectNodes({"act"});
        c.key(Qt::Key_X, Qt::ControlModifier);
        QVERIFY(!c.network().find("act"));
        QCOMPARE(c.inputsOf("out"), Ids{"hidden"}); // joined
        c.key(Qt::Key_V, Qt::ControlModifier);
        QVERIFY(c.network().find("act"));
    }

    void pastesIntoAnotherWindow()
    {
        auto& c = *m_canvas;
        c.key(Qt::Key_A, Qt::ControlModifier);
        c.key(Qt::Key_C, Qt::ControlModifier);
        test::CanvasHarness other;
        QVERIFY(QTest::qWaitForWindowExposed(&other.page));
        QVERIFY(other.open());
        other.use(NetworkSpec());
        other.key(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(other.network().nodes.size(), std::size_t(4));
        QCOMPARE(other.inputsOf("out"), Ids{"act"});
    }

    void aStrangeClipboardIsRefusedWithASentence()
    {
        auto& c = *m_canvas;
        QSignalSpy failed(&c.session, &Session::failed);
        const NetworkSpec before = c.network();
        QGuiApplication::clipboard()->setText("shopping list");
        c.key(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(failed.size(), 0); // not for us
        QGuiApplication::clipboard()->setText(R"({"format": "limpid-network", "version": 1, "output": "", "nodes": [{"id": "a", "type": "Magic"}]})");
        c.key(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains("Magic"));
        QCOMPARE(c.network(), before);
    }

    void aRubberBandSelectsAndDragsAsOne()
    {
        auto& c = *m_canvas;
        const QRectF both = c.scene().node("hidden")->sceneBoundingRect() | c.scene().node("act")->sceneBoundingRect();
        c.drag(c.at(both.topLeft() + QPointF(-30, 10)), c.at(both.bottomRight() + QPointF(20, -30)));
        QCOMPARE(c.scene().selectedNodes(), (Ids{"hidden", "act"}));
        const double hidden = c.network().find("hidden")->x, act = c.network().find("act")->x;
        const QPoint grip = c.at(c.scene().node("act")->pos() + QPointF(40, 26));
        c.drag(grip, grip + QPoint(60, 0));
        const double moved = c.network().find("act")->x - act;
        QVERIFY(moved > 40);
        QCOMPARE(c.network().find("hidden")->x - hidden, moved);
        QCOMPARE(c.session.undoStack().index(), 1);
    }

    void extendsTheSelectionWithShift()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"hidden"});
        c.key(Qt::Key_Down, Qt::ShiftModifier);
        c.key(Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(c.scene().selectedNodes(), (Ids{"hidden", "act", "out"}));
        c.key(Qt::Key_Delete);
        QCOMPARE(c.network().nodes.size(), std::size_t(1));
        c.undo();
        QCOMPARE(c.network().nodes.size(), std::size_t(4));
    }

    void aLongListOfProblemsIsShownOnRequest()
    {
        auto& c = *m_canvas;
        NetworkSpec network = c.network();
        for (int i = 0; i < 30; ++i)
            edits::addNode(network, "Linear", {400.0 + 200.0 * (i % 5), 92.0 * (i / 5)}); // each without an input
        c.session.setNetwork(network, "thirty");
        QVERIFY(!c.page.findChild<QWidget*>("problemText29"));
        auto* more = c.page.findChild<QPushButton*>("moreProblems");
        QVERIFY(more);
        QTRY_VERIFY(more->isVisible());
        more->click();
        QVERIFY(c.page.findChild<QWidget*>("problemText29"));
        const QWidget* again = c.page.findChild<QPushButton*>("moreProblems");
        QVERIFY(!again || !again->isVisible());
    }

    // ---- map, zoom, pictures

    void theMapShowsWhenNotAllIsSeen()
    {
        auto& c = *m_canvas;
        auto& map = c.child<QWidget>("networkMap");
        QVERIFY(!map.isVisible());
        auto& zoom = c.child<QPushButton>("zoomButton");
        for (int i = 0; i < 5; ++i)
            c.key(Qt::Key_Plus, Qt::ControlModifier);
        QVERIFY(map.isVisible());
        QVERIFY(zoom.text().section(' ', 0, 0).toInt() > 120);
        const QPointF before = c.view().seen().center();
        QTest::mouseClick(&map, Qt::LeftButton, {}, QPoint(map.width() / 2, 10));
        QVERIFY(c.view().seen().center().y() < before.y());
        QTest::mouseClick(&map, Qt::LeftButton, {}, QPoint(map.width() / 2, map.height() - 10));
        QVERIFY(c.view().seen().center().y() > before.y());
        QTest::mouseClick(&zoom, Qt::LeftButton);
        QCOMPARE(c.view().zoomFactor(), 1.0);
        QCOMPARE(zoom.text(), QString("100 %"));
        c.key(Qt::Key_F);
        QVERIFY(!map.isVisible());
    }

    void savesPictures_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("png") << "network.png";
        QTest::newRow("svg") << "network.svg";
    }
    void savesPictures()
    {
        QFETCH(const QString, name);
        auto& c = *m_canvas;
        const NetworkPicture plain = NetworkPicture::of(c.scene());
        c.scene().selectNodes({"act"});
        const QString path = c.dir.filePath(name);
        QSignalSpy noticed(&c.session, &Session::noticed);
        emit c.page.findChild<NetworkFiles*>()->savePicture(path);
        QTRY_COMPARE(noticed.size(), 1);
        if (name.endsWith("png")) {
            const QImage image(path);
            QCOMPARE(image.size(), (plain.area.size() * 2).toSize());
            QCOMPARE(image, plain.image().convertToFormat(image.format())); // the selection has left no mark
            QCOMPARE(QColor(image.pixel(1, 1)), c.theme.colors().ground);
            const QPointF bar = (QPointF(c.network().find("act")->x + 1.5, c.network().find("act")->y + 26) - plain.area.topLeft()) * 2;
            QCOMPARE(QColor(image.pixel(bar.toPoint())), c.theme.colors().accent);
        } else {
            QSvgRenderer renderer(path);
            QVERIFY(renderer.isValid());
            QCOMPARE(renderer.viewBoxF().size(), plain.area.size());
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray text = file.readAll();
            for (const char* word : {"Linear", "ReLU", "hidden", "N×8"})
                QVERIFY2(text.contains(word), word);
        }
    }

    void aPictureThatCantBeWrittenIsTold()
    {
        auto& c = *m_canvas;
        QSignalSpy failed(&c.session, &Session::failed);
        emit c.page.findChild<NetworkFiles*>()->savePicture(c.dir.filePath("no/such/folder/network.png"));
        QTRY_COMPARE(failed.size(), 1);
    }

    // ---- undo

    /// A thousand edits of all kinds, undone and redone twice: the same bytes each time.
    void aThousandStepsBackAndForth()
    {
        // The scene over a session alone: the page's cards would take most of the time.
        auto& c = *m_canvas;
        JobQueue queue;
        JobRunner jobs(queue);
        Session session(jobs, nullptr);
        NetworkScene scene(c.theme);
        const auto show = [&] { scene.setNetwork(session.network(), analyse(session.network(), {3, {}, 1})); };
        connect(&session, &Session::networkChanged, &scene, show);
        connect(&scene, &NetworkScene::edited, &session,
                [&](const NetworkSpec& network, const QString& text, int mergeId) { session.setNetwork(network, text, mergeId); });
        session.setNetwork(c.network(), "start");
        session.undoStack().clear();
        const auto json = [&] { return session.network().toJson().dump(); };
        std::vector<std::string> states{json()};
        unsigned state = 7;
        const auto random = [&](std::size_t below) {
            state = state * 1664525u + 1013904223u;
            return static_cast<std::size_t>(state >> 8) % below;
        };
        auto& stack = session.undoStack();
        while (stack.count() < 1000) {
            const std::vector<NodeSpec> nodes = session.network().nodes;
            const std::string id = nodes[random(nodes.size())].id, other = nodes[random(nodes.size())].id;
            scene.selectNodes({id});
            const int before = stack.count();
            switch (random(7)) {
            case 0:
                if (nodes.size() < 12)
                    scene.addLayer("ReLU");
                break;
            case 1:
                if (nodes.size() > 6)
                    scene.deleteSelection();
                break;
            case 2:
                if (nodes.size() < 12)
                    scene.duplicateSelection();
                break;
            case 3:
                scene.rename(id, "n" + std::to_string(stack.count()));
                break;
            case 4: {
                NetworkSpec wired = session.network();
                edits::connect(wired, id, other);
                if (wired != session.network())
                    session.setNetwork(wired, "wire");
                break;
            }
            case 5: {
                NetworkSpec set = session.network();
                edits::setParam(set, id, "p", static_cast<double>(random(1000)) / 1000.0);
                if (set != session.network())
                    session.setNetwork(set, "set");
                break;
            }
            default:
                scene.unwireSelection();
            }
            if (stack.count() > before)
                states.push_back(json());
        }
        for (int round = 0; round < 2; ++round) {
            while (stack.canUndo()) {
                stack.undo();
                    QCOMPARE(json(), states[static_cast<std::size_t>(stack.index())]);
            }
            while (stack.canRedo()) {
                stack.redo();
                    QCOMPARE(json(), states[static_cast<std::size_t>(stack.index())]);
            }
        }
        QCOMPARE(stack.index(), 1000);
    }
};

QTEST_MAIN(TestCanvasEdits)
#include "tst_canvas_edits.moc"
