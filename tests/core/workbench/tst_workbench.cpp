// The main job over the real engine and store: from a file to an explained, stored model.
#include "core/base/Hash.h"
#include "core/base/Random.h"
#include "core/data/CsvWriter.h"
#include "core/engine/NetworkPredictor.h"
#include "core/explain/Shapley.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/RunSetup.h"
#include "core/workbench/RunResources.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <cmath>
#include <numeric>

using namespace limpid;
using namespace limpid::test;

namespace {

struct Sample {
    const char* file;
    const char* target;
};
constexpr Sample samples[] = {{"iris.csv", ""}, {"penguins.csv", "species"}, {"breast_cancer.csv", ""}};

DataSet sample(const std::string& file)
{
    Task task;
    return openData(project("resources/samples/" + file), {}, task);
}

TrainRequest requestFor(const Table& table, const std::string& target = {})
{
    TrainRequest request;
    request.pipeline.target = target.empty() ? suggestTarget(table) : target;
    request.train.epochs = 8;
    return request;
}

std::string weightsHash(const Bundle& bundle)
{
    return sha256(bundleFiles(bundle).at("model.safetensors"));
}

std::vector<std::size_t> rowsOf(const RunRecord& run, const Table& table, bool validation)
{
    const Split split = splitRows(table, run.pipeline.at("target").get<std::string>(), splitSpecFromJson(run.split));
    return validation ? split.validation : split.train;
}

} // namespace

class TestWorkbench : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;

    TrainOutcome trained(const DataSet& data, const TrainRequest& request)
    {
        Task task;
        return trainModel(*m_workspace, data, request, {}, {}, task);
    }

private slots:
    void initTestCase() { m_workspace = std::make_unique<Workspace>(m_dir.path().toStdString()); }

    void opensWithTheFilesHash()
    {
        const std::filesystem::path path = project("resources/samples/iris.csv");
        const DataSet data = sample("iris.csv");
        QCOMPARE(data.sha256, sha256OfFile(path));
        QCOMPARE(data.table().rows(), std::size_t(150));
        QVERIFY(data.path == path);
        Task task;
        QCOMPARE(errorNameOf([&] { openData(m_dir.path().toStdString() + "/none.csv", {}, task); }), std::string("FileNotFound"));
        QCOMPARE(errorNameOf([&] { openData(m_dir.path().toStdString(), {}, task); }), std::string("FileIsFolder"));
        Task cancelled;
        cancelled.cancel();
        QVERIFY_EXCEPTION_THROWN(openData(path, {}, cancelled), Cancelled);
    }

    void suggestsATarget_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QString>("target");
        QTest::newRow("named") << QByteArray("a,Target,b\nx,1,y\nz,2,w\n") << "Target";
        QTest::newRow("titanic") << QByteArray("name,survived,sex\na,yes,male\nb,no,female\nc,no,male\nd,yes,male\n") << "survived";
        QTest::newRow("last category") << QByteArray("a,b,c\nx,y,1.5\nx,z,2.5\nw,y,3\nx,y,4\n") << "b";
        QTest::newRow("last column") << QByteArray("a,b\n1,2.5\n3,4.5\n5,7.5\n") << "b";
    }

    void suggestsATarget()
    {
        QFETCH(QByteArray, csv);
        QFETCH(QString, target);
        Task task;
        const DataSet data = openData(write(m_dir, "suggest.csv", csv), {}, task);
        QCOMPARE(QString::fromStdString(suggestTarget(data.table())), target);
        QCOMPARE(suggestTarget(Table()), std::string());
    }

    void setUpsSurviveJson()
    {
        CsvOptions options;
        options.separator = '\t';
        options.decimalComma = true;
        options.types = {{"a", ColumnType::DateTime}};
        options.missingMarks = {{"a", {"NA", "-"}}};
        QVERIFY(csvOptionsFromJson(toJson(options)) == options);
        QVERIFY(csvOptionsFromJson(nullptr) == CsvOptions());
        const PipelineSpec pipeline{"y", {"a", "b"}, "one-hot", "quantile", {}};
        QVERIFY(pipelineSpecFromJson(toJson(pipeline)) == pipeline);
        const SplitSpec split{0.3, false, std::numeric_limits<std::uint64_t>::max(), 0, 0};
        QVERIFY(splitSpecFromJson(toJson(split)) == split);
        const SplitSpec fold{0.2, true, 1, 5, 3};
        QVERIFY(splitSpecFromJson(toJson(fold)) == fold);
        QVERIFY(!toJson(SplitSpec()).contains("folds"));
        QCOMPARE(errorNameOf([] { splitSpecFromJson({{"seed", "x"}}); }), std::string("WorkspaceCorrupt"));
    }

    /// What a run took is kept with it, and a run that goes on adds to it.
    void resourcesAreRecorded()
    {
        const DataSet data = sample("iris.csv");
        TrainRequest request = requestFor(data.table(), "species");
        request.train.epochs = 2;
        request.train.patience = 0;
        Task task;
        const auto use = [](double seconds, FigureKind kind) {
            return ResourceUse{seconds, {kind, seconds, seconds, seconds}, {FigureKind::Measured, 100.0 / seconds, 0.0, 0.0}, {}, false};
        };
        task.setMeter([&] { return use(2.0, FigureKind::Measured); });
        const std::int64_t run = trainModel(*m_workspace, data, request, {}, {}, task).run.id;
        QVERIFY(resourceUseFromJson(m_workspace->run(run).resources) == use(2.0, FigureKind::Measured));
        Task more;
        more.setMeter([&] { return use(4.0, FigureKind::Estimated); });
        resumeRun(*m_workspace, {run, 3, 2.0}, {}, {}, more);
        const ResourceUse both = resourceUseFromJson(m_workspace->run(run).resources);
        QCOMPARE(both.seconds, 6.0);
        QVERIFY(both.cpuSeconds == (Figure{FigureKind::Estimated, 6.0, 6.0, 6.0}));
        QCOMPARE(both.peakBytes.value, 50.0);
        QCOMPARE(both.joules.kind, FigureKind::Unavailable);
    }

    void wholeWay_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(samples)); ++i)
            QTest::newRow(samples[i].file) << i;
    }

    void wholeWay()
    {
        QFETCH(int, index);
        const DataSet data = sample(samples[index].file);
        const TrainRequest request = requestFor(data.table(), samples[index].target);
        std::int64_t told = 0, steps = 0;
        int epochs = 0, best = 0;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& record) { steps = record.step; };
        observer.onEpoch = [&](const EpochRecord& record) { epochs = record.epoch; };
        observer.onBest = [&](const EpochRecord& record, const Weights&) { best = record.epoch; };
        Task task;
        const TrainOutcome outcome =
            trainModel(*m_workspace, data, request, observer, [&](const StartedRun& run) { told = run.id; }, task);

        // Run and curves are stored as they were told.
        const RunRecord run = m_workspace->run(outcome.run.id);
        QCOMPARE(told, run.id);
        QCOMPARE(run.status, RunStatus::Finished);
        QCOMPARE(run.epochs, epochs);
        QCOMPARE(run.bestEpoch, best);
        QCOMPARE(run.data.at("sha256").get<std::string>(), data.sha256);
        QVERIFY(run.seconds > 0 && run.endedMs >= run.startedMs);
        QCOMPARE(m_workspace->curve(run.id, "train/loss").size(), static_cast<std::size_t>(steps));
        const std::vector<CurvePoint> validation = m_workspace->curve(run.id, "epoch/validation_loss");
        QCOMPARE(validation.size(), static_cast<std::size_t>(epochs));
        QCOMPARE(validation.back().step, std::int64_t(epochs));
        QVERIFY(trainSpecFromJson(run.settings) == request.train);
        QVERIFY(pipelineSpecFromJson(run.pipeline) == request.pipeline);
        QVERIFY(NetworkSpec::fromJson(run.network).nodes.size() > 1);

        // The version holds the trained weights, and so does the checkpoint.
        const Bundle bundle = m_workspace->loadBundle(m_workspace->resolve("run:" + std::to_string(run.id)));
        QVERIFY(bundle.weights == outcome.result.weights);
        QVERIFY(m_workspace->checkpoint(run.id) == outcome.result.weights);

        // Loaded again it predicts the same bytes, and the figures of the run.
        const auto predictor = makePredictor(bundle);
        const auto again = makePredictor(m_workspace->loadBundle(outcome.version));
        const std::string predictions = writeCsv(predictTable(*predictor, data.table(), UnseenCategories::Allow, task).table);
        QCOMPARE(writeCsv(predictTable(*again, data.table(), UnseenCategories::Allow, task).table), predictions);
        const std::vector<std::size_t> rows = rowsOf(run, data.table(), true);
        const EvaluateOutcome evaluated = evaluateTable(*predictor, data.table().select(rows), task);
        QCOMPARE(evaluated.rows, rows.size());
        for (const auto& [name, value] : evaluated.metrics.values) {
            const double stored = run.metrics.at("validation").at(name).get<double>();
            QVERIFY2(std::abs(value - stored) < 1e-6, name.c_str());
        }
        QVERIFY(run.metrics.at("confusion") == evaluated.metrics.confusion);
        QVERIFY(run.metrics.at("classes") == evaluated.classes);
        QVERIFY(m_workspace->checkHealth().clean());
    }

    void predictionsAreProbabilities()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        const PredictOutcome predicted = predictTable(*predictor, data.table(), UnseenCategories::Allow, task);
        const std::vector<std::string>& classes = predictor->pipeline().classes();
        QCOMPARE(predicted.columns, (std::vector<std::string>{"prediction", "P(" + classes[0] + ")", "P(" + classes[1] + ")"}));
        QCOMPARE(predicted.table.rows(), data.table().rows());
        for (std::size_t row = 0; row < predicted.table.rows(); ++row) {
            const double first = predicted.table.column(1).numbers()[row], second = predicted.table.column(2).numbers()[row];
            QVERIFY(std::abs(first + second - 1.0) < 1e-12);
            QCOMPARE(predicted.table.column(0).display(row), classes[second >= 0.5 ? 1 : 0]);
        }
    }

    void regressionIsInTheTargetsUnit()
    {
        // y = 1000 + 50·x, far from the standardised values that the network sees.
        QByteArray csv = "x,y\n";
        for (int i = 0; i < 200; ++i)
            csv += QByteArray::number(i / 10.0) + "," + QByteArray::number(1000 + 5 * i + 0.5) + "\n";
        Task task;
        const DataSet data = openData(write(m_dir, "line.csv", csv), {}, task);
        TrainRequest request = requestFor(data.table(), "y");
        request.train.epochs = 60;
        request.preset = "linear";
        request.train.learningRate = 0.05;
        const TrainOutcome outcome = trained(data, request);
        QCOMPARE(outcome.version.model, std::string("line"));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        const PredictOutcome predicted = predictTable(*predictor, data.table(), UnseenCategories::Allow, task);
        QCOMPARE(predicted.columns, std::vector<std::string>{"prediction"});
        QVERIFY(std::abs(predicted.table.column(0).numbers()[100] - 1500.5) < 60);
        const EvaluateOutcome evaluated = evaluateTable(*predictor, data.table(), task);
        QVERIFY(evaluated.metrics.values.at("r2") > 0.95);
        QVERIFY(evaluated.metrics.values.at("rmse") > 0.5); // of the unit, not of deviations

        ExplainRequest explain;
        explain.method = "exact";
        const Explanation explanation = explainTable(*predictor, data.table(), {}, explain, {}, task);
        const double sum = explanation.base[0] + explanation.value(10, 0, 0);
        QVERIFY(std::abs(sum - predicted.table.column(0).numbers()[10]) < 1e-3);
    }

    /// A bright spot whose place is the class, on 8 × 8 pixels, the outermost of which never change.
    void imagesAreLearntAndExplained()
    {
        QByteArray csv = "place";
        for (int i = 0; i < 64; ++i)
            csv += ",p" + QByteArray::number(i);
        Random random(1, "spots");
        for (int row = 0; row < 240; ++row) {
            const bool right = row % 2 == 1;
            const auto spot = 8 * (1 + random.below(6)) + (right ? 4 : 1) + random.below(3);
            csv += right ? "\nright" : "\nleft";
            for (std::uint64_t i = 0; i < 64; ++i) {
                const bool edge = i < 8 || i >= 56 || i % 8 == 0 || i % 8 == 7;
                csv += ',' + QByteArray::number(edge ? 0 : static_cast<int>(i == spot ? 200 : random.below(20)));
            }
        }
        Task task;
        const DataSet data = openData(write(m_dir, "spots.csv", csv), {}, task);
        TrainRequest request = requestFor(data.table(), "place");
        QCOMPARE(planTraining(data, request).context.numbers, std::int64_t{36}); // what never changes tells a row nothing …
        request.preset = "lenet";
        TrainPlan plan = planTraining(data, request);
        QVERIFY(plan.issues.empty());
        QCOMPARE(plan.context.numbers, std::int64_t{64});                        // … but has its place in an image
        request.network = plan.network;
        QCOMPARE(planTraining(data, request).context.numbers, std::int64_t{64});
        request.train.epochs = 20;
        const TrainOutcome outcome = trained(data, request);
        QVERIFY2(outcome.result.validation.values.at("accuracy") > 0.95, std::to_string(outcome.result.validation.values.at("accuracy")).c_str());

        // Kept and loaded, it predicts and explains as any other.
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        ExplainRequest explain;
        explain.method = "permutation";
        explain.budget = 400;
        explain.background = 5;
        explain.rowBegin = 0;
        explain.rowEnd = 4;
        const Explanation explanation = explainTable(*predictor, data.table(), {}, explain, {}, task);
        QCOMPARE(explanation.features.size(), std::size_t{64});
        QVERIFY2(explanation.residual <= 1e-6, std::to_string(explanation.residual).c_str());

        request.network.reset();
        request.pipeline.ignored = {"p9"};
        QCOMPARE(errorNameOf([&] { planTraining(data, request); }), std::string("NetworkNoImage"));
    }

    void explanationsAddUp_data()
    {
        QTest::addColumn<QString>("method");
        for (const std::string& method : shapleyMethods())
            QTest::newRow(method.c_str()) << QString::fromStdString(method);
    }

    void explanationsAddUp()
    {
        QFETCH(QString, method);
        const DataSet data = sample("penguins.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table(), "species"));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        const std::vector<std::size_t> training = rowsOf(outcome.run, data.table(), false);
        ExplainRequest request;
        request.method = method.toStdString();
        request.budget = method == "exact" ? 0 : 200;
        request.background = 20;
        request.rowBegin = 5;
        request.rowEnd = 300;
        std::size_t calls = 0, rowsBefore = 0;
        double fraction = 0.0;
        Task task([&](const Task::Progress& progress) { fraction = std::max(fraction, progress.fraction); });
        const Explanation explanation = explainTable(*predictor, data.table(), training, request, [&](const Explanation& part) {
            ++calls;
            QVERIFY(part.rowCount() > rowsBefore);
            rowsBefore = part.rowCount();
        }, task);
        QVERIFY(calls > 1); // shown as it comes
        QCOMPARE(fraction, 1.0);

        // One categorical column is one player, and every column of the user's is one.
        std::vector<std::string> inputs = data.table().names();
        std::erase(inputs, "species");
        std::erase_if(inputs, [&](const std::string& name) {
            const auto& groups = predictor->pipeline().groups();
            return std::none_of(groups.begin(), groups.end(), [&](const FeatureGroup& group) { return group.column == name; });
        });
        QCOMPARE(explanation.features, inputs);
        QVERIFY(std::find(inputs.begin(), inputs.end(), "island") != inputs.end());
        QCOMPARE(explanation.outputs, predictor->pipeline().classes());
        QCOMPARE(explanation.rows.size(), std::size_t(295));
        QCOMPARE(explanation.rows.front(), std::size_t(5));
        QCOMPARE(explanation.backgroundRows, std::size_t(20));
        QVERIFY2(explanation.residual <= 1e-6, std::to_string(explanation.residual).c_str());
        const std::size_t cells = 295 * explanation.features.size();
        QCOMPARE(explanation.cellText.size(), cells);
        QCOMPARE(explanation.cellNumber.size(), cells);
        QCOMPARE(explanation.values.size(), cells * 3);
        QCOMPARE(explanation.errors.size(), cells * 3);
        const auto island = static_cast<std::size_t>(std::find(inputs.begin(), inputs.end(), "island") - inputs.begin());
        QCOMPARE(explanation.cellText[island], data.table().column(*data.table().find("island")).display(5));

        // Predictions are the model's own.
        Issues issues;
        const Features features = predictor->pipeline().transform(data.table(), explanation.rows, false, issues);
        const Predictions raw = predictor->predict(features, OutputSpace::Raw, task);
        for (std::size_t i = 0; i < raw.values.size(); ++i)
            QVERIFY(std::abs(raw.values[i] - explanation.predictions[i]) < 1e-5);
    }

    void explainingIsRepeatableAndDoesNotDependOnTheRowsBeside()
    {
        const DataSet data = sample("iris.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.method = "leverage";
        const Explanation all = explainTable(*predictor, data.table(), {}, request, {}, task);
        QCOMPARE(all.rowCount(), std::size_t(150));
        request.rowBegin = 70;
        request.rowEnd = 71;
        const Explanation one = explainTable(*predictor, data.table(), {}, request, {}, task);
        for (std::size_t feature = 0; feature < 4; ++feature)
            QVERIFY(std::abs(one.value(0, 0, feature) - all.value(70, 0, feature)) < 1e-5);
        const Explanation again = explainTable(*predictor, data.table(), {}, request, {}, task);
        QVERIFY(again.values == one.values);
    }

    void limeExplainsRowsOneByOne()
    {
        const DataSet data = sample("penguins.csv"); // numbers and categories with gaps
        TrainRequest wanted = requestFor(data.table(), "species");
        wanted.train.epochs = 10;
        const TrainOutcome outcome = trained(data, wanted);
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.method = "lime";
        request.budget = 600;
        request.rowEnd = 9;
        request.limeFeatures = 2;
        const Explanation all = explainTable(*predictor, data.table(), {}, request, {}, task);
        QVERIFY(!all.additive);
        QCOMPARE(all.evaluations, std::uint64_t(600));
        QCOMPARE(all.modelRows, std::uint64_t(9 * 600));
        QCOMPARE(all.fit.size(), 9 * all.outputs.size());
        QVERIFY(all.toJson()["rows"][8]["fit"].size() == all.outputs.size());
        for (std::size_t row = 0; row < 9; ++row) {
            for (std::size_t output = 0; output < all.outputs.size(); ++output) {
                std::size_t kept = 0;
                for (std::size_t feature = 0; feature < all.features.size(); ++feature)
                    kept += all.value(row, output, feature) != 0.0 ? 1 : 0;
                QVERIFY(kept <= 2);
            }
        }
        request.space = OutputSpace::Probability;
        const Explanation probable = explainTable(*predictor, data.table(), {}, request, {}, task);
        QVERIFY(std::abs(std::accumulate(probable.predictions.begin(), probable.predictions.begin() + std::ptrdiff_t(probable.outputs.size()), 0.0) - 1.0) < 1e-5);
        request.space = OutputSpace::Raw;
        request.rowBegin = 7;
        request.rowEnd = 8;
        const Explanation one = explainTable(*predictor, data.table(), {}, request, {}, task);
        for (std::size_t i = 0; i < one.values.size(); ++i)
            QVERIFY(std::abs(one.values[i] - all.values[7 * one.values.size() + i]) < 1e-5);
        QVERIFY(explainTable(*predictor, data.table(), {}, request, {}, task).values == one.values);

        const ExplainCost cost = estimateExplainCost(*predictor, data.table(), {}, request, task);
        QCOMPARE(cost.modelRows, std::uint64_t(600));
        QVERIFY(cost.seconds > 0.0);

        const auto refused = [&](const ExplainRequest& bad) { return errorNameOf([&] { explainTable(*predictor, data.table(), {}, bad, {}, task); }); };
        ExplainRequest bad = request;
        bad.groups = {{"both", {"island", "sex"}}};
        QCOMPARE(refused(bad), std::string("OptionUnused"));
        bad = request;
        bad.budget = 7;
        QCOMPARE(refused(bad), std::string("OptionInvalid"));
        bad.budget = 1'000'000'000;
        QCOMPARE(refused(bad), std::string("OptionInvalid"));
        bad = request;
        bad.method = "leverage";
        QCOMPARE(refused(bad), std::string("OptionUnused"));
    }

    void badExplainRequests_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("begin");
        QTest::addColumn<int>("end");
        QTest::addColumn<int>("background");
        QTest::addColumn<QString>("error");
        QTest::newRow("range beyond the rows") << "leverage" << 0 << 570 << 100 << "RowRangeInvalid";
        QTest::newRow("empty range") << "leverage" << 5 << 5 << 100 << "RowRangeInvalid";
        QTest::newRow("backward range") << "leverage" << 9 << 5 << 100 << "RowRangeInvalid";
        QTest::newRow("no background") << "leverage" << 0 << 5 << 0 << "OptionInvalid";
        QTest::newRow("unknown method") << "magic" << 0 << 5 << 100 << "OptionInvalid";
        QTest::newRow("too many players") << "exact" << 0 << 5 << 100 << "TooManyPlayers";
    }

    void badExplainRequests()
    {
        QFETCH(QString, method);
        QFETCH(int, begin);
        QFETCH(int, end);
        QFETCH(int, background);
        QFETCH(QString, error);
        const DataSet data = sample("breast_cancer.csv"); // 30 players, 569 rows
        static const Bundle bundle = m_workspace->loadBundle(trained(data, requestFor(data.table())).version);
        const auto predictor = makePredictor(bundle);
        ExplainRequest request;
        request.method = method.toStdString();
        request.rowBegin = static_cast<std::size_t>(begin);
        request.rowEnd = static_cast<std::size_t>(end);
        request.background = static_cast<std::size_t>(background);
        Task task;
        QCOMPARE(errorNameOf([&] { explainTable(*predictor, data.table(), {}, request, {}, task); }), error.toStdString());
        QCOMPARE(errorNameOf([&] { estimateExplainCost(*predictor, data.table(), {}, request, task); }), error.toStdString());
    }

    void explainingCanBeCancelled()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.budget = 256;
        request.rowEnd = 500;
        request.background = 20;
        std::size_t calls = 0;
        QVERIFY_EXCEPTION_THROWN(explainTable(*predictor, data.table(), {}, request, [&](const Explanation&) {
            ++calls;
            task.cancel();
        }, task), Cancelled);
        QCOMPARE(calls, std::size_t(1));
    }

    void gradientsByColumnKeepWhatIsDone()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        ExplainRequest request;
        request.method = "expected-gradients";
        request.rowEnd = 500;
        request.background = 20;
        Task task;
        const Explanation part = explainTable(*predictor, data.table(), {}, request, [&](const Explanation&) { task.finish(); }, task);
        QVERIFY(part.rowCount() > 0 && part.rowCount() < 500);
        QCOMPARE(part.values.size(), part.rowCount() * part.features.size());
        QCOMPARE(part.method, std::string("expected-gradients"));

        // DeepLIFT over the same rows, whole: it adds up, and its first rows do not depend on how many there are.
        request.method = "deeplift";
        Task other;
        const Explanation all = explainTable(*predictor, data.table(), {}, request, {}, other);
        QCOMPARE(all.rowCount(), std::size_t(500));
        QVERIFY(all.additive && all.residual < 1e-9 && !all.ledger.empty());
        request.rowEnd = 3;
        const Explanation few = explainTable(*predictor, data.table(), {}, request, {}, other);
        for (std::size_t i = 0; i < few.values.size(); ++i)
            QVERIFY(std::abs(few.values[i] - all.values[i]) < 1e-9);
        const ExplainCost cost = estimateExplainCost(*predictor, data.table(), {}, request, other);
        QCOMPARE(cost.modelRows, std::uint64_t(3 * 20));
        QVERIFY(cost.seconds > 0.0);
    }

    /// Groups are players: what they are worth is not the sum of what their columns are, but both add up.
    void groupsOfColumnsAndTreesOfThem()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        const std::string first = predictor->pipeline().groups()[0].column, third = predictor->pipeline().groups()[2].column;
        ExplainRequest request;
        request.rowEnd = 6;
        request.background = 20;
        request.groups = {{"size", {first, third}}};
        request.budget = 300;
        Task task;
        for (const std::string method : {"leverage", "permutation", "partition"}) {
            request.method = method;
            const Explanation explanation = explainTable(*predictor, data.table(), {}, request, {}, task);
            QCOMPARE(explanation.features.size(), predictor->pipeline().groups().size() - 1);
            QCOMPARE(explanation.features.front(), std::string("size"));
            QCOMPARE(explanation.cellText.front(), data.table().column(*data.table().find(first)).display(0) + ", "
                                                       + data.table().column(*data.table().find(third)).display(0));
            QVERIFY(std::isnan(explanation.cellNumber.front()));
            QVERIFY2(explanation.residual < 1e-9, std::to_string(explanation.residual).c_str());
        }
        const auto refused = [&] {
            try {
                explainTable(*predictor, data.table(), {}, request, {}, task);
            } catch (const Error& error) {
                return std::string(errorName(error.code()));
            }
            return std::string();
        };
        request.groups = {{"size", {first, "no such column"}}};
        QCOMPARE(refused(), std::string("ColumnUnknown"));
        request.groups = {{"size", {first}}, {"more", {first, third}}};
        QCOMPARE(refused(), std::string("OptionInvalid"));
        request.groups = {{"size", {first, third}}};
        request.method = "deeplift";
        QCOMPARE(refused(), std::string("OptionUnused"));
        request.method = "pdp";
        QCOMPARE(refused(), std::string("OptionInvalid"));
    }

    void costIsToldBeforehand()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.budget = 512;
        request.rowEnd = 40;
        request.background = 50;
        const ExplainCost cost = estimateExplainCost(*predictor, data.table(), {}, request, task);
        const Explanation explanation = explainTable(*predictor, data.table(), {}, request, {}, task);
        QVERIFY(cost.modelRows >= explanation.modelRows && cost.modelRows <= explanation.modelRows * 12 / 10);
        QVERIFY(cost.seconds > 0.0);
    }

    void importance()
    {
        const DataSet data = sample("iris.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        const ImportanceResult result = importanceOfTable(*predictor, data.table(), 3, 1, task);
        QCOMPARE(result.columns.size(), std::size_t(4));
        QCOMPARE(result.metric, std::string("accuracy"));
    }

    void sameSeedSameBytes()
    {
        const DataSet data = sample("penguins.csv");
        TrainRequest request = requestFor(data.table(), "species");
        request.name = "twins";
        const std::string first = weightsHash(m_workspace->loadBundle(trained(data, request).version));
        const TrainOutcome second = trained(data, request);
        QCOMPARE(second.version.version, 2);
        QCOMPARE(weightsHash(m_workspace->loadBundle(second.version)), first);
        request.train.seed = 2;
        QVERIFY(weightsHash(m_workspace->loadBundle(trained(data, request).version)) != first);

        // A run can be run again from its record.
        TrainRequest again;
        again.pipeline = pipelineSpecFromJson(second.run.pipeline);
        again.split = splitSpecFromJson(second.run.split);
        again.train = trainSpecFromJson(second.run.settings);
        again.network = NetworkSpec::fromJson(second.run.network);
        again.name = "again";
        Task task;
        const DataSet reread = openData(second.run.data.at("path").get<std::string>(), csvOptionsFromJson(second.run.data.at("options")), task);
        QCOMPARE(weightsHash(m_workspace->loadBundle(trained(reread, again).version)), first);
    }

    void dataForAModel()
    {
        const DataSet data = sample("penguins.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table(), "species"));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        const Pipeline& pipeline = predictor->pipeline();
        Task task;

        // Columns in another order, one more, no target, one island that training never saw, and only numbers where the
        // training file had names: still the same types.
        std::vector<Column> columns;
        columns.push_back(Column::categories("note", std::vector<std::int32_t>(5, 0), {"seen from afar"}));
        const std::vector<std::size_t> rows = {0, 50, 100, 200, 300};
        for (std::size_t i = data.table().columnCount(); i-- > 0;) {
            const Column& column = data.table().column(i);
            if (column.name() == "species")
                continue;
            if (column.name() == "island")
                columns.push_back(Column::categories("island", {0, 0, 0, 0, 0}, {"7"}));
            else
                columns.push_back(column.select(rows));
        }
        const std::string csv = writeCsv(Table(std::move(columns)));
        const DataSet other = openDataForModel(write(m_dir, "other.csv", QByteArray::fromStdString(csv)), pipeline, task);
        QCOMPARE(other.table().column(*other.table().find("island")).type(), ColumnType::Category);
        const PredictOutcome predicted = predictTable(*predictor, other.table(), UnseenCategories::Allow, task);
        QCOMPARE(predicted.table.rows(), std::size_t(5));
        std::vector<std::string> told;
        for (const Issue& issue : predicted.issues)
            told.push_back(std::string(errorName(issue.code)));
        for (const char* expected : {"ColumnUnseenCategory", "ColumnExtra", "ColumnReordered"})
            QVERIFY2(std::find(told.begin(), told.end(), expected) != told.end(), expected);
        QCOMPARE(errorNameOf([&] { evaluateTable(*predictor, other.table(), task); }), std::string("ColumnMissing"));

        // A word where numbers are wanted, and a column that is not there.
        std::string broken = writeCsv(data.table());
        const std::size_t line = broken.find('\n', broken.find('\n') + 1);
        const std::string number = data.table().column(*data.table().find("body_mass_g")).display(1);
        broken.replace(broken.find(number, line), number.size(), "heavy");
        const auto path = write(m_dir, "broken.csv", QByteArray::fromStdString(broken));
        try {
            openDataForModel(path, pipeline, task);
            QFAIL("text was read as a number");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::ColumnTypeMismatch);
            QCOMPARE(fact(error.facts(), "column"), std::string("body_mass_g"));
            QCOMPARE(fact(error.facts(), "value"), std::string("heavy"));
            QCOMPARE(fact(error.facts(), "line"), std::string("3"));
        }
        const DataSet short_ = openDataForModel(write(m_dir, "short.csv", "island,year\nDream,2007\nBiscoe,2008\n"), pipeline, task);
        QCOMPARE(errorNameOf([&] { predictTable(*predictor, short_.table(), UnseenCategories::Allow, task); }), std::string("ColumnMissing"));
    }
};

QTEST_GUILESS_MAIN(TestWorkbench)
#include "tst_workbench.moc"
