// limpid explain --method pdp | ice | ale | interactions | surrogate
#include "tests/app/CliSupport.h"

#include <QTest>

#include <cmath>

using namespace limpid::test;
using nlohmann::json;

class TestCliEffects : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;

    CliResult explain(const QStringList& more) const
    {
        return m_box.run(QStringList{QStringLiteral("explain"), QStringLiteral("birds"), penguins()} + more);
    }
    json document(const QStringList& more) const { return explain(more + QStringList{QStringLiteral("--json")}).json(); }

private slots:
    void initTestCase()
    {
        const CliResult trained = m_box.run({QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"),
                                             QStringLiteral("20"), QStringLiteral("--name"), QStringLiteral("birds"), QStringLiteral("--quiet")});
        QVERIFY2(trained.code == 0, trained.err.constData());
    }

    void everyMethod_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("rows");
        // 275 of the 344 rows were trained on; ice has a curve for each of the file's first 200.
        for (const auto& [method, rows] : {std::pair{"pdp", 275}, {"ice", 200}, {"ale", 275}, {"interactions", 50}, {"surrogate", 275}})
            QTest::newRow(method) << QString::fromLatin1(method) << rows;
    }
    void everyMethod()
    {
        QFETCH(QString, method);
        QFETCH(int, rows);
        QStringList arguments{QStringLiteral("--method"), method};
        if (method == QStringLiteral("interactions"))
            arguments << QStringLiteral("--background") << QStringLiteral("50");
        const bool curves = method == QStringLiteral("ice");
        if (curves)
            arguments << QStringLiteral("--columns") << QStringLiteral("bill_length_mm") << QStringLiteral("--columns") << QStringLiteral("sex,year");
        const json found = document(arguments);
        QCOMPARE(found["method"].get<std::string>(), method.toStdString());
        QCOMPARE(found["features"].size(), std::size_t(curves ? 3 : 7));
        QCOMPARE(found["columns"].size(), found["features"].size());
        QVERIFY(found["outputs"] == json::array({"Adelie", "Chinstrap", "Gentoo"}));
        QCOMPARE(found["background"]["rows"].get<int>(), rows);
        QCOMPARE(found["background"]["name"].get<std::string>(), std::string(curves ? "rows of the explained file" : "training rows"));
        QVERIFY(found["evaluations"].get<int>() > 0);
        QVERIFY(found["seconds"].get<double>() >= 0.0);
        const CliResult text = explain(arguments);
        QVERIFY2(text.code == 0, text.err.constData());
        QVERIFY2(text.out.contains("bill_length_mm"), text.out.constData());
        QVERIFY2(text.out.contains("Gentoo"), text.out.constData());
        QVERIFY(text.out.contains("Method " + method.toLatin1()));
    }

    void gridsAreInTheFilesOwnUnits()
    {
        for (const char* method : {"pdp", "ale"}) {
            const json found = document({QStringLiteral("--method"), QString::fromLatin1(method), QStringLiteral("--columns"), QStringLiteral("body_mass_g,island"),
                                         QStringLiteral("--points"), QStringLiteral("5"), QStringLiteral("--output-space"), QStringLiteral("probability")});
            QVERIFY(found["features"] == json::array({"body_mass_g", "island"}));
            const json& mass = found["columns"][0];
            QCOMPARE(mass["grid"].size(), std::size_t(method == std::string("pdp") ? 5 : 6)); // as many bins have a border more
            QVERIFY(mass["grid"][0].get<double>() > 2500.0 && mass["grid"].back().get<double>() < 6500.0);
            QCOMPARE(mass["values"].size(), mass["grid"].size());
            QCOMPARE(mass["values"][0].size(), std::size_t(3));
            json islands = found["columns"][1]["grid"];
            std::sort(islands.begin(), islands.end());
            QVERIFY(islands == json::array({"Biscoe", "Dream", "Torgersen"}));
            if (method == std::string("pdp")) { // means of probabilities
                for (const json& point : mass["values"])
                    QVERIFY(std::abs(point[0].get<double>() + point[1].get<double>() + point[2].get<double>() - 1.0) < 1e-6);
            }
        }
    }

    void curvesOfTheRowsAskedFor()
    {
        const json found = document({QStringLiteral("--method"), QStringLiteral("ice"), QStringLiteral("--rows"), QStringLiteral("7:9"), QStringLiteral("--columns"),
                                     QStringLiteral("flipper_length_mm"), QStringLiteral("--centred"), QStringLiteral("--spacing"), QStringLiteral("equal")});
        const json& curves = found["columns"][0]["curves"];
        QCOMPARE(curves.size(), std::size_t(2));
        QCOMPARE(curves[0]["row"].get<int>(), 7);
        QCOMPARE(curves[1]["row"].get<int>(), 8);
        QVERIFY(curves[0]["values"][0] == json::array({0.0, 0.0, 0.0}));
        QVERIFY(found["centred"].get<bool>());
    }

    void theTreeFollowsTheModel()
    {
        const json found = document({QStringLiteral("--method"), QStringLiteral("surrogate"), QStringLiteral("--depth"), QStringLiteral("4")});
        QVERIFY(found["fidelity"]["agreement"].get<double>() > 0.8);
        QCOMPARE(found["fidelity"]["r2"].size(), std::size_t(3));
        QVERIFY(found["rules"].size() >= 3);
        std::size_t rows = 0;
        for (const json& rule : found["rules"])
            rows += rule["rows"].get<std::size_t>();
        QCOMPARE(rows, found["background"]["rows"].get<std::size_t>() - found["fidelity"]["rows"].get<std::size_t>());
        // A column counts where the tree asks about it, in each of the three classes' own unit.
        for (const json& column : found["columns"]) {
            QCOMPARE(column["importance"].size(), std::size_t(3));
            for (const json& importance : column["importance"])
                QCOMPARE(importance.get<double>() > 0.0, column["explained"].get<double>() > 0.0);
        }
        const CliResult text = explain({QStringLiteral("--method"), QStringLiteral("surrogate"), QStringLiteral("--output"), QStringLiteral("Gentoo")});
        QVERIFY2(text.out.contains("(TreeSHAP) over the 275 rows, in the unit of the raw output."), text.out.constData());
        QVERIFY2(text.out.contains(" ≤ ") && text.out.contains("not grown on") && !text.out.contains("Chinstrap"), text.out.constData());
    }

    void writesWhatItPrints()
    {
        const QString file = m_box.path(QStringLiteral("ale.json"));
        const json found = document({QStringLiteral("--method"), QStringLiteral("ale"), QStringLiteral("--rows"), QStringLiteral("0:100"), QStringLiteral("--out"), file});
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(json::parse(written.readAll().toStdString()) == found);
        QCOMPARE(found["background"]["rows"].get<int>(), 100);
        QCOMPARE(found["background"]["name"].get<std::string>(), std::string("rows of the explained file"));
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("columns of a method for rows") << QByteArray("--columns island") << 2 << QByteArray("pdp, ice, ale, interactions or shapley-interactions");
        QTest::newRow("columns of a tree") << QByteArray("--method surrogate --columns island") << 2 << QByteArray("--columns");
        QTest::newRow("depth of a curve") << QByteArray("--method pdp --depth 2") << 2 << QByteArray("surrogate");
        QTest::newRow("depth of importance") << QByteArray("--method permutation-importance --depth 2") << 2 << QByteArray("surrogate");
        QTest::newRow("centred means") << QByteArray("--method pdp --centred") << 2 << QByteArray("is ice");
        QTest::newRow("spacing of ale") << QByteArray("--method ale --spacing equal") << 2 << QByteArray("pdp or ice");
        QTest::newRow("budget") << QByteArray("--method ale --budget 100") << 2 << QByteArray("rows one by one");
        QTest::newRow("plot") << QByteArray("--method ale --plot a.png") << 2 << QByteArray("rows one by one");
        QTest::newRow("background and rows") << QByteArray("--method pdp --rows 0:9 --background 5") << 2 << QByteArray("--rows");
        QTest::newRow("background of curves") << QByteArray("--method ice --columns sex --background 5") << 2 << QByteArray("--background");
        QTest::newRow("curves of no column") << QByteArray("--method ice") << 2 << QByteArray("--columns");
        QTest::newRow("one point") << QByteArray("--method pdp --points 1") << 2 << QByteArray(">= 2");
        QTest::newRow("one bin") << QByteArray("--method ale --points 1") << 2 << QByteArray("bins");
        QTest::newRow("too deep") << QByteArray("--method surrogate --depth 11") << 2 << QByteArray("--depth");
        QTest::newRow("unknown column") << QByteArray("--method ale --columns iland") << 3 << QByteArray("Did you mean");
        QTest::newRow("unknown output") << QByteArray("--method ale --output Gento") << 2 << QByteArray("Did you mean");
        QTest::newRow("rows that are not there") << QByteArray("--method ale --rows 300:400") << 3 << QByteArray("300:400");
        QTest::newRow("too few rows") << QByteArray("--method surrogate --rows 0:10") << 3 << QByteArray("20");
    }
    void refused()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        const CliResult result = explain(QString::fromLatin1(arguments).split(u' '));
        QVERIFY2(result.code == code, result.err + QByteArray::number(result.code));
        QVERIFY2((result.err + result.out).contains(says), (result.err + result.out).constData());
    }
};

QTEST_GUILESS_MAIN(TestCliEffects)
#include "tst_cli_effects.moc"
