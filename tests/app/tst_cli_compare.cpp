#include "tests/app/CliSupport.h"

using namespace limpid::test;
using nlohmann::json;

/// `limpid runs compare`: what differs between runs, and which did better.
class TestCliCompare : public QObject
{
    Q_OBJECT

private slots:
    void sideBySide()
    {
        const CliBox box;
        const QStringList train{QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--quiet"),
                                QStringLiteral("--name"), QStringLiteral("birds"), QStringLiteral("--epochs")};
        // One epoch at almost no learning rate against eight at the usual one: the second does better.
        QCOMPARE(box.run(train + QStringList{QStringLiteral("1"), QStringLiteral("--learning-rate"), QStringLiteral("0.000001")}).code, 0);
        QCOMPARE(box.run(train + QStringList{QStringLiteral("8")}).code, 0);
        QCOMPARE(box.run(train + QStringList{QStringLiteral("8")}).code, 0);

        const json compared = box.run({QStringLiteral("runs"), QStringLiteral("compare"), QStringLiteral("1"), QStringLiteral("run:2"), QStringLiteral("--json")}).json();
        QCOMPARE(compared["runs"].size(), std::size_t(2));
        QCOMPARE(compared["runs"][1]["run"].get<int>(), 2);
        std::map<std::string, json> settings;
        for (const json& one : compared["settings"])
            settings[one["name"]] = one["values"];
        QCOMPARE(settings.size(), std::size_t(2)); // and nothing else
        QVERIFY(settings["epochs"] == json::array({1, 8}));
        QVERIFY(settings["learning_rate"] == json::array({0.000001, 0.01}));
        bool found = false;
        for (const json& one : compared["metrics"])
            if (one["part"] == "validation" && one["name"] == "log_loss") { // lower is better
                found = true;
                QVERIFY(one["values"][1] < one["values"][0]);
                QVERIFY(one["best"] == json::array({2}));
            }
        QVERIFY(found);

        const CliResult text = box.run({QStringLiteral("runs"), QStringLiteral("compare"), QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3")});
        QCOMPARE(text.code, 0);
        for (const char* part : {"run 1", "run 3", "learning_rate", "validation Accuracy", "* the better one"})
            QVERIFY2(text.out.contains(part), text.out.constData());

        const CliResult alike = box.run({QStringLiteral("runs"), QStringLiteral("compare"), QStringLiteral("2"), QStringLiteral("3")});
        QVERIFY(alike.out.contains("set up alike"));
        // Same settings, same bytes, so neither is better.
        QVERIFY2(!alike.out.left(alike.out.indexOf("* the better")).contains('*'), alike.out.constData());
    }

    void refused()
    {
        const CliBox box;
        QCOMPARE(box.run({QStringLiteral("runs"), QStringLiteral("compare"), QStringLiteral("1")}).code, 2); // with what?
        const CliResult unknown = box.run({QStringLiteral("runs"), QStringLiteral("compare"), QStringLiteral("1"), QStringLiteral("2")});
        QCOMPARE(unknown.code, 3);
        QVERIFY(unknown.err.contains("run"));
        const CliResult help = box.run({QStringLiteral("runs"), QStringLiteral("compare"), QStringLiteral("--help")});
        QVERIFY(help.out.contains("Examples:") && help.out.contains("  limpid runs compare"));
    }
};

QTEST_GUILESS_MAIN(TestCliCompare)
#include "tst_cli_compare.moc"
