#include "tests/app/CliSupport.h"

#include <QFile>

using namespace limpid::test;
using nlohmann::json;

namespace {

QStringList words(const QString& line)
{
    return line.split(u' ', Qt::SkipEmptyParts);
}

/// A number, a category and counts from 0 on; on line 7 `seventh` instead of the count.
QByteArray countTable(const QByteArray& seventh = "2")
{
    QByteArray csv = "a,c,\"n,m\",big\n";
    for (int i = 0; i < 60; ++i)
        csv += QByteArray::number(i % 10) + "," + "pqr"[i % 3] + "," + (i == 5 ? seventh : QByteArray::number(i % 10 / 2 + i % 3)) + ","
               + QByteArray::number(100.5 * (i % 10)) + "\n";
    return csv;
}

} // namespace

/// Several targets and counts on the command line.
class TestCliTargets : public QObject
{
    Q_OBJECT

private slots:
    void numbers()
    {
        const CliBox box;
        const CliResult trained = box.run(QStringList{"train", penguins()} + words("--target bill_length_mm --target body_mass_g --name birds --epochs 10 --quiet --json"));
        QVERIFY2(trained.code == 0, trained.err.constData());
        const json figures = trained.json()["metrics"]["validation"];
        for (const char* name : {"r2", "r2/bill_length_mm", "r2/body_mass_g", "rmse/body_mass_g", "mae"})
            QVERIFY2(figures.contains(name), name);
        QVERIFY(figures["r2/body_mass_g"].get<double>() > 0.6);
        QVERIFY(figures["rmse/body_mass_g"].get<double>() > 50.0); // grams

        const json shown = box.run(words("models show birds --json")).json();
        QVERIFY(shown["targets"] == json::array({"bill_length_mm", "body_mass_g"}));
        QCOMPARE(shown["task"].get<std::string>(), std::string("multi-regression"));
        const json predicted = box.run(QStringList{"predict", "birds", penguins(), "--json"}).json();
        QVERIFY(predicted["columns"] == json::array({"bill_length_mm", "body_mass_g"}));
        QVERIFY(predicted["predictions"][0]["body_mass_g"].get<double>() > 2000.0);
        const CliResult evaluated = box.run(QStringList{"evaluate", "birds", penguins()});
        QVERIFY2(evaluated.out.contains("RMSE of body_mass_g") && evaluated.out.contains("342 rows"), evaluated.out.constData());
        const json explained = box.run(QStringList{"explain", "birds", penguins(), "--json", "--rows", "0:4", "--background", "20"}).json();
        QVERIFY(explained["outputs"] == json::array({"bill_length_mm", "body_mass_g"}));
        QCOMPARE(explained["rows"][0]["values"].size(), std::size_t(2));
        QVERIFY(box.run(words("runs show 1")).out.contains("bill_length_mm"));
        const CliResult unknown = box.run(QStringList{"explain", "birds", penguins(), "--output", "body_mass"});
        QCOMPARE(unknown.code, 2);
        QVERIFY2(unknown.err.contains("body_mass_g"), unknown.err.constData());
    }

    /// Both ways of naming several, and a column with a comma in its name.
    void naming()
    {
        const CliBox box;
        const QString file = box.write("counts.csv", countTable());
        const QStringList quick = words("--epochs 2 --quiet --json");
        const auto targetsOf = [&](const QStringList& options) {
            const CliResult result = box.run(QStringList{"train", file} + options + quick);
            if (result.code != 0)
                return json(result.err.toStdString());
            const json model = box.run(words("models show counts --json")).json();
            return model.contains("targets") ? model["targets"] : model["target"];
        };
        QVERIFY(targetsOf({"--target", "a,big"}) == json::array({"a", "big"}));
        QVERIFY(targetsOf({"--target", "n,m"}) == json("n,m"));
        QVERIFY(targetsOf({"--target", "n,m", "--target", "a"}) == json::array({"n,m", "a"}));
        const json unknown = targetsOf({"--target", "a,bug"});
        QVERIFY2(unknown.get<std::string>().find("“bug”") != std::string::npos && unknown.get<std::string>().find("“big”") != std::string::npos, unknown.dump().c_str());
    }

    void counts()
    {
        const CliBox box;
        const QString file = box.write("counts.csv", countTable());
        const CliResult trained = box.run(QStringList{"train", file, "--target", "n,m", "--loss", "Poisson", "--ignore", "big"} + words("--epochs 20 --quiet --json"));
        QVERIFY2(trained.code == 0, trained.err.constData());
        QVERIFY(trained.json()["metrics"]["validation"].contains("mean_poisson_deviance"));
        const CliResult evaluated = box.run({"evaluate", "counts", file});
        QVERIFY2(evaluated.out.contains("Poisson deviance"), evaluated.out.constData());
        const json predicted = box.run({"predict", "counts", file, "--json"}).json();
        for (const json& row : predicted["predictions"])
            QVERIFY(row["prediction"].get<double>() > 0.0);
    }

    void refused_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<QByteArray>("says");
        QTest::addColumn<int>("code");
        QTest::newRow("classes") << words("--target c --target a") << QByteArray("2") << QByteArray("“c” has 3 different values") << 3;
        QTest::newRow("twice") << words("--target a --target a") << QByteArray("2") << QByteArray("“a” is named as a target more than once") << 3;
        QTest::newRow("negative") << (QStringList{"--target", "n,m"} + words("--loss Poisson")) << QByteArray("-1") << QByteArray("“n,m” holds -1 on line 7") << 3;
        QTest::newRow("class weights") << words("--target a --target big --class-weights balanced") << QByteArray("2") << QByteArray("class_weights") << 2;
    }
    void refused()
    {
        QFETCH(QStringList, options);
        QFETCH(QByteArray, cell);
        QFETCH(QByteArray, says);
        QFETCH(int, code);
        const CliBox box;
        const CliResult result = box.run(QStringList{"train", box.write("counts.csv", countTable(cell))} + options);
        QCOMPARE(result.code, code);
        QVERIFY2(result.err.contains(says), result.err.constData());
        QVERIFY(!box.workspaceExists());
    }
};

QTEST_GUILESS_MAIN(TestCliTargets)
#include "tst_cli_targets.moc"
