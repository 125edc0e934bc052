#include "tests/support/TestSupport.h"
#include "tests/ui/charts/ExplanationExample.h"
#include "ui/charts/DotLayer.h"
#include "ui/charts/PlotView.h"

#include <QApplication>
#include <QSignalSpy>
#include <QToolTip>

using namespace limpid;
using Rows = std::vector<std::size_t>;

namespace {

/// A beeswarm of 40 rows in a view that is on the screen.
struct Bench {
    explicit Bench(int rows = 40) : explanation(test::explanationExample(rows))
    {
        theme.setMode(Theme::Mode::Light);
        view.setPlot(makeBeeswarm(explanation, 1));
        view.resize(700, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.grab();
    }
    QRectF place(std::size_t feature, std::size_t row) const
    {
        return view.plot()->itemPlace(static_cast<int>(feature * explanation->rowCount() + row), view.plotArea());
    }
    void band(const QRectF& region, Qt::KeyboardModifiers keys = Qt::NoModifier)
    {
        QTest::mousePress(&view, Qt::LeftButton, keys, region.topLeft().toPoint());
        QTest::mouseMove(&view, region.center().toPoint());
        QTest::mouseMove(&view, region.bottomRight().toPoint());
        QTest::mouseRelease(&view, Qt::LeftButton, keys, region.bottomRight().toPoint());
    }
    std::shared_ptr<const Explanation> explanation;
    Theme theme{nullptr};
    PlotView view{theme};
};

} // namespace

class TestPlotSelection : public QObject
{
    Q_OBJECT
private slots:
    void aRubberBandSelectsTheRowsInIt()
    {
        Bench bench;
        QSignalSpy selected(&bench.view, &PlotView::rowsSelected), clicked(&bench.view, &PlotView::clicked);
        // The column "age" rises with the rows: a band around the marks of rows 30 to 34 holds these five and no others.
        bench.band(bench.place(0, 30).united(bench.place(0, 34)).adjusted(-1, -1, 1, 1));
        QCOMPARE(selected.size(), 1);
        QCOMPARE(selected.last().at(0).value<Rows>(), (Rows{30, 31, 32, 33, 34}));
        QCOMPARE(bench.view.selection(), (Rows{30, 31, 32, 33, 34}));
        QCOMPARE(clicked.size(), 0);
        // Shift adds; without it the new band stands alone.
        bench.band(bench.place(0, 2).united(bench.place(0, 3)).adjusted(-1, -1, 1, 1), Qt::ShiftModifier);
        QCOMPARE(bench.view.selection(), (Rows{2, 3, 30, 31, 32, 33, 34}));
        bench.band(bench.place(0, 2).united(bench.place(0, 3)).adjusted(-1, -1, 1, 1));
        QCOMPARE(bench.view.selection(), (Rows{2, 3}));
        QTest::keyClick(&bench.view, Qt::Key_Escape);
        QVERIFY(bench.view.selection().empty());
        QCOMPARE(selected.size(), 4);
    }

    void aClickIsNoBand()
    {
        Bench bench;
        QSignalSpy selected(&bench.view, &PlotView::rowsSelected), clicked(&bench.view, &PlotView::clicked);
        QTest::mouseClick(&bench.view, Qt::LeftButton, {}, bench.place(0, 39).center().toPoint());
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked.at(0).at(0).toInt(), 39);
        QCOMPARE(selected.size(), 0);
    }

    void keysWalkAndSelect()
    {
        Bench bench;
        QSignalSpy selected(&bench.view, &PlotView::rowsSelected);
        bench.view.setFocus();
        // First the smallest value of the most important column, then up along its values.
        QTest::keyClick(&bench.view, Qt::Key_Right);
        QTest::keyClick(&bench.view, Qt::Key_Space);
        QCOMPARE(bench.view.selection(), (Rows{0}));
        QTest::keyClick(&bench.view, Qt::Key_Right);
        QTest::keyClick(&bench.view, Qt::Key_Right);
        QTest::keyClick(&bench.view, Qt::Key_Space);
        QCOMPARE(bench.view.selection(), (Rows{0, 2}));
        // The same row in the next column: Space gives it up again.
        QTest::keyClick(&bench.view, Qt::Key_Down);
        QTest::keyClick(&bench.view, Qt::Key_Space);
        QCOMPARE(bench.view.selection(), (Rows{0}));
        QCOMPARE(selected.size(), 3);
        QToolTip::hideText();
    }

    void selectingRepaintsTheOverlayOnly()
    {
        Bench bench;
        const QImage before = bench.view.grab().toImage();
        bench.view.setSelection({5, 7, 999});
        QCOMPARE(bench.view.selection(), (Rows{5, 7}));
        const QImage marked = bench.view.grab().toImage();
        QVERIFY(marked != before);
        // A chosen mark keeps its colour, another one pales.
        const QPoint chosen = bench.place(0, 7).center().toPoint(), other = bench.place(0, 20).center().toPoint();
        QCOMPARE(marked.pixelColor(chosen), before.pixelColor(chosen));
        QVERIFY(marked.pixelColor(other).lightness() > before.pixelColor(other).lightness());
        bench.view.setSelection({});
        QCOMPARE(bench.view.grab().toImage(), before);
    }

    void anotherPictureOfTheRowsKeepsThem()
    {
        Bench bench;
        bench.view.setSelection({1, 2});
        bench.view.setPlot(makeBeeswarm(bench.explanation, 1, 2));
        QCOMPARE(bench.view.selection(), (Rows{1, 2}));
        bench.view.setPlot(makeBeeswarm(test::explanationExample(10), 1));
        QVERIFY(bench.view.selection().empty());
    }

    void plotsWithoutRowsSelectNothing()
    {
        Bench bench;
        bench.view.setPlot(makeImportanceBar(bench.explanation, 1));
        QSignalSpy selected(&bench.view, &PlotView::rowsSelected);
        bench.band(QRectF(100, 20, 300, 200));
        QTest::keyClick(&bench.view, Qt::Key_Space);
        QCOMPARE(selected.size(), 0);
    }

    void savingAPictureDoesNotMoveWhatOnePointsAt()
    {
        Bench bench;
        const QPointF at = bench.place(0, 39).center();
        plotImage(*bench.view.plot(), QSize(300, 200), 2.0, bench.theme);
        QCOMPARE(bench.view.plot()->hit(at, bench.view.plotArea()), 39);
    }

    /// The same dots as QPainter's, blended one after the other; at most a shade apart by rounding.
    void dotsAreBlendedAsByThePainter()
    {
        const QColor red(224, 69, 107), blue(47, 125, 225);
        QImage ours(60, 40, QImage::Format_ARGB32_Premultiplied), theirs(ours);
        ours.fill(Qt::white);
        theirs.fill(Qt::white);
        plot::DotLayer layer(QRectF(0, 0, 60, 40), 1.0, 2.0, {red, blue});
        QPainter painter(&theirs);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        for (int i = 0; i < 12; ++i) {
            layer.add(QPointF(10 + 3 * i, 20 + i % 3), static_cast<std::size_t>(i % 2));
            painter.setBrush(i % 2 ? blue : red);
            painter.drawEllipse(QPointF(10 + 3 * i, 20 + i % 3), 2.0, 2.0);
        }
        painter.end();
        QPainter own(&ours);
        layer.paint(own);
        own.end();
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 60; ++x)
                QVERIFY(std::abs(ours.pixelColor(x, y).red() - theirs.pixelColor(x, y).red()) <= 3
                        && std::abs(ours.pixelColor(x, y).blue() - theirs.pixelColor(x, y).blue()) <= 3);
        QCOMPARE(ours.pixelColor(0, 0), QColor(Qt::white));
    }

    void manyPointsAreDrawnTheSameTwice()
    {
        Theme theme(nullptr);
        const auto e = test::explanationExample(5000);
        QCOMPARE(plotImage(*makeBeeswarm(e, 1), QSize(700, 400), 2.0, theme), plotImage(*makeBeeswarm(e, 1), QSize(700, 400), 2.0, theme));
    }
};

QTEST_MAIN(TestPlotSelection)
#include "tst_plot_selection.moc"
