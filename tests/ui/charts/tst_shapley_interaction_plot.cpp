#include "tests/support/TestSupport.h"
#include "tests/ui/charts/PlotChecks.h"
#include "ui/charts/EffectPlots.h"

#include <QApplication>
#include <QSet>

using namespace limpid;

namespace {

const std::string longName = "a column that has quite a long name in this table, longer than any place for it";

EffectScale scale() { return {{"yes", "no"}, "probability", {}, {}}; }

/// Of “yes”: age with work −0.2 (size 0.3), others nothing; the main effects 0.5, 0.1 and 0.05. Of “no”: nothing.
std::shared_ptr<const ColumnInteractions> pairs(bool others)
{
    auto all = std::make_shared<ColumnInteractions>();
    all->index = "k-sii";
    all->players = {"work", "age", others ? std::string() : longName};
    if (others)
        all->others = {"left", "right"};
    all->rows = 50;
    all->base = {0.2, 0.8};
    all->full = {0.65, 0.35};
    all->mean = {0.1, -0.2, 0.0, -0.2, 0.5, 0.0, 0.0, 0.0, 0.05, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    all->meanAbsolute = {0.1, 0.3, 0.0, 0.3, 0.6, 0.0, 0.0, 0.0, 0.05, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    return all;
}

std::unique_ptr<Plot> make(const QString& kind)
{
    if (kind == "none")
        return makeShapleyInteractionPlot(std::make_shared<ColumnInteractions>(), scale(), 0);
    return makeShapleyInteractionPlot(pairs(kind == "others"), scale(), kind == "flat" ? 1 : 0);
}

} // namespace

class TestShapleyInteractionPlot : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.setMode(Theme::Mode::Light); }

    void paints_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"named", "others", "flat", "none"})
            QTest::newRow(kind) << QString(kind);
    }
    /// At any size, in both themes, always the same and never outside of its area.
    void paints()
    {
        QFETCH(QString, kind);
        const std::unique_ptr<Plot> plot = make(kind);
        QVERIFY(!plot->sentence().isEmpty());
        QCOMPARE(plot->tooltip(-1), QString());
        QCOMPARE(plot->tooltip(1'000'000), QString());
        for (const QSize size : {QSize(800, 500), QSize(300, 180), QSize(60, 40), QSize(4, 3)}) {
            QVERIFY2(test::pixelsOutside(*plot, size, m_theme) == 0, qPrintable(QString("width %1").arg(size.width())));
            QCOMPARE(plotImage(*plot, size, 1.0, m_theme), plotImage(*make(kind), size, 1.0, m_theme));
        }
        Theme dark(nullptr);
        dark.setMode(Theme::Mode::Dark);
        QVERIFY(plotImage(*plot, {400, 300}, 1.0, dark) != plotImage(*plot, {400, 300}, 1.0, m_theme));
        QVERIFY(plotSvg(*plot, {400, 300}, m_theme).contains("<svg"));
    }

    /// In the height it likes, all of the cells and the scale below them are there.
    void fitsTheHeightItLikes()
    {
        const auto plot = make("others");
        const QSize size(800, static_cast<int>(plot->preferredHeight(800)));
        const QRectF area(QPointF(), size);
        const auto items = test::itemsOf(*plot, size, m_theme);
        QCOMPARE(items.size(), std::size_t{6}); // the triangle and its diagonal
        for (const auto& [item, tooltip] : items) {
            QVERIFY(!tooltip.isEmpty());
            QVERIFY(area.contains(plot->itemPlace(item, area)));
            QVERIFY(plot->itemPlace(item, area).bottom() + 24.0 + 30.0 <= area.bottom() + 1.0);
        }
    }

    void sentences_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("pair") << "others" << "“age” and “work” make most of P(yes) together: 0.3 up or down, on average over the rows; −0.2 on balance.";
        QTest::newRow("flat") << "flat" << "No two columns make anything of P(no) together.";
        QTest::newRow("none") << "none" << "No interaction has been looked for.";
    }
    void sentences()
    {
        QFETCH(QString, kind);
        QFETCH(QString, sentence);
        QCOMPARE(make(kind)->sentence(), sentence);
    }

    /// What the columns that were not asked about do is drawn, and leads only where nothing else is there.
    void othersDoNotLead()
    {
        auto all = std::make_shared<ColumnInteractions>(*pairs(true));
        for (const std::size_t cell : {all->cell(0, 0, 2), all->cell(0, 2, 0)})
            all->mean[cell] = all->meanAbsolute[cell] = 2.0;
        QVERIFY(makeShapleyInteractionPlot(all, scale(), 0)->sentence().startsWith("“work” and “age”"));
        for (const std::size_t cell : {all->cell(0, 0, 1), all->cell(0, 1, 0)})
            all->mean[cell] = all->meanAbsolute[cell] = 0.0;
        QVERIFY(makeShapleyInteractionPlot(all, scale(), 0)->sentence().startsWith("“work” and “other columns”"));
    }

    void theTableHasEachPairOnce()
    {
        const auto table = make("others")->table();
        QCOMPARE(table.size(), std::size_t{7});
        QCOMPARE(table.at(0), (QStringList{"column", "with", "mean value", "mean |value|"}));
        QCOMPARE(table.at(1), (QStringList{"age", "itself", "0.5", "0.6"}));   // what does most comes first
        QCOMPARE(table.at(2), (QStringList{"age", "work", "-0.2", "0.3"}));
        QCOMPARE(table.at(6), (QStringList{"other columns", "itself", "0.05", "0.05"}));
    }

    void keysReachEveryCell()
    {
        const auto plot = make("named");
        int at = plot->itemAfter(-1, Qt::Key_Down);
        QCOMPARE(plot->tooltip(at), QString("age: main effect\nmean value 0.5, mean |value| 0.6"));
        QSet<int> seen{at};
        for (const Qt::Key key : {Qt::Key_Down, Qt::Key_Right, Qt::Key_Down, Qt::Key_Right, Qt::Key_Left, Qt::Key_Left}) {
            at = plot->itemAfter(at, key);
            seen << at;
        }
        QCOMPARE(seen.size(), 6);
        QCOMPARE(plot->itemAfter(at, Qt::Key_Left), at);
        QCOMPARE(plot->itemAfter(at, Qt::Key_Down), at);
        const QRectF area(0, 0, 700, 400);
        for (const int item : seen)
            QCOMPARE(plot->hit(plot->itemPlace(item, area).center(), area), item);
        QVERIFY(make("others")->tooltip(8).contains("other columns: 2 that count as one"));
    }

private:
    Theme m_theme{nullptr};
};

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    QLocale::setDefault(QLocale::c());
    TestShapleyInteractionPlot test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_shapley_interaction_plot.moc"
