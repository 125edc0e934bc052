#include "core/base/Random.h"
#include "core/explain/Counterfactuals.h"
#include "tests/core/explain/TestEffects.h"
#include "tests/support/TestSupport.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace limpid;
using test::FunctionRows;
using test::numberColumn;

namespace {

using Row = std::vector<double>;
using Reason = CounterfactualSet::Reason;

const double missing = std::numeric_limits<double>::quiet_NaN();

EffectColumn levelColumn(const std::string& name, std::vector<double> values, std::vector<std::string> levels)
{
    return {name, ColumnType::Category, std::move(values), std::move(levels)};
}

/// 0, 1, …, 100 after the row asked about.
EffectColumn ramp(const std::string& name, double asked, double scale = 1.0)
{
    std::vector<double> values{asked};
    for (int i = 0; i <= 100; ++i)
        values.push_back(i * scale);
    return numberColumn(name, values);
}

/// The same in another order, so that two columns do not go together.
EffectColumn shuffledRamp(const std::string& name, double asked)
{
    std::vector<double> values{asked};
    for (int i = 0; i <= 100; ++i)
        values.push_back((i * 37) % 101);
    return numberColumn(name, values);
}

CounterfactualSpec atLeast(double value)
{
    CounterfactualSpec spec;
    spec.wanted.atLeast = value;
    return spec;
}

CounterfactualSet find(const EffectRows& model, const CounterfactualSpec& spec)
{
    Task task;
    return findCounterfactuals(model, spec, task);
}

} // namespace

class tst_Counterfactuals : public QObject
{
    Q_OBJECT

private slots:
    void scale_data();
    void scale();
    void precisionOfMost();
    void linearBoundary();
    void bothWays();
    void lockedColumn();
    void bounds();
    void boundsWithoutValue();
    void category();
    void missingValues();
    void sparse();
    void needsTwo();
    void goesTogether_data();
    void goesTogether();
    void diverse();
    void classes_data();
    void classes();
    void reasons();
    void holds();
    void deterministic();
    void cancel();
    void finish();
};

void tst_Counterfactuals::scale_data()
{
    QTest::addColumn<std::vector<double>>("values");
    QTest::addColumn<double>("step");
    QTest::addColumn<int>("decimals");
    QTest::addColumn<double>("deviation");   // by hand: the median of |value − median|
    QTest::addColumn<std::size_t>("few");
    QTest::newRow("integers") << Row{1, 2, 3, 4, 100} << 1.0 << 0 << 1.0 << std::size_t{5};
    QTest::newRow("tenths") << Row{0.1, 0.3, 0.5, 0.7, 2.2} << 0.1 << 1 << 0.2 << std::size_t{5};
    QTest::newRow("cents") << Row{7.25, 8.05, 10.5, 13.0, 26.55} << 0.01 << 2 << 2.5 << std::size_t{5};
    QTest::newRow("mostly equal: the mean deviation") << Row{0, 0, 0, 0, 5} << 1.0 << 0 << 1.0 << std::size_t{2};
    QTest::newRow("constant") << Row{4, 4, 4} << 1.0 << 0 << 1.0 << std::size_t{1};
    QTest::newRow("no common precision") << Row{1.0 / 3.0, 2.0 / 7.0, 0.123456789012, 0.9, 0.5} << 1e-4 << 4 << std::abs(2.0 / 7.0 - 1.0 / 3.0) + 0.0 << std::size_t{5};
}

void tst_Counterfactuals::scale()
{
    QFETCH(std::vector<double>, values);
    QFETCH(double, step);
    QFETCH(int, decimals);
    QFETCH(double, deviation);
    QFETCH(std::size_t, few);
    const EffectColumn column = numberColumn("x", values);
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < values.size(); ++row)
        rows.push_back(row);
    const ColumnScale scale = scaleOf(column, rows);
    QCOMPARE(scale.step, step);
    QCOMPARE(scale.decimals, decimals);
    if (qstrcmp(QTest::currentDataTag(), "no common precision") != 0)
        QVERIFY(std::abs(scale.deviation - deviation) < 1e-12);
    QCOMPARE(scale.few.size(), few);
    for (const double value : values) {
        QCOMPARE(scale.valueAt(scale.position(value)), value); // to the bit
        QVERIFY(value >= scale.least && value <= scale.most);
    }
}

void tst_Counterfactuals::precisionOfMost()
{
    // Years, of which a few are told in months; zeros, of which a few are shares.
    Row ages, shares;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < 100; ++i) {
        ages.push_back(i % 25 == 0 ? 0.1667 + double(i) : double(i));
        shares.push_back(i % 25 == 0 ? 0.25 + double(i) / 1000.0 : 0.0);
        rows.push_back(i);
    }
    const ColumnScale age = scaleOf(numberColumn("age", ages), rows), share = scaleOf(numberColumn("share", shares), rows);
    QCOMPARE(age.decimals, 0);
    QCOMPARE(age.valueAt(age.position(33.4)), 33.0);
    QCOMPARE(share.decimals, 2); // not 0: the range has to have steps
}

void tst_Counterfactuals::linearBoundary()
{
    // 2a + b ≥ 100 from (10, 10), both with a median absolute deviation of 25: a alone must rise to 45 (1.4 deviations), b alone
    // to 80 (2.8). Integers stay integers.
    const FunctionRows model({ramp("a", 10), shuffledRamp("b", 10)}, 1, [](const Row& x) { return Row{2 * x[0] + x[1]}; });
    const CounterfactualSet found = find(model, atLeast(100));
    QCOMPARE(found.reason, Reason::Found);
    QCOMPARE(found.outputs, Row{30});
    const Counterfactual& best = found.alternatives.front();
    QCOMPARE(best.values, (Row{45, 10}));
    QCOMPARE(best.changed, std::vector<std::size_t>{0});
    QCOMPARE(best.outputs, Row{100});
    QVERIFY(std::abs(best.distance - 35.0 / 25.0) < 1e-12);
    // Changing both would only do more than one of them.
    QCOMPARE(found.alternatives.size(), std::size_t{2});
    QCOMPARE(found.alternatives[1].values, (Row{10, 80}));
    QCOMPARE(found.modelRows, model.calls);
}

void tst_Counterfactuals::bothWays()
{
    // Down as well as up, and in tenths: x ≤ 3.14 from 7 is 3.1.
    const FunctionRows model({ramp("x", 7, 0.1)}, 1, [](const Row& x) { return Row{x[0]}; });
    CounterfactualSpec spec;
    spec.wanted.atMost = 3.14;
    const CounterfactualSet found = find(model, spec);
    QCOMPARE(found.reason, Reason::Found);
    QCOMPARE(found.alternatives.front().values, Row{3.1});
    // A band that the search must not jump over.
    spec.wanted.atLeast = 3.05;
    QCOMPARE(find(model, spec).alternatives.front().values, Row{3.1});
}

void tst_Counterfactuals::lockedColumn()
{
    const FunctionRows model({ramp("a", 10), shuffledRamp("b", 10)}, 1, [](const Row& x) { return Row{2 * x[0] + x[1]}; });
    CounterfactualSpec spec = atLeast(100);
    spec.locked = {0};
    const CounterfactualSet found = find(model, spec);
    QCOMPARE(found.alternatives.size(), std::size_t{1});
    QCOMPARE(found.alternatives.front().values, (Row{10, 80}));
}

void tst_Counterfactuals::bounds()
{
    // a may only rise to 40, which gives 90 with b as it is: b has to help by 10. Or b alone.
    const FunctionRows model({ramp("a", 10), shuffledRamp("b", 10)}, 1, [](const Row& x) { return Row{2 * x[0] + x[1]}; });
    CounterfactualSpec spec = atLeast(100);
    spec.bounds = {{0, 20, 40}, {1, 0, 30}};
    const CounterfactualSet found = find(model, spec);
    QCOMPARE(found.reason, Reason::Found);
    for (const Counterfactual& alternative : found.alternatives) {
        QCOMPARE(alternative.changed.size(), std::size_t{2}); // neither does alone
        QVERIFY(alternative.values[0] >= 35 && alternative.values[0] <= 40);
        QVERIFY(alternative.values[1] >= 20 && alternative.values[1] <= 30);
    }
    // A value in bounds that the row's own is outside of, and no farther than needed.
    spec.bounds = {{0, 60, 90}};
    spec.locked = {1};
    QCOMPARE(find(model, spec).alternatives.front().values, (Row{60, 10}));
}

void tst_Counterfactuals::boundsWithoutValue()
{
    const FunctionRows model({ramp("a", 10)}, 1, [](const Row& x) { return Row{x[0]}; });
    CounterfactualSpec spec = atLeast(50);
    spec.bounds = {{0, 200, 300}};
    QCOMPARE(test::errorNameOf([&] { find(model, spec); }), std::string("OptionInvalid"));
}

void tst_Counterfactuals::category()
{
    // Only the level "c" gives 1; "d" occurs in no row but this one's table.
    const std::vector<std::string> levels{"a", "b", "c", "d"};
    const FunctionRows model({levelColumn("k", {0, 0, 1, 2, 1, 0}, levels), numberColumn("x", {1, 2, 3, 4, 5, 6})}, 1,
                             [](const Row& x) { return Row{x[0] >= 2.0 ? 1.0 : 0.0}; });
    const CounterfactualSet found = find(model, atLeast(1));
    QCOMPARE(found.alternatives.size(), std::size_t{1});
    QCOMPARE(found.alternatives.front().values, (Row{2, 1}));
    QCOMPARE(found.alternatives.front().distance, 1.0);
}

void tst_Counterfactuals::missingValues()
{
    // The row has no x: giving it one of at least 4 helps. Rows without one do not teach to drop it.
    const FunctionRows model({numberColumn("x", {missing, 1, 2, 4, 9, missing}), numberColumn("y", {5, 5, 6, 7, missing, 5})}, 1,
                             [](const Row& x) { return Row{std::isnan(x[0]) ? 0.0 : x[0] + (std::isnan(x[1]) ? 100.0 : 0.0)}; });
    const CounterfactualSet found = find(model, atLeast(4));
    QCOMPARE(found.reason, Reason::Found);
    for (const Counterfactual& alternative : found.alternatives) {
        QVERIFY(alternative.values[0] == 4.0 || alternative.values[0] == 9.0);
        QVERIFY(!std::isnan(alternative.values[1]));
    }
    // Of the values that help the one nearest to the usual one: the observed median is 50.
    const FunctionRows usual({ramp("x", missing)}, 1, [](const Row& x) { return Row{std::isnan(x[0]) ? 0.0 : x[0]}; });
    QCOMPARE(find(usual, atLeast(20)).alternatives.front().values, Row{50});
    QCOMPARE(find(usual, atLeast(73)).alternatives.front().values, Row{73});
    // A row that has y keeps it where x is missing and locked: nothing else can help.
    CounterfactualSpec spec = atLeast(4);
    spec.locked = {0};
    QCOMPARE(find(model, spec).reason, Reason::NotReached);
    // A column without any value is not free.
    const FunctionRows empty({numberColumn("x", {1, missing, missing})}, 1, [](const Row& x) { return Row{x[0]}; });
    QCOMPARE(find(empty, atLeast(4)).reason, Reason::NothingFree);
}

void tst_Counterfactuals::sparse()
{
    // Ten columns, of which one alone does it: all ten stand otherwise in the rows that reach it.
    std::vector<EffectColumn> columns;
    for (int column = 0; column < 10; ++column) {
        Row values{0};
        for (int i = 0; i < 30; ++i)
            values.push_back((i * 7 + column) % 30);
        columns.push_back(numberColumn("x" + std::to_string(column), values));
    }
    const FunctionRows model(columns, 1, [](const Row& x) { return Row{x[6]}; });
    const CounterfactualSet found = find(model, atLeast(17));
    QCOMPARE(found.alternatives.size(), std::size_t{1});
    QCOMPARE(found.alternatives.front().changed, std::vector<std::size_t>{6});
    QCOMPARE(found.alternatives.front().values[6], 17.0);
}

void tst_Counterfactuals::needsTwo()
{
    // A conjunction that no single change reaches, and no observed row meets: x0 ≥ 50 and x1 ≥ 50, where x1 = 100 − x0 − 20.
    Row first{0}, second{0};
    for (int i = 0; i <= 80; ++i) {
        first.push_back(i);
        second.push_back(80 - i);
    }
    const FunctionRows model({numberColumn("a", first), numberColumn("b", second)}, 1,
                             [](const Row& x) { return Row{std::min(x[0], 50.0) + std::min(x[1], 50.0)}; });
    const CounterfactualSet found = find(model, atLeast(100));
    QCOMPARE(found.reason, Reason::Found);
    QCOMPARE(found.alternatives.front().values, (Row{50, 50}));
}

void tst_Counterfactuals::goesTogether_data()
{
    QTest::addColumn<bool>("locked");
    QTest::addColumn<std::vector<std::size_t>>("changed");
    QTest::addColumn<std::size_t>("unusual");
    QTest::newRow("both change") << false << std::vector<std::size_t>{0, 1} << std::size_t{0};
    QTest::newRow("only one may: it is told") << true << std::vector<std::size_t>{0} << std::size_t{1};
}

/// Who is married is a husband in the data, always; that alone makes the difference, so sparseness would change one of the two. `other` has nothing to do with either.
void tst_Counterfactuals::goesTogether()
{
    QFETCH(bool, locked);
    QFETCH(std::vector<std::size_t>, changed);
    QFETCH(std::size_t, unusual);
    Row married{0}, role{0}, other{0};
    for (int i = 0; i < 100; ++i) {
        married.push_back(i % 2);
        role.push_back(i % 2);
        other.push_back(i / 2 % 2);
    }
    const FunctionRows model({levelColumn("married", married, {"no", "yes"}), levelColumn("role", role, {"none", "husband"}), levelColumn("other", other, {"a", "b"})},
                             1, [](const Row& row) { return Row{row[0]}; });
    CounterfactualSpec spec = atLeast(1.0);
    if (locked)
        spec.locked = {1};
    const CounterfactualSet found = find(model, spec);
    QCOMPARE(found.reason, Reason::Found);
    QCOMPARE(found.alternatives.front().changed, changed);
    QCOMPARE(found.alternatives.front().unusual.size(), unusual);
    if (unusual > 0)
        QCOMPARE(found.alternatives.front().unusual.front(), (UnusualPair{0, 1, 0}));
    for (const Counterfactual& alternative : found.alternatives)
        QCOMPARE(alternative.unusual.size(), unusual);
}

void tst_Counterfactuals::diverse()
{
    // Any of five columns does it: the alternatives are five different ones.
    std::vector<EffectColumn> columns;
    for (int column = 0; column < 5; ++column) {
        Row values{0};
        for (int i = 0; i < 41; ++i)
            values.push_back((i * (column + 2)) % 41);
        columns.push_back(numberColumn("x" + std::to_string(column), values));
    }
    const FunctionRows model(columns, 1, [](const Row& x) { return Row{*std::max_element(x.begin(), x.end())}; });
    CounterfactualSpec spec = atLeast(30);
    for (const std::size_t wanted : {std::size_t{1}, std::size_t{5}, std::size_t{9}}) {
        spec.alternatives = wanted;
        const CounterfactualSet found = find(model, spec);
        QCOMPARE(found.alternatives.size(), std::min<std::size_t>(wanted, 5));
        std::set<std::size_t> changed;
        for (const Counterfactual& alternative : found.alternatives) {
            QCOMPARE(alternative.changed.size(), std::size_t{1});
            QCOMPARE(alternative.values[alternative.changed.front()], 30.0);
            changed.insert(alternative.changed.front());
        }
        QCOMPARE(changed.size(), found.alternatives.size());
    }
}

void tst_Counterfactuals::classes_data()
{
    QTest::addColumn<int>("rank");
    QTest::addColumn<std::size_t>("output");
    QTest::addColumn<double>("atLeast");
    QTest::addColumn<double>("expected");
    // Three classes along x: 0 below 30, 1 up to 60, 2 from there. The row stands at 10.
    using Rank = WantedOutputs::Rank;
    QTest::newRow("any other") << int(Rank::NotLargest) << std::size_t{0} << -1e9 << 30.0;
    QTest::newRow("the last") << int(Rank::Largest) << std::size_t{2} << -1e9 << 60.0;
    QTest::newRow("the last, surely") << int(Rank::Largest) << std::size_t{2} << 0.9 << 90.0;
}

void tst_Counterfactuals::classes()
{
    QFETCH(int, rank);
    QFETCH(std::size_t, output);
    QFETCH(double, atLeast);
    QFETCH(double, expected);
    const FunctionRows model({ramp("x", 10)}, 3, [](const Row& x) {
        return Row{x[0] < 30 ? 0.5 : 0.1, x[0] >= 30 && x[0] < 60 ? 0.5 : 0.1, x[0] >= 60 ? x[0] / 100.0 : 0.2};
    });
    CounterfactualSpec spec;
    spec.wanted = {output, atLeast, 1e9, WantedOutputs::Rank(rank)};
    const CounterfactualSet found = find(model, spec);
    QCOMPARE(found.reason, Reason::Found);
    QCOMPARE(found.alternatives.front().values, Row{expected});
}

void tst_Counterfactuals::reasons()
{
    const FunctionRows model({ramp("a", 10), shuffledRamp("b", 10)}, 1, [](const Row& x) { return Row{x[0]}; });
    QCOMPARE(find(model, atLeast(5)).reason, Reason::AlreadyReached);
    const CounterfactualSet out = find(model, atLeast(101)); // beyond what occurs
    QCOMPARE(out.reason, Reason::NotReached);
    QVERIFY(out.alternatives.empty());
    QCOMPARE(out.closest, Row{100});
    CounterfactualSpec spec = atLeast(50);
    spec.locked = {0, 1};
    QCOMPARE(find(model, spec).reason, Reason::NothingFree);
    spec.locked = {0};
    QCOMPARE(find(model, spec).reason, Reason::NotReached);
    // No row but the one asked about: nothing is observed.
    const FunctionRows alone({numberColumn("a", {1})}, 1, [](const Row& x) { return Row{x[0]}; });
    QCOMPARE(find(alone, atLeast(5)).reason, Reason::NothingFree);
}

/// 200 random rows of a bent function over numbers, integers, tenths and categories, with gaps: what holds of every alternative.
void tst_Counterfactuals::holds()
{
    Random random(11, "rows");
    std::vector<EffectColumn> columns{numberColumn("a", {}), numberColumn("b", {}), numberColumn("c", {}), levelColumn("d", {}, {"p", "q", "r", "s"}), numberColumn("e", {})};
    for (int i = 0; i < 300; ++i) {
        columns[0].values.push_back(random.normal());
        columns[1].values.push_back(double(random.below(40)));
        columns[2].values.push_back(random.below(8) == 0 ? missing : double(random.below(300)) / 10.0);
        columns[3].values.push_back(double(random.below(4)));
        columns[4].values.push_back(double(random.below(3)) * 50.0);
    }
    const auto f = [](const Row& x) {
        return Row{1.0 / (1.0 + std::exp(-(x[0] * x[0] - 0.1 * x[1] + (std::isnan(x[2]) ? 0.4 : std::sin(x[2])) + (x[3] == 2.0 ? 1.5 : 0.0) - x[4] / 80.0)))};
    };
    const FunctionRows model(columns, 1, f);
    int reached = 0;
    for (std::size_t row = 0; row < 200; ++row) {
        CounterfactualSpec spec;
        spec.row = row;
        spec.locked = {row % 5};
        Row own;
        for (const EffectColumn& column : columns)
            own.push_back(column.values[row]);
        if (f(own)[0] >= 0.5)
            spec.wanted.atMost = 0.4;
        else
            spec.wanted.atLeast = 0.6;
        if (row % 5 != 1)
            spec.bounds = {{1, 5, 30}};
        const CounterfactualSet found = find(model, spec);
        reached += !found.alternatives.empty();
        QCOMPARE(found.reason == Reason::Found, !found.alternatives.empty());
        for (const Counterfactual& alternative : found.alternatives) {
            const Row& x = alternative.values;
            QCOMPARE(alternative.outputs, f(x));
            QVERIFY(x[1] == std::round(x[1]));
            QVERIFY(alternative.outputs[0] >= spec.wanted.atLeast && alternative.outputs[0] <= spec.wanted.atMost);
            for (std::size_t column = 0; column < x.size(); ++column) {
                const bool changed = !(x[column] == own[column] || (std::isnan(x[column]) && std::isnan(own[column])));
                QCOMPARE(std::count(alternative.changed.begin(), alternative.changed.end(), column), std::ptrdiff_t(changed));
                if (!changed)
                    continue;
                QVERIFY(column != row % 5);
                if (found.scales[column].isOrdered())
                    QVERIFY(x[column] >= found.scales[column].least && x[column] <= found.scales[column].most);
            }
            if (x[1] != own[1] && row % 5 != 1)
                QVERIFY(x[1] >= 5 && x[1] <= 30);
            if (!std::isnan(x[2]))
                QCOMPARE(x[2], std::round(x[2] * 10.0) / 10.0);
            QVERIFY(x[4] == 0.0 || x[4] == 50.0 || x[4] == 100.0);
            // No change is idle: without it the prediction is not as wanted.
            for (const std::size_t column : alternative.changed) {
                Row without = x;
                without[column] = own[column];
                const double value = f(without)[0];
                QVERIFY(value < spec.wanted.atLeast || value > spec.wanted.atMost);
            }
        }
    }
    QVERIFY2(reached >= 190, qPrintable(QString::number(reached)));
}

void tst_Counterfactuals::deterministic()
{
    const FunctionRows model({ramp("a", 10), shuffledRamp("b", 10)}, 1, [](const Row& x) { return Row{x[0] * x[1]}; });
    const CounterfactualSet one = find(model, atLeast(2000)), two = find(model, atLeast(2000));
    QVERIFY(!one.alternatives.empty());
    QCOMPARE(one.alternatives.size(), two.alternatives.size());
    for (std::size_t i = 0; i < one.alternatives.size(); ++i) {
        QCOMPARE(one.alternatives[i].values, two.alternatives[i].values);
        QCOMPARE(one.alternatives[i].outputs, two.alternatives[i].outputs);
    }
}

void tst_Counterfactuals::cancel()
{
    Task task;
    int calls = 0;
    const FunctionRows model({ramp("a", 10)}, 1, [&](const Row& x) {
        if (++calls == 20)
            task.cancel();
        return Row{x[0]};
    });
    QVERIFY_THROWS_EXCEPTION(Cancelled, findCounterfactuals(model, atLeast(50), task));
    QCOMPARE(calls, 20);
}

void tst_Counterfactuals::finish()
{
    // Told to finish while values are tried: what reaches it already is an answer, if a longer way than need be.
    Task task;
    int calls = 0;
    const FunctionRows model({ramp("a", 10), shuffledRamp("b", 10)}, 1, [&](const Row& x) {
        if (++calls == 20)
            task.finish();
        return Row{x[0]};
    });
    const CounterfactualSet found = findCounterfactuals(model, atLeast(50), task);
    QCOMPARE(found.reason, Reason::Found);
    QVERIFY(found.alternatives.front().outputs[0] >= 50);
    Task early;
    early.finish();
    QCOMPARE(findCounterfactuals(model, atLeast(101), early).reason, Reason::Stopped);
}

QTEST_GUILESS_MAIN(tst_Counterfactuals)
#include "tst_counterfactuals.moc"
