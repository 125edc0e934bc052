// Each preset on data that it is meant for: it learns clearly more than the most frequent class, or the mean.
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <map>
#include <set>

using namespace limpid;
using namespace limpid::test;

class TestPresets : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;
    std::set<std::string> m_tried;

    static DataSet read(const std::filesystem::path& path, const std::string& target)
    {
        CsvOptions options;
        if (target == "digit")
            options.types["digit"] = ColumnType::Category;
        Task task;
        return openData(path, options, task);
    }

    /// What answering always the same gets right in the validation rows.
    static double majority(const DataSet& data, const Split& split, const std::string& target)
    {
        const Column& column = data.table().column(*data.table().find(target));
        std::map<std::int32_t, int> counts;
        int most = 0;
        for (const std::size_t row : split.validation)
            most = std::max(most, ++counts[column.codes()[row]]);
        return static_cast<double>(most) / static_cast<double>(split.validation.size());
    }

private slots:
    void initTestCase() { m_workspace = std::make_unique<Workspace>(m_dir.path().toStdString() + "/workspace"); }

    void learns_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QString>("data");    ///< a sample of ours, or of the shared data
        QTest::addColumn<QString>("target");
        QTest::addColumn<int>("epochs");
        QTest::addColumn<double>("share");    ///< of what the majority gets wrong that must be right; of regressions the least R²
        const auto row = [](const char* preset, const char* data, const char* target, int epochs, double share) {
            QTest::addRow("%s, %s", preset, target) << preset << data << target << epochs << share;
        };
        row("mlp", "penguins.csv", "species", 30, 0.9);
        row("linear", "breast_cancer.csv", "diagnosis", 60, 0.8);
        row("linear", "penguins.csv", "body_mass_g", 100, 0.7);
        row("wide-and-deep", "titanic.csv", "survived", 30, 0.3);
        row("wide-and-deep", "penguins.csv", "body_mass_g", 60, 0.7);
        row("residual-mlp", "breast_cancer.csv", "diagnosis", 30, 0.8);
        row("lenet", "digits.csv", "digit", 8, 0.85);
        row("resnet", "digits.csv", "digit", 3, 0.85);
        row("cnn-1d", "digits.csv", "digit", 6, 0.8);
        row("lstm", "digits.csv", "digit", 10, 0.85);
        row("gru", "digits.csv", "digit", 10, 0.85);
        row("transformer", "digits.csv", "digit", 5, 0.7);
        row("text-bag", "sentence_polarity/sentence_polarity.csv", "label", 4, 0.4);
        row("text-cnn", "sentence_polarity/sentence_polarity.csv", "label", 2, 0.35);
        row("gru", "sentence_polarity/sentence_polarity.csv", "label", 3, 0.35);
    }

    void learns()
    {
        QFETCH(QString, preset);
        QFETCH(QString, data);
        QFETCH(QString, target);
        QFETCH(int, epochs);
        QFETCH(double, share);
        const std::string name = data.toStdString(), column = target.toStdString();
        std::filesystem::path path = test::project("resources/samples/" + name);
        if (name.find('/') != std::string::npos) {
            path = test::shared("data/" + name);
            if (path.empty())
                QSKIP("needs the shared data");
        }
        m_tried.insert(preset.toStdString());
        const DataSet table = read(path, column);
        TrainRequest request;
        request.pipeline.setTargets({column});
        request.preset = preset.toStdString();
        request.train.epochs = epochs;
        request.train.seed = 1;
        request.split.seed = 1;
        request.name = "m";
        Task task;
        const TrainOutcome outcome = trainModel(*m_workspace, table, request, {}, {}, task);
        const nlohmann::json figures = m_workspace->run(outcome.run.id).metrics["validation"];
        if (figures.contains("r2")) {
            QVERIFY2(figures["r2"].get<double>() > share, figures.dump().c_str());
            return;
        }
        const double least = majority(table, splitRows(table.table(), {column}, request.split), column);
        QVERIFY2(figures["accuracy"].get<double>() > least + share * (1.0 - least), (figures.dump() + " against " + std::to_string(least)).c_str());
    }

    void noneIsForgotten()
    {
        if (test::shared("data/sentence_polarity/sentence_polarity.csv").empty())
            QSKIP("needs the shared data");
        for (const std::string& preset : networkPresets())
            QVERIFY2(m_tried.contains(preset), preset.c_str());
    }

    void unfitDataIsTold_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QString>("expected");
        for (const char* preset : {"lenet", "resnet"})
            QTest::newRow(preset) << preset << "NetworkNoImage";
        for (const char* preset : {"cnn-1d", "lstm", "gru", "transformer"})
            QTest::newRow(preset) << preset << "NetworkNoSequence";
        for (const char* preset : {"text-bag", "text-cnn"})
            QTest::newRow(preset) << preset << "NetworkNoText";
    }

    void unfitDataIsTold()
    {
        QFETCH(QString, preset);
        QFETCH(QString, expected);
        const DataSet table = read(test::project("resources/samples/iris.csv"), "species");
        TrainRequest request;
        request.pipeline.setTargets({"species"});
        request.preset = preset.toStdString();
        QCOMPARE(QString::fromStdString(errorNameOf([&] { planTraining(table, request); })), expected);
    }
};

QTEST_GUILESS_MAIN(TestPresets)

#include "tst_presets.moc"
