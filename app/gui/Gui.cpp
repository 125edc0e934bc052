#include "app/gui/Gui.h"

#include "app/cli/Context.h"
#include "core/base/File.h"
#include "core/engine/Backend.h"
#include "core/jobs/JobQueue.h"
#include "ui/session/JobRunner.h"
#include "ui/session/Session.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/Theme.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <QApplication>
#include <QDir>
#include <QStandardPaths>

#include <spdlog/async.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace limpid {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t logBytes = 1u << 20, logFiles = 3;

QString text(const fs::path& path) { return QString::fromStdU16String(path.u16string()); }

/// What the window runs into goes to a file, with Qt's own messages; without one (a full or read-only disk) to nowhere.
void startLog()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/limpid";
    QDir().mkpath(folder);
    try {
        // Written by a thread of its own: whoever logs, the GUI thread for one, doesn't wait for the disk.
        auto logger = spdlog::rotating_logger_mt<spdlog::async_factory>("limpid", (folder + "/limpid.log").toStdString(), logBytes, logFiles);
        logger->flush_on(spdlog::level::warn);
        spdlog::set_default_logger(logger);
    } catch (const spdlog::spdlog_ex&) {
        spdlog::default_logger()->sinks().clear();
    }
    spdlog::info("limpid {} starts", LIMPID_VERSION);
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& line) {
        const auto level = type == QtDebugMsg || type == QtInfoMsg ? spdlog::level::info
                           : type == QtWarningMsg                  ? spdlog::level::warn
                                                                   : spdlog::level::err;
        spdlog::log(level, "{}", line.toStdString());
    });
}

QStringList samples()
{
    const QString program = QCoreApplication::applicationDirPath();
    for (const QString& folder : {program + "/../share/limpid/samples", QString(LIMPID_SAMPLES)}) {
        QStringList files;
        for (const QFileInfo& file : QDir(folder).entryInfoList({"*.csv"}, QDir::Files, QDir::Name))
            files << file.canonicalFilePath();
        if (!files.isEmpty())
            return files;
    }
    return {};
}

struct Arguments {
    std::string workspace; ///< "": as everywhere
    std::string file;      ///< to open; "": what was open last
};

/// Gives an exit code where there is nothing to show a window for (--help, a mistake).
std::optional<int> parse(int argc, char** argv, Arguments& arguments)
{
    CLI::App app("Limpid: build, train and understand neural networks on your own machine.", "limpid");
    std::string path;
    app.add_option("--workspace", arguments.workspace, "Folder of runs and models")->type_name("DIR");
    CLI::App* open = app.add_subcommand("open", "Open the window: with a certain workspace, or a file");
    open->add_option("--workspace", arguments.workspace, "Folder of runs and models")->type_name("DIR");
    open->add_option("path", path, "A workspace folder, or a file of rows")->type_name("WORKSPACE|FILE");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (path.empty())
        return std::nullopt;
    std::error_code ignored;
    const fs::path given(path);
    // A folder, or a name that is not there yet and does not look like a file, is a workspace.
    if (fs::is_directory(given, ignored) || (!fs::exists(given, ignored) && !given.has_extension()))
        arguments.workspace = path;
    else
        arguments.file = path;
    return std::nullopt;
}

} // namespace

int runGui(int argc, char** argv)
{
    Arguments arguments;
    if (const std::optional<int> code = parse(argc, argv, arguments))
        return *code;

    QApplication application(argc, argv);
    QCoreApplication::setApplicationName("Limpid");
    QCoreApplication::setOrganizationName("Limpid");
    QCoreApplication::setApplicationVersion(LIMPID_VERSION);
    startLog();

    const BackendInfo backend = backendInfo();
    // Destroyed from the last to the first: the window, then what it looks at, then the workers.
    JobQueue queue(JobQueue::Options{}); // as many jobs at once as there are cores
    JobRunner jobs(queue);
    Theme theme(&application);
    Session session(jobs, nullptr);
    WindowOptions options;
    options.device = backend.threads == 1
                         ? QCoreApplication::translate("Gui", "CPU · 1 thread")
                         : QCoreApplication::translate("Gui", "CPU · %1 threads").arg(backend.threads);
    options.samples = samples();
    MainWindow window(session, theme, options);
    application.setWindowIcon(theme.icon("network", theme.colors().accent));
    // The window hides before it has stopped everything, so Qt would not see that the last one closed.
    QObject::connect(&window, &MainWindow::closed, &application, &QCoreApplication::quit, Qt::QueuedConnection);
    window.show();

    const fs::path folder = fs::absolute(workspaceFolder(arguments.workspace));
    session.openWorkspace(text(folder));
    if (!arguments.file.empty())
        window.openPath(text(fs::absolute(arguments.file)));
    if (!backend.fastBlas)
        emit session.failed(QCoreApplication::translate(
            "Gui", "Arithmetic is some fifty times slower than it could be here. Install libopenblas0 and start again."));
    const int code = application.exec();
    spdlog::shutdown();
    return code;
}

} // namespace limpid
