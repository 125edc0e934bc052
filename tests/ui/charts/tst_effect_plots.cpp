#include "tests/support/TestSupport.h"
#include "tests/ui/charts/PlotChecks.h"
#include "ui/charts/EffectPlots.h"
#include "ui/charts/PlotView.h"

#include <QApplication>
#include <QBuffer>

#include <cmath>
#include <limits>

using namespace limpid;

namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();
const std::string longName = "a column that has quite a long name in this table, longer than any place for it";

EffectScale scale(bool rows = false)
{
    EffectScale s{{"yes", "no"}, "probability", {}, {}};
    if (rows)
        s.columns = {{"age", ColumnType::Number, {20, 25, 30, 30, nan, 40}, {}}, {"work", ColumnType::Category, {0, 0, 1, nan}, {"farm", "office"}}};
    return s;
}

/// Three columns of which the first moves “yes” by 0.6, the second by 0.25 and the last not at all; two rows with curves.
PartialDependencePtr dependence()
{
    auto all = std::make_shared<std::vector<PartialDependence>>();
    all->push_back({0, "age", ColumnType::Number, {20, 30, 40}, {}, 2, 2, {0.1, 0.9, 0.3, 0.7, 0.7, 0.3}, {0.01, 0.01, 0.02, 0.02, nan, nan},
                    {0.0, 1.0, 0.1, 0.9, 0.6, 0.4, 0.2, 0.8, 0.5, 0.5, 0.8, 0.2}, 6});
    all->push_back({1, "work", ColumnType::Category, {0, 1, 2}, {"office", "farm", longName}, 2, 2, {0.25, 0.75, 0.5, 0.5, 0.3, 0.7}, std::vector<double>(6, 0.05), {}, 6});
    all->push_back({2, longName, ColumnType::DateTime, {0, 86400000.0 * 400}, {}, 2, 2, {0.4, 0.6, 0.4, 0.6}, std::vector<double>(4, 0.01), {}, 4});
    return all;
}

AccumulatedEffectsPtr accumulated()
{
    auto all = std::make_shared<std::vector<AccumulatedEffects>>();
    all->push_back({0, "age", ColumnType::Number, {20, 30, 40}, {}, 1, {-0.2, 0.0, 0.2}, {0.01, 0.02, nan}, {7, 12}, {0.5}, 0, 38});
    all->push_back({1, "work", ColumnType::Category, {0, 1}, {"office", "farm"}, 1, {0.05, -0.1}, {0.01, 0.02}, {20, 1}, {0.5}, 1, 20});
    return all;
}

std::shared_ptr<const Interactions> interactions()
{
    auto all = std::make_shared<Interactions>();
    all->names = {"age", "work", longName};
    all->columns = {{0, {0.1}, {0.01}}, {1, {0.42}, {0.3}}, {2, {nan}, {0.0}}};
    all->pairs = {{0, 1, {0.37}, {0.25}}, {1, 2, {nan}, {0.0}}};
    return all;
}

/// age ≤ 30.5, then work = office.
std::shared_ptr<const SurrogateTree> tree()
{
    auto t = std::make_shared<SurrogateTree>();
    t->columns = {{"age", ColumnType::Number, {}, 0.5}, {"work", ColumnType::Category, {"office", "farm"}, 0.2}};
    t->nodes.resize(5);
    const auto set = [&](std::size_t i, std::size_t left, std::size_t right, std::size_t rows, double value) {
        t->nodes[i].left = left;
        t->nodes[i].right = right;
        t->nodes[i].rows = rows;
        t->nodes[i].value = {value, 1 - value};
    };
    set(0, 1, 2, 200, 0.5);
    set(1, 0, 0, 150, 0.2);
    set(2, 3, 4, 50, 0.8);
    set(3, 0, 0, 49, 0.9);
    set(4, 0, 0, 1, 0.3);
    t->nodes[0].threshold = 30.5;
    t->nodes[0].gain = 0.5;
    t->nodes[0].missingRows = 3;
    t->nodes[0].missingLeft = true;
    t->nodes[2].column = 1;
    t->nodes[2].levels = {0, 2};
    t->r2 = {0.81, nan};
    t->agreement = 0.955;
    t->heldOut = 66;
    return t;
}

std::shared_ptr<const ImportanceResult> importance()
{
    return std::make_shared<ImportanceResult>(ImportanceResult{"accuracy", 0.9, {{"age", -0.01, 0.02}, {"work", 0.25, 0.031}, {longName, 0.1, nan}}});
}

/// One point; and a column whose mean is not known everywhere.
PartialDependencePtr gaps()
{
    auto all = std::make_shared<std::vector<PartialDependence>>();
    all->push_back({0, "age", ColumnType::Number, {20}, {}, 1, 1, {0.1}, {nan}, {}, 1});
    all->push_back({1, "hours", ColumnType::Number, {1, 2, 3}, {}, 2, 1, {0.1, nan, 0.4}, {nan, nan, 0.1}, {}, 3});
    all->push_back({2, "work", ColumnType::Boolean, {0}, {"yes"}, 2, 1, {nan}, {nan}, {}, 3});
    return all;
}

std::unique_ptr<Plot> make(const QString& kind)
{
    if (kind == "gaps all")
        return makePartialDependenceOverview(gaps(), scale(), 0);
    if (kind.startsWith("gaps "))
        return makePartialDependencePlot(gaps(), kind.mid(5).toULongLong(), scale());
    if (kind == "pdp all")
        return makePartialDependenceOverview(dependence(), scale(), 0);
    if (kind == "pdp first")
        return makePartialDependenceOverview(dependence(), scale(), 0, 1);
    if (kind == "pdp none")
        return makePartialDependenceOverview(std::make_shared<std::vector<PartialDependence>>(), scale(), 0);
    if (kind == "ale all")
        return makeAleOverview(accumulated(), scale(), 0);
    if (kind == "pdp")
        return makePartialDependencePlot(dependence(), 0, scale(true), {0, 1});
    if (kind == "pdp levels")
        return makePartialDependencePlot(dependence(), 1, scale(true));
    if (kind == "pdp dates")
        return makePartialDependencePlot(dependence(), 2, scale());
    if (kind == "ice")
        return makeIcePlot(dependence(), 0, scale(), 0, false);
    if (kind == "ice centred")
        return makeIcePlot(dependence(), 0, scale(), 0, true);
    if (kind == "ale")
        return makeAlePlot(accumulated(), 0, scale());
    if (kind == "ale levels")
        return makeAlePlot(accumulated(), 1, scale());
    if (kind == "no outputs")
        return makeAlePlot(accumulated(), 0, scale(), {});
    if (kind == "interactions")
        return makeInteractionPlot(interactions(), scale(), 0);
    if (kind == "no interactions")
        return makeInteractionPlot(std::make_shared<Interactions>(), scale(), 0);
    if (kind == "tree")
        return makeSurrogateTreePlot(tree(), scale(), 0);
    if (kind == "no tree")
        return makeSurrogateTreePlot(std::make_shared<SurrogateTree>(), scale(), 0);
    if (kind == "no importance")
        return makePermutationImportancePlot(std::make_shared<ImportanceResult>());
    return makePermutationImportancePlot(importance(), kind == "importance first" ? 1 : 15);
}

} // namespace

class TestEffectPlots : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.setMode(Theme::Mode::Light); }

    void paints_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"gaps all", "gaps 0", "gaps 1", "gaps 2", "pdp all", "pdp first", "pdp none", "ale all", "pdp", "pdp levels", "pdp dates", "ice", "ice centred", "ale", "ale levels",
                                 "no outputs", "interactions", "no interactions", "tree", "no tree", "importance", "importance first", "no importance"})
            QTest::newRow(kind) << QString(kind);
    }
    /// A page lays out what it shows for the first time after it is filled: what is narrow then must not stay as high as it wanted to be.
    void wideAfterAll()
    {
        PlotView early(m_theme), late(m_theme);
        early.resize(100, 400);
        early.setPlot(make("pdp all"));
        early.resize(1000, 400);
        early.grab(); // which delivers sizes to a widget that is not shown
        late.resize(1000, 400);
        late.setPlot(make("pdp all"));
        QCOMPARE(early.minimumHeight(), late.minimumHeight());
        QVERIFY(late.minimumHeight() > 0);
    }

    /// At any size, in both themes, always the same and never outside of its area.
    void paints()
    {
        QFETCH(QString, kind);
        const std::unique_ptr<Plot> plot = make(kind);
        QVERIFY(!plot->sentence().isEmpty());
        QVERIFY(!plot->table().empty());
        for (const QStringList& line : plot->table())
            QCOMPARE(line.size(), plot->table().front().size());
        QCOMPARE(plot->tooltip(-1), QString());
        QCOMPARE(plot->tooltip(1'000'000), QString());
        for (const QSize size : {QSize(800, 500), QSize(300, 180), QSize(60, 40), QSize(4, 3)}) {
            QVERIFY2(test::pixelsOutside(*plot, size, m_theme) == 0, qPrintable(QString("width %1").arg(size.width())));
            QCOMPARE(plotImage(*plot, size, 1.0, m_theme), plotImage(*make(kind), size, 1.0, m_theme));
            const double height = plot->preferredHeight(size.width());
            QVERIFY(height > 0.0 && height < 5000.0);
        }
        Theme dark(nullptr);
        dark.setMode(Theme::Mode::Dark);
        QVERIFY(plotImage(*plot, {400, 300}, 1.0, dark) != plotImage(*plot, {400, 300}, 1.0, m_theme));
        for (const auto& [item, tooltip] : test::itemsOf(*plot, {700, 500}, m_theme))
            QVERIFY2(!tooltip.isEmpty(), qPrintable(QString::number(item)));
    }

    void sentences_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("all") << "pdp all" << "“age” moves P(yes) most, by up to 0.600; then “work”, by up to 0.250.";
        QTest::newRow("none") << "pdp none" << "No effect has been measured.";
        QTest::newRow("gap") << "gaps 1" << "“hours” moves P(yes) by up to 0.300: from 0.100 at 1 to 0.400 at 3, on average over the rows.";
        QTest::newRow("unknown") << "gaps 2" << "No effect has been measured.";
        QTest::newRow("pdp") << "pdp" << "“age” moves P(yes) by up to 0.600: from 0.100 at 20 to 0.700 at 40, on average over the rows.";
        QTest::newRow("levels") << "pdp levels" << "“work” moves P(yes) by up to 0.250: from 0.250 at office to 0.500 at farm, on average over the rows.";
        QTest::newRow("flat") << "pdp dates" << "“" + QString::fromStdString(longName) + "” does not move P(yes).";
        QTest::newRow("ale") << "ale" << "“age” moves P(yes) by up to 0.400: from −0.200 at 20 to +0.200 at 40.";
        QTest::newRow("interactions") << "interactions"
            << "“work” interacts most with the other columns: H 0.42 of P(yes). Of the pairs, “age” and “work” make most together: H 0.37.";
        QTest::newRow("tree") << "tree"
            << "The tree first asks whether age ≤ 30.5. Fidelity on 66 rows it was not grown on: R² 0.81 of P(yes); says the same as the model for 95.5 %.";
        QTest::newRow("importance") << "importance" << "Shuffling “work” costs most: accuracy falls from 0.900 by 0.250 ± 0.031.";
    }
    void sentences()
    {
        QFETCH(QString, kind);
        QTEST(make(kind)->sentence(), "sentence");
    }

    void tables()
    {
        const auto pdp = make("pdp")->table();
        QCOMPARE(pdp[0], (QStringList{"age", "P(yes)", "P(yes), standard error", "P(no)", "P(no), standard error"}));
        QCOMPARE(pdp[2], (QStringList{"30", "0.3", "0.02", "0.7", "0.02"}));
        QCOMPARE(pdp[3], (QStringList{"40", "0.7", "", "0.3", ""})); // no error is known there
        QCOMPARE(make("pdp levels")->table()[1], (QStringList{"office", "0.25", "0.05", "1"})); // one of the rows given
        QCOMPARE(make("pdp levels")->table()[2], (QStringList{"farm", "0.5", "0.05", "2"}));
        QCOMPARE(make("ale")->table()[1], (QStringList{"20", "-0.2", "0.01", ""}));
        QCOMPARE(make("ale")->table()[3], (QStringList{"40", "0.2", "", "12"})); // the bin that ends there
        QCOMPARE(make("ice")->table()[3], (QStringList{"40", "0.7", "", "0.6", "0.8"}));
        // Of both rows 0.6 more at 40 than at 20; at 30 by 0.1 and 0.3, whose standard error is 0.2 / √2 / √2.
        const auto centred = make("ice centred")->table();
        QCOMPARE(centred[1], (QStringList{"20", "0", "0", "0", "0"}));
        QVERIFY(std::abs(centred[2][2].toDouble() - 0.1) < 1e-9);
        QVERIFY(std::abs(centred[3][2].toDouble()) < 1e-9);
        const auto h = make("interactions")->table();
        QCOMPARE(h[1], (QStringList{"work", "all others", "0.42", "0.3"}));
        QCOMPARE(h[4], (QStringList{"age", "work", "0.37", "0.25"}));
        QCOMPARE(h.size(), std::size_t(6));
        QCOMPARE(make("tree")->table()[3], (QStringList{"2", "work is office or missing", "3", "4", "50", "0.8", "0"}));
        QCOMPARE(make("importance")->table()[3], (QStringList{"age", "-0.01", "0.02"}));
    }

    void itemsTell()
    {
        const auto all = test::itemsOf(*make("pdp all"), {800, 400}, m_theme);
        QCOMPARE(all.size(), std::size_t(3));
        QCOMPARE(all.at(1), QString("work\nmoves P(yes) by up to 0.250"));
        QCOMPARE(test::itemsOf(*make("pdp first"), {800, 400}, m_theme).size(), std::size_t(1));
        const auto pdp = test::itemsOf(*make("pdp"), {700, 400}, m_theme);
        QCOMPARE(pdp.size(), std::size_t(6)); // three points of two outputs
        QCOMPARE(pdp.at(1), QString("age = 30\nP(yes) 0.300 ± 0.02"));
        QCOMPARE(pdp.at(5), QString("age = 40\nP(no) 0.300"));
        QCOMPARE(test::itemsOf(*make("ale"), {700, 400}, m_theme).at(1), QString("age = 30\nP(yes) +0.000 ± 0.02\n7 rows in the bin to its left"));
        QCOMPARE(test::itemsOf(*make("interactions"), {800, 400}, m_theme).at(3), QString("age with work\nH 0.370, strength 0.25"));
        QCOMPARE(test::itemsOf(*make("tree"), {800, 400}, m_theme).at(0),
                 QString("age ≤ 30.5?\nP(yes) 0.500\n100 % of all rows (200)\nexplains 50.0 % of the variance\n3 rows without a value: yes"));
        QCOMPARE(test::itemsOf(*make("importance"), {600, 300}, m_theme).at(0), QString("work\naccuracy falls by 0.250 ± 0.031"));
    }

private:
    Theme m_theme{nullptr};
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale::c());
    TestEffectPlots test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_effect_plots.moc"
