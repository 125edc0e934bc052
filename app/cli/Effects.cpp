#include "app/cli/Effects.h"

#include "app/cli/Background.h"
#include "app/cli/EffectText.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "core/base/File.h"

#include <CLI/App.hpp>

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

/// An option and the methods that heed it; none: those that explain rows one by one.
struct Heeded {
    const char* option;
    std::vector<std::string> methods;
};

const std::vector<Heeded>& heeded()
{
    static const std::vector<Heeded> all{
        {"--columns", {"pdp", "ice", "ale", "interactions"}},
        {"--points", {"pdp", "ice", "ale"}},
        {"--spacing", {"pdp", "ice"}},
        {"--centred", {"ice"}},
        {"--depth", {"surrogate"}},
        {"--background", {"pdp", "ale", "interactions", "surrogate"}},
        {"--budget", {}},
        {"--repeats", {}},
        {"--plot", {}},
        {"--kind", {}},
    };
    return all;
}

std::string listText(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
    return text;
}

} // namespace

void addEffectOptions(CLI::App& verb, EffectOptions& options)
{
    verb.add_option("--columns", options.columns, "Which columns pdp, ice, ale and interactions look at, in full (else all, summed up; ice wants some)")
        ->type_name("NAME,…")->delimiter(',');
    verb.add_option("--points", options.points, "How many values of a column pdp and ice try, or between how many equal shares of the rows ale steps (0: as many as it can)")
        ->type_name("N")->check(CLI::Range(0, 10000))->capture_default_str();
    verb.add_option("--spacing", options.spacing, "Values for pdp and ice at equal shares of the rows or at equal distances")
        ->check(CLI::IsMember({"quantile", "equal"}))->capture_default_str();
    verb.add_flag("--centred", options.centred, "All curves of ice start at 0");
    verb.add_option("--depth", options.depth, "How many questions the tree of surrogate asks a row, at most")->type_name("N")
        ->check(CLI::Range(std::size_t(1), maxSurrogateDepth))->capture_default_str();
}

void checkEffectOptions(const CLI::App& verb, const std::string& method)
{
    const bool effect = effectMethod(method).has_value();
    for (const Heeded& rule : heeded()) {
        if (verb.count(rule.option) == 0)
            continue;
        const bool forRows = rule.methods.empty();
        const bool others = forRows || rule.option == std::string_view("--background"); // methods that are none of these heed it
        const bool named = std::find(rule.methods.begin(), rule.methods.end(), method) != rule.methods.end();
        if (effect ? !named : !others)
            throw Error(ErrorCode::OptionUnused, {{"name", rule.option}, {"other", "--method"},
                                                  {"needed", forRows ? "one that explains rows one by one" : listText(rule.methods)}});
    }
    if (method == effectMethodName(EffectMethod::Curves) && verb.count("--columns") == 0) // a curve a row and column would be too many
        throw Error(ErrorCode::OptionInvalid, {{"name", "--columns"}, {"value", ""}, {"expected", "the columns to draw each row's curve along"}});
    if (effect && verb.count("--background") > 0 && verb.count("--rows") > 0)
        throw Error(ErrorCode::OptionUnused, {{"name", "--background"}, {"other", "--rows"}, {"needed", "not given"}});
}

int runEffects(const CliContext& context, const EffectOptions& options, const EffectCall& call, const LoadedModel& model, const DataSet& data)
{
    EffectRequest request;
    request.method = call.method;
    request.columns = options.columns;
    request.space = call.space;
    request.seed = call.seed;
    request.grid.points = request.ale.bins = options.points;
    request.grid.quantiles = options.spacing == "quantile";
    request.centred = options.centred;
    request.depth = options.depth;

    Background background{data.table(), call.rows, "rows of the explained file"};
    request.rows = call.rows.size();
    if (call.rows.empty()) {
        background = findBackground(context, model, data);
        request.rows = call.background;
    }
    std::optional<std::size_t> output;
    if (!call.output.empty()) {
        const std::vector<std::string> names = model.predictor->outputNames(call.space);
        const auto found = std::find(names.begin(), names.end(), call.output);
        if (found == names.end())
            throw Error(ErrorCode::OptionInvalid, {{"name", "--output"}, {"value", call.output}, {"expected", "a class of the target, or one of several targets"},
                                                   {"nearest", nearestName(call.output, names)}});
        output = std::size_t(found - names.begin());
    }

    EffectOutcome outcome;
    {
        ProgressLine line(context, QStringLiteral("Explaining"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        outcome = effectsOfTable(*model.predictor, background.table, background.rows, request, task);
    }
    outcome.background = background.name;
    const nlohmann::json document = effectsJson(outcome);
    if (!call.out.empty())
        writeFileAtomically(call.out, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
    if (context.json) {
        printJson(document);
        return 0;
    }
    printEffects(outcome, model.title, !options.columns.empty(), output);
    if (!call.out.empty())
        printLine(QStringLiteral("Wrote %1.").arg(QString::fromStdString(call.out)));
    return 0;
}

} // namespace limpid
