#include "core/engine/DeadUnits.h"
#include "core/engine/Trainer.h"
#include "tests/core/engine/EngineFixtures.h"
#include "tests/support/TestSupport.h"

#include <cmath>
#include <numeric>

using namespace limpid;
using test::node;

namespace {

TrainResult run(const Table& table, const TrainSpec& spec, const TrainObserver& observer = {})
{
    const Pipeline pipeline = test::plainPipeline(table, "y");
    const Features rows = test::features(pipeline, table, true);
    Task task;
    return train(makePreset("mlp", networkContext(pipeline), table.rows()), pipeline, rows, rows, spec, observer, task);
}

TrainSpec shortSpec()
{
    TrainSpec spec;
    spec.epochs = 4;
    spec.patience = 0;
    return spec;
}

} // namespace

class TstValidationPicture : public QObject
{
    Q_OBJECT
private slots:
    void comesWithTheRun_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<int>("shown");
        QTest::newRow("regression") << 0 << 0;
        QTest::newRow("binary") << 2 << 1;
        QTest::newRow("three classes") << 3 << 3;
        QTest::newRow("many classes") << 14 << 10;
    }
    void comesWithTheRun()
    {
        QFETCH(int, classes);
        QFETCH(int, shown);
        const Table table = test::mixedTable(600, classes);
        std::vector<EpochRecord> epochs;
        TrainObserver observer;
        observer.onEpoch = [&epochs](const EpochRecord& record) { epochs.push_back(record); };
        const TrainResult result = run(table, shortSpec(), observer);
        QVERIFY(epochs.front().picture);
        QCOMPARE(epochs.front().picture->epoch, 1);
        QVERIFY(result.picture);
        const ValidationPicture& picture = *result.picture;
        QCOMPARE(picture.epoch, result.bestEpoch);
        QCOMPARE(picture.classes.size(), static_cast<std::size_t>(shown));
        QCOMPARE(picture.classCount, static_cast<std::size_t>(classes));
        QCOMPARE(picture.confusion, result.validation.confusion);
        QCOMPARE(picture.residuals.size(), std::size_t(classes == 0));
        QVERIFY(!picture.deadUnits.empty());
        std::int64_t positives = 0;
        for (const ClassPicture& one : picture.classes) {
            QCOMPARE(one.rows, std::int64_t(600));
            QVERIFY(one.roc.points.size() >= 2);
            positives += one.positives;
        }
        if (classes == 2)
            QCOMPARE(picture.classes[0].rocAuc, result.validation.values.at("roc_auc"));
        if (classes == 3)
            QCOMPARE(positives, std::int64_t(600)); // every row is of one of them
        if (classes == 0) {
            const ResidualPicture& one = picture.residuals[0];
            QCOMPARE(one.name, std::string("y"));
            QCOMPARE(std::accumulate(one.counts.begin(), one.counts.end(), std::int64_t(0)), std::int64_t(600));
            // rmse² = mean² + deviation²
            QVERIFY(std::abs(std::hypot(one.mean, one.deviation) - result.validation.values.at("rmse")) < 1e-9);
        }
    }

    /// Looking changes nothing, and where nobody looks there is no picture.
    void looksOnly()
    {
        const Table table = test::mixedTable(500, 2);
        TrainObserver observer;
        observer.onEpoch = [](const EpochRecord&) {};
        const TrainResult seen = run(table, shortSpec(), observer), unseen = run(table, shortSpec());
        QCOMPARE(writeSafetensors(seen.weights), writeSafetensors(unseen.weights));
        QVERIFY(seen.picture && !unseen.picture);
    }

    /// Epochs of a millisecond do not each make one.
    void seldom()
    {
        const Table table = test::mixedTable(300, 2);
        TrainSpec spec = shortSpec();
        spec.epochs = 60;
        std::vector<double> times;
        TrainObserver observer;
        observer.onEpoch = [&times](const EpochRecord& record) {
            if (record.picture)
                times.push_back(record.seconds);
        };
        run(table, spec, observer);
        QVERIFY(!times.empty());
        for (std::size_t i = 1; i < times.size(); ++i)
            QVERIFY(times[i] - times[i - 1] > 0.09);
    }

    /// Weights 0, so that a unit gives its bias: of 8 units as many as have a negative one are dead.
    void deadUnits_data()
    {
        QTest::addColumn<int>("dead");
        QTest::addColumn<QString>("after"); // what follows the ReLU layer and writes over its output
        QTest::newRow("none") << 0 << "";
        QTest::newRow("some") << 3 << "";
        QTest::newRow("all") << 8 << "";
        QTest::newRow("behind batch normalisation") << 3 << "BatchNorm1d";
        QTest::newRow("behind dropout") << 3 << "Dropout";
    }
    void deadUnits()
    {
        QFETCH(int, dead);
        QFETCH(QString, after);
        const Table table = test::mixedTable(5'000, 0);
        const Pipeline pipeline = test::plainPipeline(table, "y");
        NetworkSpec spec;
        spec.nodes = {node("input", "Input", {}), node("linear1", "Linear", {"input"}, {{"out_features", 8}}), node("relu1", "ReLU", {"linear1"})};
        if (!after.isEmpty())
            spec.nodes.push_back(node("after", after.toStdString(), {"relu1"}));
        spec.nodes.push_back(node("output", "Linear", {spec.nodes.back().id}, {{"out_features", 1}}));
        spec.outputs = {"output"};
        engine::Network network(spec, networkContext(pipeline));
        network.initialise(1);
        Weights weights = network.weights();
        for (auto& tensor : weights) {
            if (tensor.name == "linear1.weight")
                std::fill(tensor.values.begin(), tensor.values.end(), 0.0f);
            else if (tensor.name == "linear1.bias")
                for (std::size_t unit = 0; unit < tensor.values.size(); ++unit)
                    tensor.values[unit] = static_cast<int>(unit) < dead ? -1.0f : 1.0f;
        }
        network.load(weights, "test");
        const std::vector<DeadUnits> found = engine::DeadUnitFinder(test::features(pipeline, table)).find(network);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].layer, std::string("relu1"));
        QCOMPARE(found[0].units, std::int64_t(8));
        QCOMPARE(found[0].dead, std::int64_t(dead));
    }
};

QTEST_GUILESS_MAIN(TstValidationPicture)
#include "tst_validation_picture.moc"
