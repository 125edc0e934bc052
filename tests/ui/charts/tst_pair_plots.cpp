// Two explanations side by side. Figures are those of ExplanationExample.h, worked out by hand.
#include "core/explain/Comparison.h"
#include "tests/ui/charts/ExplanationExample.h"
#include "tests/ui/charts/PlotChecks.h"
#include "ui/charts/PairPlots.h"

#include <QLocale>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace limpid;

namespace {

PairSide side(std::shared_ptr<const Explanation> explanation, std::size_t row, const QString& name) { return {std::move(explanation), row, name}; }

/// Another version: without "kind", and "age" does half as much.
std::shared_ptr<Explanation> otherVersion(double error = 0.001)
{
    auto e = test::explanationExample(8, error);
    for (std::size_t row = 0; row < 8; ++row) {
        const std::size_t at = (row * 2 + 1) * 4;
        e->predictions[row * 2 + 1] -= e->values[at] / 2;
        e->values[at] /= 2;
    }
    e->features[2] = "weight";
    return e;
}

/// Pixels of a colour in a column range of the picture.
int pixels(const QImage& image, const QColor& color, int from, int to)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = from; x < to; ++x)
            found += image.pixelColor(x, y) == color;
    return found;
}

} // namespace

class TestPairPlots : public QObject
{
    Q_OBJECT

private slots:
    void rowsTell()
    {
        const auto e = test::explanationExample(8);
        // Row 100: age 0.1 · −3.5, hours 0.05 · −1.5 · −1, kind −0.03: −1.305. Row 107: 0.35, 0.075, 0.03: −0.545.
        const auto plot = makePairedRows(side(e, 0, "row 100"), side(e, 7, "row 107"), "yes");
        QCOMPARE(plot->sentence(), QString("Predicted for “yes”: −1.305 (row 100) and −0.545 (row 107). "
                                           "What differs most is “age”: −0.350 against +0.350."));
        const std::vector<QStringList> table = plot->table();
        QCOMPARE(table.size(), std::size_t(5));
        QCOMPARE(table[0].size(), qsizetype(9));
        QCOMPARE(table[1].mid(0, 2), (QStringList{"age", "20"}));
        QVERIFY(std::abs(QLocale().toDouble(table[1][2]) + 0.35) < 1e-12);
        QCOMPARE(table[1][4], QString("27"));
        QCOMPARE(table[4][0], QString("gap"));
        QCOMPARE(table[4][1], QString());     // missing
        QVERIFY(plot->tooltip(0).contains("difference +0.7"));
        QVERIFY(!plot->tooltip(0).contains("not certain"));
        QVERIFY(plot->tooltip(99).isEmpty() && plot->tooltip(-1).isEmpty());
        // Values are mirrored, so nothing is certain where the errors are as large as they.
        const auto blurred = test::explanationExample(8, 0.5);
        const auto uncertain = makePairedRows(side(blurred, 0, "a"), side(blurred, 7, "b"), "yes");
        QVERIFY2(uncertain->sentence().contains("though not certainly at 95 %"), qPrintable(uncertain->sentence()));
        QVERIFY(uncertain->tooltip(0).contains("not certain"));
        QVERIFY(makePairedRows(side(e, 3, "a"), side(e, 3, "b"), "yes")->sentence().endsWith("No column's value differs."));
    }

    void aRowByTwoVersions()
    {
        const auto plot = makePairedRows(side(test::explanationExample(8), 0, "things@1"), side(otherVersion(), 0, "things@2"), "yes");
        QVERIFY2(plot->sentence().endsWith("What differs most is “age = 20”: −0.350 against −0.175."), qPrintable(plot->sentence()));
        QCOMPARE(plot->table().size(), std::size_t(6)); // the union of the columns
        bool told = false;
        for (int item = 0; item < 5; ++item)
            told = told || plot->tooltip(item).contains("things@2: not there");
        QVERIFY(told);
    }

    void meansTell()
    {
        const auto a = test::explanationExample(8);
        const auto plot = makePairedMeans(side(a, 0, "things@1"), side(otherVersion(), 0, "things@2"), "yes");
        // Mean |age| over rows −3.5 … 3.5: 0.1 · 2.
        QCOMPARE(plot->sentence(), QString("Means over the 8 rows that both explain. What differs most is “age”: 0.200 against 0.100."));
        QCOMPARE(plot->table()[1][0], QString("age"));
        QCOMPARE(plot->table()[0].size(), qsizetype(7));
        auto apart = otherVersion();
        for (std::size_t& row : apart->rows)
            row += 500;
        QVERIFY(makePairedMeans(side(a, 0, "a"), side(apart, 0, "b"), "yes")->sentence().startsWith("They have no row in common: means over 8 rows of “a” and 8 of “b”."));
    }

    void oneScale()
    {
        // The same values on both sides are drawn at the same lengths, whatever the other lines of the panes are.
        const Theme theme(nullptr);
        auto e = test::explanationExample(8, 0.0);
        auto far = test::explanationExample(8, 0.0);
        far->base[1] = -1.0;
        far->values[4 + 1] = 4.0; // hours of the first row
        far->predictions[1] = -1.0 - 0.35 + 4.0 - 0.03;
        const auto plot = makePairedRows(side(e, 0, "a"), side(far, 0, "b"), "yes");
        const QImage image = plotImage(*plot, QSize(900, 260), 1.0, theme);
        // Lowering bars: age −0.35 and kind −0.03 of both.
        const int left = pixels(image, theme.colors().lowers, 0, 450), right = pixels(image, theme.colors().lowers, 450, 900);
        QVERIFY2(left > 100 && std::abs(left - right) <= left / 10, qPrintable(QString("%1 %2").arg(left).arg(right)));
    }

    void painted_data()
    {
        QTest::addColumn<bool>("means");
        QTest::addColumn<bool>("versions");
        QTest::addColumn<bool>("additive");
        for (const bool means : {false, true})
            for (const bool versions : {false, true})
                for (const bool additive : {false, true})
                    QTest::addRow("%s of %s%s", means ? "means" : "rows", versions ? "versions" : "one", additive ? ", additive" : "") << means << versions << additive;
    }

    void painted()
    {
        QFETCH(bool, means);
        QFETCH(bool, versions);
        QFETCH(bool, additive);
        const Theme theme(nullptr);
        auto a = test::explanationExample(8), b = versions ? otherVersion() : test::explanationExample(8);
        a->additive = b->additive = additive;
        const PairSide first = side(a, 0, "a name that is long enough to need an ellipsis somewhere"), second = side(b, 7, "b");
        const auto plot = means ? makePairedMeans(first, second, "yes", 4) : makePairedRows(first, second, "yes", 4);
        for (const int width : {480, 700, 1200}) {
            const QSize size(width, static_cast<int>(plot->preferredHeight(width)));
            QCOMPARE(test::pixelsOutside(*plot, size, theme), 0);
            const std::map<int, QString> items = test::itemsOf(*plot, size, theme);
            QCOMPARE(items.size(), std::size_t(4));
            QVERIFY(std::all_of(items.begin(), items.end(), [](const auto& item) { return !item.second.isEmpty(); }));
        }
    }

    void pictures()
    {
        // Two pictures of 2 × 2 grey pixels: of the first the third pixel does 4, of the second the second does −1.
        const Theme theme(nullptr);
        auto e = std::make_shared<Explanation>();
        e->method = "leverage";
        e->space = "raw";
        e->outputs = {"seven"};
        e->features = {"p0", "p1", "p2", "p3"};
        e->rows = {5, 6};
        e->base = {0.0};
        e->values = {0.0, 0.0, 4.0, 0.0, 0.0, -1.0, 0.0, 0.0};
        e->predictions = {4.0, -1.0};
        e->errors.assign(8, 0.0);
        e->cellNumber = {0, 0, 1, 0, 0, 1, 0, 0};
        e->cellText.assign(8, "0");
        e->image = ImageShape{1, 2, 2};
        const PairSide first = side(e, 0, "row 5"), second = side(e, 1, "row 6");
        QVERIFY(canPairPictures(first, second));
        const auto plot = makePairedPictures(first, second, "seven");
        QCOMPARE(plot->sentence(), QString("Predicted for “seven”: 4 (row 5) and −1 (row 6). Pixels raise it by 4 against 0 and lower it by 0 against 1."));
        QCOMPARE(plot->table().size(), std::size_t(5));
        QCOMPARE(plot->table()[0], (QStringList{"row", "column", "grey, row 5", "seven, row 5", "grey, row 6", "seven, row 6"}));
        QCOMPARE(plot->table()[3], (QStringList{"1", "0", "1", "4", "0", "0"}));
        const QSize size(700, static_cast<int>(plot->preferredHeight(700)));
        QCOMPARE(test::pixelsOutside(*plot, size, theme), 0);
        const std::map<int, QString> items = test::itemsOf(*plot, size, theme);
        QCOMPARE(items.size(), std::size_t(16)); // the image and the values of both
        QVERIFY(items.begin()->second.startsWith("row 5\n") && items.rbegin()->second.startsWith("row 6\n"));
        // One scale: what does −1 is a quarter as strong as what does 4, so it is never drawn in the full colour.
        const QImage image = plotImage(*plot, size, 1.0, theme);
        int strongest = 0;
        for (int y = 0; y < size.height() * 3 / 4; ++y)
            for (int x = 360; x < 700; ++x)
                strongest = std::max(strongest, image.pixelColor(x, y).saturation());
        QVERIFY2(strongest < theme.colors().lowers.saturation() * 3 / 4, qPrintable(QString::number(strongest)));
        auto other = std::make_shared<Explanation>(*e);
        other->image.reset();
        QVERIFY(!canPairPictures(first, side(other, 0, "b")));
        QVERIFY_THROWS_EXCEPTION(Error, makePairedPictures(first, side(other, 0, "b"), "seven"));
    }

    void whatCannotBeComparedThrows()
    {
        const auto a = test::explanationExample(8);
        auto b = otherVersion();
        b->space = "probability";
        QVERIFY_THROWS_EXCEPTION(Error, makePairedRows(side(a, 0, "a"), side(b, 0, "b"), "yes"));
        QVERIFY_THROWS_EXCEPTION(Error, makePairedMeans(side(a, 0, "a"), side(a, 0, "b"), "no such output"));
    }
};

QTEST_MAIN(TestPairPlots)
#include "tst_pair_plots.moc"
