#include "core/engine/RateFinder.h"
#include "tests/core/engine/EngineFixtures.h"
#include "tests/support/TestSupport.h"

#include <cmath>

using namespace limpid;

namespace {

/// y = 3 · x, x = −1 or 1 in equal parts: the scaled target is x itself, and with one weight w and one bias b the squared
/// error is (w − 1)² + b², so every full-batch step of rate r multiplies it by (1 − 2r)²: it grows where r > 1.
struct Parabola {
    Table table;
    Pipeline pipeline;
    NetworkSpec network;
    Features rows;
    TrainSpec spec;

    Parabola()
    {
        std::vector<double> x(40), y(40);
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = i % 2 == 0 ? -1.0 : 1.0;
            y[i] = 3.0 * x[i];
        }
        // A third value keeps the target a number and the sums as they are.
        x.push_back(0.0);
        y.push_back(0.0);
        table = Table({Column::numbers("x", x), Column::numbers("y", y)});
        pipeline = test::plainPipeline(table, "y");
        network = makePreset("linear", networkContext(pipeline), table.rows());
        Issues issues;
        std::vector<std::size_t> used(40);
        for (std::size_t i = 0; i < used.size(); ++i)
            used[i] = i;
        rows = pipeline.transform(table, used, true, issues);
        for (float& target : rows.targets)
            target = target > 0.0f ? 1.0f : -1.0f;
        spec.optimizer = "SGD";
        spec.momentum = 0.0;
        spec.weightDecay = 0.0;
        spec.batchSize = 40;
        spec.schedule = "one-cycle"; // of no consequence here
    }

    RateFinderResult find(const RateFinderSpec& finder, Task& task) const
    {
        return findRate(network, pipeline, rows, spec, finder, {}, task);
    }
};

} // namespace

class TestRateFinder : public QObject
{
    Q_OBJECT

private slots:
    /// Rates, losses, their mean and the end, against the recursion above in double precision.
    void parabola()
    {
        const Parabola problem;
        // No rate is near 1/2, which would leave no error to compare but that of rounding.
        const double start = 1.12e-3;
        const RateFinderSpec finder{start, start * std::pow(10.0, 3.9), 40};
        Task task;
        const RateFinderResult result = problem.find(finder, task);

        double loss = result.points.at(0).loss, weights = 0.0, sum = 0.0, best = 1e300;
        std::size_t end = 0, lowest = 0;
        for (std::size_t i = 0; i < 40; ++i) {
            const double rate = start * std::pow(10.0, 0.1 * static_cast<double>(i));
            // The weighted mean from its definition, all weights anew.
            sum = 0.9 * sum + loss;
            weights = 0.9 * weights + 1.0;
            const double smoothed = sum / weights;
            QVERIFY(i < result.points.size());
            QVERIFY(std::abs(result.points[i].rate / rate - 1.0) < 1e-12);
            QVERIFY2(std::abs(result.points[i].loss - loss) < 1e-2 * loss, qPrintable(QString("%1: %2 %3").arg(i).arg(result.points[i].loss).arg(loss)));
            QVERIFY(std::abs(result.points[i].smoothed - smoothed) < 1e-2 * smoothed);
            if (smoothed < best) {
                best = smoothed;
                lowest = i;
            }
            if (smoothed > 4.0 * best) {
                end = i + 1;
                break;
            }
            loss *= std::pow(1.0 - 2.0 * rate, 2);
        }
        QVERIFY(end > 30); // rate 1, where it begins to grow, is before step 30
        QVERIFY(result.grew);
        QCOMPARE(result.points.size(), end);
        QVERIFY(std::abs(*result.suggested / result.points[lowest].rate - 0.1) < 1e-12);
        QVERIFY(*result.steepest > *result.suggested / 10.0 && *result.steepest < 1.0);
    }

    void endsWhereItWasToldWithoutGrowing()
    {
        const Parabola problem;
        Task task;
        const RateFinderResult result = problem.find({1e-3, 0.3, 50}, task);
        QVERIFY(!result.grew);
        QCOMPARE(result.points.size(), std::size_t(50));
        QVERIFY(std::abs(result.points.back().rate - 0.3) < 1e-12);
        QVERIFY(std::abs(*result.suggested - 0.03) < 1e-9); // still falling at the end
    }

    /// Many batches an epoch and fewer steps than one, or several epochs: as many steps as asked for.
    void steps_data()
    {
        QTest::addColumn<QString>("optimizer");
        QTest::addColumn<int>("batch");
        for (const char* optimizer : {"SGD", "Adam", "AdamW", "RMSprop", "Adagrad"})
            for (const int batch : {2, 40})
                QTest::addRow("%s, %d", optimizer, batch) << optimizer << batch;
    }
    void steps()
    {
        QFETCH(QString, optimizer);
        QFETCH(int, batch);
        Parabola problem;
        problem.spec.optimizer = optimizer.toStdString();
        problem.spec.batchSize = batch;
        Task task;
        std::vector<double> told;
        const RateFinderResult result = findRate(problem.network, problem.pipeline, problem.rows, problem.spec, {1e-6, 1e-3, 30},
                                                 [&](const RatePoint& point) { told.push_back(point.rate); }, task);
        QCOMPARE(result.points.size(), std::size_t(30));
        QCOMPARE(told.size(), std::size_t(30));
        QVERIFY(!result.grew);
        // The same again to the bit.
        const RateFinderResult again = problem.find({1e-6, 1e-3, 30}, task);
        QCOMPARE(again.points.back().loss, result.points.back().loss);
    }

    void nothingFell()
    {
        Parabola problem;
        problem.spec.batchSize = 40;
        Task task;
        const RateFinderResult result = problem.find({5.0, 10.0, 20}, task); // grows from its first step
        QVERIFY(result.grew);
        QVERIFY(!result.suggested && !result.steepest);
    }

    void numbersThatOverflow()
    {
        Parabola problem;
        for (float& target : problem.rows.targets)
            target *= 3e38f; // the first step's gradient is more than a float holds
        Task task;
        const RateFinderResult result = problem.find({1e-3, 10.0, 40}, task);
        QVERIFY(result.grew);
        QCOMPARE(result.points.size(), std::size_t(1));
        QVERIFY(!result.suggested);
    }

    void refused()
    {
        Parabola problem;
        Task task;
        QCOMPARE(test::errorNameOf([&] { problem.find({1e-2, 1e-3, 50}, task); }), std::string("OptionInvalid"));
        QCOMPARE(test::errorNameOf([&] { problem.find({1e-3, 1.0, 5}, task); }), std::string("OptionInvalid"));
        problem.spec.optimizer = "L-BFGS";
        QCOMPARE(test::errorNameOf([&] { problem.find({}, task); }), std::string("RateFinderOptimizer"));
    }

    void cancelledAndFinished()
    {
        const Parabola problem;
        Task cancelled;
        QVERIFY_EXCEPTION_THROWN(findRate(problem.network, problem.pipeline, problem.rows, problem.spec, {},
                                          [&](const RatePoint&) { cancelled.cancel(); }, cancelled), Cancelled);
        Task finishing;
        finishing.finish();
        QCOMPARE(problem.find({}, finishing).points.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestRateFinder)
#include "tst_rate_finder.moc"
