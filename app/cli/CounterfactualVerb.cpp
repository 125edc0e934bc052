#include "app/cli/CounterfactualVerb.h"

#include "app/cli/Background.h"
#include "app/cli/CostText.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "core/base/File.h"
#include "core/data/Cells.h"
#include "ui/text/CounterfactualTexts.h"
#include "ui/text/Messages.h"

#ifdef LIMPID_GUI
#include "ui/charts/ExamplePlots.h"
#endif

#include <CLI/App.hpp>

#include <cmath>

namespace limpid {

namespace {

const char* const methodName = "counterfactual";

QString textOf(const std::string& text) { return QString::fromStdString(text); }

QString predictionText(const CounterfactualOutcome& outcome, const RowAnswer& answer)
{
    return limpid::predictionText(outcome.task, answer.predicted, answer.outputs, outcome.output);
}

/// A number, or of a date its milliseconds; `otherwise` for nothing.
double boundOf(const std::string& text, double otherwise, const Error& wrong)
{
    if (trimmed(text).empty())
        return otherwise;
    if (const NumberCell number = parseNumber(text); number.kind == NumberKind::Finite)
        return number.value;
    const auto moment = parseDateTime(trimmed(text));
    if (!moment)
        throw wrong;
    return static_cast<double>(*moment);
}

/// "COLUMN=A:B", "COLUMN=A:" or "COLUMN=:B". A name may hold an equals sign: the last one counts.
CounterfactualRequest::Bounds boundsOf(const std::string& text)
{
    const Error wrong(ErrorCode::OptionInvalid, {{"name", "--within"}, {"value", text}, {"expected", "COLUMN=A:B"}});
    const std::size_t sign = text.rfind('=');
    const std::size_t colon = sign == std::string::npos ? sign : text.find(':', sign);
    if (colon == std::string::npos)
        throw wrong;
    CounterfactualRequest::Bounds bounds{text.substr(0, sign)};
    bounds.atLeast = boundOf(text.substr(sign + 1, colon - sign - 1), bounds.atLeast, wrong);
    bounds.atMost = boundOf(text.substr(colon + 1), bounds.atMost, wrong);
    return bounds;
}

void print(const CounterfactualOutcome& outcome, const std::string& model)
{
    const QString title = QStringLiteral("Row %1 of the file under %2: %3").arg(countText(qint64(outcome.row)), textOf(model), predictionText(outcome, outcome.asked));
    printLine(title);
    if (outcome.alternatives.empty()) {
        printLine(noAlternativeText(counterfactualReasonName(outcome.reason), outcome.task, outcome.outputs, outcome.output, outcome.closest));
    } else {
        printLine();
        QStringList header{QStringLiteral("column"), QStringLiteral("row %1").arg(outcome.row)};
        std::vector<QStringList> rows;
        QStringList last{QStringLiteral("prediction"), predictionText(outcome, outcome.asked)};
        for (std::size_t i = 0; i < outcome.alternatives.size(); ++i) {
            header << QStringLiteral("alternative %1").arg(i + 1);
            last << predictionText(outcome, outcome.alternatives[i]);
        }
        for (std::size_t column = 0; column < outcome.columns.size(); ++column) {
            const auto cell = [](const std::string& text) { return text.empty() ? QStringLiteral("(missing)") : textOf(text); };
            QStringList row{textOf(outcome.columns[column].name), cell(outcome.asked.cells[column])};
            bool any = false;
            for (const CounterfactualOutcome::Alternative& alternative : outcome.alternatives) {
                const bool changed = std::find(alternative.changed.begin(), alternative.changed.end(), column) != alternative.changed.end();
                row << (changed ? cell(alternative.cells[column]) : QStringLiteral("·"));
                any = any || changed;
            }
            if (any)
                rows.push_back(row);
        }
        rows.push_back(last);
        printTable(header, rows);
        printLine();
        printLine(QStringLiteral("All other columns stay as they are."));
        for (std::size_t i = 0; i < outcome.alternatives.size(); ++i) {
            const CounterfactualOutcome::Alternative& alternative = outcome.alternatives[i];
            const auto pairText = [&](std::size_t column) {
                return QStringLiteral("%1 = %2").arg(textOf(outcome.columns[column].name), textOf(alternative.cells[column]));
            };
            for (const UnusualPair& pair : alternative.unusual)
                printLine(unusualPairText(qsizetype(i + 1), pairText(pair.first), pairText(pair.second), qint64(pair.together), qint64(outcome.observed())));
        }
    }
    if (!outcome.locked.empty()) {
        QStringList locked;
        for (const std::string& name : outcome.locked)
            locked << textOf(name);
        printLine(QStringLiteral("Locked: %1.").arg(locked.join(QStringLiteral(", "))));
    }
    printLine(QStringLiteral("Method %1, %2 predictions, values as in %3 %4, in %5.")
                  .arg(QString::fromLatin1(methodName), countText(qint64(outcome.modelRows)), countText(qint64(outcome.observed())),
                       textOf(outcome.background), durationText(outcome.seconds)));
}

} // namespace

void addCounterfactualOptions(CLI::App& verb, CounterfactualOptions& options)
{
    verb.add_option("--target", options.wanted, "The class that counterfactual is to reach (else any other than the row's)")->type_name("CLASS");
    verb.add_option("--probability", options.probability, "At least how likely that class must be")->type_name("P")->check(CLI::Range(0.0, 1.0));
    verb.add_option("--at-least", options.atLeast, "The number that counterfactual is to reach")->type_name("X");
    verb.add_option("--at-most", options.atMost, "The number that counterfactual is not to exceed")->type_name("X");
    verb.add_option("--lock", options.locked, "Columns that counterfactual must not change")->type_name("NAME,…")->delimiter(',');
    verb.add_option("--within", options.within, "Only change a column of numbers or dates to values from A to B; may be given several times")
        ->type_name("NAME=A:B")->allow_extra_args(false);
    verb.add_option("--alternatives", options.alternatives, "How many rows counterfactual gives at most")->type_name("N")
        ->check(CLI::Range(1, 20))->capture_default_str();
}

void checkCounterfactualOptions(const CLI::App& verb, const std::string& method)
{
    const bool mine = method == methodName;
    for (const char* name : {"--target", "--probability", "--at-least", "--at-most", "--lock", "--within", "--alternatives"})
        if (!mine && verb.count(name) > 0)
            throw Error(ErrorCode::OptionUnused, {{"name", name}, {"other", "--method"}, {"needed", methodName}});
    for (const char* name : {"--budget", "--repeats", "--kind", "--columns", "--points", "--spacing", "--centred", "--depth", "--output-space"})
        if (mine && verb.count(name) > 0)
            throw Error(ErrorCode::OptionUnused, {{"name", name}, {"other", "--method"}, {"needed", "another one"}});
    if (mine && verb.count("--probability") > 0 && verb.count("--target") == 0)
        throw Error(ErrorCode::OptionUnused, {{"name", "--probability"}, {"other", "--target"}, {"needed", "a class"}});
}

int runCounterfactual(const CliContext& context, const CLI::App& verb, const CounterfactualOptions& options, const CounterfactualCall& call,
                      const LoadedModel& model, const DataSet& data)
{
    CounterfactualRequest request;
    request.row = call.row;
    request.output = call.output;
    request.wanted = options.wanted;
    request.probability = options.probability;
    if (verb.count("--at-least") > 0)
        request.atLeast = options.atLeast;
    if (verb.count("--at-most") > 0)
        request.atMost = options.atMost;
    for (const std::string& text : options.within)
        request.bounds.push_back(boundsOf(text));
    request.locked = options.locked;
    request.alternatives = options.alternatives;
    if (call.observed > 0)
        request.observed = call.observed;
    request.seed = call.seed;

    const Background background = findBackground(context, model, data);
    if (call.estimate)
        return tellCost(context, [&](Task& task) { return estimateCounterfactualCost(*model.predictor, background.table, background.rows, request, task); });
    CounterfactualOutcome outcome;
    {
        ProgressLine line(context, QStringLiteral("Explaining"));
        Task task(line.listener());
        const Interrupt interrupt(task, Interrupt::First::Keep);
        outcome = counterfactualsOfRow(*model.predictor, background.table, background.rows, request, task);
    }
    outcome.background = background.name;
    const nlohmann::json document = counterfactualJson(outcome);
    if (!call.out.empty())
        writeFileAtomically(call.out, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
#ifdef LIMPID_GUI
    if (!call.plot.empty()) {
        const std::unique_ptr<Plot> plot = makeCounterfactualDiff(outcome);
        constexpr int width = 900;
        savePlot(*plot, QString::fromStdString(call.plot), {width, int(std::ceil(plot->preferredHeight(width)))}, Theme(nullptr));
    }
#endif
    if (context.json) {
        printJson(document);
        return Interrupt::happened() ? interruptedExitCode : 0;
    }
    print(outcome, model.title);
    if (!call.out.empty())
        printLine(QStringLiteral("Wrote %1.").arg(textOf(call.out)));
    if (!call.plot.empty())
        printLine(QStringLiteral("Drew %1.").arg(textOf(call.plot)));
    return Interrupt::happened() ? interruptedExitCode : 0;
}

} // namespace limpid
