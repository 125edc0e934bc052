// Training steps a second of one network, with what Python needs to train the same from the same weights in the same order:
// bench_train IN-HIDDEN-…-OUT BATCH STEPS [--dump FOLDER] on made-up rows, or bench_train lenet BATCH STEPS --dump FOLDER on
// the images that lie there: images.f32 [rows, 784], labels.u8. Run by bench_train.py. Prints one JSON line: seconds a step
// (median over blocks of steps), those of the bare matrix products of a dense network, and the losses of the first 100 steps.
#include "core/base/Clock.h"
#include "core/base/File.h"
#include "core/engine/Network.h"
#include "core/engine/Runtime.h"
#include "core/engine/Trainer.h"
#include "tests/bench/DenseNetwork.h"

#include <cblas.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <sstream>

using namespace limpid;

namespace {

constexpr std::size_t blocks = 20;

struct Shape {
    std::vector<int> widths;   ///< empty: LeNet
    int batch = 0;
};

Table labelled(std::vector<std::vector<double>> columns, std::vector<std::int32_t> labels, int classes)
{
    std::vector<Column> made;
    for (std::size_t i = 0; i < columns.size(); ++i)
        made.push_back(Column::numbers("x" + std::to_string(i), std::move(columns[i])));
    std::vector<std::string> names;
    for (int k = 0; k < classes; ++k)
        names.push_back("c" + std::to_string(k));
    made.push_back(Column::categories("y", std::move(labels), names));
    return Table(std::move(made));
}

/// Classes that depend on the numbers, so that there is something to learn.
Table madeUp(std::size_t rows, int numbers, int classes)
{
    Random random(1, "bench");
    std::vector<std::vector<double>> columns(static_cast<std::size_t>(numbers));
    std::vector<std::int32_t> labels;
    for (std::size_t row = 0; row < rows; ++row) {
        double sum = 0.0;
        for (auto& column : columns) {
            column.push_back(random.normal());
            sum += column.back() * static_cast<double>(1 + column.size() % 3);
        }
        labels.push_back(static_cast<std::int32_t>(std::abs(static_cast<long>(sum * 2.0))) % classes);
    }
    return labelled(std::move(columns), std::move(labels), classes);
}

/// As many whole batches as the images of a folder give.
Table pictures(const std::filesystem::path& folder, std::size_t batch)
{
    constexpr std::size_t pixels = 784;
    const std::string images = readFile(folder / "images.f32"), labels = readFile(folder / "labels.u8");
    const std::size_t rows = labels.size() / batch * batch;
    std::vector<std::vector<double>> columns(pixels, std::vector<double>(rows));
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < pixels; ++i) {
            float pixel = 0.0f;
            std::memcpy(&pixel, images.data() + (row * pixels + i) * sizeof(float), sizeof(float));
            columns[i][row] = pixel;
        }
    return labelled(std::move(columns), {labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(rows)}, 10);
}

/// Two classes are two outputs here, as in the usual Python script.
Pipeline multiClassPipeline(const Table& table)
{
    Split split;
    split.train.resize(table.rows());
    std::iota(split.train.begin(), split.train.end(), std::size_t{0});
    PipelineSpec spec;
    spec.target = "y";
    spec.scaling = "none";
    spec.keepConstants = true;
    Issues issues;
    nlohmann::json json = Pipeline::fit(table, split, spec, issues).toJson();
    json["task"] = "multi-class";
    return Pipeline::fromJson(json);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// The matrix products of one step alone, through the same BLAS.
double bareProducts(const Shape& shape)
{
    struct Product {
        std::vector<float> x, w, y, dw, dx;
    };
    std::vector<Product> products;
    for (std::size_t i = 1; i < shape.widths.size(); ++i) {
        const auto in = static_cast<std::size_t>(shape.widths[i - 1]), out = static_cast<std::size_t>(shape.widths[i]);
        const auto rows = static_cast<std::size_t>(shape.batch);
        products.push_back({std::vector<float>(rows * in, 0.1f), std::vector<float>(out * in, 0.1f), std::vector<float>(rows * out),
                            std::vector<float>(out * in), std::vector<float>(rows * in)});
    }
    const auto step = [&] {
        for (std::size_t i = 0; i < products.size(); ++i) {
            Product& p = products[i];
            const int in = shape.widths[i], out = shape.widths[i + 1], rows = shape.batch;
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, out, in, 1.0f, p.x.data(), in, p.w.data(), in, 0.0f, p.y.data(), out);
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, rows, 1.0f, p.y.data(), out, p.x.data(), in, 0.0f, p.dw.data(), in);
            if (i > 0)
                cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, in, out, 1.0f, p.y.data(), out, p.w.data(), in, 0.0f, p.dx.data(), in);
        }
    };
    std::vector<double> seconds;
    constexpr int steps = 200;
    for (std::size_t block = 0; block < blocks; ++block) {
        const Stopwatch clock;
        for (int i = 0; i < steps; ++i)
            step();
        seconds.push_back(clock.seconds() / steps);
    }
    return median(seconds);
}

template<class T>
void dump(const std::filesystem::path& path, const std::vector<T>& values)
{
    writeFileAtomically(path, std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)));
}

} // namespace

int main(int argc, char** argv)
{
    const bool lenet = argc > 1 && std::strcmp(argv[1], "lenet") == 0, dumps = argc > 5 && std::strcmp(argv[4], "--dump") == 0;
    if (argc < 4 || (lenet && !dumps)) {
        std::fprintf(stderr, "bench_train 30-64-64-2|lenet BATCH STEPS [--dump FOLDER]\n");
        return 2;
    }
    const std::filesystem::path folder = dumps ? argv[5] : "";
    Shape shape;
    std::stringstream widths(lenet ? "" : argv[1]);
    for (std::string width; std::getline(widths, width, '-');)
        shape.widths.push_back(std::stoi(width));
    shape.batch = std::stoi(argv[2]);
    const std::size_t steps = std::stoul(argv[3]);
    const auto batch = static_cast<std::size_t>(shape.batch);

    const Table table = lenet ? pictures(folder, batch) : madeUp(256 * batch, shape.widths.front(), shape.widths.back());
    const std::size_t rows = table.rows(), batches = rows / batch;
    const Pipeline pipeline = multiClassPipeline(table);
    Issues issues;
    const Features features = pipeline.transform(table, true, issues);
    const NetworkSpec network = lenet ? makePreset("lenet", networkContext(pipeline), rows) : dense(shape.widths);
    TrainSpec spec;
    spec.optimizer = "Adam";
    spec.learningRate = 1e-3;
    spec.weightDecay = 0.0;
    spec.schedule = "constant";
    spec.batchSize = shape.batch;
    spec.epochs = static_cast<int>((steps + batches - 1) / batches);
    spec.patience = 0;
    if (dumps) {
        engine::Network made(network, networkContext(pipeline));
        made.initialise(spec.seed);
        dump(folder / "weights.f32", std::vector<float>(made.values().begin(), made.values().end()));
        dump(folder / "x.f32", features.numbers);
        dump(folder / "y.f32", features.targets);
        std::vector<std::int64_t> order;
        for (const std::size_t row : epochOrder(rows, spec.seed, 1))
            order.push_back(static_cast<std::int64_t>(row));
        dump(folder / "order.i64", order);
    }

    Features few = features; // a validation set that costs nothing
    few.rows = 1;
    few.numbers.resize(few.numberWidth);
    few.targets.resize(1);
    std::vector<double> ends, losses;
    ends.reserve(steps + batches);
    TrainObserver observer;
    observer.onStep = [&](const StepRecord& record) {
        ends.push_back(record.seconds);
        if (losses.size() < 100)
            losses.push_back(record.loss);
    };
    Task task;
    train(network, pipeline, features, few, spec, observer, task);

    std::vector<double> perStep;
    const std::size_t block = ends.size() / blocks;
    for (std::size_t begin = 0; begin + block < ends.size(); begin += block)
        perStep.push_back((ends[begin + block] - ends[begin]) / static_cast<double>(block));
    double products = 0.0;
    if (!lenet)
        engine::guarded([&] { products = bareProducts(shape); });
    std::printf("%s\n", nlohmann::json{{"seconds_per_step", median(perStep)}, {"bare_products", products}, {"steps", ends.size()}, {"losses", losses}}.dump().c_str());
    return 0;
}
