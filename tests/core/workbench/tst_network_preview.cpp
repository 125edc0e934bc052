#include "core/engine/NetworkPredictor.h"
#include "core/workbench/NetworkPreview.h"
#include "tests/support/TestSupport.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace limpid;

namespace {

/// Two columns that decide the price.
DataSet table(const QTemporaryDir& dir, int rows = 160)
{
    QByteArray text = "size,weight,price\n";
    for (int i = 0; i < rows; ++i)
        text += QByteArray::number(i % 40) + ',' + QByteArray::number((i * 7) % 11 + 0.5) + ',' + QByteArray::number(3 * (i % 40) + (i * 5) % 7) + '\n';
    Task task;
    return openData(test::write(dir, "things.csv", text), {}, task);
}

NodeSpec node(const char* id, const char* type, std::vector<std::string> inputs, ParamValues params = ParamValues::object())
{
    return {id, type, std::move(params), std::move(inputs)};
}

TrainRequest request(int units = 8)
{
    TrainRequest made;
    made.pipeline.target = "price";
    made.train.epochs = 6;
    made.train.patience = 0;
    NetworkSpec network;
    network.nodes = {node("numbers", "Input", {}, {{"features", "numbers"}}), node("hidden", "Linear", {"numbers"}, {{"out_features", units}}), node("act", "ReLU", {"hidden"}),
                     node("out", "Linear", {"act"}, {{"out_features", 1}})};
    network.outputs = {"out"};
    made.network = network;
    return made;
}

const engine::LayerSummary& of(const NetworkPreview& preview, std::string_view id)
{
    static const engine::LayerSummary none;
    const auto found = std::find_if(preview.layers.begin(), preview.layers.end(), [&](const auto& one) { return one.id == id; });
    return found == preview.layers.end() ? none : *found;
}

} // namespace

class TstNetworkPreview : public QObject
{
    Q_OBJECT
private slots:
    /// Numbers are standardised by the training rows, all 128 of which are looked at.
    void firstWeightsFollowFromTheSeed()
    {
        QTemporaryDir dir;
        const DataSet data = table(dir);
        const TrainPlan plan = planTraining(data, request());
        Task task;
        const NetworkPreview one = previewNetwork(data, plan, 5, nullptr, task), again = previewNetwork(data, plan, 5, nullptr, task), other = previewNetwork(data, plan, 6, nullptr, task);
        QCOMPARE(one.rows, std::size_t{128});
        QCOMPARE(one.run, 0);
        QCOMPARE(one.layers.size(), std::size_t{4});
        QVERIFY(std::abs(of(one, "numbers").mean) < 1e-6);
        QVERIFY(std::abs(of(one, "numbers").deviation - 1.0) < 1e-5);
        QCOMPARE(of(one, "out").mean, of(again, "out").mean);
        QVERIFY(of(one, "out").mean != of(other, "out").mean);
    }

    /// The last layer's mean is that of what the stored model predicts for the same rows, in the target's unit.
    void aRunsWeightsAreItsModels()
    {
        QTemporaryDir dir;
        Workspace workspace(std::filesystem::path(dir.path().toStdU16String()) / "workspace");
        const DataSet data = table(dir);
        Task task;
        const TrainOutcome outcome = trainModel(workspace, data, request(), {}, {}, task);
        const TrainPlan plan = planTraining(data, request());
        const std::vector<std::int64_t> runs{outcome.run.id + 9, outcome.run.id}; // the first is of nobody
        const auto trained = weightsOfSameRun(workspace, runs, data, request(), plan.network, task);
        QVERIFY(trained);
        QCOMPARE(trained->run, outcome.run.id);
        QVERIFY(trained->weights == outcome.result.weights);
        const NetworkPreview preview = previewNetwork(data, plan, 1, &*trained, task);
        QCOMPARE(preview.run, outcome.run.id);
        const auto predictor = makePredictor(workspace.loadBundle(outcome.version));
        const PredictOutcome predicted = predictTable(*predictor, data.table(), UnseenCategories::Allow, task);
        double sum = 0.0;
        for (const std::size_t row : plan.split.train)
            sum += predicted.table.column(0).numbers()[row];
        const double mean = sum / static_cast<double>(plan.split.train.size());
        const double seen = plan.pipeline.targets().front().decoded(of(preview, "out").mean);
        QVERIFY2(std::abs(seen - mean) < 1e-3, qPrintable(QString("%1 %2").arg(seen).arg(mean)));
    }

    void otherRunsDoNot_data()
    {
        QTest::addColumn<std::function<void(TrainRequest&)>>("edit");
        QTest::addColumn<bool>("same");
        const auto row = [](const char* name, bool same, std::function<void(TrainRequest&)> edit) { QTest::newRow(name) << edit << same; };
        row("moved nodes", true, [](TrainRequest& r) { r.network->nodes[1].x = 300.0; });
        row("other epochs", true, [](TrainRequest& r) { r.train.epochs = 50; });
        row("a setting of a layer", false, [](TrainRequest& r) { r.network->nodes[2].type = "Tanh"; });
        row("another name", false, [](TrainRequest& r) { r.network->nodes[2].id = "relu"; r.network->nodes[3].inputs = {"relu"}; });
        row("another split", false, [](TrainRequest& r) { r.split.seed = 99; });
        row("numbers as they are", false, [](TrainRequest& r) { r.pipeline.scaling = "none"; });
    }
    void otherRunsDoNot()
    {
        QFETCH(std::function<void(TrainRequest&)>, edit);
        QFETCH(bool, same);
        QTemporaryDir dir;
        Workspace workspace(std::filesystem::path(dir.path().toStdU16String()) / "workspace");
        const DataSet data = table(dir);
        Task task;
        const std::int64_t run = trainModel(workspace, data, request(), {}, {}, task).run.id;
        TrainRequest edited = request();
        edit(edited);
        QCOMPARE(weightsOfSameRun(workspace, {&run, 1}, data, edited, planTraining(data, edited).network, task).has_value(), same);
        if (same) {
            const DataSet longer = table(dir, 200);
            QVERIFY(!weightsOfSameRun(workspace, {&run, 1}, longer, edited, *edited.network, task));
        }
    }

    /// Weights that do not fit are not half taken over.
    void weightsThatDoNotFitAreLeft()
    {
        QTemporaryDir dir;
        const DataSet data = table(dir);
        const TrainPlan plan = planTraining(data, request());
        Task task;
        const RunWeights wrong{7, {{"hidden.weight", {8, 2}, std::vector<float>(16, 1.0f)}}};
        const NetworkPreview preview = previewNetwork(data, plan, 5, &wrong, task);
        QCOMPARE(preview.run, 0);
        QCOMPARE(of(preview, "out").mean, of(previewNetwork(data, plan, 5, nullptr, task), "out").mean);
    }

    /// At most 2²⁵ values: of 2 numbers, six layers of 60,000 and one of 1 that is 93 rows.
    void largeLayersHaveFewerRows()
    {
        QTemporaryDir dir;
        const DataSet data = table(dir);
        Task task;
        TrainRequest large = request(60'000);
        std::string last = "act";
        for (const char* id : {"a", "b", "c", "d"}) {
            large.network->nodes.push_back(node(id, "Tanh", {last}));
            last = id;
        }
        large.network->nodes[3].inputs = {last};
        QCOMPARE(previewNetwork(data, planTraining(data, large), 1, nullptr, task).rows, std::size_t{93});
    }
};

QTEST_GUILESS_MAIN(TstNetworkPreview)

#include "tst_network_preview.moc"
