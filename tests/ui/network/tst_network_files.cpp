#include "core/base/File.h"
#include "core/exchange/OnnxImport.h"
#include "core/workbench/Workbench.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/network/CanvasHarness.h"
#include "ui/network/ChangesPanel.h"
#include "ui/network/NetworkFiles.h"
#include "ui/network/VersionPicker.h"
#include "ui/text/ChangeTexts.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>

#include <set>

using namespace limpid;
using test::CanvasHarness;

namespace {

QString text(const std::filesystem::path& path)
{
    return QString::fromStdU16String(path.u16string());
}

QString onnx(const QString& name)
{
    return text(test::project("tests/fixtures/onnx")) + '/' + name + ".onnx";
}

std::string bytes(const Session& session)
{
    return session.network().toJson().dump();
}

QByteArray times(int count, const QByteArray& part)
{
    QByteArray all;
    for (int k = 0; k < count; ++k)
        all += part;
    return all;
}

QByteArray network(const QByteArray& nodes)
{
    return R"({"format":"limpid-network","version":2,"outputs":["n1"],"nodes":[)" + nodes + "]}";
}

QByteArray node(int index, const QByteArray& type, const QByteArray& inputs, const QByteArray& params = "{}")
{
    return R"({"id":"n)" + QByteArray::number(index) + R"(","type":")" + type + R"(","inputs":[)" + inputs + R"(],"params":)" + params + "}";
}

/// A chain of that many layers: Input, then ReLUs.
QByteArray chain(int length)
{
    QByteArray nodes = node(0, "Input", "", R"({"features":"numbers"})");
    for (int i = 1; i < length; ++i)
        nodes += "," + node(i, "ReLU", "\"n" + QByteArray::number(i - 1) + '"');
    return network(nodes);
}

/// One entry of the menu "File", by its name.
void trigger(CanvasHarness& canvas, const char* name)
{
    auto& menu = canvas.child<QMenu>("canvasFileMenu");
    emit menu.aboutToShow();
    auto* action = menu.findChild<QAction*>(name);
    QVERIFY2(action && action->isEnabled(), name);
    action->trigger();
}

void answer(CanvasHarness& canvas, const char* dialog, const QString& path)
{
    auto& asked = canvas.child<QFileDialog>(dialog);
    emit asked.fileSelected(path);
    asked.reject();
}

NetworkFiles& filesOf(const CanvasHarness& canvas)
{
    return *canvas.page.findChild<NetworkFiles*>();
}

QStringList rowsOf(const CanvasHarness& canvas)
{
    QStringList rows;
    const QAbstractItemModel* model = canvas.child<QListView>("changesList").model();
    for (int row = 0; row < model->rowCount(); ++row)
        rows << model->index(row, 0).data(Qt::ToolTipRole).toString();
    return rows;
}

} // namespace

/// Networks out of files and saved models onto the canvas and back, and what changed since.
class TestNetworkFiles : public QObject
{
    Q_OBJECT

    std::unique_ptr<CanvasHarness> m_canvas;

private slots:
    void init()
    {
        m_canvas = std::make_unique<CanvasHarness>();
        QVERIFY(m_canvas->open());
    }
    void cleanup() { m_canvas.reset(); }

    // ---- saved and opened

    void whatIsSavedOpensAgain()
    {
        auto& c = *m_canvas;
        c.useChain();
        NetworkSpec drawn = c.session.network();
        drawn.comments.push_back({"größer als zuvor", 400, 20, 180, 60});
        drawn.find("act")->x = 333.5;
        c.use(drawn);
        QSignalSpy noticed(&c.session, &Session::noticed);
        const QString path = c.dir.filePath("größe.json");
        trigger(c, "saveNetwork");
        answer(c, "saveNetworkDialog", path);
        QTRY_COMPARE(noticed.size(), 1);
        QVERIFY2(noticed[0][0].toString().contains("größe.json"), qPrintable(noticed[0][0].toString()));

        NetworkSpec other = drawn;
        edits::setParam(other, "hidden", "out_features", 3);
        c.use(other);
        const std::string before = bytes(c.session);
        trigger(c, "openNetwork");
        answer(c, "openNetworkDialog", path);
        QTRY_COMPARE(c.session.network(), drawn);
        QCOMPARE(c.network(), drawn); // on the canvas, too
        QCOMPARE(c.session.undoStack().count(), 1);
        QVERIFY(c.session.undoStack().undoText().contains("größe.json"));
        const std::string opened = bytes(c.session);
        c.undo();
        QCOMPARE(bytes(c.session), before);
        c.session.undoStack().redo();
        QCOMPARE(bytes(c.session), opened);
    }

    /// A preset has no places until one edits it: what is saved has those of the canvas.
    void aPresetIsSavedAsDrawn()
    {
        auto& c = *m_canvas;
        QVERIFY(!c.session.request().network);
        QSignalSpy noticed(&c.session, &Session::noticed);
        filesOf(c).save(c.dir.filePath("preset.json"));
        QTRY_COMPARE(noticed.size(), 1);
        const auto saved = NetworkSpec::fromJson(nlohmann::json::parse(readFile(c.dir.filePath("preset.json").toStdString())));
        QCOMPARE(saved, c.network());
    }

    void aFileThatCannotBeWrittenIsTold()
    {
        auto& c = *m_canvas;
        QSignalSpy failed(&c.session, &Session::failed);
        filesOf(c).save(c.dir.filePath("no/such/folder.json"));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY2(failed[0][0].toString().contains("folder.json"), qPrintable(failed[0][0].toString()));
    }

    void opensOnnx_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"mlp", "lenet", "residual", "two_inputs", "two_outputs", "unet", "words", "gru"})
            QTest::newRow(name) << QString(name);
    }
    /// The layers are readOnnx()'s, which has tests of its own; here they are laid out: from above to below, none upon another.
    void opensOnnx()
    {
        QFETCH(QString, name);
        auto& c = *m_canvas;
        c.useChain();
        const std::string before = bytes(c.session);
        QSignalSpy noticed(&c.session, &Session::noticed);
        filesOf(c).openFile(onnx(name));
        QTRY_COMPARE(c.session.undoStack().count(), 1);
        NetworkSpec opened = c.session.network();
        std::set<std::pair<double, double>> places;
        for (const NodeSpec& one : opened.nodes) {
            QVERIFY2(places.emplace(one.x, one.y).second, one.id.c_str());
            for (const std::string& input : one.inputs)
                QVERIFY2(opened.find(input)->y < one.y, one.id.c_str());
        }
        for (NodeSpec& one : opened.nodes)
            one.x = one.y = 0.0;
        QCOMPARE(opened, readOnnx(std::filesystem::path(onnx(name).toStdString())).network);
        QVERIFY(noticed[0][0].toString().contains("Weights are not imported"));
        c.undo();
        QCOMPARE(bytes(c.session), before);
    }

    void whatDoesNotFitIsShownWithItsProblems_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"lenet", "words", "unet"})
            QTest::newRow(name) << QString(name);
    }
    /// Networks of images and texts on a table of three numbers: the canvas stays in sight, and says what is wrong.
    void whatDoesNotFitIsShownWithItsProblems()
    {
        QFETCH(QString, name);
        auto& c = *m_canvas;
        const auto plan = c.session.plan();
        filesOf(c).openFile(onnx(name));
        QTRY_COMPARE(c.session.undoStack().count(), 1);
        QTRY_VERIFY(c.session.plan() != plan);
        QVERIFY2(c.session.plan() && c.session.planProblem().isEmpty(), qPrintable(c.session.planProblem()));
        QVERIFY(c.child<QLabel>("problemCount").text().toInt() > 0);
        QVERIFY(std::any_of(c.network().nodes.begin(), c.network().nodes.end(), [&](const NodeSpec& one) { return c.scene().node(one.id)->face().problem.has_value(); }));
        QVERIFY(c.view().isVisible());
    }

    // ---- refused

    void refused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        const QByteArray input = node(0, "Input", "", R"({"features":"numbers"})");
        QTest::newRow("nothing") << "empty.json" << QByteArray() << "empty.json";
        QTest::newRow("no JSON") << "words.json" << QByteArray("\n\nThis is no network.\n") << "line 3";
        QTest::newRow("cut off") << "cut.json" << chain(20).left(700) << "not valid JSON";
        QTest::newRow("other JSON") << "other.json" << QByteArray(R"({"a":1})") << "other.json”: This is not a network that Limpid can read; its “format” is missing or wrong.";
        QTest::newRow("deep") << "deep.json" << times(200'000, "[") << "levels";
        QTest::newRow("wrong types") << "types.json" << network(R"({"id":7,"type":[],"inputs":{}})") << "not a network";
        QTest::newRow("unknown layer") << "layer.json" << network(input + "," + node(1, "Quantum", "\"n0\"")) << "Quantum";
        QTest::newRow("a million nodes") << "million.json" << network(input + times(400'000, R"(,{"id":"a","type":"ReLU","inputs":[]})")) << "too large";
        QTest::newRow("20,001 nodes") << "many.json" << chain(20'001) << "too large";
        QTest::newRow("more than the canvas shows") << "wide.json" << chain(10'002) << "too large for the canvas";
        QTest::newRow("empty ONNX") << "empty.onnx" << QByteArray() << "can't be read as a network";
        QTest::newRow("text as ONNX") << "words.onnx" << QByteArray("This is no network.\n") << "can't be read as a network";
        QTest::newRow("ONNX cut off") << "cut.onnx" << QByteArray::fromStdString(readFile(onnx("lenet").toStdString())).left(900) << "beyond the end";
    }
    void refused()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        auto& c = *m_canvas;
        c.useChain();
        isRefused(text(test::write(c.dir, name, content)), says);
        // Nor is it compared with.
        QSignalSpy failed(&c.session, &Session::failed);
        filesOf(c).compareWithFile(c.dir.filePath(name));
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);
        QVERIFY(failed[0][0].toString().contains(says));
        QVERIFY(!c.child<ChangesPanel>("changesPanel").isComparing());
    }

    void refusedPlaces()
    {
        auto& c = *m_canvas;
        c.useChain();
        isRefused(c.dir.filePath("none.json"), "none.json");
        QVERIFY(QDir(c.dir.path()).mkdir("folder.json"));
        isRefused(c.dir.filePath("folder.json"), "folder");
        // No more is read of it than tells that it is too long.
        QFile sparse(c.dir.filePath("sparse.json"));
        QVERIFY(sparse.open(QIODevice::WriteOnly) && sparse.resize(qint64{1} << 36));
        sparse.close();
        isRefused(sparse.fileName(), "16 MiB");
        if (QFile::exists("/dev/zero") && QFile::link("/dev/zero", c.dir.filePath("endless.json")))
            isRefused(c.dir.filePath("endless.json"), "16 MiB");
    }

    void withoutDataNothingIsOpened()
    {
        Theme theme(qApp);
        JobQueue queue;
        JobRunner jobs(queue);
        Session session(jobs, nullptr);
        NetworkPage page(session, theme);
        QSignalSpy noticed(&session, &Session::noticed);
        page.findChild<NetworkFiles*>()->openFile(onnx("mlp"));
        QCOMPARE(noticed.size(), 1);
        QVERIFY(noticed[0][0].toString().contains("Open the data first"));
        QVERIFY(!session.request().network);
    }

    // ---- dropped

    void aDroppedFileIsOpened()
    {
        auto& c = *m_canvas;
        c.useChain();
        const auto drop = [&](const QString& path) {
            QMimeData data;
            data.setUrls({QUrl::fromLocalFile(path)});
            const QPoint place = c.view().viewport()->rect().center();
            QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            enter.ignore();
            QApplication::sendEvent(c.view().viewport(), &enter);
            if (!enter.isAccepted())
                return false;
            QDragMoveEvent move(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(c.view().viewport(), &move);
            QDropEvent event(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(c.view().viewport(), &event);
            return event.isAccepted();
        };
        QVERIFY(!drop(c.dir.filePath("things.csv"))); // the window's
        QVERIFY(drop(onnx("mlp")));
        QTRY_COMPARE(c.session.undoStack().count(), 1);
        QVERIFY(c.network().find("Linear_0"));
    }

    // ---- compared

    void listsWhatChangedWhileOneEdits()
    {
        auto& c = *m_canvas;
        c.useChain();
        auto& panel = c.child<ChangesPanel>("changesPanel");
        QVERIFY(!panel.isVisible());
        QSignalSpy noticed(&c.session, &Session::noticed);
        filesOf(c).save(c.dir.filePath("before.json"));
        QTRY_COMPARE(noticed.size(), 1);
        trigger(c, "compareFile");
        answer(c, "compareNetworkDialog", c.dir.filePath("before.json"));
        QTRY_VERIFY(panel.isVisible());
        QVERIFY(c.child<QLabel>("nothingChanged").isVisible());
        QVERIFY(panel.findChild<QLabel*>("cardSubtitle")->text().contains("before.json"));
        QCOMPARE(c.session.undoStack().count(), 0); // looking is no edit

        c.scene().selectNodes({"act"});
        c.key(Qt::Key_Right, Qt::ControlModifier); // where layers stand is no change
        QCOMPARE(rowsOf(c), QStringList());

        NetworkSpec edited = c.session.network();
        edits::setParam(edited, "hidden", "out_features", 12);
        edits::rename(edited, "act", "relu");
        edits::insertOnEdge(edited, "Dropout", "relu", "out");
        c.session.setNetwork(edited, "edit");
        QCOMPARE(rowsOf(c), (QStringList{"hidden was changed: Outputs 8 → 12.", "relu was changed: was called act.",
                                         "out was changed: reads act → dropout.", "dropout was added: Dropout after relu."}));
        QVERIFY(!c.child<QLabel>("nothingChanged").isVisible());
        c.undo();
        QCOMPARE(rowsOf(c), QStringList());
        c.session.undoStack().redo();

        edited = c.session.network();
        edits::removeNodes(edited, {"relu"});
        edited.outputs = {"out", "hidden"};
        c.session.setNetwork(edited, "edit");
        QCOMPARE(rowsOf(c), (QStringList{"hidden was changed: Outputs 8 → 12.", "act was removed: ReLU.", "out was changed: reads act → dropout.",
                                         "dropout was added: Dropout after hidden.", "The outputs were changed: out → out, hidden."}));

        // A row selects its node; of one that is gone the selection stays.
        auto& list = c.child<QListView>("changesList");
        list.setFocus();
        const auto choose = [&](int row) { list.setCurrentIndex(list.model()->index(row, 0)); };
        choose(3);
        QCOMPARE(c.scene().selectedNodes(), std::vector<std::string>{"dropout"});
        choose(1);
        QCOMPARE(c.scene().selectedNodes(), std::vector<std::string>{"dropout"});
        choose(4);
        QCOMPARE(c.scene().selectedNodes(), (std::vector<std::string>{"hidden", "out"}));
        QTest::keyClick(&list, Qt::Key_Home);
        QCOMPARE(c.scene().selectedNodes(), std::vector<std::string>{"hidden"});
        // The chosen row stays so while one goes on editing.
        edits::setParam(edited, "hidden", "out_features", 13);
        c.session.setNetwork(edited, "edit");
        QCOMPARE(list.currentIndex().row(), 0);

        QTest::mouseClick(&c.child<QPushButton>("stopComparingButton"), Qt::LeftButton);
        QVERIFY(!panel.isVisible() && !panel.isComparing());
        auto& menu = c.child<QMenu>("canvasFileMenu");
        emit menu.aboutToShow();
        QVERIFY(!menu.findChild<QAction*>("stopComparing")->isEnabled());
    }

    void leadsIntoBlocks()
    {
        auto& c = *m_canvas;
        c.useChain();
        c.scene().selectNodes({"hidden", "act"});
        c.scene().fold("pair");
        const NetworkSpec folded = c.session.network();
        QVERIFY(folded.findBlock("pair"));
        auto& panel = c.child<ChangesPanel>("changesPanel");
        panel.compareWith(folded, "then");
        NetworkSpec edited = folded;
        edits::setParam(static_cast<NetworkSpec&>(edited), "out", "bias", false);
        edited.blocks.front().body.find("hidden")->params["out_features"] = 5;
        c.session.setNetwork(edited, "edit");
        QCOMPARE(rowsOf(c), (QStringList{"out was changed: Bias yes → no.", "In the block pair: hidden was changed: Outputs 8 → 5."}));
        auto& list = c.child<QListView>("changesList");
        list.setFocus();
        QTest::keyClick(&list, Qt::Key_End);
        QCOMPARE(c.scene().selectedNodes(), std::vector<std::string>{"hidden"});
        QVERIFY(c.network().find("act") && !c.network().find("out")); // inside
        QTest::keyClick(&list, Qt::Key_Home);
        QCOMPARE(c.scene().selectedNodes(), std::vector<std::string>{"out"});

        c.session.setNetwork(NetworkSpec(edited), "unfold");
        panel.compareWith([&] {
            NetworkSpec without = edited;
            without.blocks.clear();
            return without;
        }(), "none");
        QCOMPARE(rowsOf(c).back(), QString("pair was added: a block."));
        list.setCurrentIndex(list.model()->index(list.model()->rowCount() - 1, 0));
        QCOMPARE(c.scene().selectedNodes().size(), std::size_t(1));
    }

    /// The mark is painted: the corner of a node that is new is not as it was.
    void marksWhatIsNew()
    {
        auto& c = *m_canvas;
        c.useChain();
        c.scene().clearSelection();
        const auto corner = [&](const char* id) {
            const QPoint at = c.at(c.scene().node(id)->pos());
            return c.view().viewport()->grab(QRect(at - QPoint(6, 6), QSize(12, 12))).toImage();
        };
        const QImage hidden = corner("hidden"), act = corner("act");
        NetworkSpec before = c.session.network();
        edits::setParam(before, "hidden", "out_features", 9);
        c.child<ChangesPanel>("changesPanel").compareWith(before, "then");
        QTRY_VERIFY(c.child<ChangesPanel>("changesPanel").isVisible());
        c.view().fit();
        QVERIFY(corner("hidden") != hidden);
        c.child<ChangesPanel>("changesPanel").stop();
        QTRY_VERIFY(!c.child<ChangesPanel>("changesPanel").isVisible());
        QCoreApplication::processEvents();
        c.view().fit();
        QCOMPARE(corner("hidden"), hidden);
        QCOMPARE(corner("act"), act);
    }

    void sentences()
    {
        using Kind = NodeChange::Kind;
        const auto said = [](NodeChange change) { return changeSentence(change); };
        NodeChange type{Kind::Changed, "", "a", "a", "Linear", "Conv2d"};
        type.params = {{"bias", true, false}, {"kernel_size", nullptr, 3}, {"out_features", 8, nullptr}};
        QCOMPARE(said(type), QString("a was changed: Linear → Conv2d; Bias yes → no."));
        NodeChange shares{Kind::Changed, "part", "a", "a", "Linear", "Linear"};
        shares.sharesAfter = "b";
        QCOMPARE(said(shares), QString("In the block part: a was changed: weights of its own → b."));
        NodeChange input{Kind::Added, "", "", "x", "", "Input"};
        QCOMPARE(said(input), QString("x was added: Input."));
        NodeChange outputs{Kind::Outputs};
        outputs.inputsAfter = {"a", "b"};
        QCOMPARE(said(outputs), QString("The outputs were changed: nothing → a, b."));
        outputs.inputsAfter.assign(5000, "a");
        QVERIFY(said(outputs).endsWith("a, a, … (5000)."));
        QCOMPARE(said({Kind::BlockRemoved, "part"}), QString("part was removed: a block."));
        QCOMPARE(valueText({1, nlohmann::json::array({2.5, "same"}), nullptr}), QString("(1, (2.5, same), none)"));
    }

    void changesAreAModel()
    {
        ChangeModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        m_canvas->useChain();
        const NetworkSpec chain = m_canvas->session.network();
        model.setChanges(networkChanges({}, chain));
        QCOMPARE(model.rowCount(), 5); // four layers and the output
        QCOMPARE(model.index(0, 0).data(ChangeModel::signRole).toString(), QString("+"));
        QCOMPARE(model.index(1, 0).data().toString(), QString("hidden"));
        QCOMPARE(model.index(1, 0).data(ChangeModel::detailRole).toString(), QString("Linear after numbers"));
        model.setChanges({});
        QCOMPARE(model.rowCount(), 0);
    }

    // ---- saved models

    void listsVersionsNewestFirst()
    {
        VersionChoiceModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        std::vector<ModelSummary> models;
        for (int i = 0; i < 100; ++i) {
            ModelSummary one{"model" + std::to_string(i), {}};
            for (int version = 3; version > 0; --version)
                one.versions.push_back({one.name, version, 0, 1'700'000'000'000 + 1000 * ((i * 37) % 100) + version, {}, {}, {}});
            models.push_back(std::move(one));
        }
        models[42].versions[1].aliases = {"champion"};
        model.setModels(models);
        QCOMPARE(model.rowCount(), 300);
        QCOMPARE(model.referenceAt(0), QString("model27@3")); // 27 · 37 = 999
        QCOMPARE(model.referenceAt(1), QString("model27@2"));
        model.setFilter("Champ");
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.referenceAt(0), QString("model42@2"));
        model.setFilter("l7@");
        QCOMPARE(model.rowCount(), 3);
        model.setFilter("nobody");
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.referenceAt(0), QString());
    }

    /// Out of the list, by keyboard, exactly the network that was trained; from the Models page's signal, too.
    void opensAndComparesAVersion()
    {
        m_canvas.reset();
        QTemporaryDir dir;
        test::PageBench<NetworkPage> bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        const QString table = test::easyTable(dir);
        bench.session.openFile(table);
        QTRY_VERIFY(bench.session.plan());
        auto* scene = static_cast<NetworkScene*>(bench.find<NetworkView>("networkView")->scene());
        QTRY_VERIFY(!scene->network().nodes.empty());
        const NetworkSpec trained = scene->network(); // with places
        TrainRequest request = bench.session.request();
        request.network = trained;
        request.train.epochs = 1;
        request.name = "things";
        Task task;
        trainModel(*bench.session.workspace(), *bench.session.data(), request, {}, {}, task);
        bench.session.refreshRegistry();
        QTRY_COMPARE(bench.session.models().size(), std::size_t(1));

        NetworkSpec edited = trained;
        edits::removeNodes(edited, {trained.nodes[1].id});
        bench.session.setNetwork(edited, "edit");
        bench.session.undoStack().clear();
        const std::string before = bytes(bench.session);
        auto* menu = bench.find<QMenu>("canvasFileMenu");
        emit menu->aboutToShow();
        menu->findChild<QAction*>("openVersion")->trigger();
        auto* find = bench.page.findChild<VersionPicker*>()->findChild<QLineEdit*>("versionFind");
        QTRY_VERIFY(find->isVisible());
        QTest::keyClicks(find, "thing");
        QTest::keyClick(find, Qt::Key_Return);
        QTRY_COMPARE(bench.session.network(), trained);
        QCOMPARE(bench.session.undoStack().count(), 1);
        bench.session.undoStack().undo();
        QCOMPARE(bytes(bench.session), before);

        emit menu->aboutToShow();
        menu->findChild<QAction*>("compareVersion")->trigger();
        QTest::keyClick(find, Qt::Key_Return);
        auto* panel = bench.find<ChangesPanel>("changesPanel");
        QTRY_VERIFY(panel->isVisible());
        QVERIFY(panel->findChild<QLabel*>("cardSubtitle")->text().contains("things@1"));
        QCOMPARE(panel->changes(), networkChanges(trained, edited));

        emit bench.session.networkRequested("things@1");
        QTRY_COMPARE(bench.session.network(), trained);
        QVERIFY(bench.find<QLabel>("nothingChanged")->isVisible());
        QSignalSpy failed(&bench.session, &Session::failed);
        emit bench.session.networkRequested("things@7");
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains("7"));
        QCOMPARE(bench.session.network(), trained);
    }

private:
    /// Told in one sentence, and the canvas is as it was.
    void isRefused(const QString& path, const QString& says)
    {
        auto& c = *m_canvas;
        QSignalSpy failed(&c.session, &Session::failed), noticed(&c.session, &Session::noticed);
        const std::string before = bytes(c.session);
        filesOf(c).openFile(path);
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);
        QVERIFY2(failed[0][0].toString().contains(says), qPrintable(failed[0][0].toString()));
        QCOMPARE(bytes(c.session), before);
        QCOMPARE(c.session.undoStack().count(), 0);
        QCOMPARE(noticed.size(), 0);
    }
};

QTEST_MAIN(TestNetworkFiles)
#include "tst_network_files.moc"
