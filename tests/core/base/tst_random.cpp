#include "core/base/Random.h"
#include "tests/support/TestSupport.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace limpid;

class RandomTest : public QObject
{
    Q_OBJECT

private slots:
    /// First outputs of xoshiro256** from the state {1, 2, 3, 4}: the authors' C code (prng.di.unimi.it), also the
    /// reference values of the Rust crate rand_xoshiro.
    void followsTheReference()
    {
        Random random(0, "");
        random.setState({1, 2, 3, 4});
        const std::vector<std::uint64_t> expected{11520u, 0u, 1509978240u, 1215971899390074240u};
        for (const std::uint64_t value : expected)
            QCOMPARE(random.next(), value);
    }

    void sameSeedAndNameGiveTheSameStream()
    {
        Random a(7, "split"), b(7, "split");
        for (int i = 0; i < 100; ++i)
            QCOMPARE(a.next(), b.next());
    }

    void seedAndNameBothMatter()
    {
        QVERIFY(Random(7, "split").next() != Random(8, "split").next());
        QVERIFY(Random(7, "split").next() != Random(7, "shuffle").next());
    }

    void stateResumesTheStream()
    {
        Random a(3, "x");
        a.normal(); // leaves a spare, which a restored stream does not have
        const Random::State state = a.state();
        Random b(0, "y");
        b.setState(state);
        a.setState(state);
        for (int i = 0; i < 10; ++i)
            QCOMPARE(a.normal(), b.normal());
    }

    void uniformIsInRangeAndEven()
    {
        Random random(1, "uniform");
        constexpr int draws = 100000;
        std::vector<int> counts(10);
        for (int i = 0; i < draws; ++i) {
            const double value = random.uniform();
            QVERIFY(value >= 0.0 && value < 1.0);
            ++counts[static_cast<std::size_t>(value * 10)];
        }
        // Chi-squared with 9 degrees of freedom stays below 27.9 in 999 of 1000 seeds.
        double chi = 0.0;
        for (const int count : counts)
            chi += std::pow(count - draws / 10.0, 2) / (draws / 10.0);
        QVERIFY2(chi < 27.9, qPrintable(QString::number(chi)));
    }

    void belowIsEven()
    {
        Random random(1, "below");
        std::vector<int> counts(7);
        for (int i = 0; i < 70000; ++i)
            ++counts[random.below(7)];
        double chi = 0.0;
        for (const int count : counts)
            chi += std::pow(count - 10000.0, 2) / 10000.0;
        QVERIFY2(chi < 22.5, qPrintable(QString::number(chi))); // 6 degrees of freedom
        for (int i = 0; i < 100; ++i)
            QCOMPARE(random.below(1), std::uint64_t{0});
    }

    void normalHasTheRightMoments()
    {
        Random random(1, "normal");
        constexpr int draws = 200000;
        double sum = 0.0, squares = 0.0, fourth = 0.0;
        for (int i = 0; i < draws; ++i) {
            const double value = random.normal();
            sum += value;
            squares += value * value;
            fourth += std::pow(value, 4);
        }
        QVERIFY(std::abs(sum / draws) < 0.01);
        QVERIFY(std::abs(squares / draws - 1.0) < 0.015);
        QVERIFY(std::abs(fourth / draws - 3.0) < 0.15);
    }

    void shuffleKeepsEveryValue()
    {
        std::vector<int> values(100);
        std::iota(values.begin(), values.end(), 0);
        std::vector<int> shuffled = values;
        Random(5, "shuffle").shuffle(shuffled);
        QVERIFY(shuffled != values);
        std::sort(shuffled.begin(), shuffled.end());
        QCOMPARE(shuffled, values);
    }
};

QTEST_GUILESS_MAIN(RandomTest)
#include "tst_random.moc"
