#include "app/cli/Context.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "app/cli/RowRange.h"
#include "core/workbench/ExplainMethods.h"
#include "ui/report/ReportFile.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <CLI/App.hpp>

#include <limits>

namespace limpid {

namespace fs = std::filesystem;

namespace {

struct ReportOptions {
    std::string model, data, rows, method = ReportQuestion().method, players = "columns", out;
};

int runReport(const CliContext& context, const ReportOptions& options)
{
    const QString path = QString::fromStdString(options.out);
    if (!isReportName(path))
        throw Error(ErrorCode::OptionInvalid, {{"name", "--out"}, {"value", options.out}, {"expected", "a file ending in .html or .pdf"}});
    ReportQuestion question;
    question.file = options.data;
    question.method = options.method;
    question.superpixels = options.players == "superpixels";
    if (!options.rows.empty()) {
        const RowRange range = rowRange(options.rows, std::numeric_limits<std::size_t>::max());
        question.rowBegin = range.begin;
        question.rowEnd = range.end;
    }
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    if (!workspace)
        throw Error(ErrorCode::ModelUnknown, {{"model", options.model}});
    const ModelVersion version = workspace->resolve(options.model);
    ReportExplanations explained;
    {
        ProgressLine line(context, QStringLiteral("Writing the report"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        explained = makeReport(*workspace, version, question, path, task);
    }
    if (context.json) {
        nlohmann::json list = nlohmann::json::array();
        for (const auto& explanation : explained.list)
            list.push_back({{"method", explanation->method}, {"rows", explanation->rowCount()}, {"background", explanation->background}});
        printJson({{"report", options.out}, {"bytes", fs::file_size(fs::path(path.toStdU16String()))}, {"model", version.model}, {"version", version.version},
                   {"explanations", list}, {"missing", explained.missing.toStdString()}});
        return 0;
    }
    for (const auto& explanation : explained.list)
        printLine(QStringLiteral("Explained %1 rows of %2 by %3.").arg(countText(qint64(explanation->rowCount())), explained.source, methodName(explanation->method)));
    if (!explained.missing.isEmpty())
        printLine(explained.missing);
    printLine(QStringLiteral("Wrote %1.").arg(path));
    return 0;
}

} // namespace

void addReportVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "report", "One file, to read or to print, of all that is known of a model",
                             "  limpid report penguins --out penguins.html\n"
                             "  limpid report penguins@2 --out penguins.pdf\n"
                             "  limpid report penguins --data new.csv --rows 0:50 --method exact --out penguins.html");
    auto options = std::make_shared<ReportOptions>();
    std::vector<std::string> methods;
    for (const ExplainMethod& method : explainMethods())
        if (method.about == ExplainMethod::About::Rows)
            methods.push_back(method.name);
    verb->add_option("MODEL", options->model, "NAME (its newest), NAME@ALIAS, NAME@VERSION or run:ID")->required();
    verb->add_option("--data", options->data, "CSV or TSV file whose rows are explained (else the file that it was trained on, where that is unchanged)")->type_name("FILE");
    verb->add_option("--rows", options->rows, "Rows to explain, from A up to but without B, counted from 0 (else the first 200)")->type_name("A:B");
    verb->add_option("--method", options->method, "How they are explained: see limpid explain --help")->check(CLI::IsMember(methods))->capture_default_str();
    verb->add_option("--players", options->players, "Whose share is told: columns, or a picture's superpixels (see limpid explain --help)")
        ->check(CLI::IsMember({"columns", "superpixels"}))->capture_default_str();
    verb->add_option("--out", options->out, "Write the report: one page to read on a screen, or pages of A4")->type_name("FILE.html|.pdf")->required();
    verb->callback([&context, options] {
        context.needsPictures = true;
        context.run = [&context, options] { return runReport(context, *options); };
    });
}

} // namespace limpid
