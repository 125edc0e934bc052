#include "tests/support/TestSupport.h"
#include "tests/ui/charts/ExplanationExample.h"
#include "tests/ui/charts/PlotChecks.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/RowMarks.h"

#include <QApplication>
#include <QRegularExpression>
#include <QSvgRenderer>

#include <cmath>
#include <numeric>
#include <set>

using namespace limpid;
using Rows = std::vector<std::size_t>;

namespace {

ExplanationPlotChoice choice(const Explanation& e)
{
    ExplanationPlotChoice chosen;
    chosen.output = 1;
    chosen.row = 3 % std::max<std::size_t>(1, e.rowCount());
    Cohort first{"first half", {}}, second{"second half", {}};
    for (std::size_t row = 0; row < e.rowCount(); ++row)
        (row < e.rowCount() / 2 ? first : second).rows.push_back(row);
    chosen.cohorts = {first, second};
    return chosen;
}

std::unique_ptr<Plot> make(std::string_view id, int rows = 40, RowOrder order = RowOrder::Similarity)
{
    const auto e = test::explanationExample(rows);
    if (explanationPlot(id)->needsPicture)
        e->image = ImageShape{1, 2, 2};
    ExplanationPlotChoice chosen = choice(*e);
    chosen.order = order;
    return makeExplanationPlot(*explanationPlot(id), e, chosen);
}

} // namespace

class TestExplanationPlots : public QObject
{
    Q_OBJECT
private slots:
    /// However short the name of the column is whose values give the colours.
    void coloursHaveTheirKey()
    {
        Theme theme(nullptr);
        auto e = std::make_shared<Explanation>(*test::explanationExample(40));
        e->features[2] = "x";
        const QByteArray svg = plotSvg(*makeDependence(e, 1, 0, 2), {600, 400}, theme);
        for (const char* text : {">x<", ">low<", ">high<"})
            QVERIFY2(svg.contains(text), text);
    }

    // What shows one row shows its superpixels: "age" and "hours" are one, "kind" and "gap" the other.
    void superpixelsAreColumns()
    {
        const auto e = test::explanationExample(6);
        e->image = ImageShape{1, 2, 2};
        for (int row = 0; row < 6; ++row)
            e->segments.insert(e->segments.end(), {0, 0, 1, 1});
        ExplanationPlotChoice chosen;
        chosen.output = 1;
        chosen.row = 3;
        for (const char* id : {"waterfall", "force", "row-bar"}) {
            const auto plot = makeExplanationPlot(*explanationPlot(id), e, chosen);
            QStringList names;
            for (const QStringList& line : plot->table())
                names << line.filter("superpixel").value(0);
            names.removeAll(QString());
            names.sort();
            QVERIFY2(names.size() == 2 && names[0].startsWith("superpixel 0") && names[1].startsWith("superpixel 1"), qPrintable(names.join('|')));
        }
        const auto picture = makeExplanationPlot(*explanationPlot("picture"), e, chosen);
        // 0.1 · 0.5 + 0.05 · 1.5 · −1 of row 3: its superpixel's value, and not its share.
        const std::vector<QStringList> table = picture->table();
        QCOMPARE(table[0], (QStringList{"row", "column", "grey", "superpixel", "yes"}));
        QVERIFY(std::abs(table[1][4].toDouble() + 0.025) < 1e-9 && table[1][4] == table[2][4]);
        QVERIFY(std::abs(table[3][4].toDouble() + 0.03) < 1e-9 && table[3][4] == table[4][4]);
        // What shows all rows shows pixels.
        QVERIFY(makeExplanationPlot(*explanationPlot("bar"), e, chosen)->table().size() == 5);
    }

    void paints_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QSize>("size");
        for (const ExplanationPlotKind& kind : explanationPlots())
            for (const bool dark : {false, true})
                for (const QSize size : {QSize(840, 600), QSize(320, 240), QSize(60, 40)})
                    QTest::addRow("%s %s %d", kind.id, dark ? "dark" : "light", size.width()) << QString(kind.id) << dark << size;
    }
    void paints()
    {
        QFETCH(QString, id);
        QFETCH(bool, dark);
        QFETCH(QSize, size);
        Theme theme(nullptr);
        theme.setMode(dark ? Theme::Mode::Dark : Theme::Mode::Light);
        const auto plot = make(id.toStdString());
        const QImage image = plotImage(*plot, size, 1.0, theme);
        QImage empty(image);
        empty.fill(theme.colors().card);
        if (size.width() >= 320) // in less there may be no room for any mark; it must not fail
            QVERIFY(image != empty);
        // Made and painted anew: the same bytes.
        QCOMPARE(plotImage(*make(id.toStdString()), size, 1.0, theme), image);
        if (size.width() >= 320)
            QCOMPARE(test::pixelsOutside(*plot, size, theme), 0);
        QVERIFY(!plot->sentence().isEmpty() && !plot->sentence().contains(QRegularExpression("%[0-9n]")));
        QVERIFY(plot->preferredHeight(size.width()) > 0.0);
        const std::vector<QStringList> table = plot->table();
        QVERIFY(table.size() > 1);
        for (const QStringList& line : table)
            QCOMPARE(line.size(), table.front().size());
    }

    /// Where one points there is something to be told, and its outline and row fit.
    void finds_data()
    {
        QTest::addColumn<QString>("id");
        for (const ExplanationPlotKind& kind : explanationPlots())
            QTest::newRow(kind.id) << QString(kind.id);
    }
    void finds()
    {
        QFETCH(QString, id);
        Theme theme(nullptr);
        const auto plot = make(id.toStdString());
        const QSize size(700, 420);
        const QRectF area(QPointF(), size);
        const auto items = test::itemsOf(*plot, size, theme);
        QVERIFY(!items.empty());
        std::set<int> rows;
        for (const auto& [item, text] : items) {
            QVERIFY2(!text.isEmpty(), qPrintable(QString::number(item)));
            if (const int row = plot->rowOf(item); row >= 0) {
                rows.insert(row);
                QVERIFY(area.adjusted(-4, -4, 4, 4).contains(plot->itemPlace(item, area)));
            }
        }
        if (plot->selectableRows() == 0)
            return;
        QCOMPARE(plot->selectableRows(), std::size_t(40));
        // A band around everything holds every row; one outside none; marks of the selected differ from none selected.
        Rows all(40);
        std::iota(all.begin(), all.end(), std::size_t(0));
        QCOMPARE(plot->rowsIn(area, area), all);
        QVERIFY(plot->rowsIn(QRectF(-90, -90, 20, 20), area).empty());
        QImage some(size, QImage::Format_ARGB32_Premultiplied), others(some);
        for (QImage* image : {&some, &others}) {
            image->fill(theme.colors().card);
            QPainter painter(image);
            std::vector<bool> selected(40, false);
            selected[image == &some ? 2 : 30] = true;
            plot->paint(painter, area, theme);
            plot->paintSelection(painter, area, theme, selected);
        }
        QVERIFY(some != others);
        if (rows.empty())
            return; // items are columns
        QCOMPARE(rows.size(), std::size_t(40));
        // Keys reach every row from the first on.
        std::set<int> walked;
        int item = plot->itemAfter(-1, Qt::Key_Right);
        for (int step = 0; step < 40; ++step, item = plot->itemAfter(item, Qt::Key_Right))
            walked.insert(plot->rowOf(item));
        QCOMPARE(walked.size(), std::size_t(40));
    }

    void registryAnswers()
    {
        std::set<std::string> ids;
        for (const ExplanationPlotKind& kind : explanationPlots()) {
            QVERIFY(ids.insert(kind.id).second);
            QCOMPARE(explanationPlot(kind.id), &kind);
            QVERIFY(!explanationPlotName(kind).isEmpty());
        }
        QVERIFY(!explanationPlot("pie"));
        auto slopes = test::explanationExample(10);
        slopes->additive = false;
        for (const ExplanationPlotKind& kind : explanationPlots()) {
            const bool fits = !kind.needsAdditive && !kind.needsPicture;
            QCOMPARE(canPlot(kind, *slopes), fits);
            if (!fits)
                QCOMPARE(test::errorNameOf([&] { makeExplanationPlot(kind, slopes, choice(*slopes)); }), std::string("OptionInvalid"));
            else
                QVERIFY(!makeExplanationPlot(kind, slopes, choice(*slopes))->sentence().isEmpty());
        }
    }

    void registryRefusesWhatIsNotThere()
    {
        const auto e = test::explanationExample(10);
        const auto refused = [&](std::string_view id, auto change) {
            ExplanationPlotChoice chosen = choice(*e);
            change(chosen);
            return test::errorNameOf([&] { makeExplanationPlot(*explanationPlot(id), e, chosen); });
        };
        const std::string invalid = "OptionInvalid";
        QCOMPARE(refused("bar", [](auto& c) { c.output = 2; }), invalid);
        QCOMPARE(refused("force", [](auto& c) { c.row = 10; }), invalid);
        QCOMPARE(refused("dependence", [](auto& c) { c.feature = 4; }), invalid);
        QCOMPARE(refused("cohorts", [](auto& c) { c.cohorts.clear(); }), invalid);
        QCOMPARE(refused("cohorts", [](auto& c) { c.cohorts[0].rows.push_back(10); }), invalid);
        auto none = std::make_shared<Explanation>();
        none->outputs = {"y"};
        none->features = {"a"};
        QVERIFY(!canPlot(*explanationPlot("beeswarm"), *none));
    }

    void saysWhatIsNotResolved_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"violin", "heatmap", "decision", "cohorts", "force"})
            QTest::newRow(id) << QString(id);
    }
    void saysWhatIsNotResolved()
    {
        QFETCH(QString, id);
        // With an error of 10 no place is certain: a line more says so, and the picture marks them.
        const auto sure = test::explanationExample(12, 0.0), vague = test::explanationExample(12, 10.0);
        const auto one = makeExplanationPlot(*explanationPlot(id.toStdString()), sure, choice(*sure));
        const auto two = makeExplanationPlot(*explanationPlot(id.toStdString()), vague, choice(*vague));
        QVERIFY(two->preferredHeight(600) > one->preferredHeight(600));
    }

    void decisionEndsAtThePredictions()
    {
        const auto e = test::explanationExample(9);
        for (const int most : {2, 15}) {
            const std::vector<QStringList> lines = makeDecision(e, 1, most)->table();
            QCOMPARE(lines.front().size(), most == 2 ? 2 + 3 : 2 + 4); // row, average; two others in one
            for (std::size_t row = 0; row < 9; ++row) {
                QCOMPARE(lines[row + 1].value(1).toDouble(), -1.0);
                QVERIFY(std::abs(lines[row + 1].last().toDouble() - plot::prediction(*e, row, 1)) < 1e-12);
            }
        }
    }

    void decisionDrawsSoManyRowsAndSaysSo()
    {
        const auto e = test::explanationExample(60);
        const auto few = makeDecision(e, 1, 15, 20), all = makeDecision(e, 1, 15, 60);
        QCOMPARE(few->rowsIn(QRectF(0, 0, 700, 400), QRectF(0, 0, 700, 400)).size(), std::size_t(20));
        QCOMPARE(all->rowsIn(QRectF(0, 0, 700, 400), QRectF(0, 0, 700, 400)).size(), std::size_t(60));
        QVERIFY(few->preferredHeight(700) > all->preferredHeight(700));
    }

    void forcesMeetAtThePrediction()
    {
        // Row 7: the rest, "hours" +0.075 and "kind" +0.03, is one segment. Row 8: +0.075 and −0.03, each by its own name.
        const auto e = test::explanationExample(9);
        for (const std::size_t row : {std::size_t(7), std::size_t(8)}) {
            const std::vector<QStringList> lines = makeForce(e, 1, row, 1)->table();
            QCOMPARE(lines.size(), std::size_t(row == 7 ? 5 : 6));
            double sum = 0.0;
            for (std::size_t i = 1; i + 1 < lines.size(); ++i)
                sum += lines[i].value(2).toDouble();
            QVERIFY(std::abs(sum - lines.back().value(2).toDouble()) < 1e-12);
            QCOMPARE(lines[2].value(0), QString("age"));
            QVERIFY(row == 7 ? lines[3].value(0).contains("others") : lines[3].value(0) == "hours" && lines[4].value(0) == "kind");
        }
    }

    void cohortsAreMeansWithTheirIntervals()
    {
        // |0.1·x| of rows 0 … 3 of 8 (x = −3.5 … −0.5): mean 0.2, deviation 0.129099; 1.96·√(0.0645497² + 0.001²) by hand.
        const std::vector<QStringList> lines = make("cohorts", 8)->table();
        QCOMPARE(lines[1].value(0), QString("age"));
        QVERIFY(std::abs(lines[1].value(1).toDouble() - 0.2) < 1e-12);
        QVERIFY2(std::abs(lines[1].value(2).toDouble() - 0.12653259) < 1e-7, qPrintable(lines[1].value(2)));
    }

    void colourIsOfWhatInteracts()
    {
        // By construction "hours" does more or less as "kind" is one or the other; nothing else bears on it.
        const auto e = test::explanationExample(400);
        QCOMPARE(plot::strongestInteraction(*e, 1, 1), 2);
        const QString sentence = makeDependence(e, 1, 1)->sentence();
        QVERIFY2(sentence.contains("“kind”"), qPrintable(sentence));
        auto alone = test::explanationExample(40);
        std::fill(alone->values.begin(), alone->values.end(), 0.0);
        QCOMPARE(plot::strongestInteraction(*alone, 1, 0), -1);
    }

    void likeRowsStandBesideEachOther()
    {
        // Two kinds of rows that take turns, far apart: in order of likeness each kind stands together, the lower first.
        auto e = test::explanationExample(20);
        for (std::size_t row = 0; row < 20; ++row)
            for (std::size_t feature = 0; feature < 4; ++feature)
                e->values[(row * 2 + 1) * 4 + feature] = (row % 2 ? 5.0 : -5.0) + 0.01 * static_cast<double>(row + feature);
        const Rows order = plot::orderBySimilarity(*e, 1);
        QCOMPARE(order.size(), std::size_t(20));
        QCOMPARE(std::set<std::size_t>(order.begin(), order.end()).size(), std::size_t(20));
        for (std::size_t i = 0; i < 20; ++i)
            QCOMPARE(order[i] % 2, i < 10 ? std::size_t(0) : std::size_t(1));
        // More rows than are clustered: each is there once.
        const Rows many = plot::orderBySimilarity(*test::explanationExample(5003), 1);
        QCOMPARE(std::set<std::size_t>(many.begin(), many.end()).size(), std::size_t(5003));
        QCOMPARE(plot::orderByPrediction(*test::explanationExample(5), 0), (Rows{0, 1, 2, 3, 4})); // ties by place
    }

    void quantilesAreNumpys()
    {
        std::vector<double> values{7, 1, 3, 10}; // numpy.quantile([7, 1, 3, 10], q)
        QCOMPARE(plot::quantile(values, 0.0), 1.0);
        QCOMPARE(plot::quantile(values, 0.25), 2.5);
        QCOMPARE(plot::quantile(values, 0.5), 5.0);
        QCOMPARE(plot::quantile(values, 0.95), 9.55);
        QCOMPARE(plot::quantile(values, 1.0), 10.0);
    }

    void densityIsTheKernels()
    {
        // Two points at 0 and 1 on the places 0 and 50 of −… : deviation √½, width √½·2^(−1/5); the formula in full.
        const std::vector<double> values{0.0, 1.0};
        const std::vector<double> density = plot::kernelDensity(values, values, -1.0, 2.0, 151);
        const double width = std::sqrt(0.5) * std::pow(2.0, -0.2);
        const auto exact = [&](double x) { return std::exp(-0.5 * std::pow(x / width, 2)) + std::exp(-0.5 * std::pow((x - 1) / width, 2)); };
        double most = 0.0;
        for (int i = 0; i <= 150; ++i)
            most = std::max(most, exact(-1.0 + 0.02 * i));
        for (const int i : {0, 30, 50, 75, 100, 140})
            QVERIFY(std::abs(density[static_cast<std::size_t>(i)] - exact(-1.0 + 0.02 * i) / most) < 1e-5);
        const std::vector<double> part = plot::kernelDensity({0.0}, values, -1.0, 2.0, 151);
        for (std::size_t i = 0; i < part.size(); ++i)
            QVERIFY(part[i] <= density[i]);
    }

    void vectorPicturesAreShapesOrOneImage()
    {
        QTemporaryDir dir;
        Theme theme(nullptr);
        for (const int rows : {40, 20'000}) {
            const QString path = dir.filePath(QString("%1.svg").arg(rows));
            savePlot(*makeBeeswarm(test::explanationExample(rows), 1), path, QSize(600, 400), theme);
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            QVERIFY(QSvgRenderer(bytes).isValid());
            QCOMPARE(bytes.contains("<image"), rows == 20'000);
            QVERIFY(bytes.size() < 4'000'000);
        }
    }
};

QTEST_MAIN(TestExplanationPlots)
#include "tst_explanation_plots.moc"
