#include "core/engine/NetworkPredictor.h"
#include "core/engine/Trainer.h"
#include "tests/core/engine/EngineFixtures.h"
#include "tests/support/TestSupport.h"

#include <cmath>

using namespace limpid;
using test::node;

namespace {

struct Case {
    Pipeline pipeline;
    Features rows;
    NetworkSpec network;
};

Case makeCase(const Table& table, const std::string& preset)
{
    Case made;
    made.pipeline = test::plainPipeline(table, "y");
    made.rows = test::features(made.pipeline, table, true);
    made.network = makePreset(preset, networkContext(made.pipeline), table.rows());
    return made;
}

TrainResult run(const Case& c, const TrainSpec& spec, const TrainObserver& observer = {})
{
    Task task;
    return train(c.network, c.pipeline, c.rows, c.rows, spec, observer, task);
}

std::string bytes(const TrainResult& result)
{
    return writeSafetensors(result.weights);
}

} // namespace

class TstTrainer : public QObject
{
    Q_OBJECT

private slots:
    /// y = 2a − 3b + 0.5 without noise: least squares has one answer.
    void linearRegression()
    {
        Random random(5, "test");
        std::vector<double> a, b, y;
        for (int row = 0; row < 400; ++row) {
            a.push_back(random.normal());
            b.push_back(random.normal());
            y.push_back(2 * a.back() - 3 * b.back() + 0.5);
        }
        const Case c = makeCase(Table({Column::numbers("a", a), Column::numbers("b", b), Column::numbers("y", y)}), "linear");
        for (const char* optimizer : {"SGD", "Adam", "AdamW"}) {
            TrainSpec spec;
            spec.optimizer = optimizer;
            spec.weightDecay = 0.0;
            spec.patience = 0;
            spec.learningRate = 0.03;
            const TrainResult result = run(c, spec);
            QCOMPARE(result.weights.size(), std::size_t{2});
            QCOMPARE(result.weights[0].name, std::string("output.weight"));
            const double scale = c.pipeline.targetScale(), mean = c.pipeline.targetMean();
            QVERIFY(std::abs(result.weights[0].values[0] * scale - 2.0) < 0.01);
            QVERIFY(std::abs(result.weights[0].values[1] * scale + 3.0) < 0.01);
            QVERIFY(std::abs(result.weights[1].values[0] * scale + mean - 0.5) < 0.01);
            QVERIFY(result.validation.values.at("r2") > 0.9999);
        }
    }

    void exclusiveOr()
    {
        std::vector<double> a, b;
        std::vector<std::int32_t> y;
        Random random(7, "test");
        for (int row = 0; row < 400; ++row) {
            const int left = row & 1, right = row >> 1 & 1;
            a.push_back(left + 0.1 * random.normal());
            b.push_back(right + 0.1 * random.normal());
            y.push_back(left ^ right);
        }
        const Case c = makeCase(Table({Column::numbers("a", a), Column::numbers("b", b), Column::categories("y", y, {"no", "yes"})}), "mlp");
        const TrainResult result = run(c, {});
        QVERIFY2(result.validation.values.at("accuracy") > 0.99, qPrintable(QString::number(result.validation.values.at("accuracy"))));
    }

    void sameSeedSameBytes_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<int>("classes");
        QTest::addColumn<int>("threads");
        QTest::newRow("mlp") << "mlp" << 2 << 1;
        QTest::newRow("residual") << "residual-mlp" << 3 << 1;
        QTest::newRow("two threads") << "mlp" << 0 << 2;
    }
    void sameSeedSameBytes()
    {
        QFETCH(QString, preset);
        QFETCH(int, classes);
        QFETCH(int, threads);
        const Case c = makeCase(test::mixedTable(700, classes), preset.toStdString());
        TrainSpec spec;
        spec.epochs = 3;
        spec.batchSize = 256;
        spec.threads = threads;
        const std::string first = bytes(run(c, spec));
        QCOMPARE(first == bytes(run(c, spec)), true);
        spec.seed = 2;
        QCOMPARE(first == bytes(run(c, spec)), false);
    }

    /// With nothing learnt from a step, the loss that autograd's forward pass gives is the one that prediction's gives.
    void trainingAndPredictionAgree_data()
    {
        QTest::addColumn<QString>("type");
        for (const LayerType& type : layerCatalog())
            if (type.group == "activation" || type.name == "LayerNorm")
                QTest::newRow(type.name.c_str()) << QString::fromStdString(type.name);
    }
    void trainingAndPredictionAgree()
    {
        QFETCH(QString, type);
        for (const int classes : {0, 2, 3}) {
            Case c = makeCase(test::mixedTable(50, classes), "linear");
            c.network.nodes = {node("n", "Input", {}), node("k", "Input", {}, {{"features", "categories"}}),
                               node("e", "Embedding", {"k"}), node("all", "Concat", {"n", "e"}),
                               node("h", "Linear", {"all"}, {{"out_features", 6}}), node("f", type.toStdString(), {"h"}),
                               node("g", "Linear", {"all"}, {{"out_features", 6}, {"bias", false}}), node("s", "Add", {"f", "g", "h"}),
                               node("y", "Linear", {"s"}, {{"out_features", std::max(1, classes == 2 ? 1 : classes)}})};
            c.network.outputs = {"y"};
            TrainSpec spec;
            spec.epochs = 1;
            spec.batchSize = 50;
            spec.learningRate = 1e-8;
            spec.schedule = "constant";
            spec.weightDecay = 0.0;
            double step = 0.0, validation = 1.0;
            TrainObserver observer;
            observer.onStep = [&](const StepRecord& record) { step = record.loss; };
            observer.onEpoch = [&](const EpochRecord& record) { validation = record.validationLoss; };
            run(c, spec, observer);
            QVERIFY2(std::abs(step - validation) < 1e-5 * std::max(1.0, validation),
                     qPrintable(QString("%1 %2").arg(step).arg(validation)));
        }
    }

    void streams()
    {
        const Case c = makeCase(test::mixedTable(100, 2), "mlp");
        TrainSpec spec;
        spec.epochs = 4;
        spec.batchSize = 30; // four batches of 25
        std::vector<std::int64_t> steps;
        std::vector<int> epochs;
        int best = 0;
        std::string bestBytes;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& record) { steps.push_back(record.step); };
        observer.onEpoch = [&](const EpochRecord& record) {
            epochs.push_back(record.epoch);
            QVERIFY(record.validation.values.count("roc_auc") == 1);
            QCOMPARE(record.step, std::int64_t{4} * record.epoch);
        };
        observer.onBest = [&](const EpochRecord& record, const Weights& weights) {
            best = record.epoch;
            bestBytes = writeSafetensors(weights);
        };
        const TrainResult result = run(c, spec, observer);
        QCOMPARE(steps.size(), std::size_t{16});
        QCOMPARE(steps.back(), std::int64_t{16});
        QCOMPARE(epochs, (std::vector<int>{1, 2, 3, 4}));
        QCOMPARE(result.bestEpoch, best);
        QCOMPARE(bytes(result) == bestBytes, true);
        QVERIFY(result.end == TrainEnd::Completed);
    }

    /// Random labels, judged on other rows: there is nothing to learn but noise, so validation soon stops improving.
    void earlyStop()
    {
        const Case c = makeCase(test::mixedTable(150, 2), "mlp");
        const Features others = test::features(c.pipeline, test::mixedTable(150, 2, 99), true);
        TrainSpec spec;
        spec.epochs = 200;
        spec.patience = 4;
        Task task;
        const TrainResult result = train(c.network, c.pipeline, c.rows, others, spec, {}, task);
        QVERIFY(result.end == TrainEnd::EarlyStopped);
        QVERIFY(result.epochs < 200);
        QCOMPARE(result.epochs, result.bestEpoch + 4);
    }

    void stopAndKeep_data()
    {
        QTest::addColumn<int>("afterStep");
        QTest::addColumn<int>("epochs");
        QTest::newRow("in the first epoch") << 2 << 0;
        QTest::newRow("in the third") << 11 << 2;
    }
    void stopAndKeep()
    {
        QFETCH(int, afterStep);
        QFETCH(int, epochs);
        const Case c = makeCase(test::mixedTable(100, 0), "mlp");
        TrainSpec spec;
        spec.epochs = 1000;
        spec.batchSize = 20; // five steps an epoch
        Task task;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& record) {
            if (record.step == afterStep)
                task.finish();
        };
        const TrainResult result = train(c.network, c.pipeline, c.rows, c.rows, spec, observer, task);
        QVERIFY(result.end == TrainEnd::StoppedByUser);
        QCOMPARE(result.steps, std::int64_t{afterStep});
        QCOMPARE(result.epochs, epochs);
        QVERIFY(!result.weights.empty());
        QVERIFY(result.validation.values.count("r2") == 1 && result.train.values.count("r2") == 1);
    }

    void cancelKeepsNothing()
    {
        const Case c = makeCase(test::mixedTable(100, 0), "mlp");
        Task task;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord&) { task.cancel(); };
        QVERIFY_EXCEPTION_THROWN(train(c.network, c.pipeline, c.rows, c.rows, {}, observer, task), Cancelled);
    }

    void divergence()
    {
        const Case c = makeCase(test::mixedTable(200, 0), "mlp");
        TrainSpec spec;
        spec.optimizer = "SGD";
        spec.learningRate = 10.0;
        spec.schedule = "constant";
        try {
            run(c, spec);
            QFAIL("a learning rate of 10 should not do");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::TrainingDiverged);
            const std::string layer = fact(error.facts(), "layer"); // whose weights are no numbers
            QVERIFY2(std::any_of(c.network.nodes.begin(), c.network.nodes.end(), [&](const NodeSpec& node) { return node.id == layer; }), layer.c_str());
        }
    }

    void refused()
    {
        Case c = makeCase(test::mixedTable(50, 2), "mlp");
        TrainSpec spec;
        spec.epochs = 0;
        QCOMPARE(test::errorNameOf([&] { run(c, spec); }), std::string("OptionInvalid"));
        c.network.outputs = {"nowhere"};
        QCOMPARE(test::errorNameOf([&] { run(c, {}); }), std::string("NetworkNoOutput"));
        c.network = makePreset("mlp", networkContext(c.pipeline), 50);
        c.rows.targets.clear();
        QCOMPARE(test::errorNameOf([&] { run(c, {}); }), std::string("TooFewRows"));
    }

    /// The last index of a column stands for values that training has not seen: it gets the mean of the trained ones.
    void unseenCategory()
    {
        const Case c = makeCase(test::mixedTable(200, 0), "linear");
        TrainSpec spec;
        spec.epochs = 5;
        const TrainResult result = run(c, spec);
        const WeightTensor* table = nullptr;
        for (const WeightTensor& tensor : result.weights)
            if (tensor.name == "embedding.0.weight")
                table = &tensor;
        QVERIFY(table);
        const auto values = static_cast<std::size_t>(table->shape[0]), width = static_cast<std::size_t>(table->shape[1]);
        std::vector<double> counts(values, 0.0);
        for (const std::int32_t value : c.rows.categories)
            ++counts[static_cast<std::size_t>(value)];
        QCOMPARE(counts.back(), 0.0);
        for (std::size_t k = 0; k < width; ++k) {
            double mean = 0.0;
            for (std::size_t value = 0; value < values; ++value)
                mean += counts[value] / 200.0 * table->values[value * width + k];
            QVERIFY(std::abs(table->values[(values - 1) * width + k] - mean) < 1e-6);
        }
    }

    void tooLargeIsRefused()
    {
        Case c = makeCase(test::mixedTable(50, 2), "mlp");
        c.network.nodes.clear();
        c.network.nodes = {node("n", "Input", {})};
        std::string from = "n";
        for (int k = 0; k < 9'000; ++k) {
            const std::string id = "l" + std::to_string(k);
            c.network.nodes.push_back(node(id, "Linear", {from}, {{"out_features", 65'536}}));
            from = id;
        }
        c.network.nodes.push_back(node("y", "Linear", {from}, {{"out_features", 1}}));
        c.network.outputs = {"y"};
        QCOMPARE(test::errorNameOf([&] { run(c, {}); }), std::string("NetworkTooLarge"));
    }
};

QTEST_GUILESS_MAIN(TstTrainer)
#include "tst_trainer.moc"
