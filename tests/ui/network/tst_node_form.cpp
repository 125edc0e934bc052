#include "tests/ui/network/CanvasHarness.h"
#include "ui/network/NodePorts.h"
#include "ui/network/NumbersLine.h"

#include <QAction>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QWheelEvent>

using namespace limpid;

using Ids = std::vector<std::string>;

/// The form beside the canvas: how it is reached and left, and fields of its own kind.
class TestNodeForm : public QObject
{
    Q_OBJECT
    std::unique_ptr<test::CanvasHarness> m_canvas;

    void roll(QWidget& on, const QPoint& at, int notches) const
    {
        QWheelEvent event(at, on.mapToGlobal(QPointF(at)), {}, {0, 120 * notches}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&on, &event);
    }
    /// As the file has it: "5" or "[2,5]".
    std::string param(const char* node, const char* name) const { return m_canvas->network().find(node)->params.value(name, nlohmann::json()).dump(); }
    QStringList palette() const
    {
        const auto* model = m_canvas->child<QListView>("layerList").model();
        QStringList layers;
        for (int row = 0; row < model->rowCount(); ++row)
            if (model->index(row, 0).flags() & Qt::ItemIsSelectable)
                layers << model->index(row, 0).data().toString();
        return layers;
    }
    void fold(const Ids& nodes)
    {
        auto& c = *m_canvas;
        c.scene().selectNodes(nodes);
        c.scene().fold("part");
    }

private slots:
    void init()
    {
        m_canvas = std::make_unique<test::CanvasHarness>();
        QVERIFY(m_canvas->start());
        m_canvas->page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_canvas->page));
        m_canvas->view().setFocus();
    }
    void cleanup() { m_canvas.reset(); }

    // ---- by keyboard there and back

    void enterLeadsToTheFirstSettingAndBack()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"hidden"});
        c.key(Qt::Key_Return);
        auto& units = c.child<QSpinBox>("param_out_features");
        QVERIFY(units.hasFocus());
        QTest::keyClicks(&units, "24"); // in the place of what was there
        QTest::keyClick(&units, Qt::Key_Return);
        QVERIFY(c.view().hasFocus());
        QCOMPARE(param("hidden", "out_features"), std::string("24"));
        QCOMPARE(c.scene().selectedNodes(), Ids{"hidden"});
        c.key(Qt::Key_Return);
        QTest::keyClick(&units, Qt::Key_Tab);
        auto& bias = c.child<QComboBox>("param_bias");
        QVERIFY2(bias.hasFocus(), qPrintable(QApplication::focusWidget()->objectName()));
        QTest::keyClick(&bias, Qt::Key_Escape);
        QVERIFY(c.view().hasFocus());
        // A layer without settings: its name.
        c.scene().selectNodes({"act"});
        c.key(Qt::Key_Return);
        QVERIFY(c.child<QLineEdit>("nodeName").hasFocus());
        QTest::keyClick(&c.child<QLineEdit>("nodeName"), Qt::Key_Return);
        QVERIFY(c.view().hasFocus());
    }

    void theCanvasHasTheKeyboardFromTheStart()
    {
        test::CanvasHarness late; // as at start-up: the data come before the window is active
        late.page.hide();
        late.page.setFocus();
        QVERIFY(late.open());
        late.page.show();
        late.page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&late.page));
        QTRY_VERIFY(late.view().hasFocus());
    }

    void buttonsThatGoGiveTheKeyboardBack()
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"act"});
        auto& button = c.child<QPushButton>("deleteButton");
        button.setFocus();
        QTest::keyClick(&button, Qt::Key_Space);
        QVERIFY(!c.network().find("act"));
        QVERIFY(c.view().hasFocus());
        NetworkSpec network = c.network();
        network.find("out")->params["out_features"] = 4;
        c.session.setNetwork(network, "break it");
        auto& mend = c.child<QPushButton>("mend0");
        mend.setFocus();
        QTest::keyClick(&mend, Qt::Key_Space);
        QCOMPARE(param("out", "out_features"), std::string("1"));
        QVERIFY(c.view().hasFocus());
    }

    void anEmptyCanvasGetsItsOutput()
    {
        auto& c = *m_canvas;
        c.key(Qt::Key_A, Qt::ControlModifier);
        c.key(Qt::Key_Delete);
        QVERIFY(c.network().nodes.empty() && c.network().outputs.empty());
        for (const char* layer : {"input", "linear", "relu"}) {
            c.key(Qt::Key_A);
            c.pick(layer);
        }
        QCOMPARE(c.network().outputs, Ids{"relu"});
        // Another input stands beside the first, not in the way of its edges.
        c.key(Qt::Key_Escape);
        c.key(Qt::Key_A);
        c.pick("input");
        QCOMPARE(c.network().find("input2")->y, c.network().find("input")->y);
        QVERIFY(c.network().find("input2")->x >= c.network().find("input")->x + edits::columnPitch);
        QCOMPARE(c.network().outputs, Ids{"relu"});
    }

    // ---- lines of numbers

    void numbersFollowWheelAndKeys_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("cursor"); // -1: all is selected
        QTest::addColumn<int>("key");
        QTest::addColumn<QString>("after");
        QTest::newRow("one, up") << "3" << 1 << int(Qt::Key_Up) << "4";
        QTest::newRow("one, down, to the least") << "1" << 1 << int(Qt::Key_Down) << "1";
        QTest::newRow("the first of two") << "3, 5" << 1 << int(Qt::Key_Up) << "4, 5";
        QTest::newRow("the second of two") << "3, 5" << 3 << int(Qt::Key_Down) << "3, 4";
        QTest::newRow("all") << "3, 5" << -1 << int(Qt::Key_Up) << "4, 6";
        QTest::newRow("a page") << "3" << 0 << int(Qt::Key_PageUp) << "13";
        QTest::newRow("no number yet") << "3," << 2 << int(Qt::Key_Up) << "3,";
    }
    void numbersFollowWheelAndKeys()
    {
        QFETCH(QString, typed);
        QFETCH(int, cursor);
        QFETCH(int, key);
        QFETCH(QString, after);
        NumbersLine line(1, 63, 2, nullptr);
        line.show();
        line.setText(typed);
        if (cursor < 0)
            line.selectAll();
        else
            line.setCursorPosition(cursor);
        QTest::keyClick(&line, static_cast<Qt::Key>(key));
        QCOMPARE(line.text(), after);
        QCOMPARE(line.hasSelectedText(), cursor < 0);
    }

    void aKernelIsSetByWheelAndMenu()
    {
        auto& c = *m_canvas;
        NetworkSpec network = c.network();
        network.nodes.push_back({"conv", "Conv2d", nlohmann::json::object(), {}, 400.0, 0.0});
        c.use(network);
        c.scene().selectNodes({"conv"});
        auto& kernel = c.child<NumbersLine>("param_kernel_size");
        const QPoint first(10, kernel.height() / 2);
        roll(kernel, first, 1);
        QCOMPARE(kernel.text(), QString("3")); // not clicked yet: the form scrolls
        QTest::mouseClick(&kernel, Qt::LeftButton, {}, first);
        roll(kernel, first, 2);
        QCOMPARE(param("conv", "kernel_size"), std::string("5"));
        // One for each side, by the menu.
        QContextMenuEvent ask(QContextMenuEvent::Mouse, first, kernel.mapToGlobal(first));
        QApplication::sendEvent(&kernel, &ask);
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu && !menu->findChild<QAction*>("fewerNumbers")->isEnabled());
        // By key: what a menu takes for a click that an event without a hand behind it makes differs between versions of Qt.
        menu->setActiveAction(menu->findChild<QAction*>("moreNumbers"));
        QTest::keyClick(menu, Qt::Key_Return);
        QCOMPARE(param("conv", "kernel_size"), std::string("[5,5]"));
        roll(kernel, first, -3);
        QCOMPARE(param("conv", "kernel_size"), std::string("[2,5]"));
        QCOMPARE(c.session.undoStack().count(), 1); // all in one go
    }

    // ---- weights of another layer

    void weightsAreSharedAndUndone()
    {
        auto& c = *m_canvas;
        NetworkSpec network = c.network();
        NodeSpec twin{"twin", "Linear", {{"out_features", 8}}, {"numbers"}, 300.0, 92.0};
        network.nodes.push_back(twin);
        network.nodes.push_back({"sum", "Add", nlohmann::json::object(), {"hidden", "twin"}, 150.0, 184.0});
        network.find("act")->inputs = {"sum"};
        c.use(network);
        const auto parameters = [&] { return c.child<QLabel>("nodeParameters").text(); };
        c.scene().selectNodes({"out"});
        QVERIFY(!c.child<QComboBox>("sharesField").isEnabled()); // nobody is like it
        c.scene().selectNodes({"twin"});
        auto& field = c.child<QComboBox>("sharesField");
        QCOMPARE(field.count(), 2);
        QCOMPARE(field.currentText(), QString("its own"));
        QCOMPARE(parameters(), QString("32")); // 3 · 8 + 8
        field.setFocus();
        QTest::keyClick(&field, Qt::Key_Down);
        QCOMPARE(c.network().find("twin")->shares, std::string("hidden"));
        QCOMPARE(parameters(), QString("0"));
        QVERIFY(c.scene().node("twin")->face().caption.contains("weights of hidden"));
        c.scene().selectNodes({"hidden"});
        QCOMPARE(c.child<QComboBox>("sharesField").count(), 1); // its weights are another's, too
        QCOMPARE(c.session.undoStack().count(), 1);
        c.undo();
        QVERIFY(c.network().find("twin")->shares.empty());
        QVERIFY(!c.scene().node("twin")->face().caption.contains("weights of"));
        c.session.undoStack().redo();
        c.scene().selectNodes({"twin"});
        QCOMPARE(c.child<QComboBox>("sharesField").currentText(), QString("hidden"));

        // Another size: still shown, named as a problem, and mended.
        network = c.network();
        network.find("hidden")->params["out_features"] = 1;
        c.session.setNetwork(network, "other size");
        QCOMPARE(c.child<QComboBox>("sharesField").currentText(), QString("hidden"));
        QCOMPARE(c.child<QPushButton>("mend0").text(), QString("Use its own weights"));
        QTest::mouseClick(&c.child<QPushButton>("mend0"), Qt::LeftButton);
        QVERIFY(c.network().find("twin")->shares.empty());
        // A layer without weights has no such field.
        c.scene().selectNodes({"act"});
        QVERIFY(!c.page.findChild<QComboBox*>("sharesField"));
    }

    // ---- blocks in the lists

    void thePaletteOffersBlocksByName()
    {
        auto& c = *m_canvas;
        QVERIFY(!palette().contains("Block") && !palette().contains("BlockInput") && !palette().contains("part"));
        fold({"hidden", "act"});
        QVERIFY(palette().contains("part") && !palette().contains("BlockInput"));
        auto& list = c.child<QListView>("layerList");
        for (int row = 0; row < list.model()->rowCount(); ++row)
            if (const QModelIndex index = list.model()->index(row, 0); index.data().toString() == "part") {
                list.scrollTo(index);
                QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, list.visualRect(index).center());
                QTest::mouseDClick(list.viewport(), Qt::LeftButton, {}, list.visualRect(index).center());
            }
        QCOMPARE(c.inputsOf("part2"), Ids{"part"});
        QCOMPARE(edits::blockOf(*c.network().find("part2")), std::string("part"));
        // Which block it is is chosen from those there are.
        auto& choice = c.child<QComboBox>("param_block");
        QCOMPARE(choice.count(), 1);
        QCOMPARE(choice.currentText(), QString("part"));
        // Inside: inputs of its own, and not itself.
        c.view().setFocus();
        c.key(Qt::Key_Return);
        QVERIFY(palette().contains("BlockInput") && !palette().contains("part"));
        c.scene().clearSelection();
        c.key(Qt::Key_A);
        c.pick("blockinput");
        QCOMPARE(param("blockinput", "port"), std::string("1")); // the next one
        c.key(Qt::Key_Escape);
        c.key(Qt::Key_Escape);
        QVERIFY(!palette().contains("BlockInput"));
        // Dropped onto an edge it goes between, as a layer does.
        c.scene().addLayerAt("Block:part", c.scene().edge("part2", "out")->middle());
        QCOMPARE(c.inputsOf("out"), Ids{"part3"});
        QCOMPARE(c.inputsOf("part3"), Ids{"part2"});
    }
};

QTEST_MAIN(TestNodeForm)
#include "tst_node_form.moc"
