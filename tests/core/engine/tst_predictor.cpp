#include "core/engine/Backend.h"
#include "core/engine/NetworkPredictor.h"
#include "core/engine/Trainer.h"
#include "core/model/Differentiable.h"
#include "tests/core/engine/EngineFixtures.h"
#include "tests/support/TestSupport.h"

#include <cmath>
#include <thread>

using namespace limpid;
using test::node;

namespace {

/// One row (1, −2, 0.5) of three numbers, two classes.
Table threeNumbers()
{
    return Table({Column::numbers("a", {1, 3, 5}), Column::numbers("b", {-2, 4, 1}), Column::numbers("c", {0.5, 2, 7}),
                  Column::categories("y", {0, 1, 0}, {"no", "yes"})});
}

/// Weights from one step of training: what they are does not matter, that they are complete does.
Bundle trained(const Table& table, const NetworkSpec& network, const Pipeline& pipeline)
{
    TrainSpec spec;
    spec.epochs = 2;
    Task task;
    const Features rows = test::features(pipeline, table, true);
    Bundle bundle{pipeline, network, {}, nlohmann::json::object()};
    bundle.weights = train(network, pipeline, rows, rows, spec, {}, task).weights;
    return bundle;
}

double relative(double a, double b)
{
    return std::abs(a - b) / std::max(1.0, std::max(std::abs(a), std::abs(b)));
}

} // namespace

class TstPredictor : public QObject
{
    Q_OBJECT

private slots:
    /// 0.5 + (1, 10) · f(W x + b), W = (0.5, −1, 2; 1, 0.25, −3), b = (0.1, −0.2), x = (1, −2, 0.5), so W x + b = (3.6, −1.2).
    /// f is written from its definition on PyTorch's documentation pages; computed in Python's float64 with the math module.
    void forward_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("params");
        QTest::addColumn<double>("expected");
        QTest::newRow("ReLU") << "ReLU" << "{}" << 4.1;
        QTest::newRow("LeakyReLU") << "LeakyReLU" << "{}" << 3.98;
        QTest::newRow("ELU") << "ELU" << "{}" << -2.8880578808779793;
        QTest::newRow("SELU") << "SELU" << "{}" << -8.003176399695162;
        QTest::newRow("GELU") << "GELU" << "{}" << 2.718591166414933;
        QTest::newRow("GELU tanh") << "GELU" << R"({"approximate":"tanh"})" << 2.716615111164486;
        QTest::newRow("SiLU") << "SiLU" << "{}" << 1.226548225111494;
        QTest::newRow("Tanh") << "Tanh" << "{}" << -6.838038127789225;
        QTest::newRow("Sigmoid") << "Sigmoid" << "{}" << 3.788155171432958;
        QTest::newRow("Softplus") << "Softplus" << "{}" << 6.759781766388521;
        QTest::newRow("Dropout is off") << "Dropout" << "{}" << -7.9;
        QTest::newRow("BatchNorm1d") << "BatchNorm1d" << "{}" << -38.399985472230945;
        QTest::newRow("LayerNorm") << "LayerNorm" << "{}" << -36.9999756944761;
    }
    void forward()
    {
        QFETCH(QString, type);
        QFETCH(QString, params);
        QFETCH(double, expected);
        const Table table = threeNumbers();
        Bundle bundle;
        bundle.pipeline = test::plainPipeline(table, "y");
        bundle.network.nodes = {node("in", "Input", {}), node("h", "Linear", {"in"}, {{"out_features", 2}}),
                                node("f", type.toStdString(), {"h"}, nlohmann::json::parse(params.toStdString())),
                                node("y", "Linear", {"f"}, {{"out_features", 1}})};
        bundle.network.outputs = {"y"};
        bundle.weights = {{"h.weight", {2, 3}, {0.5f, -1, 2, 1, 0.25f, -3}}, {"h.bias", {2}, {0.1f, -0.2f}},
                          {"y.weight", {1, 2}, {1, 10}}, {"y.bias", {1}, {0.5f}}};
        if (type == "BatchNorm1d" || type == "LayerNorm") {
            bundle.weights.push_back({"f.weight", {2}, {2, 3}});
            bundle.weights.push_back({"f.bias", {2}, {0.5f, -1}});
        }
        if (type == "BatchNorm1d") {
            bundle.weights.push_back({"f.running_mean", {2}, {1, 2}});
            bundle.weights.push_back({"f.running_var", {2}, {4, 9}});
        }
        const auto predictor = makePredictor(bundle, 1);
        Task task;
        const Features rows = test::features(bundle.pipeline, table);
        const Predictions raw = predictor->predict(rows, OutputSpace::Raw, task);
        QCOMPARE(raw.rows, std::size_t{3});
        QVERIFY2(std::abs(raw.at(0, 0) - expected) < 1e-4, qPrintable(QString::number(raw.at(0, 0), 'g', 12)));
        const double probability = predictor->predict(rows, OutputSpace::Probability, task).at(0, 0);
        QVERIFY(std::abs(probability - 1 / (1 + std::exp(-expected))) < 1e-4);
    }

    /// Embedding rows side by side, an Add and a Concat: 1·a + (table[kind] = 10, 20, 30, …) by hand.
    void embedding()
    {
        const Table table({Column::numbers("a", {1, 2, 3}), Column::categories("kind", {2, 0, 1}, {"p", "q", "r"}),
                           Column::numbers("y", {1, 2, 4})});
        Bundle bundle;
        bundle.pipeline = test::plainPipeline(table, "y");
        QCOMPARE(bundle.pipeline.cardinalities().size(), std::size_t{1});
        const int values = bundle.pipeline.cardinalities()[0];
        bundle.network.nodes = {node("n", "Input", {}), node("k", "Input", {}, {{"features", "categories"}}),
                                node("e", "Embedding", {"k"}, {{"embedding_dim", 1}}), node("sum", "Add", {"n", "e"})};
        bundle.network.outputs = {"sum"};
        bundle.weights = {{"e.0.weight", {values, 1}, std::vector<float>(static_cast<std::size_t>(values))}};
        for (int k = 0; k < values; ++k)
            bundle.weights[0].values[static_cast<std::size_t>(k)] = static_cast<float>(10 * (k + 1));
        const auto predictor = makePredictor(bundle, 1);
        Task task;
        Features rows = test::features(bundle.pipeline, table);
        rows.categories = {2, 0, 1};
        const Predictions raw = predictor->predict(rows, OutputSpace::Raw, task);
        const double scale = bundle.pipeline.targetScale(), mean = bundle.pipeline.targetMean();
        QVERIFY(relative(raw.at(0, 0), 31 * scale + mean) < 1e-6);
        QVERIFY(relative(raw.at(1, 0), 12 * scale + mean) < 1e-6);
        QVERIFY(relative(raw.at(2, 0), 23 * scale + mean) < 1e-6);
    }

    void softmax()
    {
        const Table table({Column::numbers("a", {1, 2, 3}), Column::categories("y", {0, 1, 2}, {"p", "q", "r"})});
        Bundle bundle;
        bundle.pipeline = test::plainPipeline(table, "y");
        bundle.network.nodes = {node("n", "Input", {}), node("y", "Linear", {"n"}, {{"out_features", 3}})};
        bundle.network.outputs = {"y"};
        bundle.weights = {{"y.weight", {3, 1}, {0, 1, 2}}, {"y.bias", {3}, {0, 0, 0}}};
        Task task;
        const auto predictor = makePredictor(bundle, 1);
        const Predictions p = predictor->predict(test::features(bundle.pipeline, table), OutputSpace::Probability, task);
        // e^0, e^1, e^2 over their sum
        QVERIFY(std::abs(p.at(0, 0) - 0.09003057317038046) < 1e-7);
        QVERIFY(std::abs(p.at(0, 1) - 0.24472847105479764) < 1e-7);
        QVERIFY(std::abs(p.at(0, 2) - 0.6652409557748218) < 1e-7);
    }

    void coalitionMeans_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("classes");
        for (const std::string preset : {"mlp", "linear", "wide-and-deep", "residual-mlp"})
            for (const int classes : {0, 2, 3})
                QTest::addRow("%s, %d classes", preset.c_str(), classes) << QString::fromStdString(preset) << classes;
        QTest::newRow("an image first") << "image" << 3;
        QTest::newRow("norms over encoded columns") << "norms" << 2;
        QTest::newRow("add of inputs") << "add" << 0;
        QTest::newRow("no bias, dropout before the layer") << "plain" << 3;
    }
    /// Against the default implementation of Predictor, which builds every composite row.
    void coalitionMeans()
    {
        QFETCH(QString, name);
        QFETCH(int, classes);
        const Table table = test::mixedTable(80, classes);
        const Pipeline pipeline = test::plainPipeline(table, "y");
        const NetworkContext context = networkContext(pipeline);
        NetworkSpec network;
        const NodeSpec in = node("n", "Input", {}), kinds = node("k", "Input", {}, {{"features", "categories"}}),
                       embedding = node("e", "Embedding", {"k"}, {{"embedding_dim", 3}}),
                       out = node("y", "Linear", {"h"}, {{"out_features", context.outputs}});
        if (name == "norms")
            network.nodes = {in, kinds, embedding, node("c", "Concat", {"e", "n"}), node("bn", "BatchNorm1d", {"c"}),
                             node("t", "Tanh", {"bn"}), node("ln", "LayerNorm", {"t"}),
                             node("h", "Linear", {"ln"}, {{"out_features", 5}}), out};
        else if (name == "image")
            network.nodes = {in, kinds, embedding, node("i", "Reshape", {"n"}, {{"shape", {1, 1, 3}}}),
                             node("bn", "BatchNorm2d", {"i"}), node("d", "Dropout2d", {"bn"}),
                             node("c", "Conv2d", {"d"}, {{"out_channels", 4}, {"padding", 1}}), node("r", "ReLU", {"c"}),
                             node("p", "MaxPool2d", {"r"}, {{"padding", 1}}), node("f", "Flatten", {"p"}),
                             node("h", "Concat", {"f", "e"}), out};
        else if (name == "add")
            network.nodes = {in, kinds, embedding, node("s", "Add", {"n", "e"}),
                             node("f", "Linear", {"n"}, {{"out_features", 3}}), node("h", "Add", {"s", "f", "n"}), out};
        else if (name == "plain")
            network.nodes = {in, node("d", "Dropout", {"n"}), node("f", "Linear", {"d"}, {{"out_features", 9}, {"bias", false}}),
                             node("r", "ReLU", {"f"}), node("g", "GELU", {"f"}), node("h", "Concat", {"r", "g"}), out};
        else
            network = makePreset(name.toStdString(), context, 80);
        if (network.outputs.empty())
            network.outputs = {"y"};
        const Bundle bundle = trained(table, network, pipeline);
        const Features all = test::features(pipeline, table);
        const Features rows = sliceRows(all, 0, 7), background = sliceRows(all, 20, 53);
        const std::size_t players = pipeline.groups().size();
        QCOMPARE(players, std::size_t{4});
        Coalitions coalitions{std::size_t{1} << players, players, {}};
        for (std::size_t mask = 0; mask < coalitions.count; ++mask)
            for (std::size_t p = 0; p < players; ++p)
                coalitions.members.push_back(mask >> p & 1);
        // Enough repetitions for several chunks and groups: 7 · 33 · 16 · 12 = 44,352 composites.
        const std::vector<std::uint8_t> once = coalitions.members;
        for (int k = 1; k < 12; ++k)
            coalitions.members.insert(coalitions.members.end(), once.begin(), once.end());
        coalitions.count *= 12;

        Task task;
        for (const OutputSpace space : {OutputSpace::Raw, OutputSpace::Probability})
            for (const int threads : {1, 3}) {
                const auto predictor = makePredictor(bundle, threads);
                const std::vector<double> fast = predictor->coalitionMeans(rows, background, coalitions, space, task);
                const std::vector<double> slow = predictor->Predictor::coalitionMeans(rows, background, coalitions, space, task);
                QCOMPARE(fast.size(), slow.size());
                double worst = 0.0;
                for (std::size_t i = 0; i < fast.size(); ++i)
                    worst = std::max(worst, relative(fast[i], slow[i]));
                QVERIFY2(worst < 1e-5, qPrintable(QString::number(worst)));
            }
    }

    /// Weights of whole sixths are rows that stand there as often.
    void weightedCoalitionMeans_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<bool>("ensemble");
        for (const int classes : {0, 2, 3})
            for (const bool ensemble : {false, true})
                QTest::addRow("%d classes%s", classes, ensemble ? ", ensemble" : "") << classes << ensemble;
    }
    void weightedCoalitionMeans()
    {
        QFETCH(int, classes);
        QFETCH(bool, ensemble);
        const Table table = test::mixedTable(80, classes);
        const Pipeline pipeline = test::plainPipeline(table, "y");
        Bundle bundle = trained(table, makePreset("mlp", networkContext(pipeline), 80), pipeline);
        if (ensemble)
            bundle.furtherMembers.push_back(bundle.weights);
        const auto predictor = makePredictor(bundle, 1);
        const auto rowsOf = [&](const std::vector<std::size_t>& chosen) { return test::features(pipeline, table.select(chosen)); };
        const Features rows = rowsOf({0, 1, 2, 3}), background = rowsOf({20, 31, 47}), repeated = rowsOf({20, 31, 31, 47, 47, 47});
        const std::vector<double> weights{1.0 / 6, 2.0 / 6, 3.0 / 6};
        Coalitions coalitions{16, 4, {}};
        for (std::size_t mask = 0; mask < 16; ++mask)
            for (std::size_t p = 0; p < 4; ++p)
                coalitions.members.push_back(mask >> p & 1);
        Task task;
        for (const OutputSpace space : {OutputSpace::Raw, OutputSpace::Probability}) {
            const std::vector<double> fast = predictor->coalitionMeans(rows, background, coalitions, space, task, weights);
            const std::vector<double> slow = predictor->Predictor::coalitionMeans(rows, background, coalitions, space, task, weights);
            const std::vector<double> expected = predictor->Predictor::coalitionMeans(rows, repeated, coalitions, space, task);
            QCOMPARE(fast.size(), expected.size());
            for (std::size_t i = 0; i < fast.size(); ++i) {
                QVERIFY(relative(slow[i], expected[i]) < 1e-5);
                QVERIFY(relative(fast[i], expected[i]) < 1e-5);
            }
        }
    }

    /// Three members, each also a predictor of its own: the mean from its definition.
    void ensemble_data()
    {
        QTest::addColumn<int>("classes");
        for (const int classes : {0, 2, 3})
            QTest::addRow("%d classes", classes) << classes;
    }
    void ensemble()
    {
        QFETCH(int, classes);
        const Table table = test::mixedTable(80, classes);
        const Pipeline pipeline = test::plainPipeline(table, "y");
        const NetworkSpec network = makePreset("mlp", networkContext(pipeline), 80);
        const Features all = test::features(pipeline, table), withTargets = test::features(pipeline, table, true);
        Task task;
        Bundle bundle{pipeline, network, {}, nlohmann::json::object()};
        std::vector<std::unique_ptr<Predictor>> alone;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            TrainSpec spec;
            spec.epochs = 3;
            spec.seed = seed;
            Bundle member{pipeline, network, train(network, pipeline, withTargets, withTargets, spec, {}, task).weights, nlohmann::json::object()};
            alone.push_back(makePredictor(member, 1));
            if (seed == 1)
                bundle.weights = member.weights;
            else
                bundle.furtherMembers.push_back(member.weights);
        }
        const auto together = makePredictor(bundle, 2);
        const Predictions raw = together->predict(all, OutputSpace::Raw, task), probability = together->predict(all, OutputSpace::Probability, task);
        QCOMPARE(raw.outputs, alone[0]->outputCount(OutputSpace::Raw));
        for (std::size_t i = 0; i < probability.values.size(); ++i) {
            double mean = 0.0;
            for (const auto& member : alone)
                mean += member->predict(all, OutputSpace::Probability, task).values[i] / 3.0;
            QVERIFY(relative(probability.values[i], mean) < 1e-12);
            const double expected = classes == 0 ? mean : classes == 2 ? std::log(mean / (1.0 - mean)) : std::log(mean);
            QVERIFY2(relative(raw.values[i], expected) < 1e-9, qPrintable(QString("%1 %2").arg(raw.values[i]).arg(expected)));
        }

        const Features rows = sliceRows(all, 0, 5), background = sliceRows(all, 20, 50);
        Coalitions coalitions{16, 4, {}};
        for (std::size_t mask = 0; mask < 16; ++mask)
            for (std::size_t p = 0; p < 4; ++p)
                coalitions.members.push_back(mask >> p & 1);
        for (const OutputSpace space : {OutputSpace::Raw, OutputSpace::Probability}) {
            const std::vector<double> fast = together->coalitionMeans(rows, background, coalitions, space, task);
            const std::vector<double> slow = together->Predictor::coalitionMeans(rows, background, coalitions, space, task);
            for (std::size_t i = 0; i < fast.size(); ++i)
                QVERIFY(relative(fast[i], slow[i]) < 1e-5);
        }
    }

    /// Log-odds stay finite where a probability is 1 to the last bit: two members of log-odds 60 and 50 have
    /// 1 − p = (e^−60 + e^−50)/2, so log-odds log 2 − log(e^−60 + e^−50) = 50.693101780...
    void ensembleOfTheCertain()
    {
        const Table table = threeNumbers();
        Bundle bundle;
        bundle.pipeline = test::plainPipeline(table, "y");
        bundle.network = makePreset("linear", networkContext(bundle.pipeline), 3);
        bundle.weights = {{"output.weight", {1, 3}, {0, 0, 0}}, {"output.bias", {1}, {60}}};
        bundle.furtherMembers = {{{"output.weight", {1, 3}, {0, 0, 0}}, {"output.bias", {1}, {50}}}};
        Task task;
        const Features rows = test::features(bundle.pipeline, table);
        const double raw = makePredictor(bundle, 1)->predict(rows, OutputSpace::Raw, task).at(0, 0);
        QVERIFY2(std::abs(raw - (std::log(2.0) + 50.0 - std::log1p(std::exp(-10.0)))) < 1e-9, qPrintable(QString::number(raw, 'g', 12)));
        bundle.furtherMembers[0][1].values[0] = -60;
        QVERIFY(std::abs(makePredictor(bundle, 1)->predict(rows, OutputSpace::Raw, task).at(0, 0)) < 1e-9); // p = ½
    }

    void cancelled()
    {
        const Table table = test::mixedTable(60, 2);
        const Pipeline pipeline = test::plainPipeline(table, "y");
        const auto predictor = makePredictor(trained(table, makePreset("mlp", networkContext(pipeline), 60), pipeline), 2);
        const Features all = test::features(pipeline, table);
        Task task;
        task.cancel();
        QVERIFY_EXCEPTION_THROWN(predictor->predict(all, OutputSpace::Raw, task), Cancelled);
        QVERIFY_EXCEPTION_THROWN(
            predictor->coalitionMeans(all, all, {1, 4, {1, 0, 1, 0}}, OutputSpace::Raw, task), Cancelled);
    }

    void nothingToDo()
    {
        const Table table = test::mixedTable(60, 2);
        const Pipeline pipeline = test::plainPipeline(table, "y");
        const auto predictor = makePredictor(trained(table, makePreset("mlp", networkContext(pipeline), 60), pipeline), 2);
        const Features all = test::features(pipeline, table);
        Task task;
        QVERIFY(predictor->predict(sliceRows(all, 0, 0), OutputSpace::Raw, task).values.empty());
        QVERIFY(predictor->coalitionMeans(sliceRows(all, 0, 0), all, {1, 4, {1, 0, 1, 0}}, OutputSpace::Raw, task).empty());
        QVERIFY(predictor->coalitionMeans(all, all, {0, 4, {}}, OutputSpace::Raw, task).empty());
    }

    void severalThreadsAtOnce()
    {
        const Table table = test::mixedTable(9'000, 2);
        const Pipeline pipeline = test::plainPipeline(table, "y");
        const Table few = test::mixedTable(60, 2);
        const auto predictor =
            makePredictor(trained(few, makePreset("mlp", networkContext(pipeline), 60), pipeline), 2);
        const Features all = test::features(pipeline, table);
        Task task;
        const std::vector<double> expected = predictor->predict(all, OutputSpace::Raw, task).values;
        std::vector<int> equal(4, 0);
        std::vector<std::thread> threads;
        for (std::size_t k = 0; k < equal.size(); ++k)
            threads.emplace_back([&, k] {
                Task own;
                for (int again = 0; again < 3; ++again)
                    equal[k] += predictor->predict(all, OutputSpace::Raw, own).values == expected ? 1 : 0;
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(equal, std::vector<int>(4, 3));
    }

    /// However many threads there are, and whatever share of the cores a job has: the same bytes.
    void threadsChangeNothing()
    {
        const Table table = test::mixedTable(700, 2);
        const Pipeline pipeline = test::plainPipeline(table, "y");
        const Bundle bundle = trained(table, makePreset("mlp", networkContext(pipeline), 80), pipeline);
        const Features all = test::features(pipeline, table);
        const Features rows = sliceRows(all, 0, 37), background = sliceRows(all, 100, 190);
        Coalitions coalitions{333, 4, {}};
        Random random(1, "coalitions");
        for (std::size_t i = 0; i < coalitions.count * 4; ++i)
            coalitions.members.push_back(random.below(2) == 1);
        std::vector<double> means, contributions, outputs;
        for (const int threads : {1, 2, 3, 7}) {
            const auto predictor = makePredictor(bundle, threads);
            const auto& smooth = dynamic_cast<const DifferentiablePredictor&>(*predictor);
            for (const int cores : {Task::allCores, 2}) {
                Task task;
                task.setCores(cores);
                const std::vector<double> ownMeans = predictor->coalitionMeans(rows, background, coalitions, OutputSpace::Probability, task);
                const std::vector<double> own = smooth.deepLift(smooth.points(rows, task), smooth.points(background, task), OutputSpace::Raw, true, task).values;
                const std::vector<double> predicted = predictor->predict(all, OutputSpace::Raw, task).values;
                if (means.empty()) {
                    means = ownMeans;
                    contributions = own;
                    outputs = predicted;
                }
                QVERIFY(ownMeans == means);
                QVERIFY(own == contributions);
                QVERIFY(predicted == outputs);
            }
        }
    }

    void badWeights()
    {
        const Table table = threeNumbers();
        Bundle bundle;
        bundle.pipeline = test::plainPipeline(table, "y");
        bundle.network = makePreset("linear", networkContext(bundle.pipeline), 3);
        const WeightTensor weight{"output.weight", {1, 3}, {1, 2, 3}}, bias{"output.bias", {1}, {0}};
        bundle.weights = {weight, bias};
        QVERIFY(makePredictor(bundle, 1));
        const auto refused = [&](Weights weights) {
            bundle.weights = std::move(weights);
            return test::errorNameOf([&] { makePredictor(bundle, 1); });
        };
        QCOMPARE(refused({weight}), std::string("BundleInvalid"));
        QCOMPARE(refused({weight, bias, {"more", {1}, {0}}}), std::string("BundleInvalid"));
        QCOMPARE(refused({{"output.weight", {3, 1}, {1, 2, 3}}, bias}), std::string("BundleInvalid"));
        QCOMPARE(refused({{"output.weight", {1, 3}, {1, 2}}, bias}), std::string("BundleInvalid"));
    }

    void backend()
    {
        const BackendInfo info = backendInfo();
        QVERIFY(!info.torchVersion.empty() && !info.blas.empty());
        QVERIFY(info.threads >= 1);
        QCOMPARE(info.devices.at(0), std::string("CPU"));
        qInfo("LibTorch %s on %s", info.torchVersion.c_str(), info.blas.c_str());
    }
};

QTEST_GUILESS_MAIN(TstPredictor)
#include "tst_predictor.moc"
