#include "core/explain/PlayerTree.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

// Trees of players. Linkages against SciPy 1.x's scipy.cluster.hierarchy.linkage; halvings against literal trees.

using namespace limpid;

namespace {

using Splits = std::vector<std::array<double, 3>>;

Splits splitsOf(const PlayerTree& tree)
{
    Splits splits;
    for (const PlayerTree::Split& split : tree.splits)
        splits.push_back({static_cast<double>(split.left), static_cast<double>(split.right), split.height});
    return splits;
}

bool close(const Splits& a, const Splits& b)
{
    bool same = a.size() == b.size();
    for (std::size_t i = 0; same && i < a.size(); ++i)
        same = a[i][0] == b[i][0] && a[i][1] == b[i][1] && std::abs(a[i][2] - b[i][2]) < 1e-9;
    return same;
}

/// Players under a node, sorted.
std::vector<std::size_t> under(const PlayerTree& tree, std::size_t node)
{
    if (tree.isPlayer(node))
        return {node};
    std::vector<std::size_t> all = under(tree, tree.split(node).left);
    const auto right = under(tree, tree.split(node).right);
    all.insert(all.end(), right.begin(), right.end());
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

class tst_PlayerTree : public QObject
{
    Q_OBJECT

private slots:
    void linkage_data();
    void linkage();
    void manyPlayers();
    void correlations();
    void grid();
    void gridSizes();
    void sequence();
    void small();
    void pruned();
    void validity();
};

void tst_PlayerTree::linkage_data()
{
    QTest::addColumn<int>("linkage");
    QTest::addColumn<Splits>("expected");
    QTest::newRow("average") << static_cast<int>(Linkage::Average)
                             << Splits{{1, 7, 17}, {4, 9, 28.5}, {3, 8, 32}, {5, 6, 33}, {11, 12, 50.5}, {0, 13, 68.25},
                                       {2, 10, 72.33333333333333}, {14, 15, 83.65}};
    QTest::newRow("complete") << static_cast<int>(Linkage::Complete)
                              << Splits{{1, 7, 17}, {4, 9, 29}, {3, 8, 32}, {5, 6, 33}, {11, 12, 68}, {0, 10, 79}, {2, 13, 90},
                                        {14, 15, 135}};
}

void tst_PlayerTree::linkage()
{
    // City-block distances of nine points; linkage(pdist(points, "cityblock"), method).
    QFETCH(int, linkage);
    QFETCH(Splits, expected);
    const std::vector<std::array<double, 2>> points = {{81, 8}, {17, 23}, {18, 80}, {86, 58}, {3, 9},
                                                       {33, 43}, {62, 47}, {26, 15}, {69, 73}};
    std::vector<double> distances;
    for (const auto& a : points) {
        for (const auto& b : points)
            distances.push_back(std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]));
    }
    const PlayerTree tree = clusterTree(distances, points.size(), static_cast<Linkage>(linkage));
    QVERIFY(tree.isValid());
    QVERIFY(close(splitsOf(tree), expected));
}

void tst_PlayerTree::manyPlayers()
{
    // All distances equal: the worst case for ties. And two far blocks, which the root must tell apart.
    constexpr std::size_t n = 60;
    for (const Linkage linkage : {Linkage::Average, Linkage::Complete}) {
        std::vector<double> distances(n * n, 1.0);
        QVERIFY(clusterTree(distances, n, linkage).isValid());
        for (std::size_t i = 0; i < n * n; ++i)
            distances[i] = (i / n % 2) == (i % n % 2) ? 1.0 : 5.0;
        const PlayerTree tree = clusterTree(distances, n, linkage);
        QVERIFY(tree.isValid());
        QCOMPARE(tree.splits.back().height, 5.0);
        for (const std::size_t side : {tree.splits.back().left, tree.splits.back().right}) {
            const auto members = under(tree, side);
            QCOMPARE(members.size(), n / 2);
            for (const std::size_t player : members)
                QCOMPARE(player % 2, members[0] % 2);
        }
    }
}

void tst_PlayerTree::correlations()
{
    const double nan = std::nan("");
    // Columns: x, −2x + 1, a constant, one uncorrelated with x, x with a hole.
    const std::vector<double> values = {1, -1, 0.1, 1, 1,
                                        2, -3, 0.1, -1, 2,
                                        3, -5, 0.1, -1, nan,
                                        4, -7, 0.1, 1, 4};
    const auto d = correlationDistances(values, 4, 5, {{0}, {1}, {2}, {3}, {4}, {2, 1}});
    const auto at = [&](std::size_t a, std::size_t b) { return d[a * 6 + b]; };
    for (std::size_t a = 0; a < 6; ++a) {
        QCOMPARE(at(a, a), 0.0);
        for (std::size_t b = 0; b < 6; ++b)
            QCOMPARE(at(a, b), at(b, a));
    }
    QVERIFY(at(0, 1) < 1e-12);
    QCOMPARE(at(0, 2), 1.0);
    QVERIFY(std::abs(at(0, 3) - 1.0) < 1e-12);
    QVERIFY(at(0, 5) < 1e-12); // by its nearer column
    // The hole filled with 7/3: numpy.corrcoef([1, 2, 3, 4], [1, 2, 7/3, 4])[0, 1].
    QVERIFY(std::abs(at(0, 4) - (1.0 - 0.9660917830792959)) < 1e-12);
}

void tst_PlayerTree::grid()
{
    // 2 × 3: the width first, at 1, then each part along its longer side.
    const PlayerTree tree = gridTree(2, 3);
    QVERIFY(tree.isValid());
    const PlayerTree::Split& root = tree.splits.back();
    QCOMPARE(under(tree, root.left), (std::vector<std::size_t>{0, 3}));
    QCOMPARE(under(tree, root.right), (std::vector<std::size_t>{1, 2, 4, 5}));
    const PlayerTree::Split& right = tree.split(root.right); // a square: the height first
    QCOMPARE(under(tree, right.left), (std::vector<std::size_t>{1, 2}));
    QCOMPARE(under(tree, right.right), (std::vector<std::size_t>{4, 5}));
}

void tst_PlayerTree::gridSizes()
{
    for (std::size_t height : {1, 2, 5, 28}) {
        for (std::size_t width : {1, 3, 8, 28}) {
            const PlayerTree tree = gridTree(height, width);
            QVERIFY(tree.isValid());
            QCOMPARE(tree.players, height * width);
            if (tree.players > 1)
                QCOMPARE(tree.sizes().back(), tree.players);
        }
    }
}

void tst_PlayerTree::sequence()
{
    const PlayerTree tree = sequenceTree(5);
    QVERIFY(tree.isValid());
    QCOMPARE(under(tree, tree.splits.back().left), (std::vector<std::size_t>{0, 1}));
    QCOMPARE(under(tree, tree.splits.back().right), (std::vector<std::size_t>{2, 3, 4}));
    QCOMPARE(under(tree, tree.split(tree.splits.back().right).left), (std::vector<std::size_t>{2}));
}

void tst_PlayerTree::small()
{
    QVERIFY(sequenceTree(0).isValid());
    QVERIFY(sequenceTree(1).isValid());
    QVERIFY(clusterTree({}, 0, Linkage::Average).isValid());
    QVERIFY(clusterTree({0.0}, 1, Linkage::Average).isValid());
    QCOMPARE(clusterTree({0, 3, 3, 0}, 2, Linkage::Complete).splits[0].height, 3.0);
    QVERIFY(correlationDistances({}, 0, 0, {}).empty());
}

void tst_PlayerTree::pruned()
{
    // ((0 1) (2 3)) without 1: (0 (2 3)), as players 0, 1, 2.
    const PlayerTree tree = prunedTree(sequenceTree(4), {0, 2, 3});
    QVERIFY(tree.isValid());
    QCOMPARE(under(tree, tree.splits.back().left), (std::vector<std::size_t>{0}));
    QCOMPARE(under(tree, tree.splits.back().right), (std::vector<std::size_t>{1, 2}));
    QVERIFY(prunedTree(sequenceTree(4), {}).isValid());
    QVERIFY(prunedTree(sequenceTree(4), {3}).isValid());
}

void tst_PlayerTree::validity()
{
    const auto valid = [](std::size_t players, std::vector<PlayerTree::Split> splits) {
        return PlayerTree{players, std::move(splits)}.isValid();
    };
    QVERIFY(valid(3, {{0, 1, 0}, {2, 3, 0}}));
    QVERIFY(!valid(3, {{0, 1, 0}}));
    QVERIFY(!valid(3, {{0, 1, 0}, {1, 3, 0}}));
    QVERIFY(!valid(3, {{0, 4, 0}, {1, 2, 0}}));
    QVERIFY(!valid(2, {{0, 0, 0}}));
}

QTEST_GUILESS_MAIN(tst_PlayerTree)
#include "tst_playertree.moc"
