#include "tests/ui/PageBench.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/ExplainPage.h"
#include "ui/charts/TextAttributionPlot.h"
#include "ui/explain/RowsModel.h"
#include "ui/explain/TextRowsModel.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>

#include <algorithm>
#include <cmath>
#include <set>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

class TestExplainPage : public QObject
{
    Q_OBJECT
private slots:
    void emptyPageLeadsToTraining()
    {
        QTemporaryDir dir;
        Bench bench(dir.path());
        QTRY_VERIFY(bench.session.isReady());
        auto* empty = bench.find<QWidget>("explainEmpty");
        QVERIFY(empty && empty->isVisible());
        QSignalSpy asked(&bench.session, &Session::pageRequested);
        empty->findChild<QPushButton*>()->click();
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().front().toString(), QString("train"));
    }

    void rowsSortedByPrediction()
    {
        auto e = std::make_shared<Explanation>();
        e->outputs = {"no", "yes"};
        e->features = {"a", "b", "c"};
        e->rows = {10, 11, 12};
        e->base = {0.0, 0.0};
        e->predictions = {0.9, 0.1, 0.2, 0.8, 0.5, 0.5};
        e->values = {0, 0, 1, 0, 0, 1, 0, 1, 2, 0, 1, 2, 0, 0, 1, 0, 0, 1};
        e->errors.assign(18, 0.0);
        e->cellText = {"1", "x", "", "2", "y", "5", "3", "z", "6"};
        e->cellNumber.assign(9, 0.0);
        RowsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setExplanation(e, 1);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.columnCount(), 4);                              // row, the two columns that matter most, prediction
        QCOMPARE(model.rowAt(0), 1);                                   // 0.8 first
        QCOMPARE(model.lineOf(0), 2);
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QString("c"));
        QCOMPARE(model.data(model.index(0, 1)).toString(), QString("5"));
        QCOMPARE(model.data(model.index(2, 1)).toString(), QString("missing"));
        QCOMPARE(model.rowAt(99), -1);
        model.setExplanation(nullptr, 0);
        QCOMPARE(model.rowCount(), 0);
    }

    void wordsInUnits()
    {
        // "é" is two bytes and one UTF-16 unit, the emoji four and two; counted by hand.
        auto words = std::make_shared<TextAttribution>();
        words->text = "\xff Ça 😀 était.";
        words->spans = {{2, 5}, {11, 17}};
        words->words = 2;
        words->base = {1.0};
        words->predictions = {2.5};
        words->values = {2.0, -0.5};
        words->errors = {0.1, 0.0};
        TextOutcome outcome;
        outcome.column = "review";
        outcome.space = "probability";
        outcome.outputs = {"yes"};
        outcome.rows = {words};
        const TextExplanation plot = textHighlightOf(outcome, 0, 0);
        QCOMPARE(plot.spans.size(), std::size_t(2));
        QCOMPARE(plot.text.mid(plot.spans[0].begin, plot.spans[0].end - plot.spans[0].begin), QString("Ça"));
        QCOMPARE(plot.text.mid(plot.spans[1].begin, plot.spans[1].end - plot.spans[1].begin), QString("était"));
        QCOMPARE(plot.spans[1].begin, qsizetype(8));
        QCOMPARE(plot.output, QString("P(yes)"));
        QCOMPARE(plot.base, 1.0);
        outcome.additive = false;
        QVERIFY(std::isnan(textHighlightOf(outcome, 0, 0).base));

        auto second = std::make_shared<TextAttribution>(*words);
        second->predictions = {3.0};
        second->text.clear();
        second->row = 7;
        outcome.rows.push_back(second);
        TextRowsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setOutcome(std::make_shared<const TextOutcome>(outcome), 0);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.rowAt(0), 1); // the higher prediction
        QCOMPARE(model.lineOf(0), 1);
        QCOMPARE(model.lineOf(9), -1);
        QCOMPARE(model.data(model.index(0, 0)).toString(), QString("7"));
        QCOMPARE(model.data(model.index(0, 1)).toString(), QString("no text"));
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QString("review"));
    }

    void explainsWords()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        // Each text is of its own; "splendid" or "dreadful" tells the kind.
        const QStringList fillers{"plot", "acting", "music", "scenery", "ending", "pace", "script"};
        QByteArray text = "review,kind\n";
        for (int i = 0; i < 200; ++i)
            text += (QString("the %1 and the %2 of film number%3 were %4").arg(fillers[i % 7], fillers[(i / 7) % 7]).arg(i).arg(i % 2 ? "splendid" : "dreadful")
                     + (i % 2 ? ",pos\n" : ",neg\n")).toUtf8();
        bench.session.openFile(QString::fromStdString(test::write(dir, "reviews.csv", text).string()));
        QTRY_VERIFY(bench.session.data());
        TrainRequest request = bench.session.request();
        request.pipeline.target = "kind";
        request.preset = "text-bag";
        request.train.epochs = 12;
        bench.session.setRequest(request, "test");
        QTRY_VERIFY(bench.session.plan() && bench.session.plan()->pipeline.spec().target == "kind" && bench.session.plan()->pipeline.vocabularySize() > 0);
        bench.session.startTraining();
        QTRY_VERIFY_WITH_TIMEOUT(!bench.session.models().empty(), 30000);

        auto* players = bench.find<QComboBox>("explain.players");
        QTRY_VERIFY_WITH_TIMEOUT(players->isVisible(), 20000); // once the model is loaded
        QVERIFY(!bench.find<QComboBox>("explain.text")->isVisible()); // there is one text
        auto* method = bench.find<QComboBox>("explain.method");
        QVERIFY(method->findData("deeplift") >= 0);
        players->setCurrentIndex(players->findData("words"));
        emit players->activated(players->currentIndex());
        QCOMPARE(method->count(), 7);
        QVERIFY(method->findData("deeplift") < 0);
        QVERIFY(!bench.find<QSpinBox>("explain.background")->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(bench.find<QLabel>("explain.cost")->text().contains("estimated"), 20000);
        bench.find<QSpinBox>("explain.rows")->setValue(20);
        auto* start = bench.find<QPushButton>("explain.start");
        auto* plot = bench.find<PlotView>("textPlot");
        auto* rows = bench.find<QTableView>("textRows");
        for (const char* name : {"leverage", "permutation", "kernel", "exact", "partition", "occlusion", "lime"}) {
            method->setCurrentIndex(method->findData(name));
            emit method->activated(method->currentIndex());
            start->click();
            QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
            QVERIFY2(plot->isVisible() && plot->plot(), name);
            QCOMPARE(rows->model()->rowCount(), 20);
            rows->setCurrentIndex(rows->model()->index(0, 0));
            QVERIFY2(bench.find<QLabel>("textSentence")->text().contains("“splendid” raises"), qPrintable(bench.find<QLabel>("textSentence")->text()));
            QVERIFY(bench.find<QLabel>("textFacts")->text().contains("texts tried"));
        }
        const auto largest = [&] {
            const std::vector<QStringList> table = plot->plot()->table();
            return *std::max_element(table.begin() + 1, table.end(), [](const QStringList& a, const QStringList& b) {
                return std::abs(QLocale().toDouble(a[3])) < std::abs(QLocale().toDouble(b[3]));
            });
        };
        rows->setCurrentIndex(rows->model()->index(19, 0));
        QVERIFY2(bench.find<QLabel>("textSentence")->text().contains("“dreadful” lowers"), qPrintable(bench.find<QLabel>("textSentence")->text()));
        QCOMPARE(largest()[2], QString("dreadful"));
        // Columns are there again, with their methods.
        players->setCurrentIndex(players->findData("columns"));
        emit players->activated(players->currentIndex());
        QVERIFY(method->findData("deeplift") >= 0);
        method->setCurrentIndex(method->findData("leverage"));
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        QVERIFY(bench.find<PlotView>("explainPlot")->isVisible() && !plot->isVisible());
    }

    void aFileThatDoesNotFitIsTold()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 1));
        bench.session.openFile(QString::fromStdString(test::write(dir, "others.csv", "length,kind\n1,a\n2,b\n3,a\n4,b\n").string()));
        QTRY_VERIFY(bench.session.data() && bench.session.data()->path.filename() == "others.csv");
        bench.find<QSpinBox>("explain.budget")->setValue(100); // anything that asks for the cost again
        auto* hint = bench.find<QLabel>("explainHint");
        QTRY_VERIFY_WITH_TIMEOUT(hint->text().contains("size") && hint->text().contains("missing"), 20000); // whole, where it can be read
        QVERIFY(bench.find<QLabel>("explain.cost")->text().isEmpty());
    }

    void explains()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 3));

        auto* start = bench.find<QPushButton>("explain.start");
        QTRY_VERIFY(start->isVisible() && start->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(bench.find<QLabel>("explain.cost")->text().contains("estimated"), 20000);
        bench.find<QSpinBox>("explain.rows")->setValue(50);
        start->click();
        QCOMPARE(start->text(), QString("Stop"));
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        auto* plot = bench.find<PlotView>("explainPlot");
        QTRY_VERIFY(plot->isVisible() && plot->plot() && plot->plot()->selectableRows() == 50); // laid out by a job
        QTRY_VERIFY(bench.session.jobs().queue().jobs().empty());
        QTest::qWait(1); // and the last answer is here
        auto* rows = bench.find<QTableView>("explainRows");
        QCOMPARE(rows->model()->rowCount(), 50);
        QVERIFY(bench.find<QLabel>("explainFacts")->text().contains("evaluations a row"));
        QVERIFY(!bench.find<QLabel>("explainSentence")->text().isEmpty());
        auto* waterfall = bench.find<PlotView>("waterfall");
        QVERIFY(waterfall->isVisible() && waterfall->plot());
        // Another row in the table is another waterfall; a point of the beeswarm chooses its row in the table.
        const QString before = waterfall->plot()->sentence();
        rows->setCurrentIndex(rows->model()->index(30, 0));
        QVERIFY(waterfall->plot()->sentence() != before);
        plot->grab(); // painted once, so that points have places
        std::set<int> lines;
        for (int y = 20; y < plot->height() && lines.size() < 2; y += 3)
            for (int x = 100; x < plot->width() - 100 && lines.size() < 2; x += 3)
                if (plot->plot()->hit(QPointF(x, y), plot->plotArea()) >= 0) {
                    QTest::mouseClick(plot, Qt::LeftButton, {}, QPoint(x, y));
                    lines.insert(rows->currentIndex().row());
                }
        QCOMPARE(lines.size(), std::size_t(2));
        // Rows selected in the plot are selected in the table, and the other way round.
        const std::vector<std::size_t> some{3, 7, 20};
        emit plot->rowsSelected(some);
        QCOMPARE(rows->selectionModel()->selectedRows().size(), some.size());
        QCOMPARE(plot->selection(), some);
        rows->selectionModel()->select(rows->model()->index(5, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        QVERIFY(plot->selection().empty()); // one row alone is the one looked at
        auto* kind = bench.find<QComboBox>("explain.kind");
        const auto draw = [&](const QString& id) {
            kind->setCurrentIndex(kind->findData(id));
            emit kind->activated(kind->currentIndex());
        };
        for (int i = 0; i < kind->count(); ++i) { // each has something to say of these rows
            const Plot* old = plot->plot();
            draw(kind->itemData(i).toString());
            QTRY_VERIFY(plot->plot() != old);
            QCOMPARE(bench.find<QLabel>("explainSentence")->text(), plot->plot()->sentence());
            QVERIFY2(!bench.find<QLabel>("explainSentence")->text().isEmpty(), qPrintable(kind->itemText(i)));
        }
        draw("dependence");
        QVERIFY(bench.find<QComboBox>("explain.feature")->isVisible());
        draw("bar");
        QVERIFY(!bench.find<QComboBox>("explain.feature")->isVisible());
        QTRY_VERIFY(plot->plot()->table().front().contains("mean |SHAP|"));

        // What does not add up has no decision plot: the first kind is shown, and said to be, until there is what was wanted again.
        draw("decision");
        auto* methods = bench.find<QComboBox>("explain.method");
        const auto explainBy = [&](const QString& name) {
            methods->setCurrentIndex(methods->findData(name));
            emit methods->activated(methods->currentIndex());
            const Plot* old = plot->plot();
            start->click();
            QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
            QTRY_VERIFY(plot->plot() != old);
        };
        explainBy("saliency");
        QCOMPARE(kind->currentData().toString(), QString("beeswarm"));
        QVERIFY(!(kind->model()->flags(kind->model()->index(kind->findData("decision"), 0)) & Qt::ItemIsEnabled));
        explainBy("leverage");
        QCOMPARE(kind->currentData().toString(), QString("decision"));
        QVERIFY(kind->model()->flags(kind->model()->index(kind->findData("decision"), 0)) & Qt::ItemIsEnabled);

        // Methods that look at the model as a whole.
        auto* method = bench.find<QComboBox>("explain.method");
        const auto choose = [&](const QString& name) {
            method->setCurrentIndex(method->findData(name));
            emit method->activated(method->currentIndex());
            start->click();
            QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        };
        auto* effects = bench.find<PlotView>("effectsPlot");
        for (const char* name : {"pdp", "ice", "ale", "interactions", "shapley-interactions", "surrogate", "permutation-importance"}) {
            choose(name);
            QVERIFY2(effects->isVisible() && effects->plot(), name);
            QVERIFY2(!bench.find<QLabel>("effectsSentence")->text().isEmpty(), name);
        }
        QVERIFY(!bench.find<QSpinBox>("explain.background")->isVisible() && bench.find<QSpinBox>("explain.repeats")->isVisible());
        choose("ale");
        auto* columns = bench.find<QTableView>("effectColumns");
        QCOMPARE(columns->model()->rowCount(), 3); // all, and each of the two
        const QString overview = bench.find<QLabel>("effectsSentence")->text();
        columns->setCurrentIndex(columns->model()->index(1, 0));
        QVERIFY(bench.find<QLabel>("effectsSentence")->text() != overview);
        choose("saliency");
        QVERIFY(plot->isVisible() && bench.find<QLabel>("explainFacts")->text().contains("Does not add up"));
        choose("lime");
        QVERIFY(bench.find<QLabel>("explainFacts")->text().contains("samples a row"));
        const auto subtitles = bench.page.findChildren<QLabel*>("cardSubtitle");
        const auto tellsFit = [](const QLabel* label) { return label->toolTip().contains(QString("R²")); };
        QVERIFY(std::any_of(subtitles.begin(), subtitles.end(), tellsFit));
        choose("leverage");
        QVERIFY(bench.find<QLabel>("explainFacts")->text().contains("Adds up"));
        QVERIFY(std::none_of(subtitles.begin(), subtitles.end(), tellsFit));
        auto* top = bench.find<QSpinBox>("explain.top");
        QVERIFY(top->isVisible());
        QVERIFY(!bench.find<QLabel>("explainFacts")->text().contains("told apart in"));
        top->setValue(1);
        choose("permutation");
        QVERIFY2(bench.find<QLabel>("explainFacts")->text().contains("Largest told apart in"), qPrintable(bench.find<QLabel>("explainFacts")->text()));
        top->setValue(0);
        choose("leverage");
        bench.page.resize(952, 600);
        QVERIFY(waterfall->isVisible());

        // A version asked for by another page is chosen, though it is not the newest.
        const QString first = bench.find<QComboBox>("explain.version")->currentData().toString();
        bench.session.startTraining();
        auto* versions = bench.find<QComboBox>("explain.version");
        QTRY_COMPARE_WITH_TIMEOUT(versions->count(), 2, 30000);
        QVERIFY(versions->currentData().toString() != first);
        emit bench.session.explainRequested(first);
        QCOMPARE(versions->currentData().toString(), first);
    }
};

QTEST_MAIN(TestExplainPage)
#include "tst_explain_page.moc"
