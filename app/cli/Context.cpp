#include "app/cli/Context.h"

#include "core/engine/NetworkPredictor.h"

#include <CLI/App.hpp>

#include <QStandardPaths>

#include <charconv>
#include <cstdlib>

namespace limpid {

namespace fs = std::filesystem;

fs::path workspaceFolder(const std::string& given)
{
    if (!given.empty())
        return given;
    if (const char* variable = std::getenv("LIMPID_WORKSPACE"); variable && *variable)
        return variable;
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return fs::path(data.toStdString()) / "limpid" / "workspace";
}

fs::path CliContext::workspaceFolder() const
{
    return limpid::workspaceFolder(workspace);
}

std::unique_ptr<Workspace> CliContext::openWorkspace() const
{
    return std::make_unique<Workspace>(workspaceFolder());
}

std::unique_ptr<Workspace> CliContext::findWorkspace() const
{
    return Workspace::exists(workspaceFolder()) ? openWorkspace() : nullptr;
}

std::int64_t runId(const std::string& typed)
{
    const std::string_view digits = std::string_view(typed).substr(typed.starts_with("run:") ? 4 : 0);
    std::int64_t id = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    if (failure != std::errc() || end != digits.data() + digits.size())
        throw Error(ErrorCode::RunUnknown, {{"run", typed}});
    return id;
}

CLI::App* addVerb(CLI::App& parent, CliContext& context, const std::string& name, const std::string& description,
                  const std::string& examples)
{
    CLI::App* verb = parent.add_subcommand(name, description);
    verb->footer("\nExamples:\n" + examples);
    const std::string group = "Everywhere";
    verb->add_option("--workspace", context.workspace, "Folder of runs and models (else $LIMPID_WORKSPACE, else the user's data folder)")
        ->type_name("DIR")
        ->group(group);
    verb->add_flag("--json", context.json, "Print one JSON document")->group(group);
    verb->add_flag("--quiet", context.quiet, "No progress and no notes")->group(group);
    return verb;
}

LoadedModel loadModel(const CliContext& context, const std::string& reference, int threads)
{
    LoadedModel model;
    std::error_code ignored;
    // An exported bundle is a folder; a name can't hold a separator, so "./name" always means the folder.
    if (fs::exists(fs::path(reference) / "model.json", ignored)) {
        model.predictor = makePredictor(readBundle(reference), threads);
        model.title = reference;
        return model;
    }
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    if (!workspace) {
        if (fs::is_directory(reference, ignored))
            throw Error(ErrorCode::BundleInvalid, {{"path", reference}, {"reason", "model.json"}});
        throw Error(ErrorCode::ModelUnknown, {{"model", reference}});
    }
    try {
        model.version = workspace->resolve(reference);
    } catch (const Error&) {
        if (fs::is_directory(reference, ignored))
            throw Error(ErrorCode::BundleInvalid, {{"path", reference}, {"reason", "model.json"}});
        throw;
    }
    model.predictor = makePredictor(workspace->loadBundle(*model.version), threads);
    model.title = model.version->version > 0 ? model.version->model + " version " + std::to_string(model.version->version) : reference;
    model.run = workspace->run(model.version->run);
    return model;
}

} // namespace limpid
