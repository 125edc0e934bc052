#include "core/data/Pipeline.h"
#include "tests/core/data/CsvTesting.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace limpid;
using limpid::test::readBytes;

namespace {

Split allRows(const Table& table)
{
    Split split;
    split.train.resize(table.rows());
    std::iota(split.train.begin(), split.train.end(), std::size_t{0});
    return split;
}

PipelineSpec specFor(const std::string& target)
{
    PipelineSpec spec;
    spec.target = target;
    return spec;
}

Pipeline fitAll(const Table& table, const PipelineSpec& spec, Issues& issues)
{
    return Pipeline::fit(table, allRows(table), spec, issues);
}

Pipeline fitAll(const Table& table, const PipelineSpec& spec)
{
    Issues issues;
    return fitAll(table, spec, issues);
}

bool near(const std::vector<float>& a, const std::vector<double>& b)
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a[i] - b[i]) < 1e-6))
            return false;
    return true;
}

/// One encoded number feature over all rows.
std::vector<float> feature(const Features& features, std::size_t index)
{
    std::vector<float> values;
    for (std::size_t row = 0; row < features.rows; ++row)
        values.push_back(features.numbers[row * features.numberWidth + index]);
    return values;
}

/// "severity Code where fact=value …", a line an issue.
QString shown(const Issues& issues)
{
    static const char* const severities[] = {"note", "warning", "error"};
    QStringList lines;
    for (const Issue& issue : issues) {
        QString line = QString(severities[static_cast<int>(issue.severity)]) + ' '
            + QString::fromUtf8(errorName(issue.code).data());
        for (const auto& [key, value] : issue.facts)
            if (!value.empty())
                line += ' ' + QString::fromStdString(key + "=" + value);
        lines.append(line);
    }
    return lines.join('\n');
}

bool sameBytes(const Features& a, const Features& b)
{
    return a.rows == b.rows && a.numbers == b.numbers && a.categories == b.categories && a.targets == b.targets;
}

const char* const mixedTable = "n,b,c,d,y\n"
                               "1,yes,u,2001-01-01 06:00,p\n"
                               "2,no,v,2001-03-01 12:00,q\n"
                               ",yes,,2001-06-01 18:00,p\n"
                               "4,,u,2001-12-31 00:00,q\n"
                               "9,no,w,,p\n";

} // namespace

class PipelineTest : public QObject
{
    Q_OBJECT

private slots:
    /// Mean 4, population deviation sqrt(9.5), median 3: by hand.
    void standardNumbers()
    {
        const Table table = readBytes("n,y\n1,0\n2,1\n,0\n4,1\n9,1\n").table;
        const Pipeline pipeline = fitAll(table, specFor("y"));
        Issues issues;
        const Features f = pipeline.transform(table, true, issues);
        QVERIFY(issues.empty());
        QCOMPARE(f.numberWidth, std::size_t{2});
        const double s = std::sqrt(9.5);
        QVERIFY(near(feature(f, 0), {-3 / s, -2 / s, -1 / s, 0 / s, 5 / s}));
        QVERIFY(near(feature(f, 1), {0, 0, 1, 0, 0}));
        QVERIFY(near(f.targets, {0, 1, 0, 1, 1}));
        QVERIFY(pipeline.task() == TaskKind::Binary);
        QCOMPARE(pipeline.classes(), (std::vector<std::string>{"0", "1"}));
        QCOMPARE(pipeline.outputNames(), (std::vector<std::string>{"1"}));
    }

    void noScaling()
    {
        const Table table = readBytes("n,y\n1,0\n2,1\n4,0\n").table;
        PipelineSpec spec = specFor("y");
        spec.scaling = "none";
        Issues issues;
        QVERIFY(near(feature(fitAll(table, spec).transform(table, false, issues), 0), {1, 2, 4}));
    }

    /// Ranks half a step in: (rank + 0.5) / n; the two equal values share the middle of theirs. Scores by Python's
    /// NormalDist().inv_cdf of 0.1, 0.4, 0.4, 0.7, 0.9.
    void quantileScaling()
    {
        const Table table = readBytes("n,y\n10,0\n20,1\n20,0\n30,1\n1000000,1\n").table;
        PipelineSpec spec = specFor("y");
        spec.scaling = "quantile";
        const Pipeline pipeline = fitAll(table, spec);
        Issues issues;
        const Features f = pipeline.transform(table, false, issues);
        QVERIFY(near(feature(f, 0), {-1.2815515655446008, -0.2533471031357997, -0.2533471031357997, 0.5244005127080407,
                                     1.2815515655446008}));
        // Between two quantiles, and beyond them.
        const Table other = readBytes("n\n15\n-5\n1e9\n").table;
        const Features g = pipeline.transform(other, false, issues);
        QVERIFY(near(feature(g, 0), {-0.8416212335729142, -1.2815515655446008, 1.2815515655446008}));
    }

    /// Over a million rows the quantiles are thinned out, and still make the values normal.
    void quantileOfSkewedColumn()
    {
        std::vector<double> values(20000), target(20000);
        for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] = std::exp(static_cast<double>(i * 7919 % 20000) / 1000.0);
            target[i] = static_cast<double>(i % 2);
        }
        const Table table({Column::numbers("n", values), Column::numbers("y", target)});
        PipelineSpec spec = specFor("y");
        spec.scaling = "quantile";
        Issues issues;
        const std::vector<float> x = feature(fitAll(table, spec).transform(table, false, issues), 0);
        double mean = 0.0, square = 0.0;
        for (const float value : x) {
            mean += static_cast<double>(value) / 20000;
            square += static_cast<double>(value) * static_cast<double>(value) / 20000;
        }
        QVERIFY(std::abs(mean) < 0.01);
        QVERIFY(std::abs(square - 1.0) < 0.03);
    }

    void outlierIsCut()
    {
        std::vector<double> values(1000, 0.0), target(1000, 0.0);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<double>(i % 2), target[i] = static_cast<double>(i % 3 == 0);
        values[500] = 1e9;
        const Table table({Column::numbers("n", values), Column::numbers("y", target)});
        Issues issues;
        const Features f = fitAll(table, specFor("y")).transform(table, false, issues);
        QCOMPARE(f.numbers[500], 10.0f);
    }

    void booleans()
    {
        const Table table = readBytes("b,y\nyes,1\nno,2\n,3\nyes,4\n").table;
        const Pipeline pipeline = fitAll(table, specFor("y"));
        Issues issues;
        const Features f = pipeline.transform(table, false, issues);
        QVERIFY(near(feature(f, 0), {1, 0, 2.0 / 3.0, 1}));
        QVERIFY(near(feature(f, 1), {0, 0, 1, 0}));
        QVERIFY(pipeline.groups()[0].type == ColumnType::Boolean);
        // In another case, or all of one value, it still means the same.
        CsvOptions options;
        options.types = pipeline.columnTypes();
        options.types.erase("y");
        QVERIFY(near(feature(pipeline.transform(readBytes("b\nNO\nNO\n", options).table, false, issues), 0), {0, 0}));
        QVERIFY(issues.empty());
        QVERIFY(near(feature(pipeline.transform(readBytes("b\nmaybe\nno\nno\n").table, false, issues), 0), {2.0 / 3.0, 0, 0}));
        QCOMPARE(shown(issues), QString("warning ColumnUnseenCategory column=b value=maybe count=1"));
    }

    void embeddedCategories()
    {
        const Table table = readBytes("c,k,y\nu,s,1\nv,t,2\n,s,3\nu,t,4\n").table;
        const Pipeline pipeline = fitAll(table, specFor("y"));
        QCOMPARE(pipeline.cardinalities(), (std::vector<int>{4, 3})); // u v missing unseen; s t unseen
        Issues issues;
        const Features f = pipeline.transform(table, false, issues);
        QCOMPARE(f.categories, (std::vector<std::int32_t>{0, 0, 1, 1, 2, 0, 0, 1}));
        QVERIFY(issues.empty());

        const Table other = readBytes("c,k\nw,\nw,z\n,s\n").table;
        const Features g = pipeline.transform(other, false, issues);
        QCOMPARE(g.categories, (std::vector<std::int32_t>{3, 2, 3, 2, 2, 0}));
        QCOMPARE(shown(issues), QString("warning ColumnUnseenCategory column=c value=w count=2\n"
                                        "warning ColumnUnseenCategory column=k value=z count=1"));
    }

    void oneHotCategories()
    {
        const Table table = readBytes("c,y\nu,1\nv,2\n,3\nu,4\n").table;
        PipelineSpec spec = specFor("y");
        spec.categories = "one-hot";
        const Pipeline pipeline = fitAll(table, spec);
        QVERIFY(pipeline.cardinalities().empty());
        Issues issues;
        const Features f = pipeline.transform(readBytes("c\nu\nv\n\"\"\nw\nw\n").table, false, issues);
        QCOMPARE(f.numberWidth, std::size_t{3});
        QVERIFY(near(f.numbers, {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}));
    }

    void dateTimes()
    {
        // A year and two times of day: scaled time, then sine and cosine of year, week and day.
        const Table table = readBytes("d,y\n2001-01-01 00:00,1\n2001-04-03 06:00,2\n2001-12-31 12:00,3\n").table;
        const Pipeline pipeline = fitAll(table, specFor("y"));
        QCOMPARE(pipeline.numberWidth(), std::size_t{7});
        Issues issues;
        const Features f = pipeline.transform(table, false, issues);
        QVERIFY(near({f.numbers[1], f.numbers[2]}, {0, 1}));                  // the year begins
        QVERIFY(near({f.numbers[5], f.numbers[6]}, {0, 1}));                  // midnight
        QVERIFY(near({f.numbers[12], f.numbers[13]}, {1, 0}));                // six o'clock: a quarter of the day
        const double year = 2 * M_PI * 92.25 / 365, week = 2 * M_PI * 2.25 / 7;
        QVERIFY(near({f.numbers[8], f.numbers[9]}, {std::sin(year), std::cos(year)}));
        QVERIFY(near({f.numbers[10], f.numbers[11]}, {std::sin(week), std::cos(week)})); // a Tuesday morning
        const std::vector<float> time = feature(f, 0);
        QVERIFY(std::abs(time[0] + time[1] + time[2]) < 1e-6f);

        // Days of one week have no phase of the year, nor of the day.
        const Table tenDays = readBytes("d,y\n2001-01-01,1\n2001-01-08,2\n2001-01-10,3\n").table;
        QCOMPARE(fitAll(tenDays, specFor("y")).numberWidth(), std::size_t{3});
    }

    void regressionTarget()
    {
        const Table table = readBytes("n,y\n1,10\n2,20\n3,60\n").table;
        const Pipeline pipeline = fitAll(table, specFor("y"));
        QVERIFY(pipeline.task() == TaskKind::Regression);
        QCOMPARE(pipeline.targetMean(), 30.0);
        QVERIFY(std::abs(pipeline.targetScale() - std::sqrt(1400.0 / 3.0)) < 1e-12);
        Issues issues;
        const Features f = pipeline.transform(table, true, issues);
        for (std::size_t row = 0; row < 3; ++row)
            QVERIFY(std::abs(f.targets[row] * pipeline.targetScale() + 30.0 - table.column(1).numbers()[row]) < 1e-5);
        QCOMPARE(pipeline.outputNames(), (std::vector<std::string>{"y"}));
    }

    void classes_data()
    {
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<int>("task");
        QTest::addColumn<QString>("classes");
        const auto row = [](const char* labels, TaskKind task, const char* classes) {
            QTest::newRow(labels) << QByteArray(labels) << static_cast<int>(task) << QString(classes);
        };
        row("b a b a", TaskKind::Binary, "a|b");
        row("yes no yes no", TaskKind::Binary, "no|yes");
        row("True False True False", TaskKind::Binary, "False|True");
        row("c a b a", TaskKind::MultiClass, "a|b|c");
        row("2 1 2 1", TaskKind::Binary, "1|2");
        row("0 1 1 0", TaskKind::Binary, "0|1");
        row("10x 9x 10x 9x", TaskKind::Binary, "10x|9x");
        row("1 2 3 3", TaskKind::Regression, "");
        row("0.5 1.5 0.5 1.5", TaskKind::Regression, "");
    }
    void classes()
    {
        QFETCH(QByteArray, labels);
        QFETCH(int, task);
        QFETCH(QString, classes);
        QByteArray bytes = "n,y\n";
        for (const QByteArray& label : labels.split(' '))
            bytes += QByteArray::number(bytes.size()) + ',' + label + '\n';
        const Table table = readBytes(bytes).table;
        const Pipeline pipeline = fitAll(table, specFor("y"));
        QCOMPARE(static_cast<int>(pipeline.task()), task);
        QStringList names;
        for (const std::string& name : pipeline.classes())
            names.append(QString::fromStdString(name));
        QCOMPARE(names.join('|'), classes);
    }

    void numericLabelsSortAsNumbers()
    {
        CsvOptions options;
        options.types["y"] = ColumnType::Category;
        const Table table = readBytes("n,y\n1,10\n2,9\n3,2\n4,10\n", options).table;
        QCOMPARE(fitAll(table, specFor("y")).classes(), (std::vector<std::string>{"2", "9", "10"}));
    }

    void validationRowsDoNotLeak()
    {
        const Table table = readBytes("n,c,y\n1,u,1\n3,u,2\n5,v,3\n1000,w,4\n").table;
        Split split{{0, 1, 2}, {3}};
        Issues issues;
        const Pipeline pipeline = Pipeline::fit(table, split, specFor("y"), issues);
        QCOMPARE(pipeline.cardinalities(), (std::vector<int>{3}));
        QCOMPARE(pipeline.targetMean(), 2.0);
        const Features f = pipeline.transform(table, split.validation, true, issues);
        QCOMPARE(f.rows, std::size_t{1});
        QCOMPARE(f.categories, (std::vector<std::int32_t>{2}));
        const Table without = readBytes("n,c,y\n1,u,1\n3,u,2\n5,v,3\n").table;
        QVERIFY(pipeline.toJson() == fitAll(without, specFor("y")).toJson());
    }

    /// The pixels of an image keep their places, those that are the same in every row too.
    void constantsKept()
    {
        const Table table = readBytes("a,b,c,y\n0,1,7,1\n0,2,7,2\n0,3,7,3\n").table;
        PipelineSpec spec = specFor("y");
        spec.keepConstants = true;
        for (const char* scaling : {"standard", "quantile", "none"}) {
            spec.scaling = scaling;
            Issues issues;
            const Pipeline pipeline = fitAll(table, spec, issues);
            QVERIFY(issues.empty());
            QCOMPARE(pipeline.numberWidth(), std::size_t{3});
            QCOMPARE(pipeline.groups()[2].column, std::string("c"));
            const Features features = pipeline.transform(table, true, issues);
            QVERIFY(std::all_of(features.numbers.begin(), features.numbers.end(), [](float value) { return std::isfinite(value); }));
            QVERIFY(Pipeline::fromJson(pipeline.toJson()).spec() == spec);
        }
    }

    void columnsLeftOut()
    {
        QByteArray bytes = "customer_id,name,const,none,gap,n,y\n";
        for (int i = 0; i < 30; ++i)
            bytes += QByteArray::number(100 + i) + ",name" + QByteArray::number(i) + ",7,,"
                + (i % 3 == 0 ? "" : "5") + ',' + QByteArray::number(i % 4) + ',' + (i % 2 == 0 ? "a" : "b") + '\n';
        const Table table = readBytes(bytes).table;
        Issues issues;
        const Pipeline pipeline = fitAll(table, specFor("y"), issues);
        QCOMPARE(shown(issues), QString("note ColumnIgnored column=customer_id reason=identifier\n"
                                        "note ColumnIgnored column=name reason=text\n"
                                        "warning ColumnConstant column=const value=7\n"
                                        "error ColumnAllMissing column=none\n"
                                        "warning ColumnConstant column=gap value=5"));
        QCOMPARE(pipeline.groups().size(), std::size_t{2}); // gap, for what is missing tells something, and n
        QCOMPARE(pipeline.groups()[0].column, std::string("gap"));
        // What was left out is no surprise later, and not asked for.
        issues.clear();
        pipeline.transform(table, true, issues);
        QVERIFY(issues.empty());
        pipeline.transform(readBytes("gap,n\n5,1\n").table, false, issues);
        QVERIFY(issues.empty());
    }

    void ignoredByTheUser()
    {
        const Table table = readBytes("n,m,y\n1,5,0\n2,6,1\n3,8,1\n").table;
        PipelineSpec spec = specFor("y");
        spec.ignored = {"m"};
        QCOMPARE(fitAll(table, spec).groups().size(), std::size_t{1});
        spec.ignored = {"n", "m"};
        QCOMPARE(test::errorNameOf([&] { fitAll(table, spec); }), std::string("NoInputs"));
        spec.ignored = {"k"};
        QCOMPARE(test::errorNameOf([&] { fitAll(table, spec); }), std::string("ColumnUnknown"));
    }

    void fitErrors_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("code");
        QTest::newRow("unknown target") << QByteArray("n,z\n1,2\n2,3\n") << "TargetUnknown";
        QTest::newRow("one class") << QByteArray("n,y\n1,a\n2,a\n") << "TargetOneClass";
        QTest::newRow("one number") << QByteArray("n,y\n1,7\n2,7\n") << "TargetOneClass";
        QTest::newRow("text target") << QByteArray("n,y\n1,ann\n2,bob\n3,cy\n") << "TargetUnsupported";
        QTest::newRow("date target") << QByteArray("n,y\n1,2001-01-01\n2,2001-01-02\n") << "TargetUnsupported";
        QTest::newRow("target missing") << QByteArray("n,y\n1,\n2,1\n") << "TargetMissing";
        QTest::newRow("no inputs") << QByteArray("y\n1\n2\n") << "NoInputs";
    }
    void fitErrors()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, code);
        const Table table = readBytes(bytes).table;
        QCOMPARE(QString::fromStdString(test::errorNameOf([&] { fitAll(table, specFor("y")); })), code);
    }

    void optionsThatDoNotExist()
    {
        const Table table = readBytes("n,y\n1,0\n2,1\n").table;
        PipelineSpec spec = specFor("y");
        spec.scaling = "minmax";
        QCOMPARE(test::errorNameOf([&] { fitAll(table, spec); }), std::string("OptionInvalid"));
        spec = specFor("y");
        spec.categories = "hash";
        QCOMPARE(test::errorNameOf([&] { fitAll(table, spec); }), std::string("OptionInvalid"));
    }

    void transformIssues_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("targets");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* bytes, bool targets, const char* expected) {
            QTest::newRow(name) << QByteArray(bytes) << targets << QString(expected);
        };
        row("fine", "n,c,y\n1,u,p\n", true, "");
        row("reordered", "c,n\nu,1\n", false, "warning ColumnReordered");
        row("extra", "n,c,z\n1,u,2\n", false, "warning ColumnExtra column=z");
        row("missing", "c\nu\n", false, "error ColumnMissing column=n");
        row("both missing", "z\nu\n", false,
            "error ColumnMissing column=n\nerror ColumnMissing column=c\nwarning ColumnExtra column=z");
        row("text in numbers", "n,c\n1,u\nfive,v\n", false,
            "error ColumnTypeMismatch column=n line=3 value=five type=number");
        row("no target", "n,c\n1,u\n", true, "error ColumnMissing column=y");
        row("target missing", "n,c,y\n1,u,p\n2,u,\n", true, "error TargetMissing column=y count=1");
        row("target unseen", "n,c,y\n1,u,p\n2,u,z\n", true, "error ColumnUnseenCategory column=y value=z count=1");
        row("target not wanted", "n,c,y\n1,u,p\n2,u,z\n", false, "");
        row("missing everywhere", "n,c\n,u\n,v\n", false, "");
    }
    void transformIssues()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, targets);
        QFETCH(QString, expected);
        const Pipeline pipeline = fitAll(readBytes("n,c,y\n1,u,p\n2,v,q\n4,u,p\n").table, specFor("y"));
        Issues issues;
        const Table table = readBytes(bytes).table;
        const Features f = pipeline.transform(table, targets, issues);
        QCOMPARE(shown(issues), expected);
        const bool failed = expected.contains("error");
        QCOMPARE(f.rows, failed ? std::size_t{0} : table.rows());
        QCOMPARE(f.numbers.size(), failed ? std::size_t{0} : table.rows());
    }

    /// A file read without the training's types: numbers that look like categories, and the other way round.
    void otherTypesWhoseValuesFit()
    {
        CsvOptions options;
        options.types["c"] = ColumnType::Category;
        const Pipeline pipeline = fitAll(readBytes("n,c,y\n1,1,0\n2,2,1\n4,1,1\n", options).table, specFor("y"));
        CsvOptions asText;
        asText.types["n"] = ColumnType::Text;
        Issues issues;
        const Features f = pipeline.transform(readBytes("n,c\n4,2\n1,1\n", asText).table, false, issues);
        QVERIFY(issues.empty());
        QCOMPARE(f.categories, (std::vector<std::int32_t>{1, 0}));
        QVERIFY(f.numbers[0] > f.numbers[1]);
    }

    void columnTypes()
    {
        const auto types = fitAll(readBytes(mixedTable).table, specFor("y")).columnTypes();
        QCOMPARE(types.size(), std::size_t{5});
        QVERIFY(types.at("n") == ColumnType::Number);
        QVERIFY(types.at("b") == ColumnType::Boolean);
        QVERIFY(types.at("d") == ColumnType::DateTime);
        QVERIFY(types.at("y") == ColumnType::Category);
    }

    void groupsCoverEveryFeature()
    {
        const Pipeline pipeline = fitAll(readBytes(mixedTable).table, specFor("y"));
        std::size_t next = 0;
        std::size_t category = 0;
        for (const FeatureGroup& group : pipeline.groups()) {
            QCOMPARE(group.numberBegin, next);
            next = group.numberEnd;
            if (group.type == ColumnType::Category)
                QCOMPARE(group.categoryBegin, category++);
            QCOMPARE(group.categoryEnd - group.categoryBegin, std::size_t{group.type == ColumnType::Category});
        }
        QCOMPARE(next, pipeline.numberWidth());
        QCOMPARE(category, pipeline.cardinalities().size());
        QCOMPARE(pipeline.textWidth(), std::size_t{0});
    }

    void jsonRoundTrip_data()
    {
        QTest::addColumn<QString>("scaling");
        QTest::addColumn<QString>("categories");
        QTest::addColumn<QString>("target");
        for (const char* scaling : {"standard", "quantile", "none"})
            for (const char* categories : {"embedding", "one-hot"})
                for (const char* target : {"y", "n2"})
                    QTest::addRow("%s %s %s", scaling, categories, target) << scaling << categories << target;
    }
    void jsonRoundTrip()
    {
        QFETCH(QString, scaling);
        QFETCH(QString, categories);
        QFETCH(QString, target);
        QByteArray bytes = "n,b,c,d,n2,y\n";
        for (int i = 0; i < 40; ++i)
            bytes += (i % 7 == 0 ? QByteArray() : QByteArray::number(std::sin(i) / 3, 'g', 17)) + ','
                + (i % 3 == 0 ? "yes" : "no") + ',' + (i % 5 == 0 ? "" : i % 2 == 0 ? "ä" : "b\"") + ",2001-0"
                + QByteArray::number(1 + i % 9) + "-11 0" + QByteArray::number(i % 10) + ":30,"
                + QByteArray::number(std::exp(i / 3.0), 'g', 17) + ',' + "pqr"[i % 3] + '\n';
        const Table table = readBytes(bytes).table;
        PipelineSpec spec = specFor(target.toStdString());
        spec.scaling = scaling.toStdString();
        spec.categories = categories.toStdString();
        const Pipeline pipeline = fitAll(table, spec);
        const std::string text = pipeline.toJson().dump();
        const Pipeline back = Pipeline::fromJson(nlohmann::json::parse(text));
        QCOMPARE(back.toJson().dump(), text);
        QVERIFY(back.spec() == spec);
        QVERIFY(back.columnTypes() == pipeline.columnTypes());
        Issues issues;
        QVERIFY(sameBytes(back.transform(table, true, issues), pipeline.transform(table, true, issues)));
        QVERIFY(issues.empty());
    }

    void brokenJson_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("newer") << QByteArray("/version") << QByteArray("99");
        QTest::newRow("task") << QByteArray("/task") << QByteArray("\"clustering\"");
        QTest::newRow("classes") << QByteArray("/classes") << QByteArray("[\"a\"]");
        QTest::newRow("type") << QByteArray("/columns/0/type") << QByteArray("\"text\"");
        QTest::newRow("unknown type") << QByteArray("/columns/0/type") << QByteArray("\"x\"");
        QTest::newRow("scale of zero") << QByteArray("/columns/0/scale") << QByteArray("0");
        QTest::newRow("no number") << QByteArray("/columns/0/fill") << QByteArray("null");
        QTest::newRow("no columns") << QByteArray("/columns") << QByteArray("[]");
        QTest::newRow("a list") << QByteArray("") << QByteArray("[]");
    }
    void brokenJson()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, value);
        nlohmann::json json = fitAll(readBytes(mixedTable).table, specFor("y")).toJson();
        json[nlohmann::json::json_pointer(path.toStdString())] = nlohmann::json::parse(value.toStdString());
        QCOMPARE(test::errorNameOf([&] { Pipeline::fromJson(json); }), std::string("BundleInvalid"));
    }
};

QTEST_GUILESS_MAIN(PipelineTest)
#include "tst_pipeline.moc"
