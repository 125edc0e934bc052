#include "tests/support/TestSupport.h"
#include "tests/ui/charts/ExplanationExample.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/PlotMenu.h"
#include "ui/charts/PlotView.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

using namespace limpid;
using Rows = std::vector<std::size_t>;

namespace {

/// A plot of 40 rows in a view that is on the screen. In the beeswarm the column "age" lies at 0.1 · (row − 19.5), and values
/// reach from −1.95 to 1.95, so that with a border of 4 % the axis is −2.106 … 2.106.
struct Bench {
    explicit Bench(std::unique_ptr<Plot> plot = nullptr)
    {
        theme.setMode(Theme::Mode::Light);
        view.setPlot(plot ? std::move(plot) : makeBeeswarm(explanation, 1));
        view.resize(700, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.grab();
    }
    QRectF axis() const { return view.plot()->axisPlace(view.plotArea()); }
    /// What of the axis is shown, worked out from where two items stand.
    std::pair<double, double> range(int first = 12, int second = 20) const
    {
        const Plot& plot = *view.plot();
        const double x0 = plot.itemPlace(first, view.plotArea()).center().x(), x1 = plot.itemPlace(second, view.plotArea()).center().x();
        const double perPixel = (plot.axisValue(second) - plot.axisValue(first)) / (x1 - x0);
        return {plot.axisValue(first) - (x0 - axis().left()) * perPixel, plot.axisValue(first) + (axis().right() - x0) * perPixel};
    }
    bool shows(int item) const { return !view.plot()->itemPlace(item, view.plotArea()).isEmpty(); }
    void wheel(const QPointF& at, int turned, Qt::KeyboardModifiers keys)
    {
        QWheelEvent event(at, view.mapToGlobal(at), {}, {0, turned}, Qt::NoButton, keys, Qt::NoScrollPhase, false);
        accepted = QApplication::sendEvent(&view, &event) && event.isAccepted();
    }
    void move(const QPointF& to, Qt::MouseButton button, Qt::KeyboardModifiers keys)
    {
        QMouseEvent event(QEvent::MouseMove, to, view.mapToGlobal(to), Qt::NoButton, button, keys);
        QApplication::sendEvent(&view, &event);
    }
    void drag(const QPoint& from, const QPoint& to, Qt::MouseButton button, Qt::KeyboardModifiers keys)
    {
        QTest::mousePress(&view, button, keys, from);
        move((from + to) / 2, button, keys);
        move(to, button, keys);
        QTest::mouseRelease(&view, button, keys, to);
    }
    QToolButton* reset() const { return view.findChild<QToolButton*>("plotReset"); }

    std::shared_ptr<const Explanation> explanation = test::explanationExample(40);
    Theme theme{nullptr};
    PlotView view{theme};
    bool accepted = false;
};

bool isNear(std::pair<double, double> a, std::pair<double, double> b) { return std::abs(a.first - b.first) < 1e-9 && std::abs(a.second - b.second) < 1e-9; }

std::unique_ptr<Plot> ofSecondOutput(const char* id, std::shared_ptr<const Explanation> explanation)
{
    ExplanationPlotChoice choice;
    choice.output = 1;
    return makeExplanationPlot(*explanationPlot(id), std::move(explanation), choice);
}

} // namespace

class TestPlotZoom : public QObject
{
    Q_OBJECT
private slots:
    void theWheelZoomsAboutThePointer()
    {
        Bench bench;
        const double least = -2.106, most = 2.106;
        QVERIFY(isNear(bench.range(), {least, most}));
        QVERIFY(bench.view.isFitted() && !bench.reset()->isVisible());
        // At a quarter of the axis: what is there stays, and four fifths of the whole are left.
        const QPointF at(bench.axis().left() + bench.axis().width() / 4, 100);
        bench.wheel(at, 120, Qt::ControlModifier);
        QVERIFY(bench.accepted);
        const double value = least + (most - least) / 4, span = 0.8 * (most - least);
        QVERIFY(isNear(bench.range(), {value - span / 4, value + 3 * span / 4}));
        QVERIFY(!bench.view.isFitted() && bench.reset()->isVisible());
        bench.wheel(at, -120, Qt::ControlModifier);
        QVERIFY(bench.view.isFitted());
        QVERIFY(isNear(bench.range(), {least, most}));
        // The wheel alone is left to what the plot stands in.
        bench.wheel(at, 120, Qt::NoModifier);
        QVERIFY(!bench.accepted && bench.view.isFitted());
        bench.wheel(at, 120, Qt::ShiftModifier); // nothing to pan
        QVERIFY(!bench.accepted);
    }

    void keysZoomPanAndFit()
    {
        Bench bench;
        const double half = 2.106;
        QTest::keyClick(&bench.view, Qt::Key_Plus);
        QVERIFY(isNear(bench.range(), {-0.8 * half, 0.8 * half}));
        QTest::keyClick(&bench.view, Qt::Key_Right, Qt::ControlModifier); // by a tenth of what is shown
        QVERIFY(isNear(bench.range(), {-0.64 * half, 0.96 * half}));
        QTest::keyClick(&bench.view, Qt::Key_Right, Qt::ControlModifier); // no farther than there is anything
        QVERIFY(isNear(bench.range(), {-0.6 * half, half}));
        QTest::keyClick(&bench.view, Qt::Key_Left, Qt::ControlModifier);
        QVERIFY(isNear(bench.range(), {-0.76 * half, 0.84 * half}));
        QTest::keyClick(&bench.view, Qt::Key_Equal); // the plus key without Shift
        QTest::keyClick(&bench.view, Qt::Key_Minus);
        QVERIFY(isNear(bench.range(), {-0.76 * half, 0.84 * half}));
        QTest::keyClick(&bench.view, Qt::Key_0);
        QVERIFY(bench.view.isFitted());
        QTest::keyClick(&bench.view, Qt::Key_Minus); // there is no more than everything
        QVERIFY(bench.view.isFitted());
    }

    void draggingPans_data()
    {
        QTest::addColumn<int>("button");
        QTest::addColumn<int>("keys");
        QTest::newRow("Ctrl and the left button") << int(Qt::LeftButton) << int(Qt::ControlModifier);
        QTest::newRow("the middle button") << int(Qt::MiddleButton) << int(Qt::NoModifier);
    }

    void draggingPans()
    {
        QFETCH(int, button);
        QFETCH(int, keys);
        Bench bench;
        QSignalSpy selected(&bench.view, &PlotView::rowsSelected), clicked(&bench.view, &PlotView::clicked);
        QTest::keyClick(&bench.view, Qt::Key_Plus);
        QTest::keyClick(&bench.view, Qt::Key_Plus);
        const auto before = bench.range();
        const double perPixel = (before.second - before.first) / bench.axis().width();
        bench.drag({300, 100}, {340, 120}, Qt::MouseButton(button), Qt::KeyboardModifiers(keys));
        QVERIFY(isNear(bench.range(), {before.first - 40 * perPixel, before.second - 40 * perPixel}));
        bench.drag({340, 100}, {300, 100}, Qt::MouseButton(button), Qt::KeyboardModifiers(keys));
        QVERIFY(isNear(bench.range(), before));
        QCOMPARE(selected.size() + clicked.size(), 0);
        // Shift and the wheel go the same way, a tenth a turn.
        bench.wheel({300, 100}, 120, Qt::ShiftModifier);
        const double tenth = 0.1 * (before.second - before.first);
        QVERIFY(isNear(bench.range(), {before.first - tenth, before.second - tenth}));
    }

    void everythingIsShownAgain_data()
    {
        QTest::addColumn<QString>("by");
        for (const char* by : {"double click", "button", "menu", "key"})
            QTest::newRow(by) << QString(by);
    }

    void everythingIsShownAgain()
    {
        QFETCH(QString, by);
        Bench bench;
        const QImage whole = bench.view.grab().toImage();
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(&bench.view, Qt::Key_Plus);
        QVERIFY(bench.view.grab().toImage() != whole);
        if (by == "double click")
            QTest::mouseDClick(&bench.view, Qt::LeftButton, {}, QPoint(300, 20));
        else if (by == "button")
            bench.reset()->click();
        else if (by == "key")
            QTest::keyClick(&bench.view, Qt::Key_0);
        else {
            QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(300, 100), bench.view.mapToGlobal(QPoint(300, 100)));
            QApplication::sendEvent(&bench.view, &event);
            auto* menu = bench.view.findChild<QMenu*>("plotMenu");
            QVERIFY(menu);
            const auto trigger = [menu](const char* name) {
                auto* action = menu->findChild<QAction*>(name);
                QVERIFY(action && action->isEnabled());
                action->trigger();
            };
            trigger("zoomIn");
            trigger("zoomOut");
            QVERIFY(!bench.view.isFitted());
            trigger("showEverything");
            menu->close();
        }
        QVERIFY(bench.view.isFitted() && !bench.reset()->isVisible());
        QTRY_VERIFY(bench.view.grab().toImage() == whole);
    }

    void aBandSelectsWhatIsSeenOnly()
    {
        Bench bench;
        for (int i = 0; i < 5; ++i)
            bench.wheel({bench.axis().right(), 100}, 120, Qt::ControlModifier); // the highest third: 2.106 − 0.32768 · 4.212 = 0.7258
        bench.view.grab();
        QVERIFY(isNear({bench.range(35, 39)}, {2.106 - 0.32768 * 4.212, 2.106}));
        QVERIFY(!bench.shows(26) && bench.shows(27)); // age's effect 0.65 and 0.75
        const auto place = [&](int row) { return bench.view.plot()->itemPlace(row, bench.view.plotArea()); };
        const QRectF few = place(30).united(place(34)).adjusted(-1, -1, 1, 1);
        bench.drag(few.topLeft().toPoint(), few.bottomRight().toPoint(), Qt::LeftButton, Qt::NoModifier);
        QCOMPARE(bench.view.selection(), (Rows{30, 31, 32, 33, 34}));
        // From the names to the figures: what lies left of the axis's part is not there.
        bench.drag(QPoint(2, int(bench.axis().top()) - 1), QPoint(698, int(bench.axis().bottom()) + 1), Qt::LeftButton, Qt::NoModifier);
        Rows seen;
        for (std::size_t row = 27; row < 40; ++row)
            seen.push_back(row);
        QCOMPARE(bench.view.selection(), seen);
        // Nor is it pointed at.
        for (double x = 0.0; x < 700.0; x += 2.0)
            for (double y = 0.0; y < 400.0; y += 2.0)
                if (const int item = bench.view.plot()->hit({x, y}, bench.view.plotArea()); item >= 0)
                    QVERIFY2(item >= 27 && item < 40, qPrintable(QString::number(item)));
    }

    void theCursorTakesWhatIsShownAlong()
    {
        Bench bench;
        for (int i = 0; i < 6; ++i)
            bench.wheel({bench.axis().right(), 100}, 120, Qt::ControlModifier);
        bench.view.setFocus();
        QTest::keyClick(&bench.view, Qt::Key_Right); // the smallest value, far to the left
        QVERIFY(bench.shows(0) && !bench.shows(39));
        const double span = std::pow(0.8, 6) * 4.212;
        QVERIFY(isNear(bench.range(0, 1), {-1.95 - 0.05 * span, -1.95 + 0.95 * span})); // a twentieth beside it
        for (int i = 0; i < 39; ++i)
            QTest::keyClick(&bench.view, Qt::Key_Right);
        QVERIFY(bench.shows(39) && !bench.shows(0));
        QTest::keyClick(&bench.view, Qt::Key_Space);
        QCOMPARE(bench.view.selection(), (Rows{39}));
        QToolTip::hideText();
    }

    /// A mark keeps its colour and its height; only where it stands along the axis changes.
    void marksKeepColourAndHeight()
    {
        Bench bench;
        const auto marks = [&] {
            std::map<int, std::pair<double, QRgb>> all;
            const QImage image = bench.view.grab().toImage();
            for (int row = 0; row < 40; row += 3)
                if (const QRectF place = bench.view.plot()->itemPlace(row, bench.view.plotArea()); !place.isEmpty())
                    all[row] = {place.center().y(), image.pixel((place.center() * image.devicePixelRatio()).toPoint())};
            return all;
        };
        const auto before = marks();
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(&bench.view, Qt::Key_Plus);
        const auto after = marks();
        QVERIFY(after.size() > 4 && after.size() < before.size());
        for (const auto& [row, mark] : after) {
            QCOMPARE(mark.first, before.at(row).first);
            QCOMPARE(mark.second, before.at(row).second);
        }
    }

    void ticksAreThoseOfWhatIsShown()
    {
        Theme theme(nullptr);
        const auto e = test::explanationExample(40);
        const auto texts = [&](const Plot& plot) { return QString::fromUtf8(plotSvg(plot, {700, 400}, theme)); };
        const auto whole = makeBeeswarm(e, 1);
        QVERIFY(!texts(*whole).contains(">0.15<"));
        const QString part = texts(*whole->zoomed({0.1, 0.3}));
        for (const char* tick : {">0.10<", ">0.15<", ">0.20<", ">0.25<", ">0.30<"})
            QVERIFY2(part.contains(tick), tick);
        QVERIFY(!part.contains(">1<") && !part.contains(QString::fromUtf8(">−1<")));
    }

    void theSamePartIsTheSamePicture()
    {
        Theme theme(nullptr);
        const auto e = test::explanationExample(3000);
        for (const char* id : {"beeswarm", "dependence"}) {
            const auto make = [&] { return ofSecondOutput(id, e); };
            const auto picture = [&](const Plot& plot) { return plotImage(plot, {700, 400}, 1.0, theme); };
            const auto one = make(), other = make();
            const AxisRange whole = one->zoomAxis().range, part{whole.min + 0.3 * whole.span(), whole.min + 0.5 * whole.span()};
            QCOMPARE(picture(*one), picture(*other));
            QCOMPARE(picture(*one->zoomed(part)), picture(*other->zoomed(part)));
            QVERIFY(picture(*one->zoomed(part)) != picture(*one));
            QCOMPARE(picture(*one->zoomed(part)->zoomed(whole)), picture(*one)); // and back
        }
    }

    /// Whatever part is shown, nothing is painted beside the plot's place.
    void marksStayOnTheAxis()
    {
        Theme theme(nullptr);
        const auto e = test::explanationExample(3000);
        for (const char* id : {"beeswarm", "dependence"}) {
            const auto plot = ofSecondOutput(id, e);
            const AxisRange whole = plot->zoomAxis().range;
            const auto part = plot->zoomed({whole.min + 0.45 * whole.span(), whole.min + 0.5 * whole.span()});
            QImage image(700, 400, QImage::Format_ARGB32_Premultiplied);
            image.fill(theme.colors().card);
            QPainter painter(&image);
            const QRectF area(image.rect());
            part->paint(painter, area, theme);
            painter.end();
            const QRectF axis = part->axisPlace(area);
            QVERIFY(axis.width() > 300.0);
            // Just beside the axis stand neither marks nor names: at most a stamp's radius is coloured.
            for (int y = static_cast<int>(axis.top()) + 20; y < static_cast<int>(axis.bottom()); ++y)
                for (const int x : {static_cast<int>(axis.left()) - 5, static_cast<int>(axis.right()) + 5}) {
                    const QColor at = image.pixelColor(std::min(x, 699), y);
                    QVERIFY2(std::abs(at.red() - at.blue()) < 40, qPrintable(QString("%1 at %2, %3").arg(id).arg(x).arg(y)));
                }
        }
    }

    void dependenceZoomsOverItsColumn()
    {
        Bench bench(makeDependence(test::explanationExample(40), 1, 0)); // ages 20 … 59, with a twentieth beyond: 18.05 … 60.95
        QVERIFY(isNear(bench.range(), {18.05, 60.95}));
        bench.wheel({bench.axis().left(), 100}, 240, Qt::ControlModifier);
        QVERIFY(isNear(bench.range(3, 9), {18.05, 18.05 + 0.64 * 42.9}));
        QVERIFY(bench.shows(25) && !bench.shows(26)); // 45 and 46: up to 45.506 is shown
        bench.drag(QPoint(1, 1), QPoint(699, 399), Qt::LeftButton, Qt::NoModifier);
        QCOMPARE(bench.view.selection().size(), std::size_t(26));
        QCOMPARE(bench.view.selection().back(), std::size_t(25));
    }

    void categoriesKeepTheirNames()
    {
        Theme theme(nullptr);
        const auto plot = makeDependence(test::explanationExample(40), 1, 2);
        const auto texts = [&](const Plot& shown) { return QString::fromUtf8(plotSvg(shown, {700, 400}, theme)); };
        QVERIFY(texts(*plot).contains(">office<") && texts(*plot).contains(">outdoors<"));
        const AxisRange whole = plot->zoomAxis().range;
        QCOMPARE(whole.min, -0.5);
        QCOMPARE(whole.max, 1.5);
        const QString first = texts(*plot->zoomed({-0.3, 0.4}));
        QVERIFY(first.contains(">office<") != first.contains(">outdoors<"));
    }

    void aZoomStaysWithItsAxis()
    {
        Bench bench;
        QTest::keyClick(&bench.view, Qt::Key_Plus);
        bench.view.grab();
        const auto before = bench.range();
        bench.view.setPlot(makeBeeswarm(test::explanationExample(44), 1)); // more rows came
        bench.view.grab();
        QVERIFY(isNear(bench.range(15, 20), before));
        bench.view.setPlot(makeDependence(bench.explanation, 1, 0)); // another axis
        QVERIFY(bench.view.isFitted());
        QTest::keyClick(&bench.view, Qt::Key_Plus);
        bench.view.setPlot(nullptr);
        QVERIFY(bench.view.isFitted());
        QTest::keyClick(&bench.view, Qt::Key_Plus);
        bench.view.setPlot(makeImportanceBar(bench.explanation, 1)); // it has no such axis
        QTest::keyClick(&bench.view, Qt::Key_Plus);
        bench.wheel({300, 100}, 120, Qt::ControlModifier);
        QVERIFY(bench.view.isFitted() && !bench.accepted);
    }

    void picturesAreAsOnTheScreen()
    {
        Bench bench;
        QTest::keyClick(&bench.view, Qt::Key_Plus);
        bench.view.setSelection({20, 21, 22});
        QTest::keyClick(&bench.view, Qt::Key_C, Qt::ControlModifier);
        const QImage copied = QGuiApplication::clipboard()->image();
        QVERIFY(!copied.isNull());
        const auto plot = makeBeeswarm(bench.explanation, 1);
        const AxisRange whole = plot->zoomAxis().range;
        const AxisRange part{whole.min + 0.1 * whole.span(), whole.max - 0.1 * whole.span()};
        const auto shown = plot->zoomed(part);
        const QImage unmarked = plotImage(*shown, bench.view.size(), 2.0, bench.theme);
        QCOMPARE(copied.size(), unmarked.size());
        // The chosen marks are as without a selection, another one is pale.
        const QRectF area = QRectF(QPointF(), QSizeF(bench.view.size())).adjusted(16, 16, -16, -16);
        const auto at = [&](int row) { return (shown->itemPlace(row, area).center() * 2.0).toPoint(); };
        QCOMPARE(copied.pixelColor(at(21)), unmarked.pixelColor(at(21)));
        QVERIFY(copied.pixelColor(at(10)).lightness() > unmarked.pixelColor(at(10)).lightness());
    }
};

QTEST_MAIN(TestPlotZoom)
#include "tst_plot_zoom.moc"
