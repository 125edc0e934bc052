// What explaining costs beside plain prediction: coalition means of 50 rows × 2048 coalitions × 100 background rows on
// an MLP 30-64-64-1, against a batched forward pass of the same 10.24 million rows in chunks of 8192, one thread each.
// Rounds alternate between the two, so that both meet the same machine; the figure is the ratio of the medians.
#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "core/engine/NetworkPredictor.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace limpid;

namespace {

constexpr std::size_t players = 30, rowCount = 50, coalitionCount = 2048, backgroundCount = 100, chunk = 8192;

Table randomTable(std::size_t rows)
{
    Random random(1, "bench table");
    std::vector<Column> columns;
    for (std::size_t player = 0; player < players; ++player) {
        std::vector<double> values(rows);
        for (double& value : values)
            value = random.normal();
        columns.push_back(Column::numbers("x" + std::to_string(player), std::move(values)));
    }
    std::vector<double> target(rows);
    for (double& value : target)
        value = random.normal();
    columns.push_back(Column::numbers("y", std::move(target)));
    return Table(std::move(columns));
}

Bundle mlp(const Table& table)
{
    Bundle bundle;
    Split split;
    for (std::size_t row = 0; row < table.rows(); ++row)
        (row % 5 ? split.train : split.validation).push_back(row);
    PipelineSpec spec;
    spec.target = "y";
    Issues issues;
    bundle.pipeline = Pipeline::fit(table, split, spec, issues);
    bundle.network.nodes = {{"in", "Input", {{"features", "numbers"}}, {}},
                            {"a", "Linear", {{"out_features", 64}}, {"in"}},
                            {"ar", "ReLU", nlohmann::json::object(), {"a"}},
                            {"b", "Linear", {{"out_features", 64}}, {"ar"}},
                            {"br", "ReLU", nlohmann::json::object(), {"b"}},
                            {"c", "Linear", {{"out_features", 1}}, {"br"}}};
    bundle.network.outputs = {"c"};
    Random random(2, "bench weights");
    const auto tensor = [&](const std::string& name, std::vector<std::int64_t> shape) {
        WeightTensor made{name, shape, {}};
        std::size_t count = 1;
        for (const std::int64_t dim : shape)
            count *= static_cast<std::size_t>(dim);
        for (std::size_t i = 0; i < count; ++i)
            made.values.push_back(static_cast<float>(0.2 * random.normal()));
        bundle.weights.push_back(std::move(made));
    };
    tensor("a.weight", {64, players});
    tensor("a.bias", {64});
    tensor("b.weight", {64, 64});
    tensor("b.bias", {64});
    tensor("c.weight", {1, 64});
    tensor("c.bias", {1});
    return bundle;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 7;
    const Table table = randomTable(chunk);
    Bundle bundle = mlp(table);
    const Pipeline pipeline = bundle.pipeline;
    const std::unique_ptr<Predictor> predictor = makePredictor(std::move(bundle), 1);
    Issues issues;
    const Features all = pipeline.transform(table, false, issues);
    const Features rows = sliceRows(all, 0, rowCount);
    const Features background = sliceRows(all, 1000, 1000 + backgroundCount);
    Coalitions coalitions{coalitionCount, players, std::vector<std::uint8_t>(coalitionCount * players)};
    Random random(3, "bench coalitions");
    for (std::uint8_t& member : coalitions.members)
        member = static_cast<std::uint8_t>(random.below(2));

    constexpr std::size_t total = rowCount * coalitionCount * backgroundCount;
    Task task;
    std::vector<double> plain, means;
    double check = 0.0;
    for (int round = 0; round <= rounds; ++round) {
        const Stopwatch plainClock;
        for (std::size_t done = 0; done < total; done += chunk)
            check += predictor->predict(all, OutputSpace::Raw, task).values[0];
        const double plainSeconds = plainClock.seconds();
        const Stopwatch meansClock;
        check += predictor->coalitionMeans(rows, background, coalitions, OutputSpace::Raw, task)[0];
        const double meansSeconds = meansClock.seconds();
        if (round == 0)
            continue; // warm-up
        plain.push_back(plainSeconds);
        means.push_back(meansSeconds);
        std::printf("round %d: forward pass %.3f s, coalition means %.3f s\n", round, plainSeconds, meansSeconds);
        std::fflush(stdout);
    }
    std::printf("%zu rows, median of %d rounds: forward pass %.3f s, coalition means %.3f s, ratio %.3f (check %.3f)\n",
                total, rounds, median(plain), median(means), median(means) / median(plain), check);
    return 0;
}
