// Shapley interactions of a trained network's columns: against the definition, each coalition predicted on rows put together here.
#include "core/base/Random.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/EffectTable.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <thread>

using namespace limpid;
using namespace limpid::test;

namespace {

constexpr std::size_t columnCount = 13;

/// 600 rows of c0 … c12: y = 3·c0·c1 + 2·c2; ten columns of noise.
QByteArray someTable()
{
    Random random(3, "table");
    QByteArray csv;
    for (std::size_t column = 0; column < columnCount; ++column)
        csv += "c" + QByteArray::number(int(column)) + ',';
    csv += "y\n";
    for (int row = 0; row < 600; ++row) {
        std::vector<double> values;
        for (std::size_t column = 0; column < columnCount; ++column) {
            values.push_back(random.normal());
            csv += QByteArray::number(values.back(), 'g', 8) + ',';
        }
        csv += QByteArray::number(3.0 * values[0] * values[1] + 2.0 * values[2], 'g', 8) + '\n';
    }
    return csv;
}

double factorial(std::size_t n) { return n < 2 ? 1.0 : static_cast<double>(n) * factorial(n - 1); }
double choose(std::size_t n, std::size_t k) { return factorial(n) / (factorial(k) * factorial(n - k)); }

} // namespace

class TestColumnInteractions : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    DataSet m_data;
    std::unique_ptr<Predictor> m_predictor;
    std::vector<std::size_t> m_background{3, 70, 200, 333, 500};

    static EffectRequest asking(const std::vector<std::string>& columns)
    {
        EffectRequest request;
        request.method = EffectMethod::ShapleyInteractions;
        request.columns = columns;
        return request;
    }

    /// v of every coalition of the players for one row: the mean prediction of rows that take the coalition's columns from it.
    std::vector<double> game(std::size_t row, const std::vector<std::vector<std::size_t>>& players) const
    {
        const std::size_t count = std::size_t{1} << players.size();
        std::vector<Column> columns;
        for (std::size_t column = 0; column < columnCount; ++column) {
            const auto own = m_data.table().column(*m_data.table().find("c" + std::to_string(column))).numbers();
            std::vector<double> values;
            for (std::size_t mask = 0; mask < count; ++mask) {
                bool in = false;
                for (std::size_t player = 0; player < players.size(); ++player)
                    in = in || ((mask >> player & 1) && std::find(players[player].begin(), players[player].end(), column) != players[player].end());
                for (const std::size_t other : m_background)
                    values.push_back(own[in ? row : other]);
            }
            columns.push_back(Column::numbers("c" + std::to_string(column), std::move(values)));
        }
        const Table table(std::move(columns));
        std::vector<std::size_t> rows(table.rows());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i] = i;
        Issues issues;
        Task task;
        const auto predicted = m_predictor->predict(m_predictor->pipeline().transform(table, rows, false, issues), OutputSpace::Raw, task);
        std::vector<double> means(count, 0.0);
        for (std::size_t i = 0; i < rows.size(); ++i)
            means[i / m_background.size()] += predicted.values[i] / static_cast<double>(m_background.size());
        return means;
    }

    static double pairIndex(const std::vector<double>& v, std::size_t n, std::size_t i, std::size_t j, bool taylor)
    {
        double sum = 0.0;
        for (std::size_t mask = 0; mask < v.size(); ++mask) {
            const std::size_t a = std::size_t{1} << i, b = std::size_t{1} << j;
            if (mask & (a | b))
                continue;
            const auto t = static_cast<std::size_t>(std::popcount(mask));
            const double delta = v[mask | a | b] - v[mask | a] - v[mask | b] + v[mask];
            sum += taylor ? 2.0 / static_cast<double>(n) * delta / choose(n - 1, t) : delta / (static_cast<double>(n - 1) * choose(n - 2, t));
        }
        return sum;
    }

    static double shapley(const std::vector<double>& v, std::size_t n, std::size_t i)
    {
        double sum = 0.0;
        for (std::size_t mask = 0; mask < v.size(); ++mask) {
            if (mask >> i & 1)
                continue;
            const auto t = static_cast<std::size_t>(std::popcount(mask));
            sum += factorial(t) * factorial(n - t - 1) / factorial(n) * (v[mask | std::size_t{1} << i] - v[mask]);
        }
        return sum;
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
        m_predictor = makePredictor(workspace.loadBundle(outcome.version));
    }

    void valuesAreTheDefinitions_data()
    {
        QTest::addColumn<QString>("index");
        for (const std::string& index : interactionIndices())
            QTest::newRow(index.c_str()) << QString::fromStdString(index);
    }
    /// Three columns by name, the ten others one player.
    void valuesAreTheDefinitions()
    {
        QFETCH(QString, index);
        EffectRequest request = asking({"c2", "c0", "c1"});
        request.index = index.toStdString();
        request.explained = {10, 11, 400};
        Task task;
        const EffectOutcome outcome = effectsOfTable(*m_predictor, m_data.table(), m_background, request, task);
        const auto& found = std::get<ColumnInteractions>(outcome.result);
        QVERIFY(outcome.rows == request.explained);
        QVERIFY(found.players == (std::vector<std::string>{"c0", "c1", "c2", ""}));
        QCOMPARE(found.others.size(), std::size_t{10});
        QCOMPARE(found.others.front(), std::string("c3"));
        QCOMPARE(found.background, m_background.size());
        QCOMPARE(found.coalitions, std::uint64_t{16});
        QCOMPARE(outcome.modelRows, std::uint64_t{16 * 3 * 5});

        std::vector<std::vector<std::size_t>> players{{0}, {1}, {2}, {}};
        for (std::size_t column = 3; column < columnCount; ++column)
            players.back().push_back(column);
        constexpr std::size_t n = 4;
        std::vector<double> mean(n * n, 0.0), size(n * n, 0.0);
        double full = 0.0, base = 0.0;
        for (const std::size_t row : request.explained) {
            const std::vector<double> v = game(row, players);
            base += v.front() / 3.0;
            full += v.back() / 3.0;
            for (std::size_t i = 0; i < n; ++i) {
                double main = index == "shapley-taylor" ? v[std::size_t{1} << i] - v[0] : shapley(v, n, i);
                for (std::size_t j = 0; j < n; ++j) {
                    if (i == j)
                        continue;
                    const double pair = pairIndex(v, n, i, j, index == "shapley-taylor");
                    mean[i * n + j] += pair / 3.0;
                    size[i * n + j] += std::abs(pair) / 3.0;
                    main -= index == "k-sii" ? pair / 2.0 : 0.0;
                }
                mean[i * n + i] += main / 3.0;
                size[i * n + i] += std::abs(main) / 3.0;
            }
        }
        double sum = 0.0, diagonal = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                const std::string cell = std::to_string(i) + ',' + std::to_string(j);
                QVERIFY2(std::abs(found.mean[found.cell(0, i, j)] - mean[i * n + j]) < 1e-4, cell.c_str());
                QVERIFY2(std::abs(found.meanAbsolute[found.cell(0, i, j)] - size[i * n + j]) < 1e-4, cell.c_str());
                sum += j <= i ? found.mean[found.cell(0, i, j)] : 0.0;
            }
            diagonal += found.mean[found.cell(0, i, i)];
        }
        QVERIFY(std::abs(found.base[0] - base) < 1e-4 && std::abs(found.full[0] - full) < 1e-4);
        // What the sentence beside it says.
        QVERIFY(std::abs((index == "sii" ? diagonal : sum) - (found.full[0] - found.base[0])) < 1e-9);
    }

    void theMadePairLeads()
    {
        EffectRequest request = asking({});
        request.chooseColumns = true;
        request.rows = 4;
        request.background = 20;
        Task task;
        const EffectOutcome outcome = effectsOfTable(*m_predictor, m_data.table(), {}, request, task);
        const auto& found = std::get<ColumnInteractions>(outcome.result);
        QVERIFY(found.chosen);
        QCOMPARE(found.players.size(), maxInteractionPlayers);
        QVERIFY(found.players[0] == "c0" && found.players[1] == "c1" && found.players[2] == "c2");
        for (std::size_t i = 0; i < found.players.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY2((i == 1 && j == 0) || found.meanAbsolute[found.cell(0, i, j)] < found.meanAbsolute[found.cell(0, 1, 0)],
                         (found.players[i] + " " + found.players[j]).c_str());
    }

    void tooManyColumns_data()
    {
        QTest::addColumn<int>("named");
        QTest::newRow("none named") << 0;
        QTest::newRow("twelve and the others") << 12;
    }
    void tooManyColumns()
    {
        QFETCH(int, named);
        std::vector<std::string> columns;
        for (int i = 0; i < named; ++i)
            columns.push_back("c" + std::to_string(i));
        Task task;
        for (const bool cost : {false, true}) {
            try {
                if (cost)
                    estimateEffectCost(*m_predictor, m_data.table(), {}, asking(columns), task);
                else
                    effectsOfTable(*m_predictor, m_data.table(), {}, asking(columns), task);
                QFAIL("accepted");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::OptionInvalid);
            }
        }
    }

    void costIsToldBefore()
    {
        Task task;
        const ExplainCost cost = estimateEffectCost(*m_predictor, m_data.table(), {}, asking({"c0", "c1", "c2"}), task);
        QCOMPARE(cost.modelRows, std::uint64_t{16 * 50 * 100});
        QVERIFY(cost.seconds > 0.0);
        const EffectOutcome outcome = effectsOfTable(*m_predictor, m_data.table(), {}, asking({"c0", "c1", "c2"}), task);
        QCOMPARE(outcome.modelRows, cost.modelRows);
    }

    void finishKeepsTheRowsDone()
    {
        EffectRequest request = asking({});
        request.chooseColumns = true;
        Task task;
        task.finish();
        const EffectOutcome outcome = effectsOfTable(*m_predictor, m_data.table(), {}, request, task);
        const auto& found = std::get<ColumnInteractions>(outcome.result);
        QCOMPARE(found.rows, std::size_t{2}); // 2^20 model rows at once, 2^12 · 100 a row
        QCOMPARE(outcome.rows.size(), found.rows);
        double sum = 0.0;
        for (std::size_t i = 0; i < found.players.size(); ++i)
            for (std::size_t j = 0; j <= i; ++j)
                sum += found.mean[found.cell(0, i, j)];
        QVERIFY(std::abs(sum - (found.full[0] - found.base[0])) < 1e-9);
    }

    void cancelsAtOnce()
    {
        EffectRequest request = asking({});
        request.chooseColumns = true;
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
        const auto ended = std::chrono::steady_clock::now();
        other.join();
        QVERIFY(cancelled);
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(ended - asked).count();
        QVERIFY2(took < 200, std::to_string(took).c_str());
    }

    void progressRises()
    {
        double last = 0.0;
        bool rises = true;
        Task task([&](const Task::Progress& progress) {
            rises = rises && progress.fraction >= last - 1e-12 && progress.fraction <= 1.0 + 1e-12;
            last = progress.fraction;
        });
        EffectRequest request = asking({"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10"});
        request.rows = 5;
        effectsOfTable(*m_predictor, m_data.table(), {}, request, task);
        QVERIFY(rises);
        QVERIFY2(std::abs(last - 1.0) < 1e-9, std::to_string(last).c_str());
    }
};

QTEST_GUILESS_MAIN(TestColumnInteractions)
#include "tst_column_interactions.moc"
