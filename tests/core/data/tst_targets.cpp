// Several targets, and targets that are counts.
#include "core/data/Pipeline.h"
#include "tests/core/data/CsvTesting.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <numeric>

using namespace limpid;
using limpid::test::readBytes;

namespace {

/// Ten rows: an input, two-valued columns of three kinds, numbers, counts, and three classes; "few" lacks two values.
const char* const someTable = "x,flag,zeroOne,sex,height,weight,count,few,class\n"
                              "0.5,yes,0,m,1.5,10,0,1.5,a\n"
                              "1.5,no,1,f,2.5,30,3,2.5,b\n"
                              "2.5,no,0,f,3.5,20,1,,c\n"
                              "3.5,yes,1,m,4.5,60,2,3.25,a\n"
                              "4.5,no,1,f,5.5,50,7,4.5,b\n"
                              "5.5,yes,0,m,6.5,40,4,,c\n"
                              "6.5,no,0,f,7.5,80,0,5.5,a\n"
                              "7.5,yes,1,f,8.5,70,1,6.5,b\n"
                              "8.5,no,1,m,9.5,90,5,7.5,c\n"
                              "9.5,yes,0,m,10.5,12,2,8.5,a\n";

PipelineSpec specFor(const QString& targets, const std::string& link = "identity")
{
    PipelineSpec spec;
    std::vector<std::string> names;
    for (const QString& name : targets.split(','))
        names.push_back(name.toStdString());
    spec.setTargets(names);
    spec.link = link;
    return spec;
}

Split eightRows()
{
    return {{0, 1, 2, 3, 4, 5, 6, 7}, {8, 9}};
}

Pipeline fitted(const PipelineSpec& spec, Issues& issues, const QByteArray& csv = someTable)
{
    return Pipeline::fit(readBytes(csv).table, eightRows(), spec, issues);
}

Pipeline fitted(const PipelineSpec& spec)
{
    Issues issues;
    return fitted(spec, issues);
}

} // namespace

class TargetsTest : public QObject
{
    Q_OBJECT

private slots:
    void specificationsHoldThemInOrder()
    {
        PipelineSpec spec;
        spec.setTargets({"b", "a", "c"});
        QCOMPARE(spec.target, std::string("b"));
        QCOMPARE(spec.targets(), (std::vector<std::string>{"b", "a", "c"}));
        spec.setTargets({"a"});
        QVERIFY(spec.moreTargets.empty());
        spec.setTargets({});
        QCOMPARE(spec.targets(), std::vector<std::string>{""});
    }

    void labels()
    {
        const Table table = readBytes(someTable).table;
        const Pipeline pipeline = fitted(specFor("flag,zeroOne,sex"));
        QVERIFY(pipeline.task() == TaskKind::MultiLabel);
        QCOMPARE(pipeline.outputs(), std::size_t(3));
        QCOMPARE(pipeline.outputNames(), (std::vector<std::string>{"flag", "zeroOne", "sex"}));
        QVERIFY(pipeline.classes().empty());
        QCOMPARE(pipeline.targets()[0].classes, (std::vector<std::string>{"no", "yes"}));
        QCOMPARE(pipeline.targets()[1].classes, (std::vector<std::string>{"0", "1"}));
        QCOMPARE(pipeline.targets()[2].classes, (std::vector<std::string>{"f", "m"}));
        for (const FeatureGroup& group : pipeline.groups())
            QVERIFY(group.column != "flag" && group.column != "zeroOne" && group.column != "sex");
        Issues issues;
        const std::vector<std::size_t> rows{0, 8, 9};
        const Features features = pipeline.transform(table, rows, true, issues);
        QVERIFY(issues.empty());
        QCOMPARE(features.targetWidth, std::size_t(3));
        QCOMPARE(features.targets, (std::vector<float>{1, 0, 1, 0, 1, 1, 1, 0, 1}));
        QVERIFY(pipeline.transform(table, rows, false, issues).targets.empty());
    }

    /// Means and deviations of the training rows, by hand: heights 1.5 … 8.5, weights 10 … 80.
    void numbers()
    {
        const Pipeline pipeline = fitted(specFor("height,weight"));
        QVERIFY(pipeline.task() == TaskKind::MultiRegression);
        QCOMPARE(pipeline.outputNames(), (std::vector<std::string>{"height", "weight"}));
        QCOMPARE(pipeline.targets()[0].mean, 5.0);
        QCOMPARE(pipeline.targets()[0].scale, std::sqrt(5.25));
        QCOMPARE(pipeline.targets()[1].mean, 45.0);
        QCOMPARE(pipeline.targets()[1].scale, std::sqrt(525.0));
        Issues issues;
        const std::vector<std::size_t> rows{9, 0};
        const Features features = pipeline.transform(readBytes(someTable).table, rows, true, issues);
        QCOMPARE(features.targets, (std::vector<float>{float(5.5 / std::sqrt(5.25)), float(-33.0 / std::sqrt(525.0)),
                                                       float(-3.5 / std::sqrt(5.25)), float(-35.0 / std::sqrt(525.0))}));
        QVERIFY(std::abs(pipeline.targets()[1].decoded(features.targets[1]) - 12.0) < 1e-5);
    }

    void thatDoNotGoTogether_data()
    {
        QTest::addColumn<QString>("targets");
        QTest::addColumn<QString>("error");
        QTest::newRow("unknown") << "flag,hight" << "TargetUnknown column=hight nearest=height";
        QTest::newRow("twice") << "height,weight,height" << "TargetRepeated column=height";
        QTest::newRow("classes") << "flag,class" << "TargetManyClasses column=class count=3";
        QTest::newRow("classes among numbers") << "height,class" << "TargetManyClasses column=class count=3";
        QTest::newRow("number and label") << "flag,height,sex" << "TargetsMixed column=height other=flag";
        QTest::newRow("label after numbers") << "height,zeroOne" << "TargetsMixed column=height other=zeroOne";
        QTest::newRow("missing") << "height,few" << "TargetMissing column=few count=2";
        QTest::newRow("one value") << "flag,same" << "TargetOneClass column=same value=k";
        QTest::newRow("no inputs") << "flag,zeroOne,sex,same" << "TargetOneClass column=same value=k";
    }
    void thatDoNotGoTogether()
    {
        QFETCH(QString, targets);
        QFETCH(QString, error);
        QByteArray csv = someTable;
        csv.replace('\n', ",k\n").replace("class,k", "class,same");
        QString found;
        Issues issues;
        try {
            fitted(specFor(targets), issues, csv);
        } catch (const Error& thrown) {
            found = thrown.what();
        }
        QCOMPARE(found.trimmed(), error);
    }

    void jsonRoundTrip_data()
    {
        QTest::addColumn<QString>("targets");
        QTest::addColumn<QString>("link");
        QTest::newRow("labels") << "flag,zeroOne" << "identity";
        QTest::newRow("numbers") << "weight,height,count" << "identity";
        QTest::newRow("count") << "count" << "log";
        QTest::newRow("counts") << "count,weight" << "log";
    }
    void jsonRoundTrip()
    {
        QFETCH(QString, targets);
        QFETCH(QString, link);
        const Pipeline pipeline = fitted(specFor(targets, link.toStdString()));
        const std::string text = pipeline.toJson().dump();
        const Pipeline back = Pipeline::fromJson(nlohmann::json::parse(text));
        QCOMPARE(back.toJson().dump(), text);
        QVERIFY(back.spec() == pipeline.spec() && back.task() == pipeline.task());
        QVERIFY(back.columnTypes() == pipeline.columnTypes());
        QCOMPARE(back.outputNames(), pipeline.outputNames());
        const Table table = readBytes(someTable).table;
        Issues issues;
        QCOMPARE(back.transform(table, true, issues).targets, pipeline.transform(table, true, issues).targets);
        QVERIFY(issues.empty());
    }

    void brokenJson_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("none") << QByteArray("/targets") << QByteArray("[]");
        QTest::newRow("one") << QByteArray("/targets") << QByteArray(R"([{"column":"flag","type":"boolean","classes":["a","b"],"mean":0,"scale":1}])");
        QTest::newRow("a number among labels") << QByteArray("/targets/1/classes") << QByteArray("[]");
        QTest::newRow("three classes") << QByteArray("/targets/0/classes") << QByteArray(R"(["a","b","c"])");
        QTest::newRow("scale of zero") << QByteArray("/targets/1/scale") << QByteArray("0");
        QTest::newRow("another task") << QByteArray("/task") << QByteArray("\"multi-regression\"");
        QTest::newRow("another link") << QByteArray("/link") << QByteArray("\"logit\"");
    }
    void brokenJson()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, value);
        nlohmann::json json = fitted(specFor("flag,zeroOne")).toJson();
        json[nlohmann::json::json_pointer(path.toStdString())] = nlohmann::json::parse(value.toStdString());
        QCOMPARE(test::errorNameOf([&] { Pipeline::fromJson(json); }), std::string("BundleInvalid"));
    }

    /// With one target the JSON holds what it always held, and nothing else.
    void oneTargetIsWrittenAsBefore()
    {
        for (const char* target : {"flag", "class", "height"}) {
            const nlohmann::json json = fitted(specFor(target)).toJson();
            std::vector<std::string> keys;
            for (const auto& [key, value] : json.items())
                keys.push_back(key);
            QCOMPARE(keys, (std::vector<std::string>{"categories", "classes", "columns", "ignored", "missingMarks", "scaling", "tableColumns",
                                                     "target", "targetMean", "targetScale", "targetType", "task", "version"}));
        }
    }

    /// A model from a store of the first release reads, and writes but for what it did not know: the marks of missing values.
    void oldModelsStayAsTheyAre()
    {
        std::ifstream file(test::project("tests/fixtures/store/v1/blobs/3d/8513e7d40499913550e80aecd807a4448e6c6eb0349803e1e9b98359be5f85"));
        const nlohmann::json old = nlohmann::json::parse(file);
        nlohmann::json now = Pipeline::fromJson(old).toJson();
        QVERIFY(now.erase("missingMarks") == 1);
        QCOMPARE(now.dump(), old.dump());
    }

    /// The training rows' counts have the mean 18 / 8.
    void countsAreDividedByTheirMean()
    {
        const Pipeline pipeline = fitted(specFor("count", "log"));
        QVERIFY(pipeline.task() == TaskKind::Regression && pipeline.logLink());
        QCOMPARE(pipeline.targetMean(), 0.0);
        QCOMPARE(pipeline.targetScale(), 2.25);
        Issues issues;
        std::vector<float> expected;
        for (const double count : {0.0, 3.0, 1.0, 2.0, 7.0, 4.0, 0.0, 1.0, 5.0, 2.0})
            expected.push_back(static_cast<float>(count / 2.25));
        QCOMPARE(pipeline.transform(readBytes(someTable).table, true, issues).targets, expected);
        // 0 and 1 may be counts too; labels have no mean to take the logarithm of.
        QVERIFY(fitted(specFor("zeroOne", "log")).task() == TaskKind::Regression);
        QVERIFY(fitted(specFor("flag", "log")).task() == TaskKind::Binary);
        QVERIFY(!fitted(specFor("flag", "log")).logLink());
        QCOMPARE(test::errorNameOf([] { fitted(specFor("count", "probit")); }), std::string("OptionInvalid"));
    }

    void whatIsNoCount_data()
    {
        QTest::addColumn<int>("line");
        QTest::newRow("training row") << 5;
        QTest::newRow("validation row") << 11;
    }
    void whatIsNoCount()
    {
        QFETCH(int, line);
        QList<QByteArray> lines = QByteArray(someTable).split('\n');
        QList<QByteArray> cells = lines[line - 1].split(',');
        cells[6] = "-2.5";
        lines[line - 1] = cells.join(',');
        const QByteArray csv = lines.join('\n');
        const Issue expected{Severity::Error, "count", ErrorCode::TargetNegative,
                             {{"column", "count"}, {"line", std::to_string(line)}, {"value", "-2.5"}}};
        Issues issues;
        fitted(specFor("count,weight", "log"), issues, csv);
        QCOMPARE(issues, Issues{expected});
        issues.clear();
        fitted(specFor("count,weight"), issues, csv);
        QVERIFY(issues.empty());
        const Features features = fitted(specFor("count,weight", "log")).transform(readBytes(csv).table, true, issues);
        QCOMPARE(issues, Issues{expected});
        QCOMPARE(features.rows, std::size_t(0));
        issues.clear();
        QCOMPARE(fitted(specFor("count", "log")).transform(readBytes(csv).table, false, issues).rows, std::size_t(10));
    }

    void infinityIsNoCount()
    {
        const Table table({Column::numbers("x", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
                           Column::numbers("y", {1, 2, 3, std::numeric_limits<double>::infinity(), 5, 6, 7, 8, 9, 10})});
        Issues issues;
        Pipeline::fit(table, eightRows(), specFor("y", "log"), issues);
        QCOMPARE(issues.size(), std::size_t(1));
        QVERIFY(issues[0].code == ErrorCode::TargetNegative);
        QCOMPARE(fact(issues[0].facts, "line"), std::string("5"));
    }

    void aMissingTarget()
    {
        Issues issues;
        const Pipeline pipeline = fitted(specFor("height,weight"));
        QByteArray csv = someTable;
        csv.replace("4.5,60", ",60").replace("weight", "mass");
        pipeline.transform(readBytes(csv).table, true, issues);
        QVERIFY(std::any_of(issues.begin(), issues.end(), [](const Issue& issue) { return issue.code == ErrorCode::ColumnMissing && issue.where == "weight"; }));
        issues.clear();
        csv.replace("mass", "weight");
        QCOMPARE(pipeline.transform(readBytes(csv).table, true, issues).rows, std::size_t(0));
        QVERIFY(issues.size() == 1 && issues[0].code == ErrorCode::TargetMissing && issues[0].where == "height");
    }

    /// Rows that lack any of the targets are in neither part; every value of every target is in training.
    void split()
    {
        const Table table = readBytes(someTable).table;
        const Split both = splitRows(table, std::vector<std::string>{"height", "few"}, {0.25, true, 3});
        QCOMPARE(both.train.size(), std::size_t(6));
        QCOMPARE(both.validation.size(), std::size_t(2));
        for (const std::size_t row : {2, 5})
            QVERIFY(std::find(both.train.begin(), both.train.end(), row) == both.train.end()
                    && std::find(both.validation.begin(), both.validation.end(), row) == both.validation.end());

        std::vector<std::int32_t> first(40, 0), second(40, 1);
        first[7] = 1;
        second[30] = 0;
        const Table rare({Column::categories("a", first, {"no", "yes"}), Column::categories("b", second, {"no", "yes"})});
        for (std::uint64_t seed = 0; seed < 30; ++seed) {
            const Split split = splitRows(rare, std::vector<std::string>{"a", "b"}, {0.5, true, seed});
            QCOMPARE(split.validation.size(), std::size_t(20));
            for (const std::size_t row : {7, 30})
                QVERIFY(std::find(split.train.begin(), split.train.end(), row) != split.train.end());
        }
        QCOMPARE(test::errorNameOf([&] { splitRows(table, std::vector<std::string>{"height", "none"}, {}); }), std::string("TargetUnknown"));
    }
};

QTEST_GUILESS_MAIN(TargetsTest)
#include "tst_targets.moc"
