#include "tests/ui/PageBench.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/ExplainPage.h"
#include "ui/explain/KeptModel.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>

#include <nlohmann/json.hpp>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

// Explanations that the window keeps by itself, and what can be done with them.
class TestKeptExplanations : public QObject
{
    Q_OBJECT

    static bool explain(Bench& bench, const char* method, int rows)
    {
        auto* start = bench.find<QPushButton>("explain.start");
        if (!QTest::qWaitFor([&] { return start->isEnabled() && start->text() == "Explain"; }, 20000))
            return false;
        auto* box = bench.find<QComboBox>("explain.method");
        box->setCurrentIndex(box->findData(method));
        bench.find<QSpinBox>("explain.rows")->setValue(rows);
        const std::size_t before = kept(bench).size();
        start->click();
        return QTest::qWaitFor([&] { return start->text() == "Explain" && kept(bench).size() > before; }, 30000);
    }
    static std::vector<ExplanationRecord> kept(Bench& bench) { return bench.session.workspace()->explanations(); }

private slots:
    void initTestCase() { QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support propagateSizeHints)")); }

    void keepsShowsAgainAndCompares()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 3));
        QVERIFY(explain(bench, "exact", 20));
        QTRY_VERIFY(!bench.find<QLabel>("explainSentence")->text().isEmpty());
        const QString facts = bench.find<QLabel>("explainFacts")->text(), sentence = bench.find<QLabel>("explainSentence")->text();
        QVERIFY(explain(bench, "saliency", 7));
        QTRY_VERIFY(!bench.find<QLabel>("explainSentence")->text().isEmpty() && bench.find<QLabel>("explainSentence")->text() != sentence);
        const std::vector<ExplanationRecord> records = kept(bench);
        QCOMPARE(records.size(), std::size_t(2));
        QVERIFY(records[0].automatic && records[1].automatic);
        QCOMPARE(questionOf(records[1]).request.method, std::string("exact"));
        QCOMPARE(questionOf(records[1]).request.rowEnd, std::size_t(20));

        auto* note = bench.find<QWidget>("keptNote");
        QVERIFY(!note->isVisible());
        bench.find<QPushButton>("explain.kept")->click();
        QPointer<QDialog> dialog = bench.find<QDialog>("keptDialog");
        QVERIFY(dialog && dialog->isVisible());
        auto* table = dialog->findChild<QTableView*>("kept.table");
        QTRY_COMPARE(table->model()->rowCount(), 2);
        table->setCurrentIndex(table->model()->index(1, KeptModel::Name)); // the older
        dialog->findChild<QPushButton*>("kept.show")->click();
        QTRY_VERIFY(note->isVisible());
        auto* text = bench.find<QLabel>("explain.keptText");
        QVERIFY2(text->text().contains("Exact") && text->text().contains("rows 0 to 19 of things.csv"), qPrintable(text->text()));
        QVERIFY(!text->text().contains("not those"));
        QCOMPARE(bench.find<QLabel>("explainFacts")->text(), facts);
        QTRY_COMPARE(bench.find<QLabel>("explainSentence")->text(), sentence);
        QCOMPARE(bench.find<QTableView>("explainRows")->model()->rowCount(), 20);
        QVERIFY(bench.find<QPushButton>("explain.quality")->isEnabled()); // its file is open
        QCOMPARE(kept(bench).size(), std::size_t(2)); // showing is not explaining

        auto* again = bench.find<QPushButton>("explain.again");
        again->click();
        QTRY_VERIFY_WITH_TIMEOUT(text->text().endsWith("the same to the last byte."), 30000);

        // The next answer is no kept one.
        QVERIFY(explain(bench, "exact", 5));
        QVERIFY(!note->isVisible());
        QTRY_COMPARE(table->model()->rowCount(), 3); // the list follows
        dialog->close();
        QTRY_VERIFY(!dialog);
    }

    void namesDeletesAndBringsBack()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 1));
        QVERIFY(explain(bench, "exact", 5));
        QVERIFY(explain(bench, "exact", 6));
        bench.find<QPushButton>("explain.kept")->click();
        auto* dialog = bench.find<QDialog>("keptDialog");
        auto* table = dialog->findChild<QTableView*>("kept.table");
        QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        QTRY_COMPARE(table->model()->rowCount(), 2);
        const std::int64_t newest = kept(bench)[0].id, older = kept(bench)[1].id;
        table->setCurrentIndex(table->model()->index(1, KeptModel::Name));
        auto* keep = dialog->findChild<QPushButton*>("kept.keep");
        QVERIFY(keep->isEnabled());
        QVERIFY(table->model()->setData(table->model()->index(1, KeptModel::Name), " of the first rows "));
        QTRY_COMPARE(table->model()->index(1, KeptModel::Name).data().toString(), QString("of the first rows"));
        QVERIFY(!keep->isEnabled());
        const ExplanationRecord named = bench.session.workspace()->explanation(older);
        QVERIFY(!named.automatic);
        QCOMPARE(named.name, std::string("of the first rows"));
        QVERIFY(!table->model()->setData(table->model()->index(1, KeptModel::Name), "of the first rows")); // no change
        QVERIFY(!table->model()->setData(table->model()->index(1, KeptModel::Method), "x"));

        auto* undo = dialog->findChild<QPushButton*>("kept.undo");
        QVERIFY(!undo->isVisible());
        dialog->findChild<QPushButton*>("kept.delete")->click();
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QCOMPARE(kept(bench).front().id, newest);
        QVERIFY(undo->isVisible());
        undo->click();
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QCOMPARE(bench.session.workspace()->explanation(older).name, std::string("of the first rows"));
        QCOMPARE(table->currentIndex().row(), 1); // the one that came back
        QVERIFY(!undo->isVisible());

        for (int left = 1; left >= 0; --left) {
            dialog->findChild<QPushButton*>("kept.delete")->click();
            QTRY_COMPARE(table->model()->rowCount(), left);
        }
        QVERIFY(dialog->findChild<QLabel*>("kept.empty")->isVisible());
        QVERIFY(!dialog->findChild<QPushButton*>("kept.show")->isEnabled());
    }

    void anotherFileAndAGoneDocumentAreTold()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        const QString file = test::easyTable(dir);
        QVERIFY(test::trainModel(bench, file, "kind", 1));
        QVERIFY(explain(bench, "exact", 5));
        const ExplanationRecord record = kept(bench).front();
        QFile more(file);
        QVERIFY(more.open(QIODevice::Append));
        more.write("3,4.5,small\n");
        more.close();
        bench.session.openFile(file);
        QTRY_VERIFY(bench.session.data()->table().rows() == 121);
        bench.find<QPushButton>("explain.kept")->click();
        auto* dialog = bench.find<QDialog>("keptDialog");
        auto* table = dialog->findChild<QTableView*>("kept.table");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        dialog->findChild<QPushButton*>("kept.show")->click();
        auto* note = bench.find<QWidget>("keptNote");
        QTRY_VERIFY(note->isVisible());
        QVERIFY(!bench.find<QPushButton>("explain.quality")->isEnabled());
        QVERIFY(!bench.find<QPushButton>("explain.compareSelected")->isEnabled()); // its rows are not those of the open table
        bench.find<QPushButton>("explain.again")->click();
        auto* text = bench.find<QLabel>("explain.keptText");
        QTRY_VERIFY2_WITH_TIMEOUT(text->text().contains("things.csv") && !text->text().endsWith("again…"), qPrintable(text->text()), 20000);
        QVERIFY2(!text->text().contains("last byte"), qPrintable(text->text()));

        const QString blob = dir.filePath("workspace/blobs/") + QString::fromStdString(record.documentHash.substr(0, 2) + "/" + record.documentHash.substr(2));
        QVERIFY(QFile::remove(blob));
        QSignalSpy failed(&bench.session, &Session::failed);
        dialog->findChild<QPushButton*>("kept.show")->click();
        QTRY_COMPARE(failed.size(), 1);
        // It can go, but not come back.
        dialog->findChild<QPushButton*>("kept.delete")->click();
        QTRY_COMPARE(table->model()->rowCount(), 0);
        QVERIFY(!dialog->findChild<QPushButton*>("kept.undo")->isVisible());
    }
};

QTEST_MAIN(TestKeptExplanations)
#include "tst_kept_explanations.moc"
