#include "core/explain/KMeansRows.h"
#include "core/explain/OutOfDistribution.h"
#include "core/explain/Shapley.h"
#include "core/explain/WeightedGame.h"
#include "tests/core/explain/TestGames.h"
#include "tests/core/explain/TestPredictor.h"
#include "tests/support/TestSupport.h"

#include <QTest>

#include <numeric>

using namespace limpid;

namespace {

/// Three groups of rows, far apart: 60 around (0, 0) with category u, 30 around (20, 0) with v, 10 around (0, 20) with w.
Table groupsOfRows()
{
    Random random(7, "test");
    std::vector<double> x, z, y;
    std::vector<std::int32_t> k;
    for (int i = 0; i < 101; ++i) {
        const int group = i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2;
        x.push_back((group == 1 ? 20.0 : 0.0) + 0.3 * random.normal());
        z.push_back((group == 2 ? 20.0 : 0.0) + 0.3 * random.normal());
        k.push_back(group);
        y.push_back(i);
    }
    return Table({Column::numbers("x", x), Column::numbers("z", z), Column::categories("k", k, {"u", "v", "w"}), Column::numbers("y", y)});
}

/// Two numbers and a category; `coupled`: the second number is the first, else it is independent.
Table twoNumbers(bool coupled, int rows)
{
    Random random(3, "test");
    std::vector<double> x, z, y;
    std::vector<std::int32_t> k;
    for (int i = 0; i < rows; ++i) {
        x.push_back(random.normal());
        z.push_back(coupled ? x.back() : random.normal());
        k.push_back(static_cast<std::int32_t>(random.below(3)));
        y.push_back(i);
    }
    return Table({Column::numbers("x", x), Column::numbers("z", z), Column::categories("k", k, {"u", "v", "w"}), Column::numbers("y", y)});
}

std::vector<std::size_t> upTo(std::size_t count)
{
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

Features encoded(const Pipeline& pipeline, const Table& table, const std::vector<std::size_t>& rows)
{
    Issues issues;
    return pipeline.transform(table, rows, false, issues);
}

std::vector<float> output(const Features& features, std::size_t row)
{
    const float* numbers = features.numbers.data() + row * features.numberWidth;
    float product = 1.0f;
    for (std::size_t k = 0; k < features.numberWidth; ++k)
        product *= 0.5f + 0.1f * numbers[k];
    for (std::size_t k = 0; k < features.categoryWidth; ++k)
        product += 0.3f * static_cast<float>(features.categories[row * features.categoryWidth + k]) * numbers[0];
    return {product};
}

} // namespace

class tst_Background : public QObject
{
    Q_OBJECT

private slots:
    void centresOfSeparateGroups_data();
    void centresOfSeparateGroups();
    void centresFollowTheSeed();
    void fewerCentresThanAsked();
    void textsHaveNoCentres();
    void weightsAreRepeatedRows();
    void wholeBackgroundIsTheEnumeration();
    void oneRowIsTheGameAgainstIt();
    void outside_data();
    void outside();
    void outsideCanBeCancelled();
};

void tst_Background::centresOfSeparateGroups_data()
{
    QTest::addColumn<QString>("categories");
    QTest::newRow("embedding") << "embedding";
    QTest::newRow("one-hot") << "one-hot";
}

void tst_Background::centresOfSeparateGroups()
{
    QFETCH(QString, categories);
    const Table table = groupsOfRows();
    const Pipeline pipeline = test::fitted(table, "y", categories.toStdString());
    Task task;
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
        const RepresentativeRows found = kMeansRows(pipeline.groups(), encoded(pipeline, table, upTo(100)), 3, seed, task);
        QCOMPARE(found.rows.size(), std::size_t{3});
        std::vector<double> shares(3, 0.0);
        for (std::size_t i = 0; i < 3; ++i)
            shares[static_cast<std::size_t>(table.column(2).codes()[found.rows[i]])] = found.weights[i];
        QCOMPARE(shares, (std::vector<double>{0.6, 0.3, 0.1})); // how the table was made
    }
}

void tst_Background::centresFollowTheSeed()
{
    const Table table = twoNumbers(false, 301);
    const Pipeline pipeline = test::fitted(table, "y");
    const Features features = encoded(pipeline, table, upTo(300));
    Task task;
    const auto found = [&](std::uint64_t seed) { return kMeansRows(pipeline.groups(), features, 12, seed, task); };
    const RepresentativeRows one = found(1), again = found(1);
    QVERIFY(one.rows == again.rows && one.weights == again.weights);
    QVERIFY(one.rows != found(2).rows);
    QVERIFY(std::abs(std::accumulate(one.weights.begin(), one.weights.end(), 0.0) - 1.0) < 1e-12);
    QVERIFY(std::is_sorted(one.rows.begin(), one.rows.end()) && one.rows.back() < 300);
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(found(1), Cancelled);
}

void tst_Background::fewerCentresThanAsked()
{
    // Two kinds of rows make two centres, however many are asked for.
    const Table table({Column::numbers("x", {1, 1, 2, 1, 5}), Column::numbers("y", {0, 1, 2, 3, 4})});
    const Pipeline pipeline = test::fitted(table, "y");
    Task task;
    const RepresentativeRows found = kMeansRows(pipeline.groups(), encoded(pipeline, table, upTo(4)), 10, 1, task);
    QCOMPARE(found.rows, (std::vector<std::size_t>{0, 2}));
    QCOMPARE(found.weights, (std::vector<double>{0.75, 0.25}));
}

void tst_Background::textsHaveNoCentres()
{
    const Table table({test::textColumn("note", {"red cat", "red dog", "cat", "a red cat"}), Column::numbers("y", {0, 1, 2, 3})});
    const Pipeline pipeline = test::fitted(table, "y");
    Task task;
    QCOMPARE(test::errorNameOf([&] { kMeansRows(pipeline.groups(), encoded(pipeline, table, upTo(3)), 2, 1, task); }), std::string("OptionInvalid"));
}

void tst_Background::weightsAreRepeatedRows()
{
    // Weights of quarters are the plain game against rows that stand there as often.
    const Table table = twoNumbers(false, 21);
    const test::FunctionPredictor model(test::fitted(table, "y"), 1, output);
    const Features rows = encoded(model.pipeline(), table, {2, 7});
    const auto weighted = gameAgainst(model, rows, {encoded(model.pipeline(), table, {4, 9, 12}), {0.25, 0.5, 0.25}}, OutputSpace::Raw);
    const auto repeated = gameAgainst(model, rows, {encoded(model.pipeline(), table, {4, 9, 9, 12}), {}}, OutputSpace::Raw);
    for (std::size_t row = 0; row < 2; ++row) {
        const std::vector<double> values = test::shapleyByDefinition(*weighted, row, 0), expected = test::shapleyByDefinition(*repeated, row, 0);
        for (std::size_t player = 0; player < values.size(); ++player)
            QVERIFY(std::abs(values[player] - expected[player]) < 1e-12);
    }
    QCOMPARE(weighted->players(), repeated->players());
    for (std::size_t player = 0; player < 3; ++player)
        QCOMPARE(weighted->varies(0, player), repeated->varies(0, player));
}

void tst_Background::wholeBackgroundIsTheEnumeration()
{
    // v(S) by hand: the mean over all rows of the model at each composite, and Shapley's formula over it.
    const Table table = twoNumbers(false, 41);
    const test::FunctionPredictor model(test::fitted(table, "y"), 1, output);
    const Features all = encoded(model.pipeline(), table, upTo(41)), rows = encoded(model.pipeline(), table, {5, 30});
    const test::FunctionGame byHand(2, 3, 1, [&](std::size_t row, std::span<const std::uint8_t> members) {
        double sum = 0.0;
        for (std::size_t b = 0; b < 41; ++b) {
            Features composite = sliceRows(all, b, b + 1);
            for (std::size_t k = 0; k < 2; ++k) {
                if (members[k])
                    composite.numbers[k] = rows.numbers[row * 2 + k];
            }
            if (members[2])
                composite.categories[0] = rows.categories[row];
            sum += static_cast<double>(output(composite, 0).front());
        }
        return std::vector<double>{sum / 41.0};
    });
    const auto game = gameAgainst(model, rows, {all, {}}, OutputSpace::Raw);
    Task task;
    const ShapleyValues found = shapley(*game, {"exact", 0, 1, 0}, task);
    for (std::size_t row = 0; row < 2; ++row) {
        const std::vector<double> expected = test::shapleyByDefinition(byHand, row, 0);
        for (std::size_t player = 0; player < 3; ++player)
            QVERIFY(std::abs(found.values[row * 3 + player] - expected[player]) < 1e-9);
    }
}

void tst_Background::oneRowIsTheGameAgainstIt()
{
    const Table table = twoNumbers(false, 21);
    const test::FunctionPredictor model(test::fitted(table, "y"), 1, output);
    const Features row = encoded(model.pipeline(), table, {2}), other = encoded(model.pipeline(), table, {13});
    const auto game = gameAgainst(model, row, {other, {1.0}}, OutputSpace::Raw);
    Task task;
    const std::vector<double> values = game->values({2, 3, {0, 0, 0, 1, 1, 1}}, task);
    QCOMPARE(values[0], static_cast<double>(output(other, 0).front()));
    QCOMPARE(values[1], static_cast<double>(output(row, 0).front()));
    Features mixed = other;
    mixed.numbers[0] = row.numbers[0];
    QVERIFY(std::abs(game->values({1, 3, {1, 0, 0}}, task).front() - static_cast<double>(output(mixed, 0).front())) < 1e-6);
}

void tst_Background::outside_data()
{
    // By the rule itself: composites of independent columns are rows like the data, of which 1 % are outside. Of two columns that are one,
    // x ≠ z is outside wherever they are farther apart than neighbours on the line are, which is nearly everywhere.
    QTest::addColumn<bool>("coupled");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::newRow("independent") << false << 0.0 << 0.03;
    QTest::newRow("coupled") << true << 0.6 << 1.0;
}

void tst_Background::outside()
{
    QFETCH(bool, coupled);
    QFETCH(double, least);
    QFETCH(double, most);
    const Table table = twoNumbers(coupled, 2001);
    const Pipeline pipeline = test::fitted(table, "y");
    const Features data = encoded(pipeline, table, upTo(1000));
    std::vector<std::size_t> later(1000);
    std::iota(later.begin(), later.end(), std::size_t{1000});
    const Features rows = encoded(pipeline, table, later);
    Coalitions coalitions{0, 3, {}};
    for (; coalitions.count < 1000; ++coalitions.count)
        coalitions.members.insert(coalitions.members.end(), {1, 0, static_cast<std::uint8_t>(coalitions.count % 2)});
    Task task;
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        const OutsideShare found = estimateOutside(pipeline.groups(), data, rows, {rows, {}}, coalitions, seed, task);
        QVERIFY2(found.share >= least && found.share <= most, qPrintable(QString::number(found.share)));
        QCOMPARE(found.looked, std::size_t{1000});
        QVERIFY(std::abs(found.error - std::sqrt(found.share * (1.0 - found.share) / 1000.0)) < 1e-12);
        QCOMPARE(estimateOutside(pipeline.groups(), data, rows, {rows, {}}, coalitions, seed, task).share, found.share);
    }
    // A row of the data that stays whole has itself for a neighbour.
    const Coalitions whole{200, 3, std::vector<std::uint8_t>(600, 1)};
    QVERIFY(estimateOutside(pipeline.groups(), data, data, {rows, {}}, whole, 1, task).share == 0.0);
}

void tst_Background::outsideCanBeCancelled()
{
    const Table table = twoNumbers(false, 100);
    const Pipeline pipeline = test::fitted(table, "y");
    const Features rows = encoded(pipeline, table, upTo(50));
    Task task;
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(estimateOutside(pipeline.groups(), rows, rows, {rows, {}}, {1, 3, {1, 0, 0}}, 1, task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_Background)
#include "tst_background.moc"
