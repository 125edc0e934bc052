// What explaining costs beside plain prediction: coalition means of 50 rows × 2048 coalitions × 100 background rows on
// an MLP 30-64-64-1, against a batched forward pass of the same 10.24 million rows in chunks of 8192, one thread each.
// Rounds alternate between the two, so that both meet the same machine; the figure is the ratio of the medians. Beside it the same
// means with a weight for each background row, as k-means centres have.
#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "core/engine/NetworkPredictor.h"
#include "tests/bench/RandomMlp.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace limpid;

namespace {

constexpr std::size_t players = bench::mlpColumns, rowCount = 50, coalitionCount = 2048, backgroundCount = 100, chunk = 8192;

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 7;
    const Table table = bench::randomTable(chunk);
    Bundle bundle = bench::randomMlp(table);
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
    const std::vector<double> weights(backgroundCount, 1.0 / backgroundCount);
    std::vector<double> plain, means, weighted;
    double check = 0.0;
    for (int round = 0; round <= rounds; ++round) {
        const Stopwatch plainClock;
        for (std::size_t done = 0; done < total; done += chunk)
            check += predictor->predict(all, OutputSpace::Raw, task).values[0];
        const double plainSeconds = plainClock.seconds();
        const Stopwatch meansClock;
        check += predictor->coalitionMeans(rows, background, coalitions, OutputSpace::Raw, task)[0];
        const double meansSeconds = meansClock.seconds();
        const Stopwatch weightedClock;
        check += predictor->coalitionMeans(rows, background, coalitions, OutputSpace::Raw, task, weights)[0];
        const double weightedSeconds = weightedClock.seconds();
        if (round == 0)
            continue; // warm-up
        plain.push_back(plainSeconds);
        means.push_back(meansSeconds);
        weighted.push_back(weightedSeconds);
        std::printf("round %d: forward pass %.3f s, coalition means %.3f s, weighted %.3f s\n", round, plainSeconds, meansSeconds, weightedSeconds);
        std::fflush(stdout);
    }
    std::printf("%zu rows, median of %d rounds: forward pass %.3f s, coalition means %.3f s, ratio %.3f, weighted %.3f (check %.3f)\n",
                total, rounds, median(plain), median(means), median(means) / median(plain), median(weighted) / median(plain), check);
    return 0;
}
