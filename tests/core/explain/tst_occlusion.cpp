#include "core/explain/Occlusion.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <QTest>

// Occlusion. Expected numbers: captum 0.8's Occlusion (baseline 0) on a function of a 4 × 5 image of ones, and literal
// games.

using namespace limpid;

namespace {

using Windows = std::vector<std::vector<std::size_t>>;

/// Σ w·x with w = (7·cell mod 11) − 5, plus 2·x(0,0)·x(1,1) − 2·x(3,4)·x(0,4).
test::FunctionGame imageGame()
{
    return {1, 20, 1, [](std::size_t, std::span<const std::uint8_t> in) {
                double value = 2.0 * (in[0] && in[6]) - 2.0 * (in[19] && in[4]);
                for (std::size_t cell = 0; cell < 20; ++cell)
                    value += in[cell] ? static_cast<double>(7 * cell % 11) - 5.0 : 0.0;
                return std::vector{value};
            }};
}

} // namespace

class tst_Occlusion : public QObject
{
    Q_OBJECT

private slots:
    void image_data();
    void image();
    void singles();
    void windows();
    void playersThatDoNotVary();
    void grid();
    void gridCovers();
    void invalid_data();
    void invalid();
    void many();
    void cancel();
};

void tst_Occlusion::image_data()
{
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("down");
    QTest::addColumn<int>("across");
    QTest::addColumn<std::vector<double>>("expected");
    QTest::newRow("2 × 2 by 2, 2") << 2 << 2 << 2 << 2
                                   << std::vector<double>{0, 0, -1, -1, 2, 0, 0, -1, -1, 2, -8, -8, 4, 4, -1, -8, -8, 4, 4, -1};
    QTest::newRow("2 × 3 by 1, 2") << 2 << 3 << 1 << 2
                                   << std::vector<double>{-2, -2, -0.5, 1, 1, -1.5, -1.5, 0.5, 2.5, 2.5,
                                                          -1.5, -1.5, 1, 3.5, 3.5, -2, -2, 0.5, 3, 3};
    QTest::newRow("3 × 2 by 2, 1") << 3 << 2 << 2 << 1
                                   << std::vector<double>{-6, -1.5, 1, 2.5, 6, -6, -1.5, 1, 2.5, 6,
                                                          -7, -3.25, 1, 1.5, 1.5, -8, -5, 1, 0.5, -3};
}

void tst_Occlusion::image()
{
    QFETCH(int, height);
    QFETCH(int, width);
    QFETCH(int, down);
    QFETCH(int, across);
    QFETCH(std::vector<double>, expected);
    const auto size = [](int value) { return static_cast<std::size_t>(value); };
    const Windows windows = gridWindows(4, 5, {size(height), size(width), size(down), size(across)});
    Task task;
    const OcclusionValues result = occlusion(imageGame(), windows, task);
    QCOMPARE(result.values.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY(std::abs(result.values[i] - expected[i]) < 1e-12);
    QCOMPARE(result.windowValues.size(), windows.size());
    QCOMPARE(result.evaluations, std::uint64_t{2 + windows.size()});
}

void tst_Occlusion::singles()
{
    // Two rows, two outputs: [rows, outputs, players], each player's loss with all the others in.
    const test::FunctionGame game(2, 3, 2, [](std::size_t row, std::span<const std::uint8_t> in) {
        const double scale = static_cast<double>(row + 1);
        return std::vector{scale * (1.0 * in[0] + 2.0 * in[1] + 8.0 * (in[0] && in[2])), 5.0 - in[1]};
    });
    Task task;
    const OcclusionValues result = occlusion(game, task);
    QCOMPARE(result.values, (std::vector<double>{9, 2, 8, 0, -1, 0, 18, 4, 16, 0, -1, 0}));
    QCOMPARE(result.values, result.windowValues);
    QCOMPARE(result.base, (std::vector<double>{0, 5, 0, 5}));
    QCOMPARE(result.full, (std::vector<double>{11, 4, 22, 4}));
    QCOMPARE(result.evaluations, std::uint64_t{5});
}

void tst_Occlusion::windows()
{
    // Windows that overlap, one that names a player twice, a player in none.
    const test::FunctionGame game(1, 4, 1, [](std::size_t, std::span<const std::uint8_t> in) {
        return std::vector{1.0 * in[0] + 2.0 * in[1] + 4.0 * in[2] + 8.0 * in[3]};
    });
    Task task;
    const OcclusionValues result = occlusion(game, {{0, 1}, {1, 1, 2}}, task);
    QCOMPARE(result.windowValues, (std::vector<double>{3, 6}));
    QCOMPARE(result.values, (std::vector<double>{3, 4.5, 6, 0}));
}

void tst_Occlusion::playersThatDoNotVary()
{
    // Float32 noise of a window in which nothing varies is not an effect.
    test::FunctionGame game(1, 3, 1, [](std::size_t, std::span<const std::uint8_t> in) {
        return std::vector{1e-7 * in[0] + 3.0 * in[1] + in[2]};
    });
    game.setVaries(0, 0, false);
    Task task;
    const OcclusionValues result = occlusion(game, {{0}, {0, 1}}, task);
    QCOMPARE(result.windowValues[0], 0.0);
    QVERIFY(std::abs(result.windowValues[1] - 3.0) < 1e-6);
}

void tst_Occlusion::grid()
{
    QCOMPARE(gridWindows(2, 2, {}), (Windows{{0}, {1}, {2}, {3}}));
    QCOMPARE(gridWindows(2, 3, {2, 2, 1, 2}), (Windows{{0, 1, 3, 4}, {2, 5}}));
    QCOMPARE(gridWindows(2, 3, {2, 3, 2, 3}), (Windows{{0, 1, 2, 3, 4, 5}}));
}

void tst_Occlusion::gridCovers()
{
    for (std::size_t size : {1, 2, 3, 5}) {
        for (std::size_t stride = 1; stride <= size; ++stride) {
            std::vector<int> covered(7 * 9, 0);
            for (const auto& window : gridWindows(7, 9, {size, size, stride, stride})) {
                QVERIFY(!window.empty() && window.size() <= size * size);
                for (const std::size_t player : window)
                    ++covered[player];
            }
            QVERIFY(*std::min_element(covered.begin(), covered.end()) > 0);
        }
    }
}

void tst_Occlusion::invalid_data()
{
    QTest::addColumn<std::vector<int>>("sizes");
    QTest::newRow("no height") << std::vector{0, 1, 1, 1};
    QTest::newRow("no stride") << std::vector{2, 2, 0, 1};
    QTest::newRow("too wide") << std::vector{1, 6, 1, 1};
    QTest::newRow("gaps") << std::vector{2, 2, 2, 3};
}

void tst_Occlusion::invalid()
{
    QFETCH(std::vector<int>, sizes);
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(sizes[i]); };
    QCOMPARE(test::errorNameOf([&] { gridWindows(4, 5, {at(0), at(1), at(2), at(3)}); }), std::string("OptionInvalid"));
    Task task;
    QCOMPARE(test::errorNameOf([&] { occlusion(imageGame(), {{0}, {}}, task); }), std::string("OptionInvalid"));
    QCOMPARE(test::errorNameOf([&] { occlusion(imageGame(), {{20}}, task); }), std::string("OptionInvalid"));
}

void tst_Occlusion::many()
{
    // More windows than one block of coalitions holds.
    constexpr std::size_t n = 700;
    const test::FunctionGame game(2, n, 1, [](std::size_t row, std::span<const std::uint8_t> in) {
        double value = 0.0;
        for (std::size_t i = 0; i < n; ++i)
            value += in[i] ? static_cast<double>(i * (row + 1)) : 0.0;
        return std::vector{value};
    });
    std::vector<double> fractions;
    Task task([&](const Task::Progress& progress) { fractions.push_back(progress.fraction); });
    const OcclusionValues result = occlusion(game, task);
    for (std::size_t i = 0; i < 2 * n; ++i)
        QCOMPARE(result.values[i], static_cast<double>(i < n ? i : 2 * (i - n)));
    QCOMPARE(fractions.size(), std::size_t{3});
    QCOMPARE(fractions.back(), 1.0);
}

void tst_Occlusion::cancel()
{
    Task task;
    int calls = 0;
    const test::FunctionGame game(1, 600, 1, [&](std::size_t, std::span<const std::uint8_t>) {
        if (++calls == 100)
            task.cancel();
        return std::vector{0.0};
    });
    QVERIFY_EXCEPTION_THROWN(occlusion(game, task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_Occlusion)
#include "tst_occlusion.moc"
