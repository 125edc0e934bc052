#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>

namespace limpid {

namespace fs = std::filesystem;

namespace {

nlohmann::json versionJson(const ModelVersion& version)
{
    return {{"model", version.model},
            {"version", version.version},
            {"run", version.run},
            {"created", isoTime(version.createdMs)},
            {"metrics", version.metrics},
            {"aliases", version.aliases},
            {"tags", version.tags}};
}

QString aliasText(const ModelVersion& version)
{
    QStringList aliases;
    for (const std::string& alias : version.aliases)
        aliases << QString::fromStdString(alias);
    return aliases.join(QStringLiteral(", "));
}

std::unique_ptr<Workspace> workspaceWith(const CliContext& context, const std::string& model)
{
    std::unique_ptr<Workspace> workspace = context.findWorkspace();
    if (!workspace)
        throw Error(ErrorCode::ModelUnknown, {{"model", model}});
    return workspace;
}

/// Figures of the validation rows, whether they stand alone or beside those of the training rows.
std::map<std::string, double> figuresOf(const nlohmann::json& metrics)
{
    const bool parts = metrics.is_object() && metrics.contains("validation");
    return numbersOf(parts ? metrics["validation"] : metrics);
}

int listModels(const CliContext& context)
{
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    const std::vector<ModelSummary> models = workspace ? workspace->models() : std::vector<ModelSummary>();
    if (context.json) {
        nlohmann::json list = nlohmann::json::array();
        for (const ModelSummary& model : models) {
            nlohmann::json versions = nlohmann::json::array();
            for (const ModelVersion& version : model.versions)
                versions.push_back(versionJson(version));
            list.push_back({{"name", model.name}, {"versions", versions}});
        }
        printJson({{"models", list}});
        return 0;
    }
    if (models.empty()) {
        printLine(QStringLiteral("No models yet. `limpid train FILE --target COLUMN` makes one."));
        return 0;
    }
    std::vector<QStringList> rows;
    for (const ModelSummary& model : models) {
        for (const ModelVersion& version : model.versions) {
            QStringList figures;
            for (const auto& [name, value] : figuresOf(version.metrics))
                figures << QStringLiteral("%1 %2").arg(metricName(name), numberText(value));
            rows.push_back({QString::fromStdString(model.name), QString::number(version.version), aliasText(version), QString::number(version.run),
                            QString::fromStdString(isoTime(version.createdMs)), figures.join(QStringLiteral(", "))});
        }
    }
    printTable({QStringLiteral("Model"), QStringLiteral("Version"), QStringLiteral("Aliases"), QStringLiteral("Run"), QStringLiteral("Made"),
                QStringLiteral("Validation")}, rows);
    return 0;
}

int showModel(const CliContext& context, const std::string& reference)
{
    const std::unique_ptr<Workspace> workspace = workspaceWith(context, reference);
    const ModelVersion version = workspace->resolve(reference);
    const Bundle bundle = workspace->loadBundle(version);
    std::int64_t parameters = 0;
    for (const WeightTensor& tensor : bundle.weights)
        parameters += std::int64_t(tensor.values.size());
    const auto members = std::int64_t(1 + bundle.furtherMembers.size());
    parameters *= members; // all of one network
    if (context.json) {
        nlohmann::json document = versionJson(version);
        document["task"] = taskKindName(bundle.pipeline.task());
        document["target"] = bundle.pipeline.spec().target;
        if (!bundle.pipeline.spec().moreTargets.empty())
            document["targets"] = bundle.pipeline.spec().targets();
        document["classes"] = bundle.pipeline.classes();
        nlohmann::json columns = nlohmann::json::array();
        for (const FeatureGroup& group : bundle.pipeline.groups())
            columns.push_back({{"name", group.column}, {"type", columnTypeName(group.type)}});
        document["columns"] = columns;
        document["network"] = bundle.network.toJson();
        document["weights"] = parameters;
        document["members"] = members;
        printJson(document);
        return 0;
    }
    QStringList columns;
    for (const FeatureGroup& group : bundle.pipeline.groups())
        columns << QString::fromStdString(group.column);
    const std::string_view task = taskKindName(bundle.pipeline.task());
    QStringList targets;
    for (const TargetCoding& target : bundle.pipeline.targets())
        targets << QString::fromStdString(target.column);
    printFacts({{QStringLiteral("Model"), QString::fromStdString(version.model)},
                {QStringLiteral("Version"), version.version > 0 ? QString::number(version.version) : QStringLiteral("none: the best weights of the run")},
                {QStringLiteral("Aliases"), aliasText(version)},
                {QStringLiteral("Run"), QString::number(version.run)},
                {QStringLiteral("Made"), QString::fromStdString(isoTime(version.createdMs))},
                {QStringLiteral("Predicts"), QStringLiteral("%1 (%2)").arg(targets.join(QStringLiteral(", ")), QString::fromUtf8(task.data(), qsizetype(task.size())))},
                {QStringLiteral("From"), columns.join(QStringLiteral(", "))},
                {QStringLiteral("Members"), countText(members)},
                {QStringLiteral("Numbers held"), countText(parameters)}});
    printLine();
    printMetrics({{QStringLiteral("validation"), figuresOf(version.metrics)}});
    return 0;
}

int setAlias(const CliContext& context, const std::string& reference, const std::string& alias, bool remove)
{
    const std::unique_ptr<Workspace> workspace = workspaceWith(context, reference);
    const ModelVersion version = workspace->resolve(reference);
    if (remove)
        workspace->removeAlias(version.model, alias);
    else
        workspace->setAlias(version.model, alias, version.version);
    if (context.json)
        printJson({{"model", version.model}, {"alias", alias}, {"version", remove ? nlohmann::json() : nlohmann::json(version.version)}});
    else if (remove)
        printLine(QStringLiteral("Removed the alias %1 of %2.").arg(QString::fromStdString(alias), QString::fromStdString(version.model)));
    else
        printLine(QStringLiteral("%1@%2 is now version %3.").arg(QString::fromStdString(version.model), QString::fromStdString(alias)).arg(version.version));
    return 0;
}

int exportModel(const CliContext& context, const std::string& reference, const std::string& folder)
{
    const std::unique_ptr<Workspace> workspace = workspaceWith(context, reference);
    const ModelVersion version = workspace->resolve(reference);
    const Bundle bundle = workspace->loadBundle(version);
    const fs::path out = folder.empty() ? fs::path(version.model + (version.version > 0 ? "-" + std::to_string(version.version) : "-run-" + std::to_string(version.run))) : fs::path(folder);
    std::error_code ignored;
    if (fs::exists(out, ignored) && !(fs::is_directory(out, ignored) && fs::is_empty(out, ignored)) && !fs::exists(out / "model.json", ignored))
        throw Error(ErrorCode::FileUnwritable, {{"path", out.string()}, {"reason", "it is there already and is no exported model"}});
    writeBundle(bundle, out);
    if (context.json)
        printJson({{"model", version.model}, {"version", version.version}, {"folder", out.string()}});
    else
        printLine(version.version > 0
                      ? QStringLiteral("Exported %1 version %2 to %3.").arg(QString::fromStdString(version.model)).arg(version.version).arg(QString::fromStdString(out.string()))
                      : QStringLiteral("Exported run %1 of %2 to %3.").arg(version.run).arg(QString::fromStdString(version.model), QString::fromStdString(out.string())));
    return 0;
}

} // namespace

void addModelsVerb(CLI::App& app, CliContext& context)
{
    CLI::App* models = addVerb(app, context, "models", "Models and their versions: list, show, name, export",
                               "  limpid models list\n"
                               "  limpid models alias penguins@2 champion\n"
                               "  limpid models export penguins@champion --out penguins-model");
    models->require_subcommand(1);
    const std::string modelHelp = "NAME (its newest), NAME@ALIAS, NAME@VERSION or run:ID";

    CLI::App* list = addVerb(*models, context, "list", "All models with their versions, newest first", "  limpid models list\n  limpid models list --json");
    list->callback([&context] { context.run = [&context] { return listModels(context); }; });

    auto shown = std::make_shared<std::string>();
    CLI::App* show = addVerb(*models, context, "show", "One version: what it predicts, from which columns, how well", "  limpid models show penguins@champion");
    show->add_option("MODEL", *shown, modelHelp)->required();
    show->callback([&context, shown] { context.run = [&context, shown] { return showModel(context, *shown); }; });

    struct AliasOptions { std::string model, alias; bool remove = false; };
    auto aliased = std::make_shared<AliasOptions>();
    CLI::App* alias = addVerb(*models, context, "alias", "Give a version a name of its own, or move or remove the name",
                              "  limpid models alias penguins@2 champion\n  limpid models alias penguins champion --remove");
    alias->add_option("MODEL", aliased->model, modelHelp)->required();
    alias->add_option("ALIAS", aliased->alias, "The name, such as champion")->required();
    alias->add_flag("--remove", aliased->remove, "Remove the name instead");
    alias->callback([&context, aliased] {
        context.run = [&context, aliased] { return setAlias(context, aliased->model, aliased->alias, aliased->remove); };
    });

    struct ExportOptions { std::string model, folder; };
    auto exported = std::make_shared<ExportOptions>();
    CLI::App* save = addVerb(*models, context, "export", "Write a version as a folder: pipeline, network and model.safetensors",
                             "  limpid models export penguins --out penguins-model");
    save->add_option("MODEL", exported->model, modelHelp)->required();
    save->add_option("--out", exported->folder, "The folder to write (else MODEL-VERSION)")->type_name("DIR");
    save->callback([&context, exported] { context.run = [&context, exported] { return exportModel(context, exported->model, exported->folder); }; });
}

} // namespace limpid
