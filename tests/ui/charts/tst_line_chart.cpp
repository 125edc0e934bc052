#include "core/base/Random.h"
#include "ui/charts/Envelope.h"
#include "ui/charts/LineChart.h"
#include "ui/charts/Plot.h"
#include "ui/charts/PlotView.h"
#include "ui/charts/Segmented.h"

#include <QAbstractButton>
#include <QApplication>
#include <QContextMenuEvent>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace limpid;

class TestLineChart : public QObject
{
    Q_OBJECT
private slots:
    void envelopeKeepsExtremes_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("buckets");
        QTest::newRow("none") << 0 << 10;
        QTest::newRow("one") << 1 << 10;
        QTest::newRow("fewer points than buckets") << 7 << 10;
        QTest::newRow("many") << 5000 << 37;
    }
    /// Against brute force: in each bucket the lowest and the highest point of the envelope are those of all points.
    void envelopeKeepsExtremes()
    {
        QFETCH(int, count);
        QFETCH(int, buckets);
        Random random(3, "envelope");
        std::vector<QPointF> points;
        for (int i = 0; i < count; ++i)
            points.emplace_back(i, i % 50 == 49 ? std::nan("") : random.normal());
        const double xMin = count * 0.1, xMax = std::max(1.0, count * 0.9);
        const std::vector<QPointF> kept = envelope(points, xMin, xMax, buckets);
        QVERIFY(kept.size() <= static_cast<std::size_t>(4 * buckets + 2));
        QVERIFY(std::is_sorted(kept.begin(), kept.end(), [](const QPointF& a, const QPointF& b) { return a.x() < b.x(); }));
        for (int bucket = 0; bucket < buckets; ++bucket) {
            const auto extremes = [&](const std::vector<QPointF>& from) {
                double low = INFINITY, high = -INFINITY;
                for (const QPointF& point : from) {
                    if (!std::isfinite(point.y()) || point.x() < xMin || point.x() > xMax)
                        continue;
                    const int own = std::min(buckets - 1, static_cast<int>((point.x() - xMin) / (xMax - xMin) * buckets));
                    if (own == bucket) {
                        low = std::min(low, point.y());
                        high = std::max(high, point.y());
                    }
                }
                return std::pair(low, high);
            };
            QCOMPARE(extremes(kept), extremes(points));
        }
        for (const QPointF& point : kept)
            QVERIFY(std::isfinite(point.y()));
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
