// limpid explain --method shapley-interactions
#include "tests/app/CliSupport.h"

#include <QFileInfo>
#include <QTest>

#include <cmath>

using namespace limpid::test;
using nlohmann::json;

class TestCliInteractions : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;

    CliResult explain(const QByteArray& more) const
    {
        return m_box.run(QStringList{QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("shapley-interactions")}
                         + QString::fromUtf8(more).split(u' ', Qt::SkipEmptyParts));
    }

private slots:
    void initTestCase()
    {
        const CliResult trained = m_box.run({QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"),
                                             QStringLiteral("20"), QStringLiteral("--name"), QStringLiteral("birds"), QStringLiteral("--quiet")});
        QVERIFY2(trained.code == 0, trained.err.constData());
    }

    void document()
    {
        const json found = explain("--json").json();
        QCOMPARE(found["method"].get<std::string>(), std::string("shapley-interactions"));
        QCOMPARE(found["index"].get<std::string>(), std::string("k-sii"));
        QCOMPARE(found["features"].size(), std::size_t(7));
        QCOMPARE(found["columns"].size(), std::size_t(7));
        QCOMPARE(found["pairs"].size(), std::size_t(21));
        QCOMPARE(found["rows"].size(), std::size_t(50));
        QCOMPARE(found["background"]["rows"].get<int>(), 100);
        QCOMPARE(found["background"]["name"].get<std::string>(), std::string("training rows"));
        QCOMPARE(found["evaluations"].get<int>(), 128 * 50 * 100);
        // Main effects and pairs add up to the mean prediction less the background's.
        for (std::size_t output = 0; output < 3; ++output) {
            double sum = 0.0;
            for (const char* part : {"columns", "pairs"})
                for (const json& entry : found[part])
                    sum += entry["mean"][output].get<double>();
            QVERIFY(std::abs(sum - (found["prediction"][output].get<double>() - found["base"][output].get<double>())) < 1e-9);
        }
    }

    /// A row's main effects of sii are its Shapley values: those of the method exact against the same background.
    void siiHasShapleyValues()
    {
        const json found = explain("--index sii --rows 17 --background 300 --json").json();
        const json exact = m_box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("exact"),
                                      QStringLiteral("--rows"), QStringLiteral("17"), QStringLiteral("--background"), QStringLiteral("300"), QStringLiteral("--json")}).json();
        QVERIFY(found["rows"] == json::array({17}));
        QCOMPARE(found["background"]["rows"].get<int>(), 275); // all there are, so both draw the same
        for (std::size_t column = 0; column < 7; ++column)
            for (std::size_t output = 0; output < 3; ++output)
                QVERIFY(std::abs(found["columns"][column]["mean"][output].get<double>() - exact["rows"][0]["values"][output][column].get<double>()) < 1e-4);
    }

    void tableAndSentence()
    {
        const CliResult all = explain("--output Gentoo");
        QVERIFY2(all.code == 0, all.err.constData());
        for (const char* part : {"Pair", "Main effect", " × ", "k-SII: main effects and pairs add up to the prediction less", "50 rows against 100 training rows"})
            QVERIFY2(all.out.contains(part), all.out.constData());
        QVERIFY(!all.out.contains("Adelie"));
        const CliResult some = explain("--columns island,sex --index shapley-taylor --background 20");
        QVERIFY2(some.code == 0, some.err.constData());
        for (const char* part : {"island × sex", "other columns", "Other columns, counted as one: bill_length_mm", "Shapley-Taylor:", "20 training rows"})
            QVERIFY2(some.out.contains(part), some.out.constData());
    }

#ifdef LIMPID_GUI
    void draws()
    {
        for (const char* ending : {"png", "svg", "pdf"}) {
            const QString file = m_box.path(QStringLiteral("pairs.") + QLatin1String(ending));
            const CliResult drawn = explain("--background 10 --plot " + file.toUtf8());
            QVERIFY2(drawn.code == 0, drawn.err.constData());
            QVERIFY2(QFileInfo(file).size() > 1000, ending);
        }
    }
#endif

    void refused_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("index") << QByteArray("--index banzhaf") << 2 << QByteArray("--index");
        QTest::newRow("unknown column") << QByteArray("--columns iland") << 3 << QByteArray("Did you mean");
        QTest::newRow("depth") << QByteArray("--depth 3") << 2 << QByteArray("--depth");
        QTest::newRow("kind") << QByteArray("--kind bar") << 2 << QByteArray("--kind");
        QTest::newRow("output") << QByteArray("--output Gento") << 2 << QByteArray("Did you mean");
    }
    void refused()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        const CliResult result = explain(arguments);
        QVERIFY2(result.code == code, result.err + QByteArray::number(result.code));
        QVERIFY2((result.err + result.out).contains(says), (result.err + result.out).constData());
    }

    void manyColumnsWantNames()
    {
        QByteArray csv;
        for (int column = 0; column < 13; ++column)
            csv += "c" + QByteArray::number(column) + ',';
        csv += "y\n";
        for (int row = 0; row < 60; ++row) {
            for (int column = 0; column < 13; ++column)
                csv += QByteArray::number((row * (column + 3) * 7) % 31) + ',';
            csv += QByteArray::number(row % 5 * (row % 7)) + '\n';
        }
        const QString file = m_box.write(QStringLiteral("wide.csv"), csv);
        QCOMPARE(m_box.run({QStringLiteral("train"), file, QStringLiteral("--target"), QStringLiteral("y"), QStringLiteral("--epochs"), QStringLiteral("2"),
                            QStringLiteral("--name"), QStringLiteral("wide"), QStringLiteral("--quiet")}).code, 0);
        const QStringList call{QStringLiteral("explain"), QStringLiteral("wide"), file, QStringLiteral("--method"), QStringLiteral("shapley-interactions")};
        const CliResult without = m_box.run(call);
        QCOMPARE(without.code, 2);
        QVERIFY2(without.err.contains("--columns") && without.err.contains("at most 11") && without.err.contains("13"), without.err.constData());
        const json some = m_box.run(call + QStringList{QStringLiteral("--columns"), QStringLiteral("c0,c5"), QStringLiteral("--json")}).json();
        QVERIFY(some["features"] == json::array({"c0", "c5", "other columns"}));
        QCOMPARE(some["others"].size(), std::size_t(11));
    }
};

QTEST_GUILESS_MAIN(TestCliInteractions)
#include "tst_cli_interactions.moc"
