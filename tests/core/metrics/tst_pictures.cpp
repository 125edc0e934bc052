#include "core/base/Random.h"
#include "core/metrics/ValidationPicture.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

// Expected curves from scikit-learn, histograms from numpy: tests/fixtures/pictures.json (its versions stand in the file),
// made by make_pictures.py beside it.

using namespace limpid;

namespace {

const nlohmann::json& fixture()
{
    static const nlohmann::json read = [] {
        std::ifstream file(test::project("tests/fixtures/pictures.json"));
        return nlohmann::json::parse(file);
    }();
    return read;
}

void addCases(const char* part)
{
    QTest::addColumn<int>("at");
    const nlohmann::json& cases = fixture().at(part);
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(cases[i].at("name").get<std::string>().c_str()) << static_cast<int>(i);
}

std::vector<double> numbers(const nlohmann::json& values) { return values.get<std::vector<double>>(); }

std::vector<ScoredRow> rowsOf(const nlohmann::json& one)
{
    return scoredRows(one.at("labels").get<std::vector<int>>(), numbers(one.at("scores")));
}

bool near(double a, double b, double by = 1e-12) { return std::abs(a - b) <= by; }

double distance(const PicturePoint& point, const PicturePoint& from, const PicturePoint& to)
{
    const double dx = double(to.x) - from.x, dy = double(to.y) - from.y, length = dx * dx + dy * dy;
    const double x = double(point.x) - from.x, y = double(point.y) - from.y;
    const double share = length > 0.0 ? std::clamp((x * dx + y * dy) / length, 0.0, 1.0) : 0.0;
    return std::hypot(x - share * dx, y - share * dy);
}

/// How far the whole curve strays from the thin one, whose points must be some of its own, in their order.
double farthest(const std::vector<PicturePoint>& whole, const std::vector<PicturePoint>& thin)
{
    double most = 0.0;
    std::size_t segment = 0;
    for (const PicturePoint& point : whole) {
        if (segment + 1 < thin.size() && point == thin[segment + 1])
            ++segment;
        double least = distance(point, thin[segment], thin[std::min(segment + 1, thin.size() - 1)]);
        if (segment > 0) // a point that occurs twice may belong to either side
            least = std::min(least, distance(point, thin[segment - 1], thin[segment]));
        most = std::max(most, least);
    }
    return segment + 1 == thin.size() ? most : 1e9;
}

/// Scores of two overlapping classes, `share` of them positive.
std::vector<ScoredRow> drawn(std::size_t rows, double share, double apart, std::uint64_t seed)
{
    Random random(seed, "scores");
    std::vector<ScoredRow> made;
    for (std::size_t i = 0; i < rows; ++i) {
        const bool positive = random.uniform() < share;
        made.push_back({1.0 / (1.0 + std::exp(-(random.normal() + (positive ? apart : 0.0)))), positive});
    }
    return made;
}

} // namespace

class tst_Pictures : public QObject
{
    Q_OBJECT
private slots:
    void areas_data() { addCases("rankings"); }
    void areas()
    {
        QFETCH(int, at);
        const nlohmann::json& one = fixture().at("rankings").at(static_cast<std::size_t>(at));
        const Ranking ranking(rowsOf(one));
        QVERIFY(ranking.isDefined());
        QVERIFY2(near(ranking.rocAuc(), one.at("roc_auc")), qPrintable(QString::number(ranking.rocAuc(), 'g', 17)));
        QVERIFY2(near(ranking.averagePrecision(), one.at("average_precision")), qPrintable(QString::number(ranking.averagePrecision(), 'g', 17)));
    }

    void curves_data() { addCases("rankings"); }
    void curves()
    {
        QFETCH(int, at);
        const nlohmann::json& one = fixture().at("rankings").at(static_cast<std::size_t>(at));
        const Ranking ranking(rowsOf(one));
        const std::vector<double> fpr = numbers(one.at("fpr")), tpr = numbers(one.at("tpr"));
        const std::vector<PicturePoint> roc = ranking.roc();
        QCOMPARE(roc.size(), fpr.size());
        for (std::size_t i = 0; i < roc.size(); ++i)
            QVERIFY(near(roc[i].x, fpr[i], 1e-7) && near(roc[i].y, tpr[i], 1e-7));

        // Every point of scikit-learn's is there; between them stand those inside a tie.
        const std::vector<double> recall = numbers(one.at("recall")), precision = numbers(one.at("precision"));
        const std::vector<PicturePoint> curve = ranking.precisionRecall();
        std::size_t found = 0;
        for (const PicturePoint& point : curve)
            if (found < recall.size() && near(point.x, recall[found], 1e-7) && near(point.y, precision[found], 1e-7))
                ++found;
        // Where scikit-learn leaves out what comes after full recall, so far.
        QCOMPARE(found, recall.size());
        QCOMPARE(curve.front().x, 0.0f);
        QVERIFY(std::is_sorted(curve.begin(), curve.end(), [](const PicturePoint& a, const PicturePoint& b) { return a.x < b.x; }));
    }

    void calibration_data() { addCases("rankings"); }
    void calibration()
    {
        QFETCH(int, at);
        const nlohmann::json& one = fixture().at("rankings").at(static_cast<std::size_t>(at));
        const std::vector<double> observed = numbers(one.at("observed")), predicted = numbers(one.at("predicted"));
        const auto counts = one.at("counts").get<std::vector<std::int64_t>>();
        const std::vector<ReliabilityBin> bins = reliability(rowsOf(one));
        QCOMPARE(bins.size(), observed.size());
        for (std::size_t i = 0; i < bins.size(); ++i) {
            QVERIFY(near(bins[i].observed, observed[i]) && near(bins[i].predicted, predicted[i]));
            QCOMPARE(bins[i].rows, counts[i]);
        }
    }

    /// Davis & Goadrich 2006, table 1: 20 positives among 2020 rows, from (5 true, 5 false positives) to (10, 30).
    void interpolatesInsideATie()
    {
        std::vector<ScoredRow> rows;
        const auto add = [&rows](double score, int positives, int negatives) {
            for (int i = 0; i < positives + negatives; ++i)
                rows.push_back({score, i < positives});
        };
        add(0.9, 5, 5);
        add(0.5, 5, 25);
        add(0.1, 10, 1970);
        const std::vector<PicturePoint> curve = Ranking(rows).precisionRecall();
        const std::vector<std::pair<double, double>> expected{{0.25, 0.5}, {0.3, 0.375}, {0.35, 0.318}, {0.4, 0.286}, {0.45, 0.265}, {0.5, 0.25}};
        QCOMPARE(curve.at(0), (PicturePoint{0.0f, 0.5f}));
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(near(curve.at(i + 1).x, expected[i].first, 1e-6) && near(curve.at(i + 1).y, expected[i].second, 5e-4));
    }

    void thins_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<double>("share");
        QTest::addColumn<double>("apart");
        QTest::addColumn<double>("worst");
        QTest::newRow("few") << 60 << 0.5 << 1.0 << 0.0005;
        QTest::newRow("middling") << 2'000 << 0.4 << 1.5 << 0.004;
        QTest::newRow("no better than chance") << 3'000 << 0.5 << 0.0 << 0.004;
        QTest::newRow("many") << 50'000 << 0.2 << 2.0 << 0.001;
        QTest::newRow("rare") << 30'000 << 0.01 << 2.5 << 0.008;
        QTest::newRow("nearly perfect") << 10'000 << 0.5 << 6.0 << 0.0005;
    }
    void thins()
    {
        QFETCH(int, rows);
        QFETCH(double, share);
        QFETCH(double, apart);
        QFETCH(double, worst);
        const Ranking ranking(drawn(static_cast<std::size_t>(rows), share, apart, 3));
        for (const auto& [whole, name, most] : {std::tuple(ranking.roc(), "ROC", 0.002), std::tuple(ranking.precisionRecall(), "PR", worst)}) {
            const ThinCurve thin = thinned(whole, ValidationPicture::curvePoints, ValidationPicture::tolerance);
            const double away = farthest(whole, thin.points);
            QVERIFY2(thin.points.size() <= ValidationPicture::curvePoints, name);
            QVERIFY(thin.points.front() == whole.front() && thin.points.back() == whole.back());
            QVERIFY2(away <= thin.tolerance + 1e-6, qPrintable(QString("%1 %2 %3").arg(name).arg(away).arg(thin.tolerance)));
            QVERIFY2(thin.tolerance <= most, qPrintable(QString("%1 %2 points, tolerance %3").arg(name).arg(thin.points.size()).arg(thin.tolerance)));
        }
    }

    void undefined()
    {
        const double nan = std::nan("");
        for (const std::vector<ScoredRow>& rows : {std::vector<ScoredRow>{}, {{0.2, true}, {0.3, true}}, {{nan, true}, {0.3, false}}}) {
            const Ranking ranking(rows);
            QVERIFY(!ranking.isDefined() && std::isnan(ranking.rocAuc()) && std::isnan(ranking.averagePrecision()));
            QVERIFY(ranking.roc().empty() && ranking.precisionRecall().empty());
        }
        QVERIFY(std::isnan(calibrationError({})));
        QVERIFY(reliability({}).empty());
        QVERIFY(residualPicture("y", {}, {}).counts.empty());
        QCOMPARE(thinned({}, 10, 0.1).points.size(), std::size_t(0));
    }

    /// By hand: 3 rows off by 0.2, 1 row off by 0.6.
    void calibrationError_()
    {
        const std::vector<ReliabilityBin> bins{{0.3, 0.5, 3}, {0.8, 0.2, 1}};
        QVERIFY(near(calibrationError(bins), (3 * 0.2 + 0.6) / 4));
    }

    void residuals_data() { addCases("residuals"); }
    void residuals()
    {
        QFETCH(int, at);
        const nlohmann::json& one = fixture().at("residuals").at(static_cast<std::size_t>(at));
        const std::vector<double> truth = numbers(one.at("truth")), predicted = numbers(one.at("predicted"));
        const ResidualPicture picture = residualPicture("price", truth, predicted);
        QCOMPARE(picture.counts, one.at("counts").get<std::vector<std::int64_t>>());
        QVERIFY(near(picture.low, one.at("low"), 1e-9) && near(picture.high, one.at("high"), 1e-9));
        QVERIFY(near(picture.mean, one.at("mean"), 1e-9) && near(picture.deviation, one.at("deviation"), 1e-9));
        QCOMPARE(picture.points.size(), truth.size());
        QCOMPARE(picture.points.back(), (PicturePoint{static_cast<float>(truth.back()), static_cast<float>(predicted.back())}));
    }

    void samples()
    {
        QCOMPARE(sampledRows(3, 5), (std::vector<std::size_t>{0, 1, 2}));
        const std::vector<std::size_t> sample = sampledRows(1'000'003, 1000);
        QCOMPARE(sample.size(), std::size_t(1000));
        QCOMPARE(sample, sampledRows(1'000'003, 1000)); // the same ones each time
        for (std::size_t i = 0; i < sample.size(); ++i)
            QVERIFY(sample[i] >= i * 1'000'003 / 1000 && sample[i] < (i + 1) * 1'000'003 / 1000);
    }

    void picturesOfClasses()
    {
        const ClassPicture picture = classPicture("yes", drawn(5'000, 0.3, 1.0, 9));
        QCOMPARE(picture.rows, std::int64_t(5'000));
        QVERIFY(picture.positives > 1'300 && picture.positives < 1'700);
        QCOMPARE(picture.roc.points.back(), (PicturePoint{1.0f, 1.0f}));
        QVERIFY(picture.rocAuc > 0.7 && picture.rocAuc < 0.8); // Φ(1/√2) = 0.760
        std::int64_t rows = 0;
        for (const ReliabilityBin& bin : picture.calibration)
            rows += bin.rows;
        QCOMPARE(rows, picture.rows);
    }
};

QTEST_GUILESS_MAIN(tst_Pictures)
#include "tst_pictures.moc"
