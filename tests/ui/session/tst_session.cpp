#include "tests/support/TestSupport.h"
#include "ui/session/Session.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace limpid;

namespace {

/// A session on a workspace of its own, as app/gui builds it.
struct Bench {
    explicit Bench(const QString& folder) : runner(queue), session(runner, nullptr)
    {
        session.openWorkspace(folder);
    }
    ~Bench() { session.close(); }

    JobQueue queue;
    JobRunner runner;
    Session session;
};

QString penguins() { return QString::fromStdString(test::project("resources/samples/penguins.csv").string()); }

bool isSettled(const Session& session)
{
    return session.data() && !session.isOpening() && session.plan() && !session.profiles().empty();
}

ColumnType typeOf(const Session& session, const char* column)
{
    return session.data()->table().column(*session.data()->table().find(column)).type();
}

} // namespace

class tst_session : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void opensAFile()
    {
        Bench bench(m_folder->path());
        QSignalSpy failures(&bench.session, &Session::failed);
        bench.session.openFile(penguins());
        QVERIFY(bench.session.isOpening());
        QTRY_VERIFY(isSettled(bench.session));
        QCOMPARE(bench.session.data()->table().rows(), std::size_t(344)); // penguins: 344 birds
        QCOMPARE(bench.session.profiles().size(), bench.session.data()->table().columnCount());
        QVERIFY(!bench.session.request().pipeline.target.empty());
        QVERIFY(!bench.session.network().nodes.empty());
        QCOMPARE(bench.session.recentFiles(), QStringList{penguins()});
        QCOMPARE(failures.size(), 0);
    }

    void valuesOfPagesAreKeptInTheirOrder()
    {
        const std::filesystem::path folder(m_folder->path().toStdString());
        {
            Bench bench(m_folder->path());
            QTRY_VERIFY(bench.session.isReady());
            for (int i = 0; i < 50; ++i) {
                bench.session.keepValue("page", i);
                if (i == 25)
                    bench.queue.cancelAll(); // it is begun anew
            }
            const Workspace other(folder);
            QTRY_VERIFY(other.value("page") == 49);
            bench.session.keepValue("page", 50);
            bench.session.keepValue("page", 51);
        }
        QVERIFY(Workspace(folder).value("page") == 51); // as the window was closed at once
    }

    void aFileThatIsNotThereLeavesWhatIsOpen()
    {
        Bench bench(m_folder->path());
        bench.session.openFile(penguins());
        QTRY_VERIFY(isSettled(bench.session));
        QSignalSpy failures(&bench.session, &Session::failed);
        bench.session.openFile(m_folder->filePath("none.csv"));
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(!failures.front().front().toString().isEmpty());
        QVERIFY(!bench.session.isOpening());
        QCOMPARE(bench.session.filePath(), penguins());
        QCOMPARE(bench.session.data()->table().rows(), std::size_t(344));
    }

    void theLastFileAskedForWins()
    {
        Bench bench(m_folder->path());
        const auto other = test::write(*m_folder, "other.csv", "a,b\n1,x\n2,y\n3,x\n4,y\n5,x\n6,y\n");
        bench.session.openFile(penguins());
        bench.session.openFile(QString::fromStdString(other.string()));
        QTRY_VERIFY(bench.session.data() && !bench.session.isOpening());
        QCOMPARE(bench.session.data()->table().rows(), std::size_t(6));
        QTest::qWait(200);
        QCOMPARE(bench.session.data()->table().rows(), std::size_t(6));
    }

    void typeChangesAreUndone()
    {
        Bench bench(m_folder->path());
        bench.session.openFile(penguins());
        QTRY_VERIFY(isSettled(bench.session));
        QCOMPARE(typeOf(bench.session, "body_mass_g"), ColumnType::Number);
        bench.session.setColumnType("body_mass_g", ColumnType::Text);
        QTRY_COMPARE(typeOf(bench.session, "body_mass_g"), ColumnType::Text);
        bench.session.undoStack().undo();
        QTRY_COMPARE(typeOf(bench.session, "body_mass_g"), ColumnType::Number);
        bench.session.undoStack().redo();
        QTRY_COMPARE(typeOf(bench.session, "body_mass_g"), ColumnType::Text);
    }

    void whatMeansMissingIsChangedAndUndone()
    {
        const QString file = m_folder->filePath("marked.csv");
        QByteArray bytes = "a,gone,y\n";
        for (int i = 0; i < 40; ++i)
            bytes += (i == 7 ? QByteArray("inf") : QByteArray::number(i)) + ",," + (i % 2 ? "no" : "yes") + '\n';
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(bytes);
        out.close();

        Bench bench(m_folder->path());
        bench.session.openFile(file);
        QTRY_VERIFY(isSettled(bench.session));
        // Nothing can be learnt from a column without values, so it is left out from the start.
        QCOMPARE(bench.session.request().pipeline.ignored, (std::vector<std::string>{"gone"}));
        const auto refused = [&] {
            const Issues& issues = bench.session.plan()->issues;
            return std::any_of(issues.begin(), issues.end(), [](const Issue& issue) {
                return issue.code == ErrorCode::ColumnNotFinite && issue.severity == Severity::Error;
            });
        };
        QVERIFY(refused());
        bench.session.setMissingMarks("a", {"inf"});
        QTRY_VERIFY(isSettled(bench.session));
        QVERIFY(!refused());
        QCOMPARE(bench.session.missingMarks("a"), QStringList{"inf"});
        bench.session.undoStack().undo();
        QTRY_VERIFY(isSettled(bench.session));
        QVERIFY(refused());
        QCOMPARE(bench.session.missingMarks("a"), QStringList());
    }

    void aTypeThatDoesNotFitIsTakenBack()
    {
        Bench bench(m_folder->path());
        bench.session.openFile(penguins());
        QTRY_VERIFY(isSettled(bench.session));
        QSignalSpy failures(&bench.session, &Session::failed);
        bench.session.setColumnType("species", ColumnType::Number);
        QTRY_COMPARE(failures.size(), 1);
        QCOMPARE(typeOf(bench.session, "species"), ColumnType::Category);
        QVERIFY(!bench.session.undoStack().canUndo());
        QVERIFY(!bench.session.undoStack().canRedo());
    }

    void editsOfTheSetUpAreUndoneAndMerged()
    {
        Bench bench(m_folder->path());
        bench.session.openFile(penguins());
        QTRY_VERIFY(isSettled(bench.session));
        const std::string before = bench.session.request().pipeline.target;
        bench.session.setTarget("island");
        QCOMPARE(bench.session.request().pipeline.target, std::string("island"));
        bench.session.setIgnored("year", true);
        QCOMPARE(bench.session.request().pipeline.ignored, std::vector<std::string>{"year"});
        for (const double rate : {0.1, 0.2, 0.3}) {
            TrainRequest request = bench.session.request();
            request.train.learningRate = rate;
            bench.session.setRequest(request, "rate", 7);
        }
        QCOMPARE(bench.session.undoStack().count(), 3);
        bench.session.undoStack().undo();
        QCOMPARE(bench.session.request().train.learningRate, TrainSpec().learningRate);
        bench.session.undoStack().undo();
        QVERIFY(bench.session.request().pipeline.ignored.empty());
        bench.session.undoStack().undo();
        QCOMPARE(bench.session.request().pipeline.target, before);
        QTRY_VERIFY(bench.session.plan());
        QCOMPARE(bench.session.plan()->pipeline.spec().target, before);
    }

    void anUnusableTargetIsExplained()
    {
        Bench bench(m_folder->path());
        const auto file = test::write(*m_folder, "one.csv", "a,b\n1,x\n2,x\n3,x\n4,x\n5,x\n6,x\n");
        bench.session.openFile(QString::fromStdString(file.string()));
        QTRY_VERIFY(bench.session.data());
        bench.session.setTarget("b");
        QTRY_VERIFY(!bench.session.planProblem().isEmpty());
        QVERIFY(!bench.session.plan());
        QSignalSpy failures(&bench.session, &Session::failed);
        bench.session.startTraining();
        QCOMPARE(failures.size(), 1);
        QVERIFY(!bench.session.liveRun());
    }

    void trainsAndKeepsAVersion()
    {
        Bench bench(m_folder->path());
        bench.session.openFile(penguins());
        QTRY_VERIFY(isSettled(bench.session));
        TrainRequest request = bench.session.request();
        request.pipeline.target = "species";
        request.train.epochs = 3;
        bench.session.setRequest(request, "three epochs");
        QTRY_VERIFY(bench.session.plan() && bench.session.plan()->pipeline.spec().target == "species");
        QSignalSpy ended(&bench.session, &Session::trainingEnded);
        bench.session.startTraining();
        QVERIFY(bench.session.liveRun()->running);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 60000);
        const LiveRun& live = *bench.session.liveRun();
        QVERIFY2(live.failure.isEmpty(), qPrintable(live.failure));
        QVERIFY(live.outcome);
        QVERIFY(!live.running);
        QCOMPARE(live.epochs.size(), std::size_t(3));
        QCOMPARE(live.losses.size(), live.outcome->result.steps);
        QVERIFY(live.gradients.size() == live.start.layers.size() && !live.gradients.empty());
        QTRY_COMPARE(bench.session.models().size(), std::size_t(1));
        QCOMPARE(bench.session.runs().size(), std::size_t(1));
        QCOMPARE(bench.session.runs().front().id, live.id);
    }

    void stopsAndKeeps()
    {
        Bench bench(m_folder->path());
        bench.session.openFile(penguins());
        QTRY_VERIFY(isSettled(bench.session));
        TrainRequest request = bench.session.request();
        request.train.epochs = 10000;
        request.train.patience = 0;
        bench.session.setRequest(request, "long");
        QTRY_VERIFY(bench.session.plan());
        bench.session.startTraining();
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.liveRun()->epochs.size() > 2, 30000);
        bench.session.stopAndKeep();
        QTRY_VERIFY_WITH_TIMEOUT(!bench.session.liveRun()->running, 10000);
        QVERIFY(bench.session.liveRun()->outcome);
        QCOMPARE(bench.session.liveRun()->outcome->run.status, RunStatus::Stopped);
        QTRY_COMPARE(bench.session.models().size(), std::size_t(1));
    }

    /// With one worker: the first trains, the second waits, the third is taken out of the queue before it begins.
    void severalRunsAtOnce()
    {
        Bench bench(m_folder->path());
        Session& session = bench.session;
        session.openFile(penguins());
        QTRY_VERIFY(isSettled(session));
        TrainRequest request = session.request();
        request.train.epochs = 10000;
        request.train.patience = 0;
        TrainRequest shorter = request;
        shorter.train.epochs = 2;
        QSignalSpy watched(&session, &Session::watchedRunChanged);
        QVERIFY(session.startTraining({request, shorter, request}));
        const auto runs = session.liveRuns();
        QCOMPARE(runs.size(), std::size_t(3));
        QCOMPARE(session.liveRun(), runs[0]);
        QTRY_VERIFY_WITH_TIMEOUT(runs[0]->epochs.size() > 2, 30000);
        QVERIFY(!runs[1]->started);
        session.watch(runs[2]);
        session.stopAndKeep();
        QTRY_VERIFY(!runs[2]->running);
        QVERIFY(runs[2]->failure.isEmpty() && !runs[2]->outcome && runs[2]->id == 0);
        QCOMPARE(session.liveRun(), runs[2]); // what is shown does not change by itself
        session.watch(runs[0]);
        session.setPaused(true); // makes room for the second
        QVERIFY(runs[0]->isPaused());
        QTRY_VERIFY_WITH_TIMEOUT(runs[1]->outcome, 30000);
        QCOMPARE(runs[1]->epochs.size(), std::size_t(2));
        QVERIFY(runs[0]->running);
        QVERIFY(session.isLive(runs[0]->id) && !session.isLive(runs[1]->id));
        const std::size_t epochs = runs[0]->epochs.size();
        session.setPaused(false);
        QTRY_VERIFY_WITH_TIMEOUT(runs[0]->epochs.size() > epochs, 30000);
        session.stopAndKeep();
        QTRY_VERIFY_WITH_TIMEOUT(runs[0]->outcome, 30000);
        QVERIFY(session.liveRuns().empty());
        QCOMPARE(watched.size(), 3);
        QTRY_COMPARE(session.runs().size(), std::size_t(2));
    }

    /// What is told of it is its own, whatever table is open meanwhile.
    void aResumedRunKnowsItself()
    {
        Bench bench(m_folder->path());
        Session& session = bench.session;
        session.openFile(penguins());
        QTRY_VERIFY(isSettled(session));
        TrainRequest request = session.request();
        request.pipeline.target = "species";
        request.train.epochs = 2;
        QVERIFY(session.startTraining({request}));
        QTRY_VERIFY_WITH_TIMEOUT(session.liveRun()->outcome, 30000);
        const std::size_t rows = session.liveRun()->outcome->rows;
        QTRY_COMPARE(session.runs().size(), std::size_t(1));
        const auto other = test::write(*m_folder, "other.csv", "a,b\n1,1.5\n2,2.5\n3,3.5\n4,4.5\n5,5.5\n6,6.5\n");
        session.openFile(QString::fromStdString(other.string()));
        QTRY_COMPARE(session.data()->table().rows(), std::size_t(6));
        session.resumeTraining(session.runs().front(), 4);
        const auto live = session.liveRun();
        QTRY_VERIFY_WITH_TIMEOUT(live->outcome, 30000);
        QCOMPARE(live->started->task, TaskKind::MultiClass);
        QCOMPARE(live->started->classes, (std::vector<std::string>{"Adelie", "Chinstrap", "Gentoo"}));
        QCOMPARE(live->started->rows, rows);
        QCOMPARE(live->epochs.size(), std::size_t(4));
        QCOMPARE(live->losses.size(), live->outcome->result.steps); // those of its past among them
    }

    void isAsItWasLeftAfterARestart()
    {
        {
            Bench bench(m_folder->path());
            bench.session.openFile(penguins());
            QTRY_VERIFY(isSettled(bench.session));
            bench.session.setColumnType("year", ColumnType::Category);
            QTRY_COMPARE(typeOf(bench.session, "year"), ColumnType::Category);
            bench.session.setTarget("island");
            bench.session.setIgnored("year", true);
            NetworkSpec network = bench.session.network();
            QVERIFY(!network.nodes.empty());
            network.nodes.front().x = 77;
            bench.session.setNetwork(network, "move");
            bench.session.setViewValue("page", "train");
        }
        Bench bench(m_folder->path());
        QSignalSpy failures(&bench.session, &Session::failed);
        QTRY_VERIFY(isSettled(bench.session));
        QCOMPARE(bench.session.filePath(), penguins());
        QCOMPARE(typeOf(bench.session, "year"), ColumnType::Category);
        QCOMPARE(bench.session.request().pipeline.target, std::string("island"));
        QCOMPARE(bench.session.request().pipeline.ignored, std::vector<std::string>{"year"});
        QVERIFY(bench.session.request().network);
        QCOMPARE(bench.session.network().nodes.front().x, 77.0);
        QCOMPARE(bench.session.viewValue("page").get<std::string>(), std::string("train"));
        QCOMPARE(failures.size(), 0);
    }

    void aWorkspaceThatCannotBeOpenedIsTold()
    {
        const auto file = test::write(*m_folder, "a-file", "not a folder");
        Bench bench(QString::fromStdString(file.string()));
        QSignalSpy failures(&bench.session, &Session::workspaceFailed);
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(!bench.session.isReady());
        bench.session.openWorkspace(m_folder->filePath("fresh"));
        QTRY_VERIFY(bench.session.isReady());
    }

    void answersDoNotReachTheDead()
    {
        JobQueue queue;
        JobRunner runner(queue);
        bool answered = false;
        {
            QObject receiver;
            runner.run({}, &receiver, [](Task&) { return 1; }, [&](int) { answered = true; }, [](std::exception_ptr) {});
        }
        QTest::qWait(100);
        QVERIFY(!answered);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(tst_session)
#include "tst_session.moc"
