#include "core/base/Random.h"
#include "tests/support/TestSupport.h"
#include "ui/charts/LineChart.h"
#include "ui/charts/Plot.h"
#include "ui/charts/PlotView.h"
#include "ui/charts/SaveCurves.h"
#include "ui/charts/Segmented.h"

#include <QAbstractButton>
#include <QApplication>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace limpid;

namespace {

/// QTest::mouseMove() asks the platform's cursor, which a window that is not shown never sees.
void moveTo(QWidget& widget, const QPointF& at)
{
    QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

} // namespace

class TestLineChart : public QObject
{
    Q_OBJECT
private slots:
    /// What is drawn, against all points: the highest and lowest of every column of pixels is where brute force has it.
    void drawsEveryExtreme()
    {
        Theme theme(nullptr);
        theme.setMode(Theme::Mode::Light);
        LineChart chart(theme, "step", "loss");
        const int line = chart.addLine("loss", LineChart::Role::Train);
        Random random(3, "points");
        std::vector<CurvePoint> points;
        for (int i = 0; i < 100'000; ++i)
            points.push_back({i, 0.1 * i, i == 77'777 ? 9.0 : random.uniform()});
        chart.appendPoints(line, std::span<const CurvePoint>(points));
        chart.resize(700, 400);
        const auto plot = chart.toPlot();
        const auto* shown = dynamic_cast<const LinePlot*>(plot.get());
        QVERIFY(shown);
        const LinePlot::Frame frame = shown->frame(QRectF(chart.rect()), QFontMetricsF(theme.smallFont()));
        const QImage image = chart.grab().toImage();
        const auto isLine = [&](int x, int y) { return image.pixelColor(x, y) == theme.colors().lowers; };
        // The one spike of 9 among 100,000 reaches the top.
        const QPointF spike = frame.at({77'777, 9.0});
        bool found = false;
        for (int x = static_cast<int>(spike.x()) - 1; x <= static_cast<int>(spike.x()) + 1; ++x)
            for (int y = static_cast<int>(spike.y()) - 1; y <= static_cast<int>(spike.y()) + 1; ++y)
                found = found || isLine(x, y);
        QVERIFY(found);
        // And each of the envelope's points is one of the given.
        for (const QPointF& point : shown->lines().front().points)
            QCOMPARE(point.y(), points[static_cast<std::size_t>(point.x())].value);
        QVERIFY(shown->lines().front().points.size() <= 2 * 701 + 2);
        QVERIFY(shown->lines().front().points.size() >= 1300);
    }

    void zoomStaysWhilePointsCome()
    {
        Theme theme(nullptr);
        LineChart chart(theme, "step", "loss");
        const int line = chart.addLine("loss", LineChart::Role::Train);
        chart.resize(500, 300);
        const auto add = [&](int from, int count) {
            std::vector<CurvePoint> points;
            for (int i = from; i < from + count; ++i)
                points.push_back({i, 0.01 * i, 1.0 / i});
            chart.appendPoints(line, std::span<const CurvePoint>(points));
        };
        const auto range = [&] {
            const auto plot = chart.toPlot();
            const LinePlot::Axes axes = dynamic_cast<const LinePlot&>(*plot).axes();
            return std::pair(axes.xMin, axes.xMax);
        };
        add(1, 5000);
        QCOMPARE(range(), std::pair(0.0, 5000.0));
        QTest::keyClick(&chart, Qt::Key_Plus);
        QTest::keyClick(&chart, Qt::Key_Left);
        const auto zoomed = range();
        QVERIFY(zoomed.second < 5000.0);
        add(5001, 5000);
        chart.setExpectedEnd(50'000);
        chart.setBest(9000, "best");
        QCOMPARE(range(), zoomed);
        QVERIFY(!chart.isFitted());
        QTest::mouseDClick(&chart, Qt::LeftButton, {}, QPoint(200, 100));
        QCOMPARE(range(), std::pair(0.0, 50'000.0));
        // Dragging pans, and the other way back is the same place.
        chart.setExpectedEnd(std::nan(""));
        QTest::keyClick(&chart, Qt::Key_Plus);
        const auto before = range();
        QTest::mousePress(&chart, Qt::LeftButton, {}, QPoint(300, 100));
        moveTo(chart, QPointF(320, 100));
        QVERIFY(range().first < before.first);
        moveTo(chart, QPointF(300, 100));
        QTest::mouseRelease(&chart, Qt::LeftButton, {}, QPoint(300, 100));
        QVERIFY(std::abs(range().first - before.first) < 1e-6);
    }

    void axesOfTraining()
    {
        Theme theme(nullptr);
        LineChart chart(theme, "epoch", "loss");
        const int steps = chart.addLine("steps", LineChart::Role::Train), epochs = chart.addLine("epochs", LineChart::Role::Validation);
        chart.appendPoints(steps, std::vector<CurvePoint>{{1, 0.5, 3}, {20, 10, 2}});
        chart.appendPoints(epochs, std::vector<CurvePoint>{{1, 5, 3}, {2, 10, 2}});
        chart.setUnits(steps, 1.0, 0.1);
        chart.setUnits(epochs, 10.0, 1.0);
        const auto xs = [&] {
            const auto plot = chart.toPlot();
            std::vector<double> all;
            for (const LinePlot::Line& line : dynamic_cast<const LinePlot&>(*plot).lines())
                all.push_back(line.points.back().x());
            return all;
        };
        chart.setAxis(CurveAxis::Epoch);
        QCOMPARE(xs(), (std::vector<double>{2, 2}));
        chart.setAxis(CurveAxis::Step);
        QCOMPARE(xs(), (std::vector<double>{20, 20}));
        chart.setAxis(CurveAxis::Time);
        QCOMPARE(xs(), (std::vector<double>{10, 10}));
    }

    void logarithmicAxisLeavesOutWhatHasNoPlace()
    {
        Theme theme(nullptr);
        LineChart chart(theme, "step", "loss");
        const int line = chart.addLine("loss", LineChart::Role::Train);
        std::vector<CurvePoint> points;
        for (int i = 0; i < 10'000; ++i)
            points.push_back({i, 0.0, i % 3 == 0 ? -5.0 : i % 3 == 1 ? 0.0 : 0.01 * (1 + i % 7)});
        chart.appendPoints(line, std::span<const CurvePoint>(points));
        chart.resize(500, 300);
        chart.setLogScale(true);
        auto plot = chart.toPlot();
        double low = INFINITY, high = -INFINITY;
        for (const QPointF& point : dynamic_cast<const LinePlot&>(*plot).lines().front().points) {
            low = std::min(low, point.y());
            high = std::max(high, point.y());
        }
        QCOMPARE(low, 0.01);
        QCOMPARE(high, 0.07);
        QVERIFY(!chart.grab().isNull());
        chart.setLogScale(false);
        plot = chart.toPlot();
        low = INFINITY;
        for (const QPointF& point : dynamic_cast<const LinePlot&>(*plot).lines().front().points)
            low = std::min(low, point.y());
        QCOMPARE(low, -5.0);
    }

    void cursorIsShared()
    {
        Theme theme(nullptr);
        LineChart one(theme, "step", "loss"), two(theme, "step", "accuracy");
        const auto cursor = std::make_shared<ChartCursor>();
        for (LineChart* chart : {&one, &two}) {
            chart->appendPoints(chart->addLine("a", LineChart::Role::Train), std::vector<CurvePoint>{{0, 0, 1}, {50, 5, 2}, {100, 10, 3}});
            chart->resize(400, 250);
            chart->shareCursor(cursor);
            chart->fit();
        }
        const QImage before = two.grab().toImage();
        moveTo(one, QPointF(200, 120));
        QVERIFY(cursor->x());
        QVERIFY(two.grab().toImage() != before);
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(&one, &leave);
        QVERIFY(!cursor->x());
        QCOMPARE(two.grab().toImage(), before);
    }

    /// Every row is there, and reads back to the same number.
    void csvHasEveryPoint()
    {
        Theme theme(nullptr);
        LineChart chart(theme, "step", "loss");
        const int raw = chart.addLine("raw, each step", LineChart::Role::Train, true), other = chart.addLine("val", LineChart::Role::Validation);
        Random random(8, "csv");
        std::vector<CurvePoint> points;
        for (int i = 1; i <= 12'345; ++i)
            points.push_back({i, 0.001 * i, i % 100 == 0 ? std::nan("") : random.normal()});
        chart.appendPoints(raw, std::span<const CurvePoint>(points));
        chart.appendPoints(other, std::vector<CurvePoint>{{5, 1, INFINITY}});
        const std::vector<CurveColumn> columns = chart.columns();
        chart.appendPoints(raw, std::vector<CurvePoint>{{20'000, 99, 0}}); // comes after the question
        QTemporaryDir dir;
        const QString path = dir.filePath(QString::fromUtf8("Kurven ä.csv"));
        Task task;
        saveCurvesCsv(columns, path, task);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readLine(), QByteArray("curve,step,seconds,value\n"));
        for (const CurvePoint& point : points) {
            const QByteArray row = file.readLine().trimmed();
            QVERIFY(row.startsWith("\"raw, each step\","));
            const QList<QByteArray> cells = row.split(',');
            QCOMPARE(cells[2].toLongLong(), point.step);
            QCOMPARE(cells[3].toDouble(), point.seconds);
            if (std::isnan(point.value))
                QCOMPARE(cells[4], QByteArray("nan"));
            else
                QVERIFY(cells[4].toDouble() == point.value);
        }
        QCOMPARE(file.readLine(), QByteArray("val,5,1,inf\n"));
        QVERIFY(file.atEnd());

        task.cancel();
        QFile::remove(path);
        bool cancelled = false;
        try {
            saveCurvesCsv(chart.columns(), path, task);
        } catch (const Cancelled&) {
            cancelled = true;
        }
        QVERIFY(cancelled && !QFile::exists(path));
        Task again;
        QCOMPARE(test::errorNameOf([&] { saveCurvesCsv({}, dir.filePath("no/folder/a.csv"), again); }), std::string("FileUnwritable"));
    }

    void comparedLinesComeAndGo()
    {
        Theme theme(nullptr);
        LineChart chart(theme, "step", "loss");
        const int own = chart.addLine("own", LineChart::Role::Train);
        chart.appendPoints(own, std::vector<CurvePoint>{{0, 0, 1}, {10, 1, 2}});
        const int other = chart.addLine("run 7", LineChart::Role::Compared, false, 1);
        chart.appendPoints(other, std::vector<CurvePoint>{{0, 0, 3}, {20, 1, 4}});
        chart.resize(400, 250);
        QVERIFY(chart.sentence().contains("run 7 goes from 3 to 4"));
        QVERIFY(!chart.grab().isNull());
        chart.removeCompared();
        QVERIFY(!chart.sentence().contains("run 7"));
        QVERIFY(chart.sentence().contains("own goes from 1 to 2"));
    }

    void menuOffersThePoints()
    {
        Theme theme(nullptr);
        LineChart chart(theme, "step", "loss");
        chart.setCsvSaver([](const QString&, const std::vector<CurveColumn>&) {});
        chart.show();
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(10, 10), chart.mapToGlobal(QPoint(10, 10)));
        QApplication::sendEvent(&chart, &event);
        auto* menu = chart.findChild<QMenu*>("plotMenu");
        QVERIFY(menu && menu->findChild<QAction*>("savePoints"));
        auto* everything = menu->findChild<QAction*>("showEverything");
        QVERIFY(everything && !everything->isEnabled()); // it is
        menu->findChild<QAction*>("zoomIn")->trigger();
        QVERIFY(!chart.isFitted());
        menu->findChild<QAction*>("zoomOut")->setEnabled(true); // as in a menu that is opened now
        menu->findChild<QAction*>("zoomOut")->trigger();
        QVERIFY(chart.isFitted());
        menu->close();
    }

    void chartZoomsAndFits()
    {
        Theme theme(nullptr);
        LineChart chart(theme, "epoch", "loss");
        const int line = chart.addLine("train", LineChart::Role::Train);
        const int raw = chart.addLine("raw", LineChart::Role::Train, true);
        std::vector<QPointF> points;
        for (int i = 0; i < 20000; ++i)
            points.emplace_back(i, 1.0 / (i + 1));
        chart.setPoints(line, points);
        chart.appendPoints(raw, points);
        chart.setBest(15000, "best, epoch 15000");
        chart.resize(500, 300);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        chart.fit();
        QVERIFY(chart.isFitted());
        QTest::keyClick(&chart, Qt::Key_Plus);
        QVERIFY(!chart.isFitted());
        QTest::keyClick(&chart, Qt::Key_Right);
        QVERIFY(!chart.isFitted());
        QTest::keyClick(&chart, Qt::Key_0);
        QVERIFY(chart.isFitted());
        const QImage linear = chart.grab().toImage();
        chart.setLogScale(true);
        QVERIFY(chart.grab().toImage() != linear);
        chart.setLogScale(false);
        QCOMPARE(chart.grab().toImage(), linear);
        theme.setMode(Theme::Mode::Dark);
        QCOMPARE(chart.grab().toImage().pixelColor(1, chart.height() - 2), theme.colors().card); // at once
        QVERIFY(chart.sentence().contains("train goes from 1"));
        QVERIFY(chart.sentence().contains("best, epoch 15000"));
        chart.clear();
        QVERIFY(chart.sentence().contains("no values"));
    }

    void chartBearsOddValues()
    {
        Theme theme(nullptr);
        LineChart chart(theme, "epoch", "loss");
        const int line = chart.addLine("train", LineChart::Role::Train);
        chart.resize(300, 200);
        for (const std::vector<QPointF>& points :
             {std::vector<QPointF>{}, {{1, 5}}, {{1, 5}, {2, 5}}, {{1, std::nan("")}}, {{1, -1}, {2, 0}, {3, 4}}, {{1, INFINITY}, {2, 1e300}}}) {
            chart.setPoints(line, points);
            for (bool log : {false, true}) {
                chart.setLogScale(log);
                QVERIFY(!chart.grab().isNull());
            }
        }
    }

    void viewClicksAndMenu()
    {
        Theme theme(nullptr);
        auto e = std::make_shared<Explanation>();
        e->outputs = {"y"};
        e->features = {"a", "b"};
        e->rows = {0, 1};
        e->base = {0.0};
        e->predictions = {3.0, -3.0};
        e->values = {2.0, 1.0, -2.0, -1.0};
        e->errors = {0, 0, 0, 0};
        e->cellText = {"1", "2", "3", "4"};
        e->cellNumber = {1, 2, 3, 4};
        PlotView view(theme);
        view.resize(400, 200);
        view.setPlot(makeWaterfall(e, 0, 0));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy clicked(&view, &PlotView::clicked);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(200, 8));
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked.front().front().toInt(), 0);
        QVERIFY(view.accessibleDescription().contains("raises it most"));
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(10, 10), view.mapToGlobal(QPoint(10, 10)));
        QApplication::sendEvent(&view, &event);
        auto* menu = view.findChild<QMenu*>("plotMenu");
        QVERIFY(menu);
        for (QAction* action : menu->actions())
            if (action->objectName() == "showTable")
                action->trigger();
        QVERIFY(view.findChild<QWidget*>("plotTable"));
        menu->close();
    }

    void segmentedTellsOfClicksOnly()
    {
        Theme theme(nullptr);
        Segmented segmented(theme, {"a", "b"}, {"First", "Second"});
        QSignalSpy chosen(&segmented, &Segmented::chosen);
        QCOMPARE(segmented.current(), QString("a"));
        segmented.setCurrent("b");
        segmented.setCurrent("unknown");
        QCOMPARE(segmented.current(), QString("b"));
        QCOMPARE(chosen.size(), 0);
        segmented.findChild<QAbstractButton*>("a")->click();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(segmented.current(), QString("a"));
    }
};

QTEST_MAIN(TestLineChart)
#include "tst_line_chart.moc"
