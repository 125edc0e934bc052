#include "tests/support/TestSupport.h"
#include "ui/explain/EffectColumnsModel.h"
#include "ui/explain/EffectsView.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QTableView>
#include <QTest>

using namespace limpid;

namespace {

/// age ≤ 30 then work = office, for two classes; a column of noise is not asked about.
std::shared_ptr<EffectOutcome> treeOutcome()
{
    auto outcome = std::make_shared<EffectOutcome>();
    outcome->method = EffectMethod::Surrogate;
    outcome->task = TaskKind::MultiClass;
    outcome->space = "probability";
    outcome->outputs = {"yes", "no"};
    SurrogateTree tree;
    tree.columns = {{"noise", ColumnType::Number, {}, 0.0, {0.0, 0.0}}, {"age", ColumnType::Number, {}, 0.4, {0.125, 0.25}},
                    {"work", ColumnType::Category, {"office", "farm"}, 0.2, {0.25, 0.0625}}};
    tree.nodes.resize(5);
    tree.nodes[0].left = 1;
    tree.nodes[0].right = 2;
    tree.nodes[0].column = 1;
    tree.nodes[2].left = 3;
    tree.nodes[2].right = 4;
    tree.nodes[2].column = 2;
    tree.nodes[2].levels = {0};
    for (SurrogateNode& node : tree.nodes) {
        node.rows = 10;
        node.value = {0.5, 0.5};
    }
    tree.r2 = {0.9, 0.9};
    tree.agreement = 0.9;
    outcome->result = std::move(tree);
    return outcome;
}

std::shared_ptr<EffectOutcome> curves()
{
    auto outcome = std::make_shared<EffectOutcome>();
    outcome->method = EffectMethod::PartialDependence;
    outcome->space = "raw";
    outcome->outputs = {"price"};
    std::vector<PartialDependence> effects(2);
    for (std::size_t i = 0; i < 2; ++i) {
        effects[i].name = i == 0 ? "a" : "b";
        effects[i].type = ColumnType::Number;
        effects[i].outputs = 1;
        effects[i].rows = 2;
        effects[i].grid = {0.0, 1.0};
        effects[i].mean = {0.0, 1.0 + static_cast<double>(i)};
        effects[i].errors = {0.0, 0.0};
        outcome->columns.push_back({effects[i].name, ColumnType::Number, {0.0, 1.0}, {}});
    }
    outcome->rows = {0, 1};
    outcome->result = std::move(effects);
    return outcome;
}

QStringList linesOf(const QAbstractItemModel& model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row)
        lines << model.index(row, 0).data().toString() + QLatin1Char(' ') + model.index(row, 1).data().toString();
    return lines;
}

} // namespace

class tst_EffectsView : public QObject
{
    Q_OBJECT

private slots:
    /// What columns count in a surrogate tree stands beside it, for the class that is shown.
    void columnsOfATree()
    {
        Theme theme(qApp);
        EffectsView view(theme);
        view.setEffects(treeOutcome());
        view.resize(900, 500);
        view.show();
        auto* columns = view.findChild<QTableView*>("effectColumns");
        QVERIFY(columns->isVisible());
        const QAbstractItemModel& model = *columns->model();
        const QLocale locale;
        const auto line = [&](const char* name, double value) { return QString::fromLatin1(name) + QLatin1Char(' ') + locale.toString(value); };
        QCOMPARE(linesOf(model), (QStringList{line("work", 0.25), line("age", 0.125), line("noise", 0.0)}));
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QString("mean |SHAP|"));
        QVERIFY(model.headerData(1, Qt::Horizontal, Qt::ToolTipRole).toString().contains("TreeSHAP"));
        QCOMPARE(model.index(0, 0).data(Qt::ToolTipRole).toString(), QString("work"));
        // The tree is of all of them: there is nothing to choose.
        QCOMPARE(columns->selectionMode(), QAbstractItemView::NoSelection);
        auto* output = view.findChild<QComboBox*>("effects.output");
        output->setCurrentIndex(1);
        emit output->activated(1);
        QCOMPARE(linesOf(model), (QStringList{line("age", 0.25), line("work", 0.0625), line("noise", 0.0)}));

        // Another method's columns can be chosen again.
        view.setEffects(curves());
        QCOMPARE(model.index(0, 0).data().toString(), QString("All columns"));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(columns->selectionMode(), QAbstractItemView::SingleSelection);
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QString("moves by"));
        view.clear();
        QVERIFY(!columns->isVisible());
    }

    void model()
    {
        EffectColumnsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEffects(treeOutcome(), 0);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.columnAt(1), -1);
        QCOMPARE(model.lineOf(1), -1);
        QCOMPARE(model.order(), (std::vector<std::size_t>{2, 1, 0}));
        model.setEffects(curves(), 0);
        QCOMPARE(model.columnAt(1), 1);
        QCOMPARE(model.lineOf(1), 1);
        // A tree from elsewhere, that nobody weighed.
        auto bare = treeOutcome();
        for (SurrogateTree::Column& column : std::get<SurrogateTree>(bare->result).columns)
            column.importance.clear();
        model.setEffects(bare, 0);
        QCOMPARE(model.rowCount(), 0);
        model.setEffects(nullptr, 0);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(tst_EffectsView)
#include "tst_effects_view.moc"
