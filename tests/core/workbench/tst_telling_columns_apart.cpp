// A column of noise and a leaked copy of the target are told from the real columns, by every method that looks at many rows.
#include "core/base/Random.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/EffectTable.h"
#include "core/workbench/ExplainMethods.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <QTemporaryDir>

#include <cmath>
#include <map>

using namespace limpid;
using namespace limpid::test;

class TestTellingColumnsApart : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Predictor> m_predictor;
    DataSet m_data;

    /// What each column matters by that method's own figure; the one output of two classes.
    std::map<std::string, double> weights(const std::string& method)
    {
        Task task;
        std::map<std::string, double> found;
        if (explainMethod(method).about == ExplainMethod::About::Quality) {
            for (const ColumnImportance& column : importanceOfTable(*m_predictor, m_data.table(), 5, 1, task).columns)
                found[column.column] = column.mean;
            return found;
        }
        if (explainMethod(method).about == ExplainMethod::About::Rows) {
            ExplainRequest request;
            request.method = method;
            request.rowEnd = 60;
            request.background = 50;
            request.budget = explainMethod(method).budget ? 200 : 0;
            if (method == "lime") { // of few samples its values are mostly chance
                request.budget = 0;
                request.limeFeatures = 0;
            }
            const Explanation explanation = explainTable(*m_predictor, m_data.table(), {}, request, {}, task);
            for (const FeatureImportance& importance : meanAbsolute(explanation, 0))
                found[explanation.features[importance.feature]] = importance.mean;
            return found;
        }
        EffectRequest request;
        request.method = *effectMethod(method);
        request.rows = request.method == EffectMethod::Interactions ? 100 : 0;
        const EffectOutcome outcome = effectsOfTable(*m_predictor, m_data.table(), {}, request, task);
        std::visit([&](const auto& result) {
            using Result = std::decay_t<decltype(result)>;
            if constexpr (std::is_same_v<Result, Interactions>) {
                for (const Interactions::Column& column : result.columns)
                    found[result.names[column.column]] = column.strength.front();
            } else if constexpr (std::is_same_v<Result, ColumnInteractions>) {
                for (std::size_t i = 0; i < result.players.size(); ++i) // what each does by itself
                    found[result.players[i]] = result.meanAbsolute[result.cell(0, i, i)];
            } else if constexpr (std::is_same_v<Result, SurrogateTree>) {
                for (const SurrogateTree::Column& column : result.columns)
                    found[column.name] = column.gain;
            } else {
                for (const auto& column : result)
                    found[column.name] = column.range(0);
            }
        }, outcome.result);
        return found;
    }

private slots:
    /// The target with a little noise, so that it is no column of two values, and a column of noise, beside real columns.
    void initTestCase()
    {
        Task task;
        const DataSet real = openData(project("resources/samples/penguins.csv"), {}, task);
        const Column& sex = real.table().column(*real.table().find("sex"));
        Random random(3, "columns");
        std::vector<std::string> lines(1);
        std::vector<std::size_t> kept;
        for (const std::string& name : real.table().names())
            lines.front() += name + ',';
        lines.front() += "leak,noise";
        for (std::size_t row = 0; row < real.table().rows(); ++row) {
            if (sex.isMissing(row))
                continue;
            std::string& line = lines.emplace_back();
            for (std::size_t column = 0; column < real.table().columnCount(); ++column)
                line += real.table().column(column).display(row) + ',';
            const double leak = static_cast<double>(sex.codes()[row]) + 0.2 * random.normal();
            line += std::to_string(leak) + ',' + std::to_string(random.normal());
        }
        QByteArray csv;
        for (const std::string& line : lines)
            csv += QByteArray::fromStdString(line) + '\n';
        m_data = openData(write(m_dir, "columns.csv", csv), {}, task);
        Workspace workspace(m_dir.path().toStdString() + "/workspace");
        TrainRequest request;
        request.pipeline.target = "sex";
        request.train.epochs = 40;
        m_predictor = makePredictor(workspace.loadBundle(trainModel(workspace, m_data, request, {}, {}, task).version));
    }

    void noiseIsLastAndTheLeakFirst_data()
    {
        QTest::addColumn<QString>("method");
        for (const ExplainMethod& method : explainMethods()) {
            if (method.about != ExplainMethod::About::Row && !method.name.starts_with("linear") && !isGradCam(method.name)) // of linear networks, of pictures
                QTest::newRow(method.name.c_str()) << QString::fromStdString(method.name);
        }
    }

    void noiseIsLastAndTheLeakFirst()
    {
        QFETCH(QString, method);
        const std::map<std::string, double> found = weights(method.toStdString());
        QByteArray all;
        for (const auto& [name, weight] : found)
            all += QByteArray::fromStdString(name) + ' ' + QByteArray::number(weight) + "; ";
        double most = 0.0, real = 0.0;
        for (const auto& [name, weight] : found) {
            if (name != "leak")
                most = std::max(most, weight);
            if (name != "leak" && name != "noise")
                real = std::max(real, weight);
        }
        QVERIFY2(found.at("leak") > 1.5 * most, all.constData());
        if (method == "interactions") {
            // H tells how columns act together, not what they matter: a real column that acts by itself is no higher than noise.
            QVERIFY2(found.at("noise") < 0.5 * found.at("leak"), all.constData());
            return;
        }
        QVERIFY2(found.at("noise") < 0.5 * real, all.constData());
        QVERIFY2(found.at("noise") < 0.1 * found.at("leak"), all.constData());
    }
};

QTEST_GUILESS_MAIN(TestTellingColumnsApart)
#include "tst_telling_columns_apart.moc"
