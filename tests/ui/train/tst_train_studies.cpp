// The learning-rate finder and studies on the Train page.
#include "tests/ui/PageBench.h"
#include "ui/charts/LineChart.h"
#include "ui/train/RateFinderCard.h"
#include "ui/train/TrainPage.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>

using namespace limpid;

namespace {

/// The Train page with a small table open.
struct Bench : test::PageBench<TrainPage> {
    explicit Bench(const QTemporaryDir& dir) : PageBench(dir.filePath("workspace"))
    {
        const auto until = [](auto condition) { return QTest::qWaitFor(condition, 20'000); };
        ready = until([this] { return session.isReady(); });
        session.openFile(test::easyTable(dir));
        ready = ready && until([this] { return bool(session.plan()); });
        session.setTarget("kind");
        ready = ready && until([this] { return session.plan() && session.plan()->pipeline.spec().target == "kind"; });
        find<QSpinBox>("train.epochs")->setValue(3);
        ready = ready && until([this] { return find<QPushButton>("train.findRate")->isEnabled(); });
    }
    void choose(StudyKind kind, int parts)
    {
        auto* study = find<QComboBox>("train.study");
        study->setCurrentIndex(study->findData(static_cast<int>(kind)));
        emit study->activated(study->currentIndex());
        find<QSpinBox>("train.parts")->setValue(parts);
    }
    bool ready = false;
};

} // namespace

class TestTrainStudies : public QObject
{
    Q_OBJECT
private slots:
    void findsARateThatCanBeTakenOver()
    {
        QTemporaryDir dir;
        Bench bench(dir);
        QVERIFY(bench.ready);
        bench.find<QPushButton>("train.findRate")->click();
        auto* finder = bench.find<RateFinderCard>("rateFinder");
        QVERIFY(finder && finder->isVisible());
        auto* use = finder->findChild<QPushButton*>("rateFinderUse");
        QTRY_VERIFY_WITH_TIMEOUT(use->isVisible(), 20'000);
        const auto plot = finder->findChild<LineChart*>("rateFinderChart")->toPlot();
        QVERIFY(dynamic_cast<const LinePlot&>(*plot).lines()[1].points.size() > 20);
        QVERIFY(bench.session.runs().empty());

        const double before = bench.session.request().train.learningRate;
        use->click();
        const double found = bench.session.request().train.learningRate;
        QVERIFY(found > 1e-5 && found < 1.0);
        QCOMPARE(use->text(), QString("%1 is in use").arg(QString::number(found, 'g', 2)));
        QCOMPARE(bench.find<QLineEdit>("train.learning_rate")->text().toDouble(), found);
        bench.session.undoStack().undo();
        QCOMPARE(bench.session.request().train.learningRate, before);
        QVERIFY(use->isEnabled());

        // Settings that can't be are told, and nothing is tried.
        finder->findChild<QLineEdit*>("rateFinder.start")->setText("20");
        finder->findChild<QPushButton*>("rateFinderAgain")->click();
        QVERIFY(finder->findChild<QLineEdit*>("rateFinder.start")->property("invalid").toBool());
        QVERIFY(finder->findChild<QLabel*>("rateFinderSentence")->text().contains("20"));
        QVERIFY(!use->isVisible());
    }

    void noRateForLbfgs()
    {
        QTemporaryDir dir;
        Bench bench(dir);
        QVERIFY(bench.ready);
        TrainRequest request = bench.session.request();
        request.train.optimizer = "L-BFGS";
        bench.session.setRequest(request, "optimizer");
        QTRY_VERIFY(bench.session.plan());
        QVERIFY(!bench.find<QPushButton>("train.findRate")->isEnabled());
        QVERIFY(bench.find<QPushButton>("train.findRate")->toolTip().contains("L-BFGS"));
    }

    void studyIsChosenUndoneAndKept()
    {
        QTemporaryDir dir;
        {
            Bench bench(dir);
            QVERIFY(bench.ready);
            QVERIFY(!bench.find<QSpinBox>("train.parts")->isVisibleTo(&bench.page));
            bench.choose(StudyKind::Folds, 4);
            QVERIFY((bench.session.request().study == StudySpec{StudyKind::Folds, 4}));
            QVERIFY(bench.find<QSpinBox>("train.parts")->isVisibleTo(&bench.page));
            bench.session.undoStack().undo();
            QVERIFY(bench.session.request().study.kind == StudyKind::Once);
            bench.session.undoStack().redo();
        }
        test::PageBench<TrainPage> again(dir.filePath("workspace"));
        QTRY_VERIFY_WITH_TIMEOUT(again.session.isReady() && again.session.data(), 20'000);
        QVERIFY((again.session.request().study == StudySpec{StudyKind::Folds, 4}));
    }

    void foldsRunSideBySideAndAreSummedUp()
    {
        QTemporaryDir dir;
        Bench bench(dir);
        QVERIFY(bench.ready);
        bench.choose(StudyKind::Folds, 3);
        QTRY_VERIFY(bench.find<QPushButton>("trainStart")->isEnabled());
        QSignalSpy ended(&bench.session, &Session::trainingEnded), told(&bench.session, &Session::noticed);
        bench.find<QPushButton>("trainStart")->click();
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 3, 30'000);
        QTRY_COMPARE(bench.find<QLabel>("studyTitle")->text(), QString("3 folds of things: 3 finished"));
        auto* accuracy = bench.find<QLabel>("study.accuracy");
        QVERIFY(accuracy && accuracy->text().contains(QString::fromUtf8(" ± ")));
        QVERIFY2(told.back().front().toString().startsWith("3 folds done: ROC AUC "), qPrintable(told.back().front().toString()));
        QVERIFY(bench.session.models().empty());
        for (const RunRecord& run : bench.session.runs())
            QVERIFY(run.status == RunStatus::Finished && run.study->parts == 3);
    }

    void ensembleGivesOneVersion()
    {
        QTemporaryDir dir;
        Bench bench(dir);
        QVERIFY(bench.ready);
        bench.choose(StudyKind::Ensemble, 3);
        QTRY_VERIFY(bench.find<QPushButton>("trainStart")->isEnabled());
        QSignalSpy ended(&bench.session, &Session::trainingEnded);
        bench.find<QPushButton>("trainStart")->click();
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 3, 30'000);
        QTRY_VERIFY(bench.session.models().size() == 1);
        QCOMPARE(bench.session.models().front().versions.size(), std::size_t(1));
    }

    /// A class has fewer rows than there are folds: told, and no run is recorded.
    void foldsThatCantBe()
    {
        QTemporaryDir dir;
        Bench bench(dir);
        QVERIFY(bench.ready);
        bench.choose(StudyKind::Folds, 100);
        QTRY_VERIFY(bench.find<QPushButton>("trainStart")->isEnabled());
        QSignalSpy failed(&bench.session, &Session::failed);
        bench.find<QPushButton>("trainStart")->click();
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);
        QVERIFY(failed.front().front().toString().contains("folds"));
        QVERIFY(bench.session.runs().empty() && bench.session.liveRuns().empty());
    }
};

QTEST_MAIN(TestTrainStudies)
#include "tst_train_studies.moc"
