#include "core/workbench/ExplainText.h"
#include "tests/core/explain/TestPredictor.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace limpid;
using limpid::test::FunctionPredictor;

namespace {

const Table reviews({test::textColumn("title", {"one", "two", "three four", "five", "six", "seven"}),
                     test::textColumn("review", {"good film", "bad film", "", "a good, good film", "bad", "it"}),
                     Column::numbers("target", {1, 2.5, 3, 4, 5, 6})});

/// Counts "good" in both columns, and once more for "good" and "bad" together.
FunctionPredictor counting(const Table& table)
{
    Pipeline pipeline = test::fitted(table, "target");
    const std::int32_t good = pipeline.vocabulary().index("good"), bad = pipeline.vocabulary().index("bad");
    return {std::move(pipeline), 1, [good, bad](const Features& features, std::size_t row) {
                float goods = 0.0f, bads = 0.0f;
                for (std::size_t k = 0; k < features.categoryWidth; ++k) {
                    goods += features.categories[row * features.categoryWidth + k] == good ? 1.0f : 0.0f;
                    bads += features.categories[row * features.categoryWidth + k] == bad ? 1.0f : 0.0f;
                }
                return std::vector<float>{goods * (1.0f + bads)};
            }};
}

TextRequest requestFor(const std::string& method)
{
    TextRequest request;
    request.method = method;
    request.column = "review";
    request.rowEnd = 6;
    return request;
}

} // namespace

class tst_ExplainText : public QObject
{
    Q_OBJECT

private slots:
    void columns()
    {
        QCOMPARE(textColumns(counting(reviews).pipeline()), (std::vector<std::string>{"title", "review"}));
    }

    void everyMethod_data()
    {
        QTest::addColumn<QString>("method");
        for (const std::string& method : textMethods())
            QTest::newRow(method.c_str()) << QString::fromStdString(method);
    }
    // The model counts "good": each is worth 1, all else nothing.
    void everyMethod()
    {
        QFETCH(QString, method);
        const FunctionPredictor predictor = counting(reviews);
        Task task;
        std::size_t calls = 0;
        const TextOutcome found = explainTexts(predictor, reviews, requestFor(method.toStdString()), [&](const TextOutcome& part) { QCOMPARE(part.rows.size(), ++calls); }, task);
        QCOMPARE(found.rows.size(), std::size_t(6));
        QCOMPARE(calls, std::size_t(6));
        const TextAttribution& row = *found.rows[3];
        QCOMPARE(row.row, std::size_t(3));
        QCOMPARE(row.spans.size(), std::size_t(4));
        const double tolerance = method == "lime" ? 0.05 : 1e-5;
        const std::vector<double> expected{0, 1, 1, 0};
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY2(std::abs(row.value(0, i) - expected[i]) < tolerance, qPrintable(QString::number(row.value(0, i))));
        QCOMPARE(row.predictions, std::vector<double>{2.0});
        QCOMPARE(row.spanText(1), std::string("good"));
        const TextAttribution& empty = *found.rows[2];
        QVERIFY(empty.spans.empty() && empty.values.empty());
        QCOMPARE(empty.predictions, empty.base);
        if (method == "lime") // the ridge leaves something over
            QVERIFY(row.error(0, 1) > 0.0 && row.error(0, 1) < tolerance);
        QCOMPARE(row.determination.size(), std::size_t(method == "lime" ? 1 : 0));
        QCOMPARE(found.additive, method != "lime" && method != "occlusion");
        TextOutcome again = explainTexts(predictor, reviews, requestFor(method.toStdString()), {}, task);
        again.seconds = found.seconds;
        QCOMPARE(again.toJson().dump(), found.toJson().dump());
        const nlohmann::json document = found.toJson();
        QCOMPARE(document["rows"][3]["words"].dump(), std::string(R"(["a","good","good","film"])"));
        QCOMPARE(document["rows"][3]["spans"].dump(), std::string("[[0,1],[2,6],[8,12],[13,17]]"));
        QVERIFY(estimateTextCost(predictor, reviews, requestFor(method.toStdString()), task).modelRows > 0);
    }

    void errors()
    {
        const FunctionPredictor predictor = counting(reviews);
        Task task;
        const auto code = [&](const Predictor& of, const Table& table, const TextRequest& request) -> std::optional<ErrorCode> {
            try {
                explainTexts(of, table, request, {}, task);
            } catch (const Error& error) {
                return error.code();
            }
            return std::nullopt;
        };
        TextRequest request = requestFor("deeplift");
        QCOMPARE(code(predictor, reviews, request), ErrorCode::OptionInvalid);
        request = requestFor("leverage");
        request.column = "";    // there are two
        QCOMPARE(code(predictor, reviews, request), ErrorCode::OptionInvalid);
        request.column = "target";
        QCOMPARE(code(predictor, reviews, request), ErrorCode::OptionInvalid);
        request = requestFor("leverage");
        request.rowEnd = 7;
        QCOMPARE(code(predictor, reviews, request), ErrorCode::RowRangeInvalid);
        const Table numbers({Column::numbers("a", {1, 2, 3.5, 4}), Column::numbers("target", {1, 2.5, 3, 4})});
        QCOMPARE(code(counting(numbers), numbers, {}), ErrorCode::OptionInvalid);
        const Table longer({test::textColumn("title", {"x"}), test::textColumn("review", {"a b c d e f g h i j k l m n o p q"})});
        request = requestFor("exact");
        request.rowEnd = 1;
        QCOMPARE(code(predictor, longer, request), ErrorCode::TooManyPlayers);
    }

    void stopping()
    {
        const FunctionPredictor predictor = counting(reviews);
        Task finishing;
        const auto finish = [&](const TextOutcome& part) { if (part.rows.size() == 2) finishing.finish(); };
        QCOMPARE(explainTexts(predictor, reviews, requestFor("leverage"), finish, finishing).rows.size(), std::size_t(2));
        Task cancelled;
        TextOutcome kept;
        const auto cancel = [&](const TextOutcome& part) {
            kept = part;
            if (part.rows.size() == 3)
                cancelled.cancel();
        };
        QVERIFY_EXCEPTION_THROWN(explainTexts(predictor, reviews, requestFor("leverage"), cancel, cancelled), Cancelled);
        QCOMPARE(kept.rows.size(), std::size_t(3));
    }
};

QTEST_GUILESS_MAIN(tst_ExplainText)
#include "tst_explain_text.moc"
