#include "core/explain/PermutationImportance.h"
#include "tests/core/explain/TestPredictor.h"
#include "tests/support/TestSupport.h"

#include <QTest>

using namespace limpid;
using limpid::test::FunctionPredictor;

namespace {

/// `y` repeats x; `noise` is only there.
Table numbersTable(const std::vector<double>& x)
{
    std::vector<double> noise;
    for (std::size_t i = 0; i < x.size(); ++i)
        noise.push_back(static_cast<double>(i * 7 % 5));
    return Table({Column::numbers("x", x), Column::numbers("noise", noise), Column::numbers("y", x)});
}

Features featuresOf(const Predictor& predictor, const Table& table)
{
    Issues issues;
    return predictor.pipeline().transform(table, true, issues);
}

std::vector<float> firstNumber(const Features& features, std::size_t row)
{
    return {features.numbers[row * features.numberWidth]};
}

} // namespace

class tst_PermutationImportance : public QObject
{
    Q_OBJECT

private slots:
    void byHand();
    void expectation();
    void binary();
    void multiClass();
    void columnsMoveWhole();
    void textsMoveWhole();
    void seeds();
    void errors();
    void cancel();
};

void tst_PermutationImportance::byHand()
{
    // Two rows, y = x = 0, 1, prediction x. A shuffle keeps both (R² 1, drop 0) or swaps them (R² 1 − 2/0.5 = −3, drop
    // 4). With j swaps in n repeats: mean 4j/n, variance 16·j(n−j)/(n(n−1)).
    const Table fitOn = numbersTable({0, 1, 2, 3, 4, 5, 6, 7});
    const FunctionPredictor model(test::fitted(fitOn, "y"), 1, firstNumber);
    const Features features = featuresOf(model, numbersTable({0, 1}));
    Task task;
    constexpr int n = 40;
    const ImportanceResult result = permutationImportance(model, features, n, 1, task);
    QCOMPARE(result.metric, std::string("r2"));
    QVERIFY(std::abs(result.score - 1.0) < 1e-6);
    QCOMPARE(result.columns.size(), std::size_t{2});
    QCOMPARE(result.columns[0].column, std::string("x"));
    QCOMPARE(result.columns[1].column, std::string("noise"));
    const double j = std::round(result.columns[0].mean * n / 4.0);
    QVERIFY(j > 8 && j < 32); // binomial(40, 1/2), ± 4 standard deviations
    QVERIFY(std::abs(result.columns[0].mean - 4.0 * j / n) < 1e-5);
    QVERIFY(std::abs(result.columns[0].deviation - std::sqrt(16.0 * j * (n - j) / (n * (n - 1.0)))) < 1e-5);
    QCOMPARE(result.columns[1].mean, 0.0);
    QCOMPARE(result.columns[1].deviation, 0.0);

    const ImportanceResult one = permutationImportance(model, features, 1, 1, task);
    QVERIFY(std::isnan(one.columns[0].deviation));
}

void tst_PermutationImportance::expectation()
{
    // E Σ(y_i − y_π(i))² = 2·Σ(y_i − ȳ)² over all permutations, so the drop of R² is 2 on average.
    std::vector<double> x;
    for (int i = 0; i < 300; ++i)
        x.push_back(i % 50 - 0.02 * i);
    const FunctionPredictor model(test::fitted(numbersTable(x), "y"), 1, firstNumber);
    Task task;
    const ImportanceResult result = permutationImportance(model, featuresOf(model, numbersTable(x)), 30, 5, task);
    const double error = result.columns[0].deviation / std::sqrt(30.0);
    QVERIFY2(std::abs(result.columns[0].mean - 2.0) < 4.0 * error, qPrintable(QString::number(result.columns[0].mean)));
    QVERIFY(error < 0.05);
}

void tst_PermutationImportance::binary()
{
    // A model that ranks perfectly by x: ROC AUC 1, and 1/2 on average once x is shuffled.
    std::vector<double> x;
    std::vector<std::int32_t> y;
    for (int i = 0; i < 200; ++i) {
        x.push_back(i);
        y.push_back(i >= 120);
    }
    const Table table({Column::numbers("x", x), Column::booleans("y", y, {"no", "yes"})});
    const FunctionPredictor model(test::fitted(table, "y"), 1, [](const Features& features, std::size_t row) {
        return std::vector{features.numbers[row] / 200.0f};
    });
    Task task;
    const ImportanceResult result = permutationImportance(model, featuresOf(model, table), 30, 2, task);
    QCOMPARE(result.metric, std::string("roc_auc"));
    QCOMPARE(result.score, 1.0);
    QVERIFY(std::abs(result.columns[0].mean - 0.5) < 4.0 * result.columns[0].deviation / std::sqrt(30.0));
}

void tst_PermutationImportance::multiClass()
{
    // The class is the colour: accuracy 1, and once shuffled Σ share² = 1/3 on average.
    std::vector<std::int32_t> colour;
    std::vector<double> noise;
    for (int i = 0; i < 300; ++i) {
        colour.push_back(i % 3);
        noise.push_back(i % 11);
    }
    const std::vector<std::string> names = {"a", "b", "c"};
    const Table table({Column::numbers("noise", noise), Column::categories("colour", colour, names),
                       Column::categories("y", colour, names)});
    const Pipeline pipeline = test::fitted(table, "y", "one-hot");
    const FunctionPredictor model(pipeline, 3, [&](const Features& features, std::size_t row) {
        const auto& group = pipeline.groups()[1];
        const float* values = features.numbers.data() + row * features.numberWidth + group.numberBegin;
        return std::vector<float>(values, values + 3);
    });
    Task task;
    const ImportanceResult result = permutationImportance(model, featuresOf(model, table), 30, 2, task);
    QCOMPARE(result.metric, std::string("accuracy"));
    QCOMPARE(result.score, 1.0);
    QCOMPARE(result.columns[0].mean, 0.0);
    QVERIFY(std::abs(result.columns[1].mean - 2.0 / 3.0) < 4.0 * result.columns[1].deviation / std::sqrt(30.0));
}

void tst_PermutationImportance::columnsMoveWhole()
{
    // However a column is encoded, its features move together: a one-hot row keeps exactly one 1.
    std::vector<std::int32_t> colour;
    std::vector<double> y;
    for (int i = 0; i < 60; ++i) {
        colour.push_back(i * i % 7 % 4);
        y.push_back(i);
    }
    const Table table({Column::categories("colour", colour, {"a", "b", "c", "d"}), Column::numbers("x", y),
                       Column::numbers("y", y)});
    const Pipeline pipeline = test::fitted(table, "y", "one-hot");
    bool whole = true;
    const FunctionPredictor model(pipeline, 1, [&](const Features& features, std::size_t row) {
        float ones = 0.0f;
        const FeatureGroup& group = pipeline.groups()[0];
        for (std::size_t i = group.numberBegin; i < group.numberEnd; ++i)
            ones += features.numbers[row * features.numberWidth + i];
        whole = whole && ones == 1.0f;
        return std::vector{0.0f};
    });
    Task task;
    permutationImportance(model, featuresOf(model, table), 5, 1, task);
    QVERIFY(whole);
}

void tst_PermutationImportance::textsMoveWhole()
{
    // A text is moved as one: whatever the shuffle, a row holds "same same" or "other other", never one word of each. The second
    // text stays where it is meanwhile, and the model reads its last word, so only shuffling that costs anything.
    std::vector<std::string> twins, words;
    std::vector<double> y;
    for (int i = 0; i < 60; ++i) {
        twins.push_back(i * i % 7 % 2 == 0 ? "same same" : "other other");
        words.push_back(i % 3 == 0 ? "and high" : "but low");
        y.push_back(i % 3 == 0 ? 1.5 : 0.5);
    }
    const Table table({test::textColumn("twins", twins), test::textColumn("word", words), Column::numbers("y", y)});
    const Pipeline pipeline = test::fitted(table, "y");
    const std::int32_t high = pipeline.vocabulary().index("high");
    bool whole = true;
    std::size_t moved = 0;
    const Features features = [&] {
        Issues issues;
        return pipeline.transform(table, true, issues);
    }();
    const FunctionPredictor model(pipeline, 1, [&](const Features& shuffled, std::size_t row) {
        const std::int32_t* places = shuffled.categories.data() + row * shuffled.categoryWidth;
        const FeatureGroup& twin = pipeline.groups()[0];
        whole = whole && places[twin.categoryEnd - 1] == places[twin.categoryEnd - 2] && places[twin.categoryEnd - 1] > Vocabulary::unseen;
        moved += places[twin.categoryEnd - 1] != features.categories[row * features.categoryWidth + twin.categoryEnd - 1] ? 1 : 0;
        return std::vector{places[pipeline.groups()[1].categoryEnd - 1] == high ? 1.5f : 0.5f};
    });
    Task task;
    const ImportanceResult result = permutationImportance(model, features, 5, 1, task);
    QVERIFY(whole);
    QVERIFY(moved > 0);
    QVERIFY(std::abs(result.score - 1.0) < 1e-6);
    QCOMPARE(result.columns[0].mean, 0.0);
    QVERIFY(result.columns[1].mean > 0.5);
}

void tst_PermutationImportance::seeds()
{
    const Table table = numbersTable({0, 1, 2, 3, 4, 5, 6, 9});
    const FunctionPredictor model(test::fitted(table, "y"), 1, firstNumber);
    const Features features = featuresOf(model, table);
    Task task;
    const double a = permutationImportance(model, features, 5, 1, task).columns[0].mean;
    const double b = permutationImportance(model, features, 5, 1, task).columns[0].mean;
    const double c = permutationImportance(model, features, 5, 2, task).columns[0].mean;
    QCOMPARE(a, b);
    QVERIFY(a != c);
}

void tst_PermutationImportance::errors()
{
    const Table table = numbersTable({0, 1, 2, 3, 4, 5, 6, 9});
    const FunctionPredictor model(test::fitted(table, "y"), 1, firstNumber);
    Features features = featuresOf(model, table);
    Task task;
    QCOMPARE(test::errorNameOf([&] { permutationImportance(model, features, 0, 1, task); }), std::string("OptionInvalid"));
    features.targets.clear();
    QCOMPARE(test::errorNameOf([&] { permutationImportance(model, features, 5, 1, task); }), std::string("ColumnMissing"));
    QCOMPARE(test::errorNameOf([&] { permutationImportance(model, Features(), 5, 1, task); }), std::string("TooFewRows"));
}

void tst_PermutationImportance::cancel()
{
    const Table table = numbersTable({0, 1, 2, 3, 4, 5, 6, 9});
    const FunctionPredictor model(test::fitted(table, "y"), 1, firstNumber);
    Task task;
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(permutationImportance(model, featuresOf(model, table), 5, 1, task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_PermutationImportance)
#include "tst_permutationimportance.moc"
