#include "app/cli/DataOptions.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProfileText.h"
#include "app/cli/ProgressLine.h"
#include "core/data/Profile.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>

namespace limpid {

namespace {

int runProfile(const CliContext& context, const std::string& file, const DataOptions& options)
{
    const DataSet data = readData(context, file, options.csv());
    std::vector<ColumnProfile> columns;
    {
        ProgressLine line(context, QStringLiteral("Profiling"), double(data.table().columnCount()), QStringLiteral("columns"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        columns = profile(data.table(), task);
    }
    if (context.json) {
        printJson(profileJson(data, columns));
        return 0;
    }
    printLine(dataSentence(data));
    printLine();
    printProfile(data, columns);
    noteIssues(context, data.csv.issues);
    return 0;
}

} // namespace

void addDataVerb(CLI::App& app, CliContext& context)
{
    CLI::App* data = addVerb(app, context, "data", "Look at data files",
                             "  limpid data profile penguins.csv");
    data->require_subcommand(1);
    CLI::App* verb = addVerb(*data, context, "profile", "What each column of a table is like: type, missing, distinct, range",
                             "  limpid data profile penguins.csv\n"
                             "  limpid data profile sales.csv.gz --separator ';' --decimal-comma\n"
                             "  limpid data profile people.csv --type postcode=category --json");
    auto file = std::make_shared<std::string>();
    auto options = std::make_shared<DataOptions>();
    verb->add_option("FILE", *file, "CSV or TSV file, also .gz")->required();
    options->addTo(*verb);
    verb->callback([&context, file, options] { context.run = [&context, file, options] { return runProfile(context, *file, *options); }; });
}

} // namespace limpid
