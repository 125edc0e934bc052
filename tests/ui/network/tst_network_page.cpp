#include "tests/support/TestSupport.h"
#include "ui/network/EdgeItem.h"
#include "ui/network/LayerPalette.h"
#include "ui/network/NodeTexts.h"
#include "ui/network/NetworkPage.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NetworkView.h"
#include "ui/network/NodeItem.h"
#include "ui/session/Session.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>

using namespace limpid;

/// The page as a person uses it, over a real session and a small table.
class TestNetworkPage : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<JobRunner> m_jobs;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<NetworkPage> m_page;

    template<class Widget>
    Widget* child(const char* name) const
    {
        auto* widget = m_page->findChild<Widget*>(name);
        if (!widget)
            qFatal("no %s on the page", name);
        return widget;
    }
    NetworkView* view() const { return child<NetworkView>("networkView"); }
    NetworkScene* scene() const { return static_cast<NetworkScene*>(view()->scene()); }
    const NetworkSpec& shown() const { return scene()->network(); }
    std::string firstOf(const std::string& type) const
    {
        for (const NodeSpec& node : shown().nodes)
            if (node.type == type)
                return node.id;
        return {};
    }
    QPoint at(const QPointF& scenePoint) const { return view()->mapFromScene(scenePoint); }

    /// numbers → hidden → act → out, drawn in that order.
    void useChain()
    {
        NetworkSpec network;
        const auto add = [&](const char* id, const char* type, std::vector<std::string> inputs) {
            NodeSpec node;
            node.id = id;
            node.type = type;
            node.inputs = std::move(inputs);
            network.nodes.push_back(node);
        };
        add("numbers", "Input", {});
        add("hidden", "Linear", {"numbers"});
        add("act", "ReLU", {"hidden"});
        add("out", "Linear", {"act"});
        network.find("numbers")->params["features"] = "numbers";
        network.find("hidden")->params["out_features"] = 8;
        network.find("out")->params["out_features"] = 1;
        network.outputs = {"out"};
        edits::autoLayout(network);
        m_session->setNetwork(network, "chain");
        m_session->undoStack().clear();
        view()->fit();
    }

    /// Opens a table of three numbers and a target, and waits until its network is drawn.
    void open()
    {
        QByteArray csv = "width,height,weight,price\n";
        for (int i = 0; i < 60; ++i)
            csv += QByteArray::number(i * 0.37) + "," + QByteArray::number((i * 7) % 13 + 0.5) + ","
                + QByteArray::number((i * 5) % 11 + 0.25) + "," + QByteArray::number(i * 1.5 + (i * 3) % 7) + "\n";
        const auto path = test::write(*m_dir, "things.csv", csv);
        m_session->openFile(QString::fromStdString(path.string()));
        QTRY_VERIFY_WITH_TIMEOUT(m_session->plan(), 20000);
        QTRY_VERIFY(!shown().nodes.empty());
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_theme = std::make_unique<Theme>(qApp);
        m_queue = std::make_unique<JobQueue>();
        m_jobs = std::make_unique<JobRunner>(*m_queue);
        m_session = std::make_unique<Session>(*m_jobs, nullptr);
        m_page = std::make_unique<NetworkPage>(*m_session, *m_theme);
        m_page->resize(1368, 816);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void cleanup()
    {
        m_page.reset();
        m_session.reset();
        m_jobs.reset();
        m_queue.reset();
        m_theme.reset();
    }

    void emptyPageLeadsToTheData()
    {
        QSignalSpy asked(m_session.get(), &Session::pageRequested);
        auto* button = child<QPushButton>("toDataButton");
        QVERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toString(), QString("data"));
    }

    void showsThePresetAndItsCost()
    {
        open();
        QVERIFY(!view()->visibleRegion().isEmpty());
        QCOMPARE(shown().nodes.size(), m_session->network().nodes.size());
        QVERIFY(!edits::needsLayout(shown()));
        QVERIFY(child<QLabel>("totalParameters")->text() != "–");
        QTRY_VERIFY(child<QLabel>("noProblem")->isVisible());
    }

    void presetsCanBeUndone()
    {
        open();
        const std::size_t before = shown().nodes.size();
        auto* action = child<QMenu>("presetMenu")->findChild<QAction*>("preset_linear");
        QVERIFY(action);
        child<QPushButton>("presetButton")->setFocus();
        action->trigger();
        QTRY_VERIFY(shown().nodes.size() != before);
        QVERIFY(m_page->focusWidget() == child<QGraphicsView>("networkView")); // its keys work at once
        m_session->undoStack().undo();
        QTRY_COMPARE(shown().nodes.size(), before);
    }

    /// A table of 8 × 8 pixels, most of them constant: all of them are the image.
    void lenetReadsImages()
    {
        QByteArray csv = "digit";
        for (int i = 0; i < 64; ++i)
            csv += ",p" + QByteArray::number(i);
        for (int row = 0; row < 40; ++row) {
            csv += row % 2 ? "\none" : "\nother";
            for (int i = 0; i < 64; ++i)
                csv += ',' + QByteArray::number(i % 9 == 4 ? (row * (i + 3)) % 17 : 0);
        }
        const auto path = test::write(*m_dir, "pixels.csv", csv);
        m_session->openFile(QString::fromStdString(path.string()));
        QTRY_VERIFY_WITH_TIMEOUT(m_session->plan(), 20000);
        child<QMenu>("presetMenu")->findChild<QAction*>("preset_lenet")->trigger();
        QTRY_VERIFY(!firstOf("Conv2d").empty());
        QTRY_VERIFY(child<QLabel>("noProblem")->isVisible());
        QVERIFY(!edits::needsLayout(shown()));
        const NetworkAnalysis& analysis = m_session->plan()->analysis;
        const auto text = [&](const char* id) { return tellingText(*shown().find(id), shown(), analysis); };
        QCOMPARE(text("image"), QString("1×8×8"));
        QCOMPARE(text("conv1"), QString("6 @ 3×3"));
        QCOMPARE(text("pool1"), QString("2×2"));
        QCOMPARE(outputText(*shown().find("conv2"), analysis), QString("N×16×4×4"));
        // Three numbers are no image; there is a way on.
        open();
        child<QMenu>("presetMenu")->findChild<QAction*>("preset_lenet")->trigger();
        QTRY_VERIFY(child<QPushButton>("usualPresetButton")->isVisible());
        QVERIFY(m_session->planProblem().contains("lenet"));
        QTest::mouseClick(child<QPushButton>("usualPresetButton"), Qt::LeftButton);
        QTRY_VERIFY(child<QLabel>("noProblem")->isVisible());
        QVERIFY(firstOf("Conv2d").empty());
    }

    void paletteModelKeepsTheRules()
    {
        LayerListModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const int all = model.rowCount();
        model.setFilter("linear");
        QVERIFY(model.rowCount() < all);
        QVERIFY(model.layerAt(model.index(0)).empty()); // a heading
        QCOMPARE(model.layerAt(model.index(1)), std::string("Linear"));
        model.setFilter("there is no such layer");
        QCOMPARE(model.rowCount(), 0);
        model.setFilter({});
        QCOMPARE(model.rowCount(), all);
    }

    void doubleClickAppendsAfterTheSelected()
    {
        open();
        useChain();
        scene()->selectNodes({"act"});
        auto* list = child<QListView>("layerList");
        QModelIndex dropout;
        for (int row = 0; row < list->model()->rowCount(); ++row)
            if (list->model()->index(row, 0).data().toString() == "Dropout")
                dropout = list->model()->index(row, 0);
        list->scrollTo(dropout);
        const QPoint place = list->visualRect(dropout).center();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, place);
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, place);
        QVERIFY(m_session->network().find("dropout"));
        QCOMPARE(m_session->network().find("dropout")->inputs, std::vector<std::string>{"act"});
        QCOMPARE(m_session->network().find("out")->inputs, std::vector<std::string>{"dropout"});
        QCOMPARE(scene()->selectedNodes(), std::vector<std::string>{"dropout"});

        m_session->undoStack().undo();
        QVERIFY(!m_session->network().find("dropout"));
        QVERIFY(!scene()->node("dropout"));
        m_session->undoStack().redo();
        QVERIFY(scene()->node("dropout"));
    }

    void findAddsWithEnter()
    {
        open();
        useChain();
        auto* find = child<QLineEdit>("layerFind");
        find->setFocus();
        QTest::keyClicks(find, "batchnorm");
        scene()->selectNodes({"hidden"});
        QTest::keyClick(find, Qt::Key_Return);
        QVERIFY(m_session->network().find("batchnorm1d"));
        QCOMPARE(m_session->network().find("act")->inputs, std::vector<std::string>{"batchnorm1d"});
    }

    void dragOntoAnEdgeInserts()
    {
        open();
        useChain();
        const EdgeItem* edge = scene()->edge("hidden", "act");
        QVERIFY(edge);
        QMimeData data;
        data.setData(NetworkScene::layerMimeType, "Tanh");
        const QPoint place = at(edge->path().pointAtPercent(0.5));
        QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(view()->viewport(), &enter);
        QDragMoveEvent move(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(view()->viewport(), &move);
        QVERIFY(move.isAccepted());
        QDropEvent drop(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(view()->viewport(), &drop);
        QVERIFY(m_session->network().find("tanh"));
        QCOMPARE(m_session->network().find("act")->inputs, std::vector<std::string>{"tanh"});
    }

    void dragsAWireFromPortToPort()
    {
        open();
        useChain();
        QWidget* canvas = view()->viewport();
        // act takes one input: numbers takes the place of hidden, and hidden is used by nobody.
        const QPoint from = at(scene()->node("numbers")->outPort()), to = at(scene()->node("act")->inPort());
        QTest::mousePress(canvas, Qt::LeftButton, {}, from);
        QTest::mouseMove(canvas, (from + to) / 2);
        QTest::mouseMove(canvas, to + QPoint(0, 6));
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, to + QPoint(0, 6));
        QCOMPARE(m_session->network().find("act")->inputs, std::vector<std::string>{"numbers"});
        QVERIFY(scene()->edge("numbers", "act"));
        QVERIFY(!scene()->edge("hidden", "act"));
        m_session->undoStack().undo();
        QVERIFY(scene()->edge("hidden", "act"));
    }

    void aWireThatWouldCloseALoopIsRefused()
    {
        open();
        useChain();
        QWidget* canvas = view()->viewport();
        const QPoint from = at(scene()->node("out")->outPort()), to = at(scene()->node("hidden")->inPort());
        const NetworkSpec before = m_session->network();
        QTest::mousePress(canvas, Qt::LeftButton, {}, from);
        QTest::mouseMove(canvas, to + QPoint(0, 6));
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, to + QPoint(0, 6));
        QCOMPARE(m_session->network(), before);
    }

    void movesANode()
    {
        open();
        useChain();
        QWidget* canvas = view()->viewport();
        const double x = shown().find("act")->x;
        const QPoint from = at(scene()->node("act")->pos() + QPointF(60, 26));
        QTest::mousePress(canvas, Qt::LeftButton, {}, from);
        QTest::mouseMove(canvas, from + QPoint(20, 0));
        QTest::mouseMove(canvas, from + QPoint(80, 0));
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, from + QPoint(80, 0));
        QVERIFY(m_session->network().find("act")->x > x + 40);
        QTest::mouseClick(child<QPushButton>("tidyButton"), Qt::LeftButton);
        QCOMPARE(m_session->network().find("act")->x, x);
        m_session->undoStack().undo();
        QVERIFY(m_session->network().find("act")->x > x + 40);
        m_session->undoStack().undo();
        QCOMPARE(m_session->network().find("act")->x, x);
    }

    void deletesByKeyAndJoinsWhatIsLeft()
    {
        open();
        useChain();
        view()->setFocus();
        scene()->selectNodes({"act"});
        QTest::keyClick(view(), Qt::Key_Delete);
        QVERIFY(!m_session->network().find("act"));
        QCOMPARE(m_session->network().find("out")->inputs, std::vector<std::string>{"hidden"});
        m_session->undoStack().undo();
        QVERIFY(scene()->node("act"));
    }

    void clickedEdgeIsUnwired()
    {
        open();
        useChain();
        const EdgeItem* edge = scene()->edge("hidden", "act");
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, at(edge->path().pointAtPercent(0.5)));
        QCOMPARE(scene()->selectedEdges().size(), std::size_t(1));
        QTest::keyClick(view(), Qt::Key_Delete);
        QVERIFY(m_session->network().find("act")->inputs.empty());
    }

    void keyboardWalksSelectsAndCopies()
    {
        open();
        useChain();
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_Down);
        QCOMPARE(scene()->selectedNodes(), std::vector<std::string>{"numbers"});
        QTest::keyClick(view(), Qt::Key_Down);
        QCOMPARE(scene()->selectedNodes(), std::vector<std::string>{"hidden"});
        QTest::keyClick(view(), Qt::Key_Down);
        QCOMPARE(scene()->selectedNodes(), std::vector<std::string>{"act"});
        QTest::keyClick(view(), Qt::Key_Up);
        QCOMPARE(scene()->selectedNodes(), std::vector<std::string>{"hidden"});
        QTest::keyClick(view(), Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(m_session->network().nodes.size(), std::size_t(5));
        QTest::keyClick(view(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(scene()->selectedNodes().size(), std::size_t(5));
        const double x = shown().find("act")->x;
        QTest::keyClick(view(), Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(m_session->network().find("act")->x, x + 8);
        QTest::keyClick(view(), Qt::Key_Escape);
        QVERIFY(scene()->selectedNodes().empty());
    }

    void formSetsRenamesAndWires()
    {
        open();
        useChain();
        scene()->selectNodes({"hidden"});
        auto* units = child<QSpinBox>("param_out_features");
        units->setValue(12);
        QCOMPARE(m_session->network().find("hidden")->params.at("out_features").get<int>(), 12);
        QCOMPARE(child<QLabel>("outputShape")->text(), QString("N×12"));
        QCOMPARE(child<QLabel>("inputShape")->text(), QString("N×3"));
        QCOMPARE(child<QLabel>("nodeParameters")->text(), QString("48")); // 3 · 12 + 12
        units->setValue(13);
        QCOMPARE(m_session->undoStack().count(), 1); // typing one number is one edit

        child<QComboBox>("param_bias")->setCurrentIndex(1);
        QCOMPARE(m_session->network().find("hidden")->params.at("bias").get<bool>(), false);

        auto* name = child<QLineEdit>("nodeName");
        name->selectAll();
        QTest::keyClicks(name, "out"); // taken
        QTest::keyClick(name, Qt::Key_Return);
        QCOMPARE(name->text(), QString("hidden"));
        name->selectAll();
        QTest::keyClicks(name, "wide");
        QTest::keyClick(name, Qt::Key_Return);
        QVERIFY(m_session->network().find("wide"));
        QCOMPARE(scene()->selectedNodes(), std::vector<std::string>{"wide"});
        QCOMPARE(m_session->network().find("act")->inputs, std::vector<std::string>{"wide"});

        scene()->selectNodes({"act"});
        auto* menu = child<QPushButton>("inputsButton")->menu();
        emit menu->aboutToShow();
        QStringList offered;
        for (QAction* action : menu->actions()) {
            offered << action->text();
            if (action->text() == "wide") {
                QVERIFY(action->isChecked());
            }
        }
        QCOMPARE(offered, (QStringList{"numbers", "wide"})); // out would close a loop
        menu->actions().front()->trigger();
        QCOMPARE(m_session->network().find("act")->inputs, std::vector<std::string>{"numbers"});

        child<QCheckBox>("outputCheck")->click();
        QCOMPARE(m_session->network().outputs, (std::vector<std::string>{"out", "act"}));
        child<QCheckBox>("outputCheck")->click();
        QCOMPARE(m_session->network().outputs, std::vector<std::string>{"out"});
    }

    void problemIsNamedShownAndMended()
    {
        open();
        useChain();
        NetworkSpec network = m_session->network();
        network.find("out")->params["out_features"] = 4;
        m_session->setNetwork(network, "break it");
        QCOMPARE(child<QLabel>("problemCount")->text(), QString("1"));
        QVERIFY(scene()->node("out")->face().problem);
        scene()->clearSelection();
        QTest::mouseClick(child<QLabel>("problemText0"), Qt::LeftButton);
        QCOMPARE(scene()->selectedNodes(), std::vector<std::string>{"out"});
        auto* mend = child<QPushButton>("mend0");
        QTRY_VERIFY(mend->isVisible());
        QCOMPARE(mend->text(), QString("Use 1 unit"));
        QTest::mouseClick(mend, Qt::LeftButton);
        QCOMPARE(m_session->network().find("out")->params.at("out_features").get<int>(), 1);
        QVERIFY(!scene()->node("out")->face().problem);
        QTRY_VERIFY(child<QLabel>("noProblem")->isVisible());
    }

    void narrowPageKeepsItsColumnsBelow()
    {
        open();
        m_page->resize(952, 616);
        auto* form = m_page->findChild<QWidget*>("nodeForm");
        QTRY_VERIFY(form->mapTo(m_page.get(), QPoint()).y() > view()->mapTo(m_page.get(), QPoint()).y() + 100);
        m_page->resize(1368, 816);
        QTRY_VERIFY(form->mapTo(m_page.get(), QPoint()).x() > view()->mapTo(m_page.get(), QPoint()).x() + 100);
    }
};

QTEST_MAIN(TestNetworkPage)
#include "tst_network_page.moc"
