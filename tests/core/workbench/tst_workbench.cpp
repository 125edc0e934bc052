// The main job over the real engine and store: from a file to an explained, stored model.
#include "core/base/Hash.h"
#include "core/base/Random.h"
#include "core/data/CsvWriter.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/RunResources.h"
#include "core/workbench/RunSetup.h"
#include "tests/core/workbench/Samples.h"

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

std::string weightsHash(const Bundle& bundle)
{
    return sha256(bundleFiles(bundle).at("model.safetensors"));
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
