#include "core/explain/Shapley.h"
#include "tests/core/explain/TestGames.h"
#include "tests/core/explain/TestPredictor.h"
#include "tests/support/TestSupport.h"

#include <QTest>

using namespace limpid;

namespace {

/// Numbers x and z, a category of three, target y.
Table table()
{
    std::vector<double> x, z, y;
    std::vector<std::int32_t> colour;
    for (int i = 0; i < 12; ++i) {
        x.push_back(0.5 * i - 2.0);
        z.push_back((i * 7 % 5) * 0.3);
        colour.push_back(i % 3);
        y.push_back(i);
    }
    return Table({Column::numbers("x", x), Column::categories("colour", colour, {"red", "green", "blue"}),
                  Column::numbers("z", z), Column::numbers("y", y)});
}

/// Two outputs with interactions, of everything that is encoded; `shift` is added by coalitionMeans alone.
class Model final : public test::FunctionPredictor
{
public:
    Model(Pipeline pipeline, double shift)
        : FunctionPredictor(std::move(pipeline), 2, &Model::row), m_shift(shift)
    {
    }
    std::vector<double> coalitionMeans(const Features& rows, const Features& background, const Coalitions& coalitions,
                                       OutputSpace space, Task& task, std::span<const double> weights) const override
    {
        auto means = Predictor::coalitionMeans(rows, background, coalitions, space, task, weights);
        for (double& mean : means)
            mean += m_shift;
        return means;
    }

private:
    static std::vector<float> row(const Features& features, std::size_t row)
    {
        float sum = 0.2f, product = 1.0f;
        for (std::size_t i = 0; i < features.numberWidth; ++i) {
            const float value = features.numbers[row * features.numberWidth + i];
            sum += value * (0.3f + 0.7f * static_cast<float>(i));
            product *= 1.0f + 0.1f * value;
        }
        for (std::size_t i = 0; i < features.categoryWidth; ++i)
            product *= 0.5f + static_cast<float>(features.categories[row * features.categoryWidth + i]);
        return {std::tanh(sum) * product, sum * product};
    }

    double m_shift;
};

/// A text, a category and another text; the second text of two lengths. What a model of it reads: Features::categories alone.
Table texts()
{
    return Table({test::textColumn("title", {"red cat", "red dog", "cat", "red cat runs", "a red cat", "dog"}),
                  Column::categories("k", {0, 1, 0, 1, 0, 1}, {"u", "v"}),
                  test::textColumn("body", {"one two", "two one", "one", "two two two", "one two", "three"}),
                  Column::numbers("y", {0, 1, 2, 3, 4, 5})});
}

/// The order of the words counts, and neighbours multiply: rows whose words were mixed would not go unnoticed.
std::vector<float> readWords(const Features& features, std::size_t row)
{
    const std::int32_t* words = features.categories.data() + row * features.categoryWidth;
    float sum = 0.0f, neighbours = 1.0f;
    for (std::size_t i = 0; i < features.categoryWidth; ++i) {
        sum += static_cast<float>(words[i]) * (0.1f + 0.07f * static_cast<float>(i * i % 11));
        if (i > 0)
            neighbours += 0.01f * static_cast<float>(words[i] * words[i - 1]);
    }
    return {std::tanh(0.1f * sum) * neighbours, sum};
}

struct Fixture {
    explicit Fixture(const std::string& categories, double shift = 0.0)
        : model(test::fitted(table(), "y", categories), shift)
    {
        Issues issues;
        const std::vector<std::size_t> explained = {1, 5, 9}, others = {0, 2, 3, 4, 6, 7};
        rows = model.pipeline().transform(table(), explained, false, issues);
        background = model.pipeline().transform(table(), others, false, issues);
    }
    Model model;
    Features rows, background;
};

} // namespace

class tst_PredictorGame : public QObject
{
    Q_OBJECT

private slots:
    void columnsArePlayers_data();
    void columnsArePlayers();
    void endsAreThePredictors();
    void textsArePlayers();
    void textsVary();
    void valuesOfRow();
    void varies();
    void shapley_data();
    void shapley();
    void noBackground();
};

void tst_PredictorGame::columnsArePlayers_data()
{
    QTest::addColumn<QString>("categories");
    QTest::newRow("embedding") << "embedding";
    QTest::newRow("one-hot") << "one-hot";
}

void tst_PredictorGame::columnsArePlayers()
{
    QFETCH(QString, categories);
    const Fixture f(categories.toStdString());
    const PredictorGame game(f.model, f.rows, f.background, OutputSpace::Raw);
    QCOMPARE(game.players(), std::size_t{3});
    QCOMPARE(game.rows(), std::size_t{3});
    QCOMPARE(game.outputs(), std::size_t{2});
    QVERIFY(categories == "embedding" || f.rows.numberWidth >= 5);

    // {x, colour} by hand: the explained row's x and colour, the background's z, through the table.
    Task task;
    const std::vector<double> values = game.values({1, 3, {1, 1, 0}}, task);
    std::vector<double> expected(2, 0.0);
    for (const std::size_t b : {0u, 2u, 3u, 4u, 6u, 7u}) {
        const Table t = table();
        const Table composite({Column::numbers("x", {t.column(0).numbers()[1]}),
                               Column::categories("colour", {t.column(1).codes()[1]}, t.column(1).dictionary()),
                               Column::numbers("z", {t.column(2).numbers()[b]})});
        Issues issues;
        const Features features = f.model.pipeline().transform(composite, false, issues);
        const Predictions predictions = f.model.predict(features, OutputSpace::Raw, task);
        for (std::size_t output = 0; output < 2; ++output)
            expected[output] += predictions.at(0, output) / 6.0;
    }
    for (std::size_t output = 0; output < 2; ++output)
        QVERIFY(std::abs(values[output] - expected[output]) < 1e-12);
}

void tst_PredictorGame::endsAreThePredictors()
{
    // Masking that is a little off, as float32 sums in another order are, must not move the ends.
    const Fixture f("embedding", 1e-4);
    const PredictorGame game(f.model, f.rows, f.background, OutputSpace::Raw);
    Task task;
    const std::vector<double> values = game.values({3, 3, {1, 1, 1, 1, 0, 0, 0, 0, 0}}, task);
    const Predictions own = f.model.predict(f.rows, OutputSpace::Raw, task);
    const Predictions other = f.model.predict(f.background, OutputSpace::Raw, task);
    for (std::size_t output = 0; output < 2; ++output) {
        double mean = 0.0;
        for (std::size_t b = 0; b < other.rows; ++b)
            mean += other.at(b, output);
        for (std::size_t row = 0; row < 3; ++row) {
            QCOMPARE(values[(row * 3 + 0) * 2 + output], own.at(row, output));
            QCOMPARE(values[(row * 3 + 2) * 2 + output], mean / 6.0);
        }
    }
}

void tst_PredictorGame::textsArePlayers()
{
    const Table table = texts();
    bool told = true;
    const test::FunctionPredictor model(test::fitted(table, "y"), 2, [&](const Features& features, std::size_t row) {
        told = told && features.categoryWidth == 17 && features.textWidth == 16; // two texts, padded to 8 each
        return readWords(features, row);
    });
    const Pipeline& pipeline = model.pipeline();
    Issues issues;
    const std::vector<std::size_t> explained = {3, 5}, others = {0, 1, 2, 4};
    const PredictorGame game(model, pipeline.transform(table, explained, false, issues), pipeline.transform(table, others, false, issues),
                             OutputSpace::Raw);
    QCOMPARE(game.players(), std::size_t{3});

    // Every coalition by hand: whole cells of the table.
    Task task;
    for (unsigned mask = 0; mask < 8; ++mask) {
        const std::vector<std::uint8_t> members = {static_cast<std::uint8_t>(mask & 1), static_cast<std::uint8_t>(mask >> 1 & 1),
                                                   static_cast<std::uint8_t>(mask >> 2 & 1)};
        const std::vector<double> values = game.values({1, 3, members}, task);
        for (std::size_t row = 0; row < 2; ++row) {
            std::vector<double> expected(2, 0.0);
            for (const std::size_t b : others) {
                const auto from = [&](std::size_t player) { return members[player] != 0 ? explained[row] : b; };
                const Table composite({test::textColumn("title", {std::string(table.column(0).text(from(0)))}),
                                       Column::categories("k", {table.column(1).codes()[from(1)]}, table.column(1).dictionary()),
                                       test::textColumn("body", {std::string(table.column(2).text(from(2)))})});
                const Predictions predictions = model.predict(pipeline.transform(composite, false, issues), OutputSpace::Raw, task);
                for (std::size_t output = 0; output < 2; ++output)
                    expected[output] += predictions.at(0, output) / 4.0;
            }
            for (std::size_t output = 0; output < 2; ++output)
                QVERIFY(std::abs(values[row * 2 + output] - expected[output]) < 1e-12);
        }
    }
    game.valuesOfRow(1, {1, 3, {1, 0, 1}}, task);
    QVERIFY(told);
    const ShapleyValues exact = limpid::shapley(game, {"exact", 0, 1}, task);
    for (std::size_t cell = 0; cell < 4; ++cell) {
        const auto expected = test::shapleyByDefinition(game, cell / 2, cell % 2);
        for (std::size_t player = 0; player < 3; ++player)
            QVERIFY(std::abs(exact.values[cell * 3 + player] - expected[player]) <= 1e-12);
    }
}

/// Row 0 ("red cat", u, "one two") against rows that differ in one word of one text, or in nothing.
void tst_PredictorGame::textsVary()
{
    const Table table = texts();
    const test::FunctionPredictor model(test::fitted(table, "y"), 2, readWords);
    Issues issues;
    const auto varies = [&](const std::vector<std::string>& titles, const std::vector<std::string>& bodies, std::size_t player) {
        const Table other({test::textColumn("title", titles), Column::categories("k", std::vector<std::int32_t>(titles.size(), 0), {"u"}),
                           test::textColumn("body", bodies)});
        const std::vector<std::size_t> first = {0};
        const PredictorGame game(model, model.pipeline().transform(table, first, false, issues),
                                 model.pipeline().transform(other, false, issues), OutputSpace::Raw);
        return game.varies(0, player);
    };
    for (std::size_t player = 0; player < 3; ++player)
        QVERIFY(!varies({"red cat", "RED, cat!"}, {"one two", "one two"}, player));
    QVERIFY(varies({"red cat", "red dog"}, {"one two", "one two"}, 0));
    QVERIFY(!varies({"red cat", "red dog"}, {"one two", "one two"}, 1));
    QVERIFY(!varies({"red cat", "red dog"}, {"one two", "one two"}, 2));
    QVERIFY(varies({"a red cat"}, {"one two"}, 0));      // the first position alone
    QVERIFY(varies({"red cat"}, {"one two two"}, 2));
    QVERIFY(!varies({"red cat"}, {"one two two"}, 0));
}

void tst_PredictorGame::valuesOfRow()
{
    const Fixture f("one-hot", 1e-4);
    const PredictorGame game(f.model, f.rows, f.background, OutputSpace::Raw);
    Task task;
    const Coalitions coalitions{4, 3, {0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1}};
    const std::vector<double> all = game.values(coalitions, task);
    for (std::size_t row = 0; row < 3; ++row) {
        const std::vector<double> one = game.valuesOfRow(row, coalitions, task);
        QCOMPARE(one, std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(row * 8),
                                          all.begin() + static_cast<std::ptrdiff_t>(row * 8 + 8)));
    }
}

void tst_PredictorGame::varies()
{
    for (const std::string categories : {"embedding", "one-hot"}) {
        const Fixture f(categories);
        Issues issues;
        // Row 1 (x −1.5, green, z 0.6) against rows 6 (1.0, red, 0.6) and itself.
        const std::vector<std::size_t> explained = {1, 6}, same = {1}, both = {1, 6};
        const auto& pipeline = f.model.pipeline();
        const Features rows = pipeline.transform(table(), explained, false, issues);
        const PredictorGame alone(f.model, rows, pipeline.transform(table(), same, false, issues), OutputSpace::Raw);
        for (std::size_t player = 0; player < 3; ++player)
            QVERIFY(!alone.varies(0, player));
        QVERIFY(alone.varies(1, 0));
        QVERIFY(alone.varies(1, 1));
        QVERIFY(!alone.varies(1, 2));
        const PredictorGame two(f.model, rows, pipeline.transform(table(), both, false, issues), OutputSpace::Raw);
        QVERIFY(two.varies(0, 0));
        QVERIFY(two.varies(0, 1));
        QVERIFY(!two.varies(0, 2));
    }
}

void tst_PredictorGame::shapley_data()
{
    QTest::addColumn<QString>("method");
    for (const std::string& method : shapleyMethods())
        QTest::addRow("%s", method.c_str()) << QString::fromStdString(method);
}

void tst_PredictorGame::shapley()
{
    QFETCH(QString, method);
    const Fixture f("one-hot");
    const PredictorGame game(f.model, f.rows, f.background, OutputSpace::Raw);
    Task task;
    const ShapleyValues result = limpid::shapley(game, {method.toStdString(), 0, 1}, task);
    const Predictions own = f.model.predict(f.rows, OutputSpace::Raw, task);
    for (std::size_t cell = 0; cell < 6; ++cell) {
        const double sum = std::accumulate(result.values.begin() + static_cast<std::ptrdiff_t>(cell * 3),
                                           result.values.begin() + static_cast<std::ptrdiff_t>(cell * 3 + 3), result.base[cell]);
        QVERIFY(std::abs(sum - own.values[cell]) <= 1e-12);
        const auto expected = test::shapleyByDefinition(game, cell / 2, cell % 2);
        for (std::size_t player = 0; player < 3; ++player)
            QVERIFY(std::abs(result.values[cell * 3 + player] - expected[player]) <= 1e-12);
    }
}

void tst_PredictorGame::noBackground()
{
    const Fixture f("embedding");
    Features none = f.background;
    none.rows = 0;
    none.numbers.clear();
    none.categories.clear();
    QCOMPARE(test::errorNameOf([&] { PredictorGame game(f.model, f.rows, none, OutputSpace::Raw); }), std::string("TooFewRows"));
}

QTEST_GUILESS_MAIN(tst_PredictorGame)
#include "tst_predictorgame.moc"
