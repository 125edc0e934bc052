// limpid report
#include "tests/app/CliSupport.h"

#include <QFile>
#include <QTest>

using namespace limpid::test;
using nlohmann::json;

class TestCliReport : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;

    CliResult report(const QStringList& more) const { return m_box.run(QStringList{QStringLiteral("report"), QStringLiteral("birds")} + more); }

private slots:
    void initTestCase()
    {
        const CliResult trained = m_box.run({QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"),
                                             QStringLiteral("5"), QStringLiteral("--name"), QStringLiteral("birds"), QStringLiteral("--quiet")});
        QVERIFY2(trained.code == 0, trained.err.constData());
    }

    void writes_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("html") << "birds.html" << QByteArray("<!DOCTYPE html>");
        QTest::newRow("pdf") << "birds.pdf" << QByteArray("%PDF");
    }
    void writes()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, begin);
        const CliResult result = report({QStringLiteral("--data"), penguins(), QStringLiteral("--rows"), QStringLiteral("10:30"), QStringLiteral("--out"), m_box.path(name),
                                         QStringLiteral("--json")});
        QVERIFY2(result.code == 0, result.err.constData());
        const json document = result.json();
        QCOMPARE(document["explanations"][0]["rows"].get<int>(), 20);
        QCOMPARE(document["explanations"][0]["background"].get<std::string>(), std::string("training rows"));
        QFile file(m_box.path(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(qint64(document["bytes"].get<int>()), file.size());
        QVERIFY(file.readAll().startsWith(begin));
        const CliResult own = report({QStringLiteral("--out"), m_box.path(name)});
        QVERIFY2(own.out.contains("Explained 200 rows of penguins.csv by Leverage SHAP."), own.out.constData());
    }

    void tellsWhatIsKept()
    {
        const QString file = m_box.path(QStringLiteral("kept.html"));
        const CliResult kept = m_box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("exact"), QStringLiteral("--rows"),
                                          QStringLiteral("0:9"), QStringLiteral("--keep"), QStringLiteral("--json")});
        QVERIFY2(kept.code == 0, kept.err.constData());
        const QString number = QString::number(kept.json()["kept"].get<int>());
        const auto explanations = [&](const QStringList& more) { return report(more + QStringList{QStringLiteral("--json"), QStringLiteral("--out"), file}).json(); };
        const json newest = explanations({QStringLiteral("--effects"), QStringLiteral("ale"), QStringLiteral("--effect-columns"), QStringLiteral("2")});
        QCOMPARE(newest["explanations"].size(), std::size_t(1));
        QCOMPARE(newest["explanations"][0]["rows"].get<int>(), 9);
        QVERIFY(newest["explanations"][0]["kept"].get<bool>());
        QCOMPARE(newest["effects"].get<std::string>(), std::string("ale"));
        QVERIFY(newest["quality"].is_null());
        const json both = explanations({QStringLiteral("--kept"), number, QStringLiteral("--rows"), QStringLiteral("0:4"), QStringLiteral("--effect-columns"), QStringLiteral("0")});
        QCOMPARE(both["explanations"].size(), std::size_t(2));
        QVERIFY(!both["explanations"][0]["kept"].get<bool>());
        QVERIFY(both["effects"].is_null());
        const json measured = explanations({QStringLiteral("--quality"), QStringLiteral("--effect-columns"), QStringLiteral("0")});
        QVERIFY(measured["quality"]["complete"].get<bool>());
        QVERIFY(report({QStringLiteral("--out"), file}).out.contains("Told as kept: 9 rows of penguins.csv"));
        QCOMPARE(explanations({QStringLiteral("--kept"), QStringLiteral("none")})["explanations"][0]["rows"].get<int>(), 200);
        QCOMPARE(m_box.run({QStringLiteral("explanations"), QStringLiteral("delete"), number}).code, 0);
    }

    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("no file") << QStringList{} << 2;
        QTest::newRow("unknown ending") << QStringList{"--out", "birds.docx"} << 2;
        QTest::newRow("unknown method") << QStringList{"--out", "birds.pdf", "--method", "pdp"} << 2;
        QTest::newRow("rows that are not there") << QStringList{"--out", "birds.pdf", "--rows", "900:901"} << 3;
        QTest::newRow("data that is not there") << QStringList{"--out", "birds.pdf", "--data", "nowhere.csv"} << 3;
        QTest::newRow("unknown explanation") << QStringList{"--out", "birds.pdf", "--kept", "77"} << 3;
        QTest::newRow("no number") << QStringList{"--out", "birds.pdf", "--kept", "best"} << 2;
        QTest::newRow("effects that are none") << QStringList{"--out", "birds.pdf", "--effects", "ice"} << 2;
        QTest::newRow("no such folder") << QStringList{"--out", "nowhere/birds.pdf"} << 3; // as any path that is wrong
    }
    void refuses()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        const CliResult result = report(arguments);
        QCOMPARE(result.code, code);
        QVERIFY(!result.err.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCliReport)
#include "tst_cli_report.moc"
