// What TrainPrice says beforehand, against what trainings take: seconds an epoch and the program's peak memory, for 20 networks.
// Each figure comes from a process of its own. bench_price [name-part]; exits 1 where a limit is passed.
#include "core/workbench/TrainPrice.h"
#include "core/workbench/Workbench.h"
#include "tests/bench/DenseNetwork.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

using namespace limpid;
namespace fs = std::filesystem;

namespace {

struct Case {
    const char* name;
    int numbers;
    int rows;
    const char* preset;             ///< or "":
    std::vector<int> widths = {};   ///< of a perceptron
    int batch = 0;
};

const std::vector<Case> cases = {
    {"mlp 8", 4, 2'000, "", {8}},
    {"mlp 64-32", 30, 5'000, "", {64, 32}},
    {"mlp 128-64, batch 256", 30, 20'000, "", {128, 64}, 256},
    {"mlp 256-256", 100, 10'000, "", {256, 256}},
    {"mlp 512-512, batch 32", 100, 4'000, "", {512, 512}, 32},
    {"mlp 1024-1024", 100, 8'000, "", {1024, 1024}},
    {"mlp 2048-2048", 50, 4'000, "", {2048, 2048}, 128},
    {"mlp 4096-4096", 100, 2'000, "", {4096, 4096}, 128},
    {"mlp 4096 x 4, 50 M", 100, 1'500, "", {4096, 4096, 4096, 4096}, 128},
    {"linear", 50, 50'000, "linear"},
    {"residual-mlp", 30, 10'000, "residual-mlp"},
    {"lenet 8x8", 64, 4'000, "lenet"},
    {"lenet 28x28", 784, 3'000, "lenet"},
    {"resnet 8x8", 64, 2'000, "resnet"},
    {"resnet 16x16", 256, 800, "resnet"},
    {"cnn-1d 64", 64, 3'000, "cnn-1d"},
    {"cnn-1d 400", 400, 1'000, "cnn-1d"},
    {"lstm 8x8", 64, 3'000, "lstm"},
    {"gru 16x16", 256, 2'000, "gru"},
    {"transformer 8x8", 64, 2'000, "transformer"},
};

std::uint64_t statusBytes(const char* key)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key))
            return 1024 * std::strtoull(line.c_str() + std::strlen(key) + 1, nullptr, 10);
    return 0;
}

/// Seconds an epoch and bytes at the peak: foretold, or of a training.
std::pair<double, double> figures(const Case& one, bool real, const fs::path& folder)
{
    const fs::path csv = folder / "table.csv";
    std::ofstream file(csv);
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (int i = 0; i < one.numbers; ++i)
        file << 'x' << i << ',';
    file << "y\n";
    for (int row = 0; row < one.rows; ++row) {
        for (int i = 0; i < one.numbers; ++i)
            file << normal(random) << ',';
        file << "abc"[row % 3] << '\n';
    }
    file.close();
    Task task;
    const DataSet data = openData(csv, {}, task);
    TrainRequest request;
    request.pipeline.setTargets({"y"});
    request.name = "m";
    request.train.epochs = 5;
    request.train.batchSize = one.batch;
    request.train.threads = 1;
    if (*one.preset)
        request.preset = one.preset;
    else {
        std::vector<int> widths = one.widths;
        widths.insert(widths.begin(), one.numbers);
        widths.push_back(3);
        request.network = dense(widths);
    }
    Workspace workspace(folder / (real ? "real" : "foretold"));
    const TrainPlan plan = planTraining(data, request);
    if (!real) {
        const std::uint64_t before = statusBytes("VmRSS");
        const TrainPrice price = measureTraining(plan, request.train, 0.5, task);
        return {price.secondsPerEpoch, static_cast<double>(before + price.growthBytes)};
    }
    std::vector<double> epochs;
    TrainObserver observer;
    double start = 0.0;
    observer.onEpoch = [&](const EpochRecord& epoch) {
        epochs.push_back(epoch.seconds - start);
        start = epoch.seconds;
    };
    trainModel(workspace, data, request, observer, {}, task);
    std::sort(epochs.begin(), epochs.end());
    return {epochs[epochs.size() / 2], static_cast<double>(statusBytes("VmHWM"))};
}

std::pair<double, double> askChild(const char* program, std::size_t index, const char* what)
{
    const std::string command = std::string(program) + " --" + what + " " + std::to_string(index);
    FILE* pipe = ::popen(command.c_str(), "r");
    double seconds = 0.0, bytes = 0.0;
    if (!pipe || std::fscanf(pipe, "%lf %lf", &seconds, &bytes) != 2)
        std::fprintf(stderr, "no answer from %s\n", command.c_str());
    if (pipe)
        ::pclose(pipe);
    return {seconds, bytes};
}

} // namespace

int main(int argc, char** argv)
{
    if (argc == 3) {
        std::string name = (fs::temp_directory_path() / "limpid-price-XXXXXX").string();
        const fs::path folder = ::mkdtemp(name.data());
        const auto [seconds, bytes] = figures(cases.at(std::strtoul(argv[2], nullptr, 10)), std::strcmp(argv[1], "--real") == 0, folder);
        std::printf("%.9g %.9g\n", seconds, bytes);
        fs::remove_all(folder);
        return 0;
    }
    bool within = true;
    std::printf("%-24s %12s %12s %7s %10s %10s %7s\n", "network", "foretold s", "epoch s", "ratio", "foretold", "peak MB", "ratio");
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (argc == 2 && !std::strstr(cases[i].name, argv[1]))
            continue;
        const auto foretold = askChild(argv[0], i, "foretold"), real = askChild(argv[0], i, "real");
        const double time = foretold.first / real.first, memory = foretold.second / real.second;
        const bool good = std::abs(time - 1.0) <= 0.25 && std::abs(memory - 1.0) <= 0.15;
        within &= good;
        std::printf("%-24s %12.4f %12.4f %7.2f %10.1f %10.1f %7.2f%s\n", cases[i].name, foretold.first, real.first, time, foretold.second / 1e6,
                    real.second / 1e6, memory, good ? "" : "  <-");
        std::fflush(stdout);
    }
    return within ? 0 : 1;
}
