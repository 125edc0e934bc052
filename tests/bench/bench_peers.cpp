// Limpid's half of bench_peers.py, which says what is measured. Leaves a network and its rows in the folder given, then answers
// lines "METHOD BUDGET SEED FEATURES" from standard input with the seconds taken, and writes the values to values.f64.
#include "core/base/Clock.h"
#include "core/engine/NetworkPredictor.h"
#include "core/explain/Attribution.h"
#include "core/explain/Lime.h"
#include "core/explain/Shapley.h"
#include "tests/bench/RandomMlp.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

using namespace limpid;

namespace {

constexpr std::size_t rowCount = 50, limeRows = 10, backgroundCount = 100, passRows = rowCount * 2048 * backgroundCount, chunk = 8192;

template<class Value>
void leave(const std::filesystem::path& path, const std::vector<Value>& values)
{
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(Value)));
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2)
        return 2;
    const std::filesystem::path folder = argv[1];
    const Table table = bench::randomTable(chunk);
    Bundle bundle = bench::randomMlp(table);
    const Pipeline pipeline = bundle.pipeline;
    std::vector<float> weights;
    for (const WeightTensor& tensor : bundle.weights)
        weights.insert(weights.end(), tensor.values.begin(), tensor.values.end());
    leave(folder / "weights.f32", weights);
    leave(folder / "scale.f64", std::vector<double>{pipeline.targetScale(), pipeline.targetMean()});
    const std::unique_ptr<Predictor> predictor = makePredictor(std::move(bundle), 1);
    Issues issues;
    const Features all = pipeline.transform(table, false, issues);
    const Features rows = sliceRows(all, 0, rowCount);
    const Features background = sliceRows(all, 1000, 1000 + backgroundCount);
    leave(folder / "all.f32", all.numbers);
    leave(folder / "rows.f32", rows.numbers);
    leave(folder / "background.f32", background.numbers);
    std::puts("ready");
    std::fflush(stdout);

    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string method;
        std::size_t budget = 0;
        std::uint64_t seed = 1;
        std::size_t features = 10;
        words >> method >> budget >> seed >> features;
        Task task;
        const Stopwatch clock;
        std::vector<double> values;
        if (method == "forward") {
            for (std::size_t done = 0; done < passRows; done += chunk)
                predictor->predict(all, OutputSpace::Raw, task);
        } else if (method == "lime") {
            std::vector<std::size_t> known(table.rows());
            std::iota(known.begin(), known.end(), std::size_t{0});
            const std::vector<std::size_t> explained(known.begin(), known.begin() + limeRows);
            const Lime lime(PredictorRows(*predictor, table, known, OutputSpace::Raw));
            values = lime.explain(PredictorRows(*predictor, table, explained, OutputSpace::Raw), explained, {0.0}, {budget, features, seed}, task).values;
        } else if (isAttributionMethod(method)) {
            AttributionSpec spec;
            spec.method = method;
            spec.budget = budget;
            spec.seed = seed;
            values = attributions(*predictor, rows, background, OutputSpace::Raw, spec, task).values;
        } else {
            const PredictorGame game(*predictor, rows, background, OutputSpace::Raw);
            values = shapley(game, {method, budget, seed}, task).values;
        }
        const double seconds = clock.seconds();
        leave(folder / "values.f64", values);
        std::printf("%.9f\n", seconds);
        std::fflush(stdout);
    }
    return 0;
}
