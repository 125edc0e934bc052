#include "core/jobs/CoreShare.h"

#include <QTest>

using namespace limpid;

using Claims = std::vector<CoreClaim>;
using Shares = std::vector<int>;

Q_DECLARE_METATYPE(Claims)
Q_DECLARE_METATYPE(Shares)
Q_DECLARE_METATYPE(CoreWish)

class tst_core_share : public QObject
{
    Q_OBJECT

private slots:
    // Expected shares by hand from the rule in CoreShare.h.
    void sharesOut_data()
    {
        QTest::addColumn<int>("cores");
        QTest::addColumn<Claims>("claims");
        QTest::addColumn<Shares>("expected");
        const auto background = [](int least, int most) { return CoreClaim{{least, most}, false}; };
        const auto foreground = [](int least, int most) { return CoreClaim{{least, most}, true}; };

        QTest::newRow("nobody") << 4 << Claims{} << Shares{};
        QTest::newRow("alone, all there are") << 8 << Claims{background(1, 0)} << Shares{8};
        QTest::newRow("alone, its most") << 8 << Claims{background(1, 3)} << Shares{3};
        QTest::newRow("two share evenly") << 8 << Claims{background(1, 0), background(1, 0)} << Shares{4, 4};
        QTest::newRow("an odd core goes to the first") << 5 << Claims{background(1, 0), background(1, 0)} << Shares{3, 2};
        QTest::newRow("what one can't use the other has") << 8 << Claims{background(1, 2), background(1, 0)} << Shares{2, 6};
        QTest::newRow("a least above the even share") << 4 << Claims{background(3, 4), background(1, 4)} << Shares{3, 1};
        QTest::newRow("poorest first") << 6 << Claims{background(3, 4), background(1, 4)} << Shares{3, 3};
        QTest::newRow("foreground has more") << 8 << Claims{background(1, 0), foreground(1, 0)} << Shares{1, 7};
        QTest::newRow("foreground has no more than it can use") << 8 << Claims{background(1, 0), foreground(1, 2)} << Shares{6, 2};
        QTest::newRow("everyone keeps the least") << 2 << Claims{background(1, 2), background(1, 2), foreground(1, 2)} << Shares{1, 1, 1};
        QTest::newRow("more than the machine has") << 2 << Claims{background(8, 16)} << Shares{2};
        QTest::newRow("nonsense counts as one") << 2 << Claims{background(-3, 1)} << Shares{1};
        QTest::newRow("one core") << 1 << Claims{background(1, 0), foreground(1, 0)} << Shares{1, 1};
    }
    void sharesOut()
    {
        QFETCH(int, cores);
        QFETCH(Claims, claims);
        QFETCH(Shares, expected);
        QCOMPARE(shareCores(cores, claims), expected);
    }

    void hasRoom_data()
    {
        QTest::addColumn<int>("cores");
        QTest::addColumn<Claims>("running");
        QTest::addColumn<CoreWish>("wish");
        QTest::addColumn<bool>("expected");
        const Claims one{{{1, 0}, false}}, two{{{1, 1}, false}, {{1, 0}, false}};
        QTest::newRow("the first") << 2 << Claims{} << CoreWish{1, 1} << true;
        QTest::newRow("the second of two") << 2 << one << CoreWish{1, 1} << true;
        QTest::newRow("the third waits") << 2 << two << CoreWish{1, 1} << false;
        QTest::newRow("wants both beside one") << 2 << one << CoreWish{2, 2} << false;
        QTest::newRow("takes what is free") << 2 << one << CoreWish{1, 8} << true;
        QTest::newRow("wants more than there are") << 2 << Claims{} << CoreWish{4, 4} << true;
        QTest::newRow("foreground does not count") << 2 << Claims{{{1, 0}, false}, {{2, 2}, true}} << CoreWish{1, 1} << true;
    }
    void hasRoom()
    {
        QFETCH(int, cores);
        QFETCH(Claims, running);
        QFETCH(CoreWish, wish);
        QFETCH(bool, expected);
        QCOMPARE(hasCoresFor(wish, cores, running), expected);
    }
};

QTEST_GUILESS_MAIN(tst_core_share)
#include "tst_core_share.moc"
