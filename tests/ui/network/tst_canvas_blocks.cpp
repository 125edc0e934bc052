#include "core/model/NetworkBlocks.h"
#include "tests/ui/network/CanvasHarness.h"
#include "ui/network/CanvasFrame.h"
#include "ui/network/CommentItem.h"
#include "ui/network/NetworkClipboard.h"
#include "ui/network/NodePorts.h"

#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace limpid;

using Ids = std::vector<std::string>;

/// Blocks, comments and named inputs on the canvas, by mouse and by keyboard.
class TestCanvasBlocks : public QObject
{
    Q_OBJECT
    std::unique_ptr<test::CanvasHarness> m_canvas;

    /// Makes a block of hidden and act, by keyboard.
    void fold(const QString& name)
    {
        auto& c = *m_canvas;
        c.scene().selectNodes({"hidden", "act"});
        c.key(Qt::Key_G, Qt::ControlModifier);
        auto& field = c.child<QLineEdit>("canvasName");
        QVERIFY(field.isVisible());
        QTest::keyClicks(&field, name);
        QTest::keyClick(&field, Qt::Key_Return);
    }
    int repeat() const { return edits::repeatsOf(*m_canvas->network().find("part")); }

private slots:
    void init()
    {
        m_canvas = std::make_unique<test::CanvasHarness>();
        QVERIFY(m_canvas->start());
    }
    void cleanup() { m_canvas.reset(); }

    // ---- blocks

    void foldsAndUnfolds()
    {
        auto& c = *m_canvas;
        const NetworkSpec before = c.network();
        fold("part");
        QVERIFY(c.network().findBlock("part"));
        QCOMPARE(c.network().nodes.size(), std::size_t(3));
        QCOMPARE(c.inputsOf("out"), Ids{"part"});
        QCOMPARE(c.scene().selectedNodes(), Ids{"part"});
        QCOMPARE(c.scene().node("part")->face().type, QString("part"));
        QCOMPARE(c.scene().node("part")->face().repeat, 1);
        QCOMPARE(c.scene().node("part")->face().shape, QString("N×8"));
        c.key(Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(c.network().blocks.empty());
        QCOMPARE(c.inputsOf("out"), Ids{"act"});
        c.undo();
        c.undo();
        QCOMPARE(c.session.network(), before);
    }

    void whatCantBeABlockIsTold()
    {
        auto& c = *m_canvas;
        QSignalSpy noticed(&c.session, &Session::noticed);
        c.scene().selectNodes({"hidden", "out"}); // act is between them
        c.key(Qt::Key_G, Qt::ControlModifier);
        QTest::keyClick(&c.child<QLineEdit>("canvasName"), Qt::Key_Return);
        QCOMPARE(noticed.size(), 1);
        QVERIFY(c.network().blocks.empty());
    }

    void theInsideIsShownEditedAndLeft()
    {
        auto& c = *m_canvas;
        fold("part");
        c.key(Qt::Key_Return); // opens it
        auto& trail = c.child<QWidget>("canvasTrail");
        QVERIFY(trail.isVisible());
        QCOMPARE(trail.findChild<QLabel*>("trailHere")->text(), QString("part"));
        QVERIFY(c.network().find("hidden") && !c.network().find("out"));
        QCOMPARE(c.scene().node("hidden")->face().shape, QString("N×8")); // what flows in its use
        c.scene().selectNodes({"act"});
        c.key(Qt::Key_A);
        c.pick("dropout");
        QVERIFY(c.network().find("dropout"));
        QVERIFY(c.session.network().findBlock("part")->body.find("dropout")); // it is the block that has changed
        QVERIFY(!c.session.network().find("dropout"));
        c.undo();
        QVERIFY(!c.network().find("dropout") && trail.isVisible()); // and one stays inside
        c.session.undoStack().redo();
        QVERIFY(c.network().find("dropout"));
        c.key(Qt::Key_Escape); // selects nothing
        c.key(Qt::Key_Escape); // leaves
        QVERIFY(!trail.isVisible());
        QVERIFY(c.network().find("part") && c.network().find("out"));
        // By mouse: in by a double-click, out by the trail.
        QTest::mouseDClick(c.view().viewport(), Qt::LeftButton, {}, c.at(c.scene().node("part")->pos() + QPointF(60, 26)));
        QVERIFY(trail.isVisible());
        QTest::mouseClick(trail.findChild<QPushButton*>("trail0"), Qt::LeftButton);
        QVERIFY(!trail.isVisible());
        // Out by Backspace, too; with the block gone the inside is left by itself.
        c.scene().selectNodes({"part"});
        c.key(Qt::Key_Return);
        c.scene().clearSelection();
        c.key(Qt::Key_Backspace);
        QVERIFY(!trail.isVisible());
        c.scene().selectNodes({"part"});
        c.key(Qt::Key_Return);
        QVERIFY(trail.isVisible());
        while (c.session.undoStack().canUndo())
            c.undo();
        QVERIFY(!trail.isVisible());
        QVERIFY(c.network().find("out"));
    }

    void oneBlockIsUsedTwiceAndChangedOnce()
    {
        auto& c = *m_canvas;
        fold("part");
        c.key(Qt::Key_A);
        auto* list = c.picker().findChild<QListView*>("pickerList");
        bool offered = false;
        for (int row = 0; row < list->model()->rowCount(); ++row)
            offered |= list->model()->index(row, 0).data().toString() == "part";
        QVERIFY(offered);
        c.pick("part");
        QCOMPARE(c.network().nodes.size(), std::size_t(4));
        QCOMPARE(c.inputsOf("part2"), Ids{"part"});
        QVERIFY(m_canvas->scene().analysis().ok());
        NetworkSpec inside = blockAsNetwork(c.network(), "part");
        edits::setParam(inside, "hidden", "out_features", 5);
        c.session.setNetwork(withBlock(c.network(), "part", inside), "inside");
        QCOMPARE(c.scene().node("part")->face().shape, QString("N×5"));
        QCOMPARE(c.scene().node("part2")->face().shape, QString("N×5"));
    }

    void repeatsAreWrittenOnIt()
    {
        auto& c = *m_canvas;
        fold("part");
        NetworkSpec network = c.network();
        edits::setParam(network, "part", "repeat", 3);
        c.session.setNetwork(network, "repeat");
        QCOMPARE(c.scene().node("part")->face().repeat, 3);
        QCOMPARE(repeat(), 3);
        QVERIFY(NodeTextFit(c.scene().node("part")->face(), c.scene().style()).title.endsWith(QString("×3")));
    }

    void renamesABlockEverywhere()
    {
        auto& c = *m_canvas;
        fold("part");
        c.key(Qt::Key_F2, Qt::ShiftModifier);
        auto& field = c.child<QLineEdit>("canvasName");
        QTest::keyClicks(&field, "encoder");
        QTest::keyClick(&field, Qt::Key_Return);
        QVERIFY(c.network().findBlock("encoder") && !c.network().findBlock("part"));
        QCOMPARE(c.scene().node("part")->face().type, QString("encoder"));
        QVERIFY(c.scene().analysis().ok());
    }

    void blocksGoThroughTheClipboard()
    {
        auto& c = *m_canvas;
        fold("part");
        const std::string text = edits::copied(c.network(), {"part"});
        NetworkSpec same = c.network();
        QCOMPARE(edits::paste(same, text), Ids{"part2"});
        QCOMPARE(same.blocks.size(), std::size_t(1)); // the same block
        NetworkSpec other;
        BlockSpec foreign;
        foreign.name = "part";
        other.blocks.push_back(foreign);
        QCOMPARE(edits::paste(other, text), Ids{"part"});
        QCOMPARE(other.blocks.size(), std::size_t(2)); // another of that name
        QCOMPARE(edits::blockOf(*other.find("part")), std::string("part2"));
    }

    // ---- comments

    void commentsAreAddedEditedMovedResizedAndDeleted()
    {
        auto& c = *m_canvas;
        const std::string before = c.session.network().toJson().dump();
        c.key(Qt::Key_M);
        auto& editor = c.child<QPlainTextEdit>("canvasComment");
        QVERIFY(editor.isVisible());
        QTest::keyClicks(&editor, "Why this width");
        QTest::keyClick(&editor, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(!editor.isVisible());
        QCOMPARE(c.network().comments.size(), std::size_t(1));
        QCOMPARE(c.network().comments[0].text, std::string("Why this width"));
        QCOMPARE(c.scene().selectedComments(), std::vector<std::size_t>{0});

        // Out of the way of the layers, by keyboard, in one step.
        const int steps = c.session.undoStack().index();
        for (int i = 0; i < 30; ++i)
            c.key(Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(c.session.undoStack().index(), steps + 1);
        c.view().fit();
        const CommentSpec placed = c.network().comments[0];
        c.key(Qt::Key_Down, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(c.network().comments[0].height, placed.height + 8);

        // By mouse: moved by its middle, resized by its corner, edited by a double-click.
        const QPointF corner(placed.x, placed.y);
        c.drag(c.at(corner + QPointF(80, 50)), c.at(corner + QPointF(120, 70)));
        QVERIFY(std::abs(c.network().comments[0].x - placed.x - 40) <= 4);
        const CommentSpec moved = c.network().comments[0];
        const QPointF grip(moved.x + moved.width - 5, moved.y + moved.height - 5);
        c.drag(c.at(grip), c.at(grip + QPointF(60, 30)));
        QVERIFY(std::abs(c.network().comments[0].width - moved.width - 60) <= 8);
        QCOMPARE(c.network().comments[0].x, moved.x);
        QTest::mouseDClick(c.view().viewport(), Qt::LeftButton, {}, c.at(QPointF(moved.x + 40, moved.y + 40)));
        QVERIFY(editor.isVisible());
        editor.setPlainText("Because");
        QTest::keyClick(&editor, Qt::Key_Escape); // leaves it as it was
        QCOMPARE(c.network().comments[0].text, std::string("Why this width"));
        c.scene().clearSelection();
        c.key(Qt::Key_N);
        c.key(Qt::Key_Return);
        editor.setPlainText("Because");
        QTest::keyClick(&editor, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(c.network().comments[0].text, std::string("Because"));
        c.scene().selectComment(0);
        c.key(Qt::Key_Delete);
        QVERIFY(c.network().comments.empty());
        while (c.session.undoStack().canUndo())
            c.undo();
        QCOMPARE(c.session.network().toJson().dump(), before);
    }

    void commentsAreCopiedWithLayers()
    {
        auto& c = *m_canvas;
        NetworkSpec network = c.network();
        network.comments.push_back({"here", 300, 20, 120, 60});
        c.session.setNetwork(network, "comment");
        const std::string text = edits::copied(c.network(), {"act"}, {0});
        NetworkSpec empty;
        edits::paste(empty, text, edits::Point{0, 0});
        QCOMPARE(empty.comments.size(), std::size_t(1));
        QCOMPARE(empty.comments[0].x - empty.find("act")->x, 300 - c.network().find("act")->x);
    }

    // ---- named inputs

    void namedInputsHavePortsOfTheirOwn()
    {
        auto& c = *m_canvas;
        NetworkSpec network = c.network();
        const std::string two = edits::addNode(network, "Bilinear", {400, 300});
        c.session.setNetwork(network, "two inputs");
        c.view().fit();
        const NodeItem* item = c.scene().node(two);
        QCOMPARE(item->face().ports, (QStringList{"input1", "input2"}));
        QVERIFY(item->inPort(0).x() < item->inPort(1).x());
        int port = -1;
        QCOMPARE(item->portAt(item->inPort(1), &port), NodeItem::Port::In);
        QCOMPARE(port, 1);
        // Into the second one first: the first gets the same, until it is drawn anew.
        c.drag(c.at(c.scene().node("act")->outPort()), c.at(item->inPort(1)));
        QCOMPARE(c.inputsOf("bilinear"), (Ids{"act", "act"}));
        QCOMPARE(c.scene().edges().size(), std::size_t(5)); // both are drawn
        c.drag(c.at(c.scene().node("hidden")->outPort()), c.at(item->inPort(0)));
        QCOMPARE(c.inputsOf("bilinear"), (Ids{"hidden", "act"}));
        QCOMPARE(c.scene().edge("act", "bilinear")->port(), 1);
        QVERIFY(c.scene().analysis().nodes.back().valid);
    }

    void portsOfBlocksAreNamedByTheirInputs()
    {
        NetworkSpec network;
        NodeSpec a, b, sum, use;
        a.id = "left";
        a.type = b.type = "BlockInput";
        b.id = "right";
        b.params["port"] = 1;
        sum.id = "sum";
        sum.type = "Add";
        sum.inputs = {"left", "right"};
        BlockSpec block;
        block.name = "joined";
        block.body.nodes = {a, b, sum};
        block.body.outputs = {"sum"};
        network.blocks = {block};
        use.id = "use";
        use.type = "Block";
        use.params["block"] = "joined";
        QCOMPARE(edits::portNames(network, use), (Ids{"left", "right"}));
        const TensorShape row{TensorShape::Kind::Float, {7}, {}}, other{TensorShape::Kind::Float, {9}, {}};
        QCOMPARE(edits::blockOutcome(network, "joined", {row, row}), std::optional(row));
        QVERIFY(!edits::blockOutcome(network, "joined", {row, other}));
        QVERIFY(!edits::blockOutcome(network, "nobody", {row}));
    }
};

QTEST_MAIN(TestCanvasBlocks)
#include "tst_canvas_blocks.moc"
