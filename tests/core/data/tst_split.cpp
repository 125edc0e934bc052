#include "core/data/Split.h"
#include "tests/support/TestSupport.h"

#include <algorithm>
#include <limits>

using namespace limpid;

namespace {

/// 100 rows: 70 of class 0, 25 of class 1, 5 of class 2, in blocks.
Table classes()
{
    std::vector<std::int32_t> codes(100, 0);
    std::fill(codes.begin() + 70, codes.begin() + 95, 1);
    std::fill(codes.begin() + 95, codes.end(), 2);
    return Table({Column::categories("y", codes, {"a", "b", "c"})});
}

std::vector<std::size_t> count(const Table& table, const std::vector<std::size_t>& rows)
{
    std::vector<std::size_t> counts(table.column(0).dictionary().size());
    for (const std::size_t row : rows)
        ++counts[static_cast<std::size_t>(table.column(0).codes()[row])];
    return counts;
}

} // namespace

class SplitTest : public QObject
{
    Q_OBJECT

private slots:
    void keepsTheShareOfEachClass()
    {
        const Table table = classes();
        const Split split = splitRows(table, "y", {0.2, true, 1});
        QCOMPARE(count(table, split.validation), (std::vector<std::size_t>{14, 5, 1}));
        QCOMPARE(count(table, split.train), (std::vector<std::size_t>{56, 20, 4}));
    }

    void partsAreDisjointAndSorted()
    {
        for (const bool stratified : {true, false}) {
            const Split split = splitRows(classes(), "y", {0.3, stratified, 5});
            QVERIFY(std::is_sorted(split.train.begin(), split.train.end()));
            QVERIFY(std::is_sorted(split.validation.begin(), split.validation.end()));
            std::vector<std::size_t> all = split.train;
            all.insert(all.end(), split.validation.begin(), split.validation.end());
            std::sort(all.begin(), all.end());
            QCOMPARE(all.size(), std::size_t{100});
            QVERIFY(std::adjacent_find(all.begin(), all.end()) == all.end());
            QCOMPARE(split.validation.size(), std::size_t{30});
        }
    }

    void seedDecides()
    {
        const Table table = classes();
        QCOMPARE(splitRows(table, "y", {0.2, true, 1}).validation, splitRows(table, "y", {0.2, true, 1}).validation);
        QVERIFY(splitRows(table, "y", {0.2, true, 1}).validation != splitRows(table, "y", {0.2, true, 2}).validation);
        QVERIFY(splitRows(table, "y", {0.2, false, 1}).validation != splitRows(table, "y", {0.2, false, 2}).validation);
    }

    void rareClassesStayInTraining()
    {
        std::vector<std::int32_t> codes(20, 0);
        codes[3] = 1;
        const Table table({Column::categories("y", codes, {"a", "b"})});
        for (std::uint64_t seed = 1; seed < 30; ++seed)
            for (const bool stratified : {true, false}) {
                const Split split = splitRows(table, "y", {0.5, stratified, seed});
                QVERIFY(std::binary_search(split.train.begin(), split.train.end(), std::size_t{3}));
                QCOMPARE(split.validation.size(), std::size_t{10});
            }
    }

    void twoNumbersAreClasses()
    {
        std::vector<double> values(100, 0.0);
        std::fill(values.begin(), values.begin() + 10, 1.0);
        const Split split = splitRows(Table({Column::numbers("y", values)}), "y", {0.2, true, 3});
        QCOMPARE(std::count_if(split.validation.begin(), split.validation.end(), [](std::size_t row) { return row < 10; }),
                 std::ptrdiff_t{2});
    }

    void rowsWithoutTargetAreLeftOut()
    {
        std::vector<double> values(50);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = i % 5 == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(i);
        const Split split = splitRows(Table({Column::numbers("y", values)}), "y", {0.25, true, 1});
        QCOMPARE(split.train.size(), std::size_t{30});
        QCOMPARE(split.validation.size(), std::size_t{10});
        for (const auto& part : {split.train, split.validation})
            for (const std::size_t row : part)
                QVERIFY(row % 5 != 0);
    }

    void bothPartsGetARow_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<double>("share");
        QTest::newRow("two rows") << 2 << 0.2;
        QTest::newRow("tiny share") << 10 << 0.0001;
        QTest::newRow("nearly all") << 10 << 0.9999;
    }
    void bothPartsGetARow()
    {
        QFETCH(int, rows);
        QFETCH(double, share);
        std::vector<double> numbers;
        std::vector<std::int32_t> codes;
        std::vector<std::string> names;
        for (int i = 0; i < rows; ++i) {
            numbers.push_back(i);
            codes.push_back(i);
            names.push_back(std::to_string(i));
        }
        const Table table({Column::numbers("n", numbers), Column::categories("c", codes, names)});
        for (const char* target : {"n", "c"})
            for (const bool stratified : {true, false}) {
                const Split split = splitRows(table, target, {share, stratified, 1});
                QVERIFY(!split.train.empty() && !split.validation.empty());
                QCOMPARE(split.train.size() + split.validation.size(), static_cast<std::size_t>(rows));
            }
    }

    /// Every row in one fold; folds, and each class in them, of sizes as equal as can be.
    void folds_data()
    {
        QTest::addColumn<int>("folds");
        for (const int folds : {2, 3, 5})
            QTest::addRow("%d", folds) << folds;
    }
    void folds()
    {
        QFETCH(int, folds);
        const Table table = classes();
        std::vector<std::size_t> judged;
        for (int fold = 1; fold <= folds; ++fold) {
            const Split split = splitRows(table, "y", {0.2, true, 7, folds, fold});
            QVERIFY(std::is_sorted(split.train.begin(), split.train.end()) && std::is_sorted(split.validation.begin(), split.validation.end()));
            std::vector<std::size_t> all = split.train;
            all.insert(all.end(), split.validation.begin(), split.validation.end());
            std::sort(all.begin(), all.end());
            QVERIFY(all.size() == 100 && std::adjacent_find(all.begin(), all.end()) == all.end());
            judged.insert(judged.end(), split.validation.begin(), split.validation.end());
            const auto fair = [&](std::size_t found, int of) { return int(found) == of / folds || int(found) == (of + folds - 1) / folds; };
            QVERIFY(fair(split.validation.size(), 100));
            const std::vector<std::size_t> counts = count(table, split.validation);
            QVERIFY(fair(counts[0], 70) && fair(counts[1], 25) && fair(counts[2], 5));
            QCOMPARE(splitRows(table, "y", {0.2, true, 7, folds, fold}).validation, split.validation);
            QVERIFY(splitRows(table, "y", {0.2, true, 8, folds, fold}).validation != split.validation);
        }
        std::sort(judged.begin(), judged.end());
        QVERIFY(judged.size() == 100 && std::adjacent_find(judged.begin(), judged.end()) == judged.end());
    }

    void foldsOfAQuantity()
    {
        std::vector<double> values(11);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = i == 4 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(i);
        const Table table({Column::numbers("y", values)});
        QCOMPARE(splitRows(table, "y", {0.2, true, 1, 10, 10}).validation.size(), std::size_t{1});
        QCOMPARE(splitRows(table, "y", {0.2, true, 1, 3, 1}).validation.size(), std::size_t{4});
        QCOMPARE(splitRows(table, "y", {0.2, true, 1, 3, 3}).validation.size(), std::size_t{3});
        QCOMPARE(test::errorNameOf([&] { splitRows(table, "y", {0.2, true, 1, 11, 1}); }), std::string("TooFewRows"));
    }

    void foldsThatCantBe()
    {
        const Table table = classes();
        try {
            splitRows(table, "y", {0.2, true, 1, 6, 1});
            QFAIL("a class of 5 rows was shared out to 6 folds");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::FoldsTooMany);
            QCOMPARE(fact(error.facts(), "value"), std::string("c"));
            QCOMPARE(fact(error.facts(), "rows"), std::string("5"));
        }
        for (const auto& [folds, fold] : {std::pair(1, 1), {-1, 1}, {5, 0}, {5, 6}})
            QCOMPARE(test::errorNameOf([&] { splitRows(table, "y", {0.2, true, 1, folds, fold}); }), std::string("OptionInvalid"));
        QCOMPARE(splitRows(table, "y", {0.2, false, 1, 6, 1}).validation.size(), std::size_t{17});
    }

    void errors()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const Table table({Column::numbers("income", {1, nan}), Column::numbers("none", {nan, nan})});
        QCOMPARE(test::errorNameOf([&] { splitRows(table, "incom", {}); }), std::string("TargetUnknown"));
        QCOMPARE(test::errorNameOf([&] { splitRows(table, "income", {}); }), std::string("TooFewRows"));
        QCOMPARE(test::errorNameOf([&] { splitRows(table, "none", {}); }), std::string("ColumnAllMissing"));
        for (const double share : {0.0, 1.0, -0.1, nan})
            QCOMPARE(test::errorNameOf([&] { splitRows(table, "income", {share, true, 1}); }), std::string("OptionInvalid"));
    }
};

QTEST_GUILESS_MAIN(SplitTest)
#include "tst_split.moc"
