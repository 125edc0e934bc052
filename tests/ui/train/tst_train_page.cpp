#include "tests/ui/PageBench.h"
#include "ui/charts/LineChart.h"
#include "ui/train/TrainPage.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

using namespace limpid;

using Bench = test::PageBench<TrainPage>;

class TestTrainPage : public QObject
{
    Q_OBJECT
private slots:
    void emptyPageLeadsToTheData()
    {
        QTemporaryDir dir;
        Bench bench(dir.path());
        auto* empty = bench.find<QWidget>("trainEmpty");
        QVERIFY(empty && empty->isVisible());
        QSignalSpy asked(&bench.session, &Session::pageRequested);
        empty->findChild<QPushButton*>()->click();
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().front().toString(), QString("data"));
    }

    void aFaultOfTheNetworkLeadsThere()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        bench.session.openFile(test::easyTable(dir));
        QTRY_VERIFY(bench.session.plan());
        NetworkSpec network = bench.session.network();
        network.outputs.clear();
        bench.session.setNetwork(network, "break it");
        auto* empty = bench.find<QWidget>("trainEmpty");
        QTRY_VERIFY(empty->isVisible());
        QSignalSpy asked(&bench.session, &Session::pageRequested);
        empty->findChild<QPushButton*>()->click();
        QCOMPARE(asked.value(0).value(0).toString(), QString("network"));
    }

    void editsAreUndone()
    {
        QTemporaryDir dir;
        Bench bench(dir.path());
        QTRY_VERIFY(bench.session.isReady());
        auto* epochs = bench.find<QSpinBox>("train.epochs");
        auto* rate = bench.find<QLineEdit>("train.learning_rate");
        auto* optimizer = bench.find<QComboBox>("train.optimizer");
        QVERIFY(epochs && rate && optimizer);
        const int before = epochs->value();
        epochs->setValue(7);
        QCOMPARE(bench.session.request().train.epochs, 7);
        rate->setText("0.03");
        emit rate->editingFinished();
        QCOMPARE(bench.session.request().train.learningRate, 0.03);
        bench.session.undoStack().undo();
        QCOMPARE(rate->text(), QString::number(TrainSpec().learningRate));
        bench.session.undoStack().undo();
        QCOMPARE(epochs->value(), before);
        rate->setText("much");
        emit rate->editingFinished();
        QVERIFY(rate->property("invalid").toBool());
        QCOMPARE(bench.session.request().train.learningRate, TrainSpec().learningRate);
        // One seed for rows and weights alike.
        auto* seed = bench.find<QLineEdit>("train.seed");
        seed->setText("9");
        emit seed->editingFinished();
        QCOMPARE(bench.session.request().train.seed, std::uint64_t(9));
        QCOMPARE(bench.session.request().split.seed, std::uint64_t(9));
    }

    void trainsAndRemembers()
    {
        QTemporaryDir dir;
        {
            Bench bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.session.isReady());
            bench.session.openFile(test::easyTable(dir));
            QTRY_VERIFY(bench.session.plan());
            bench.session.setTarget("kind");
            bench.find<QSpinBox>("train.epochs")->setValue(5);
            auto* start = bench.find<QPushButton>("trainStart");
            QTRY_VERIFY(start->isEnabled() && bench.session.plan() && bench.session.plan()->pipeline.spec().target == "kind");
            QSignalSpy ended(&bench.session, &Session::trainingEnded);
            start->click();
            auto* stop = bench.find<QPushButton>("trainStop");
            QVERIFY(stop->isVisible() && start->text() == "Start another");
            QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30000);
            QVERIFY(bench.session.liveRun()->outcome);
            QCOMPARE(start->text(), QString("Start"));
            QVERIFY(!stop->isVisible());
            auto* figure = bench.find<QLabel>("figure.roc_auc");
            QVERIFY(figure);
            QVERIFY(figure->text().toDouble() > 0.5);
            QVERIFY(bench.find<QLabel>("figure.throughput")->text() != QString::fromUtf8("–"));
            QVERIFY(!bench.find<QWidget>("confusion")->isHidden());
            QTRY_VERIFY(!bench.session.runs().empty());
            // Narrow, then wide again: nothing gets lost on the way.
            bench.page.resize(952, 600);
            QTRY_VERIFY(!bench.find<QWidget>("metricChart")->isVisible());
            QVERIFY(bench.find<QWidget>("lossChart")->isVisible());
            bench.page.resize(1368, 780);
            QTRY_VERIFY(bench.find<QWidget>("metricChart")->isVisible());
            QVERIFY(bench.find<QWidget>("picture")->isVisible());
        }
        Bench again(dir.filePath("workspace"));
        QTRY_VERIFY_WITH_TIMEOUT(again.find<QLabel>("figure.roc_auc") && again.find<QLabel>("figure.roc_auc")->text().toDouble() > 0.5, 10000);
    }

    /// The loss that was chosen, live and once it is read back.
    void theLossIsNamed()
    {
        QTemporaryDir dir;
        const auto says = [](Bench& bench, const QString& text) {
            const auto labels = bench.page.findChildren<QLabel*>("cardSubtitle");
            return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text() == text; });
        };
        {
            Bench bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.session.isReady());
            bench.session.openFile(test::easyTable(dir));
            QTRY_VERIFY(bench.session.plan());
            TrainRequest request = bench.session.request();
            request.pipeline.target = "size";
            request.train.epochs = 2;
            request.train.loss = "Huber";
            QVERIFY(bench.session.startTraining({request}));
            QTRY_VERIFY_WITH_TIMEOUT(bench.session.liveRun()->outcome, 30000);
            QVERIFY(says(bench, "Huber, scaled target"));
            QTRY_VERIFY(!bench.session.runs().empty());
        }
        Bench again(dir.filePath("workspace"));
        QTRY_VERIFY_WITH_TIMEOUT(says(again, "Huber, scaled target"), 10000);
    }

    /// A stored run is drawn from the workspace, in full; another is laid over it and taken away.
    void storedRunIsShownAndCompared()
    {
        QTemporaryDir dir;
        {
            Workspace workspace(std::filesystem::path(dir.path().toStdU16String()));
            for (int number = 1; number <= 2; ++number) {
                RunRecord run;
                run.name = "things";
                run.id = workspace.beginRun(run);
                std::vector<CurvePoint> steps, epochs;
                for (int i = 1; i <= 20'000; ++i)
                    steps.push_back({i, 0.001 * i, i == 12'345 ? 77.0 * number : 1.0});
                for (int i = 1; i <= 20; ++i)
                    epochs.push_back({i, 1.0 * i, static_cast<double>(number) + 1.0 / i});
                workspace.appendCurves(run.id, {{"train/loss", steps}, {"epoch/train_loss", epochs}, {"epoch/validation_loss", epochs}});
                run.status = RunStatus::Finished;
                workspace.endRun(run);
            }
        }
        Bench bench(dir.path());
        auto* chart = bench.find<LineChart>("lossChart");
        QVERIFY(chart);
        const auto lines = [chart] {
            const auto plot = chart->toPlot();
            return dynamic_cast<const LinePlot&>(*plot).lines();
        };
        const auto highest = [&lines](std::size_t line) {
            double high = 0.0;
            const auto all = lines(); // a loop over a part of a temporary would outlive it
            for (const QPointF& point : all[line].points)
                high = std::max(high, point.y());
            return high;
        };
        QTRY_COMPARE(highest(0), 154.0);                                  // the one spike among the raw values of run 2
        QTRY_VERIFY(highest(1) > 7.0);                                    // and in the smoothed line, 2 / 51 of it
        QTRY_COMPARE(lines()[0].points.back().x(), 20.0);                 // epochs of a thousand steps
        QCOMPARE(lines()[2].points.back().y(), 2.05);
        bench.find<QAbstractButton>("step")->click();
        QTRY_COMPARE(lines()[0].points.back().x(), 20'000.0);
        QCOMPARE(lines()[2].points.back().x(), 20'000.0);

        QMenu* menu = bench.find<QToolButton>("train.compare")->menu();
        const auto toggle = [menu] {
            emit menu->aboutToShow();
            QVERIFY(!menu->findChild<QAction*>("compare.2"));             // a run is not laid over itself
            menu->findChild<QAction*>("compare.1")->trigger();
        };
        toggle();
        QTRY_COMPARE(lines().size(), std::size_t(5));
        QCOMPARE(lines()[4].name, QString("run 1"));
        QCOMPARE(lines()[4].points.back(), QPointF(20'000.0, 1.05));
        QTRY_VERIFY(highest(3) > 3.0);
        bench.page.resize(952, 600);
        QVERIFY(!chart->grab().isNull());

        // Every point, of the raw values too.
        std::map<QString, std::size_t> counts;
        for (const CurveColumn& column : chart->columns())
            for (std::vector<CurvePoint> part = column.reader(); !part.empty(); part = column.reader())
                counts[column.name] += part.size();
        QCOMPARE(counts["train, each step"], std::size_t(20'000));
        QCOMPARE(counts["validation"], std::size_t(20));

        toggle();
        QTRY_COMPARE(lines().size(), std::size_t(3));
    }
};

QTEST_MAIN(TestTrainPage)
#include "tst_train_page.moc"
