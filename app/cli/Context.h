#pragma once

#include "core/base/Error.h"
#include "core/base/Task.h"
#include "core/model/Predictor.h"
#include "core/store/Workspace.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace limpid {

/// What every verb is given: the options that hold everywhere, and a place to leave its work. Parsing only sets `run`;
/// it is called once the Qt application that it needs exists.
struct CliContext {
    std::string workspace;   ///< as given, or ""
    bool json = false;
    bool quiet = false;
    std::function<int()> run;
    bool needsPictures = false; ///< draws plots: fonts and images want a QGuiApplication

    std::filesystem::path workspaceFolder() const;
    /// Opens or creates.
    std::unique_ptr<Workspace> openWorkspace() const;
    /// nullptr where there is none yet: a verb that only reads must not leave one behind.
    std::unique_ptr<Workspace> findWorkspace() const;
};

/// `--workspace`, else $LIMPID_WORKSPACE, else limpid/workspace in the platform's folder for a user's data.
std::filesystem::path workspaceFolder(const std::string& given);

/// The number of a run as one types it: "7" or "run:7". Throws RunUnknown.
std::int64_t runId(const std::string& typed);

/// A verb with the options that hold everywhere and with examples below its help.
CLI::App* addVerb(CLI::App& parent, CliContext& context, const std::string& name, const std::string& description,
                  const std::string& examples);

/// The model that MODEL names: NAME, NAME@ALIAS, NAME@VERSION, run:ID, or the folder of an exported bundle.
struct LoadedModel {
    std::unique_ptr<Predictor> predictor;
    std::string title;                     ///< "penguins, version 2"
    std::optional<ModelVersion> version;   ///< none for an exported folder
    std::optional<RunRecord> run;          ///< the run that it came of
};
LoadedModel loadModel(const CliContext& context, const std::string& reference, int threads);

// A verb a file.
void addDemoVerb(CLI::App& app, CliContext& context);
void addDataVerb(CLI::App& app, CliContext& context);
void addTrainVerb(CLI::App& app, CliContext& context);
void addNetworkVerb(CLI::App& app, CliContext& context);
void addRunsVerb(CLI::App& app, CliContext& context);
void addCompareVerb(CLI::App& runs, CliContext& context);   ///< of `runs`
void addModelsVerb(CLI::App& app, CliContext& context);
void addPredictVerb(CLI::App& app, CliContext& context);
void addEvaluateVerb(CLI::App& app, CliContext& context);
void addExplainVerb(CLI::App& app, CliContext& context);
void addExplanationsVerb(CLI::App& app, CliContext& context);
#ifdef LIMPID_GUI
void addReportVerb(CLI::App& app, CliContext& context);    ///< it draws
#endif
void addDoctorVerb(CLI::App& app, CliContext& context);
void addCompletionVerb(CLI::App& app, CliContext& context);

} // namespace limpid
