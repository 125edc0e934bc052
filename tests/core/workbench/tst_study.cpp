// Studies over the real engine and store: cross-validation, repeats, ensembles, and what becomes of them when they are cut off.
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/RunSetup.h"
#include "core/workbench/Study.h"
#include "tests/support/TestSupport.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <thread>

using namespace limpid;
using namespace limpid::test;

namespace {

std::shared_ptr<const DataSet> penguins()
{
    Task task;
    return std::make_shared<const DataSet>(openData(project("resources/samples/penguins.csv"), {}, task));
}

TrainRequest requestFor(StudyKind kind, int parts)
{
    TrainRequest request;
    request.pipeline.target = "species";
    request.train.epochs = 4;
    request.train.patience = 0;
    request.name = "model";
    request.study = {kind, parts};
    return request;
}

Split splitOf(const RunRecord& run, const Table& table)
{
    return splitRows(table, run.pipeline.at("target").get<std::string>(), splitSpecFromJson(run.split));
}

double logLossOf(const Workspace& workspace, const std::string& reference, const Table& table, const std::vector<std::size_t>& rows)
{
    Task task;
    const auto predictor = makePredictor(workspace.loadBundle(workspace.resolve(reference)));
    return evaluateTable(*predictor, table.select(rows), task).metrics.values.at("log_loss");
}

double validationOf(const RunRecord& run, const char* metric)
{
    return run.metrics.at("validation").at(metric).get<double>();
}

} // namespace

class TestStudy : public QObject
{
    Q_OBJECT

private:
    const std::shared_ptr<const DataSet> m_data = penguins();
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Workspace> m_workspace;

    std::vector<RunRecord> begun(const TrainRequest& request)
    {
        Task task;
        return beginStudy(*m_workspace, *m_data, request, task);
    }
    TrainOutcome carriedOut(std::int64_t run, int epochs = 0)
    {
        Task task;
        return resumeRun(*m_workspace, {run, epochs, 2.0, m_data}, {}, {}, task);
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_workspace = std::make_unique<Workspace>(m_dir->path().toStdString());
    }

    void everyRowIsJudgedOnce()
    {
        const std::vector<RunRecord> runs = begun(requestFor(StudyKind::Folds, 5));
        QCOMPARE(runs.size(), std::size_t(5));
        std::vector<std::size_t> judged;
        for (const RunRecord& run : runs) {
            QCOMPARE(m_workspace->run(run.id).status, RunStatus::Waiting);
            const TrainOutcome outcome = carriedOut(run.id);
            QCOMPARE(outcome.version.version, 0);
            const RunRecord stored = m_workspace->run(run.id);
            QCOMPARE(stored.status, RunStatus::Finished);
            QCOMPARE(stored.study->study, runs.front().id);
            QCOMPARE(stored.study->part, static_cast<int>(&run - runs.data()) + 1);
            QCOMPARE(stored.study->parts, 5);
            QVERIFY(stored.study->kind == StudyKind::Folds);
            const Split split = splitOf(stored, m_data->table());
            judged.insert(judged.end(), split.validation.begin(), split.validation.end());
            // run:ID is the fold's own model, and gives the figures that the run was told to have.
            const std::string reference = "run:" + std::to_string(run.id);
            const double logLoss = logLossOf(*m_workspace, reference, m_data->table(), split.validation);
            QVERIFY(std::abs(logLoss - validationOf(stored, "log_loss")) < 1e-6);
        }
        std::sort(judged.begin(), judged.end());
        std::vector<std::size_t> all(m_data->table().rows());
        std::iota(all.begin(), all.end(), std::size_t(0));
        QVERIFY(judged == all); // the sample's target has no gaps
        QVERIFY(m_workspace->models().empty());
        QVERIFY(m_workspace->checkHealth().clean());
        const StudySummary summary = summarise(m_workspace->study(runs.front().id));
        QCOMPARE(summary.runs.size(), std::size_t(5));
        QCOMPARE(summary.validation.at("accuracy").count, 5);
    }

    /// What a run of a study records is all that makes it again, without any study.
    void aPartIsMadeAgainByItself()
    {
        for (const StudyKind kind : {StudyKind::Folds, StudyKind::Repeats}) {
            const TrainRequest request = requestFor(kind, 3);
            const std::vector<RunRecord> runs = begun(request);
            carriedOut(runs[1].id);
            const RunRecord run = m_workspace->run(runs[1].id);
            TrainRequest alone;
            alone.pipeline = pipelineSpecFromJson(run.pipeline);
            alone.split = splitSpecFromJson(run.split);
            alone.train = trainSpecFromJson(run.settings);
            alone.network = NetworkSpec::fromJson(run.network);
            Task task;
            const TrainOutcome outcome = trainModel(*m_workspace, *m_data, alone, {}, {}, task);
            QVERIFY(m_workspace->checkpoint(run.id) == outcome.result.weights);
            QVERIFY(outcome.version.version > 0);
        }
    }

    void repeatsDifferInTheirSeedAlone()
    {
        const std::vector<RunRecord> runs = begun(requestFor(StudyKind::Repeats, 3));
        for (std::size_t i = 0; i < runs.size(); ++i) {
            QCOMPARE(runs[i].split.dump(), runs[0].split.dump());
            QCOMPARE(runs[i].settings["seed"].get<std::size_t>(), 1 + i);
            nlohmann::json same = runs[i].settings;
            same["seed"] = 1;
            QCOMPARE(same.dump(), runs[0].settings.dump());
        }
    }

    void refusedBeforeAnythingIsRecorded()
    {
        // 68 chinstraps in the sample.
        QCOMPARE(errorNameOf([&] { begun(requestFor(StudyKind::Folds, 69)); }), std::string("FoldsTooMany"));
        QCOMPARE(errorNameOf([&] { begun(requestFor(StudyKind::Folds, 1)); }), std::string("OptionInvalid"));
        QCOMPARE(errorNameOf([&] { begun(requestFor(StudyKind::Once, 5)); }), std::string("OptionInvalid"));
        TrainRequest request = requestFor(StudyKind::Ensemble, 2);
        request.name = "no name";
        QCOMPARE(errorNameOf([&] { begun(request); }), std::string("NameInvalid"));
        QVERIFY(m_workspace->runs().empty());
    }

    /// By hand: 2, 4, 6 have mean 4 and deviation 2; t(0.975, 2) = 4.302653, t(0.975, 1) = 12.706205.
    void summary()
    {
        const auto run = [](int part, RunStatus status, const nlohmann::json& validation) {
            RunRecord record;
            record.id = part;
            record.status = status;
            record.metrics = {{"train", {{"rmse", 0.0}}}, {"validation", validation}};
            record.study = StudyPart{1, StudyKind::Repeats, part, 4};
            return record;
        };
        std::vector<RunRecord> runs{run(1, RunStatus::Finished, {{"rmse", 2.0}, {"r2", 0.5}}), run(2, RunStatus::Finished, {{"rmse", 4.0}, {"r2", nullptr}}),
                                    run(3, RunStatus::Finished, {{"rmse", 6.0}, {"r2", 0.7}}), run(4, RunStatus::Stopped, {{"rmse", 100.0}, {"r2", 9.0}})};
        const StudySummary repeats = summarise(runs);
        QCOMPARE(repeats.runs, (std::vector<std::int64_t>{1, 2, 3}));
        QCOMPARE(repeats.study.parts, 4);
        QCOMPARE(repeats.validation.at("rmse").mean, 4.0);
        QVERIFY(std::abs(repeats.validation.at("rmse").high - 4.0 - 4.302653 * 2.0 / std::sqrt(3.0)) < 1e-5);
        QCOMPARE(repeats.validation.at("r2").count, 2);
        QVERIFY(std::abs(repeats.validation.at("r2").low - (0.6 - 12.706205 * std::sqrt(0.02) / std::sqrt(2.0))) < 1e-5);
        // Four folds of which three are there: 1/3 + 1/3 of the variance.
        for (RunRecord& record : runs)
            record.study->kind = StudyKind::Folds;
        QVERIFY(std::abs(summarise(runs).validation.at("rmse").high - 4.0 - 4.302653 * 2.0 * std::sqrt(2.0 / 3.0)) < 1e-5);
    }

    void ensembleIsTheMeanOfItsMembers()
    {
        const std::vector<RunRecord> runs = begun(requestFor(StudyKind::Ensemble, 3));
        TrainOutcome last;
        for (const RunRecord& run : runs) {
            QVERIFY(m_workspace->models().empty());
            last = carriedOut(run.id);
        }
        QCOMPARE(last.version.version, 1);
        QCOMPARE(m_workspace->models().size(), std::size_t(1));
        const Table& table = m_data->table();
        const Split split = splitOf(runs.front(), table);
        const double ensemble = logLossOf(*m_workspace, "model@1", table, split.validation);
        QVERIFY(std::abs(ensemble - last.version.metrics.at("validation").at("log_loss").get<double>()) < 1e-6);
        // −log is convex, so the mean's loss is under the losses' mean (Jensen), strictly where members differ.
        double mean = 0.0;
        for (const RunRecord& run : runs)
            mean += logLossOf(*m_workspace, "run:" + std::to_string(run.id), table, split.validation) / 3.0;
        QVERIFY2(ensemble < mean, qPrintable(QString("%1 %2").arg(ensemble).arg(mean)));
        // It leaves and comes back whole.
        const Bundle bundle = m_workspace->loadBundle(m_workspace->resolve("model"));
        QCOMPARE(bundle.furtherMembers.size(), std::size_t(2));
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY((i == 0 ? bundle.weights : bundle.furtherMembers[i - 1]) == m_workspace->checkpoint(runs[i].id));
        writeBundle(bundle, m_dir->filePath("exported").toStdString());
        QVERIFY(bundleFiles(readBundle(m_dir->filePath("exported").toStdString())) == bundleFiles(bundle));
        QVERIFY(m_workspace->checkHealth().clean());
        QCOMPARE(errorNameOf([&] { carriedOut(runs[0].id); }), std::string("RunComplete"));
    }

    /// A member that was cut off, resumed later, gives what it would have given; the version comes with whoever finishes last.
    void resumedMemberCompletesTheEnsemble()
    {
        const std::vector<RunRecord> whole = begun(requestFor(StudyKind::Ensemble, 2));
        for (const RunRecord& run : whole)
            carriedOut(run.id);
        const std::vector<RunRecord> runs = begun(requestFor(StudyKind::Ensemble, 2));
        Task cancelled;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& step) {
            if (step.step == 40)
                cancelled.cancel();
        };
        QVERIFY_EXCEPTION_THROWN(resumeRun(*m_workspace, {runs[0].id, 0, 0.0, m_data}, observer, {}, cancelled), Cancelled);
        QCOMPARE(m_workspace->run(runs[0].id).status, RunStatus::Stopped);
        QCOMPARE(carriedOut(runs[1].id).version.version, 0);
        QCOMPARE(summarise(m_workspace->study(runs[0].id)).runs, std::vector<std::int64_t>{runs[1].id});
        QCOMPARE(carriedOut(runs[0].id).version.version, 2);
        const Bundle resumed = m_workspace->loadBundle(m_workspace->resolve("model@2")), uninterrupted = m_workspace->loadBundle(m_workspace->resolve("model@1"));
        QVERIFY(resumed.weights == uninterrupted.weights);
        QVERIFY(resumed.furtherMembers == uninterrupted.furtherMembers);
        // More epochs for a member are another ensemble.
        QCOMPARE(carriedOut(runs[1].id, 6).version.version, 3);
    }

    void membersThatEndAtTheSameTimeGiveOneVersion()
    {
        for (int round = 1; round <= 3; ++round) {
            const std::vector<RunRecord> runs = begun(requestFor(StudyKind::Ensemble, 4));
            std::vector<int> versions(runs.size());
            std::vector<std::thread> threads;
            for (std::size_t i = 0; i < runs.size(); ++i)
                threads.emplace_back([&, i] { versions[i] = carriedOut(runs[i].id).version.version; });
            for (std::thread& thread : threads)
                thread.join();
            QCOMPARE(std::accumulate(versions.begin(), versions.end(), 0), round);
            QCOMPARE(m_workspace->models().front().versions.size(), static_cast<std::size_t>(round));
        }
    }

    /// All have finished, but storing the ensemble was given up: the version is made good when a member is resumed.
    void missingVersionIsMadeGood()
    {
        const std::vector<RunRecord> runs = begun(requestFor(StudyKind::Ensemble, 2));
        carriedOut(runs[0].id);
        std::unique_ptr<Task> cancelled;
        cancelled = std::make_unique<Task>([&](const Task::Progress& progress) {
            if (progress.fraction >= 1.0) // the training is done
                cancelled->cancel();
        });
        QVERIFY_EXCEPTION_THROWN(resumeRun(*m_workspace, {runs[1].id, 0, 2.0, m_data}, {}, {}, *cancelled), Cancelled);
        QCOMPARE(m_workspace->run(runs[1].id).status, RunStatus::Finished);
        QVERIFY(m_workspace->models().empty());
        QCOMPARE(carriedOut(runs[0].id).version.version, 1);
        QCOMPARE(errorNameOf([&] { carriedOut(runs[0].id); }), std::string("RunComplete"));
    }

    void deletedRunsLeaveTheRest()
    {
        const std::vector<RunRecord> runs = begun(requestFor(StudyKind::Folds, 3));
        carriedOut(runs[1].id);
        m_workspace->deleteRun(runs[0].id);
        QCOMPARE(m_workspace->study(runs[0].id).size(), std::size_t(2));
        m_workspace->deleteRun(runs[1].id);
        QCOMPARE(errorNameOf([&] { m_workspace->resolve("run:" + std::to_string(runs[2].id)); }), std::string("VersionUnknown"));
        m_workspace->deleteRun(runs[2].id);
        const StoreHealth health = m_workspace->checkHealth();
        QVERIFY(health.clean());
        QCOMPARE(health.blobs, std::size_t(0));
    }

    void regressionToo()
    {
        TrainRequest request = requestFor(StudyKind::Ensemble, 2);
        request.pipeline.target = "body_mass_g";
        const std::vector<RunRecord> runs = begun(request);
        carriedOut(runs[0].id);
        const TrainOutcome outcome = carriedOut(runs[1].id);
        const Split split = splitOf(runs.front(), m_data->table());
        Task task;
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        const double rmse = evaluateTable(*predictor, m_data->table().select(split.validation), task).metrics.values.at("rmse");
        QVERIFY(std::abs(rmse - outcome.version.metrics.at("validation").at("rmse").get<double>()) < 1e-6 * rmse);
        // Nothing is lost by averaging: its squared error is at most the members' mean (Jensen again).
        double squared = 0.0;
        for (const RunRecord& run : runs)
            squared += 0.5 * std::pow(validationOf(m_workspace->run(run.id), "rmse"), 2);
        QVERIFY(rmse * rmse < squared);
    }
};

QTEST_GUILESS_MAIN(TestStudy)
#include "tst_study.moc"
