// What explanations compare with, over the real engine: which rows each kind comes to, and that values against them are exact.
#include "core/base/Random.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/Workbench.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

using namespace limpid;
using namespace limpid::test;

namespace {

/// 300 rows: two numbers, of which `twin` is nearly `size`, and a colour; y = size · (1 or −1 where the colour is blue).
QByteArray someTable()
{
    Random random(1, "table");
    QByteArray csv = "size,twin,colour,y\n";
    for (int i = 0; i < 300; ++i) {
        const double size = random.normal(), twin = size + 0.001 * random.normal();
        const bool blue = i % 3 == 0;
        csv += QByteArray::number(size, 'g', 8) + ',' + QByteArray::number(twin, 'g', 8) + ',' + (blue ? "blue" : "red") + ','
               + QByteArray::number((blue ? -size : size) + 0.1 * random.normal(), 'g', 8) + '\n';
    }
    return csv;
}

} // namespace

class TestExplainBackground : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    DataSet m_data;
    std::unique_ptr<Predictor> m_predictor;
    std::vector<std::size_t> m_training;   // the even rows, say

    ExplainRequest request(const BackgroundSpec& background, const std::string& method = "exact") const
    {
        ExplainRequest request;
        request.method = method;
        request.background = background;
        request.rowEnd = 6;
        return request;
    }
    Explanation explained(const BackgroundSpec& background, const std::string& method = "exact") const
    {
        Task task;
        return explainTable(*m_predictor, m_data.table(), m_training, request(background, method), {}, task);
    }
    Features encoded(const std::vector<std::size_t>& rows) const
    {
        Issues issues;
        return m_predictor->pipeline().transform(m_data.table(), rows, false, issues);
    }

private slots:
    void initTestCase()
    {
        Workspace workspace(m_dir.path().toStdString() + "/workspace");
        Task task;
        m_data = openData(write(m_dir, "table.csv", someTable()), {}, task);
        TrainRequest request;
        request.pipeline.target = "y";
        request.train.epochs = 15;
        m_predictor = makePredictor(workspace.loadBundle(trainModel(workspace, m_data, request, {}, {}, task).version));
        for (std::size_t row = 0; row < 300; row += 2)
            m_training.push_back(row);
    }

    void chosenRows_data()
    {
        QTest::addColumn<QString>("background");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("of");
        QTest::addColumn<bool>("weighted");
        // Of the 150 even rows a third, those divisible by 6, are blue.
        QTest::newRow("all") << "all" << 150 << 150 << false;
        QTest::newRow("sample") << "20" << 20 << 150 << false;
        QTest::newRow("larger sample than there is") << "1000" << 150 << 150 << false;
        QTest::newRow("k-means") << "kmeans:12" << 12 << 150 << true;
        QTest::newRow("row, though not of the training rows") << "row:7" << 1 << 150 << false;
        QTest::newRow("cohort") << "where:colour = blue" << 50 << 50 << false;
        QTest::newRow("sample of a cohort") << "8 where: colour=blue" << 8 << 50 << false;
    }

    void chosenRows()
    {
        QFETCH(QString, background);
        QFETCH(int, rows);
        QFETCH(int, of);
        QFETCH(bool, weighted);
        Task task;
        const BackgroundSpec spec = parseBackground(background.toStdString());
        const ChosenBackground chosen = chooseBackground(*m_predictor, m_data.table(), m_training, spec, 1, task);
        QCOMPARE(chosen.rows.size(), static_cast<std::size_t>(rows));
        QCOMPARE(chosen.of, static_cast<std::size_t>(of));
        QVERIFY(std::is_sorted(chosen.rows.begin(), chosen.rows.end()));
        for (const std::size_t row : chosen.rows) {
            QVERIFY(row % 2 == (spec.kind == BackgroundSpec::Kind::Row ? 1u : 0u));
            QVERIFY(spec.kind != BackgroundSpec::Kind::Cohort || row % 3 == 0);
        }
        QCOMPARE(!chosen.weights.empty(), weighted);
        QVERIFY(!weighted || std::abs(std::accumulate(chosen.weights.begin(), chosen.weights.end(), 0.0) - 1.0) < 1e-12);
        const ChosenBackground again = chooseBackground(*m_predictor, m_data.table(), m_training, spec, 1, task);
        QVERIFY(chosen.rows == again.rows && chosen.weights == again.weights);

        // The explanation tells it, and its base is the mean prediction of just these rows.
        const Explanation explanation = explained(spec);
        QCOMPARE(explanation.backgroundInfo.kind, std::string(backgroundKindName(spec.kind)));
        QCOMPARE(explanation.backgroundRows, chosen.rows.size());
        QCOMPARE(explanation.backgroundOf, chosen.of);
        QCOMPARE(explanation.background, std::string("training rows"));
        const Predictions predictions = m_predictor->predict(encoded(chosen.rows), OutputSpace::Raw, task);
        double mean = 0.0;
        for (std::size_t i = 0; i < chosen.rows.size(); ++i)
            mean += predictions.values[i] * (weighted ? chosen.weights[i] : 1.0 / static_cast<double>(rows));
        QVERIFY(std::abs(explanation.base.front() - mean) < 1e-6); // float32, which differs between one row and many
        QVERIFY(explanation.residual < 1e-9);
        const nlohmann::json told = explanation.toJson()["background"];
        QCOMPARE(told["rows"].get<int>(), rows);
        QCOMPARE(told["of"].get<int>(), of);
        QCOMPARE(told.contains("where"), spec.kind == BackgroundSpec::Kind::Cohort);
        QVERIFY(!told.contains("where") || told["where"] == "colour = blue");
        QVERIFY(!told.contains("row") || told["row"] == 7);
    }

    void givenRows()
    {
        BackgroundSpec spec;
        spec.kind = BackgroundSpec::Kind::Rows;
        spec.rows = {9, 3, 3, 5};
        spec.count = 0;
        Task task;
        const ChosenBackground chosen = chooseBackground(*m_predictor, m_data.table(), m_training, spec, 1, task);
        QCOMPARE(chosen.rows, (std::vector<std::size_t>{3, 5, 9}));
        QCOMPARE(chosen.of, std::size_t{3});
    }

    void wholeBackgroundIsTheEnumeration()
    {
        // Every composite of the first row with each training row, by the predictor itself, and Shapley's own formula.
        Task task;
        const Features all = encoded(m_training), row = encoded({0});
        const std::vector<FeatureGroup>& groups = m_predictor->pipeline().groups();
        const FunctionGame byHand(1, 3, 1, [&](std::size_t, std::span<const std::uint8_t> members) {
            Features composites = all;
            for (std::size_t b = 0; b < all.rows; ++b) {
                for (std::size_t player = 0; player < 3; ++player) {
                    for (std::size_t k = groups[player].numberBegin; members[player] && k < groups[player].numberEnd; ++k)
                        composites.numbers[b * all.numberWidth + k] = row.numbers[k];
                    for (std::size_t k = groups[player].categoryBegin; members[player] && k < groups[player].categoryEnd; ++k)
                        composites.categories[b * all.categoryWidth + k] = row.categories[k];
                }
            }
            Task part;
            const std::vector<double> values = m_predictor->predict(composites, OutputSpace::Raw, part).values;
            return std::vector<double>{std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size())};
        });
        const std::vector<double> expected = shapleyByDefinition(byHand, 0, 0);
        const Explanation found = explained(parseBackground("all"));
        for (std::size_t player = 0; player < 3; ++player)
            QVERIFY2(std::abs(found.value(0, 0, player) - expected[player]) < 1e-5, std::to_string(found.value(0, 0, player) - expected[player]).c_str());
    }

    void weightsCountInEveryMethod_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"deeplift", "expected-gradients", "integrated-gradients", "saliency", "smoothgrad"})
            QTest::newRow(method) << method;
    }

    void weightsCountInEveryMethod()
    {
        // Quarters as weights are rows that stand there as often.
        QFETCH(QString, method);
        AttributionSpec spec;
        spec.method = method.toStdString();
        Task task;
        const Features rows = encoded({1, 2});
        const std::vector<double> weights{0.25, 0.5, 0.25};
        const Attributions weighted = attributions(*m_predictor, rows, encoded({4, 9, 12}), OutputSpace::Raw, spec, task, weights);
        const Attributions repeated = attributions(*m_predictor, rows, encoded({4, 9, 9, 12}), OutputSpace::Raw, spec, task);
        const Attributions equal = attributions(*m_predictor, rows, encoded({4, 9, 12}), OutputSpace::Raw, spec, task);
        QCOMPARE(weighted.values.size(), repeated.values.size());
        for (std::size_t i = 0; i < weighted.values.size(); ++i)
            QVERIFY(std::abs(weighted.values[i] - repeated.values[i]) < 1e-9);
        QVERIFY(std::abs(weighted.base.front() - repeated.base.front()) < 1e-9);
        QVERIFY(std::abs(weighted.base.front() - equal.base.front()) > 1e-4); // they do count
    }

    void outsideTheData()
    {
        // Nearly two columns in one, so that most composites that take one from each row are nowhere near the data.
        const Explanation shapley = explained(parseBackground("50"), "leverage");
        QVERIFY(shapley.outside.has_value());
        QVERIFY2(shapley.outside->share > 0.3, std::to_string(shapley.outside->share).c_str());
        QCOMPARE(shapley.toJson()["outOfDistribution"]["share"].get<double>(), shapley.outside->share);
        QCOMPARE(explained(parseBackground("50"), "leverage").outside->share, shapley.outside->share);
        QVERIFY(explained(parseBackground("50"), "occlusion").outside.has_value());
        QVERIFY(!explained(parseBackground("50"), "deeplift").outside.has_value());
        // In a group the two stay together.
        ExplainRequest together = request(parseBackground("50"), "leverage");
        together.groups = {{"both", {"size", "twin"}}};
        Task task;
        QVERIFY(explainTable(*m_predictor, m_data.table(), m_training, together, {}, task).outside->share < 0.1);
    }

    void costOfALargeBackground()
    {
        Task task;
        for (const char* method : {"leverage", "deeplift", "expected-gradients"}) {
            const ExplainCost cost = estimateExplainCost(*m_predictor, m_data.table(), m_training, request(parseBackground("all"), method), task);
            const Explanation explanation = explained(parseBackground("all"), method);
            QCOMPARE(cost.modelRows, explanation.modelRows);
            QVERIFY(cost.seconds > 0.0);
        }
    }

    void refused_data()
    {
        QTest::addColumn<QString>("background");
        QTest::addColumn<QString>("error");
        for (const char* text : {"", "none", "0", "-3", "1.5", "kmeans", "kmeans:0", "kmeans:x", "row:", "row:-1", "row:x", "0 where:size>1", "x where:size>1", "where:", "where:size"})
            QTest::newRow(qPrintable(QString("text: %1").arg(text))) << text << "OptionInvalid";
        QTest::newRow("row beyond the table") << "row:300" << "OptionInvalid";
        QTest::newRow("empty cohort") << "where:size > 1000" << "OptionInvalid";
        QTest::newRow("unknown column") << "where:siez > 0" << "ColumnUnknown";
        QTest::newRow("unknown value") << "where:colour = green" << "OptionInvalid";
    }

    void refused()
    {
        QFETCH(QString, background);
        QFETCH(QString, error);
        QCOMPARE(errorNameOf([&] { explained(parseBackground(background.toStdString())); }), error.toStdString());
        QCOMPARE(errorNameOf([&] {
                     Task task;
                     estimateExplainCost(*m_predictor, m_data.table(), m_training, request(parseBackground(background.toStdString())), task);
                 }),
                 error.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestExplainBackground)
#include "tst_explain_background.moc"
