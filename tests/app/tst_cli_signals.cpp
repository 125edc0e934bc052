#include "tests/app/CliSupport.h"

#include <QElapsedTimer>

#include <csignal>

using namespace limpid::test;

namespace {

/// A training that ends by a signal only.
QStringList endless(const QString& name)
{
    return {QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"), QStringLiteral("100000"),
            QStringLiteral("--patience"), QStringLiteral("0"), QStringLiteral("--name"), name, QStringLiteral("--json")};
}

/// Whether the program says on standard error that it trains (it does so every few seconds).
bool waitUntilTraining(QProcess& process)
{
    if (!process.waitForStarted(60'000))
        return false;
    QByteArray said;
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 60'000 && process.state() == QProcess::Running) {
        process.waitForReadyRead(100);
        said += process.readAllStandardError();
        if (said.contains("epoch"))
            return true;
    }
    return false;
}

} // namespace

/// What is reached when a training ends before its time.
class TestCliSignals : public QObject
{
    Q_OBJECT

private slots:
    void interruptKeepsWhatWasReached()
    {
        const CliBox box;
        const std::unique_ptr<QProcess> process = box.start(endless(QStringLiteral("kept")));
        QVERIFY(waitUntilTraining(*process));
        ::kill(pid_t(process->processId()), SIGINT);
        QVERIFY(process->waitForFinished(60'000));
        QCOMPARE(process->exitStatus(), QProcess::NormalExit);
        QCOMPARE(process->exitCode(), 130);
        const auto document = nlohmann::json::parse(process->readAllStandardOutput().toStdString());
        QCOMPARE(document["version"].get<int>(), 1);
        QCOMPARE(document["end"].get<std::string>(), std::string("stopped-by-user"));
        const auto runs = box.run({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--json")}).json();
        QCOMPARE(runs["runs"][0]["status"].get<std::string>(), std::string("stopped"));
        QVERIFY(box.run({QStringLiteral("evaluate"), QStringLiteral("kept"), penguins(), QStringLiteral("--json")}).json()["metrics"]["accuracy"].get<double>() > 0.9);
    }

    /// The parts that finished count; the others wait to be resumed.
    void interruptedStudy()
    {
        const CliBox box;
        const std::unique_ptr<QProcess> process = box.start(endless(QStringLiteral("folds")) + QStringList{QStringLiteral("--folds"), QStringLiteral("3")});
        QVERIFY(waitUntilTraining(*process));
        ::kill(pid_t(process->processId()), SIGINT);
        QVERIFY(process->waitForFinished(60'000));
        QCOMPARE(process->exitCode(), 130);
        const auto document = nlohmann::json::parse(process->readAllStandardOutput().toStdString());
        QVERIFY(document["finished"].empty());
        QCOMPARE(document["runs"].size(), std::size_t(1));
        const auto runs = box.run({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--json")}).json();
        QCOMPARE(runs["runs"][2]["status"].get<std::string>(), std::string("stopped"));
        QCOMPARE(runs["runs"][1]["status"].get<std::string>(), std::string("waiting"));
        const auto resumed = box.run({QStringLiteral("runs"), QStringLiteral("resume"), QStringLiteral("2"), QStringLiteral("--epochs"), QStringLiteral("3"), QStringLiteral("--json")}).json();
        QCOMPARE(resumed["status"].get<std::string>(), std::string("finished"));
        const auto shown = box.run({QStringLiteral("runs"), QStringLiteral("show"), QStringLiteral("1"), QStringLiteral("--json")}).json();
        QVERIFY(shown["study_summary"]["finished"] == nlohmann::json::array({2}));
    }

    void killLosesNothing()
    {
        const CliBox box;
        QCOMPARE(box.run({QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"), QStringLiteral("5"), QStringLiteral("--name"), QStringLiteral("earlier")}).code, 0);
        const CliResult before = box.run({QStringLiteral("predict"), QStringLiteral("earlier"), penguins()});
        const std::unique_ptr<QProcess> process = box.start(endless(QStringLiteral("killed")));
        QVERIFY(waitUntilTraining(*process));
        process->kill(); // SIGKILL
        QVERIFY(process->waitForFinished(60'000));

        const CliResult doctor = box.run({QStringLiteral("doctor"), QStringLiteral("--json")});
        QVERIFY2(doctor.code == 0, doctor.out.constData());
        QVERIFY(doctor.json()["store"]["clean"].get<bool>());
        const auto runs = box.run({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--json")}).json();
        QCOMPARE(runs["runs"].size(), std::size_t(2));
        QCOMPARE(runs["runs"][0]["status"].get<std::string>(), std::string("interrupted"));
        QCOMPARE(runs["runs"][1]["status"].get<std::string>(), std::string("finished"));
        QCOMPARE(box.run({QStringLiteral("predict"), QStringLiteral("earlier"), penguins()}).out, before.out);
    }
};

QTEST_GUILESS_MAIN(TestCliSignals)
#include "tst_cli_signals.moc"
