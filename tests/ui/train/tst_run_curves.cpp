#include "ui/train/ConfusionView.h"
#include "core/base/Random.h"
#include "ui/train/RunCurves.h"
#include "ui/train/StoredCurve.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace limpid;

namespace {

RunCurves epochs(const std::vector<std::pair<double, double>>& losses)
{
    RunCurves curves;
    curves.stepsPerEpoch = 10;
    curves.plannedEpochs = 20;
    curves.trainRows = 100;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        EpochRecord epoch;
        epoch.epoch = static_cast<int>(i) + 1;
        epoch.step = 10 * epoch.epoch;
        epoch.seconds = 0.5 * epoch.epoch;
        epoch.trainLoss = losses[i].first;
        epoch.validationLoss = losses[i].second;
        curves.epochs.push_back(epoch);
        StepRecord step;
        step.step = epoch.step;
        step.seconds = epoch.seconds;
        curves.last = step;
    }
    return curves;
}

} // namespace

class TestRunCurves : public QObject
{
    Q_OBJECT
private slots:
    void figures()
    {
        const RunCurves none;
        QVERIFY(!none.best());
        QVERIFY(std::isnan(none.rowsPerSecond()) && std::isnan(none.secondsLeft()));
        const RunCurves curves = epochs({{3, 3}, {2, 1}, {1, 2}, {0.5, std::nan("")}});
        QCOMPARE(curves.best()->epoch, 2);
        QCOMPARE(curves.rowsPerSecond(), 200.0);         // 400 rows in 2 s
        QCOMPARE(curves.secondsLeft(), 8.0);             // 16 epochs at half a second
    }

    void axes()
    {
        const RunCurves curves = epochs({{3, 3}});
        QCOMPARE(axisValue(curves.epochs[0], CurveAxis::Epoch), 1.0);
        QCOMPARE(axisValue(curves.epochs[0], CurveAxis::Step), 10.0);
        QCOMPARE(axisValue(curves.epochs[0], CurveAxis::Time), 0.5);
    }

    /// Against the weighted mean written out: weights (1 − a)^k of the k-th value back, a = 2/(window + 1).
    void smoothing()
    {
        const std::vector<double> values{4, 2, 8, std::nan(""), 1};
        Smoother smoother(3);
        std::vector<double> seen;
        for (double value : values) {
            if (std::isfinite(value))
                seen.push_back(value);
            double sum = 0, weights = 0;
            for (std::size_t k = 0; k < seen.size(); ++k) {
                sum += std::pow(0.5, k) * seen[seen.size() - 1 - k];
                weights += std::pow(0.5, k);
            }
            QVERIFY(std::abs(smoother.next(value) - sum / weights) < 1e-12);
        }
    }

    void checks_data()
    {
        QTest::addColumn<QList<QPointF>>("losses"); // train, validation
        QTest::addColumn<QList<int>>("kinds");
        const auto kind = [](RunCheck::Kind one) { return static_cast<int>(one); };
        QTest::newRow("nothing yet") << QList<QPointF>{} << QList<int>{};
        QTest::newRow("improving") << QList<QPointF>{{3, 3}, {2, 2}} << QList<int>{kind(RunCheck::Kind::Improving)};
        QTest::newRow("stuck") << QList<QPointF>{{1, 1}, {1, 1}, {1, 1}, {1, 1}} << QList<int>{kind(RunCheck::Kind::NoProgress)};
        QTest::newRow("by heart") << QList<QPointF>{{1, 1}, {0.8, 1.1}, {0.6, 1.2}, {0.4, 1.4}}
                                  << QList<int>{kind(RunCheck::Kind::NoProgress), kind(RunCheck::Kind::Overfitting)};
        QTest::newRow("broken") << QList<QPointF>{{1, 1}, {NAN, NAN}} << QList<int>{kind(RunCheck::Kind::NotFinite)};
    }
    void checks()
    {
        QFETCH(QList<QPointF>, losses);
        QFETCH(QList<int>, kinds);
        std::vector<std::pair<double, double>> pairs;
        for (const QPointF& loss : losses)
            pairs.emplace_back(loss.x(), loss.y());
        QList<int> found;
        for (const RunCheck& check : checksOf(epochs(pairs)))
            found << static_cast<int>(check.kind);
        QCOMPARE(found, kinds);
    }

    void readsBack()
    {
        QTemporaryDir dir;
        Workspace workspace(std::filesystem::path(dir.path().toStdU16String()));
        RunRecord run;
        run.name = "census";
        run.data = {{"path", "a.csv"}, {"sha256", ""}, {"rows", 125}};
        run.split = {{"validation", 0.2}};
        run.settings = {{"epochs", 7}};
        run.id = workspace.beginRun(run);
        std::vector<CurvePoint> steps, validation{{1, 0.5, 0.9}, {2, 1.0, 0.7}};
        for (int i = 1; i <= 20; ++i)
            steps.push_back({i, 0.05 * i, 1.0 / i});
        workspace.appendCurve(run.id, "train/loss", steps);
        workspace.appendCurve(run.id, "epoch/validation_loss", validation);
        workspace.appendCurve(run.id, "epoch/roc_auc", std::vector<CurvePoint>{{1, 0.5, 0.8}, {2, 1.0, 0.85}});
        const RunCurves curves = readCurves(workspace, run);
        QVERIFY(!curves.live); // they are read as they are looked at
        QCOMPARE(curves.stored, run.id);
        QCOMPARE(curves.last->step, std::int64_t(20));
        QCOMPARE(curves.last->seconds, 1.0);
        QCOMPARE(curves.epochs.size(), std::size_t(2));
        QCOMPARE(curves.stepsPerEpoch, 10.0);
        QCOMPARE(curves.plannedEpochs, 7);
        QCOMPARE(curves.trainRows, std::int64_t(100));
        QCOMPARE(curves.best()->epoch, 2);
        QCOMPARE(curves.epochs[1].validation.values.at("roc_auc"), 0.85);
    }

    /// Raw and smoothed, against all points of the curve in memory.
    void storedCurveEqualsBruteForce_data()
    {
        QTest::addColumn<int>("window");
        QTest::newRow("raw") << 0;
        QTest::newRow("smoothed") << 50;
    }
    void storedCurveEqualsBruteForce()
    {
        QFETCH(int, window);
        QTemporaryDir dir;
        const auto workspace = std::make_shared<Workspace>(std::filesystem::path(dir.path().toStdU16String()));
        RunRecord run;
        run.name = "long";
        run.id = workspace->beginRun(run);
        Random random(11, "curve");
        std::vector<CurvePoint> points;
        for (int i = 1; i <= 50'000; ++i)
            points.push_back({i, 0.001 * i, i % 999 == 0 ? std::nan("") : random.normal()});
        workspace->appendCurve(run.id, "train/loss", points);
        JobQueue queue;
        JobRunner jobs(queue);
        StoredCurve curve(jobs, workspace, run.id, "train/loss", window, [](const QString& sentence) { QFAIL(qPrintable(sentence)); });
        QVERIFY(curve.isEmpty());
        QTRY_VERIFY(curve.isReady());
        QCOMPARE(curve.end(CurveX::Step), 50'000.0);
        CurvePyramid whole;
        Smoother smoother(std::max(window, 1));
        if (window > 0)
            for (CurvePoint& point : points)
                point.value = smoother.next(point.value);
        whole.append(points);
        for (const CurveView& view : {CurveView{CurveX::Step, 0, 50'001, 300, false}, CurveView{CurveX::Step, 20'000, 30'000, 500, false},
                                      CurveView{CurveX::Seconds, 10.0, 10.1, 200, true}}) {
            QVERIFY(!curve.envelope(view).empty()); // something at once
            QTRY_VERIFY((static_cast<void>(curve.envelope(view)), curve.isExact()));
            const std::vector<CurvePoint> found = curve.envelope(view), expected = whole.envelope(view).points;
            std::vector<double> values, expectedValues;
            for (const CurvePoint& point : found)
                if (curveX(point, view.x) >= view.from && curveX(point, view.x) <= view.to)
                    values.push_back(point.value);
            for (const CurvePoint& point : expected)
                if (curveX(point, view.x) >= view.from && curveX(point, view.x) <= view.to)
                    expectedValues.push_back(point.value);
            QCOMPARE(values, expectedValues);
        }
        QTRY_VERIFY(curve.nearest(CurveX::Step, 44'444.2)->step == 44'444);
        const CurveSource::Reader reader = curve.reader();
        std::size_t count = 0;
        for (std::vector<CurvePoint> part = reader(); !part.empty(); part = reader())
            for (const CurvePoint& point : part) {
                QVERIFY(point.step == points[count].step && (point.value == points[count].value || std::isnan(point.value)));
                ++count;
            }
        QCOMPARE(count, points.size());
    }

    void confusionPaints()
    {
        Theme theme(nullptr);
        ConfusionView view(theme);
        view.resize(240, 160);
        view.setMatrix({5, 1, 2, 7}, {"no", "yes, with a long name"});
        QVERIFY(!view.isHidden());
        QVERIFY(view.accessibleDescription().contains("true no, predicted no: 5"));
        QVERIFY(!view.grab().isNull());
        view.setMatrix({1, 2, 3}, {"a", "b"}); // does not fit: nothing is better than something wrong
        QVERIFY(view.isHidden());
    }
};

QTEST_MAIN(TestRunCurves)
#include "tst_run_curves.moc"
