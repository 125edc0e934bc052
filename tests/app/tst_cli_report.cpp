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

    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("no file") << QStringList{} << 2;
        QTest::newRow("unknown ending") << QStringList{"--out", "birds.docx"} << 2;
        QTest::newRow("unknown method") << QStringList{"--out", "birds.pdf", "--method", "pdp"} << 2;
        QTest::newRow("rows that are not there") << QStringList{"--out", "birds.pdf", "--rows", "900:901"} << 3;
        QTest::newRow("data that is not there") << QStringList{"--out", "birds.pdf", "--data", "nowhere.csv"} << 3;
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
