// limpid explain --kind cohorts --cohort
#include "tests/app/CliSupport.h"

#include <QFile>
#include <QTest>

using namespace limpid::test;

class TestCliCohorts : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;

    CliResult explain(const QStringList& more) const
    {
        return m_box.run(QStringList{QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--rows"), QStringLiteral("0:60"),
                                     QStringLiteral("--background"), QStringLiteral("20")} + more);
    }

private slots:
    void initTestCase()
    {
        const CliResult trained = m_box.run({QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"),
                                             QStringLiteral("5"), QStringLiteral("--name"), QStringLiteral("birds"), QStringLiteral("--quiet")});
        QVERIFY2(trained.code == 0, trained.err.constData());
    }

    void drawsThem_data()
    {
        QTest::addColumn<QStringList>("cohorts");
        QTest::addColumn<QStringList>("names");
        // The first sixty penguins are Adelies of all three islands; each name comes with its number of rows in the key.
        QTest::newRow("two") << QStringList{"heavy ones=body_mass_g > 3900", "light ones=body_mass_g <= 3500"} << QStringList{"heavy ones (", "light ones ("};
        QTest::newRow("one and the others") << QStringList{"heavy ones=body_mass_g > 3900"} << QStringList{"heavy ones (", "others ("};
        QTest::newRow("three") << QStringList{"a=sex = male", "b=sex = female", "c=sex = \"\""} << QStringList{"a (", "b (", "c ("};
    }

    void drawsThem()
    {
        QFETCH(QStringList, cohorts);
        QFETCH(QStringList, names);
        const QString file = m_box.path("cohorts.svg");
        QFile::remove(file);
        QStringList arguments{"--plot", file, "--kind", "cohorts"};
        for (const QString& cohort : cohorts)
            arguments << "--cohort" << cohort;
        const CliResult result = explain(arguments);
        QVERIFY2(result.code == 0, result.err.constData());
        QFile drawn(file);
        QVERIFY(drawn.open(QIODevice::ReadOnly));
        const QByteArray svg = drawn.readAll();
        for (const QString& name : names)
            QVERIFY2(svg.contains(name.toUtf8()), qPrintable(name));
    }

    void rowsThatMeetConditionsAreExplained()
    {
        // Of the 344 penguins six weigh 5,900 g or more (counted in the file).
        const CliResult result = m_box.run({"explain", "birds", penguins(), "--rows", "where:body_mass_g >= 5900", "--json"});
        QVERIFY2(result.code == 0, result.err.constData());
        const nlohmann::json document = result.json();
        QCOMPARE(document["rows"].size(), std::size_t(6));
        const CliResult none = m_box.run({"explain", "birds", penguins(), "--rows", "where:body_mass_g > 99999"});
        QCOMPARE(none.code, 2);
        QVERIFY2(none.err.contains("body_mass_g > 99999"), none.err.constData());
    }

    void refused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("told");
        const QStringList plot{"--plot", "x.svg", "--kind", "cohorts"};
        QTest::newRow("no cohort") << plot << QByteArray("--cohort");
        QTest::newRow("no name") << plot + QStringList{"--cohort", "=sex = male"} << QByteArray("NAME=CONDITIONS");
        QTest::newRow("no condition") << plot + QStringList{"--cohort", "males"} << QByteArray("NAME=CONDITIONS");
        QTest::newRow("unreadable") << plot + QStringList{"--cohort", "males=sex"} << QByteArray("COLUMN = VALUE");
        QTest::newRow("unknown column") << plot + QStringList{"--cohort", "x=bodymass_g > 1"} << QByteArray("body_mass_g");
        QTest::newRow("nobody") << plot + QStringList{"--cohort", "x=body_mass_g > 99999"} << QByteArray("body_mass_g > 99999");
        QTest::newRow("another plot") << QStringList{"--plot", "x.svg", "--cohort", "x=sex = male"} << QByteArray("cohorts");
        QTest::newRow("no plot") << QStringList{"--cohort", "x=sex = male"} << QByteArray("--plot");
    }

    void refused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, told);
        const CliResult result = explain(arguments);
        QVERIFY2(result.code == 2 || result.code == 3, QByteArray::number(result.code) + result.err);
        QVERIFY2(result.err.contains(told), result.err.constData());
        QVERIFY(!QFile::exists("x.svg"));
    }
};

QTEST_GUILESS_MAIN(TestCliCohorts)
#include "tst_cli_cohorts.moc"
