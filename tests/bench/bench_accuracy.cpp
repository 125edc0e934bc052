// Validation figures at default settings: bench_accuracy FILE TARGET [--seeds N] [KEY=VALUE of the training settings]…
// Prints one line a seed. The split is `limpid train`'s: a fifth for validation, stratified, from the same seed.
#include "core/base/Clock.h"
#include "core/data/CsvReader.h"
#include "core/engine/Trainer.h"

#include <cstdio>
#include <cstring>
#include <string>

using namespace limpid;

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "bench_accuracy FILE TARGET [--seeds N] [--network PRESET] [--scaling S] [--verbose] [KEY=VALUE]…\n");
        return 2;
    }
    int seeds = 3;
    bool verbose = false;
    std::string preset = "mlp", scaling;
    nlohmann::json settings = nlohmann::json::object();
    for (int i = 3; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--seeds" && i + 1 < argc) {
            seeds = std::stoi(argv[++i]);
        } else if (argument == "--network" && i + 1 < argc) {
            preset = argv[++i];
        } else if (argument == "--scaling" && i + 1 < argc) {
            scaling = argv[++i];
        } else if (argument == "--verbose") {
            verbose = true;
        } else if (const std::size_t equals = argument.find('='); equals != std::string::npos) {
            for (const ParamSpec& spec : trainParams())
                if (spec.name == argument.substr(0, equals))
                    settings[spec.name] = parseParam(spec, argument.substr(equals + 1));
        }
    }
    try {
        Task task;
        const CsvResult read = readCsv(argv[1], {}, task);
        for (int seed = 1; seed <= seeds; ++seed) {
            settings["seed"] = seed;
            const TrainSpec spec = trainSpecFromJson(settings);
            SplitSpec splitSpec;
            splitSpec.seed = static_cast<std::uint64_t>(seed);
            PipelineSpec pipelineSpec;
            pipelineSpec.target = argv[2];
            if (!scaling.empty())
                pipelineSpec.scaling = scaling;
            Issues issues;
            const Split split = splitRows(read.table, argv[2], splitSpec);
            const Pipeline pipeline = Pipeline::fit(read.table, split, pipelineSpec, issues);
            const Features rows = pipeline.transform(read.table, split.train, true, issues);
            const Features validation = pipeline.transform(read.table, split.validation, true, issues);
            const NetworkSpec network = makePreset(preset, networkContext(pipeline), rows.rows);
            TrainObserver observer;
            if (verbose)
                observer.onEpoch = [](const EpochRecord& record) {
                    std::printf("  epoch %3d  train %.5f  validation %.5f  lr %.6f%s\n", record.epoch, record.trainLoss,
                                record.validationLoss, record.learningRate, record.best ? "  *" : "");
                };
            const TrainResult result = train(network, pipeline, rows, validation, spec, observer, task);
            std::printf("%s seed %d:", argv[2], seed);
            for (const auto& [name, value] : result.validation.values)
                std::printf(" %s %.5f", name.c_str(), value);
            std::printf(" | best epoch %d of %d, %lld steps, %.2f s\n", result.bestEpoch, result.epochs,
                        static_cast<long long>(result.steps), result.seconds);
            std::fflush(stdout);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
