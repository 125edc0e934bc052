#include "core/data/Pipeline.h"
#include "tests/core/data/CsvTesting.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <optional>

using namespace limpid;

namespace {

using Texts = std::vector<std::optional<std::string>>;

Column textColumn(const std::string& name, const Texts& texts)
{
    std::string bytes;
    std::vector<std::uint64_t> offsets{0};
    std::vector<bool> missing;
    for (const auto& text : texts) {
        bytes += text.value_or("");
        offsets.push_back(bytes.size());
        missing.push_back(!text);
    }
    return Column::texts(name, std::move(bytes), std::move(offsets), std::move(missing));
}

/// Numbers 0, 1, 2, …
Column numbered(const std::string& name, std::size_t rows)
{
    std::vector<double> values(rows);
    std::iota(values.begin(), values.end(), 0.0);
    return Column::numbers(name, values);
}

/// A text column before a category, then another text column, a number and the target.
Table mixed()
{
    return Table({textColumn("title", {"Red cat", "red", std::nullopt, "red dog"}),
                  Column::categories("k", {0, 1, 0, 1}, {"u", "v"}),
                  textColumn("body", {"A dog runs", "cat", "a cat runs, runs", "dog"}), numbered("n", 4), numbered("y", 4)});
}

PipelineSpec tokens(int length = 0, int vocabulary = 10'000)
{
    PipelineSpec spec;
    spec.target = "y";
    spec.text = "tokens";
    spec.tokens = length;
    spec.vocabulary = vocabulary;
    return spec;
}

Split firstRows(std::size_t train, std::size_t rows)
{
    Split split;
    for (std::size_t row = 0; row < rows; ++row)
        (row < train ? split.train : split.validation).push_back(row);
    return split;
}

Pipeline fitAll(const Table& table, const PipelineSpec& spec)
{
    Issues issues;
    return Pipeline::fit(table, firstRows(table.rows(), table.rows()), spec, issues);
}

Pipeline fitOne(const Texts& texts, const PipelineSpec& spec)
{
    return fitAll(Table({textColumn("t", texts), numbered("y", texts.size())}), spec);
}

/// Rows of Features::categories, joined by "|".
QString places(const Features& features)
{
    QStringList rows;
    for (std::size_t row = 0; row < features.rows; ++row) {
        QStringList values;
        for (std::size_t i = 0; i < features.categoryWidth; ++i)
            values.append(QString::number(features.categories[row * features.categoryWidth + i]));
        rows.append(values.join(' '));
    }
    return rows.join(" | ");
}

QString encoded(const Pipeline& pipeline, const Table& table)
{
    Issues issues;
    const Features features = pipeline.transform(table, false, issues);
    return issues.empty() ? places(features) : QStringLiteral("issues");
}

} // namespace

class tst_Text : public QObject
{
    Q_OBJECT

private slots:
    void ignoredByDefault();
    void layout();
    void oneHotBesideText();
    void lengthOfTheData_data();
    void lengthOfTheData();
    void lengthOfTheTextsThatAreThere();
    void vocabularyLimit();
    void wordsBehindTheLastRead();
    void trainingRowsOnly();
    void otherRows();
    void otherTypes();
    void columnsWithoutUse();
    void noTextColumn();
    void identifiers();
    void options_data();
    void options();
    void widthLimit();
    void roundTrip();
    void oldPipelines();
    void brokenJson_data();
    void brokenJson();
    void realTexts_data();
    void realTexts();
};

void tst_Text::ignoredByDefault()
{
    PipelineSpec spec;
    spec.target = "y";
    Issues issues;
    const Table table = mixed();
    const Pipeline pipeline = Pipeline::fit(table, firstRows(4, 4), spec, issues);
    QCOMPARE(issues.size(), std::size_t{2});
    for (const Issue& issue : issues) {
        QVERIFY(issue.code == ErrorCode::ColumnIgnored);
        QCOMPARE(fact(issue.facts, "reason"), std::string("text"));
    }
    QCOMPARE(pipeline.groups().size(), std::size_t{2});
    QCOMPARE(pipeline.textWidth(), std::size_t{0});
    QCOMPARE(pipeline.vocabularySize(), 0);
    issues.clear();
    QCOMPARE(pipeline.transform(table, false, issues).textWidth, std::size_t{0});
    QVERIFY(!pipeline.toJson().contains("text")); // the bytes of today's models
    QVERIFY(!pipeline.toJson().contains("words"));
}

/// By hand. Of the words that are read (the second "runs" is not): cat 3, dog 3, red 3, a 2, runs 2.
void tst_Text::layout()
{
    const Table table = mixed();
    Issues issues;
    const Pipeline pipeline = Pipeline::fit(table, firstRows(4, 4), tokens(3), issues);
    QVERIFY(issues.empty());
    QCOMPARE(pipeline.vocabulary().words(), (std::vector<std::string>{"cat", "dog", "red", "a", "runs"}));
    QCOMPARE(pipeline.vocabularySize(), 7);
    QCOMPARE(pipeline.textWidth(), std::size_t{6});
    QCOMPARE(pipeline.cardinalities(), std::vector<int>{3}); // of k alone
    const Features features = pipeline.transform(table, true, issues);
    QVERIFY(issues.empty());
    QCOMPARE(features.categoryWidth, std::size_t{7});
    QCOMPARE(features.textWidth, std::size_t{6});
    QCOMPARE(features.numberWidth, std::size_t{1});
    // k, then title, then body; "a cat runs, runs" loses its fourth word, a missing title is all padding.
    QCOMPARE(places(features), QString("0 0 4 2 5 3 6 | 1 0 0 4 0 0 2 | 0 0 0 0 5 2 6 | 1 0 4 3 0 0 3"));

    struct Range {
        const char* column;
        std::size_t begin, end;
    };
    const Range ranges[] = {{"title", 1, 4}, {"k", 0, 1}, {"body", 4, 7}, {"n", 0, 0}};
    QCOMPARE(pipeline.groups().size(), std::size_t{4});
    for (std::size_t i = 0; i < 4; ++i) {
        const FeatureGroup& group = pipeline.groups()[i];
        QCOMPARE(group.column, std::string(ranges[i].column));
        QCOMPARE(group.categoryBegin, ranges[i].begin);
        QCOMPARE(group.categoryEnd, ranges[i].end);
        QCOMPARE(group.numberEnd - group.numberBegin, std::size_t{group.column == "n"});
    }
    QVERIFY(pipeline.columnTypes().at("title") == ColumnType::Text);
}

void tst_Text::oneHotBesideText()
{
    PipelineSpec spec = tokens(2);
    spec.categories = "one-hot";
    const Pipeline pipeline = fitAll(mixed(), spec);
    QVERIFY(pipeline.cardinalities().empty());
    QCOMPARE(encoded(pipeline, mixed()), QString("4 2 5 3 | 0 4 0 2 | 0 0 5 2 | 4 3 0 3"));
    QCOMPARE(pipeline.numberWidth(), std::size_t{3});
}

void tst_Text::lengthOfTheData_data()
{
    QTest::addColumn<QList<int>>("lengths");
    QTest::addColumn<int>("expected");
    QList<int> twenty, forty;
    for (int i = 1; i <= 20; ++i)
        twenty.append(10 * i);
    for (int i = 1; i <= 40; ++i)
        forty.append(41 - i + 20);
    QTest::newRow("one of twenty is longer") << twenty << 190;
    QTest::newRow("two of forty are longer") << forty << 58;
    QTest::newRow("of three the longest") << QList<int>{30, 9, 20} << 30;
    QTest::newRow("short") << QList<int>{1, 2, 3} << 8;
    QTest::newRow("long") << QList<int>{500, 600, 700} << 256;
}

void tst_Text::lengthOfTheData()
{
    QFETCH(QList<int>, lengths);
    QFETCH(int, expected);
    Texts texts;
    for (const int length : lengths) {
        std::string text;
        for (int i = 0; i < length; ++i)
            text += "word ";
        texts.emplace_back(text);
    }
    QCOMPARE(fitOne(texts, tokens()).textWidth(), static_cast<std::size_t>(expected));
    QCOMPARE(fitOne(texts, tokens(17)).textWidth(), std::size_t{17});
}

/// Gaps have no length.
void tst_Text::lengthOfTheTextsThatAreThere()
{
    Texts texts(50);
    texts[7] = "a b c d e f g h i j k l";
    texts[8] = "a b c d e f g h i j";
    QCOMPARE(fitOne(texts, tokens()).textWidth(), std::size_t{12});
}

/// In all, with padding and unseen.
void tst_Text::vocabularyLimit()
{
    const Texts texts = {"c c c b b a", "d e"};
    QCOMPARE(fitOne(texts, tokens(0, 4)).vocabularySize(), 4);
    QCOMPARE(fitOne(texts, tokens(0, 4)).vocabulary().words(), (std::vector<std::string>{"c", "b"}));
    QCOMPARE(fitOne(texts, tokens(0, 3)).vocabulary().words(), (std::vector<std::string>{"c"}));
    QCOMPARE(fitOne(texts, tokens(0, 7)).vocabularySize(), 7);
    QCOMPARE(fitOne(texts, tokens(0, 100)).vocabularySize(), 7);
    const Pipeline pipeline = fitOne(texts, tokens(6, 4));
    QCOMPARE(encoded(pipeline, Table({textColumn("t", texts)})), QString("2 2 2 3 3 1 | 0 0 0 0 1 1"));
}

/// What no position ever holds is not in the vocabulary: nothing would be learnt for it.
void tst_Text::wordsBehindTheLastRead()
{
    QCOMPARE(fitOne({"a b z z z", "b z"}, tokens(2)).vocabulary().words(), (std::vector<std::string>{"b", "a", "z"}));
    QCOMPARE(fitOne({"a b z z z", "b"}, tokens(2)).vocabulary().words(), (std::vector<std::string>{"b", "a"}));
}

void tst_Text::trainingRowsOnly()
{
    const Texts texts = {"red cat", "red dog", std::string("blue blue blue cow cow dog dog dog one two three four five six"), std::nullopt};
    const Table table({textColumn("t", texts), numbered("y", 4)});
    Issues issues;
    const Pipeline pipeline = Pipeline::fit(table, firstRows(2, 4), tokens(), issues);
    QVERIFY(issues.empty());
    QCOMPARE(pipeline.vocabulary().words(), (std::vector<std::string>{"red", "cat", "dog"}));
    QCOMPARE(pipeline.textWidth(), std::size_t{8});
    const Table without({textColumn("t", {texts[0], texts[1]}), numbered("y", 2)});
    QVERIFY(pipeline.toJson() == fitAll(without, tokens()).toJson());
    // A validation row's words are unseen ones.
    QCOMPARE(places(pipeline.transform(table, std::vector<std::size_t>{2, 0}, false, issues)),
             QString("1 1 1 1 1 4 4 4 | 0 0 0 0 0 0 2 3"));
}

void tst_Text::otherRows()
{
    const Pipeline pipeline = fitOne({"red cat", "red dog"}, tokens(4));
    QCOMPARE(encoded(pipeline, Table({textColumn("t", {"RED horse", "", "...", std::nullopt, "cat, dog; cat: dog! red"})})),
             QString("0 0 2 1 | 0 0 0 0 | 0 0 0 0 | 0 0 0 0 | 3 4 3 4"));
    Issues issues;
    pipeline.transform(Table({numbered("n", 2)}), false, issues);
    QCOMPARE(issues.size(), std::size_t{2});
    QVERIFY(issues[0].code == ErrorCode::ColumnMissing);
}

/// A file read without the training's types.
void tst_Text::otherTypes()
{
    const Pipeline pipeline = fitOne({"red 7", "red dog"}, tokens(2));
    QCOMPARE(encoded(pipeline, Table({Column::categories("t", {1, 0, -1}, {"red dog", "red"})})), QString("0 2 | 2 4 | 0 0"));
    QCOMPARE(encoded(pipeline, Table({Column::numbers("t", {7, 8})})), QString("0 3 | 0 1"));
}

void tst_Text::columnsWithoutUse()
{
    const std::string longText = std::string(59, 'x') + "ä and more";
    const Table table({textColumn("gone", Texts(3)), textColumn("same", {"a b", "a b", "a b"}), textColumn("marks", {"...", "!", "?"}),
                       textColumn("long", {longText, longText, longText}), textColumn("gap", {"a", "a", std::nullopt}),
                       textColumn("good", {"a", "b", "c"}), numbered("y", 3)});
    Issues issues;
    const Pipeline pipeline = Pipeline::fit(table, firstRows(3, 3), tokens(), issues);
    QStringList shown;
    for (const Issue& issue : issues)
        shown.append(QString("%1 %2 %3").arg(QString::fromStdString(issue.where), QString::fromUtf8(errorName(issue.code).data()),
                                             QString::fromStdString(fact(issue.facts, "value") + fact(issue.facts, "reason"))));
    QCOMPARE(shown.join(", "), QString("gone ColumnAllMissing , same ColumnConstant a b, marks ColumnIgnored no-words, long ColumnConstant ")
                                   + QString(59, 'x') + "…");
    QCOMPARE(pipeline.groups().size(), std::size_t{2}); // gap, for what is missing tells something, and good
    QCOMPARE(pipeline.vocabulary().words(), (std::vector<std::string>{"a", "b", "c"})); // of these two alone
}

void tst_Text::noTextColumn()
{
    const Table table({numbered("n", 4), numbered("y", 4)});
    Issues issues;
    const Pipeline pipeline = Pipeline::fit(table, firstRows(4, 4), tokens(), issues);
    QVERIFY(issues.empty());
    QCOMPARE(pipeline.textWidth(), std::size_t{0});
    QCOMPARE(pipeline.vocabularySize(), 0);
    const Pipeline back = Pipeline::fromJson(pipeline.toJson());
    QVERIFY(back.spec() == pipeline.spec());
    QCOMPARE(back.vocabularySize(), 0);
}

/// Distinct texts are the rule; only one that is called so numbers the rows.
void tst_Text::identifiers()
{
    Texts texts;
    for (int i = 0; i < 20; ++i)
        texts.emplace_back("neg " + std::to_string(i));
    Texts repeated = texts;
    repeated[3] = repeated[4];
    const Table table({textColumn("id", texts), textColumn("review", texts), textColumn("doc_id", repeated), numbered("y", 20)});
    Issues issues;
    const Pipeline pipeline = Pipeline::fit(table, firstRows(20, 20), tokens(), issues);
    QCOMPARE(issues.size(), std::size_t{1});
    QCOMPARE(issues[0].where, std::string("id"));
    QCOMPARE(fact(issues[0].facts, "reason"), std::string("identifier"));
    QCOMPARE(pipeline.groups().size(), std::size_t{2});
    QCOMPARE(pipeline.groups()[0].column, std::string("review"));
}

void tst_Text::options_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("vocabulary");
    QTest::addColumn<int>("length");
    QTest::newRow("text") << "bytes" << 100 << 0;
    QTest::newRow("no room for a word") << "tokens" << 2 << 0;
    QTest::newRow("negative vocabulary") << "tokens" << -1 << 0;
    QTest::newRow("huge vocabulary") << "tokens" << 1'000'001 << 0;
    QTest::newRow("negative length") << "tokens" << 100 << -1;
    QTest::newRow("huge length") << "tokens" << 100 << 10'001;
}

void tst_Text::options()
{
    QFETCH(QString, text);
    QFETCH(int, vocabulary);
    QFETCH(int, length);
    PipelineSpec spec = tokens(length, vocabulary);
    spec.text = text.toStdString();
    QCOMPARE(test::errorNameOf([&] { fitAll(mixed(), spec); }), std::string("OptionInvalid"));
}

/// What can be learnt can be loaded again.
void tst_Text::widthLimit()
{
    std::vector<Column> columns;
    for (int i = 0; i < 10; ++i)
        columns.push_back(textColumn("t" + std::to_string(i), {"a", "b"}));
    columns.push_back(numbered("y", 2));
    const Pipeline pipeline = fitAll(Table(columns), tokens(10'000));
    QCOMPARE(Pipeline::fromJson(pipeline.toJson()).textWidth(), std::size_t{100'000});
    columns.push_back(textColumn("one more", {"a", "b"}));
    QCOMPARE(test::errorNameOf([&] { fitAll(Table(columns), tokens(10'000)); }), std::string("OptionInvalid"));
    QCOMPARE(fitAll(Table(columns), tokens()).textWidth(), std::size_t{88});
}

void tst_Text::roundTrip()
{
    const Texts texts = {"Straße \"don’t\" 世界", "a\\b \xff c", std::nullopt, "Ω ünïcode"};
    const Table table({textColumn("t", texts), Column::categories("k", {0, 1, 0, 1}, {"u", "v"}), numbered("y", 4)});
    const Pipeline pipeline = fitAll(table, tokens(5, 9));
    const std::string json = pipeline.toJson().dump(); // throws where a word is no UTF-8
    const Pipeline back = Pipeline::fromJson(nlohmann::json::parse(json));
    QCOMPARE(back.toJson().dump(), json);
    QVERIFY(back.spec() == pipeline.spec());
    QVERIFY(back.columnTypes() == pipeline.columnTypes());
    QCOMPARE(back.textWidth(), std::size_t{5});
    QCOMPARE(back.vocabularySize(), 9);
    QCOMPARE(encoded(back, table), encoded(pipeline, table));
    QVERIFY(encoded(back, table).contains("0 0 0 0 0"));
}

/// Models of before there was text.
void tst_Text::oldPipelines()
{
    const auto path = test::project("tests/fixtures/store/v1/blobs/3d/8513e7d40499913550e80aecd807a4448e6c6eb0349803e1e9b98359be5f85");
    std::ifstream file(path, std::ios::binary);
    const nlohmann::json json = nlohmann::json::parse(file);
    const Pipeline pipeline = Pipeline::fromJson(json);
    QCOMPARE(pipeline.spec().text, std::string("ignore"));
    QCOMPARE(pipeline.spec().vocabulary, 10'000);
    QCOMPARE(pipeline.spec().tokens, 0);
    QCOMPARE(pipeline.textWidth(), std::size_t{0});
    Issues issues;
    QCOMPARE(pipeline.transform(Table({Column::numbers("x", {3.5})}), false, issues).numbers, std::vector<float>{0.0f});
    nlohmann::json again = pipeline.toJson();
    again.erase("missingMarks"); // which the first format did not have
    QVERIFY(again == json);
}

void tst_Text::brokenJson_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char* name, const char* path, const QByteArray& value) { QTest::newRow(name) << QByteArray(path) << value; };
    row("text", "/text", "\"characters\"");
    row("text is no name", "/text", "3");
    row("ignored, but there", "/text", "\"ignore\"");
    row("length 0", "/columns/0/tokens", "0");
    row("negative length", "/columns/0/tokens", "-3");
    row("huge length", "/columns/0/tokens", "10001");
    row("length of 2 to the 63", "/columns/0/tokens", "9223372036854775808");
    row("length of 2 to the 64 and 3", "/columns/0/tokens", "18446744073709551619");
    row("broken length", "/columns/0/tokens", "2.5");
    row("length in words", "/columns/0/tokens", "\"3\"");
    row("no length", "/columns/0/tokens", "null");
    row("negative vocabulary", "/vocabulary", "-1");
    row("huge vocabulary", "/vocabulary", "1000001");
    row("more words than the vocabulary has", "/vocabulary", "6");
    row("negative tokens", "/tokens", "-1");
    row("huge tokens", "/tokens", "1e300");
    row("no list", "/words", "\"abc\"");
    row("an object", "/words", "{\"a\": 1}");
    row("no words", "/words", "[1, 2]");
    row("a list of lists", "/words", "[[\"a\"]]");
    row("nothing", "/words", "null");
    row("twice", "/words", "[\"a\", \"b\", \"a\"]");
    QByteArray many = "[";
    for (int i = 0; i < 11; ++i)
        many += QByteArray(i > 0 ? "," : "") + "{\"column\": \"t" + QByteArray::number(i)
                + "\", \"type\": \"text\", \"gapFeature\": false, \"tokens\": 10000}";
    row("wide in all", "/columns", many + ']');
}

void tst_Text::brokenJson()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, value);
    nlohmann::json json = fitAll(mixed(), tokens(3)).toJson();
    QVERIFY(Pipeline::fromJson(json).textWidth() == 6);
    json[nlohmann::json::json_pointer(path.toStdString())] = nlohmann::json::parse(value.toStdString());
    QCOMPARE(test::errorNameOf([&] { Pipeline::fromJson(json); }), std::string("BundleInvalid"));
    for (const char* key : {"words", "vocabulary", "tokens"}) {
        nlohmann::json without = fitAll(mixed(), tokens(3)).toJson();
        without.erase(key);
        QCOMPARE(test::errorNameOf([&] { Pipeline::fromJson(without); }), std::string("BundleInvalid"));
    }
}

void tst_Text::realTexts_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("rows");
    QTest::newRow("sentences") << "data/sentence_polarity/sentence_polarity.csv" << 10662;
    QTest::newRow("reviews") << "data/movie_reviews/movie_reviews.csv" << 2000;
}

void tst_Text::realTexts()
{
    QFETCH(QString, file);
    QFETCH(int, rows);
    const std::filesystem::path path = test::shared(file.toStdString());
    if (path.empty())
        QSKIP(qPrintable("needs ../shared/" + file));
    Task task;
    const Table table = readCsv(path, {}, task).table;
    QCOMPARE(table.rows(), static_cast<std::size_t>(rows));
    QVERIFY(table.column(*table.find("text")).type() == ColumnType::Text);
    PipelineSpec spec = tokens();
    spec.target = "label";
    Issues issues;
    const Split split = splitRows(table, "label", SplitSpec());
    const Pipeline pipeline = Pipeline::fit(table, split, spec, issues);
    const Features features = pipeline.transform(table, split.train, true, issues);
    // Every word of the vocabulary is met by training, and nothing lies outside.
    std::vector<std::size_t> counts(static_cast<std::size_t>(pipeline.vocabularySize()));
    for (std::size_t row = 0; row < features.rows; ++row)
        for (std::size_t i = features.categoryWidth - features.textWidth; i < features.categoryWidth; ++i)
            ++counts.at(static_cast<std::size_t>(features.categories[row * features.categoryWidth + i]));
    QVERIFY(std::all_of(counts.begin(), counts.end(), [](std::size_t count) { return count > 0; }));
    QVERIFY(std::is_sorted(counts.begin() + 2, counts.end(), std::greater<>()));
    QVERIFY(std::none_of(pipeline.groups().begin(), pipeline.groups().end(),
                         [](const FeatureGroup& group) { return group.column == "id"; }));
}

QTEST_GUILESS_MAIN(tst_Text)
#include "tst_text.moc"
