#include "core/engine/NetworkPredictor.h"
#include "core/workbench/ExplainTable.h"
#include "tests/support/TestSupport.h"
#include "ui/session/Session.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

using namespace limpid;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double slower = 6.0; ///< what sanitizers cost is not the window's doing
#else
constexpr double slower = 1.0;
#endif
constexpr double longestWaitMs = 50.0 * slower;

/// Beats every few milliseconds on the GUI thread; the longest gap is how long the event loop made anyone wait.
class Heartbeat
{
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_gaps.push_back(static_cast<double>(m_clock.nsecsElapsed()) / 1e6);
            m_clock.restart();
        });
    }
    void start()
    {
        m_gaps.clear();
        m_clock.start();
        m_timer.start(5);
    }
    double longest() const { return m_gaps.empty() ? 1e9 : *std::max_element(m_gaps.begin(), m_gaps.end()); }
    std::size_t beats() const { return m_gaps.size(); }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<double> m_gaps;
};

/// A thread that does nothing but wake every few milliseconds, from its making on: how long a busy machine lets anyone wait.
class Bystander
{
public:
    /// Milliseconds.
    double longest()
    {
        m_thread.request_stop();
        m_thread.join();
        return m_longest;
    }

private:
    double m_longest = 0.0;
    std::jthread m_thread{[this](const std::stop_token& stop) {
        QElapsedTimer clock;
        clock.start();
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            m_longest = std::max(m_longest, static_cast<double>(clock.nsecsElapsed()) / 1e6);
            clock.restart();
        }
    }};
};

} // namespace

class tst_event_loop : public QObject
{
    Q_OBJECT

private slots:
    void neverWaitsWhileTrainingAndExplaining()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        const QTemporaryDir folder;
        Theme theme(qApp);
        JobQueue queue(JobQueue::Options{}); // as the window has it
        JobRunner runner(queue);
        Session session(runner, nullptr);
        WindowOptions options;
        options.settingsFile = folder.filePath("window.ini");
        MainWindow window(session, theme, options);
        window.resize(1440, 900);
        window.show();
        session.openWorkspace(folder.filePath("workspace"));
        window.openPath(QString::fromStdString(test::project("resources/samples/penguins.csv").string()));
        QTRY_VERIFY(session.plan());

        // A model to explain.
        TrainRequest request = session.request();
        request.pipeline.target = "species";
        request.train.epochs = 2;
        session.setRequest(request, "short");
        QTRY_VERIFY(session.plan() && session.plan()->pipeline.spec().target == "species");
        session.startTraining();
        QTRY_VERIFY_WITH_TIMEOUT(!session.liveRun()->running, 60000);
        QVERIFY(session.liveRun()->outcome);
        const ModelVersion version = session.liveRun()->outcome->version;

        request.train.epochs = 100'000;
        request.train.patience = 0;
        session.setRequest(request, "long");
        QTRY_VERIFY(session.plan());
        window.showPage("train");
        QTest::qWait(300); // the page is made once; that is not what is measured
        std::atomic<int> explained{0};
        JobRunner::Options explaining;
        explaining.kind = "explain";
        explaining.lane = JobQueue::Lane::Background;
        const std::uint64_t explainJob = runner.run(
            explaining, &session,
            [&explained, workspace = session.workspace(), data = session.data(), version](Task& task) {
                const std::unique_ptr<Predictor> predictor = makePredictor(workspace->loadBundle(version));
                ExplainRequest explain;
                explain.method = "permutation";
                explain.budget = 200;
                for (;; ++explained)
                    explainTable(*predictor, data->table(), {}, explain, {}, task);
                return true;
            },
            [](bool) {}, [](const std::exception_ptr&) { QFAIL("explaining failed"); });
        QVERIFY(session.startTraining(std::vector(4, request)));
        QTRY_VERIFY_WITH_TIMEOUT(session.liveRun()->running && session.liveRun()->epochs.size() > 1, 30000);

        Heartbeat heartbeat;
        for (const bool explains : {true, false}) { // then the runs have all cores
            Bystander bystander;
            heartbeat.start();
            QTest::qWait(3000);
            const double machine = bystander.longest(); // which other programs may keep busy, too
            qInfo("longest wait %.1f ms, of a thread of its own %.1f ms, over %zu beats; %zu epochs trained, %d explanations, %zu runs", heartbeat.longest(),
                  machine, heartbeat.beats(), session.liveRun()->epochs.size(), explained.load(), session.liveRuns().size());
            QCOMPARE(session.liveRuns().size(), std::size_t(4));
            QVERIFY2(heartbeat.longest() <= longestWaitMs + machine, qPrintable(QString("%1 ms").arg(heartbeat.longest())));
            if (explains)
                queue.cancel(explainJob);
        }

        QElapsedTimer closing;
        closing.start();
        window.close();
        while (!queue.jobs().empty() && closing.elapsed() < 10000)
            QTest::qSleep(5);
        QVERIFY2(static_cast<double>(closing.elapsed()) < 2000 * slower,
                 qPrintable(QString("closing took %1 ms").arg(closing.elapsed())));
    }
};

QTEST_MAIN(tst_event_loop)
#include "tst_event_loop.moc"
