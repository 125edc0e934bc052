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

#include <charconv>
#include <limits>
#include <sstream>

namespace limpid {

namespace fs = std::filesystem;

namespace {

struct ReportOptions {
    std::string model, data, rows, method = ReportQuestion().method, players = "columns", out, kept = "newest", effects = effectMethodName(ReportQuestion().effects);
    std::size_t effectColumns = ReportQuestion().effectColumns;
    bool quality = false;
    const CLI::App* verb = nullptr;
};

/// "newest", "none" or "3,7".
std::optional<std::vector<std::int64_t>> keptNumbers(const std::string& typed)
{
    if (typed == "newest")
        return std::nullopt;
    std::vector<std::int64_t> numbers;
    if (typed == "none")
        return numbers;
    std::istringstream parts(typed);
    for (std::string part; std::getline(parts, part, ',');) {
        std::int64_t number = 0;
        const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), number);
        if (failure != std::errc() || end != part.data() + part.size())
            throw Error(ErrorCode::OptionInvalid, {{"name", "--kept"}, {"value", typed}, {"expected", "newest, none, or numbers of explanations: 3,7"}});
        numbers.push_back(number);
    }
    return numbers;
}

nlohmann::json explanationJson(const ReportExplanation& one)
{
    return {{"method", one.method()}, {"players", one.words ? "words" : "columns"}, {"rows", one.rowCount()}, {"background", one.background()}, {"kept", one.keptMs > 0}};
}

int runReport(const CliContext& context, const ReportOptions& options)
{
    const QString path = QString::fromStdString(options.out);
    if (!isReportName(path))
        throw Error(ErrorCode::OptionInvalid, {{"name", "--out"}, {"value", options.out}, {"expected", "a file ending in .html or .pdf"}});
    ReportQuestion question;
    question.file = options.data;
    question.method = options.method;
    question.superpixels = options.players == "superpixels";
    question.kept = keptNumbers(options.kept);
    if (options.verb->count("--method") + options.verb->count("--rows") + options.verb->count("--players") > 0)
        question.explain = true;
    question.effectColumns = options.effectColumns;
    question.effects = *effectMethod(options.effects);
    question.quality = options.quality;
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
        if (question.quality && !context.quiet)
            note(context, QStringLiteral("Measuring how far the explanation can be trusted takes %1, estimated.").arg(durationText(estimateReport(*workspace, version, question, task).quality)));
        explained = makeReport(*workspace, version, question, path, task);
    }
    if (context.json) {
        nlohmann::json list = nlohmann::json::array();
        for (const ReportExplanation& one : explained.list)
            list.push_back(explanationJson(one));
        printJson({{"report", options.out}, {"bytes", fs::file_size(fs::path(path.toStdU16String()))}, {"model", version.model}, {"version", version.version},
                   {"explanations", list}, {"effects", explained.effects ? nlohmann::json(effectMethodName(explained.effects->method)) : nlohmann::json()},
                   {"quality", explained.quality ? explained.quality->toJson() : nlohmann::json()}, {"missing", explained.missing.toStdString()}});
        return 0;
    }
    for (const ReportExplanation& one : explained.list)
        printLine((one.keptMs > 0 ? QStringLiteral("Told as kept: %1 rows of %2 by %3.") : QStringLiteral("Explained %1 rows of %2 by %3."))
                      .arg(countText(qint64(one.rowCount())), one.source, methodName(one.method())));
    if (explained.quality)
        printLine(QStringLiteral("Measured how far that can be trusted, in %1.").arg(durationText(explained.quality->seconds)));
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
                             "  limpid report penguins --data new.csv --rows 0:50 --method exact --out penguins.html\n"
                             "  limpid report penguins --kept 3,7 --effects ale --effect-columns 6 --quality --out penguins.html");
    auto options = std::make_shared<ReportOptions>();
    std::vector<std::string> methods;
    for (const ExplainMethod& method : explainMethods())
        if (method.about == ExplainMethod::About::Rows)
            methods.push_back(method.name);
    verb->add_option("MODEL", options->model, "NAME (its newest), NAME@ALIAS, NAME@VERSION or run:ID")->required();
    verb->add_option("--data", options->data, "CSV or TSV file whose rows are explained (else the file that it was trained on, where that is unchanged)")->type_name("FILE");
    verb->add_option("--rows", options->rows, "Rows to explain, from A up to but without B, counted from 0 (else the first 200)")->type_name("A:B");
    verb->add_option("--method", options->method, "How they are explained: see limpid explain --help. Where kept explanations are told, rows are explained anew only if this, --rows, --players or --data is given")->check(CLI::IsMember(methods))->capture_default_str();
    verb->add_option("--players", options->players, "Whose share is told: columns, or a picture's superpixels (see limpid explain --help)")
        ->check(CLI::IsMember({"columns", "superpixels"}))->capture_default_str();
    verb->add_option("--kept", options->kept, "Kept explanations to tell: the newest of each method (at most 4), none, or those numbers (limpid explanations list)")
        ->type_name("newest|none|N,…")->capture_default_str();
    verb->add_option("--effects", options->effects, "How the effects of the columns that matter most are measured")
        ->check(CLI::IsMember({effectMethodName(EffectMethod::PartialDependence), effectMethodName(EffectMethod::Ale)}))->capture_default_str();
    verb->add_option("--effect-columns", options->effectColumns, "Of how many columns; 0: none")->type_name("N")->check(CLI::Range(0, 50))->capture_default_str();
    verb->add_flag("--quality", options->quality, "Measure how far the first explanation can be trusted, which can take many times as long as explaining");
    verb->add_option("--out", options->out, "Write the report: one page to read on a screen, or pages of A4")->type_name("FILE.html|.pdf")->required();
    options->verb = verb;
    verb->callback([&context, options] {
        context.needsPictures = true;
        context.run = [&context, options] { return runReport(context, *options); };
    });
}

} // namespace limpid
