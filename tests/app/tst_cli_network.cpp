#include "tests/app/CliSupport.h"

#include <QFile>

using namespace limpid::test;
using nlohmann::json;

namespace {

QString fixture(const char* name)
{
    return QString::fromStdString((project("tests/fixtures/onnx") / name).string());
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Seven numbers and one of three classes: what mlp.onnx is for.
QByteArray sevenNumbers()
{
    QByteArray csv = "a,b,c,d,e,f,g,y\n";
    for (int i = 0; i < 90; ++i) {
        for (int column = 1; column <= 7; ++column)
            csv += QByteArray::number((i * column * 7) % 23 + 10 * (i % 3)) + ",";
        csv += QByteArray("pqr").mid(i % 3, 1) + "\n";
    }
    return csv;
}

} // namespace

/// `limpid network` and networks from ONNX files.
class TestCliNetwork : public QObject
{
    Q_OBJECT

private slots:
    void importAndShow()
    {
        const CliBox box;
        const QString out = box.path("lenet.json");
        const CliResult imported = box.run({"network", "import", fixture("lenet.onnx"), "--out", out});
        QVERIFY2(imported.code == 0, imported.err.constData());
        QVERIFY2(imported.out.contains("12 layers") && imported.out.contains("784 numbers"), imported.out.constData());
        QVERIFY(contents(out).contains("limpid-network"));

        // 6·25+6 + 8·6·25+8 + 200·20+20 + 20·10+10
        const json shown = box.run({"network", "show", fixture("lenet.onnx"), "--json"}).json();
        QCOMPARE(shown["total"]["parameters"].get<int>(), 5594);
        QCOMPARE(shown["layers"][2]["shape"].dump(), std::string("[6,28,28]"));
        QVERIFY(shown["issues"].empty());
        const CliResult table = box.run({"network", "show", fixture("lenet.onnx")});
        QVERIFY2(table.out.contains("N×6×28×28") && table.out.contains("5,594 parameters"), table.out.constData());
        // A JSON file says nothing of its data.
        const json plain = box.run({"network", "show", out, "--json"}).json();
        QVERIFY(plain["total"].is_null());
        QCOMPARE(plain["network"]["nodes"].size(), std::size_t(12));
        QVERIFY(!box.workspaceExists());
    }

    void showForData()
    {
        const CliBox box;
        const json shown = box.run({"network", "show", "linear", "--data", box.write("t.csv", sevenNumbers()), "--target", "y", "--json"}).json();
        QCOMPARE(shown["total"]["parameters"].get<int>(), 7 * 3 + 3);
        const CliResult alone = box.run({"network", "show", "linear"});
        QCOMPARE(alone.code, 2);
        QVERIFY2(alone.err.contains("--data"), alone.err.constData());
        // It wants 784 numbers.
        const CliResult unfit = box.run({"network", "show", fixture("lenet.onnx"), "--data", box.path("t.csv"), "--target", "y"});
        QCOMPARE(unfit.code, 0);
        QVERIFY2(unfit.err.contains("Reshape") && unfit.out.contains("?"), unfit.err.constData());
    }

    void trainAndDiff()
    {
        const CliBox box;
        const QString table = box.write("t.csv", sevenNumbers());
        const CliResult trained = box.run({"train", table, "--target", "y", "--network", fixture("mlp.onnx"), "--name", "m", "--epochs", "2", "--json", "--quiet"});
        QVERIFY2(trained.code == 0, trained.err.constData());
        QCOMPARE(trained.json()["parameters"].get<int>(), 7 * 16 + 16 + 16 * 3 + 3);

        QCOMPARE(box.run({"network", "diff", fixture("mlp.onnx"), "m", "--json"}).json().dump(), std::string(R"({"changes":[],"same":true})"));
        QVERIFY(box.run({"network", "diff", "m@1", "run:1"}).out.contains("the same"));
        QCOMPARE(box.run({"network", "show", "m", "--json"}).json()["total"]["parameters"].get<int>(), 179);

        const json diff = box.run({"network", "diff", fixture("mlp.onnx"), fixture("mlp_train.onnx"), "--json"}).json();
        QVERIFY(!diff["same"].get<bool>());
        const CliResult lines = box.run({"network", "diff", fixture("mlp.onnx"), fixture("mlp_train.onnx")});
        QVERIFY2(lines.out.contains("+ Dropout_3: Dropout after ReLU_2\n") && lines.out.contains("outputs: Linear_3 → Linear_4\n"), lines.out.constData());
        QCOMPARE(box.run({"network", "import", fixture("mlp.onnx"), "--out", box.path("n.json"), "--quiet"}).code, 0);
        box.write("wide.json", contents(box.path("n.json")).replace("\"out_features\": 16", "\"out_features\": 32"));
        QCOMPARE(box.run({"network", "diff", box.path("n.json"), box.path("wide.json")}).out, QByteArray("~ Linear_0: out_features 16 → 32\n"));
    }

    void refused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no ONNX") << QStringList{"network", "show", "text.onnx"} << 3 << QByteArray("text.onnx");
        QTest::newRow("cut off") << QStringList{"network", "import", "cut.onnx", "--out", "out.json"} << 3 << QByteArray("beyond the end");
        QTest::newRow("train") << QStringList{"train", "t.csv", "--target", "y", "--network", "cut.onnx"} << 3 << QByteArray("beyond the end");
        QTest::newRow("not there") << QStringList{"network", "diff", "none.onnx", "none.json"} << 3 << QByteArray("none.onnx");
        QTest::newRow("no such model") << QStringList{"network", "show", "nobody"} << 3 << QByteArray("nobody");
        QTest::newRow("no target") << QStringList{"network", "show", "mlp", "--data", "t.csv"} << 2 << QByteArray("--target");
    }

    void refused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        const CliBox box;
        box.write("text.onnx", "This is no network.\n");
        box.write("cut.onnx", contents(fixture("mlp.onnx")).left(700));
        box.write("t.csv", sevenNumbers());
        for (QString& argument : arguments)
            if (argument.contains(u'.'))
                argument = box.path(argument);
        const CliResult result = box.run(arguments);
        QVERIFY2(result.code == code, result.err.constData());
        QVERIFY2(result.err.contains(says), result.err.constData());
        QVERIFY(!QFile::exists(box.path("out.json")));
        QVERIFY(!box.workspaceExists());
    }
};

QTEST_GUILESS_MAIN(TestCliNetwork)
#include "tst_cli_network.moc"
