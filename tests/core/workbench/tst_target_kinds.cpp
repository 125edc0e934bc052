// The main job with several targets and with counts: train, store, predict, evaluate, explain, go on.
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/RunSetup.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <cmath>

using namespace limpid;
using namespace limpid::test;

namespace {

/// 240 rows of two inputs; labels, numbers and counts that follow from them; every 40th row lacks one target of each kind.
QByteArray someTable()
{
    QByteArray csv = "x,kind,swims,flies,length,mass,eggs,legs\n";
    for (int i = 0; i < 240; ++i) {
        const double x = std::sin(i * 1.7) * 2.0;
        const int kind = i % 3;
        const bool gap = i % 40 == 39;
        csv += QByteArray::number(x, 'g', 12) + "," + "abc"[kind] + "," + (x + kind > 1.0 ? "yes" : "no") + ","
               + (gap ? "" : x < 0.5 ? "1" : "0") + "," + QByteArray::number(10.0 * x + kind, 'g', 12) + ","
               + (gap ? "" : QByteArray::number(4000.0 + 300.0 * kind, 'g', 12)) + ","
               + QByteArray::number(std::round(std::exp(1.0 + x))) + "," + QByteArray::number(2 + 2 * kind) + "\n";
    }
    return csv;
}

} // namespace

class TestTargetKinds : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;
    DataSet m_data;

    TrainRequest requestFor(const std::vector<std::string>& targets, const std::string& loss = "auto") const
    {
        TrainRequest request;
        request.pipeline.setTargets(targets);
        for (const std::string& column : m_data.table().names())
            if (column != "x" && column != "kind" && std::find(targets.begin(), targets.end(), column) == targets.end())
                request.pipeline.ignored.push_back(column);
        request.train.epochs = 12;
        request.train.loss = loss;
        request.name = "m";
        return request;
    }

    TrainOutcome trained(const TrainRequest& request)
    {
        Task task;
        return trainModel(*m_workspace, m_data, request, {}, {}, task);
    }

    EvaluateOutcome evaluatedOnValidation(const Predictor& predictor, const TrainRequest& request) const
    {
        Task task;
        const Split split = splitRows(m_data.table(), request.pipeline.targets(), request.split);
        return evaluateTable(predictor, m_data.table().select(split.validation), task);
    }

private slots:
    void initTestCase()
    {
        m_workspace = std::make_unique<Workspace>(m_dir.path().toStdString() + "/workspace");
        Task task;
        m_data = openData(write(m_dir, "table.csv", someTable()), {}, task);
    }

    void wholeWay_data()
    {
        QTest::addColumn<QString>("targets");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("task");
        QTest::addColumn<QString>("columns");
        QTest::addColumn<QString>("figure");
        QTest::addColumn<int>("rows");
        QTest::newRow("labels") << "swims,flies" << "auto" << "multi-label" << "swims,P(swims),flies,P(flies)" << "macro_roc_auc" << 234;
        QTest::newRow("numbers") << "mass,length" << "auto" << "multi-regression" << "mass,length" << "r2" << 234;
        QTest::newRow("counts") << "eggs,legs" << "Poisson" << "multi-regression" << "eggs,legs" << "r2" << 240;
        QTest::newRow("count") << "eggs" << "Poisson" << "regression" << "prediction" << "r2" << 240;
    }
    void wholeWay()
    {
        QFETCH(QString, targets);
        QFETCH(QString, loss);
        QFETCH(QString, task);
        QFETCH(QString, columns);
        QFETCH(QString, figure);
        QFETCH(int, rows);
        std::vector<std::string> names;
        for (const QString& name : targets.split(','))
            names.push_back(name.toStdString());
        const TrainRequest request = requestFor(names, loss.toStdString());
        const TrainOutcome outcome = trained(request);
        QVERIFY(outcome.result.validation.values.contains(figure.toStdString()));
        QCOMPARE(outcome.result.validation.values.contains("mean_poisson_deviance"), loss == "Poisson");

        const RunRecord run = m_workspace->run(outcome.run.id);
        QVERIFY(pipelineSpecFromJson(run.pipeline) == request.pipeline);
        QCOMPARE(run.pipeline.contains("targets"), names.size() > 1);
        QVERIFY(!run.metrics.contains("confusion"));
        const Bundle bundle = m_workspace->loadBundle(outcome.version);
        QCOMPARE(QString::fromUtf8(taskKindName(bundle.pipeline.task()).data()), task);
        QCOMPARE(bundle.about.value("task", ""), task.toStdString());
        QCOMPARE(bundle.about.contains("targets"), names.size() > 1);
        if (names.size() > 1)
            QCOMPARE(bundle.about["targets"].get<std::vector<std::string>>(), names);

        const auto predictor = makePredictor(bundle);
        Task work;
        const PredictOutcome predicted = predictTable(*predictor, m_data.table(), UnseenCategories::Refuse, work);
        QStringList found;
        for (const std::string& column : predicted.columns)
            found << QString::fromStdString(column);
        QCOMPARE(found.join(','), columns);
        QCOMPARE(predicted.table.rows(), m_data.table().rows());

        QCOMPARE(evaluateTable(*predictor, m_data.table(), work).rows, std::size_t(rows));
        for (const auto& [name, value] : evaluatedOnValidation(*predictor, request).metrics.values) {
            const double stored = run.metrics.at("validation").at(name).get<double>();
            QVERIFY2(std::abs(value - stored) < 1e-4 * std::max(1.0, std::abs(stored)), name.c_str());
        }

        // An output a target, adding up to what the model gives.
        for (const OutputSpace space : {OutputSpace::Raw, OutputSpace::Probability}) {
            ExplainRequest explain;
            explain.method = "exact";
            explain.space = space;
            explain.rowEnd = 20;
            const Explanation explanation = explainTable(*predictor, m_data.table(), {}, explain, {}, work);
            QCOMPARE(explanation.outputs, names);
            QCOMPARE(explanation.space == "probability", task == "multi-label" && space == OutputSpace::Probability);
            QVERIFY(explanation.residual < 1e-4);
            if (task == "multi-label" && space == OutputSpace::Raw)
                continue;
            for (std::size_t row = 0; row < 20; ++row)
                for (std::size_t output = 0; output < names.size(); ++output) {
                    const std::size_t column = task == "multi-label" ? 2 * output + 1 : output;
                    const double told = predicted.table.column(column).numbers()[row];
                    QVERIFY(std::abs(explanation.predictions[row * names.size() + output] - told) <= 1e-5 * std::max(1.0, std::abs(told)));
                }
        }
        const ImportanceResult importance = importanceOfTable(*predictor, m_data.table(), 2, 1, work);
        QCOMPARE(QString::fromStdString(importance.metric), figure);
        QVERIFY(importance.score > 0.3);

        // Gone on with: more epochs, with the same preparation.
        ResumeRequest more;
        more.run = run.id;
        more.epochs = 14;
        const TrainOutcome extended = resumeRun(*m_workspace, more, {}, {}, work);
        QCOMPARE(extended.run.epochs, 14);
        QVERIFY(m_workspace->loadBundle(extended.version).pipeline.toJson() == bundle.pipeline.toJson());
    }

    void labelsAsSpelled()
    {
        const TrainOutcome outcome = trained(requestFor({"swims", "flies"}));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        const Table table = predictTable(*predictor, m_data.table(), UnseenCategories::Refuse, task).table;
        bool both[2][2] = {};
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const bool swims = table.column(1).numbers()[row] >= 0.5, flies = table.column(3).numbers()[row] >= 0.5;
            QCOMPARE(table.column(0).display(row), std::string(swims ? "yes" : "no"));
            QCOMPARE(table.column(2).display(row), std::string(flies ? "1" : "0"));
            both[0][swims] = both[1][flies] = true;
        }
        QVERIFY(both[0][0] && both[0][1] && both[1][0] && both[1][1]);
    }

    void countsAreAboveZero()
    {
        const TrainOutcome outcome = trained(requestFor({"eggs"}, "Poisson"));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        const Table table = predictTable(*predictor, m_data.table(), UnseenCategories::Refuse, task).table;
        for (const double value : table.column(0).numbers())
            QVERIFY(value > 0.0 && value < 100.0);
    }

    void whatCanNotBe_data()
    {
        QTest::addColumn<QString>("targets");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("error");
        QTest::newRow("mixed") << "swims,length" << "auto" << "TargetsMixed";
        QTest::newRow("many classes") << "swims,kind" << "auto" << "TargetManyClasses";
        QTest::newRow("unknown") << "swims,length2" << "auto" << "TargetUnknown";
        QTest::newRow("twice") << "swims,swims" << "auto" << "TargetRepeated";
        QTest::newRow("negative counts") << "eggs,length" << "Poisson" << "TargetNegative";
        QTest::newRow("labels do not count") << "swims" << "Poisson" << "OptionInvalid";
        QTest::newRow("0 and 1 do, but not beside labels") << "swims,flies" << "Poisson" << "TargetsMixed";
        QTest::newRow("numbers are no labels") << "mass,length" << "focal" << "OptionInvalid";
    }
    void whatCanNotBe()
    {
        QFETCH(QString, targets);
        QFETCH(QString, loss);
        QFETCH(QString, error);
        std::vector<std::string> names;
        for (const QString& name : targets.split(','))
            names.push_back(name.toStdString());
        const std::size_t runs = m_workspace->runs().size();
        QCOMPARE(errorNameOf([&] { trained(requestFor(names, loss.toStdString())); }), error.toStdString());
        QCOMPARE(m_workspace->runs().size(), runs);
    }

    void evaluatingWithoutATarget()
    {
        const TrainOutcome outcome = trained(requestFor({"swims", "flies"}));
        const auto predictor = makePredictor(m_workspace->loadBundle(outcome.version));
        Task task;
        QByteArray csv = someTable();
        csv.replace("flies", "dives");
        const DataSet other = openDataForModel(write(m_dir, "other.csv", csv), predictor->pipeline(), task);
        QCOMPARE(errorNameOf([&] { evaluateTable(*predictor, other.table(), task); }), std::string("ColumnMissing"));
        QCOMPARE(predictTable(*predictor, other.table(), UnseenCategories::Refuse, task).table.rows(), std::size_t(240));
    }

    void setUpsSurviveJson()
    {
        PipelineSpec spec{"y", {"a", "b"}, "one-hot", "quantile", {}};
        QCOMPARE(toJson(spec).dump(), std::string(R"({"categories":"one-hot","ignored":["a","b"],"scaling":"quantile","target":"y"})"));
        spec.setTargets({"y", "z", "a, b"});
        QVERIFY(pipelineSpecFromJson(toJson(spec)) == spec);
        QCOMPARE(pipelineSpecFromJson({{"target", "old"}}).targets(), std::vector<std::string>{"old"});
        QCOMPARE(errorNameOf([] { pipelineSpecFromJson({{"targets", 3}}); }), std::string("WorkspaceCorrupt"));
    }
};

QTEST_GUILESS_MAIN(TestTargetKinds)
#include "tst_target_kinds.moc"
