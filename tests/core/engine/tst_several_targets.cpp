// Networks that predict several targets at once, and counts.
#include "core/engine/Evaluator.h"
#include "core/engine/NetworkPredictor.h"
#include "core/engine/OutputTransform.h"
#include "core/engine/Trainer.h"
#include "tests/core/engine/EngineFixtures.h"
#include "tests/support/TestSupport.h"

#include <cmath>

using namespace limpid;
using namespace limpid::engine;

namespace {

std::vector<double> transformed(const Pipeline& pipeline, OutputSpace space, const std::vector<float>& raw)
{
    std::vector<double> result(raw.size());
    OutputTransform(pipeline, space).apply(raw.data(), raw.size() / pipeline.outputs(), pipeline.outputs(), result.data());
    return result;
}

bool near(const std::vector<double>& a, const std::vector<double>& b, double tolerance)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](double x, double y) {
               return std::abs(x - y) <= tolerance * std::max(1.0, std::abs(y));
           });
}

TrainResult trained(const test::TwoTargets& data, const TrainSpec& spec, const std::string& preset = "mlp")
{
    const Features rows = test::features(data.pipeline, data.table, true);
    Task task;
    return train(makePreset(preset, networkContext(data.pipeline), rows.rows), data.pipeline, rows, rows, spec, {}, task);
}

} // namespace

class TstSeveralTargets : public QObject
{
    Q_OBJECT

private slots:
    void transforms()
    {
        const Pipeline labels = test::twoTargets(40, true).pipeline, numbers = test::twoTargets(40, false).pipeline,
                       counts = test::twoTargets(40, false, "log").pipeline;
        const std::vector<float> raw{0.0f, 1.0f, -1.0f, 2.0f};
        const auto sigmoid = [](double z) { return 1.0 / (1.0 + std::exp(-z)); };
        QVERIFY(near(transformed(labels, OutputSpace::Raw, raw), {0, 1, -1, 2}, 0.0));
        QVERIFY(near(transformed(labels, OutputSpace::Probability, raw), {0.5, sigmoid(1), sigmoid(-1), sigmoid(2)}, 1e-15));
        const TargetCoding &first = numbers.targets()[0], &second = numbers.targets()[1];
        QVERIFY(first.scale > 50.0 * second.scale);
        for (const OutputSpace space : {OutputSpace::Raw, OutputSpace::Probability}) {
            QVERIFY(near(transformed(numbers, space, raw),
                         {first.mean, second.mean + second.scale, first.mean - first.scale, second.mean + 2 * second.scale}, 1e-15));
            const double one = counts.targets()[0].scale, other = counts.targets()[1].scale;
            QVERIFY(one != other && one > 1.0);
            QVERIFY(near(transformed(counts, space, raw), {one, other * std::exp(1.0), one * std::exp(-1.0), other * std::exp(2.0)}, 1e-15));
        }
        QCOMPARE(networkContext(labels).outputs, std::int64_t(2));
    }

    /// Each target is learnt in its own unit, however the units differ.
    void learns_data()
    {
        QTest::addColumn<bool>("labels");
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("settings");
        for (const char* settings : {"{}", R"({"class_weights": "balanced", "label_smoothing": 0.05, "accumulation": 2})", R"({"loss": "focal"})"})
            QTest::addRow("labels %s", settings) << true << "identity" << settings;
        for (const char* settings : {"{}", R"({"loss": "Huber", "optimizer": "L-BFGS", "batch_size": 500, "schedule": "constant", "learning_rate": 1})", R"({"loss": "MAE", "threads": 2})"})
            QTest::addRow("numbers %s", settings) << false << "identity" << settings;
        QTest::addRow("counts") << false << "log" << R"({"loss": "Poisson", "epochs": 60})";
    }
    void learns()
    {
        QFETCH(bool, labels);
        QFETCH(QString, link);
        QFETCH(QString, settings);
        nlohmann::json json = nlohmann::json::parse(settings.toStdString());
        json.emplace("epochs", 30);
        const test::TwoTargets data = test::twoTargets(400, labels, link.toStdString());
        const TrainSpec spec = trainSpecFromJson(json);
        const TrainResult result = trained(data, spec);
        const char* const figure = labels ? "roc_auc" : "r2";
        for (const char* target : {"first", "second"}) {
            const double value = result.validation.values.at(std::string(figure) + "/" + target);
            QVERIFY2(value > (link == "log" ? 0.9 : 0.95), qPrintable(QString("%1 %2").arg(target).arg(value)));
        }
        QCOMPARE(result.validation.values.contains("mean_poisson_deviance"), link == "log");
        QVERIFY(result.validation.confusion.empty());
        const TrainResult again = trained(data, spec);
        QVERIFY(again.weights.size() == result.weights.size());
        for (std::size_t i = 0; i < result.weights.size(); ++i)
            QVERIFY(again.weights[i].values == result.weights[i].values);
    }

    /// A linear network gives each output what a network of its own would learn: the least squares and no mixing.
    void outputsKeepApart()
    {
        const test::TwoTargets data = test::twoTargets(300, false);
        TrainSpec spec;
        spec.optimizer = "L-BFGS";
        spec.schedule = "constant";
        spec.learningRate = 1.0;
        spec.batchSize = 300;
        spec.weightDecay = 0.0;
        spec.epochs = 40;
        const TrainResult result = trained(data, spec, "linear");
        // first = 100 a + 7 and second = b − a exactly.
        for (const char* target : {"r2/first", "r2/second"})
            QVERIFY2(result.validation.values.at(target) > 1.0 - 1e-8, target);
    }

    void predictsInOrder()
    {
        const test::TwoTargets data = test::twoTargets(60, true);
        TrainSpec spec;
        spec.epochs = 3;
        Bundle bundle{data.pipeline, makePreset("mlp", networkContext(data.pipeline), 60), trained(data, spec).weights, nlohmann::json::object()};
        const auto predictor = makePredictor(bundle);
        QCOMPARE(predictor->outputCount(OutputSpace::Raw), std::size_t(2));
        QCOMPARE(predictor->outputNames(OutputSpace::Raw), (std::vector<std::string>{"first", "second"}));
        Task task;
        const Features rows = test::features(data.pipeline, data.table);
        const Predictions raw = predictor->predict(rows, OutputSpace::Raw, task);
        const Predictions probabilities = predictor->predict(rows, OutputSpace::Probability, task);
        QCOMPARE(raw.outputs, std::size_t(2));
        for (std::size_t i = 0; i < raw.values.size(); ++i)
            QVERIFY(std::abs(probabilities.values[i] - 1.0 / (1.0 + std::exp(-raw.values[i]))) < 1e-12);
    }

    void wrongNumberOfTargets()
    {
        const test::TwoTargets data = test::twoTargets(30, true);
        Features rows = test::features(data.pipeline, data.table, true);
        rows.targets.resize(30);
        Task task;
        QCOMPARE(test::errorNameOf([&] {
                     train(makePreset("mlp", networkContext(data.pipeline), 30), data.pipeline, rows, rows, {}, {}, task);
                 }),
                 std::string("TooFewRows"));
    }

    /// 30 counts drawn around exp(0.7 + 0.6 x − 0.4 z); expected means by scikit-learn 1.9.1, PoissonRegressor(alpha=0), whose
    /// coefficients numpy's iteratively reweighted least squares confirm to 8 digits.
    void poissonAsScikitLearn()
    {
        const std::vector<double> x{-0.66, -0.05, 2.21, 1.33, -0.62, 0.73, 0.92, -0.36, 1.94, -0.55, 0.56, 1.07, 0.72, 1.35, 1.95,
                                    2.83,  0.14,  1.59, 1.78, 0.17,  -0.99, 2.89, 0.19, 0.26, 2.57,  1.34, 0.89, 2.09, -0.88, 1.83},
            z{-0.89, -0.29, 0.88, 0.58, 0.09, 0.67, -2.83, 1.02, -0.96, -1.67, 0.28, 0.7, -0.44, -1.08, 0.03,
              -0.05, 1.41,  0.75, 0.19, 1.11, -0.21, -0.93, 0.58, 0.58, -0.21, -0.78, 0.23, -2.49, 0.69, 0.49},
            y{4, 3, 6, 3, 1, 4, 13, 1, 11, 0, 2, 3, 3, 12, 6, 13, 0, 4, 4, 0, 2, 15, 2, 2, 11, 4, 4, 16, 0, 6};
        const std::vector<double> expected{1.91417, 2.18708, 5.4576,  3.5923,  1.3261,  2.40122, 10.9176,  1.07217, 9.65029, 2.79589,
                                           2.52902, 2.92086, 3.71842, 7.05813, 6.53783, 11.5609, 1.24558,  3.93477, 5.52753, 1.43017,
                                           1.19227, 17.0452, 1.78917, 1.86741, 10.5126, 6.22278, 3.15687,  19.4905, 0.890094, 5.05544};
        const Table table({Column::numbers("x", x), Column::numbers("z", z), Column::numbers("y", y)});
        Split split;
        for (std::size_t row = 0; row < y.size(); ++row)
            split.train.push_back(row);
        split.validation = {0};
        TrainSpec spec;
        spec.loss = "Poisson";
        spec.optimizer = "L-BFGS";
        spec.schedule = "constant";
        spec.learningRate = 1.0;
        spec.batchSize = 30;
        spec.weightDecay = 0.0;
        spec.epochs = 60;
        PipelineSpec pipelineSpec;
        pipelineSpec.target = "y";
        pipelineSpec.link = linkOf(spec);
        Issues issues;
        Bundle bundle;
        bundle.pipeline = Pipeline::fit(table, split, pipelineSpec, issues);
        bundle.network = makePreset("linear", networkContext(bundle.pipeline), y.size());
        const Features rows = test::features(bundle.pipeline, table, true);
        Task task;
        const TrainResult result = train(bundle.network, bundle.pipeline, rows, rows, spec, {}, task);
        bundle.weights = result.weights;
        for (const OutputSpace space : {OutputSpace::Raw, OutputSpace::Probability}) {
            const Predictions predictions = makePredictor(bundle)->predict(rows, space, task);
            double worst = 0.0;
            for (std::size_t row = 0; row < y.size(); ++row)
                worst = std::max(worst, std::abs(predictions.at(row, 0) / expected[row] - 1.0));
            QVERIFY2(worst < 1e-3, qPrintable(QString::number(worst)));
        }
        // sklearn.metrics.mean_poisson_deviance of those means.
        QVERIFY(std::abs(result.train.values.at("mean_poisson_deviance") - 0.7643848299127391) < 1e-5);
        QVERIFY(result.train.values.contains("r2"));
    }
};

QTEST_GUILESS_MAIN(TstSeveralTargets)
#include "tst_several_targets.moc"
