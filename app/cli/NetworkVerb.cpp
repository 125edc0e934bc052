#include "app/cli/DataOptions.h"
#include "app/cli/NetworkText.h"
#include "app/cli/Output.h"
#include "core/base/File.h"
#include "core/exchange/OnnxImport.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>

#include <algorithm>

namespace limpid {

namespace {

struct ShowOptions {
    std::string reference, file;
    std::vector<std::string> targets;
    DataOptions data;
};

/// As training would see it: fitted to the file's columns.
int showWithData(const CliContext& context, const ShowOptions& options, bool preset)
{
    TrainRequest request;
    if (preset)
        request.preset = options.reference;
    else
        request.network = findNetwork(context, options.reference).network;
    const DataSet data = readData(context, options.file, options.data.csv());
    request.pipeline.setTargets(targetColumns(data, options.targets));
    const TrainPlan plan = planTraining(data, request);
    if (context.json) {
        printJson(networkJson(plan.network, &plan.analysis));
        return 0;
    }
    printNetwork(plan.network, &plan.analysis);
    noteIssues(context, plan.analysis.issues);
    return 0;
}

int runShow(const CliContext& context, const ShowOptions& options)
{
    const std::vector<std::string>& presets = networkPresets();
    const bool preset = std::find(presets.begin(), presets.end(), options.reference) != presets.end();
    if (!options.file.empty())
        return showWithData(context, options, preset);
    if (preset) // a preset fits itself to the data
        throw Error(ErrorCode::OptionInvalid, {{"name", "--data"}, {"value", ""}, {"expected", "--data FILE --target COLUMN"}});
    const FoundNetwork found = findNetwork(context, options.reference);
    std::optional<NetworkAnalysis> analysis;
    if (found.context) {
        analysis = analyse(found.network, *found.context);
        // Nothing says yet what is to be predicted.
        std::erase_if(analysis->issues, [](const Issue& issue) { return issue.code == ErrorCode::NetworkOutputSize; });
    }
    if (context.json) {
        printJson(networkJson(found.network, analysis ? &*analysis : nullptr));
        return 0;
    }
    printNetwork(found.network, analysis ? &*analysis : nullptr);
    if (analysis)
        noteIssues(context, analysis->issues);
    else
        note(context, QStringLiteral("--data FILE --target COLUMN shows what it costs for your data."));
    return 0;
}

int runDiff(const CliContext& context, const std::string& before, const std::string& after)
{
    const NetworkSpec old = findNetwork(context, before).network, now = findNetwork(context, after).network;
    const std::vector<NodeChange> changes = networkChanges(old, now);
    if (context.json)
        printJson(changesJson(changes));
    else
        printChanges(changes);
    return 0;
}

int runImport(const CliContext& context, const std::string& file, const std::string& out)
{
    const ImportedNetwork imported = readOnnx(file);
    const NetworkContext& data = imported.context;
    const std::int64_t parameters = analyse(imported.network, data).total.parameters;
    writeFileAtomically(out, imported.network.toJson().dump(1) + "\n");
    if (context.json) {
        printJson({{"network", out}, {"layers", imported.network.nodes.size()}, {"parameters", parameters}, {"numbers", data.numbers},
                   {"words", data.words}, {"vocabulary", data.vocabulary}, {"outputs", data.outputs}});
        return 0;
    }
    printLine(QStringLiteral("Wrote %1: %2 layers with %3 parameters. Weights are not imported; training starts anew.")
                  .arg(QString::fromStdString(out)).arg(imported.network.nodes.size()).arg(countText(parameters)));
    if (data.numbers > 0)
        printLine(QStringLiteral("It reads %1 numbers a row and gives %2.").arg(countText(data.numbers), countText(data.outputs)));
    if (data.words > 0)
        printLine(QStringLiteral("It reads texts of %1 words out of %2 and gives %3.").arg(countText(data.words), countText(data.vocabulary), countText(data.outputs)));
    return 0;
}

void addShow(CLI::App& network, CliContext& context)
{
    CLI::App* verb = addVerb(network, context, "show", "The layers of a network, with shapes and costs where the data is known",
                             "  limpid network show penguins@best\n"
                             "  limpid network show resnet.onnx\n"
                             "  limpid network show my-network.json --data penguins.csv --target species\n"
                             "  limpid network show residual-mlp --data diamonds.csv --target price --json");
    auto options = std::make_shared<ShowOptions>();
    verb->add_option("NETWORK", options->reference, "A network's JSON or ONNX file, a preset, or a model")->type_name("FILE|PRESET|MODEL")->required();
    CLI::Option* data = verb->add_option("--data", options->file, "The table that it is for, CSV or TSV, also .gz")->type_name("FILE");
    CLI::Option* target = verb->add_option("--target", options->targets, "The column to predict; repeated, or A,B, for several")
                              ->type_name("COLUMN")->allow_extra_args(false)->needs(data);
    data->needs(target);
    options->data.addTo(*verb);
    verb->callback([&context, options] { context.run = [&context, options] { return runShow(context, *options); }; });
}

} // namespace

void addNetworkVerb(CLI::App& app, CliContext& context)
{
    CLI::App* network = addVerb(app, context, "network", "Look at networks, compare and import them",
                                "  limpid network show my-network.json --data penguins.csv --target species\n"
                                "  limpid network diff penguins@1 penguins@2\n"
                                "  limpid network import resnet.onnx --out resnet.json");
    network->require_subcommand(1);
    addShow(*network, context);

    CLI::App* diff = addVerb(*network, context, "diff", "What changed between two networks, layer by layer",
                             "  limpid network diff penguins@1 penguins@2\n"
                             "  limpid network diff old.json new.onnx --json\n"
                             "\nA line each: + added, - removed, ~ changed, = called otherwise. Where layers stand on the canvas is no change.");
    auto before = std::make_shared<std::string>(), after = std::make_shared<std::string>();
    diff->add_option("BEFORE", *before, "A network's JSON or ONNX file, or a model")->type_name("FILE|MODEL")->required();
    diff->add_option("AFTER", *after, "The same of what it became")->type_name("FILE|MODEL")->required();
    diff->callback([&context, before, after] { context.run = [&context, before, after] { return runDiff(context, *before, *after); }; });

    CLI::App* import = addVerb(*network, context, "import", "Make a network of an ONNX file, to be drawn, changed and trained here",
                               "  limpid network import resnet.onnx --out resnet.json\n"
                               "  limpid train digits.csv --target digit --network resnet.json\n"
                               "\nLayers come over, weights do not. PyTorch leaves Dropout out of a file, and folds BatchNorm into Conv, unless it\n"
                               "exports with training=torch.onnx.TrainingMode.TRAINING.");
    auto file = std::make_shared<std::string>(), out = std::make_shared<std::string>();
    import->add_option("FILE", *file, "ONNX file")->required();
    import->add_option("--out", *out, "The network's JSON file")->type_name("FILE.json")->required();
    import->callback([&context, file, out] { context.run = [&context, file, out] { return runImport(context, *file, *out); }; });
}

} // namespace limpid
