#include "core/model/TrainSpec.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace limpid {

namespace {

using Member = std::variant<int TrainSpec::*, double TrainSpec::*, bool TrainSpec::*, std::string TrainSpec::*,
                            std::uint64_t TrainSpec::*>;

/// A setting and the member it is kept in.
struct Setting {
    ParamSpec spec;
    Member member;
};

Setting number(std::string name, Member member, double min, double max, double usualMin, double usualMax,
               ParamCondition appliesIf = {})
{
    const ParamType type = std::holds_alternative<double TrainSpec::*>(member) ? ParamType::Real : ParamType::Integer;
    return {{std::move(name), type, {}, min, max, {}, usualMin, usualMax, std::move(appliesIf)}, member};
}

Setting choice(std::string name, std::string TrainSpec::*member, std::vector<std::string> choices)
{
    ParamSpec spec{std::move(name), ParamType::Choice};
    spec.choices = std::move(choices);
    return {std::move(spec), member};
}

Setting flag(std::string name, bool TrainSpec::*member, ParamCondition appliesIf)
{
    ParamSpec spec{std::move(name), ParamType::Boolean};
    spec.appliesIf = std::move(appliesIf);
    return {std::move(spec), member};
}

std::vector<Setting> makeSettings()
{
    using T = TrainSpec;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const ParamCondition adam{"optimizer", {"Adam", "AdamW"}};
    std::vector<Setting> all{
        number("epochs", &T::epochs, 1, 100'000, 20, 200),
        number("batch_size", &T::batchSize, 0, 65'536, 16, 1024),
        number("accumulation", &T::accumulation, 1, 10'000, 1, 16),
        choice("optimizer", &T::optimizer, {"SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "L-BFGS"}),
        number("learning_rate", &T::learningRate, 1e-8, 10.0, 1e-4, 1e-2),
        number("weight_decay", &T::weightDecay, 0.0, 1.0, 0.0, 1e-2),
        number("momentum", &T::momentum, 0.0, 0.999, 0.8, 0.95, {"optimizer", {"SGD", "RMSprop"}}),
        flag("nesterov", &T::nesterov, {"optimizer", {"SGD"}}),
        number("beta1", &T::beta1, 0.0, 0.9999, 0.8, 0.95, adam),
        number("beta2", &T::beta2, 0.0, 0.99999, 0.95, 0.999, adam),
        number("eps", &T::eps, 1e-16, 1.0, 1e-10, 1e-6, {"optimizer", {"Adam", "AdamW", "RMSprop", "Adagrad"}}),
        number("alpha", &T::alpha, 0.0, 0.99999, 0.9, 0.99, {"optimizer", {"RMSprop"}}),
        choice("schedule", &T::schedule, {"constant", "step", "exponential", "cosine", "one-cycle", "plateau"}),
        number("warmup", &T::warmup, 0.0, 0.9, 0.0, 0.1, {"schedule", {"constant", "step", "exponential", "cosine", "plateau"}}),
        number("step_size", &T::stepSize, 1, 100'000, 5, 30, {"schedule", {"step"}}),
        number("gamma", &T::gamma, 1e-6, 1.0, 0.1, 0.95, {"schedule", {"step", "exponential"}}),
        number("plateau_patience", &T::plateauPatience, 0, 10'000, 3, 10, {"schedule", {"plateau"}}),
        number("plateau_factor", &T::plateauFactor, 1e-6, 0.999, 0.1, 0.5, {"schedule", {"plateau"}}),
        choice("loss", &T::loss, {"auto", "cross-entropy", "BCE", "focal", "MSE", "MAE", "Huber", "Poisson", "quantile"}),
        number("focal_gamma", &T::focalGamma, 0.0, 10.0, 0.5, 5.0, {"loss", {"focal"}}),
        number("huber_delta", &T::huberDelta, 1e-6, 1e6, 0.5, 2.0, {"loss", {"Huber"}}),
        number("quantile", &T::quantile, 0.001, 0.999, 0.05, 0.95, {"loss", {"quantile"}}),
        number("label_smoothing", &T::labelSmoothing, 0.0, 0.999, 0.0, 0.1, {"loss", {"auto", "cross-entropy", "BCE"}}),
        choice("class_weights", &T::classWeights, {"none", "balanced"}),
        choice("sampling", &T::sampling, {"shuffled", "balanced"}),
        number("l1", &T::l1, 0.0, 1.0, 0.0, 1e-3),
        number("clip_norm", &T::clipNorm, 0.0, infinity, 0.5, 5.0),
        number("clip_value", &T::clipValue, 0.0, infinity, 0.1, 1.0),
        number("ema_decay", &T::emaDecay, 0.0, 0.999999, 0.99, 0.9999),
        number("patience", &T::patience, 0, 10'000, 5, 30),
        number("seed", &T::seed, 0, 9'007'199'254'740'991.0, 0, 0),
        number("threads", &T::threads, 1, 256, 1, 8),
    };
    const TrainSpec defaults;
    for (Setting& setting : all)
        std::visit([&](auto member) { setting.spec.defaultValue = defaults.*member; }, setting.member);
    return all;
}

const std::vector<Setting>& settings()
{
    static const std::vector<Setting> all = makeSettings();
    return all;
}

} // namespace

const std::vector<ParamSpec>& trainParams()
{
    static const std::vector<ParamSpec> params = [] {
        std::vector<ParamSpec> specs;
        for (const Setting& setting : settings())
            specs.push_back(setting.spec);
        return specs;
    }();
    return params;
}

nlohmann::json toJson(const TrainSpec& spec)
{
    nlohmann::json json = nlohmann::json::object();
    for (const Setting& setting : settings())
        std::visit([&](auto member) { json[setting.spec.name] = spec.*member; }, setting.member);
    return json;
}

TrainSpec trainSpecFromJson(const nlohmann::json& json)
{
    throwFirstError(validateParams(trainParams(), json));
    TrainSpec spec;
    for (const Setting& setting : settings())
        if (const auto value = json.find(setting.spec.name); value != json.end())
            std::visit([&](auto member) { value->get_to(spec.*member); }, setting.member);
    return spec;
}

int automaticBatchSize(std::size_t rows)
{
    const double wanted = std::max(1.0, static_cast<double>(rows) / 50.0);
    const double nearest = std::exp2(std::round(std::log2(wanted)));
    return static_cast<int>(std::clamp(nearest, 8.0, 1024.0));
}

} // namespace limpid
