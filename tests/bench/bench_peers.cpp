// Limpid's half of bench_peers.py, which says what is measured. Leaves a network and its rows in the folder given, then answers
// lines "METHOD BUDGET SEED FEATURES" from standard input with the seconds taken, and writes the values to values.f64;
// METHOD "products" is Leverage SHAP of a sum of products, whose exact values can be written down, not of the network.
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

/// Σ weight · x_i · x_j · x_k over fixed triples.
struct Product {
    std::size_t i = 0, j = 0, k = 0;
    double weight = 0.0;
};

std::vector<Product> products()
{
    Random random(3, "bench products");
    std::vector<Product> made(40);
    for (Product& product : made) {
        product.i = random.below(bench::mlpColumns);
        do
            product.j = random.below(bench::mlpColumns);
        while (product.j == product.i);
        do
            product.k = random.below(bench::mlpColumns);
        while (product.k == product.i || product.k == product.j);
        product.weight = random.normal();
    }
    return made;
}

/// Their game, meaned over the background's rows.
class ProductGame final : public Game
{
public:
    ProductGame(const Features& rows, const Features& background, std::vector<Product> products)
        : m_rows(rows), m_background(background), m_products(std::move(products))
    {
    }
    std::size_t rows() const override { return m_rows.rows; }
    std::size_t players() const override { return bench::mlpColumns; }
    std::size_t outputs() const override { return 1; }
    bool varies(std::size_t, std::size_t) const override { return true; }
    std::vector<double> values(const Coalitions& coalitions, Task& task) const override
    {
        std::vector<double> all;
        for (std::size_t row = 0; row < rows(); ++row) {
            const std::vector<double> own = valuesOfRow(row, coalitions, task);
            all.insert(all.end(), own.begin(), own.end());
        }
        return all;
    }
    std::vector<double> valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const override
    {
        std::vector<double> all(coalitions.count, 0.0);
        const float* x = m_rows.numbers.data() + row * players();
        for (std::size_t c = 0; c < coalitions.count; ++c) {
            task.checkpoint();
            const auto members = coalitions.row(c);
            for (std::size_t b = 0; b < m_background.rows; ++b) {
                const float* other = m_background.numbers.data() + b * players();
                const auto at = [&](std::size_t column) { return static_cast<double>(members[column] ? x[column] : other[column]); };
                for (const Product& product : m_products)
                    all[c] += product.weight * at(product.i) * at(product.j) * at(product.k);
            }
            all[c] /= static_cast<double>(m_background.rows);
        }
        return all;
    }

private:
    const Features &m_rows, &m_background;
    std::vector<Product> m_products;
};

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
    std::vector<double> terms;
    for (const Product& product : products())
        terms.insert(terms.end(), {static_cast<double>(product.i), static_cast<double>(product.j), static_cast<double>(product.k), product.weight});
    leave(folder / "products.f64", terms);
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
        } else if (method == "products") {
            values = shapley(ProductGame(rows, background, products()), {"leverage", budget, seed}, task).values;
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
