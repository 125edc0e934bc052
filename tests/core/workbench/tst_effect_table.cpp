// What a trained model does with its columns, over the real engine: noise told from what matters, by every method.
#include "core/base/Random.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/EffectTable.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <chrono>
#include <cmath>
#include <thread>

using namespace limpid;
using namespace limpid::test;

namespace {

/// 1,000 rows: y = 3·sin(2·wave) + 2·left·right + 3 where the colour is blue; noise and when are not in it.
QByteArray someTable()
{
    Random random(1, "table");
    QByteArray csv = "wave,noise,left,right,colour,when,y\n";
    const char* const colours[] = {"red", "green", "blue"};
    for (int i = 0; i < 1000; ++i) {
        const double wave = 4.0 * random.uniform() - 2.0, noise = random.normal(), left = random.normal(), right = random.normal();
        const auto colour = random.below(3);
        const double y = 3.0 * std::sin(2.0 * wave) + 2.0 * left * right + (colour == 2 ? 3.0 : 0.0) + 0.1 * random.normal();
        csv += QByteArray::number(1000.0 + 100.0 * wave, 'g', 8) + ',' + QByteArray::number(noise, 'g', 8) + ',' + QByteArray::number(left, 'g', 8) + ','
               + QByteArray::number(right, 'g', 8) + ',' + colours[colour] + ",2020-0" + QByteArray::number(1 + i % 9) + "-1"
               + QByteArray::number(i % 7) + ',' + QByteArray::number(y, 'g', 8) + '\n';
    }
    return csv;
}

template<class Effect>
std::map<std::string, double> rangesOf(const EffectOutcome& outcome)
{
    std::map<std::string, double> ranges;
    for (const Effect& effect : std::get<std::vector<Effect>>(outcome.result))
        ranges[effect.name] = effect.range(0);
    return ranges;
}

} // namespace

class TestEffectTable : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    DataSet m_data;
    std::unique_ptr<Predictor> m_predictor;

    EffectOutcome effects(EffectMethod method, const std::vector<std::string>& columns = {}, std::size_t rows = 0) const
    {
        EffectRequest request;
        request.method = method;
        request.columns = columns;
        request.rows = rows;
        request.ale.bins = 20;
        request.depth = 5;
        Task task;
        return effectsOfTable(*m_predictor, m_data.table(), {}, request, task);
    }

private slots:
    void initTestCase()
    {
        Workspace workspace(m_dir.path().toStdString() + "/workspace");
        Task task;
        m_data = openData(write(m_dir, "table.csv", someTable()), {}, task);
        TrainRequest request;
        request.pipeline.target = "y";
        request.train.epochs = 60;
        request.train.learningRate = 0.01;
        const TrainOutcome outcome = trainModel(workspace, m_data, request, {}, {}, task);
        QVERIFY2(outcome.result.validation.values.at("r2") > 0.8, std::to_string(outcome.result.validation.values.at("r2")).c_str());
        m_predictor = makePredictor(workspace.loadBundle(outcome.version));
    }

    void dependenceTellsNoiseApart_data()
    {
        QTest::addColumn<bool>("ale");
        QTest::newRow("partial dependence") << false;
        QTest::newRow("accumulated local effects") << true;
    }

    void dependenceTellsNoiseApart()
    {
        QFETCH(bool, ale);
        const auto ranges = ale ? rangesOf<AccumulatedEffects>(effects(EffectMethod::Ale)) : rangesOf<PartialDependence>(effects(EffectMethod::PartialDependence));
        QCOMPARE(ranges.size(), std::size_t{6});
        for (const char* column : {"wave", "colour"})
            QVERIFY2(ranges.at(column) > 2.0 * ranges.at("noise"), (column + std::to_string(ranges.at(column)) + " " + std::to_string(ranges.at("noise"))).c_str());
        // 6 and 3 in the unit of y, as they were made; the product alone moves no mean.
        QVERIFY(std::abs(ranges.at("wave") - 6.0) < 1.5);
        QVERIFY(std::abs(ranges.at("colour") - 3.0) < 1.0);
    }

    void curvesShowWhatMeansHide()
    {
        // Along `left` the mean hardly moves, but each row's curve rises or falls with its `right`.
        const EffectOutcome outcome = effects(EffectMethod::Curves, {"left", "noise"}, 100);
        const auto& found = std::get<std::vector<PartialDependence>>(outcome.result);
        const auto spread = [&](const PartialDependence& effect) {
            double sum = 0.0;
            for (std::size_t row = 0; row < effect.rows; ++row) {
                const double* curve = effect.curves.data() + row * effect.grid.size();
                sum += *std::max_element(curve, curve + effect.grid.size()) - *std::min_element(curve, curve + effect.grid.size());
            }
            return sum / double(effect.rows);
        };
        QVERIFY(spread(found[0]) > 3.0 * spread(found[1]));
        QCOMPARE(outcome.rows.size(), std::size_t{100});
    }

    void interactionsTellNoiseApart()
    {
        const Interactions found = std::get<Interactions>(effects(EffectMethod::Interactions).result);
        QCOMPARE(found.columns.size(), std::size_t{6});
        QCOMPARE(found.pairs.size(), std::size_t{10}); // of the five that interact most
        std::map<std::string, double> strength;
        for (const Interactions::Column& column : found.columns)
            strength[found.names[column.column]] = column.strength[0];
        QVERIFY(strength["left"] > 2.0 * strength["noise"] && strength["right"] > 2.0 * strength["noise"]);
        const auto most = std::max_element(found.pairs.begin(), found.pairs.end(), [](const auto& a, const auto& b) { return a.strength[0] < b.strength[0]; });
        QCOMPARE(found.names[most->first], std::string("left"));
        QCOMPARE(found.names[most->second], std::string("right"));
        QVERIFY(most->h[0] > 0.8);
    }

    void surrogateDoesNotAskAboutNoise()
    {
        const SurrogateTree tree = std::get<SurrogateTree>(effects(EffectMethod::Surrogate).result);
        std::map<std::string, double> gain;
        for (const SurrogateTree::Column& column : tree.columns)
            gain[column.name] = column.gain;
        QVERIFY2(gain["noise"] < 0.02, std::to_string(gain["noise"]).c_str());
        QVERIFY(gain["wave"] > 0.2 && gain["colour"] > 0.05);
        QVERIFY2(tree.r2[0] > 0.3, std::to_string(tree.r2[0]).c_str()); // 32 answers for a wave and a product
        for (const SurrogateNode& node : tree.nodes) { // in the file's own unit
            if (node.left != 0 && tree.columns[node.column].name == "wave")
                QVERIFY(node.threshold > 800.0 && node.threshold < 1200.0);
        }
    }

    void leakedTargetStandsOut()
    {
        // A copy of the target among the columns: the model follows it, and each method that ranks columns puts it first by far.
        Random random(2, "table");
        QByteArray csv = "real,noise,leak,y\n";
        for (int i = 0; i < 600; ++i) {
            const double real = random.normal(), noise = random.normal(), y = real + random.normal();
            csv += QByteArray::number(real, 'g', 8) + ',' + QByteArray::number(noise, 'g', 8) + ',' + QByteArray::number(5000.0 + 10.0 * y, 'g', 10) + ','
                   + QByteArray::number(y, 'g', 8) + '\n';
        }
        Workspace workspace(m_dir.path().toStdString() + "/leak");
        Task task;
        const DataSet data = openData(write(m_dir, "leak.csv", csv), {}, task);
        TrainRequest training;
        training.pipeline.target = "y";
        training.train.epochs = 40;
        training.train.learningRate = 0.01;
        const auto predictor = makePredictor(workspace.loadBundle(trainModel(workspace, data, training, {}, {}, task).version));
        const auto of = [&](EffectMethod method) {
            EffectRequest request;
            request.method = method;
            return effectsOfTable(*predictor, data.table(), {}, request, task);
        };
        for (const auto& ranges : {rangesOf<PartialDependence>(of(EffectMethod::PartialDependence)), rangesOf<AccumulatedEffects>(of(EffectMethod::Ale))}) {
            QVERIFY(ranges.at("leak") > 3.0 * ranges.at("real"));
            QVERIFY(ranges.at("leak") > 10.0 * ranges.at("noise"));
        }
        const SurrogateTree tree = std::get<SurrogateTree>(of(EffectMethod::Surrogate).result);
        QCOMPARE(tree.columns[tree.nodes[0].column].name, std::string("leak"));
        QVERIFY(tree.columns[2].gain > 0.8);
    }

    void rowsColumnsAndDates()
    {
        EffectRequest request;
        request.columns = {"when", "colour", "when"};
        request.rows = 50;
        Task task;
        const std::vector<std::size_t> candidates{3, 5, 8, 13, 21};
        const EffectOutcome outcome = effectsOfTable(*m_predictor, m_data.table(), candidates, request, task);
        QCOMPARE(outcome.rows, candidates);
        QCOMPARE(outcome.outputs, std::vector<std::string>{"y"});
        QCOMPARE(outcome.space, std::string("raw"));
        const auto& found = std::get<std::vector<PartialDependence>>(outcome.result);
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].name, std::string("when"));
        QCOMPARE(found[0].type, ColumnType::DateTime);
        for (const double moment : found[0].grid)
            QVERIFY(moment >= 1577836800000.0 && moment < 1609459200000.0); // in 2020
        request.columns = {"clour"};
        QCOMPARE(errorNameOf([&] { effectsOfTable(*m_predictor, m_data.table(), {}, request, task); }), std::string("ColumnUnknown"));
        request.method = EffectMethod::Surrogate;
        QCOMPARE(errorNameOf([&] { effectsOfTable(*m_predictor, m_data.table(), {}, request, task); }), std::string("OptionUnused"));
        request.columns.clear();
        QCOMPARE(errorNameOf([&] { effectsOfTable(*m_predictor, m_data.table(), candidates, request, task); }), std::string("TooFewRows"));
        request.method = EffectMethod::PartialDependence;
        request.grid.points = 1;
        QCOMPARE(errorNameOf([&] { effectsOfTable(*m_predictor, m_data.table(), {}, request, task); }), std::string("OptionInvalid"));
    }

    void sameSeedSameRows()
    {
        EffectRequest request;
        request.rows = 30;
        Task task;
        const EffectOutcome one = effectsOfTable(*m_predictor, m_data.table(), {}, request, task), two = effectsOfTable(*m_predictor, m_data.table(), {}, request, task);
        QCOMPARE(one.rows, two.rows);
        QCOMPARE(std::get<0>(one.result)[0].mean, std::get<0>(two.result)[0].mean);
        request.seed = 2;
        QVERIFY(effectsOfTable(*m_predictor, m_data.table(), {}, request, task).rows != one.rows);
    }

    void progressRises()
    {
        double last = 0.0;
        bool rises = true;
        Task task([&](const Task::Progress& progress) {
            rises = rises && progress.fraction >= last - 1e-12 && progress.fraction <= 1.0 + 1e-12;
            last = progress.fraction;
        });
        for (const EffectMethod method : {EffectMethod::PartialDependence, EffectMethod::Ale, EffectMethod::Interactions}) {
            EffectRequest request;
            request.method = method;
            request.rows = 60;
            last = 0.0;
            effectsOfTable(*m_predictor, m_data.table(), {}, request, task);
            QVERIFY(rises);
            QVERIFY(std::abs(last - 1.0) < 1e-9);
        }
    }

    void finishKeepsTheColumnsDone()
    {
        Task task;
        task.finish();
        const EffectOutcome outcome = effectsOfTable(*m_predictor, m_data.table(), {}, {}, task);
        QCOMPARE(std::get<0>(outcome.result).size(), std::size_t{1});
    }

    void cancelsAtOnce()
    {
        // Seconds of work, given up from another thread.
        EffectRequest request;
        request.method = EffectMethod::Interactions;
        request.rows = 1000;
        Task task;
        std::chrono::steady_clock::time_point asked;
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(60));
            asked = std::chrono::steady_clock::now();
            task.cancel();
        });
        bool cancelled = false;
        try {
            effectsOfTable(*m_predictor, m_data.table(), {}, request, task);
        } catch (const Cancelled&) {
            cancelled = true;
        }
        const auto taken = std::chrono::steady_clock::now() - asked;
        other.join();
        QVERIFY(cancelled);
        qInfo("gave up after %lld ms", static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()));
        QVERIFY(taken < std::chrono::seconds(2)); // 200 ms on a free machine
    }
};

QTEST_GUILESS_MAIN(TestEffectTable)
#include "tst_effect_table.moc"
