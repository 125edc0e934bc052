#include "core/base/Random.h"
#include "core/explain/SurrogateTree.h"
#include "tests/core/explain/TestEffects.h"
#include "tests/support/TestSupport.h"

#include <QTest>

using namespace limpid;
using test::FunctionRows;
using test::numberColumn;

namespace {

using Row = std::vector<double>;

/// Whether the row fulfils the condition, by the condition's own words.
bool fulfils(const SurrogateCondition& condition, const SurrogateTree::Column& column, double value)
{
    if (std::isnan(value))
        return condition.missing;
    if (column.levels.empty())
        return value > condition.above && value <= condition.atMost;
    return std::find(condition.levels.begin(), condition.levels.end(), column.levels[std::size_t(value)]) != condition.levels.end();
}

/// Numbers, a category of five levels and gaps in both.
std::vector<EffectColumn> mixed(int rows, std::uint64_t seed)
{
    Random random(seed, "rows");
    std::vector<double> a, b, c;
    for (int i = 0; i < rows; ++i) {
        a.push_back(random.uniform() < 0.1 ? test::gap : std::round(10.0 * random.normal()));
        b.push_back(random.uniform());
        c.push_back(random.uniform() < 0.1 ? test::gap : double(random.below(5)));
    }
    return {numberColumn("a", a), numberColumn("b", b), test::categoryColumn("c", c, {"p", "q", "r", "s", "t"})};
}

Row rowOf(const FunctionRows& model, std::size_t row)
{
    Row values;
    for (const EffectColumn& column : model.columns())
        values.push_back(column.values[row]);
    return values;
}

} // namespace

class tst_SurrogateTree : public QObject
{
    Q_OBJECT

private slots:
    void oneStep();
    void levels();
    void gaps();
    void bestFirstSplit();
    void rulesAreThePaths();
    void severalClasses();
    void numbersCountAlike();
    void limits();
    void noiseIsNotAskedAbout();
    void fidelityIsMeasuredOnOtherRows();
    void errors();
    void cancel();
};

void tst_SurrogateTree::oneStep()
{
    std::vector<double> x, other;
    for (int i = 0; i < 100; ++i) {
        x.push_back(i / 10);
        other.push_back(i % 10);
    }
    const FunctionRows model({numberColumn("other", other), numberColumn("x", x)}, 1, [](const Row& row) { return Row{row[1] < 3.5 ? 1.0 : 5.0}; });
    Task task;
    const SurrogateTree tree = surrogateTree(model, {}, task);
    QCOMPARE(tree.nodes.size(), std::size_t{3});
    QCOMPARE(tree.nodes[0].column, std::size_t{1});
    QCOMPARE(tree.nodes[0].threshold, 3.5);
    QCOMPARE(tree.nodes[tree.nodes[0].left].value, Row{1.0});
    QCOMPARE(tree.nodes[tree.nodes[0].right].value, Row{5.0});
    QCOMPARE(tree.r2, Row{1.0});
    QVERIFY(std::isnan(tree.agreement));
    QVERIFY(std::abs(tree.columns[1].gain - 1.0) < 1e-12);
    QCOMPARE(tree.columns[0].gain, 0.0);
    QCOMPARE(tree.rows, std::size_t{75});
    QCOMPARE(tree.heldOut, std::size_t{25});
    const std::vector<SurrogateRule> rules = tree.rules();
    QCOMPARE(rules.size(), std::size_t{2});
    QCOMPARE(rules[0].conditions[0].atMost, 3.5);
    QVERIFY(std::isinf(rules[0].conditions[0].above));
    QCOMPARE(rules[1].conditions[0].above, 3.5);
}

void tst_SurrogateTree::levels()
{
    // The best set is found whatever the levels' order.
    std::vector<double> codes;
    for (int i = 0; i < 200; ++i)
        codes.push_back(i % 4);
    const FunctionRows model({test::categoryColumn("c", codes, {"a", "b", "c", "d"})}, 1, [](const Row& row) { return Row{row[0] == 1.0 || row[0] == 3.0 ? 1.0 : 5.0}; });
    Task task;
    const SurrogateTree tree = surrogateTree(model, {}, task);
    QCOMPARE(tree.nodes.size(), std::size_t{3});
    QCOMPARE(tree.nodes[0].levels, (std::vector<std::size_t>{1, 3}));
    QCOMPARE(tree.rules()[0].conditions[0].levels, (std::vector<std::string>{"b", "d"}));
    QCOMPARE(tree.rules()[1].conditions[0].levels, (std::vector<std::string>{"a", "c"}));
}

void tst_SurrogateTree::gaps()
{
    // Rows without a number go where it serves: with the high values though most rows are low; a missing level is a level.
    std::vector<double> x, c;
    for (int i = 0; i < 100; ++i) {
        x.push_back(i % 5 == 0 ? test::gap : i % 5 < 4 ? 1.0 : 2.0);
        c.push_back(i % 2 == 0 ? test::gap : 0.0);
    }
    const FunctionRows numbers({numberColumn("x", x)}, 1, [](const Row& row) { return Row{std::isnan(row[0]) || row[0] > 1.5 ? 9.0 : 0.0}; });
    Task task;
    const SurrogateTree tree = surrogateTree(numbers, {}, task);
    QCOMPARE(tree.nodes.size(), std::size_t{3});
    QVERIFY(!tree.nodes[0].missingLeft);
    QVERIFY(tree.nodes[0].missingRows > 0);
    QVERIFY(!tree.rules()[0].conditions[0].missing);
    QVERIFY(tree.rules()[1].conditions[0].missing);
    const FunctionRows levels({test::categoryColumn("c", c, {"here"})}, 1, [](const Row& row) { return Row{std::isnan(row[0]) ? 9.0 : 0.0}; });
    const SurrogateTree other = surrogateTree(levels, {}, task);
    QCOMPARE(other.r2, Row{1.0});
    QCOMPARE(other.nodes[other.leafOf({test::gap})].value, Row{9.0});
}

void tst_SurrogateTree::bestFirstSplit()
{
    // Against every threshold, either way for the gaps, and every set of levels.
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const std::vector<EffectColumn> columns = mixed(120, seed);
        Random random(seed, "weights");
        const double wa = random.normal(), wb = random.normal();
        double levels[6];
        for (double& level : levels)
            level = random.normal();
        const FunctionRows model(columns, 1, [&](const Row& row) {
            return Row{(std::isnan(row[0]) ? 2.0 : 0.05 * wa * row[0]) + wb * row[1] + levels[std::isnan(row[2]) ? 5 : std::size_t(row[2])]};
        });
        Task task;
        SurrogateSpec spec;
        spec.depth = 1;
        spec.leafRows = 1;
        const SurrogateTree tree = surrogateTree(model, spec, task);
        QCOMPARE(tree.nodes.size(), std::size_t{3});

        // The grown rows, by the same fixed draw.
        std::vector<std::size_t> rows(120);
        std::iota(rows.begin(), rows.end(), std::size_t{0});
        Random(0, "surrogate").shuffle(rows);
        rows.erase(rows.begin(), rows.begin() + 30);
        std::vector<double> y;
        for (std::size_t row = 0; row < 120; ++row)
            y.push_back(model.predict(std::vector<std::size_t>{row}, {}, task)[0]);
        const auto error = [&](const std::function<int(std::size_t)>& side) { // 0, 1
            double sums[2] = {}, counts[2] = {}, total = 0.0;
            for (const std::size_t row : rows) {
                sums[side(row)] += y[row];
                counts[side(row)] += 1.0;
            }
            for (const std::size_t row : rows) {
                const int s = side(row);
                total += (y[row] - sums[s] / counts[s]) * (y[row] - sums[s] / counts[s]);
            }
            return total;
        };
        double best = std::numeric_limits<double>::infinity();
        for (const std::size_t column : {std::size_t(0), std::size_t(1)}) {
            for (const std::size_t at : rows) {
                for (const int gapSide : {0, 1}) {
                    best = std::min(best, error([&](std::size_t row) {
                        const double value = columns[column].values[row];
                        return std::isnan(value) ? gapSide : value <= columns[column].values[at] ? 0 : 1;
                    }));
                }
            }
        }
        for (int set = 1; set < 32; ++set) // of six levels, the sixth missing, up to turning about
            best = std::min(best, error([&](std::size_t row) {
                const double value = columns[2].values[row];
                return (set >> (std::isnan(value) ? 5 : int(value))) & 1;
            }));
        const double whole = error([](std::size_t) { return 0; });
        QVERIFY2(std::abs(tree.nodes[0].gain - (1.0 - best / whole)) < 1e-9, qPrintable(QString::number(tree.nodes[0].gain - (1.0 - best / whole))));
    }
}

void tst_SurrogateTree::rulesAreThePaths()
{
    const FunctionRows model(mixed(600, 4), 1, [](const Row& row) {
        return Row{(std::isnan(row[0]) ? 3.0 : std::abs(row[0]) / 5.0) + 4.0 * row[1] * row[1] + (std::isnan(row[2]) ? 1.0 : row[2] == 2.0 ? 2.0 : 0.0)};
    });
    SurrogateSpec spec;
    spec.depth = 5;
    Task task;
    const SurrogateTree tree = surrogateTree(model, spec, task);
    const std::vector<SurrogateRule> rules = tree.rules();
    QVERIFY(rules.size() > 12);
    QVERIFY(tree.r2[0] > 0.7);
    std::size_t rows = 0;
    for (const SurrogateRule& rule : rules)
        rows += tree.nodes[rule.node].rows;
    QCOMPARE(rows, tree.rows);
    for (std::size_t row = 0; row < model.rows(); ++row) {
        const Row values = rowOf(model, row);
        std::vector<std::size_t> met;
        for (const SurrogateRule& rule : rules) {
            const bool all = std::all_of(rule.conditions.begin(), rule.conditions.end(), [&](const SurrogateCondition& condition) {
                return fulfils(condition, tree.columns[condition.column], values[condition.column]);
            });
            if (all)
                met.push_back(rule.node);
        }
        // A gap that no row had where a question was asked is not spoken of; every other row meets its own rule alone.
        if (!met.empty())
            QCOMPARE(met, std::vector<std::size_t>{tree.leafOf(values)});
        else
            QVERIFY(std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }));
    }
}

void tst_SurrogateTree::severalClasses()
{
    // Probabilities of three classes by two thresholds: the largest is told apart in every row.
    std::vector<double> x;
    for (int i = 0; i < 300; ++i)
        x.push_back(i % 30);
    const FunctionRows model({numberColumn("x", x)}, 3, [](const Row& row) {
        return row[0] < 10.0 ? Row{0.8, 0.1, 0.1} : row[0] < 20.0 ? Row{0.2, 0.5, 0.3} : Row{0.0, 0.3, 0.7};
    });
    SurrogateSpec spec;
    spec.agreement = Agreement::Largest;
    Task task;
    const SurrogateTree tree = surrogateTree(model, spec, task);
    QCOMPARE(tree.rules().size(), std::size_t{3});
    QCOMPARE(tree.agreement, 1.0);
    for (const double r2 : tree.r2)
        QVERIFY(r2 > 0.999);
    // One question alone parts the first class from the others, and then a third of the rows differ in the largest.
    spec.depth = 1;
    const SurrogateTree stump = surrogateTree(model, spec, task);
    QVERIFY(stump.agreement > 0.5 && stump.agreement < 0.8);
    spec.agreement = Agreement::Side;
    spec.threshold = 0.9; // above all
    QCOMPARE(surrogateTree(model, spec, task).agreement, 1.0);
}

void tst_SurrogateTree::numbersCountAlike()
{
    // Grams and tonnes: the question about the first column is worth as much as that about the second, whichever is larger.
    std::vector<double> a, b;
    for (int i = 0; i < 400; ++i) {
        a.push_back(i % 2);
        b.push_back(i / 2 % 2);
    }
    const FunctionRows model({numberColumn("a", a), numberColumn("b", b)}, 2, [](const Row& row) { return Row{1e6 * row[0], 1e-6 * row[1]}; });
    Task task;
    const SurrogateTree tree = surrogateTree(model, {}, task);
    QVERIFY(std::abs(tree.columns[0].gain - 0.5) < 0.02);
    QVERIFY(std::abs(tree.columns[1].gain - 0.5) < 0.02);
    QVERIFY(tree.r2[0] > 0.999 && tree.r2[1] > 0.999);
    QCOMPARE(tree.nodes[tree.leafOf({1.0, 0.0})].value[0], 1e6);
}

void tst_SurrogateTree::limits()
{
    const FunctionRows model(mixed(500, 2), 1, [](const Row& row) { return Row{std::exp(2.0 * row[1])}; });
    for (std::size_t depth = 1; depth <= 4; ++depth) {
        SurrogateSpec spec;
        spec.depth = depth;
        spec.leafRows = 20;
        Task task;
        const SurrogateTree tree = surrogateTree(model, spec, task);
        QVERIFY(tree.rules().size() <= (std::size_t{1} << depth));
        for (const SurrogateNode& node : tree.nodes)
            QVERIFY(node.rows >= 20);
    }
    // A model that says one thing needs no question.
    const FunctionRows constant(mixed(50, 2), 1, [](const Row&) { return Row{3.0}; });
    Task task;
    const SurrogateTree tree = surrogateTree(constant, {}, task);
    QCOMPARE(tree.nodes.size(), std::size_t{1});
    QVERIFY(std::isnan(tree.r2[0]));
    QCOMPARE(tree.rules().size(), std::size_t{1});
    QVERIFY(tree.rules()[0].conditions.empty());
}

void tst_SurrogateTree::noiseIsNotAskedAbout()
{
    const FunctionRows model(mixed(500, 7), 1, [](const Row& row) { return Row{std::isnan(row[2]) ? 0.0 : row[2]}; });
    SurrogateSpec spec;
    spec.depth = 5;
    Task task;
    const SurrogateTree tree = surrogateTree(model, spec, task);
    QCOMPARE(tree.columns[0].gain, 0.0);
    QCOMPARE(tree.columns[1].gain, 0.0);
    QVERIFY(std::abs(tree.columns[2].gain - 1.0) < 1e-9);
}

void tst_SurrogateTree::fidelityIsMeasuredOnOtherRows()
{
    // Noise that no column tells: what the tree learns of it by heart is worth nothing on other rows.
    Random random(11, "noise");
    std::vector<double> x, noise;
    for (int i = 0; i < 400; ++i) {
        x.push_back(i);
        noise.push_back(random.normal());
    }
    const FunctionRows model({numberColumn("x", x)}, 1, [&](const Row& row) { return Row{noise[std::size_t(row[0])]}; });
    SurrogateSpec spec;
    spec.depth = 10;
    spec.leafRows = 1;
    spec.leastGain = 0.0;
    Task task;
    const SurrogateTree tree = surrogateTree(model, spec, task);
    QVERIFY2(tree.columns[0].gain > 0.5, qPrintable(QString::number(tree.columns[0].gain)));
    QVERIFY(tree.r2[0] < 0.1);
    QCOMPARE(surrogateTree(model, spec, task).rules().size(), tree.rules().size());
    QCOMPARE(surrogateTree(model, spec, task).r2, tree.r2);
}

void tst_SurrogateTree::errors()
{
    const FunctionRows model(mixed(30, 1), 1, [](const Row& row) { return Row{row[1]}; });
    Task task;
    for (const std::size_t depth : {std::size_t(0), maxSurrogateDepth + 1}) {
        SurrogateSpec spec;
        spec.depth = depth;
        QCOMPARE(test::errorNameOf([&] { surrogateTree(model, spec, task); }), std::string("OptionInvalid"));
    }
    const FunctionRows few(mixed(19, 1), 1, [](const Row& row) { return Row{row[1]}; });
    QCOMPARE(test::errorNameOf([&] { surrogateTree(few, {}, task); }), std::string("TooFewRows"));
}

void tst_SurrogateTree::cancel()
{
    const FunctionRows model(mixed(30, 1), 1, [](const Row& row) { return Row{row[1]}; });
    Task task;
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(surrogateTree(model, {}, task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_SurrogateTree)
#include "tst_surrogatetree.moc"
