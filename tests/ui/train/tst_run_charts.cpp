#include "tests/ui/PageBench.h"
#include "ui/charts/Chooser.h"
#include "ui/charts/LineChart.h"
#include "ui/charts/ValidationView.h"
#include "ui/train/RunCharts.h"

#include <QLabel>
#include <QMenu>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace limpid;

namespace {

using Bench = test::PageBench<RunCharts>;

/// Of a run that may have told some of it before.
RunCurves liveCurves(int epochs, int stepsPerEpoch = 10, const std::shared_ptr<LiveRun>& live = std::make_shared<LiveRun>())
{
    RunCurves curves;
    curves.stepsPerEpoch = stepsPerEpoch;
    curves.plannedEpochs = 20;
    curves.trainRows = 100;
    curves.gradientLayers = {"linear1", "output"};
    live->gradients.resize(2);
    curves.live = live;
    for (int i = 1; i <= epochs * stepsPerEpoch; ++i) {
        live->losses.append(std::vector{CurvePoint{i, 0.01 * i, 1.0 / i}});
        if (i % stepsPerEpoch != 0)
            continue;
        EpochRecord epoch;
        epoch.epoch = i / stepsPerEpoch;
        epoch.step = i;
        epoch.seconds = 0.01 * i;
        epoch.trainLoss = epoch.validationLoss = 1.0 / i;
        epoch.learningRate = 0.1;
        epoch.validation.values["roc_auc"] = 0.9;
        curves.epochs.push_back(epoch);
        for (int layer = 0; layer < 2; ++layer)
            live->gradients[static_cast<std::size_t>(layer)].append(std::vector{CurvePoint{i, 0.01 * i, (layer + 1.0) / i}});
    }
    return curves;
}

PicturePtr binaryPicture(int epoch)
{
    auto picture = std::make_shared<ValidationPicture>();
    picture->epoch = epoch;
    picture->names = {"no", "yes"};
    picture->classCount = 2;
    picture->confusion = {3, 1, 1, 3};
    picture->classes.push_back(classPicture("yes", {{0.1, false}, {0.2, false}, {0.3, true}, {0.4, false}, {0.6, true}, {0.7, false}, {0.8, true}, {0.9, true}}));
    return picture;
}

std::vector<LinePlot::Line> linesOf(const LineChart* chart)
{
    const auto plot = chart->toPlot();
    return dynamic_cast<const LinePlot&>(*plot).lines();
}

} // namespace

class TestRunCharts : public QObject
{
    Q_OBJECT
private slots:
    void gradientsAndSpeed()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        const auto live = std::make_shared<LiveRun>();
        RunCurves curves = liveCurves(2, 10, live);
        bench.page.showCurves(curves, "roc_auc", "loss", true);
        auto* gradients = bench.find<LineChart>("gradientChart");
        std::vector<LinePlot::Line> lines = linesOf(gradients);
        QCOMPARE(lines.size(), std::size_t(2));
        QCOMPARE(lines[1].name, QString("output"));
        QCOMPARE(lines[1].points.back(), QPointF(2.0, 0.1));
        QCOMPARE(linesOf(bench.find<LineChart>("speedChart"))[0].points.back(), QPointF(2.0, 1000.0)); // 100 rows in a tenth of a second
        // Grown: only what is new comes.
        curves = liveCurves(5, 10, live);
        bench.page.showCurves(curves, "roc_auc", "loss", true);
        lines = linesOf(gradients);
        QCOMPARE(lines[0].points.size(), std::size_t(5));
        QCOMPARE(lines[0].points.back(), QPointF(5.0, 0.02));
        // Another run, another network.
        bench.page.reset();
        curves = liveCurves(1);
        curves.gradientLayers = {"a", "b"};
        bench.page.showCurves(curves, "roc_auc", "loss", true);
        QCOMPARE(linesOf(gradients)[0].name, QString("a"));
    }

    void chartsAreChosenAndRemembered()
    {
        QTemporaryDir dir;
        {
            Bench bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.session.isReady());
            bench.page.showCurves(liveCurves(3), "roc_auc", "loss", false);
            QVERIFY(bench.find<QWidget>("metricChart")->isVisible());
            QVERIFY(!bench.find<QWidget>("gradientChart")->isVisible());
            bench.find<QWidget>("train.detail")->findChild<QAbstractButton*>("gradients")->click();
            QVERIFY(bench.find<QWidget>("gradientChart")->isVisible());
            QVERIFY(!bench.find<QWidget>("metricChart")->isVisible());
            QTRY_VERIFY(bench.session.viewValue("train.detail") == nlohmann::json("gradients"));
        }
        Bench again(dir.filePath("workspace"));
        QTRY_VERIFY(again.session.isReady());
        QTRY_VERIFY(again.find<QWidget>("gradientChart")->isVisible());
    }

    void picture()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        RunCurves curves = liveCurves(1);
        bench.page.showCurves(curves, "roc_auc", "loss", true);
        auto* why = bench.find<QLabel>("pictureWhy");
        QVERIFY(why->isVisible() && why->text().contains("first epoch"));
        curves.picture = binaryPicture(1);
        bench.page.showCurves(curves, "roc_auc", "loss", true);
        auto* view = bench.page.findChild<ValidationView*>();
        QVERIFY(view && !why->isVisible());
        QCOMPARE(view->picture()->epoch, 1);
        QCOMPARE(view->current(), QString("roc"));
        bench.find<QWidget>("picturesOfClasses")->findChild<QAbstractButton*>("calibration")->click();
        QCOMPARE(view->current(), QString("calibration"));
        QVERIFY(bench.session.viewValue("train.picture") == nlohmann::json("calibration"));
        curves.picture = binaryPicture(7); // the run has ended: its best weights count
        bench.page.showCurves(curves, "roc_auc", "loss", false);
        QCOMPARE(view->picture()->epoch, 7);
        QCOMPARE(view->current(), QString("calibration"));
    }

    /// The same line whether the window was chosen before the points came or after; the raw one stays.
    void smoothing()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        auto* chart = bench.find<LineChart>("lossChart");
        const auto choose = [&bench](const char* name) {
            QMenu* menu = bench.find<QToolButton>("train.smoothing")->menu();
            emit menu->aboutToShow();
            menu->findChild<QAction*>(name)->trigger();
        };
        const RunCurves curves = liveCurves(3);
        bench.page.showCurves(curves, "roc_auc", "loss", true);
        choose("smoothing.10");
        const std::vector<QPointF> after = linesOf(chart)[1].points;
        bench.page.reset();
        bench.page.showCurves(curves, "roc_auc", "loss", true);
        QCOMPARE(linesOf(chart)[1].points, after);
        Smoother smoother(10);
        double last = 0.0;
        for (int i = 1; i <= 30; ++i)
            last = smoother.next(1.0 / i);
        QCOMPARE(after.back().y(), last);
        QVERIFY(linesOf(chart)[0].faint);
        choose("smoothing.0");
        QVERIFY(linesOf(chart)[1].points.empty());
        QVERIFY(!linesOf(chart)[0].faint && linesOf(chart)[0].points.size() == 30);
        QVERIFY(bench.session.viewValue("train.smoothing") == nlohmann::json(0));
    }

    void oneCardWhereRoomIsShort()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        bench.page.showCurves(liveCurves(3), "roc_auc", "loss", false);
        auto* sections = bench.find<QWidget>("train.section");
        QVERIFY(!sections->isVisible());
        bench.page.setCompact(true);
        QVERIFY(sections->isVisible() && bench.find<QWidget>("lossChart")->isVisible() && !bench.find<QWidget>("metricChart")->isVisible());
        sections->findChild<QAbstractButton*>("details")->click();
        QVERIFY(!bench.find<QWidget>("lossChart")->isVisible() && bench.find<QWidget>("metricChart")->isVisible());
        bench.page.setCompact(false);
        QVERIFY(bench.find<QWidget>("lossChart")->isVisible() && bench.find<QWidget>("metricChart")->isVisible());
    }
};

QTEST_MAIN(TestRunCharts)
#include "tst_run_charts.moc"
