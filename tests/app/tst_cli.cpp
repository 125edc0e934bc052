#include "tests/app/CliSupport.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

using namespace limpid::test;
using nlohmann::json;

namespace {

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const QStringList quickTraining{QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"), QStringLiteral("8"), QStringLiteral("--quiet")};

} // namespace

/// The verbs as scripts and people use them.
class TestCli : public QObject
{
    Q_OBJECT

private slots:
    void versionAndHelp()
    {
        const CliBox box;
        const CliResult version = box.run({QStringLiteral("--version")});
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.startsWith("limpid "));
        const CliResult help = box.run({QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        for (const char* verb : {"demo", "data", "train", "network", "runs", "models", "predict", "evaluate", "explain", "doctor", "completion"})
            QVERIFY2(help.out.contains(verb), verb);
    }

    void everyVerbHasExamples_data()
    {
        QTest::addColumn<QString>("verb");
        for (const char* verb : {"demo", "data profile", "train", "network show", "network diff", "network import", "runs list", "runs show", "runs delete", "models list", "models show",
                                 "models alias", "models export", "predict", "evaluate", "explain", "doctor", "completion"})
            QTest::newRow(verb) << QString::fromLatin1(verb);
#ifdef LIMPID_GUI
        QTest::newRow("report") << QStringLiteral("report");
#endif
    }
    void everyVerbHasExamples()
    {
        QFETCH(QString, verb);
        const CliBox box;
        const CliResult help = box.run(verb.split(u' ') + QStringList{QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        QVERIFY(help.out.contains("Examples:"));
        QVERIFY(help.out.contains(("  limpid " + verb).toUtf8()) || help.out.contains("limpid completion bash"));
        QVERIFY(help.out.contains("--workspace") && help.out.contains("--json") && help.out.contains("--quiet"));
    }

    void usage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no verb") << QStringList{QStringLiteral("--json")} << QByteArray("subcommand");
        QTest::newRow("unknown verb") << QStringList{QStringLiteral("fly")} << QByteArray("fly");
        QTest::newRow("no target") << QStringList{QStringLiteral("train"), penguins()} << QByteArray("--target");
        QTest::newRow("not a number") << QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"), QStringLiteral("many")} << QByteArray("many");
        QTest::newRow("out of range") << QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"), QStringLiteral("-3")} << QByteArray("epochs");
        QTest::newRow("unknown setting") << QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--set"), QStringLiteral("epoch=3")} << QByteArray("Did you mean");
        QTest::newRow("unknown network") << QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--network"), QStringLiteral("linea")} << QByteArray("Did you mean");
        QTest::newRow("unknown type") << QStringList{QStringLiteral("data"), QStringLiteral("profile"), penguins(), QStringLiteral("--type"), QStringLiteral("year=integer")} << QByteArray("date-time");
        QTest::newRow("unknown method") << QStringList{QStringLiteral("explain"), QStringLiteral("m"), penguins(), QStringLiteral("--method"), QStringLiteral("magic")} << QByteArray("magic");
        QTest::newRow("picture of no kind") << QStringList{QStringLiteral("explain"), QStringLiteral("m"), penguins(), QStringLiteral("--plot"), QStringLiteral("a.bmp")} << QByteArray("a.bmp");
    }
    void usage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const CliBox box;
        const CliResult result = box.run(arguments);
        QCOMPARE(result.code, 2);
        QVERIFY2((result.err + result.out).contains(says), (result.err + result.out).constData());
        QVERIFY(!box.workspaceExists());
    }

    void withoutADisplay()
    {
        const CliBox box;
        const CliResult alone = box.runBare({});
        QCOMPARE(alone.code, 2);
        QVERIFY2(alone.err.contains("limpid demo"), alone.err.constData());
    }

    void defaultWorkspaceIsTheUsersDataFolder()
    {
        const CliBox box;
        const CliResult doctor = box.runBare({QStringLiteral("doctor"), QStringLiteral("--json")});
        QCOMPARE(doctor.code, 0);
        QCOMPARE(QString::fromStdString(doctor.json()["workspace"].get<std::string>()), box.path(QStringLiteral("data/limpid/workspace")));
        QVERIFY2(!QFile::exists(box.path(QStringLiteral("data"))), "looking must not make a workspace");
    }

    void profile()
    {
        const CliBox box;
        const CliResult result = box.run({QStringLiteral("data"), QStringLiteral("profile"), penguins(), QStringLiteral("--json")});
        QCOMPARE(result.code, 0);
        const json document = result.json();
        // Figures of pandas.read_csv("penguins.csv").describe().
        QCOMPARE(document["rows"].get<int>(), 344);
        QCOMPARE(document["columns"].size(), std::size_t(8));
        const json& bill = document["columns"][2];
        QCOMPARE(QString::fromStdString(bill["name"].get<std::string>()), QStringLiteral("bill_length_mm"));
        QCOMPARE(bill["missing"].get<int>(), 2);
        QVERIFY(std::abs(bill["mean"].get<double>() - 43.921930) < 1e-6);
        QVERIFY(std::abs(bill["deviation"].get<double>() - 5.459584) < 1e-6);
        QCOMPARE(bill["median"].get<double>(), 44.45);
        QVERIFY(!box.workspaceExists());
        const CliResult people = box.run({QStringLiteral("data"), QStringLiteral("profile"), penguins()});
        QVERIFY(people.out.contains("bill_length_mm") && people.out.contains("344 rows"));
    }

    void theMainJob()
    {
        const CliBox box;
        const CliResult trained = box.run(QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--json"), QStringLiteral("--name"), QStringLiteral("birds")} + quickTraining);
        QVERIFY2(trained.code == 0, trained.err.constData());
        const json run = trained.json();
        for (const char* key : {"run", "model", "version", "metrics", "epochs", "seconds", "rows", "parameters"})
            QVERIFY2(run.contains(key), key);
        QCOMPARE(run["model"].get<std::string>(), std::string("birds"));
        QCOMPARE(run["version"].get<int>(), 1);
        QCOMPARE(run["epochs"].get<int>(), 8);
        QVERIFY(run["metrics"]["train"].contains("accuracy"));
        QVERIFY(run["metrics"]["validation"]["accuracy"].get<double>() > 0.9);
        QVERIFY2(trained.err.isEmpty(), trained.err.constData());

        const json runs = box.run({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--json")}).json();
        QCOMPARE(runs["runs"].size(), std::size_t(1));
        QCOMPARE(runs["runs"][0]["status"].get<std::string>(), std::string("finished"));
        const json shown = box.run({QStringLiteral("runs"), QStringLiteral("show"), QStringLiteral("1"), QStringLiteral("--json")}).json();
        QVERIFY(!shown["curves"].empty());
        QCOMPARE(shown["settings"]["epochs"].get<int>(), 8);
        QCOMPARE(box.run({QStringLiteral("runs"), QStringLiteral("delete"), QStringLiteral("1")}).code, 1); // a version came of it

        QCOMPARE(box.run({QStringLiteral("models"), QStringLiteral("alias"), QStringLiteral("birds@1"), QStringLiteral("champion")}).code, 0);
        const json models = box.run({QStringLiteral("models"), QStringLiteral("list"), QStringLiteral("--json")}).json();
        QCOMPARE(models["models"][0]["name"].get<std::string>(), std::string("birds"));
        QVERIFY(models["models"][0]["versions"][0]["aliases"] == json::array({"champion"}));

        const CliResult predicted = box.run({QStringLiteral("predict"), QStringLiteral("birds@champion"), penguins(), QStringLiteral("--out"), box.path(QStringLiteral("out.csv"))});
        QCOMPARE(predicted.code, 0);
        const QList<QByteArray> lines = bytesOf(box.path(QStringLiteral("out.csv"))).trimmed().split('\n');
        QCOMPARE(lines.size(), 345);
        QCOMPARE(lines.front(), QByteArray("prediction,P(Adelie),P(Chinstrap),P(Gentoo)"));
        const json predictions = box.run({QStringLiteral("predict"), QStringLiteral("run:1"), penguins(), QStringLiteral("--json")}).json();
        QCOMPARE(predictions["predictions"].size(), std::size_t(344));

        const json evaluated = box.run({QStringLiteral("evaluate"), QStringLiteral("birds"), penguins(), QStringLiteral("--json")}).json();
        QCOMPARE(evaluated["rows"].get<int>(), 344);
        QVERIFY(evaluated["metrics"]["accuracy"].get<double>() > 0.9);
        QCOMPARE(evaluated["confusion"].size(), std::size_t(9));

        const CliResult explained = box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("exact"), QStringLiteral("--rows"),
                                             QStringLiteral("5:9"), QStringLiteral("--background"), QStringLiteral("20"), QStringLiteral("--json"), QStringLiteral("--out"), box.path(QStringLiteral("shap.json"))});
        QVERIFY2(explained.code == 0, explained.err.constData());
        const json shap = explained.json();
        for (const char* key : {"method", "outputs", "features", "base", "rows", "evaluations", "seconds"})
            QVERIFY2(shap.contains(key), key);
        QCOMPARE(shap["outputs"].size(), std::size_t(3));
        QCOMPARE(shap["features"].size(), std::size_t(7));
        QCOMPARE(shap["rows"].size(), std::size_t(4));
        QCOMPARE(shap["rows"][0]["row"].get<int>(), 5);
        for (const json& row : shap["rows"]) {
            for (std::size_t output = 0; output < 3; ++output) { // efficiency: base + Σ values = output
                double sum = shap["base"][output].get<double>();
                for (const json& value : row["values"][output])
                    sum += value.get<double>();
                QVERIFY(std::abs(sum - row["output"][output].get<double>()) < 1e-5);
            }
        }
        QVERIFY(json::parse(bytesOf(box.path(QStringLiteral("shap.json"))).toStdString())["rows"] == shap["rows"]);
        const json importance = box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("permutation-importance"), QStringLiteral("--json")}).json();
        QCOMPARE(importance["columns"].size(), std::size_t(7));
        for (const char* method : {"deeplift", "expected-gradients", "integrated-gradients", "saliency", "smoothgrad", "guided-backprop"}) {
            const QStringList call{QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QString::fromLatin1(method),
                                   QStringLiteral("--rows"), QStringLiteral("0:5"), QStringLiteral("--background"), QStringLiteral("20")};
            const CliResult found = box.run(call + QStringList{QStringLiteral("--json")});
            QVERIFY2(found.code == 0, found.err.constData());
            const json document = found.json();
            QCOMPARE(document["method"].get<std::string>(), std::string(method));
            QCOMPARE(document["features"].size(), std::size_t(7)); // columns, not their encoded parts
            QCOMPARE(document["rows"].size(), std::size_t(5));
            QCOMPARE(document["residual"].is_null(), !document["additive"].get<bool>());
            if (method == std::string("deeplift")) {
                QVERIFY(document["residual"].get<double>() < 1e-9);
                QVERIFY(!document["ledger"].empty());
            }
            QVERIFY(box.run(call).code == 0); // and in words
        }
        // A sum of many middles is about what Gauss-Legendre gives, and not quite the same, as the gradient jumps at each ReLU.
        const QStringList line{QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("integrated-gradients"),
                               QStringLiteral("--rows"), QStringLiteral("0:2"), QStringLiteral("--json")};
        const double exact = box.run(line).json()["rows"][0]["values"][0][0].get<double>();
        const double middles = box.run(line + QStringList{QStringLiteral("--quadrature"), QStringLiteral("middle"), QStringLiteral("--budget"), QStringLiteral("400")}).json()["rows"][0]["values"][0][0].get<double>();
        QVERIFY2(middles != exact && std::abs(middles - exact) < 1e-2 * std::abs(exact), qPrintable(QStringLiteral("%1 %2").arg(middles).arg(exact)));
        const QStringList lime{QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("lime"),
                               QStringLiteral("--rows"), QStringLiteral("0:3"), QStringLiteral("--budget"), QStringLiteral("400")};
        const json fitted = box.run(lime + QStringList{QStringLiteral("--features"), QStringLiteral("2"), QStringLiteral("--json")}).json();
        QCOMPARE(fitted["evaluations"].get<int>(), 400);
        QVERIFY(!fitted["additive"].get<bool>());
        QCOMPARE(fitted["rows"].size(), std::size_t(3));
        for (const json& row : fitted["rows"]) {
            QCOMPARE(row["fit"].size(), fitted["outputs"].size());
            for (const json& values : row["values"])
                QVERIFY(std::count_if(values.begin(), values.end(), [](const json& value) { return value.get<double>() != 0.0; }) <= 2);
        }
        const CliResult told = box.run(lime);
        QVERIFY(told.code == 0 && told.out.contains("400 samples a row") && told.out.contains("weighted R²"));
        // What it would take, of every kind of method, and nothing else.
        for (const char* method : {"permutation", "permutation-importance", "pdp", "counterfactual"}) {
            const CliResult cost = box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QString::fromLatin1(method),
                                            QStringLiteral("--rows"), QStringLiteral("3:4"), QStringLiteral("--estimate"), QStringLiteral("--json")});
            QVERIFY2(cost.code == 0, cost.err.constData());
            const json estimate = cost.json()["estimate"];
            QVERIFY(estimate["seconds"].get<double>() >= 0.0 && estimate["model_rows"].get<double>() > 0.0);
            QCOMPARE(estimate["bytes"].is_number(), method == std::string("permutation"));
        }
        QVERIFY(box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--estimate"), QStringLiteral("--out"), QStringLiteral("a.json")}).code != 0);
        const CliResult unused = box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--features"), QStringLiteral("2")});
        QVERIFY(unused.code != 0 && unused.err.contains("--features"));
        QVERIFY(box.run(lime + QStringList{QStringLiteral("--group"), QStringLiteral("both=island,sex")}).code != 0);
        const CliResult slopes = box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("saliency"),
                                          QStringLiteral("--kind"), QStringLiteral("waterfall"), QStringLiteral("--plot"), box.path(QStringLiteral("why.png"))});
        QVERIFY(slopes.code != 0);
        QVERIFY(box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("deeplift"), QStringLiteral("--signed")}).code != 0);
#ifdef LIMPID_GUI
        for (const char* kind : {"beeswarm", "bar", "violin", "heatmap", "decision", "stacked-force", "dependence", "waterfall", "force", "row-bar"}) {
            const QString file = box.path(QString::fromLatin1(kind) + QStringLiteral(".png"));
            const CliResult drawn = box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--rows"), QStringLiteral("0:30"), QStringLiteral("--plot"), file, QStringLiteral("--kind"), QString::fromLatin1(kind)});
            QVERIFY2(drawn.code == 0, drawn.err.constData());
            QVERIFY(bytesOf(file).startsWith("\x89PNG"));
        }
        const QString vector = box.path(QStringLiteral("why.svg"));
        QCOMPARE(box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--rows"), QStringLiteral("0:30"), QStringLiteral("--plot"), vector}).code, 0);
        QVERIFY(bytesOf(vector).contains("<svg"));
#endif
        const CliResult doctor = box.run({QStringLiteral("doctor"), QStringLiteral("--json")});
        QCOMPARE(doctor.code, 0);
        QVERIFY(doctor.json()["healthy"].get<bool>());
    }

    void theBackgroundIsTheTrainingRowsWhileTheyAreThere()
    {
        const CliBox box;
        const QString file = box.write(QStringLiteral("train.csv"), smallTable());
        const QString other = box.write(QStringLiteral("other.csv"), smallTable(20));
        QCOMPARE(box.run({QStringLiteral("train"), file, QStringLiteral("--target"), QStringLiteral("y"), QStringLiteral("--epochs"), QStringLiteral("3"), QStringLiteral("--name"), QStringLiteral("m")}).code, 0);
        const auto explain = [&](const QString& of) {
            return box.run({QStringLiteral("explain"), QStringLiteral("m"), of, QStringLiteral("--rows"), QStringLiteral("0:10"), QStringLiteral("--json")}).json();
        };
        const json own = explain(file), others = explain(other);
        QVERIFY(own["background"] == others["background"]);
        // The first ten rows of both files are the same, and so is what they are compared with.
        QCOMPARE(own["rows"].size(), std::size_t(10));
        for (std::size_t row = 0; row < 10; ++row) {
            for (std::size_t feature = 0; feature < 2; ++feature)
                QVERIFY(std::abs(own["rows"][row]["values"][0][feature].get<double>() - others["rows"][row]["values"][0][feature].get<double>()) < 1e-6);
        }
        QVERIFY(QFile::remove(file));
        const json without = explain(other);
        QVERIFY(without["background"] != own["background"]);
    }

    void sameSeedSameModel()
    {
        const CliBox box;
        const auto weightsOf = [&](const char* seed, const char* name) {
            const QString folder = box.path(QString::fromLatin1(name));
            const CliResult trained = box.run(QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--seed"), QString::fromLatin1(seed), QStringLiteral("--name"), QString::fromLatin1(name)} + quickTraining);
            const CliResult saved = box.run({QStringLiteral("models"), QStringLiteral("export"), QString::fromLatin1(name), QStringLiteral("--out"), folder});
            return trained.code == 0 && saved.code == 0 ? bytesOf(folder + QStringLiteral("/model.safetensors")) : QByteArray();
        };
        const QByteArray first = weightsOf("1", "a"), second = weightsOf("1", "b"), other = weightsOf("2", "c");
        QVERIFY(!first.isEmpty());
        QVERIFY(first == second);
        QVERIFY(first != other);
        // An exported folder is a model too.
        const CliResult predicted = box.run({QStringLiteral("predict"), box.path(QStringLiteral("a")), penguins()});
        QCOMPARE(predicted.code, 0);
        QCOMPARE(predicted.out, box.run({QStringLiteral("predict"), QStringLiteral("a"), penguins()}).out);
    }

    void findsALearningRate()
    {
        const CliBox box;
        const QStringList find{QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--find-rate")};
        const CliResult found = box.run(find + QStringList{QStringLiteral("--json"), QStringLiteral("--quiet")});
        QVERIFY2(found.code == 0, found.err.constData());
        const json document = found.json();
        QVERIFY(document["grew"].get<bool>());
        QVERIFY(document["points"].size() > 50 && document["points"].size() <= 200);
        QCOMPARE(document["points"][0]["rate"].get<double>(), 1e-7);
        const double suggested = document["suggested"].get<double>();
        QVERIFY2(suggested > 1e-4 && suggested < 1.0, qPrintable(QString::number(suggested)));
        QVERIFY(!box.workspaceExists());
        const CliResult people = box.run(find + QStringList{QStringLiteral("--rate-steps"), QStringLiteral("60"), QStringLiteral("--rate-start"), QStringLiteral("1e-5")});
        QCOMPARE(people.code, 0);
        QVERIFY2(people.out.contains("Suggested: --learning-rate"), people.out.constData());
        const CliResult refused = box.run(find + QStringList{QStringLiteral("--optimizer"), QStringLiteral("L-BFGS")});
        QCOMPARE(refused.code, 3);
        QVERIFY2(refused.err.contains("L-BFGS"), refused.err.constData());
    }

    void crossValidates()
    {
        const CliBox box;
        const CliResult result = box.run(QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--folds"), QStringLiteral("3"), QStringLiteral("--json")} + quickTraining);
        QVERIFY2(result.code == 0, result.err.constData());
        const json document = result.json();
        QCOMPARE(document["kind"].get<std::string>(), std::string("folds"));
        QVERIFY(document["finished"] == json::array({1, 2, 3}));
        const json& accuracy = document["validation"]["accuracy"];
        QCOMPARE(accuracy["count"].get<int>(), 3);
        QVERIFY(accuracy["low"].get<double>() <= accuracy["mean"].get<double>() && accuracy["mean"].get<double>() <= accuracy["high"].get<double>());
        double mean = 0.0;
        for (const json& run : document["runs"]) {
            mean += run["metrics"]["validation"]["accuracy"].get<double>() / 3.0;
            QVERIFY(run["version"].is_null());
        }
        QVERIFY(std::abs(accuracy["mean"].get<double>() - mean) < 1e-12);
        QVERIFY(box.run({QStringLiteral("models"), QStringLiteral("list"), QStringLiteral("--json")}).json()["models"].empty());
        const json run = box.run({QStringLiteral("runs"), QStringLiteral("show"), QStringLiteral("2"), QStringLiteral("--json")}).json();
        QVERIFY(run["study"] == json({{"id", 1}, {"kind", "folds"}, {"part", 2}, {"parts", 3}}));
        QVERIFY(run["study_summary"]["validation"] == document["validation"]);
        QVERIFY(box.run({QStringLiteral("runs"), QStringLiteral("list")}).out.contains("fold 2 of 3"));
        // A fold's best weights are a model as any other.
        QVERIFY(box.run({QStringLiteral("evaluate"), QStringLiteral("run:2"), penguins(), QStringLiteral("--json")}).json()["metrics"]["accuracy"].get<double>() > 0.8);
        const CliResult both = box.run(QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--folds"), QStringLiteral("3"), QStringLiteral("--repeats"), QStringLiteral("2")} + quickTraining);
        QCOMPARE(both.code, 2);
    }

    void trainsAnEnsemble()
    {
        const CliBox box;
        const CliResult result = box.run(QStringList{QStringLiteral("train"), penguins(), QStringLiteral("--ensemble"), QStringLiteral("3"), QStringLiteral("--name"), QStringLiteral("birds"), QStringLiteral("--json")} + quickTraining);
        QVERIFY2(result.code == 0, result.err.constData());
        const json document = result.json();
        QCOMPARE(document["version"].get<int>(), 1);
        QVERIFY(document["metrics"]["validation"]["log_loss"].get<double>() < document["validation"]["log_loss"]["mean"].get<double>());
        QCOMPARE(box.run({QStringLiteral("models"), QStringLiteral("show"), QStringLiteral("birds"), QStringLiteral("--json")}).json()["members"].get<int>(), 3);
        const CliResult predicted = box.run({QStringLiteral("predict"), QStringLiteral("birds"), penguins()});
        QCOMPARE(predicted.code, 0);
        const QString folder = box.path(QStringLiteral("exported"));
        QCOMPARE(box.run({QStringLiteral("models"), QStringLiteral("export"), QStringLiteral("birds"), QStringLiteral("--out"), folder}).code, 0);
        QVERIFY(QFile::exists(folder + QStringLiteral("/model-3.safetensors")));
        QCOMPARE(box.run({QStringLiteral("predict"), folder, penguins()}).out, predicted.out);
        const json shap = box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("exact"), QStringLiteral("--rows"), QStringLiteral("0:2"),
                                   QStringLiteral("--background"), QStringLiteral("10"), QStringLiteral("--json")}).json();
        for (std::size_t output = 0; output < 3; ++output) {
            double sum = shap["base"][output].get<double>();
            for (const json& value : shap["rows"][0]["values"][output])
                sum += value.get<double>();
            QVERIFY(std::abs(sum - shap["rows"][0]["output"][output].get<double>()) < 1e-5);
        }
    }

    void columnsAreFoundByName()
    {
        const CliBox box;
        const QString file = box.write(QStringLiteral("t.csv"), smallTable());
        QByteArray reordered;
        for (const QByteArray& line : smallTable().trimmed().split('\n')) {
            const QList<QByteArray> cells = line.split(',');
            reordered += cells[2] + ',' + cells[1] + ',' + cells[0] + '\n';
        }
        const QString other = box.write(QStringLiteral("r.csv"), reordered);
        QCOMPARE(box.run({QStringLiteral("train"), file, QStringLiteral("--target"), QStringLiteral("y"), QStringLiteral("--epochs"), QStringLiteral("3"), QStringLiteral("--name"), QStringLiteral("m")}).code, 0);
        const CliResult a = box.run({QStringLiteral("predict"), QStringLiteral("m"), file});
        const CliResult b = box.run({QStringLiteral("predict"), QStringLiteral("m"), other});
        QCOMPARE(a.code, 0);
        QCOMPARE(b.code, 0);
        QCOMPARE(a.out, b.out);
        QVERIFY2(b.err.contains("another order"), b.err.constData());
    }

    void globalOptionsStandAnywhere()
    {
        const CliBox box;
        const QString elsewhere = box.path(QStringLiteral("elsewhere"));
        QCOMPARE(box.run(QStringList{QStringLiteral("--workspace"), elsewhere, QStringLiteral("train"), penguins()} + quickTraining).code, 0);
        QCOMPARE(box.run({QStringLiteral("--json"), QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--workspace"), elsewhere}).json()["runs"].size(), std::size_t(1));
        QCOMPARE(box.run({QStringLiteral("runs"), QStringLiteral("--workspace"), elsewhere, QStringLiteral("list"), QStringLiteral("--json")}).json()["runs"].size(), std::size_t(1));
        QVERIFY(!box.workspaceExists());
    }

    void completionIsAScriptThatBashTakes()
    {
        const CliBox box;
        const CliResult script = box.run({QStringLiteral("completion"), QStringLiteral("bash")});
        QCOMPARE(script.code, 0);
        const QString file = box.write(QStringLiteral("complete.sh"), script.out + "\nCOMP_WORDS=(limpid train --opt); COMP_CWORD=2; _limpid; echo \"${COMPREPLY[@]}\"\n"
                                                                                  "COMP_WORDS=(limpid runs s); COMP_CWORD=2; _limpid; echo \"${COMPREPLY[@]}\"\n"
                                                                                  "COMP_WORDS=(limpid train --optimizer A); COMP_CWORD=3; _limpid; echo \"${COMPREPLY[@]}\"\n");
        QProcess bash;
        bash.start(QStringLiteral("bash"), {file});
        if (!bash.waitForStarted())
            QSKIP("needs bash");
        QVERIFY(bash.waitForFinished());
        QCOMPARE(bash.readAllStandardOutput(), QByteArray("--optimizer\nshow\nAdam AdamW Adagrad\n"));
    }

    void demo()
    {
        const CliBox box;
        const QString out = box.path(QStringLiteral("demo"));
        const CliResult result = box.run({QStringLiteral("demo"), QStringLiteral("--out"), out});
        QVERIFY2(result.code == 0, result.err.constData());
        QVERIFY(result.out.contains("report.html"));
        const QByteArray report = bytesOf(out + QStringLiteral("/report.html"));
        QVERIFY(report.contains("prefers-color-scheme: dark"));
        QVERIFY2(!report.contains("src=\"http") && !report.contains("href="), "the page must stand alone");
#ifdef LIMPID_GUI
        for (const char* name : {"curve.png", "beeswarm.png", "waterfall.png"})
            QVERIFY2(bytesOf(out + u'/' + QString::fromLatin1(name)).startsWith("\x89PNG"), name);
        QCOMPARE(report.count("<figure>"), 3);
#endif
        const json models = box.run({QStringLiteral("models"), QStringLiteral("list"), QStringLiteral("--json"), QStringLiteral("--workspace"), out + QStringLiteral("/workspace")}).json();
        QCOMPARE(models["models"].size(), std::size_t(1));
        QVERIFY(!box.workspaceExists());
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
