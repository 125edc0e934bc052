// Explaining rows of the project's own data by trained models, over the real engine and store.
#include "core/engine/NetworkPredictor.h"
#include "core/explain/Shapley.h"
#include "core/workbench/ExplainTable.h"
#include "tests/core/workbench/Samples.h"

#include <cmath>
#include <numeric>

using namespace limpid;
using namespace limpid::test;

class TestExplainTable : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;

    TrainOutcome trained(const DataSet& data, const TrainRequest& request)
    {
        Task task;
        return trainModel(*m_workspace, data, request, {}, {}, task);
    }

private slots:
    void initTestCase() { m_workspace = std::make_unique<Workspace>(m_dir.path().toStdString()); }

    void explanationsAddUp_data()
    {
        QTest::addColumn<QString>("method");
        for (const std::string& method : shapleyMethods())
            QTest::newRow(method.c_str()) << QString::fromStdString(method);
    }

    void explanationsAddUp()
    {
        QFETCH(QString, method);
        const DataSet data = sample("penguins.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table(), "species"));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        const std::vector<std::size_t> training = rowsOf(outcome.run, data.table(), false);
        ExplainRequest request;
        request.method = method.toStdString();
        request.budget = method == "exact" ? 0 : 200;
        request.background = 20;
        request.rowBegin = 5;
        request.rowEnd = 300;
        std::size_t calls = 0, rowsBefore = 0;
        double fraction = 0.0;
        Task task([&](const Task::Progress& progress) { fraction = std::max(fraction, progress.fraction); });
        const Explanation explanation = explainTable(*predictor, data.table(), training, request, [&](const Explanation& part) {
            ++calls;
            QVERIFY(part.rowCount() > rowsBefore);
            rowsBefore = part.rowCount();
        }, task);
        QVERIFY(calls > 1); // shown as it comes
        QCOMPARE(fraction, 1.0);

        // One categorical column is one player, and every column of the user's is one.
        std::vector<std::string> inputs = data.table().names();
        std::erase(inputs, "species");
        std::erase_if(inputs, [&](const std::string& name) {
            const auto& groups = predictor->pipeline().groups();
            return std::none_of(groups.begin(), groups.end(), [&](const FeatureGroup& group) { return group.column == name; });
        });
        QCOMPARE(explanation.features, inputs);
        QVERIFY(std::find(inputs.begin(), inputs.end(), "island") != inputs.end());
        QCOMPARE(explanation.outputs, predictor->pipeline().classes());
        QCOMPARE(explanation.rows.size(), std::size_t(295));
        QCOMPARE(explanation.rows.front(), std::size_t(5));
        QCOMPARE(explanation.backgroundRows, std::size_t(20));
        QVERIFY2(explanation.residual <= 1e-6, std::to_string(explanation.residual).c_str());
        const std::size_t cells = 295 * explanation.features.size();
        QCOMPARE(explanation.cellText.size(), cells);
        QCOMPARE(explanation.cellNumber.size(), cells);
        QCOMPARE(explanation.values.size(), cells * 3);
        QCOMPARE(explanation.errors.size(), cells * 3);
        const auto island = static_cast<std::size_t>(std::find(inputs.begin(), inputs.end(), "island") - inputs.begin());
        QCOMPARE(explanation.cellText[island], data.table().column(*data.table().find("island")).display(5));

        // Predictions are the model's own.
        Issues issues;
        const Features features = predictor->pipeline().transform(data.table(), explanation.rows, false, issues);
        const Predictions raw = predictor->predict(features, OutputSpace::Raw, task);
        for (std::size_t i = 0; i < raw.values.size(); ++i)
            QVERIFY(std::abs(raw.values[i] - explanation.predictions[i]) < 1e-5);
    }

    void explainingIsRepeatableAndDoesNotDependOnTheRowsBeside()
    {
        const DataSet data = sample("iris.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.method = "leverage";
        const Explanation all = explainTable(*predictor, data.table(), {}, request, {}, task);
        QCOMPARE(all.rowCount(), std::size_t(150));
        request.rowBegin = 70;
        request.rowEnd = 71;
        const Explanation one = explainTable(*predictor, data.table(), {}, request, {}, task);
        for (std::size_t feature = 0; feature < 4; ++feature)
            QVERIFY(std::abs(one.value(0, 0, feature) - all.value(70, 0, feature)) < 1e-5);
        const Explanation again = explainTable(*predictor, data.table(), {}, request, {}, task);
        QVERIFY(again.values == one.values);
    }

    void limeExplainsRowsOneByOne()
    {
        const DataSet data = sample("penguins.csv"); // numbers and categories with gaps
        TrainRequest wanted = requestFor(data.table(), "species");
        wanted.train.epochs = 10;
        const TrainOutcome outcome = trained(data, wanted);
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.method = "lime";
        request.budget = 600;
        request.rowEnd = 9;
        request.limeFeatures = 2;
        const Explanation all = explainTable(*predictor, data.table(), {}, request, {}, task);
        QVERIFY(!all.additive);
        QCOMPARE(all.evaluations, std::uint64_t(600));
        QCOMPARE(all.modelRows, std::uint64_t(9 * 600));
        QCOMPARE(all.fit.size(), 9 * all.outputs.size());
        QVERIFY(all.toJson()["rows"][8]["fit"].size() == all.outputs.size());
        for (std::size_t row = 0; row < 9; ++row) {
            for (std::size_t output = 0; output < all.outputs.size(); ++output) {
                std::size_t kept = 0;
                for (std::size_t feature = 0; feature < all.features.size(); ++feature)
                    kept += all.value(row, output, feature) != 0.0 ? 1 : 0;
                QVERIFY(kept <= 2);
            }
        }
        request.space = OutputSpace::Probability;
        const Explanation probable = explainTable(*predictor, data.table(), {}, request, {}, task);
        QVERIFY(std::abs(std::accumulate(probable.predictions.begin(), probable.predictions.begin() + std::ptrdiff_t(probable.outputs.size()), 0.0) - 1.0) < 1e-5);
        request.space = OutputSpace::Raw;
        request.rowBegin = 7;
        request.rowEnd = 8;
        const Explanation one = explainTable(*predictor, data.table(), {}, request, {}, task);
        for (std::size_t i = 0; i < one.values.size(); ++i)
            QVERIFY(std::abs(one.values[i] - all.values[7 * one.values.size() + i]) < 1e-5);
        QVERIFY(explainTable(*predictor, data.table(), {}, request, {}, task).values == one.values);

        const ExplainCost cost = estimateExplainCost(*predictor, data.table(), {}, request, task);
        QCOMPARE(cost.modelRows, std::uint64_t(600));
        QVERIFY(cost.seconds > 0.0);

        const auto refused = [&](const ExplainRequest& bad) { return errorNameOf([&] { explainTable(*predictor, data.table(), {}, bad, {}, task); }); };
        ExplainRequest bad = request;
        bad.groups = {{"both", {"island", "sex"}}};
        QCOMPARE(refused(bad), std::string("OptionUnused"));
        bad = request;
        bad.budget = 7;
        QCOMPARE(refused(bad), std::string("OptionInvalid"));
        bad.budget = 1'000'000'000;
        QCOMPARE(refused(bad), std::string("OptionInvalid"));
        bad = request;
        bad.method = "leverage";
        QCOMPARE(refused(bad), std::string("OptionUnused"));
    }

    /// A column is one player whatever it was encoded as, and one-hot columns, which determine each other, do no harm.
    void linearNetworks_data()
    {
        QTest::addColumn<QString>("method");
        QTest::newRow("linear") << "linear";
        QTest::newRow("linear-correlated") << "linear-correlated";
    }
    void linearNetworks()
    {
        QFETCH(QString, method);
        const DataSet data = sample("penguins.csv");
        TrainRequest training = requestFor(data.table(), "body_mass_g");
        training.preset = "linear";
        const TrainOutcome outcome = trained(data, training);
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.method = method.toStdString();
        request.background.kind = BackgroundSpec::Kind::All;
        request.rowEnd = 60;
        const Explanation explanation = explainTable(*predictor, data.table(), {}, request, {}, task);
        QCOMPARE(explanation.features.size(), predictor->pipeline().groups().size());
        QCOMPARE(explanation.rowCount(), std::size_t{60});
        QVERIFY2(explanation.residual <= 1e-6, std::to_string(explanation.residual).c_str());
        QVERIFY(std::none_of(explanation.values.begin(), explanation.values.end(), [](double value) { return std::isnan(value); }));
        QVERIFY(estimateExplainCost(*predictor, data.table(), {}, request, task).seconds > 0.0);
    }

    /// What a trial says of the errors is what the explanation then has, about; and it has the memory that it said, about.
    void errorsAreForetold_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("budget");
        QTest::newRow("permutation") << "permutation" << 40;
        QTest::newRow("leverage") << "leverage" << 40;
        QTest::newRow("lime") << "lime" << 400;
    }
    void errorsAreForetold()
    {
        QFETCH(QString, method);
        QFETCH(int, budget);
        const DataSet data = sample("penguins.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table(), "species"));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.method = method.toStdString();
        request.budget = std::size_t(budget);
        request.background = 50;
        request.rowEnd = 100;
        const ExplainCost cost = estimateExplainCost(*predictor, data.table(), {}, request, task);
        const Explanation found = explainTable(*predictor, data.table(), {}, request, {}, task);
        const double error = relativeError(found.values, found.errors);
        QVERIFY(cost.error && error > 0.0);
        QVERIFY2(*cost.error > error / 4.0 && *cost.error < error * 4.0, qPrintable(QString("%1 foretold, %2 found").arg(*cost.error).arg(error)));
        QVERIFY(cost.bytes > found.values.size() * 2 * sizeof(double));
        request.method = "exact";
        request.budget = 0;
        QCOMPARE(estimateExplainCost(*predictor, data.table(), {}, request, task).error.value_or(-1.0), 0.0);
    }

    void badExplainRequests_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("begin");
        QTest::addColumn<int>("end");
        QTest::addColumn<int>("background");
        QTest::addColumn<QString>("error");
        QTest::newRow("range beyond the rows") << "leverage" << 0 << 570 << 100 << "RowRangeInvalid";
        QTest::newRow("empty range") << "leverage" << 5 << 5 << 100 << "RowRangeInvalid";
        QTest::newRow("backward range") << "leverage" << 9 << 5 << 100 << "RowRangeInvalid";
        QTest::newRow("no background") << "leverage" << 0 << 5 << 0 << "OptionInvalid";
        QTest::newRow("unknown method") << "magic" << 0 << 5 << 100 << "OptionInvalid";
        QTest::newRow("too many players") << "exact" << 0 << 5 << 100 << "TooManyPlayers";
    }

    void badExplainRequests()
    {
        QFETCH(QString, method);
        QFETCH(int, begin);
        QFETCH(int, end);
        QFETCH(int, background);
        QFETCH(QString, error);
        const DataSet data = sample("breast_cancer.csv"); // 30 players, 569 rows
        static const Bundle bundle = m_workspace->loadBundle(trained(data, requestFor(data.table())).version);
        const auto predictor = makePredictor(bundle);
        ExplainRequest request;
        request.method = method.toStdString();
        request.rowBegin = static_cast<std::size_t>(begin);
        request.rowEnd = static_cast<std::size_t>(end);
        request.background = static_cast<std::size_t>(background);
        Task task;
        QCOMPARE(errorNameOf([&] { explainTable(*predictor, data.table(), {}, request, {}, task); }), error.toStdString());
        QCOMPARE(errorNameOf([&] { estimateExplainCost(*predictor, data.table(), {}, request, task); }), error.toStdString());
    }

    void explainingCanBeCancelled()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.budget = 256;
        request.rowEnd = 500;
        request.background = 20;
        std::size_t calls = 0;
        QVERIFY_EXCEPTION_THROWN(explainTable(*predictor, data.table(), {}, request, [&](const Explanation&) {
            ++calls;
            task.cancel();
        }, task), Cancelled);
        QCOMPARE(calls, std::size_t(1));
    }

    void gradientsByColumnKeepWhatIsDone()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        ExplainRequest request;
        request.method = "expected-gradients";
        request.rowEnd = 500;
        request.background = 20;
        Task task;
        const Explanation part = explainTable(*predictor, data.table(), {}, request, [&](const Explanation&) { task.finish(); }, task);
        QVERIFY(part.rowCount() > 0 && part.rowCount() < 500);
        QCOMPARE(part.values.size(), part.rowCount() * part.features.size());
        QCOMPARE(part.method, std::string("expected-gradients"));

        // DeepLIFT over the same rows, whole: it adds up, and its first rows do not depend on how many there are.
        request.method = "deeplift";
        Task other;
        const Explanation all = explainTable(*predictor, data.table(), {}, request, {}, other);
        QCOMPARE(all.rowCount(), std::size_t(500));
        QVERIFY(all.additive && all.residual < 1e-9 && !all.ledger.empty());
        request.rowEnd = 3;
        const Explanation few = explainTable(*predictor, data.table(), {}, request, {}, other);
        for (std::size_t i = 0; i < few.values.size(); ++i)
            QVERIFY(std::abs(few.values[i] - all.values[i]) < 1e-9);
        const ExplainCost cost = estimateExplainCost(*predictor, data.table(), {}, request, other);
        QCOMPARE(cost.modelRows, std::uint64_t(3 * 20));
        QVERIFY(cost.seconds > 0.0);
    }

    /// Groups are players: what they are worth is not the sum of what their columns are, but both add up.
    void groupsOfColumnsAndTreesOfThem()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        const std::string first = predictor->pipeline().groups()[0].column, third = predictor->pipeline().groups()[2].column;
        ExplainRequest request;
        request.rowEnd = 6;
        request.background = 20;
        request.groups = {{"size", {first, third}}};
        request.budget = 300;
        Task task;
        for (const std::string method : {"leverage", "permutation", "partition"}) {
            request.method = method;
            const Explanation explanation = explainTable(*predictor, data.table(), {}, request, {}, task);
            QCOMPARE(explanation.features.size(), predictor->pipeline().groups().size() - 1);
            QCOMPARE(explanation.features.front(), std::string("size"));
            QCOMPARE(explanation.cellText.front(), data.table().column(*data.table().find(first)).display(0) + ", "
                                                       + data.table().column(*data.table().find(third)).display(0));
            QVERIFY(std::isnan(explanation.cellNumber.front()));
            QVERIFY2(explanation.residual < 1e-9, std::to_string(explanation.residual).c_str());
        }
        const auto refused = [&] {
            try {
                explainTable(*predictor, data.table(), {}, request, {}, task);
            } catch (const Error& error) {
                return std::string(errorName(error.code()));
            }
            return std::string();
        };
        request.groups = {{"size", {first, "no such column"}}};
        QCOMPARE(refused(), std::string("ColumnUnknown"));
        request.groups = {{"size", {first}}, {"more", {first, third}}};
        QCOMPARE(refused(), std::string("OptionInvalid"));
        request.groups = {{"size", {first, third}}};
        request.method = "deeplift";
        QCOMPARE(refused(), std::string("OptionUnused"));
        request.method = "pdp";
        QCOMPARE(refused(), std::string("OptionInvalid"));
    }

    void costIsToldBeforehand()
    {
        const DataSet data = sample("breast_cancer.csv");
        const TrainOutcome outcome = trained(data, requestFor(data.table()));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        ExplainRequest request;
        request.budget = 512;
        request.rowEnd = 40;
        request.background = 50;
        const ExplainCost cost = estimateExplainCost(*predictor, data.table(), {}, request, task);
        const Explanation explanation = explainTable(*predictor, data.table(), {}, request, {}, task);
        QVERIFY(cost.modelRows >= explanation.modelRows && cost.modelRows <= explanation.modelRows * 12 / 10);
        QVERIFY(cost.seconds > 0.0);
    }
};

QTEST_GUILESS_MAIN(TestExplainTable)
#include "tst_explain_table.moc"
