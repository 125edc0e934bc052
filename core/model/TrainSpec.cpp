#include "core/model/TrainSpec.h"

#include <algorithm>
#include <cmath>

namespace limpid {

const std::vector<ParamSpec>& trainParams()
{
    static const std::vector<ParamSpec> params = [] {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        const TrainSpec d;
        return std::vector<ParamSpec>{
            {"epochs", ParamType::Integer, d.epochs, 1, 100'000, {}, 20, 200},
            {"batch_size", ParamType::Integer, d.batchSize, 0, 65'536, {}, 16, 1024},
            {"optimizer", ParamType::Choice, d.optimizer, -infinity, infinity, {"SGD", "Adam", "AdamW"}, 0, 0},
            {"learning_rate", ParamType::Real, d.learningRate, 1e-8, 10.0, {}, 1e-4, 1e-2},
            {"weight_decay", ParamType::Real, d.weightDecay, 0.0, 1.0, {}, 0.0, 1e-2},
            {"momentum", ParamType::Real, d.momentum, 0.0, 0.999, {}, 0.8, 0.95},
            {"schedule", ParamType::Choice, d.schedule, -infinity, infinity, {"constant", "cosine", "one-cycle"}, 0, 0},
            {"patience", ParamType::Integer, d.patience, 0, 10'000, {}, 5, 30},
            {"seed", ParamType::Integer, d.seed, 0, 9'007'199'254'740'991.0, {}, 0, 0},
            {"threads", ParamType::Integer, d.threads, 1, 256, {}, 1, 8},
        };
    }();
    return params;
}

nlohmann::json toJson(const TrainSpec& spec)
{
    return {{"epochs", spec.epochs},
            {"batch_size", spec.batchSize},
            {"optimizer", spec.optimizer},
            {"learning_rate", spec.learningRate},
            {"weight_decay", spec.weightDecay},
            {"momentum", spec.momentum},
            {"schedule", spec.schedule},
            {"patience", spec.patience},
            {"seed", spec.seed},
            {"threads", spec.threads}};
}

TrainSpec trainSpecFromJson(const nlohmann::json& json)
{
    const std::vector<ParamSpec>& params = trainParams();
    throwFirstError(validateParams(params, json));
    const auto value = [&](std::string_view name) { return paramValue(params, json, name); };
    TrainSpec spec;
    spec.epochs = value("epochs").get<int>();
    spec.batchSize = value("batch_size").get<int>();
    spec.optimizer = value("optimizer").get<std::string>();
    spec.learningRate = value("learning_rate").get<double>();
    spec.weightDecay = value("weight_decay").get<double>();
    spec.momentum = value("momentum").get<double>();
    spec.schedule = value("schedule").get<std::string>();
    spec.patience = value("patience").get<int>();
    spec.seed = value("seed").get<std::uint64_t>();
    spec.threads = value("threads").get<int>();
    return spec;
}

int automaticBatchSize(std::size_t rows)
{
    const double wanted = std::max(1.0, static_cast<double>(rows) / 50.0);
    const double nearest = std::exp2(std::round(std::log2(wanted)));
    return static_cast<int>(std::clamp(nearest, 8.0, 1024.0));
}

} // namespace limpid
