#include "tests/support/TestSupport.h"
#include "tests/ui/charts/PlotChecks.h"
#include "ui/charts/ExamplePlots.h"

#include <QApplication>

#include <cmath>
#include <limits>

using namespace limpid;

namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

/// Two rows of three pixels.
ImageExplanation image(std::size_t channels = 1)
{
    ImageExplanation e;
    e.height = 2;
    e.width = 3;
    e.channels = channels;
    for (std::size_t i = 0; i < 6 * channels; ++i)
        e.pixels.push_back(static_cast<float>(i));
    e.outputs = {{"cat", 0.8, {0.5, -0.25, 0, 0, 0, nan}}, {"dog", 0.2, {0, 0, 0, 0, -1, 0.125}}};
    return e;
}

TextExplanation text()
{
    return {"not bad, Wunderschön!\nagain", {{0, 3, -0.5}, {4, 7, 0.25}, {9, 20, 0.75}, {22, 27, nan}, {90, 95, 3.0}}, "positive", 0.5, 0.9};
}

Counterfactuals alternatives()
{
    return {{"age", "work", "hours"}, {"39", "", "40"}, "no",
            {{{"39", "office", "50"}, "yes"}, {{"39", "", "60"}, "maybe"}}, {"age"}};
}

std::unique_ptr<Plot> make(const QString& kind)
{
    if (kind == "image" || kind == "rgb")
        return makeImageOverlay(image(kind == "rgb" ? 3 : 1));
    if (kind == "no image")
        return makeImageOverlay({});
    if (kind == "text")
        return makeTextHighlight(text());
    if (kind == "one long word")
        return makeTextHighlight({QString(3000, 'm'), {{0, 3000, 1.0}}, "positive", nan, nan});
    if (kind == "no text")
        return makeTextHighlight({"", {}, "positive", nan, nan});
    if (kind == "no alternatives")
        return makeCounterfactualDiff(Counterfactuals{{"age"}, {"39"}, "no", {}, {}});
    if (kind == "no columns")
        return makeCounterfactualDiff(Counterfactuals{});
    return makeCounterfactualDiff(alternatives());
}

} // namespace

class TestExamplePlots : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.setMode(Theme::Mode::Light); }

    void paints_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"image", "rgb", "no image", "text", "one long word", "no text", "alternatives", "no alternatives", "no columns"})
            QTest::newRow(kind) << QString(kind);
    }
    void paints()
    {
        QFETCH(QString, kind);
        const std::unique_ptr<Plot> plot = make(kind);
        QVERIFY(!plot->sentence().isEmpty());
        for (const QStringList& line : plot->table())
            QCOMPARE(line.size(), plot->table().front().size());
        QCOMPARE(plot->tooltip(-1), QString());
        QCOMPARE(plot->tooltip(1'000'000), QString());
        for (const QSize size : {QSize(700, 400), QSize(240, 160), QSize(60, 40), QSize(4, 3)}) {
            QCOMPARE(test::pixelsOutside(*plot, size, m_theme), 0);
            QCOMPARE(plotImage(*plot, size, 1.0, m_theme), plotImage(*make(kind), size, 1.0, m_theme));
            QVERIFY(plot->preferredHeight(size.width()) > 0.0);
        }
    }

    void image_()
    {
        const auto plot = make("image");
        QCOMPARE(plot->sentence(), QString("Pixels raise “cat” by 0.5 and lower it by 0.25; the strongest is at row 0, column 0."));
        QCOMPARE(plot->table()[0], (QStringList{"row", "column", "grey", "cat", "dog"}));
        QCOMPARE(plot->table()[5], (QStringList{"1", "1", "4", "0", "-1"}));
        QCOMPARE(plot->table()[6], (QStringList{"1", "2", "5", "", "0.125"}));
        const auto items = test::itemsOf(*plot, {700, 300}, m_theme);
        QCOMPARE(items.size(), std::size_t(18)); // six pixels of the image and of two outputs
        QCOMPARE(items.at(1), QString("row 0, column 1: 1\ncat −0.250"));
        QCOMPARE(items.at(17), QString("row 1, column 2: 5"));
        // The strongest pixel of all has the colour that lowers; nothing has as much of the one that raises.
        const QImage picture = plotImage(*plot, {700, 300}, 1.0, m_theme);
        bool lowers = false;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const QColor c = picture.pixelColor(x, y), l = m_theme.colors().lowers;
                lowers = lowers || (std::abs(c.red() - l.red()) < 14 && std::abs(c.green() - l.green()) < 10 && std::abs(c.blue() - l.blue()) < 10);
            }
        QVERIFY(lowers);
        ImageExplanation wrong = image();
        wrong.outputs[1].contributions.pop_back();
        QCOMPARE(test::errorNameOf([&] { makeImageOverlay(wrong); }), std::string("OptionInvalid"));
    }

    void superpixels()
    {
        ImageExplanation cut = image();
        cut.segments = {0, 0, 1, 0, 2, 1};
        cut.outputs = {{"cat", 0.8, {0.5, 0.5, -0.25, 0.5, 0, -0.25}, {0.01, 0.01, 0, 0.01, 0, 0}}};
        const auto plot = makeImageOverlay(cut);
        // Each counts once: 0.5 of three pixels, −0.25 of two.
        QCOMPARE(plot->sentence(), QString("Superpixels raise “cat” by 0.5 and lower it by 0.25; the strongest begins at row 0, column 0 and has 3 pixels."));
        QCOMPARE(plot->table()[0], (QStringList{"row", "column", "grey", "superpixel", "cat"}));
        QCOMPARE(plot->table()[6], (QStringList{"1", "2", "5", "1", "-0.25"}));
        const auto items = test::itemsOf(*plot, {700, 300}, m_theme);
        QCOMPARE(items.at(1), QString("row 0, column 1: 1\nsuperpixel 0, of 3 pixels\ncat +0.500 ± 0.02 (95 %)"));
        QCOMPARE(items.at(2), QString("row 0, column 2: 2\nsuperpixel 1, of 2 pixels\ncat −0.250"));
        // A line where two meet, and none within one.
        const QImage with = plotImage(*plot, {700, 300}, 1.0, m_theme);
        cut.segments.assign(6, 0);
        cut.outputs[0].contributions.assign(6, 0.5);
        cut.outputs[0].errors.clear();
        const QImage one = plotImage(*makeImageOverlay(cut), {700, 300}, 1.0, m_theme);
        const auto outlined = [&](const QImage& picture) {
            int count = 0;
            for (int y = 0; y < picture.height(); ++y)
                for (int x = 0; x < picture.width(); ++x)
                    count += picture.pixelColor(x, y) == m_theme.colors().accent ? 1 : 0;
            return count;
        };
        QVERIFY2(outlined(with) > outlined(one) && outlined(one) > 0, qPrintable(QString("%1 %2").arg(outlined(with)).arg(outlined(one))));
        cut.segments.pop_back();
        QCOMPARE(test::errorNameOf([&] { makeImageOverlay(cut); }), std::string("OptionInvalid"));
        cut.segments.push_back(6);
        QCOMPARE(test::errorNameOf([&] { makeImageOverlay(cut); }), std::string("OptionInvalid"));
    }

    void text_()
    {
        const auto plot = make("text");
        QCOMPARE(plot->sentence(), QString("“Wunderschön” raises “positive” most, by 0.75; “not” lowers “positive” most, by 0.5."));
        QCOMPARE(plot->table().size(), std::size_t(5)); // without the span beyond the text
        QCOMPARE(plot->table()[3], (QStringList{"9", "20", "Wunderschön", "0.75"}));
        for (const int width : {700, 90}) {
            const auto items = test::itemsOf(*plot, {width, 300}, m_theme);
            QCOMPARE(items.size(), std::size_t(4));
            QCOMPARE(items.at(0), QString("not\npositive −0.500"));
        }
        QVERIFY(plot->preferredHeight(90) > plot->preferredHeight(700)); // it wraps
    }

    void alternatives_()
    {
        const auto plot = make("alternatives");
        QCOMPARE(plot->sentence(), QString("The prediction would be maybe instead of no if “hours” were 60 instead of 40."));
        QCOMPARE(make("no alternatives")->sentence(), QString("No alternative has been found: the prediction stays no."));
        QCOMPARE(plot->table()[0], (QStringList{"column", "this row", "alternative 1", "alternative 2"}));
        QCOMPARE(plot->table()[1], (QStringList{"hours", "40", "50", "60"})); // changes most often
        QCOMPARE(plot->table()[4], (QStringList{"prediction", "no", "yes", "maybe"}));
        const auto items = test::itemsOf(*plot, {700, 300}, m_theme);
        QCOMPARE(items.size(), std::size_t(9));
        QCOMPARE(items.at(4), QString("work\nmissing → office"));
        QCOMPARE(items.at(6), QString("age\n39"));
    }

private:
    Theme m_theme{nullptr};
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale::c());
    TestExamplePlots test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_example_plots.moc"
