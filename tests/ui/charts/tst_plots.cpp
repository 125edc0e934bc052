#include "tests/support/TestSupport.h"
#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"

#include <QApplication>
#include <QBuffer>
#include <QPainter>
#include <QSvgRenderer>

#include <cmath>
#include <limits>
#include <set>

using namespace limpid;

namespace {

/// Three columns, of which the first matters most, the second has a gap every fifth row and the third is a category.
/// Everything follows from literal formulas, so the expected figures can be worked out by hand.
std::shared_ptr<const Explanation> example(int rows, const std::string& space = "raw")
{
    auto e = std::make_shared<Explanation>();
    e->method = "leverage";
    e->space = space;
    e->outputs = {"yes"};
    e->features = {"age", "hours", "kind of work that has quite a long name in this table"};
    e->base = {-1.0};
    for (int i = 0; i < rows; ++i) {
        e->rows.push_back(static_cast<std::size_t>(100 + i));
        const double x = i - (rows - 1) / 2.0;
        const double values[] = {0.1 * x, 0.02 * (i % 5 - 2), i % 2 ? 0.03 : -0.03};
        double sum = -1.0;
        for (double value : values) {
            e->values.push_back(value);
            e->errors.push_back(0.001);
            sum += value;
        }
        e->predictions.push_back(sum);
        e->cellNumber.insert(e->cellNumber.end(), {20.0 + i, i % 5 ? double(i % 5) : std::numeric_limits<double>::quiet_NaN(), double(i % 2)});
        e->cellText.insert(e->cellText.end(), {std::to_string(20 + i), i % 5 ? std::to_string(i % 5) : "", i % 2 ? "office" : "outdoors"});
    }
    e->evaluations = 8;
    e->backgroundRows = 10;
    return e;
}

std::unique_ptr<Plot> make(const QString& kind, int rows = 40)
{
    if (kind == "beeswarm")
        return makeBeeswarm(example(rows), 0);
    if (kind == "bar")
        return makeImportanceBar(example(rows), 0);
    if (kind == "waterfall")
        return makeWaterfall(example(rows), 0, 0);
    return makeCurves({{"raw", {{0, 3}, {1, 1}, {2, 2}}, true}, {"train", {{0, 3}, {1, 2}, {2, 1.5}}, false}, {"validation", {{2, 1.6}}, false}},
                      "epoch", "loss");
}

} // namespace

class TestPlots : public QObject
{
    Q_OBJECT
private slots:
    void errorsSetTheDigits()
    {
        using plot::withError;
        QCOMPARE(withError(0.4904, 0.0033, 1), QString("0.4904 ± 0.0033"));
        QCOMPARE(withError(0.49, 0.014, 1), QString("0.490 ± 0.014"));
        QCOMPARE(withError(271.94, 31.0, 0), QString("272 ± 31"));
        QCOMPARE(withError(1.25, 0.0, 2), QString("1.25"));
        QCOMPARE(withError(1.26, 1e-12, 1), QString("1.3"));
    }

    void paints_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QSize>("size");
        for (const char* kind : {"beeswarm", "bar", "waterfall", "curves"})
            for (bool dark : {false, true})
                for (QSize size : {QSize(840, 600), QSize(320, 180), QSize(60, 40)})
                    QTest::addRow("%s %s %d", kind, dark ? "dark" : "light", size.width()) << QString(kind) << dark << size;
    }
    void paints()
    {
        QFETCH(QString, kind);
        QFETCH(bool, dark);
        QFETCH(QSize, size);
        Theme theme(nullptr);
        theme.setMode(dark ? Theme::Mode::Dark : Theme::Mode::Light);
        const auto plot = make(kind);
        const QImage image = plotImage(*plot, size, 1.0, theme);
        QCOMPARE(image.size(), size);
        QCOMPARE(image.pixelColor(0, 0), theme.colors().card);
        bool drawn = false;
        for (int y = 0; y < image.height() && !drawn; ++y)
            for (int x = 0; x < image.width() && !drawn; ++x)
                drawn = image.pixelColor(x, y) != theme.colors().card;
        QVERIFY(drawn);
        // The same plot, made and painted anew, gives the same bytes.
        QCOMPARE(plotImage(*make(kind), size, 1.0, theme), image);
        // Nothing is cut at the picture's edge: text and marks stay inside the border.
        if (size.width() >= 320)
            for (int y = 0; y < image.height(); ++y) {
                QCOMPARE(image.pixelColor(0, y), theme.colors().card);
                QCOMPARE(image.pixelColor(image.width() - 1, y), theme.colors().card);
            }
        QVERIFY(!plot->sentence().isEmpty());
        QVERIFY(plot->preferredHeight(size.width()) > 0.0);
    }

    void saves_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"beeswarm", "bar", "waterfall", "curves"})
            QTest::newRow(kind) << QString(kind);
    }
    void saves()
    {
        QFETCH(QString, kind);
        QTemporaryDir dir;
        Theme theme(nullptr);
        theme.setMode(Theme::Mode::Light);
        const auto plot = make(kind);
        const QString png = dir.filePath(QString::fromUtf8("Übersicht.png")), svg = dir.filePath("a.svg"), again = dir.filePath("b.svg");
        savePlot(*plot, png, QSize(400, 300), theme);
        QCOMPARE(QImage(png).size(), QSize(800, 600)); // twice the size, for sharp screens
        savePlot(*plot, svg, QSize(400, 0), theme);
        savePlot(*plot, again, QSize(400, 0), theme);
        QFile one(svg), two(again);
        QVERIFY(one.open(QIODevice::ReadOnly) && two.open(QIODevice::ReadOnly));
        const QByteArray bytes = one.readAll();
        QCOMPARE(bytes, two.readAll());
        QSvgRenderer renderer(bytes);
        QVERIFY(renderer.isValid());
        QCOMPARE(renderer.defaultSize().height(), static_cast<int>(std::ceil(plot->preferredHeight(400 - 32) + 32)));
    }

    void refusesOtherEndings()
    {
        QTemporaryDir dir;
        Theme theme(nullptr);
        const auto plot = make("bar");
        QCOMPARE(test::errorNameOf([&] { savePlot(*plot, dir.filePath("a.gif"), QSize(200, 200), theme); }), std::string("OptionInvalid"));
        QCOMPARE(test::errorNameOf([&] { savePlot(*plot, dir.filePath("no/such/folder/a.png"), QSize(200, 200), theme); }),
                 std::string("FileUnwritable"));
    }

    void tablesHoldTheNumbers()
    {
        const auto e = example(7);
        const std::vector<QStringList> swarm = makeBeeswarm(e, 0)->table();
        QCOMPARE(swarm.size(), std::size_t(8));
        QCOMPARE(swarm[0].value(1), QString("age"));
        for (std::size_t row = 0; row < 7; ++row) {
            QCOMPARE(swarm[row + 1].value(0).toInt(), static_cast<int>(e->rows[row]));
            for (std::size_t feature = 0; feature < 3; ++feature)
                QCOMPARE(swarm[row + 1].value(static_cast<qsizetype>(2 + 2 * feature)).toDouble(), e->value(row, 0, feature));
        }
        // Mean |0.1·x| of x = −3 … 3 is 0.1 · 12/7; of the third column 0.03.
        const std::vector<QStringList> bars = makeImportanceBar(e, 0)->table();
        QCOMPARE(bars[1].value(0), QString("age"));
        QVERIFY(std::abs(bars[1].value(1).toDouble() - 1.2 / 7.0) < 1e-12);
        const std::vector<QStringList> fall = makeWaterfall(e, 0, 6)->table();
        QCOMPARE(fall.front().value(2), QString("SHAP"));
        double sum = 0.0;
        for (std::size_t line = 1; line + 1 < fall.size(); ++line)
            sum += fall[line].value(2).toDouble();
        QVERIFY(std::abs(sum - fall.back().value(2).toDouble()) < 1e-12);
        QCOMPARE(fall.back().value(2).toDouble(), e->predictions[6]);
    }

    void waterfallSumsTheRest()
    {
        const auto e = example(3);
        const std::vector<QStringList> lines = makeWaterfall(e, 0, 0, 2)->table(); // largest bar, "2 others"
        QCOMPARE(lines.size(), std::size_t(5));
        QCOMPARE(lines[3].value(2).toDouble(), e->value(0, 0, 1) + e->value(0, 0, 2));
        QVERIFY(std::abs(lines[3].value(3).toDouble() - 0.001 * std::sqrt(2.0)) < 1e-12);
    }

    void findsAPoint()
    {
        Theme theme(nullptr);
        QImage image(600, 400, QImage::Format_ARGB32_Premultiplied);
        const QRectF area(0, 0, 600, 400);
        const auto plot = makeBeeswarm(example(40), 0);
        QCOMPARE(plot->hit(QPointF(300, 200), area), -1); // not painted yet: nobody sees a point there
        QPainter painter(&image);
        plot->paint(painter, area, theme);
        // Every row of the leading column is found somewhere on the picture, with its own tooltip.
        std::set<int> found;
        for (int y = 0; y < 400; y += 2)
            for (int x = 0; x < 600; x += 2)
                if (const int item = plot->hit(QPointF(x, y), area); item >= 0)
                    found.insert(item);
        for (int row = 0; row < 40; ++row)
            QVERIFY2(found.count(row) == 1, qPrintable(QString("row %1").arg(row)));
        const QString tip = plot->tooltip(7);
        QVERIFY2(tip.contains("107") && tip.contains("age = 27") && tip.contains("±"), qPrintable(tip));
        QVERIFY(plot->tooltip(2 * 40 + 1).contains("office")); // categories by their names
        QVERIFY(plot->tooltip(40).contains("missing"));
        QCOMPARE(plot->hit(QPointF(-50, -50), area), -1);
        QCOMPARE(makeWaterfall(example(5), 0, 0)->hit(QPointF(300, 10), area), 0);
        QCOMPARE(makeImportanceBar(example(5), 0)->hit(QPointF(300, 12), area), 0);
    }

    void sentencesSayWhichWay()
    {
        const QString text = makeBeeswarm(example(40), 0)->sentence();
        QVERIFY2(text.contains("“age”") && text.contains("high values push it up"), qPrintable(text));
        auto none = std::make_shared<Explanation>();
        none->outputs = {"y"};
        none->features = {"a"};
        QVERIFY(makeBeeswarm(none, 0)->sentence().contains("Nothing"));
    }

    void numbersAsText_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << 0.0 << "0";
        QTest::newRow("plain") << 0.491 << "0.491";
        QTest::newRow("trailing zeros") << 2.0 << "2";
        QTest::newRow("minus") << -1.35 << QString(QChar(0x2212)) + "1.35";
        QTest::newRow("tiny") << 2.0e-7 << QString::fromUtf8("2·10⁻⁷");
        QTest::newRow("rounds up a decade") << 9.99e-8 << QString::fromUtf8("1·10⁻⁷");
        QTest::newRow("none") << std::nan("") << QString::fromUtf8("–");
    }
    void numbersAsText()
    {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(plot::shortText(value), text);
    }

    void ticks_data()
    {
        QTest::addColumn<double>("min");
        QTest::addColumn<double>("max");
        QTest::addColumn<QList<double>>("values");
        QTest::newRow("around zero") << -1.2 << 1.4 << QList<double>{-1, 0, 1};
        QTest::newRow("small") << 0.28 << 0.71 << QList<double>{0.4, 0.6};
        QTest::newRow("large") << 0.0 << 50.0 << QList<double>{0, 20, 40};
    }
    void ticks()
    {
        QFETCH(double, min);
        QFETCH(double, max);
        QFETCH(QList<double>, values);
        const plot::Ticks ticks = plot::niceTicks(min, max, 3);
        QCOMPARE(ticks.values.size(), static_cast<std::size_t>(values.size()));
        for (qsizetype i = 0; i < values.size(); ++i)
            QVERIFY(std::abs(ticks.values[static_cast<std::size_t>(i)] - values[i]) < 1e-12);
    }
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale::c());
    TestPlots test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_plots.moc"
