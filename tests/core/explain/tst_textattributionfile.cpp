#include "core/explain/TextAttributionFile.h"
#include "tests/support/TestSupport.h"

#include <cmath>
#include <functional>
#include <limits>

#include <nlohmann/json.hpp>

using namespace limpid;
using namespace limpid::test;
using nlohmann::json;

namespace {

/// Bytes that are no UTF-8, a row without words, values that JSON has no word for.
TextOutcome makeOutcome()
{
    TextOutcome outcome;
    outcome.method = "lime";
    outcome.column = "Größe";
    outcome.task = TaskKind::MultiClass;
    outcome.space = "probability";
    outcome.outputs = {"neg", "pos"};
    outcome.additive = false;
    outcome.seconds = 3.5;
    auto row = std::make_shared<TextAttribution>();
    row->row = 17;
    row->text = "\xff zero good bad";
    row->text[2] = '\0';
    row->spans = {{1, 3}, {3, 7}, {8, 9}};
    row->words = 4;
    row->base = {0.1, -1e-300};
    row->predictions = {0.25, std::numeric_limits<double>::infinity()};
    row->values = {1.0, 2.0, -3.0, -0.0, std::numeric_limits<double>::denorm_min(), 1.0 / 3.0};
    row->errors = {0.0, 0.1, 0.2, 0.3, 0.4, 0.5};
    row->determination = {0.5, 0.75};
    row->evaluations = 1'000'000'000'000;
    auto empty = std::make_shared<TextAttribution>();
    empty->row = 18;
    empty->base = empty->predictions = {0.5, 0.5};
    outcome.rows = {row, empty};
    return outcome;
}

std::string damaged(const std::function<void(json&)>& damage)
{
    const std::string whole = textOutcomeBytes(makeOutcome());
    json document = json::from_cbor(whole);
    damage(document);
    const std::vector<std::uint8_t> bytes = json::to_cbor(document);
    return {bytes.begin(), bytes.end()};
}

} // namespace

class TestTextAttributionFile : public QObject
{
    Q_OBJECT

private slots:
    void comesBackWhole()
    {
        const TextOutcome made = makeOutcome();
        const std::string bytes = textOutcomeBytes(made);
        const TextOutcome found = textOutcomeFromBytes(bytes);
        QCOMPARE(found.method, made.method);
        QCOMPARE(found.column, made.column);
        QVERIFY(found.task == made.task);
        QCOMPARE(found.space, made.space);
        QVERIFY(found.outputs == made.outputs);
        QCOMPARE(found.additive, false);
        QCOMPARE(found.seconds, 0.0); // not kept
        QCOMPARE(found.rows.size(), std::size_t(2));
        for (std::size_t i = 0; i < 2; ++i) {
            const TextAttribution &a = *made.rows[i], &b = *found.rows[i];
            QCOMPARE(b.row, a.row);
            QCOMPARE(b.text, a.text);
            QVERIFY(b.spans == a.spans);
            QCOMPARE(b.words, a.words);
            QVERIFY(b.base == a.base && b.predictions == a.predictions && b.values == a.values && b.errors == a.errors && b.determination == a.determination);
            QCOMPARE(b.evaluations, a.evaluations);
        }
        QVERIFY(std::signbit(found.rows[0]->values[3]));
        QCOMPARE(textOutcomeBytes(found), bytes);
        TextOutcome slower = made;
        slower.seconds = 99.0;
        QCOMPARE(textOutcomeBytes(slower), bytes);
    }

    void damageIsFound_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) { QTest::newRow(name) << QByteArray::fromStdString(bytes); };
        row("nothing", {});
        row("other bytes", "not an explanation");
        row("cut off", textOutcomeBytes(makeOutcome()).substr(0, 200));
        row("another format", damaged([](json& document) { document["format"] = "limpid-explanation"; }));
        row("newer", damaged([](json& document) { document["version"] = 99; }));
        row("unknown task", damaged([](json& document) { document["task"] = "guess"; }));
        row("a value too few", damaged([](json& document) { document["rows"][0]["values"] = json::binary(std::vector<std::uint8_t>(40)); }));
        row("a span beyond the text", damaged([](json& document) { document["rows"][0]["spans"][2] = {8, 999}; }));
        row("a span before the one before", damaged([](json& document) { document["rows"][0]["spans"][2] = {2, 4}; }));
        row("half a span", damaged([](json& document) { document["rows"][0]["spans"][0] = json::array({1}); }));
        row("no text", damaged([](json& document) { document["rows"][0].erase("text"); }));
    }
    void damageIsFound()
    {
        QFETCH(QByteArray, bytes);
        QCOMPARE(errorNameOf([&] { textOutcomeFromBytes(bytes.toStdString()); }), std::string("ExplanationInvalid"));
    }
};

QTEST_GUILESS_MAIN(TestTextAttributionFile)
#include "tst_textattributionfile.moc"
