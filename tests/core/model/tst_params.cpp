#include "core/model/LayerCatalog.h"
#include "core/model/TrainSpec.h"
#include "tests/support/TestSupport.h"

#include <algorithm>

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

    /// A setting changed where nothing looks at it is worth a note, and no more.
    void unusedIsNoted_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("unused"); // the setting, or "" where all matter
        QTest::newRow("momentum of SGD") << R"({"optimizer": "SGD", "momentum": 0.5})" << "";
        QTest::newRow("momentum of AdamW") << R"({"momentum": 0.5})" << "momentum";
        QTest::newRow("its default") << R"({"momentum": 0.9})" << "";
        QTest::newRow("warm-up of one-cycle") << R"({"warmup": 0.1})" << "warmup";
        QTest::newRow("warm-up of cosine") << R"({"warmup": 0.1, "schedule": "cosine"})" << "";
        QTest::newRow("delta of MAE") << R"({"loss": "MAE", "huber_delta": 2})" << "huber_delta";
        QTest::newRow("nesterov of Adam") << R"({"optimizer": "Adam", "nesterov": true})" << "nesterov";
    }
    void unusedIsNoted()
    {
        QFETCH(QString, json);
        QFETCH(QString, unused);
        const auto values = nlohmann::json::parse(json.toStdString());
        const Issues issues = validateParams(trainParams(), values);
        QCOMPARE(issues.size(), std::size_t(unused.isEmpty() ? 0 : 1));
        for (const Issue& issue : issues) {
            QVERIFY(issue.code == ErrorCode::OptionUnused && issue.severity == Severity::Note);
            QCOMPARE(QString::fromStdString(issue.where), unused);
        }
        for (const ParamSpec& spec : trainParams())
            if (values.contains(spec.name) && values[spec.name] != spec.defaultValue)
                QCOMPARE(paramApplies(trainParams(), values, spec.name), unused.toStdString() != spec.name);
        trainSpecFromJson(values); // does not throw
    }

    /// Conditions speak of choices that exist.
    void conditionsHold()
    {
        for (const ParamSpec& spec : trainParams()) {
            if (spec.appliesIf.name.empty())
                continue;
            const ParamSpec& other = train(spec.appliesIf.name);
            QVERIFY(!spec.appliesIf.values.empty());
            for (const std::string& value : spec.appliesIf.values)
                QVERIFY2(std::find(other.choices.begin(), other.choices.end(), value) != other.choices.end(), value.c_str());
        }
        QCOMPARE(test::errorNameOf([] { paramApplies(trainParams(), {}, "speed"); }), std::string("OptionUnknown"));
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
        spec.nesterov = true;
        spec.loss = "Huber";
        spec.clipNorm = 1.5;
        QVERIFY(trainSpecFromJson(toJson(spec)) == spec);
        QVERIFY(trainSpecFromJson(nlohmann::json::object()) == TrainSpec());
        QCOMPARE(test::errorNameOf([] { trainSpecFromJson({{"epochs", "many"}}); }), std::string("OptionInvalid"));
    }

    /// Every setting reaches the structure and comes back from it.
    void everySettingIsKept()
    {
        const nlohmann::json defaults = toJson(TrainSpec());
        for (const ParamSpec& spec : trainParams()) {
            nlohmann::json value;
            switch (spec.type) {
            case ParamType::Integer: value = spec.defaultValue.get<int>() + 1; break;
            case ParamType::Real: value = spec.defaultValue.get<double>() == spec.min ? (spec.max < 1 ? spec.max : 0.5) : spec.min; break;
            case ParamType::Boolean: value = !spec.defaultValue.get<bool>(); break;
            case ParamType::Choice: value = spec.choices.back() == spec.defaultValue.get<std::string>() ? spec.choices.front() : spec.choices.back(); break;
            case ParamType::Integers:
            case ParamType::Name: QFAIL("training has none of this type: keep it and try it here");
            }
            nlohmann::json expected = defaults;
            QVERIFY(expected.contains(spec.name) && expected[spec.name] == spec.defaultValue);
            expected[spec.name] = value;
            QCOMPARE(toJson(trainSpecFromJson({{spec.name, value}})).dump(), expected.dump());
        }
        QCOMPARE(defaults.size(), trainParams().size());
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
