#include "app/cli/Cli.h"

#include "app/cli/Context.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <QCoreApplication>
#ifdef LIMPID_GUI
#include <QGuiApplication>
#endif

#include <algorithm>
#include <map>
#include <new>
#include <vector>

namespace limpid {

namespace {

const char* const topExamples =
    "\nExamples:\n"
    "  limpid demo                                      the main job on a bundled data set, without a screen\n"
    "  limpid train penguins.csv --target species       train a network and keep it as a model\n"
    "  limpid explain penguins penguins.csv --method leverage --plot beeswarm.png\n"
    "  limpid predict penguins new.csv --out predictions.csv\n"
    "\n`limpid VERB --help` explains each verb. Exit codes: 0 done, 1 failed, 2 usage, 3 bad input, 130 interrupted.";

/// The verb of the arguments, or "": the first that is neither an option nor an option's value.
std::string_view verbOf(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--workspace") {
            ++i;
            continue;
        }
        if (!argument.starts_with('-'))
            return argument;
    }
    return {};
}

bool hasScreen()
{
#if defined(__unix__) && !defined(__APPLE__)
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") || qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

bool wantsWindow(int argc, char** argv)
{
    return argc < 2 || verbOf(argc, argv) == "open";
}

/// Which option of this verb helps, where one does: " See --ignore."
QString optionHint(const CLI::App& verb, ErrorCode code)
{
    static const std::map<ErrorCode, std::vector<const char*>> helpful{
        {ErrorCode::ColumnAllMissing, {"--ignore"}},
        {ErrorCode::ColumnNotFinite, {"--missing", "--ignore"}},
        {ErrorCode::ColumnUnseenRefused, {"--allow-unseen"}},
    };
    const auto found = helpful.find(code);
    QStringList names;
    if (found != helpful.end())
        for (const char* name : found->second)
            if (verb.get_option_no_throw(name))
                names += QString::fromLatin1(name);
    return names.isEmpty() ? QString() : QStringLiteral(" See %1.").arg(names.join(QStringLiteral(" and ")));
}

void printError(const CliContext& context, const CLI::App& verb, const Error& error)
{
    complain(message(error) + optionHint(verb, error.code()));
    if (!context.json)
        return;
    nlohmann::json facts = nlohmann::json::object();
    for (const auto& [name, value] : error.facts())
        facts[name] = value;
    printJson({{"error", {{"code", errorName(error.code())}, {"message", message(error).toStdString()}, {"facts", facts}}}});
}

/// What was typed was wrong, not what a file holds.
int exitCodeOfCommandLine(ErrorCode code)
{
    return code == ErrorCode::OptionInvalid || code == ErrorCode::OptionUnknown || code == ErrorCode::OptionUnused ? 2 : exitCodeOf(code);
}

int runVerb(const CLI::App& app, const CliContext& context)
{
    const CLI::App& verb = *app.get_subcommands().front();
    try {
        return context.run();
    } catch (const Cancelled&) {
        note(context, QStringLiteral("Interrupted."));
        return interruptedExitCode;
    } catch (const Error& error) {
        printError(context, verb, error);
        return exitCodeOfCommandLine(error.code());
    } catch (const std::bad_alloc&) {
        printError(context, verb, Error(ErrorCode::OutOfMemory));
        return 1;
    } catch (const std::exception& error) {
        printError(context, verb, Error(ErrorCode::Internal, {{"reason", error.what()}}));
        return 1;
    }
}

void addVerbs(CLI::App& app, CliContext& context)
{
    addDemoVerb(app, context);
    addDataVerb(app, context);
    addTrainVerb(app, context);
    addNetworkVerb(app, context);
    addRunsVerb(app, context);
    addModelsVerb(app, context);
    addPredictVerb(app, context);
    addEvaluateVerb(app, context);
    addExplainVerb(app, context);
    addExplanationsVerb(app, context);
#ifdef LIMPID_GUI
    addReportVerb(app, context);
#endif
    addDoctorVerb(app, context);
    addCompletionVerb(app, context);
}

/// CLI11 would only say that a verb is missing.
bool checkVerb(const CLI::App& app, const std::string& verb)
{
    std::vector<std::string> names;
    for (const CLI::App* known : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(known->get_name());
    if (verb.empty() || std::find(names.begin(), names.end(), verb) != names.end())
        return true;
    const std::string nearest = nearestName(verb, names);
    QString sentence = QStringLiteral("There is no verb “%1”.").arg(QString::fromStdString(verb));
    if (!nearest.empty())
        sentence += QStringLiteral(" Did you mean “%1”?").arg(QString::fromStdString(nearest));
    complain(sentence + QStringLiteral(" `limpid --help` lists them all."));
    return false;
}

} // namespace

bool asksForWindow(int argc, char** argv)
{
    return wantsWindow(argc, argv) && hasScreen();
}

int runCli(int argc, char** argv)
{
    if (wantsWindow(argc, argv)) {
#ifdef LIMPID_GUI
        complain(QStringLiteral("There is no display to open a window on. `limpid demo` works without one, and `limpid --help` lists what else does."));
#else
        complain(QStringLiteral("This Limpid was built without its window. `limpid demo` works without one, and `limpid --help` lists what else does."));
#endif
        return 2;
    }

    CliContext context;
    CLI::App app("Limpid: build, train and understand neural networks on your own machine.", "limpid");
    app.footer(topExamples);
    app.set_version_flag("--version", std::string("limpid ") + LIMPID_VERSION);
    app.require_subcommand(1);
    app.add_option("--workspace", context.workspace, "Folder of runs and models (else $LIMPID_WORKSPACE, else the user's data folder)")
        ->type_name("DIR");
    app.add_flag("--json", context.json, "Print one JSON document");
    app.add_flag("--quiet", context.quiet, "No progress and no notes");
    addVerbs(app, context);
    if (!checkVerb(app, std::string(verbOf(argc, argv))))
        return 2;
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }

    Interrupt::listen();
#ifdef LIMPID_GUI
    if (context.needsPictures) {
        // Pictures are drawn into memory: no screen is asked for, so none can be missing.
        qputenv("QT_QPA_PLATFORM", "offscreen");
        // What Qt thinks of a session without a desktop is of no use to whoever asked for a picture.
        qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& text) {
            if (type == QtCriticalMsg || type == QtFatalMsg)
                complain(text);
        });
        const QGuiApplication application(argc, argv);
        return runVerb(app, context);
    }
#endif
    const QCoreApplication application(argc, argv);
    return runVerb(app, context);
}

} // namespace limpid
