#include "core/explain/SurrogateImportance.h"
#include "tests/core/explain/TestEffects.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <QTest>

using namespace limpid;
using test::FunctionRows;
using test::numberColumn;

namespace {

using Row = std::vector<double>;

/// Numbers, a category of five levels and gaps in both; a column that is never asked about.
std::vector<EffectColumn> mixed(int rows, std::uint64_t seed)
{
    Random random(seed, "rows");
    std::vector<double> a, b, c;
    for (int i = 0; i < rows; ++i) {
        a.push_back(random.uniform() < 0.1 ? test::gap : std::round(10.0 * random.normal()));
        b.push_back(random.uniform());
        c.push_back(random.uniform() < 0.1 ? test::gap : double(random.below(5)));
    }
    return {numberColumn("a", a), numberColumn("same", std::vector<double>(std::size_t(rows), 1.0)), numberColumn("b", b),
            test::categoryColumn("c", c, {"p", "q", "r", "s", "t"})};
}

Row model(const Row& row)
{
    const double a = std::isnan(row[0]) ? 1.0 : row[0] / 10.0, c = std::isnan(row[3]) ? 2.0 : row[3] == 1.0 || row[3] == 4.0 ? -1.0 : 0.5;
    return {a * c + row[2], std::abs(a) - 2.0 * row[2] * c};
}

} // namespace

class tst_SurrogateImportance : public QObject
{
    Q_OBJECT

private slots:
    void byHand();
    void enumerated();
    void noQuestion();
    void cancels();
};

void tst_SurrogateImportance::byHand()
{
    // One question: half of the rows give 1, half 5, so that each is 2 away from the mean. (Which of the 100 rows the tree is grown on moves
    // the mean a little: 3 + d, and the mean of |1 − 3 − d| and |5 − 3 − d| is still 2.)
    std::vector<double> x, other;
    for (int i = 0; i < 100; ++i) {
        x.push_back(i % 2);
        other.push_back(i % 7);
    }
    const FunctionRows rows({numberColumn("other", other), numberColumn("x", x)}, 1, [](const Row& row) { return Row{row[1] < 0.5 ? 1.0 : 5.0}; });
    Task task;
    const SurrogateTree tree = surrogateTree(rows, {}, task);
    QCOMPARE(tree.columns[0].importance, Row{0.0});
    QVERIFY(std::abs(tree.columns[1].importance[0] - 2.0) < 1e-12);
}

void tst_SurrogateImportance::enumerated()
{
    // Against the exact Shapley values of the same game, played on the surrogate's own nodes in the user's columns.
    const FunctionRows rows(mixed(400, 3), 2, model);
    for (const std::size_t depth : {std::size_t(2), std::size_t(6)}) {
        SurrogateSpec spec;
        spec.depth = depth;
        spec.leastGain = 1e-6;
        spec.agreement = Agreement::None;
        Task task;
        const SurrogateTree tree = surrogateTree(rows, spec, task);
        QVERIFY(tree.nodes.size() > 2 * depth);
        const test::FunctionGame game(rows.rows(), 4, 2, [&](std::size_t row, std::span<const std::uint8_t> members) {
            Row outputs(2, 0.0);
            const auto go = [&](const auto& self, std::size_t index, double share) -> void {
                const SurrogateNode& node = tree.nodes[index];
                if (node.left == 0) {
                    for (std::size_t i = 0; i < 2; ++i)
                        outputs[i] += share * node.value[i];
                    return;
                }
                const double value = rows.columns()[node.column].values[row];
                for (const bool left : {true, false}) {
                    const std::size_t child = left ? node.left : node.right;
                    if (!members[node.column])
                        self(self, child, share * double(tree.nodes[child].rows) / double(node.rows));
                    else if (tree.goesLeft(index, value) == left)
                        self(self, child, share);
                }
            };
            go(go, 0, 1.0);
            return outputs;
        });
        const ShapleyValues expected = exactShapley(game, task);
        for (std::size_t column = 0; column < 4; ++column) {
            for (std::size_t output = 0; output < 2; ++output) {
                double mean = 0.0;
                for (std::size_t row = 0; row < rows.rows(); ++row)
                    mean += std::abs(expected.values[(row * 2 + output) * 4 + column]) / double(rows.rows());
                const double found = tree.columns[column].importance[output];
                QVERIFY2(std::abs(found - mean) < 1e-9, qPrintable(QStringLiteral("%1: %2, %3").arg(column).arg(found).arg(mean)));
            }
        }
        QCOMPARE(tree.columns[1].importance, (Row{0.0, 0.0}));
        // The tree's own answers, by its copy.
        const SurrogateEnsemble made = surrogateEnsemble(tree);
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            std::vector<float> answers;
            Row values;
            for (const EffectColumn& column : rows.columns())
                values.push_back(column.values[row]);
            for (const std::size_t question : made.questions)
                answers.push_back(tree.goesLeft(question, values[tree.nodes[question].column]) ? 0.0F : 1.0F);
            QCOMPARE(made.ensemble.margins(answers), tree.nodes[tree.leafOf(values)].value);
        }
    }
}

void tst_SurrogateImportance::noQuestion()
{
    const FunctionRows constant(mixed(60, 1), 1, [](const Row&) { return Row{3.0}; });
    Task task;
    for (const SurrogateTree::Column& column : surrogateTree(constant, {}, task).columns)
        QCOMPARE(column.importance, Row{0.0});
}

void tst_SurrogateImportance::cancels()
{
    const FunctionRows rows(mixed(60, 1), 2, model);
    Task task;
    SurrogateTree tree = surrogateTree(rows, {}, task);
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(weighColumns(tree, rows.columns(), task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_SurrogateImportance)
#include "tst_surrogate_importance.moc"
