#include "app/cli/DataOptions.h"
#include "app/cli/NetworkFile.h"
#include "app/cli/Output.h"
#include "app/cli/RateFinding.h"
#include "app/cli/StudyTraining.h"
#include "app/cli/Training.h"
#include "core/model/TrainSpec.h"
#include "core/workbench/Study.h"
#include "ui/text/Messages.h"
#include "ui/text/ParamTexts.h"

#include <CLI/App.hpp>

#include <algorithm>

namespace limpid {

namespace {

struct TrainOptions {
    std::string file, network = "mlp", name;
    std::vector<std::string> targets;
    bool reconstruct = false;
    DataOptions data;
    double validation = SplitSpec().validation;
    std::map<std::string, std::string> settings;   ///< of trainParams(), as typed
    std::vector<std::string> assignments;          ///< --set KEY=VALUE
    std::vector<std::string> ignored;
    int folds = 0, repeats = 0, members = 0;       ///< 0: not asked for
    bool findRate = false;
    std::map<std::string, std::string> finder;     ///< of rateFinderParams(), as typed
    std::string categories = PipelineSpec().categories, scaling = PipelineSpec().scaling;
};

std::string optionName(std::string name)
{
    std::replace(name.begin(), name.end(), '_', '-');
    return "--" + name;
}

const ParamSpec& findParam(const std::vector<ParamSpec>& params, const std::string& name)
{
    std::vector<std::string> names;
    for (const ParamSpec& param : params) {
        if (param.name == name)
            return param;
        names.push_back(param.name);
    }
    throw Error(ErrorCode::OptionUnknown, {{"name", name}, {"nearest", nearestName(name, names)}});
}

TrainSpec trainSpec(const TrainOptions& options)
{
    nlohmann::json values = nlohmann::json::object();
    for (const std::string& text : options.assignments) {
        auto [name, value] = splitAssignment("--set", text);
        std::replace(name.begin(), name.end(), '-', '_');
        values[name] = parseParam(findParam(trainParams(), name), value);
    }
    for (const auto& [name, value] : options.settings)
        values[name] = parseParam(findParam(trainParams(), name), value);
    return trainSpecFromJson(values);
}

StudySpec studyOf(const TrainOptions& options)
{
    for (const auto& [kind, parts] : {std::pair(StudyKind::Folds, options.folds), {StudyKind::Repeats, options.repeats}, {StudyKind::Ensemble, options.members}})
        if (parts > 0)
            return {kind, parts};
    return {};
}

RateFinderSpec finderOf(const TrainOptions& options)
{
    nlohmann::json values = toJson(RateFinderSpec());
    for (const auto& [name, value] : options.finder)
        values[name] = parseParam(findParam(rateFinderParams(), name), value);
    return {values["start"].get<double>(), values["end"].get<double>(), values["steps"].get<int>()};
}

TrainRequest requestOf(const TrainOptions& options)
{
    TrainRequest request;
    request.study = studyOf(options);
    request.pipeline.reconstruct = options.reconstruct;
    request.pipeline.ignored = options.ignored;
    request.pipeline.categories = options.categories;
    request.pipeline.scaling = options.scaling;
    request.train = trainSpec(options);
    request.split.validation = options.validation;
    request.split.seed = request.train.seed;
    request.name = options.name;
    const std::vector<std::string>& presets = networkPresets();
    if (std::find(presets.begin(), presets.end(), options.network) != presets.end()) {
        request.preset = options.network;
    } else if (isNetworkFile(options.network) || options.network.find('.') != std::string::npos) {
        request.network = readNetworkFile(options.network).network;
    } else {
        std::string names;
        for (const std::string& preset : presets)
            names += (names.empty() ? "" : ", ") + preset;
        throw Error(ErrorCode::OptionInvalid, {{"name", "--network"}, {"value", options.network}, {"expected", names + ", or a file"},
                                               {"nearest", nearestName(options.network, presets)}});
    }
    return request;
}

int runTrain(const CliContext& context, const TrainOptions& options)
{
    TrainRequest request = requestOf(options);
    const DataSet data = readData(context, options.file, options.data.csv());
    if (!options.reconstruct)
        request.pipeline.setTargets(targetColumns(data, options.targets));
    for (const std::string& column : options.ignored)
        requireColumn(data, column);

    if (!request.name.empty() && !isModelName(request.name))
        throw Error(ErrorCode::NameInvalid, {{"name", request.name}});
    if (options.findRate) {
        noteIssues(context, data.csv.issues);
        return findRateWithProgress(context, data, request, finderOf(options));
    }
    // Everything that can be wrong with the request comes out here, before a workspace is made or touched.
    for (const TrainRequest& part : request.study.kind == StudyKind::Once ? std::vector{request} : studyRequests(request))
        throwFirstError(planTraining(data, part).issues);

    const std::unique_ptr<Workspace> workspace = context.openWorkspace();
    if (request.study.kind != StudyKind::Once) {
        noteIssues(context, data.csv.issues);
        return trainStudy(context, *workspace, data, request);
    }
    const TrainOutcome outcome = trainWithProgress(context, *workspace, data, request);
    noteIssues(context, data.csv.issues);
    return tellTraining(context, outcome);
}

void addStudyOptions(CLI::App& verb, TrainOptions& options, CLI::Option* validation)
{
    const std::string group = "Several runs";
    const auto add = [&](const char* name, int& parts, const char* help) {
        return verb.add_option(name, parts, help)->type_name("N")->check(CLI::Range(2, 1000))->group(group);
    };
    CLI::Option* folds = add("--folds", options.folds, "Cross-validate: N runs, each judged by another N-th of the rows");
    CLI::Option* repeats = add("--repeats", options.repeats, "N runs on the same rows from the seeds SEED, SEED + 1, ...");
    CLI::Option* members = add("--ensemble", options.members, "N members as with --repeats, and one version that predicts the mean of theirs");
    CLI::Option* find = verb.add_flag("--find-rate", options.findRate, "Train nothing: try learning rates and suggest one")->group("Learning-rate finder");
    folds->excludes(validation)->excludes(repeats)->excludes(members);
    repeats->excludes(members);
    for (CLI::Option* option : {folds, repeats, members})
        find->excludes(option);
    for (const ParamSpec& param : rateFinderParams()) {
        const std::string key = param.name;
        verb.add_option_function<std::string>("--rate-" + key, [&options, key](const std::string& value) { options.finder[key] = value; },
                                              paramHelp("rate finder", key).toStdString() + " [" + param.defaultValue.dump() + "]")
            ->type_name(param.type == ParamType::Integer ? "N" : "X")->needs(find)->group("Learning-rate finder");
    }
}

} // namespace

void addTrainVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "train", "Train a network on a table and keep it as a new version of a model",
                             "  limpid train penguins.csv --target species\n"
                             "  limpid train diamonds.csv --target price --epochs 30 --batch-size 256 --optimizer AdamW\n"
                             "  limpid train people.csv --target income --network wide-and-deep --ignore id --type zip=category\n"
                             "  limpid train penguins.csv --target species --network my-network.json --seed 7 --json\n"
                             "  limpid train digits.csv --target digit --network lenet.onnx\n"
                             "  limpid train penguins.csv --target bill_length_mm --target body_mass_g\n"
                             "  limpid train bikes.csv --target rentals --loss Poisson\n"
                             "  limpid train reviews.csv --target label --network text-bag\n"
                             "  limpid train digits.csv --reconstruct --network autoencoder\n"
                             "  limpid train penguins.csv --target species --find-rate\n"
                             "  limpid train penguins.csv --target species --folds 5\n"
                             "  limpid train penguins.csv --target species --ensemble 5\n"
                             "\nCtrl+C stops and keeps the best weights so far; twice gives up. The same command with the same seed and\n"
                             "number of threads gives the same model, to the byte.");
    auto options = std::make_shared<TrainOptions>();
    verb->add_option("FILE", options->file, "CSV or TSV file, also .gz")->required();
    CLI::Option* target = verb->add_option("--target", options->targets, "The column to predict; repeated, or A,B, for several: all numbers or all of two values")
        ->type_name("COLUMN")->allow_extra_args(false);
    verb->add_flag("--reconstruct", options->reconstruct, "Predict all columns of numbers from themselves, in place of a target, as an autoencoder does")->excludes(target);
    std::string presets;
    for (const std::string& preset : networkPresets())
        presets += (presets.empty() ? "" : ", ") + preset;
    verb->add_option("--network", options->network, "A preset (" + presets + ") or a network's JSON or ONNX file")->type_name("FILE|PRESET");
    verb->add_option("--name", options->name, "Name of the model (else the file's)")->type_name("NAME");
    CLI::Option* validation = verb->add_option("--validation", options->validation, "Share of rows kept aside to judge the model by")
                                  ->type_name("FRACTION")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    addStudyOptions(*verb, *options, validation);
    for (const ParamSpec& param : trainParams()) {
        const std::string key = param.name;
        std::string help = paramHelp("train", key).toStdString();
        help += " [" + (param.defaultValue.is_string() ? param.defaultValue.get<std::string>() : param.defaultValue.dump()) + "]";
        const char* type = param.type == ParamType::Integer ? "N" : param.type == ParamType::Real ? "X" : "NAME";
        verb->add_option_function<std::string>(
                optionName(key), [options, key](const std::string& value) { options->settings[key] = value; }, help)
            ->type_name(type)->group("Training");
    }
    verb->add_option("--set", options->assignments, "Any setting above by its name in run files, e.g. learning_rate=0.01; may be repeated")
        ->type_name("KEY=VALUE")->allow_extra_args(false)->group("Training");
    verb->add_option("--ignore", options->ignored, "Leave a column out; may be repeated")
        ->type_name("COLUMN")->allow_extra_args(false)->group("Preparation");
    verb->add_option("--categories", options->categories, "Categories become embedding or one-hot")
        ->check(CLI::IsMember({"embedding", "one-hot"}))->capture_default_str()->group("Preparation");
    verb->add_option("--scaling", options->scaling, "Numbers are scaled: standard, quantile or none")
        ->check(CLI::IsMember({"standard", "quantile", "none"}))->capture_default_str()->group("Preparation");
    options->data.addTo(*verb);
    verb->callback([&context, options] {
        if (options->targets.empty() && !options->reconstruct)
            throw CLI::RequiredError("--target");
        context.run = [&context, options] { return runTrain(context, *options); };
    });
}

} // namespace limpid
