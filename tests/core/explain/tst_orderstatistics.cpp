#include "core/base/Random.h"
#include "core/explain/OrderStatistics.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace limpid;

class tst_OrderStatistics : public QObject
{
    Q_OBJECT

private slots:
    void asSorted_data();
    void asSorted();
};

void tst_OrderStatistics::asSorted_data()
{
    constexpr double infinite = std::numeric_limits<double>::infinity();
    QTest::addColumn<QList<double>>("values");
    const auto add = [](const char* name, std::size_t count, const auto& value) {
        QList<double> values;
        Random random(1, "order statistics test");
        for (std::size_t i = 0; i < count; ++i)
            values.append(value(i, random));
        QTest::newRow(name) << values;
    };
    add("one", 1, [](std::size_t, Random&) { return 4.0; });
    add("two", 2, [](std::size_t i, Random&) { return i == 0 ? 1.0 : -1.0; });
    add("all the same", 50, [](std::size_t, Random&) { return 7.0; });
    add("normal", 5000, [](std::size_t, Random& random) { return random.normal(); });
    add("few distinct", 999, [](std::size_t, Random& random) { return std::floor(5.0 * random.uniform()); });
    add("nearly all in one bucket", 2000, [](std::size_t i, Random& random) { return i == 3 ? 1e12 : random.normal(); });
    add("the whole range", 300, [](std::size_t i, Random& random) { return i == 0 ? -1.7e308 : i == 1 ? 1.7e308 : random.normal(); });
    add("tiny", 300, [](std::size_t, Random& random) { return 5e-324 * std::floor(100.0 * random.uniform()); });
    add("infinite", 300, [](std::size_t i, Random& random) { return i == 9 ? infinite : i == 10 ? -infinite : random.normal(); });
    add("ascending", 1025, [](std::size_t i, Random&) { return static_cast<double>(i); });
}

// std::sort says what belongs where.
void tst_OrderStatistics::asSorted()
{
    QFETCH(QList<double>, values);
    const std::vector<double> own(values.begin(), values.end());
    std::vector<double> sorted = own;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::size_t> quarters, every;
    for (std::size_t k = 0; k <= 4; ++k)
        quarters.push_back(k * (sorted.size() - 1) / 4);
    for (std::size_t k = sorted.size(); k-- > 0;)
        every.push_back(k);
    for (const std::vector<std::size_t>& places : {quarters, every}) {
        const std::vector<double> found = orderStatistics(own, places);
        QCOMPARE(found.size(), places.size());
        for (std::size_t k = 0; k < places.size(); ++k)
            QCOMPARE(found[k], sorted[places[k]]);
    }
    QVERIFY(orderStatistics(own, {}).empty());
}

QTEST_GUILESS_MAIN(tst_OrderStatistics)
#include "tst_orderstatistics.moc"
