// Training runs killed with SIGKILL at random steps, and gone on with. The victim is this program itself, started again with
// arguments; it kills itself from within a step, so that the moment is known.
#include "core/base/Random.h"
#include "core/jobs/JobQueue.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <QCoreApplication>
#include <QProcess>

#include <atomic>
#include <cmath>
#include <csignal>
#include <mutex>
#include <thread>

using namespace limpid;
using namespace limpid::test;

namespace {

constexpr int epochs = 6;
constexpr int stepsAnEpoch = 8;

/// Settings by name, so that the victim can be told them.
TrainRequest requestFor(const std::string& settings)
{
    TrainRequest request;
    request.pipeline.target = "species";
    nlohmann::json json = nlohmann::json::parse(settings);
    json["epochs"] = epochs;
    json["batch_size"] = 32;
    json["patience"] = 0;
    request.train = trainSpecFromJson(json);
    request.name = "model";
    request.checkpointSeconds = 0.0; // whenever the writer is ready for one
    return request;
}

DataSet penguins()
{
    Task task;
    return openData(project("resources/samples/penguins.csv"), {}, task);
}

/// Kills the process at its `step`-th step, of all runs; 0: never.
TrainOutcome trainPenguins(Workspace& workspace, const std::string& settings, std::int64_t step)
{
    Task task;
    TrainObserver observer;
    static std::atomic<std::int64_t> taken{0};
    observer.onStep = [step](const StepRecord&) {
        if (++taken == step)
            std::raise(SIGKILL);
        if (step > 0) // so that the disk keeps pace with steps of a fraction of a millisecond
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
    };
    return trainModel(workspace, penguins(), requestFor(settings), observer, {}, task);
}

const std::vector<std::string> queued{R"({"seed":1})", R"({"seed":2,"optimizer":"SGD"})", R"({"seed":3,"schedule":"plateau","plateau_patience":0})"};

/// Trains them two at a time.
void trainQueue(Workspace& workspace, std::int64_t step)
{
    JobQueue queue(JobQueue::Options{2, nullptr, 0.0});
    std::vector<JobQueue::Job> jobs;
    for (const std::string& settings : queued) {
        JobQueue::Job job;
        job.work = [&workspace, settings, step](Task&) { trainPenguins(workspace, settings, step); };
        jobs.push_back(std::move(job));
    }
    queue.submitAll(std::move(jobs));
    while (!queue.jobs().empty())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

/// All that a run leaves behind but times: its points by series, and the bytes of its weights.
struct Traces {
    std::map<std::string, std::vector<std::pair<std::int64_t, double>>> curves;
    std::string weights;
    bool operator==(const Traces&) const = default;
};

Traces tracesOf(const Workspace& workspace, const TrainOutcome& outcome)
{
    Traces traces;
    for (const std::string& series : workspace.curveNames(outcome.run.id))
        for (const CurvePoint& point : workspace.curve(outcome.run.id, series))
            traces.curves[series].emplace_back(point.step, std::isnan(point.value) ? -1.0 : point.value);
    traces.weights = writeSafetensors(workspace.loadBundle(outcome.version).weights);
    return traces;
}

std::string describe(const Traces& ours, const Traces& expected)
{
    for (const auto& [series, points] : expected.curves) {
        const auto found = ours.curves.find(series);
        if (found == ours.curves.end())
            return "no " + series;
        for (std::size_t i = 0; i < points.size(); ++i)
            if (i >= found->second.size() || found->second[i] != points[i])
                return series + " differs at point " + std::to_string(i) + " of " + std::to_string(points.size()) + ", ours has "
                    + std::to_string(found->second.size());
    }
    return ours.weights == expected.weights ? "more points" : "other weights";
}

} // namespace

class TestResume : public QObject
{
    Q_OBJECT

private slots:
    /// Byte for byte what the uninterrupted run gives, weights and curves.
    void killedAndGoneOnWith_data()
    {
        QTest::addColumn<QString>("settings");
        QTest::addColumn<int>("step");
        Random random(1, "steps");
        const auto step = [&] { return 1 + static_cast<int>(random.below(epochs * stepsAnEpoch - 1)); };
        for (const char* optimizer : {"SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "L-BFGS"})
            for (const char* schedule : {"constant", "step", "exponential", "cosine", "one-cycle", "plateau"})
                QTest::newRow(qPrintable(QString("%1, %2").arg(optimizer, schedule)))
                    << QString(R"({"optimizer":"%1","schedule":"%2","plateau_patience":0})").arg(optimizer, schedule) << step();
        for (const char* more : {R"("ema_decay":0.9)", R"("accumulation":2,"batch_size":16)", R"("sampling":"balanced","class_weights":"balanced")",
                                 R"("label_smoothing":0.1,"clip_norm":0.5,"l1":0.001)", R"("loss":"focal","warmup":0.2,"schedule":"cosine")",
                                 R"("momentum":0.8,"nesterov":true,"optimizer":"SGD")"})
            QTest::newRow(more) << QString("{%1}").arg(more) << step();
        for (int i = 0; i < 8; ++i)
            QTest::newRow(qPrintable(QString("once more, %1").arg(i))) << QString(R"({"seed":%1})").arg(i) << step();
    }
    void killedAndGoneOnWith()
    {
        QFETCH(QString, settings);
        QFETCH(int, step);
        const QTemporaryDir dir;
        Workspace uninterrupted(dir.filePath("whole").toStdString());
        const Traces expected = tracesOf(uninterrupted, trainPenguins(uninterrupted, settings.toStdString(), 0));

        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(), {"--victim", dir.filePath("killed"), settings, QString::number(step)});
        QVERIFY(victim.waitForFinished(60'000));
        QCOMPARE(victim.exitStatus(), QProcess::CrashExit);

        Workspace workspace(dir.filePath("killed").toStdString());
        QCOMPARE(workspace.runs().front().status, RunStatus::Interrupted);
        if (const std::optional<RunState> state = workspace.state(1); state && state->step > 0)
            ++m_fromTheMiddle;
        Task task;
        const TrainOutcome outcome = resumeRun(workspace, {1, 0, 0.0}, {}, {}, task);
        QCOMPARE(outcome.run.status, RunStatus::Finished);
        const Traces ours = tracesOf(workspace, outcome);
        QVERIFY2(ours == expected, describe(ours, expected).c_str());
        QVERIFY(workspace.checkHealth().clean());
    }

    /// Else the rows above would show nothing but that a start is a start.
    void mostHadAStateToGoOnFrom() { QVERIFY2(m_fromTheMiddle >= 30, qPrintable(QString::number(m_fromTheMiddle))); }

    /// Several at once from a queue, into one workspace: killed together, and gone on with together.
    void queueKilledAndGoneOnWith_data()
    {
        QTest::addColumn<int>("step");
        Random random(2, "steps");
        for (int i = 0; i < 10; ++i)
            QTest::newRow(qPrintable(QString::number(i))) << 1 + static_cast<int>(random.below(queued.size() * epochs * stepsAnEpoch - 1));
    }
    void queueKilledAndGoneOnWith()
    {
        QFETCH(int, step);
        const QTemporaryDir dir;
        Workspace uninterrupted(dir.filePath("whole").toStdString());
        std::vector<Traces> expected;
        for (const std::string& settings : queued)
            expected.push_back(tracesOf(uninterrupted, trainPenguins(uninterrupted, settings, 0)));

        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(), {"--victims", dir.filePath("killed"), QString::number(step)});
        QVERIFY(victim.waitForFinished(60'000));
        QCOMPARE(victim.exitStatus(), QProcess::CrashExit);

        Workspace workspace(dir.filePath("killed").toStdString());
        std::vector<JobQueue::Job> jobs;
        std::mutex mutex;
        std::map<std::string, TrainOutcome> outcomes; // by seed: the order of the runs is the queue's affair
        for (const RunRecord& run : workspace.runs()) {
            QVERIFY(run.status != RunStatus::Running);
            JobQueue::Job job;
            job.work = [&workspace, &mutex, &outcomes, run](Task& task) {
                TrainOutcome outcome;
                if (run.status == RunStatus::Finished) // before the kill
                    outcome.run = run, outcome.version = workspace.resolve("run:" + std::to_string(run.id));
                else
                    outcome = resumeRun(workspace, {run.id, 0, 0.0}, {}, {}, task);
                const std::lock_guard lock(mutex);
                outcomes[run.settings.at("seed").dump()] = outcome;
            };
            jobs.push_back(std::move(job));
        }
        const std::size_t begun = jobs.size();
        {
            JobQueue queue(JobQueue::Options{2, nullptr, 0.0});
            queue.submitAll(std::move(jobs));
            QTRY_VERIFY_WITH_TIMEOUT(queue.jobs().empty(), 60'000);
        }
        QCOMPARE(outcomes.size(), begun);
        for (std::size_t i = 0; i < queued.size(); ++i) {
            const auto outcome = outcomes.find(nlohmann::json::parse(queued[i]).at("seed").dump());
            if (outcome == outcomes.end())
                continue; // it was waiting still
            const Traces ours = tracesOf(workspace, outcome->second);
            QVERIFY2(ours == expected[i], describe(ours, expected[i]).c_str());
        }
        QVERIFY(workspace.checkHealth().clean());
    }

    /// Stopped, then given what was left; and a finished one given more.
    void stoppedThenGoneOnWith()
    {
        const QTemporaryDir dir;
        Workspace uninterrupted(dir.filePath("whole").toStdString());
        const std::string settings = R"({"schedule":"constant"})";
        const Traces expected = tracesOf(uninterrupted, trainPenguins(uninterrupted, settings, 0));

        Workspace workspace(dir.filePath("stopped").toStdString());
        Task stopping;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& record) {
            if (record.step == 20)
                stopping.finish();
        };
        const TrainOutcome stopped = trainModel(workspace, penguins(), requestFor(settings), observer, {}, stopping);
        QCOMPARE(stopped.run.status, RunStatus::Stopped);
        Task task;
        const TrainOutcome outcome = resumeRun(workspace, {stopped.run.id, 0, 2.0}, {}, {}, task);
        QCOMPARE(outcome.run.status, RunStatus::Finished);
        QCOMPARE(outcome.version.version, 2);
        const Traces ours = tracesOf(workspace, outcome);
        QVERIFY2(ours == expected, describe(ours, expected).c_str());

        QCOMPARE(errorNameOf([&] { resumeRun(workspace, {outcome.run.id, 0, 2.0}, {}, {}, task); }), std::string("RunComplete"));
        const TrainOutcome more = resumeRun(workspace, {outcome.run.id, epochs + 3, 2.0}, {}, {}, task);
        QCOMPARE(more.result.epochs, epochs + 3);
        QCOMPARE(workspace.curve(outcome.run.id, "epoch/train_loss").size(), static_cast<std::size_t>(epochs + 3));
        QCOMPARE(workspace.run(outcome.run.id).settings["epochs"].get<int>(), epochs + 3);
    }

    void pausesAndChangesItsRate()
    {
        const QTemporaryDir dir;
        Workspace workspace(dir.path().toStdString());
        TrainControl control;
        Task task;
        std::vector<double> rates;
        bool paused = false;
        std::thread waker;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& record) {
            rates.push_back(record.learningRate);
            if (record.step == 10) {
                control.setLearningRate(0.5);
                control.pause();
                waker = std::thread([&] {
                    // The state to go on from is stored while it waits.
                    for (int i = 0; i < 500 && !paused; ++i) {
                        const std::optional<RunState> state = workspace.state(1);
                        paused = state && state->step == 10;
                        std::this_thread::sleep_for(std::chrono::milliseconds(10));
                    }
                    control.proceed();
                });
            }
        };
        TrainRequest request = requestFor(R"({"schedule":"constant","learning_rate":0.01})");
        request.checkpointSeconds = 1e9;
        const TrainOutcome outcome = trainModel(workspace, penguins(), request, observer, {}, task, &control);
        waker.join();
        QVERIFY(paused);
        QCOMPARE(outcome.run.status, RunStatus::Finished);
        QCOMPARE(rates[9], 0.01);
        QCOMPARE(rates[10], 0.5);
        QCOMPARE(rates.back(), 0.5);
    }

    void otherDataIsRefused()
    {
        const QTemporaryDir dir;
        const std::filesystem::path file = write(dir, "data.csv", "a,y\n1,p\n2,q\n3,p\n4,q\n5,p\n6,q\n7,p\n8,q\n9,p\n1,q\n");
        Workspace workspace(dir.filePath("workspace").toStdString());
        Task task;
        TrainRequest request;
        request.pipeline.target = "y";
        request.train.epochs = 2;
        const std::int64_t run = trainModel(workspace, openData(file, {}, task), request, {}, {}, task).run.id;
        write(dir, "data.csv", "a,y\n1,p\n2,q\n3,p\n4,q\n5,p\n6,q\n7,p\n8,q\n9,p\n2,q\n");
        QCOMPARE(errorNameOf([&] { resumeRun(workspace, {run, 5, 2.0}, {}, {}, task); }), std::string("RunDataChanged"));
        QCOMPARE(errorNameOf([&] { resumeRun(workspace, {99, 5, 2.0}, {}, {}, task); }), std::string("RunUnknown"));
        QCOMPARE(workspace.run(run).status, RunStatus::Finished);
    }

private:
    int m_fromTheMiddle = 0;
};

int main(int argc, char** argv)
{
    if (argc == 5 && std::string_view(argv[1]) == "--victim") {
        Workspace workspace(argv[2]);
        trainPenguins(workspace, argv[3], std::stoll(argv[4]));
        return 0;
    }
    if (argc == 4 && std::string_view(argv[1]) == "--victims") {
        Workspace workspace(argv[2]);
        trainQueue(workspace, std::stoll(argv[3]));
        return 0;
    }
    QCoreApplication application(argc, argv);
    TestResume test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_resume.moc"
