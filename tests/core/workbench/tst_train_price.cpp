// What training is said to take beforehand. How true it is, bench_price tells.
#include "core/workbench/TrainPrice.h"
#include "tests/support/TestSupport.h"

#include <thread>

using namespace limpid;
using namespace limpid::test;

namespace {

TrainPlan planOf(const char* sample, const char* target, const char* preset)
{
    Task task;
    const DataSet data = openData(project(std::string("resources/samples/") + sample), {}, task);
    TrainRequest request;
    request.pipeline.setTargets({target});
    request.preset = preset;
    return planTraining(data, request);
}

} // namespace

class TestTrainPrice : public QObject
{
    Q_OBJECT

private slots:
    void everyKindOfTargetIsMeasured_data()
    {
        QTest::addColumn<QString>("sample");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("preset");
        QTest::newRow("classes") << "iris.csv" << "species" << "mlp";
        QTest::newRow("two classes, categories") << "titanic.csv" << "survived" << "wide-and-deep";
        QTest::newRow("a number") << "penguins.csv" << "body_mass_g" << "residual-mlp";
        QTest::newRow("images") << "digits.csv" << "digit" << "lenet";
    }

    void everyKindOfTargetIsMeasured()
    {
        QFETCH(QString, sample);
        QFETCH(QString, target);
        QFETCH(QString, preset);
        const TrainPlan plan = planOf(sample.toUtf8(), target.toUtf8(), preset.toUtf8());
        TrainSpec spec;
        spec.batchSize = 16;
        Task task;
        const TrainPrice price = measureTraining(plan, spec, 0.02, task);
        QCOMPARE(price.batchSize, 16);
        QVERIFY(price.steps > 3);
        QVERIFY2(price.secondsPerEpoch > 1e-5 && price.secondsPerEpoch < 10.0, std::to_string(price.secondsPerEpoch).c_str());
        QVERIFY(price.bytesPerRow > 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        // Weights, gradients, two moments and the best: less can't be.
        QVERIFY(price.growthBytes > 5 * sizeof(float) * static_cast<std::uint64_t>(plan.analysis.total.parameters));
#endif
    }

    void cancelled()
    {
        const TrainPlan plan = planOf("iris.csv", "species", "mlp");
        Task task;
        std::thread impatient([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            task.cancel();
        });
        QVERIFY_EXCEPTION_THROWN(measureTraining(plan, {}, 60.0, task), Cancelled);
        impatient.join();
    }

    /// 1,000 bytes whatever the batch, and 10 more a row.
    void largestBatch_data()
    {
        QTest::addColumn<quint64>("available");
        QTest::addColumn<qint64>("batch");
        QTest::newRow("nothing") << quint64{0} << qint64{0};
        QTest::newRow("the rest alone") << quint64{1'000} << qint64{0};
        QTest::newRow("a row") << quint64{1'019} << qint64{1};
        QTest::newRow("between") << quint64{1'100} << qint64{8};
        QTest::newRow("exactly") << quint64{1'160} << qint64{16};
        QTest::newRow("more than there are rows") << quint64{1'000'000} << qint64{64};
    }

    void largestBatch()
    {
        QFETCH(quint64, available);
        QFETCH(qint64, batch);
        TrainPrice price;
        price.growthBytes = 1'000 + 32 * 10;
        price.bytesPerRow = 10;
        price.batchSize = 32;
        QCOMPARE(qint64{batchThatFits(price, available, 100)}, batch);
    }
};

QTEST_GUILESS_MAIN(TestTrainPrice)

#include "tst_train_price.moc"
