// limpid explain --check
#include "tests/app/CliSupport.h"

#include <QTest>

using namespace limpid::test;
using nlohmann::json;

class TestCliChecks : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;

    CliResult explain(const QStringList& more) const
    {
        return m_box.run(QStringList{QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--rows"), QStringLiteral("0:6")} + more);
    }

private slots:
    void initTestCase() { trainBirds(m_box); }

    void allAsJson()
    {
        const QString out = m_box.path(QStringLiteral("checked.json"));
        const CliResult explained = explain({QStringLiteral("--check"), QStringLiteral("insertion,deletion,infidelity,sensitivity,randomisation,agreement:deeplift,lime"),
                                             QStringLiteral("--repeats"), QStringLiteral("5"), QStringLiteral("--output"), QStringLiteral("Gentoo"), QStringLiteral("--out"), out,
                                             QStringLiteral("--json")});
        QVERIFY2(explained.code == 0, explained.err.constData());
        const json quality = explained.json()["quality"];
        QCOMPARE(quality["output"].get<std::string>(), std::string("Gentoo"));
        QCOMPARE(quality["rows"].size(), std::size_t{6});
        QVERIFY(quality["complete"].get<bool>());
        QCOMPARE(quality["reveal"]["randomOrders"].get<int>(), 5);
        QCOMPARE(quality["reveal"]["insertion"]["curve"].size(), quality["reveal"]["shares"].size());
        QCOMPARE(quality["infidelity"]["sets"].get<int>(), 50);
        QVERIFY(quality["infidelity"]["unexplained"]["mean"].get<double>() >= 0.0);
        QCOMPARE(quality["sensitivity"]["draws"].get<int>(), 5);
        QVERIFY(!quality["randomisation"]["stages"].empty());
        QVERIFY(quality["agreement"]["methods"] == json({"leverage", "deeplift", "lime"}));
        QCOMPARE(quality["agreement"]["pairs"].size(), std::size_t{3});
        QFile file(out);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(json::parse(file.readAll().toStdString())["quality"] == quality);
    }

    void asText()
    {
        const CliResult explained = explain({QStringLiteral("--check"), QStringLiteral("deletion,infidelity"), QStringLiteral("--repeats"), QStringLiteral("5")});
        QVERIFY2(explained.code == 0, explained.err.constData());
        for (const char* words : {"Quality, measured on 6 of the rows", "Insertion", "Deletion", "random order", "Infidelity", "not explained"})
            QVERIFY2(explained.out.contains(words), explained.out.constData());
        QVERIFY(!explained.out.contains("Agreement"));
    }

    void notAskedNotThere() { QVERIFY(!explain({QStringLiteral("--json")}).json().contains("quality")); }

    void refused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("unknown measure") << QStringList{"--check", "beauty"} << QByteArray("beauty");
        QTest::newRow("unknown method") << QStringList{"--check", "agreement:guess"} << QByteArray("guess");
        QTest::newRow("once") << QStringList{"--check", "infidelity", "--repeats", "1"} << QByteArray("repeats");
        QTest::newRow("of columns") << QStringList{"--method", "permutation-importance", "--check", "infidelity"} << QByteArray("--check");
    }

    void refused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, told);
        const CliResult explained = m_box.run(QStringList{QStringLiteral("explain"), QStringLiteral("birds"), penguins()} + arguments);
        QVERIFY(explained.code != 0);
        QVERIFY2(explained.err.contains(told), explained.err.constData());
        QVERIFY(explained.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCliChecks)
#include "tst_cli_checks.moc"
