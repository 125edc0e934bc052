#include "core/explain/MaskLime.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <cmath>

using namespace limpid;
using test::FunctionGame;

namespace {

constexpr std::size_t players = 4;
const std::vector<std::uint8_t> members{1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1,
                                        0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1};

FunctionGame gameOf(std::size_t count = players)
{
    return {1, count, 2, [](std::size_t, std::span<const std::uint8_t> m) {
                const double a = m[0], b = m[1], c = m[2], d = m[3];
                return std::vector<double>{1 + 2 * a - b + 0.5 * c * d + 0.25 * a * b * d, 7.0};
            }};
}

void compare(const std::vector<double>& found, const std::vector<double>& expected)
{
    QCOMPARE(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        QVERIFY2(std::abs(found[i] - expected[i]) < 1e-12, qPrintable(QString("%1: %2 and not %3").arg(i).arg(found[i], 0, 'g', 17).arg(expected[i], 0, 'g', 17)));
}

} // namespace

class tst_MaskLime : public QObject
{
    Q_OBJECT

private slots:
    // Expected: scikit-learn 1.9.1's pairwise_distances(metric='cosine') and Ridge(alpha=1).fit(sample_weight=sqrt(exp(-d²/0.25²))) on these masks, as the
    // lime package calls them.
    void asScikitLearn()
    {
        const FunctionGame game = gameOf();
        const Coalitions masks{12, players, members};
        std::vector<double> distances;
        for (std::size_t i = 0; i < masks.count; ++i)
            distances.push_back(maskDistance(static_cast<std::size_t>(std::accumulate(masks.row(i).begin(), masks.row(i).end(), 0)), players));
        const double two = 0.29289321881345254, three = 0.13397459621556135;
        compare(distances, {0, two, three, two, two, two, two, three, 1, three, two, three});
        SurrogateSpec spec;
        spec.width = imageKernelWidth;
        Task task;
        const MaskLime lime = limeOfMasks(game, masks, distances, spec, task);
        QCOMPARE(lime.samples, std::size_t(12));
        compare(lime.prediction, {2.75, 7.0});
        const LocalSurrogate& fit = lime.fits[0];
        compare(fit.coefficients, {1.298756443735511, -0.657082142282085, 0.1578506018919135, 0.2332251137123409});
        compare({fit.intercept, fit.determination, fit.prediction}, {1.2561068376727889, 0.8531606524267358, 2.2888568547304695});
        QCOMPARE(fit.errors.size(), players);
        // An output that nothing changes.
        compare(lime.fits[1].coefficients, {0, 0, 0, 0});
        QCOMPARE(lime.fits[1].determination, 1.0);
    }

    // Of the same masks without the last player's column.
    void whoDoesNotVaryIsLeftOut()
    {
        FunctionGame game = gameOf();
        game.setVaries(0, 3, false);
        const Coalitions masks{12, players, members};
        const double two = 0.29289321881345254, three = 0.13397459621556135;
        SurrogateSpec spec;
        spec.width = imageKernelWidth;
        Task task;
        const LocalSurrogate fit = limeOfMasks(game, masks, {0, two, three, two, two, two, two, three, 1, three, two, three}, spec, task).fits[0];
        QCOMPARE(fit.players, (std::vector<std::size_t>{0, 1, 2}));
        compare(fit.coefficients, {1.2711563626577111, -0.6846822233598847, 0.13025052081411356});
        compare({fit.determination}, {0.8289438541364015});
        for (std::size_t player = 0; player < 3; ++player)
            game.setVaries(0, player, false);
        QVERIFY(limeOfMasks(game, masks, std::vector<double>(12, 0.0), spec, task).fits[0].players.empty());
    }

    void picturesAreSampledByCoins()
    {
        std::vector<int> there(players, 0);
        std::size_t seen = 0;
        bool firstIsWhole = false;
        const FunctionGame game(1, players, 1, [&](std::size_t, std::span<const std::uint8_t> m) {
            if (seen++ == 0)
                firstIsWhole = std::all_of(m.begin(), m.end(), [](auto it) { return it == 1; });
            for (std::size_t i = 0; i < players; ++i)
                there[i] += m[i];
            return std::vector<double>{0.0};
        });
        Task task;
        limeOfPicture(game, {10'000}, 0, task);
        QCOMPARE(seen, std::size_t(10'000));
        QVERIFY(firstIsWhole);
        for (const int count : there) // a fair coin is off by more than four deviations, 200, once in 16,000
            QVERIFY2(std::abs(count - 5000) < 200, qPrintable(QString::number(count)));
        seen = 0;
        limeOfPicture(game, {}, 0, task);
        QCOMPARE(seen, std::size_t(1000)); // the lime package's number
    }

    // A sum of what superpixels are worth: LIME finds each, less what the ridge of 1 takes of it, within its own errors.
    void findsWhatASumIsMadeOf()
    {
        const std::vector<double> worth{3, -2, 0.5, 0, 1, -0.25, 2, 0, 0, -1};
        const FunctionGame game(1, worth.size(), 1, [&](std::size_t, std::span<const std::uint8_t> m) {
            double sum = 5.0;
            for (std::size_t i = 0; i < worth.size(); ++i)
                sum += m[i] ? worth[i] : 0.0;
            return std::vector<double>{sum};
        });
        Task task;
        const LocalSurrogate fit = limeOfPicture(game, {}, 3, task).fits[0];
        QCOMPARE(fit.players.size(), worth.size());
        for (std::size_t i = 0; i < worth.size(); ++i)
            QVERIFY2(std::abs(fit.coefficients[i] - worth[i]) < 0.03 * (0.5 + std::abs(worth[i])), qPrintable(QString::number(fit.coefficients[i])));
        QVERIFY(fit.determination > 0.999);
        // The three largest alone.
        ImageLimeSpec few;
        few.features = 3;
        QCOMPARE(limeOfPicture(game, few, 3, task).fits[0].players, (std::vector<std::size_t>{0, 1, 6}));
        // By seed and picture.
        QCOMPARE(limeOfPicture(game, {}, 3, task).fits[0].coefficients, fit.coefficients);
        QVERIFY(limeOfPicture(game, {}, 4, task).fits[0].coefficients != fit.coefficients);
        QVERIFY(limeOfPicture(game, {0, 0, 2}, 3, task).fits[0].coefficients != fit.coefficients);
    }

    // 95 % intervals against the mean of many draws: the share that holds it.
    void errorsAreRight()
    {
        const FunctionGame game = test::networkGame(1, 8, 1, 11);
        Task task;
        constexpr std::uint64_t draws = 200;
        std::vector<std::vector<double>> values(8), errors(8);
        for (std::uint64_t seed = 0; seed < draws; ++seed) {
            const LocalSurrogate fit = limeOfPicture(game, {400, 0, seed}, 0, task).fits[0];
            for (std::size_t i = 0; i < 8; ++i) {
                values[i].push_back(fit.coefficients[i]);
                errors[i].push_back(fit.errors[i]);
            }
        }
        double held = 0.0;
        for (std::size_t i = 0; i < 8; ++i) {
            const double mean = std::accumulate(values[i].begin(), values[i].end(), 0.0) / draws;
            for (std::size_t k = 0; k < draws; ++k)
                held += std::abs(values[i][k] - mean) < 1.96 * errors[i][k] ? 1.0 : 0.0;
        }
        held /= 8.0 * draws;
        QVERIFY2(held > 0.92 && held < 0.98, qPrintable(QString::number(held)));
    }

    void refuses()
    {
        const FunctionGame game = gameOf();
        Task task;
        QCOMPARE(test::errorNameOf([&] { limeOfPicture(game, {49}, 0, task); }), std::string("OptionInvalid"));
        QCOMPARE(test::errorNameOf([&] { limeOfPicture(game, {std::size_t{1} << 24}, 0, task); }), std::string("OptionInvalid"));
        task.cancel();
        QVERIFY_EXCEPTION_THROWN(limeOfPicture(game, {}, 0, task), Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_MaskLime)
#include "tst_masklime.moc"
