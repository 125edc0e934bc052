#include "core/base/Error.h"
#include "tests/support/TestSupport.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/PlotJob.h"
#include "ui/session/JobRunner.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QThread>

#include <atomic>

using namespace limpid;

namespace {

/// A plot that is known by its sentence.
std::unique_ptr<Plot> named(const QString& name) { return makeCurves({{name, {{0.0, 0.0}, {1.0, 1.0}}}}, "x", name); }

struct Bench {
    JobQueue queue;
    JobRunner jobs{queue};
    Theme theme{nullptr};
    PlotView view{theme};
    std::unique_ptr<PlotJob> plots = std::make_unique<PlotJob>(jobs, view);
    QSignalSpy shown{plots.get(), &PlotJob::shown};
    std::atomic<int> made{0};
    QSemaphore begun, mayEnd;

    /// Waits on the worker until it is told to go on.
    void askSlow(const QString& picture, const QString& name)
    {
        plots->ask(picture, [this, name] {
            begun.release();
            mayEnd.acquire();
            ++made;
            return named(name);
        });
    }
    void ask(const QString& picture, const QString& name)
    {
        plots->ask(picture, [this, name] {
            ++made;
            return named(name);
        });
    }
    bool shows(const QString& name) const { return view.plot() && view.plot()->sentence() == named(name)->sentence(); }
};

} // namespace

class TestPlotJob : public QObject
{
    Q_OBJECT
private slots:
    void laysOutOnAWorkerAndShowsOnce()
    {
        Bench bench;
        QThread* by = nullptr;
        bench.plots->ask("a", [&by] {
            by = QThread::currentThread();
            return named("one");
        });
        QVERIFY(!bench.view.plot()); // nobody waits for it
        QTRY_COMPARE(bench.shown.size(), 1);
        QVERIFY(bench.shows("one"));
        QVERIFY(by && by != QThread::currentThread());
    }

    void theOldOneStaysUntilTheNewOneIsThere()
    {
        Bench bench;
        bench.ask("a", "one");
        QTRY_VERIFY(bench.shows("one"));
        bench.askSlow("b", "two");
        bench.begun.acquire();
        QVERIFY(bench.shows("one"));
        bench.mayEnd.release();
        QTRY_VERIFY(bench.shows("two"));
        QCOMPARE(bench.shown.size(), 2);
    }

    void anotherPictureDropsWhatIsBeingLaidOut()
    {
        Bench bench;
        bench.askSlow("a", "one");
        bench.begun.acquire();
        bench.ask("b", "two");
        bench.mayEnd.release();
        QTRY_VERIFY(bench.shows("two"));
        QCOMPARE(bench.shown.size(), 1); // "one" was made, and never seen
        QCOMPARE(bench.made.load(), 2);
    }

    void rowsThatComeFastAreSeenAndOnlyTheNewestIsLaidOut()
    {
        Bench bench;
        bench.askSlow("a", "100 rows");
        bench.begun.acquire();
        bench.ask("a", "200 rows");
        bench.ask("a", "300 rows");
        bench.mayEnd.release();
        QTRY_VERIFY(bench.shows("300 rows"));
        QCOMPARE(bench.shown.size(), 2); // 100 rows came up first
        QCOMPARE(bench.made.load(), 2);  // 200 rows never were
    }

    void clearingDropsAll()
    {
        Bench bench;
        bench.ask("a", "zero");
        QTRY_VERIFY(bench.shows("zero"));
        bench.askSlow("a", "one");
        bench.begun.acquire();
        bench.ask("a", "two");
        bench.plots->clear();
        QVERIFY(!bench.view.plot());
        bench.mayEnd.release();
        QTRY_COMPARE(bench.made.load(), 2);
        // The same picture asked for again is of other data: what was under way before stays dropped.
        bench.ask("a", "three");
        QTRY_VERIFY(bench.shows("three"));
        QCOMPARE(bench.shown.size(), 2);
    }

    void goesAwayMeanwhile()
    {
        Bench bench;
        bench.askSlow("a", "one");
        bench.begun.acquire();
        bench.plots.reset();
        bench.mayEnd.release();
        QTRY_VERIFY(bench.queue.jobs().empty());
        QTest::qWait(20);
        QVERIFY(!bench.view.plot());
    }

    void aFailureIsToldAndTheNextOneComes()
    {
        Bench bench;
        QSignalSpy failed(bench.plots.get(), &PlotJob::failed);
        bench.plots->ask("a", []() -> std::unique_ptr<Plot> { throw Error(ErrorCode::OptionInvalid, {{"name", "plot"}, {"value", "x"}, {"expected", "y"}}); });
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!failed.front().front().toString().isEmpty());
        bench.ask("a", "one");
        QTRY_VERIFY(bench.shows("one"));
    }
};

QTEST_MAIN(TestPlotJob)
#include "tst_plot_job.moc"
