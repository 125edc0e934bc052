#include "core/model/LayerCatalog.h"
#include "core/model/TrainSpec.h"
#include "tests/support/TestSupport.h"

using namespace limpid;

class TstParams : public QObject
{
    Q_OBJECT

private:
    static const ParamSpec& train(const std::string& name)
    {
        for (const ParamSpec& spec : trainParams())
            if (spec.name == name)
                return spec;
        qFatal("no such parameter");
        return trainParams().front();
    }

private slots:
    void validate_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("expected"); // code, or "" where it is fine
        QTest::newRow("empty") << "{}" << "";
        QTest::newRow("all fine") << R"({"epochs": 3, "learning_rate": 0.1, "optimizer": "SGD"})" << "";
        QTest::newRow("whole float") << R"({"epochs": 3.0})" << "";
        QTest::newRow("half an epoch") << R"({"epochs": 3.5})" << "OptionInvalid";
        QTest::newRow("below") << R"({"epochs": 0})" << "OptionInvalid";
        QTest::newRow("above") << R"({"threads": 257})" << "OptionInvalid";
        QTest::newRow("huge") << R"({"seed": 1e300})" << "OptionInvalid";
        QTest::newRow("text for number") << R"({"learning_rate": "fast"})" << "OptionInvalid";
        QTest::newRow("no such choice") << R"({"optimizer": "sgd"})" << "OptionInvalid";
        QTest::newRow("null") << R"({"optimizer": null})" << "OptionInvalid";
        QTest::newRow("array") << R"({"optimizer": [[[]]]})" << "OptionInvalid";
        QTest::newRow("unknown") << R"({"epoch": 3})" << "OptionUnknown";
        QTest::newRow("not an object") << "[]" << "OptionInvalid";
    }
    void validate()
    {
        QFETCH(QString, json);
        QFETCH(QString, expected);
        const Issues issues = validateParams(trainParams(), nlohmann::json::parse(json.toStdString()));
        QCOMPARE(issues.empty(), expected.isEmpty());
        if (!issues.empty())
            QCOMPARE(std::string(errorName(issues[0].code)), expected.toStdString());
    }

    void nearestIsOffered()
    {
        const Issues issues = validateParams(trainParams(), {{"learningrate", 1.0}});
        QCOMPARE(issues.size(), std::size_t{1});
        QCOMPARE(fact(issues[0].facts, "nearest"), std::string("learning_rate"));
    }

    void parse()
    {
        QCOMPARE(parseParam(train("epochs"), "12").dump(), std::string("12"));
        QCOMPARE(parseParam(train("learning_rate"), "1e-3").get<double>(), 0.001);
        QCOMPARE(parseParam(train("optimizer"), "SGD").get<std::string>(), std::string("SGD"));
        for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
                 {"epochs", ""}, {"epochs", "12x"}, {"epochs", "0"}, {"epochs", "99999999999999999999"},
                 {"learning_rate", "nan"}, {"learning_rate", "inf"}, {"learning_rate", "0,1"}, {"optimizer", "adam"}})
            QCOMPARE(test::errorNameOf([&, n = name, t = text] { parseParam(train(n), t); }), std::string("OptionInvalid"));
    }

    void trainSpecRoundTrip()
    {
        TrainSpec spec;
        spec.epochs = 7;
        spec.optimizer = "SGD";
        spec.seed = 9'007'199'254'740'991;
        spec.learningRate = 0.123;
        QVERIFY(trainSpecFromJson(toJson(spec)) == spec);
        QVERIFY(trainSpecFromJson(nlohmann::json::object()) == TrainSpec());
        QCOMPARE(test::errorNameOf([] { trainSpecFromJson({{"epochs", "many"}}); }), std::string("OptionInvalid"));
    }

    /// The rule of the header: the power of two nearest to rows / 50 (in the logarithm), within [8, 1024].
    void batchSize()
    {
        QCOMPARE(automaticBatchSize(0), 8);
        QCOMPARE(automaticBatchSize(120), 8);
        QCOMPARE(automaticBatchSize(1'600), 32);
        QCOMPARE(automaticBatchSize(10'000), 256); // 200 lies nearer to 256 than to 128
        QCOMPARE(automaticBatchSize(10'000'000), 1024);
    }

    void everyDefaultFits()
    {
        for (const LayerType& type : layerCatalog()) {
            ParamValues values = ParamValues::object();
            for (const ParamSpec& spec : type.params)
                values[spec.name] = spec.defaultValue;
            QVERIFY2(validateParams(type.params, values).empty(), type.name.c_str());
        }
        QVERIFY(validateParams(trainParams(), toJson(TrainSpec())).empty());
    }
};

QTEST_GUILESS_MAIN(TstParams)
#include "tst_params.moc"
