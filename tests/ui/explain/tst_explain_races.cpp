// What happens around an explanation while it is worked out: its page is closed, its model goes, its data or background change, it is
// stopped and started again. The network is real and the budgets are such that no method is done before.
#include "tests/ui/PageBench.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/BackgroundField.h"
#include "ui/explain/ExplainPage.h"

#include <SQLiteCpp/Database.h>

#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <condition_variable>
#include <mutex>

using namespace limpid;

namespace {

/// The page in something that outlives it, so that it can be closed.
class Frame : public QWidget
{
public:
    Frame(Session& session, const Theme& theme) : page(new ExplainPage(session, theme, this))
    {
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addWidget(page);
    }
    ExplainPage* page;
};

using Bench = test::PageBench<Frame>;

constexpr int rowsOfTable = 5000;
constexpr int soonMs = 5000;   // generous: the machine may be busy; what was measured is printed

/// Twelve numbers and a text of four words, a class that follows from the first numbers. `shift` makes another table of the same columns.
QString bigTable(const QTemporaryDir& dir, const char* name, int shift = 0)
{
    QByteArray text = "a,b,c,d,e,f,g,h,i,j,k,l,note,kind\n";
    const char* words[] = {"plain", "round", "quiet", "late", "green", "heavy", "early"};
    std::uint32_t state = 7u + static_cast<std::uint32_t>(shift);
    for (int row = 0; row < rowsOfTable; ++row) {
        int first = 0;
        for (int column = 0; column < 12; ++column) {
            state = state * 1664525u + 1013904223u;
            const int value = static_cast<int>(state >> 24);
            first = column == 0 ? value : first;
            text += QByteArray::number(value + shift) + ',';
        }
        for (int word = 0; word < 4; ++word)
            text += QByteArray(words[(state >> (3 * word + 5)) % 7]) + QByteArray::number(row % 500) + (word < 3 ? ' ' : ',');
        text += first < 128 ? "small\n" : "large\n";
    }
    return QString::fromStdString(test::write(dir, name, text).string());
}

/// Jobs of that kind that wait or run.
int jobsOf(Bench& bench, const std::string& kind)
{
    const std::vector<JobInfo> jobs = bench.queue.jobs();
    return static_cast<int>(std::count_if(jobs.begin(), jobs.end(), [&](const JobInfo& job) { return job.kind == kind; }));
}

bool isRunning(Bench& bench, const std::string& kind)
{
    const std::vector<JobInfo> jobs = bench.queue.jobs();
    return std::any_of(jobs.begin(), jobs.end(), [&](const JobInfo& job) { return job.kind == kind && job.state == JobState::Running; });
}

void choose(Bench& bench, const char* box, const QString& data)
{
    auto* combo = bench.find<QComboBox>(box);
    QTRY_VERIFY2(combo->findData(data) >= 0, qPrintable(data)); // words, once the model is loaded
    combo->setCurrentIndex(combo->findData(data));
    emit combo->activated(combo->currentIndex());
}

/// One of `methods`: of words where it says so.
void chooseMethod(Bench& bench, const QString& method)
{
    const QString words = QStringLiteral("words:");
    choose(bench, "explain.players", method.startsWith(words) ? "words" : "columns");
    choose(bench, "explain.method", QString(method).remove(words));
}

/// Three rows by leverage, to the end.
void explainThree(Bench& bench)
{
    bench.find<QSpinBox>("explain.rows")->setValue(3);
    bench.find<QSpinBox>("explain.budget")->setValue(0);
    chooseMethod(bench, "leverage");
    auto* start = bench.find<QPushButton>("explain.start");
    start->click();
    QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
}

/// Settings under which no method of rows is done within a test.
void makeLong(Bench& bench)
{
    bench.find<QSpinBox>("explain.rows")->setValue(rowsOfTable);
    bench.find<QSpinBox>("explain.budget")->setValue(1000);
    bench.find<QSpinBox>("explain.sample")->setValue(rowsOfTable);
    bench.find<QSpinBox>("explain.repeats")->setValue(1000);
}

QString buttonText(Bench& bench) { return bench.find<QPushButton>("explain.start")->text(); }
QString facts(Bench& bench) { return bench.find<QLabel>("explainFacts")->text(); }

const QStringList methods{"exact", "kernel", "leverage", "permutation", "partition", "deeplift", "expected-gradients", "integrated-gradients",
                          "smoothgrad", "occlusion", "lime", "pdp", "ice", "ale", "interactions", "surrogate", "permutation-importance", "counterfactual",
                          "words:leverage", "words:occlusion", "words:lime"};

} // namespace

class TestExplainRaces : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_file, m_other;
    int m_count = 0;

    /// A workspace of its own with the model that initTestCase() trained, for words one that reads the text, and the file open.
    std::unique_ptr<Bench> open(const QString& method = {})
    {
        const QString folder = m_dir.filePath(QString("copy%1").arg(++m_count));
        std::filesystem::copy(m_dir.filePath(method.startsWith("words:") ? "readers" : "workspace").toStdU16String(), folder.toStdU16String(), std::filesystem::copy_options::recursive);
        auto bench = std::make_unique<Bench>(folder);
        if (!QTest::qWaitFor([&] { return bench->session.isReady() && bench->session.data() && !bench->session.models().empty(); }, 20000)
            || !QTest::qWaitFor([&] { return bench->find<QLabel>("explain.cost")->text().contains("estimated"); }, 30000))
            return nullptr;
        return bench;
    }

private slots:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support)"));
        m_file = bigTable(m_dir, "big.csv");
        m_other = bigTable(m_dir, "other.csv", 1000);
        Bench bench(m_dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, m_file, "kind", 1));
        Bench readers(m_dir.filePath("readers"));
        QVERIFY(test::trainModel(readers, m_file, "kind", 1, "text-bag"));
    }

    void closedPage_data()
    {
        QTest::addColumn<QString>("method");
        for (const QString& method : methods)
            QTest::newRow(qPrintable(method)) << method;
    }

    void closedPage()
    {
        QFETCH(QString, method);
        const std::unique_ptr<Bench> bench = open(method);
        QVERIFY(bench);
        makeLong(*bench);
        chooseMethod(*bench, method);
        bench->find<QPushButton>("explain.start")->click();
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(*bench, "explain") || jobsOf(*bench, "explain") == 0, 20000);
        QTest::qWait(60);
        const bool ran = isRunning(*bench, "explain");
        QElapsedTimer clock;
        clock.start();
        delete bench->page.page;
        QTRY_VERIFY_WITH_TIMEOUT(jobsOf(*bench, "explain") == 0, soonMs);
        qInfo("%s: gone %lld ms after the page%s", qPrintable(method), clock.elapsed(), ran ? "" : " (it was done)");
        QTest::qWait(20); // answers that are under way find nobody
    }

    void stopped_data() { closedPage_data(); }

    void stopped()
    {
        QFETCH(QString, method);
        const std::unique_ptr<Bench> bench = open(method);
        QVERIFY(bench);
        makeLong(*bench);
        chooseMethod(*bench, method);
        auto* start = bench->find<QPushButton>("explain.start");
        start->click();
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(*bench, "explain") || jobsOf(*bench, "explain") == 0, 20000);
        QTest::qWait(60);
        const bool ran = start->text() == "Stop";
        QElapsedTimer clock;
        clock.start();
        if (ran)
            start->click();
        if (start->text() == "Stop" && ran)
            start->click(); // also those that would finish what they have
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), soonMs);
        qInfo("%s: stopped after %lld ms%s", qPrintable(method), clock.elapsed(), ran ? "" : " (it was done)");
        // And at once another, to its end.
        explainThree(*bench);
        QVERIFY2(facts(*bench).startsWith("Leverage SHAP"), qPrintable(facts(*bench)));
        QCOMPARE(bench->find<QTableView>("explainRows")->model()->rowCount(), 3);
        QVERIFY(bench->find<PlotView>("explainPlot")->isVisible());
    }

    void quickChangesGiveTheLastAnswer()
    {
        const std::unique_ptr<Bench> bench = open();
        QVERIFY(bench);
        makeLong(*bench);
        auto* start = bench->find<QPushButton>("explain.start");
        for (const char* method : {"kernel", "deeplift", "pdp", "lime", "counterfactual", "permutation"}) {
            choose(*bench, "explain.method", method);
            start->click();
            start->click();
            start->click();
            start->click();
            QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), soonMs);
        }
        bench->find<QSpinBox>("explain.rows")->setValue(4);
        bench->find<QSpinBox>("explain.budget")->setValue(0);
        choose(*bench, "explain.method", "occlusion");
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        QVERIFY2(facts(*bench).startsWith("Occlusion"), qPrintable(facts(*bench)));
        QTest::qWait(400); // nothing comes after
        QVERIFY(facts(*bench).startsWith("Occlusion"));
        QCOMPARE(bench->find<QTableView>("explainRows")->model()->rowCount(), 4);
    }

    void backgroundBroughtWhileItRuns()
    {
        const std::unique_ptr<Bench> bench = open();
        QVERIFY(bench);
        makeLong(*bench);
        choose(*bench, "explain.method", "leverage");
        auto* start = bench->find<QPushButton>("explain.start");
        auto* background = bench->page.findChild<BackgroundField*>();
        start->click();
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(*bench, "explain"), 20000);
        for (const std::size_t row : {std::size_t(3), std::size_t(8), std::size_t(11), std::size_t(40), std::size_t(77)}) {
            background->setRows({row});
            emit background->rowsDropped(); // as a drop does
            QTest::qWait(row % 3 == 0 ? 30 : 0);
        }
        QCOMPARE(start->text(), QString("Stop"));
        QTRY_COMPARE_WITH_TIMEOUT(jobsOf(*bench, "explain"), 1, soonMs); // those before are gone
        // The rows that come are compared with the last.
        auto* rows = bench->find<QTableView>("explainRows");
        QTRY_VERIFY_WITH_TIMEOUT(rows->model()->rowCount() > 0, 30000);
        QVERIFY2(facts(*bench).contains("row 77"), qPrintable(facts(*bench)));
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), soonMs);
        QVERIFY2(facts(*bench).contains("row 77"), qPrintable(facts(*bench)));
        // Rows that are chosen from the list work the same way while rows still come.
        start->click();
        QTRY_VERIFY_WITH_TIMEOUT(rows->model()->rowCount() > 3 && start->text() == "Stop", 30000);
        rows->selectionModel()->select(rows->model()->index(1, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        const QString chosen = rows->model()->index(1, 0).data().toString();
        bench->find<QPushButton>("explain.compareSelected")->click();
        QTRY_VERIFY_WITH_TIMEOUT(rows->model()->rowCount() > 0 && facts(*bench).contains("row " + chosen), 30000);
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), soonMs);
    }

    void anotherFile_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"leverage", "deeplift", "pdp", "permutation-importance", "counterfactual", "words:leverage"})
            QTest::newRow(method) << method;
    }

    void anotherFile()
    {
        QFETCH(QString, method);
        const std::unique_ptr<Bench> bench = open(method);
        QVERIFY(bench);
        makeLong(*bench);
        chooseMethod(*bench, method);
        auto* start = bench->find<QPushButton>("explain.start");
        start->click();
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(*bench, "explain") || start->text() == "Explain", 20000); // or it is done
        bench->session.openFile(m_other);
        QTRY_VERIFY_WITH_TIMEOUT(bench->session.data() && bench->session.data()->path.filename() == "other.csv", 30000);
        // What was asked of the first is of no use to the second, and nothing of it is shown.
        QTRY_COMPARE_WITH_TIMEOUT(jobsOf(*bench, "explain"), 0, soonMs);
        QCOMPARE(start->text(), QString("Explain"));
        QTest::qWait(300);
        for (const char* shown : {"explainPlot", "effectsPlot", "counterfactualPlot", "textPlot"})
            QVERIFY2(!bench->find<PlotView>(shown)->isVisible(), shown);
        explainThree(*bench);
        // Its numbers lie above 1000.
        auto* rows = bench->find<QTableView>("explainRows");
        QCOMPARE(rows->model()->rowCount(), 3);
        QVERIFY2(rows->model()->index(0, 1).data().toString().remove(',').toInt() >= 1000 || rows->model()->index(0, 2).data().toString().remove(',').toInt() >= 1000,
                 qPrintable(rows->model()->index(0, 1).data().toString()));
        // A whole answer goes with its file too, and so does what is pinned.
        bench->find<QPushButton>("explain.pin")->click();
        QVERIFY(bench->find<QWidget>("pinnedView")->isVisible());
        bench->session.openFile(m_file);
        QTRY_VERIFY_WITH_TIMEOUT(bench->session.data() && bench->session.data()->path.filename() == "big.csv", 30000);
        QVERIFY(!bench->find<QWidget>("pinnedView")->isVisible() && !bench->find<QPushButton>("explain.unpin")->isVisible());
        QCOMPARE(rows->model()->rowCount(), 0);
    }

    void aFileThatCannotBeReadLeavesTheAnswer()
    {
        const std::unique_ptr<Bench> bench = open();
        QVERIFY(bench);
        bench->find<QSpinBox>("explain.rows")->setValue(3);
        auto* start = bench->find<QPushButton>("explain.start");
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        QSignalSpy failed(&bench->session, &Session::failed);
        bench->session.openFile(m_dir.filePath("no such file.csv"));
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20000);
        QCOMPARE(bench->find<QTableView>("explainRows")->model()->rowCount(), 3);
        QVERIFY(bench->find<PlotView>("explainPlot")->isVisible());
    }

    void anotherWorkspace()
    {
        const std::unique_ptr<Bench> bench = open();
        QVERIFY(bench);
        makeLong(*bench);
        bench->find<QPushButton>("explain.start")->click();
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(*bench, "explain"), 20000);
        bench->session.openWorkspace(m_dir.filePath("empty"));
        QTRY_VERIFY_WITH_TIMEOUT(bench->session.isReady() && bench->session.models().empty(), 20000);
        QTRY_COMPARE_WITH_TIMEOUT(jobsOf(*bench, "explain"), 0, soonMs);
        QTest::qWait(300);
        QVERIFY(bench->find<QWidget>("explainEmpty")->isVisible());
        QVERIFY(!bench->find<PlotView>("explainPlot")->isVisible());
    }

    void deletedModel_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<bool>("afterItsStart");
        for (const char* method : {"leverage", "deeplift", "pdp", "counterfactual"})
            for (const bool after : {false, true})
                QTest::addRow("%s, %s", method, after ? "while it runs" : "before it starts") << method << after;
    }

    /// By another process: the version's row and files go.
    void deletedModel()
    {
        QFETCH(QString, method);
        QFETCH(bool, afterItsStart);
        const std::unique_ptr<Bench> bench = open(method);
        QVERIFY(bench);
        makeLong(*bench);
        choose(*bench, "explain.method", method);
        auto* start = bench->find<QPushButton>("explain.start");
        const std::filesystem::path folder = m_dir.filePath(QString("copy%1").arg(m_count)).toStdU16String();
        const auto deleteIt = [&] {
            {
                SQLite::Database other((folder / "limpid.db").string(), SQLite::OPEN_READWRITE);
                other.setBusyTimeout(5000);
                other.exec("PRAGMA foreign_keys = ON");
                other.exec("DELETE FROM versions");
            }
            std::filesystem::remove_all(folder / "blobs");
            bench->session.refreshRegistry();
        };
        if (!afterItsStart)
            deleteIt();
        start->click();
        if (afterItsStart) {
            QTRY_VERIFY_WITH_TIMEOUT(isRunning(*bench, "explain") || start->text() == "Explain", 20000); // or it is done
            deleteIt();
        }
        QTRY_VERIFY_WITH_TIMEOUT(bench->session.models().empty(), 20000);
        QTest::qWait(300);
        if (buttonText(*bench) == "Stop") // what runs has the model at hand; it can be stopped as ever
            start->click();
        if (buttonText(*bench) == "Stop")
            start->click();
        QTRY_COMPARE_WITH_TIMEOUT(buttonText(*bench), QString("Explain"), soonMs);
        QVERIFY(!start->isEnabled() || !start->isVisible()); // there is nothing more to explain
        QTest::qWait(600); // the estimate of the cost finds no version either
        QVERIFY(bench->find<QLabel>("explain.cost")->text().isEmpty());
    }

    void themesMeanwhile()
    {
        const std::unique_ptr<Bench> bench = open();
        QVERIFY(bench);
        bench->find<QSpinBox>("explain.rows")->setValue(120);
        bench->find<QSpinBox>("explain.budget")->setValue(300);
        auto* start = bench->find<QPushButton>("explain.start");
        start->click();
        int switches = 0;
        while (start->text() == "Stop" && switches < 40) {
            bench->theme.setMode(++switches % 2 ? Theme::Mode::Dark : Theme::Mode::Light);
            QTest::qWait(20);
        }
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 60000);
        QCOMPARE(bench->find<QTableView>("explainRows")->model()->rowCount(), 120);
        qInfo("%d switches", switches);
    }

    void qualityMeanwhile()
    {
        const std::unique_ptr<Bench> bench = open();
        QVERIFY(bench);
        bench->find<QSpinBox>("explain.rows")->setValue(30);
        bench->find<QSpinBox>("explain.budget")->setValue(0);
        auto* start = bench->find<QPushButton>("explain.start");
        const auto measure = [&]() -> QPointer<QDialog> {
            bench->find<QPushButton>("explain.quality")->click();
            const QList<QDialog*> dialogs = bench->page.findChildren<QDialog*>("qualityDialog");
            dialogs.back()->findChild<QPushButton*>("quality.start")->click();
            return dialogs.back();
        };
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        // It goes on judging what it was opened for, whatever the page does.
        const QPointer<QDialog> first = measure();
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(*bench, "quality"), 20000);
        bench->session.openFile(m_other);
        QTRY_VERIFY_WITH_TIMEOUT(bench->session.data() && bench->session.data()->path.filename() == "other.csv", 30000);
        QVERIFY(first);
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        QElapsedTimer clock;
        clock.start();
        if (first)
            first->close();
        QTRY_VERIFY_WITH_TIMEOUT(!first && jobsOf(*bench, "quality") == 0, soonMs);
        qInfo("quality: gone %lld ms after its window", clock.elapsed());
        // The page goes while it measures.
        const QPointer<QDialog> second = measure();
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(*bench, "quality"), 20000);
        delete bench->page.page;
        QVERIFY(!second);
        QTRY_VERIFY_WITH_TIMEOUT(jobsOf(*bench, "quality") == 0, soonMs);
    }

    /// What is asked while one changes a row by hand can be stopped by the list of jobs; the next change asks again.
    void whatIfStoppedFromOutside()
    {
        const std::unique_ptr<Bench> bench = open();
        QVERIFY(bench);
        choose(*bench, "explain.method", "counterfactual");
        auto* start = bench->find<QPushButton>("explain.start");
        QTRY_VERIFY(start->isEnabled());
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 60000);
        auto* edit = bench->find<QLineEdit>("whatIf.a");
        QVERIFY(edit && edit->isVisible());
        auto* outputs = bench->find<QTableView>("whatIf.outputs");
        const auto now = [&] { return outputs->model()->index(0, 2).data().toString(); };
        // The lane it runs in is held, so that it waits.
        std::mutex mutex;
        std::condition_variable changed;
        bool go = false;
        JobQueue::Job blocker;
        blocker.kind = "test";
        blocker.lane = JobQueue::Lane::Foreground;
        blocker.work = [&](Task&) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return go; });
        };
        bench->queue.submit(std::move(blocker));
        edit->setText("3");
        QTRY_COMPARE_WITH_TIMEOUT(jobsOf(*bench, "what-if"), 1, soonMs);
        for (const JobInfo& job : bench->queue.jobs())
            if (job.kind == "what-if")
                bench->queue.cancel(job.id);
        {
            const std::lock_guard lock(mutex);
            go = true;
        }
        changed.notify_all();
        QTRY_COMPARE_WITH_TIMEOUT(jobsOf(*bench, "what-if"), 0, soonMs);
        QTest::qWait(50);
        const QString before = now();
        edit->setText("250");
        QTRY_VERIFY_WITH_TIMEOUT(now() != before && now().contains("%"), soonMs); // an answer came
    }
};

QTEST_MAIN(TestExplainRaces)
#include "tst_explain_races.moc"
