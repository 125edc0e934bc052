// limpid explain --background
#include "tests/app/CliSupport.h"

#include <QTest>

using namespace limpid::test;
using nlohmann::json;

class TestCliBackground : public QObject
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

    void isToldByNameAndSize_data()
    {
        QTest::addColumn<QString>("background");
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QByteArray>("words");
        // 275 of the file's 344 rows are trained on. Of all rows 168 are male; so many of the training rows at most.
        QTest::newRow("number") << "40" << QByteArray("sample") << 40 << QByteArray("against 40 of 275 training rows");
        QTest::newRow("all") << "all" << QByteArray("all") << 275 << QByteArray("against all 275 training rows");
        QTest::newRow("k-means") << "kmeans:20" << QByteArray("k-means") << 20 << QByteArray("against k-means, 20 of 275 training rows");
        QTest::newRow("row") << "row:5" << QByteArray("row") << 1 << QByteArray("against row 5");
        QTest::newRow("cohort") << "10 where:sex = male, body_mass_g > 4000" << QByteArray("cohort") << 10
                                << QByteArray("against sex = male and body_mass_g > 4000: 10 of ");
    }

    void isToldByNameAndSize()
    {
        QFETCH(QString, background);
        QFETCH(QByteArray, kind);
        QFETCH(int, rows);
        QFETCH(QByteArray, words);
        const QStringList arguments{QStringLiteral("--background"), background};
        const CliResult explained = explain(arguments + QStringList{QStringLiteral("--json")});
        QVERIFY2(explained.code == 0, explained.err.constData());
        const json document = explained.json(), told = document["background"];
        QCOMPARE(told["kind"].get<std::string>(), kind.toStdString());
        QCOMPARE(told["rows"].get<int>(), rows);
        QCOMPARE(told["name"].get<std::string>(), std::string("training rows"));
        if (kind == "row")
            QCOMPARE(told["row"].get<int>(), 5);
        if (kind == "cohort") {
            QCOMPARE(told["where"].get<std::string>(), std::string("sex = male and body_mass_g > 4000"));
            QVERIFY(told["of"].get<int>() > 10 && told["of"].get<int>() <= 168);
        }
        for (const json& row : document["rows"]) { // efficiency, whatever is compared with
            for (std::size_t output = 0; output < 3; ++output) {
                double sum = document["base"][output].get<double>();
                for (const json& value : row["values"][output])
                    sum += value.get<double>();
                QVERIFY(std::abs(sum - row["output"][output].get<double>()) < 1e-5);
            }
        }
        const double share = document["outOfDistribution"]["share"].get<double>();
        QVERIFY(share >= 0.0 && share <= 1.0);
        const CliResult text = explain(arguments);
        QVERIFY2(text.out.contains(words), text.out.constData());
        QVERIFY2(text.out.contains("outside the data"), text.out.constData());
    }

    void aRowComparedWithItselfOwesNothing()
    {
        const json document = explain({QStringLiteral("--background"), QStringLiteral("row:3"), QStringLiteral("--json")}).json();
        for (const json& output : document["rows"][3]["values"]) {
            for (const json& value : output)
                QVERIFY(std::abs(value.get<double>()) < 1e-6);
        }
    }

    void refused_data()
    {
        QTest::addColumn<QString>("background");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("nothing known") << "some" << QByteArray("some");
        QTest::newRow("no rows") << "0" << QByteArray("0");
        QTest::newRow("beyond the file") << "row:344" << QByteArray("row:343");
        QTest::newRow("empty cohort") << "where:body_mass_g > 99999" << QByteArray("body_mass_g > 99999");
        QTest::newRow("unknown column") << "where:bodymass_g > 1" << QByteArray("body_mass_g");
        QTest::newRow("no condition") << "where:" << QByteArray("COLUMN = VALUE");
        QTest::newRow("unknown value") << "where:sex = mail" << QByteArray("male");
    }

    void refused()
    {
        QFETCH(QString, background);
        QFETCH(QByteArray, told);
        const CliResult result = explain({QStringLiteral("--background"), background});
        QVERIFY2(result.code == 2 || result.code == 3, QByteArray::number(result.code) + result.err);
        QVERIFY2(result.err.contains(told), result.err.constData());
        QVERIFY(result.out.isEmpty());
    }

    void methodsThatCountRowsWantANumber()
    {
        const CliResult result = m_box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("pdp"),
                                            QStringLiteral("--background"), QStringLiteral("kmeans:3")});
        QCOMPARE(result.code, 2);
        QVERIFY2(result.err.contains("kmeans:3"), result.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliBackground)
#include "tst_cli_background.moc"
