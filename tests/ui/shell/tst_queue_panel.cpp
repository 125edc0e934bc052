#include "tests/core/jobs/FakeMachine.h"
#include "ui/session/JobRunner.h"
#include "ui/shell/JobStrip.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableView>
#include <QTest>
#include <QVBoxLayout>

#include <atomic>
#include <thread>

using namespace limpid;

namespace {

/// The strip at a window's lower edge, over a queue on a machine of two cores that the test controls.
struct Desk {
    Desk() : machine(std::make_shared<test::FakeMachine>()), queue({0, machine, 0.02}), runner(queue), theme(qApp)
    {
        window.resize(1280, 600);
        auto* layout = new QVBoxLayout(&window);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addStretch(1);
        layout->addWidget(strip = new JobStrip(runner, &window));
        window.show();
        window.activateWindow();
        (void)QTest::qWaitForWindowActive(&window);
    }
    ~Desk() { queue.cancelAll(); }

    JobQueue::Job job(const std::string& name)
    {
        JobQueue::Job job;
        job.kind = "train";
        job.subject = name;
        job.canFinish = true;
        job.work = [](Task& task) {
            task.report(0.5, "epoch 1/2");
            while (!task.isFinishing()) {
                task.checkpoint();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        };
        job.done = [this](JobState state, std::exception_ptr, const ResourceUse&) { state == JobState::Done ? ++kept : ++cancelled; };
        return job;
    }
    void submit(std::initializer_list<const char*> names)
    {
        for (const char* name : names)
            queue.submit(job(name));
        queue.look();
        machine->set([](auto& says) { says.seconds += 2.0; }); // long enough to be shown
    }
    void open()
    {
        QTest::mouseClick(find<QPushButton>("jobQueue"), Qt::LeftButton);
        QVERIFY(panel() && panel()->isVisible());
    }
    template<class T>
    T* find(const char* name) const
    {
        return window.findChild<T*>(name);
    }
    QWidget* panel() const { return find<QWidget>("queuePanel"); }
    QTableView* table() const { return find<QTableView>("queueTable"); }
    QStringList column(int column) const
    {
        QStringList texts;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            texts << table()->model()->index(row, column).data().toString();
        return texts;
    }
    QStringList names() const { return column(QueueModel::Name); }
    bool select(const char* name)
    {
        const qsizetype row = names().indexOf(QStringLiteral("Training ") + name);
        table()->selectRow(static_cast<int>(row));
        return row >= 0;
    }
    void click(const char* button)
    {
        QVERIFY2(find<QPushButton>(button)->isEnabled(), button);
        QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton);
    }

    std::atomic<int> kept{0}, cancelled{0};
    std::shared_ptr<test::FakeMachine> machine;
    JobQueue queue;
    JobRunner runner;
    Theme theme;
    QWidget window;
    JobStrip* strip = nullptr;
};

QStringList training(std::initializer_list<const char*> names)
{
    QStringList texts;
    for (const char* name : names)
        texts << QStringLiteral("Training ") + name;
    return texts;
}

} // namespace

class tst_queue_panel : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        // The offscreen platform says this of a window whose layout has a least size.
        QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support propagateSizeHints).*"));
    }

    void stripCounts()
    {
        Desk desk;
        QCOMPARE(desk.find<QPushButton>("jobQueue")->text(), QString("Jobs"));
        desk.submit({"a", "b", "c"});
        QTRY_COMPARE(desk.find<QPushButton>("jobQueue")->text(), QString("2 running · 1 waiting"));
        desk.queue.cancelAll();
        QTRY_COMPARE(desk.find<QPushButton>("jobQueue")->text(), QString("Jobs"));
    }

    void opensAndCloses()
    {
        Desk desk;
        desk.open();
        QVERIFY(desk.find<QLabel>("queueEmpty")->isVisible());
        QVERIFY(!desk.table()->isVisible());
        QTest::keyClick(desk.panel(), Qt::Key_Escape);
        QVERIFY(!desk.panel()->isVisible());
        QVERIFY(!desk.find<QPushButton>("jobQueue")->isChecked());
        QTest::keyClick(&desk.window, Qt::Key_J, Qt::ControlModifier);
        QVERIFY(desk.panel()->isVisible());
        desk.submit({"a"});
        QTRY_VERIFY(desk.table()->isVisible());
        QTRY_COMPARE(desk.find<QPushButton>("jobQueue")->text(), QString("1 running"));
        QTest::keyClick(&desk.window, Qt::Key_J, Qt::ControlModifier); // the key outlives the button's text
        QVERIFY(!desk.panel()->isVisible());
        // Above the strip and within the window, also in a small one.
        desk.open();
        desk.window.resize(900, 400);
        QTRY_COMPARE(desk.panel()->geometry().right(), 900 - 13);
        QVERIFY(desk.panel()->geometry().bottom() < desk.strip->geometry().top());
    }

    void saysWhyAJobWaits()
    {
        Desk desk;
        desk.machine->set([](auto& says) {
            says.memory = MachineMemory{16'000'000'000, 4'000'000'000};
            says.process = ProcessMemory{1'000'000'000, 1'000'000'000};
        });
        desk.submit({"a"});
        JobQueue::Job large = desk.job("large");
        large.memory = 8'000'000'000;
        large.estimatedSeconds = 90.0;
        desk.queue.submit(std::move(large));
        desk.submit({"small"});
        desk.open();
        QAbstractItemModelTester tester(desk.table()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_COMPARE(desk.names(), training({"a", "large", "small"}));
        QTRY_COMPARE(desk.column(QueueModel::State), (QStringList{"Running", "Waits for memory", "Waits its turn"}));
        QCOMPARE(desk.column(QueueModel::Cores), (QStringList{"1 of 2", "–", "–"}));
        QCOMPARE(desk.column(QueueModel::Memory), (QStringList{"–", "about 8.0 GB", "–"}));
        QCOMPARE(desk.column(QueueModel::Left).at(1), QString("1 min 30 s"));
        QTRY_COMPARE(desk.column(QueueModel::Progress), (QStringList{"50 %", "", ""}));
        QVERIFY(desk.select("large"));
        QVERIFY(desk.find<QLabel>("queueDetail")->toolTip().contains("8.0 GB"));
        QVERIFY(desk.select("a"));
        QVERIFY(desk.find<QLabel>("queueDetail")->toolTip().contains("energy: not available"));

        desk.machine->set([](auto& says) { says.memory->available = 12'000'000'000; });
        QTRY_COMPARE(desk.column(QueueModel::State), (QStringList{"Running", "Running", "Waits for cores"}));
    }

    void movesAndRaises()
    {
        Desk desk;
        desk.submit({"a", "b", "c", "d", "e"});
        desk.open();
        QAbstractItemModelTester tester(desk.table()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(desk.names(), training({"a", "b", "c", "d", "e"}));
        QVERIFY(desk.select("a"));
        for (const char* button : {"queueUp", "queueDown", "queueRaise", "queueLower"})
            QVERIFY2(!desk.find<QPushButton>(button)->isEnabled(), button); // it runs
        QVERIFY(desk.select("c"));
        QVERIFY(!desk.find<QPushButton>("queueUp")->isEnabled()); // the first of those that wait
        QVERIFY(desk.select("d"));
        desk.click("queueUp");
        QCOMPARE(desk.names(), training({"a", "b", "d", "c", "e"}));
        QCOMPARE(desk.table()->currentIndex().row(), 2); // what is selected goes with its job
        QTest::keyClick(desk.table(), Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(desk.names(), training({"a", "b", "c", "d", "e"}));
        QVERIFY(desk.select("e"));
        QVERIFY(!desk.find<QPushButton>("queueDown")->isEnabled());
        desk.click("queueRaise");
        QCOMPARE(desk.names(), training({"a", "b", "e", "c", "d"}));
        QCOMPARE(desk.column(QueueModel::Priority), (QStringList{"Normal", "Normal", "High", "Normal", "Normal"}));
        QVERIFY(!desk.find<QPushButton>("queueRaise")->isEnabled());
        QVERIFY(desk.select("c"));
        QTest::keyClick(desk.table(), Qt::Key_Minus);
        QCOMPARE(desk.names(), training({"a", "b", "e", "d", "c"}));
        QCOMPARE(desk.column(QueueModel::Priority).last(), QString("Low"));
    }

    void stopsAndKeeps()
    {
        Desk desk;
        desk.submit({"a", "b", "c", "d"});
        desk.open();
        QVERIFY(desk.select("d"));
        QVERIFY(!desk.find<QPushButton>("queueKeep")->isEnabled()); // it has nothing to keep
        QTest::keyClick(desk.table(), Qt::Key_Delete);
        QTRY_COMPARE(desk.names(), training({"a", "b", "c"}));
        QVERIFY(desk.select("a"));
        desk.click("queueKeep");
        QTRY_COMPARE(desk.kept.load(), 1);
        QTRY_COMPARE(desk.names(), training({"b", "c"}));
        QTRY_COMPARE(desk.column(QueueModel::State), (QStringList{"Running", "Running"})); // c came in its place
        QVERIFY(desk.select("b"));
        desk.click("queueStop");
        QTRY_COMPARE(desk.cancelled.load(), 2);
        QTRY_COMPARE(desk.names(), training({"c"}));
    }
};

QTEST_MAIN(tst_queue_panel)
#include "tst_queue_panel.moc"
