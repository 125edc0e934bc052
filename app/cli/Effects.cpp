#include "app/cli/Effects.h"

#include "app/cli/Background.h"
#include "app/cli/CostText.h"
#include "app/cli/EffectText.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "core/base/File.h"
#ifdef LIMPID_GUI
#include "ui/charts/EffectPlots.h"
#endif

#include <CLI/App.hpp>

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

/// An option and the methods that heed it; none: those that explain rows one by one.
struct Heeded {
    const char* option;
    std::vector<std::string> methods;
    bool others = false;   ///< methods that are no effects heed it too
};

const std::vector<Heeded>& heeded()
{
    static const std::vector<Heeded> all{
        {"--columns", {"pdp", "ice", "ale", "interactions", "shapley-interactions"}},
        {"--points", {"pdp", "ice", "ale"}},
        {"--spacing", {"pdp", "ice"}},
        {"--centred", {"ice"}},
        {"--depth", {"surrogate"}},
        {"--index", {"shapley-interactions"}},
        {"--background", {"pdp", "ale", "interactions", "shapley-interactions", "surrogate"}, true},
        {"--budget", {}},
        {"--repeats", {}},
        {"--plot", {"shapley-interactions"}, true},
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

/// Before rows are read and drawn.
void checkPlayers(const EffectRequest& request, const Predictor& predictor)
{
    const std::size_t columns = predictor.pipeline().groups().size();
    if (columns > maxInteractionPlayers && (request.columns.empty() || request.columns.size() >= maxInteractionPlayers))
        throw Error(ErrorCode::OptionInvalid, {{"name", "--columns"}, {"value", listText(request.columns)},
                                               {"expected", "the columns to look at, at most " + std::to_string(maxInteractionPlayers - 1) + ", for the model has "
                                                                + std::to_string(columns) + "; all others count as one"}});
}

/// The output asked for, else the one whose pairs do most.
void drawEffects([[maybe_unused]] const EffectOutcome& outcome, [[maybe_unused]] std::optional<std::size_t> output, [[maybe_unused]] const std::string& path)
{
#ifdef LIMPID_GUI
    const auto found = std::make_shared<const ColumnInteractions>(std::get<ColumnInteractions>(outcome.result));
    constexpr int width = 900;
    const std::unique_ptr<Plot> plot = makeShapleyInteractionPlot(found, {outcome.outputs, outcome.space, {}, {}}, output.value_or(found->strongestOutput()));
    savePlot(*plot, QString::fromStdString(path), plotSize(*plot, width), Theme(nullptr));
#endif
}

} // namespace

void addEffectOptions(CLI::App& verb, EffectOptions& options)
{
    verb.add_option("--columns", options.columns, "Which columns pdp, ice, ale and interactions look at, in full (else all, summed up; ice wants some); of a model with more than 12 columns also which ones shapley-interactions looks at, at most 11, all others counting as one")
        ->type_name("NAME,…")->delimiter(',');
    verb.add_option("--points", options.points, "How many values of a column pdp and ice try, or between how many equal shares of the rows ale steps (0: as many as it can)")
        ->type_name("N")->check(CLI::Range(0, 10000))->capture_default_str();
    verb.add_option("--spacing", options.spacing, "Values for pdp and ice at equal shares of the rows or at equal distances")
        ->check(CLI::IsMember({"quantile", "equal"}))->capture_default_str();
    verb.add_flag("--centred", options.centred, "All curves of ice start at 0");
    verb.add_option("--depth", options.depth, "How many questions the tree of surrogate asks a row, at most")->type_name("N")
        ->check(CLI::Range(std::size_t(1), maxSurrogateDepth))->capture_default_str();
    verb.add_option("--index", options.index, "How shapley-interactions share out a prediction: k-sii, whose main effects and pairs add up to it, and a column's to its Shapley value; shapley-taylor, whose main effects are what columns do alone, and pairs make up the rest; sii, whose main effects are the Shapley values and add up by themselves, pairs to nothing")
        ->check(CLI::IsMember(interactionIndices()))->capture_default_str();
}

void checkEffectOptions(const CLI::App& verb, const std::string& method)
{
    const bool effect = effectMethod(method).has_value();
    for (const Heeded& rule : heeded()) {
        if (verb.count(rule.option) == 0)
            continue;
        const bool forRows = rule.methods.empty();
        const bool named = std::find(rule.methods.begin(), rule.methods.end(), method) != rule.methods.end();
        if (effect ? !named : !forRows && !rule.others)
            throw Error(ErrorCode::OptionUnused, {{"name", rule.option}, {"other", "--method"},
                                                  {"needed", forRows ? "one that explains rows one by one" : listText(rule.methods) + (rule.others ? ", or one that explains rows one by one" : "")}});
    }
    if (method == effectMethodName(EffectMethod::Curves) && verb.count("--columns") == 0) // a curve a row and column would be too many
        throw Error(ErrorCode::OptionInvalid, {{"name", "--columns"}, {"value", ""}, {"expected", "the columns to draw each row's curve along"}});
    // Interactions explain these rows, and compare them with others.
    if (effect && method != effectMethodName(EffectMethod::ShapleyInteractions) && verb.count("--background") > 0 && verb.count("--rows") > 0)
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

    request.index = options.index;
    const bool paired = call.method == EffectMethod::ShapleyInteractions;
    if (paired)
        checkPlayers(request, *model.predictor);

    Background background{data.table(), call.rows, "rows of the explained file"};
    request.rows = call.rows.size();
    if (call.rows.empty() || paired) {
        background = findBackground(context, model, data);
        request.rows = paired ? 0 : call.background;
    }
    if (paired) {
        request.explained = call.rows;
        request.background = call.background > 0 ? call.background : request.background;
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

    if (call.estimate)
        return tellCost(context, [&](Task& task) { return estimateEffectCost(*model.predictor, background.table, background.rows, request, task); });
    EffectOutcome outcome;
    {
        ProgressLine line(context, QStringLiteral("Explaining"));
        Task task(line.listener());
        const Interrupt interrupt(task, paired ? Interrupt::First::Keep : Interrupt::First::Cancel);
        outcome = effectsOfTable(*model.predictor, background.table, background.rows, request, task);
    }
    outcome.background = background.name;
    const nlohmann::json document = effectsJson(outcome);
    if (!call.out.empty())
        writeFileAtomically(call.out, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
    if (!call.plot.empty())
        drawEffects(outcome, output, call.plot);
    const int code = Interrupt::happened() ? interruptedExitCode : 0;
    if (context.json) {
        printJson(document);
        return code;
    }
    printEffects(outcome, model.title, !options.columns.empty(), output);
    if (!call.out.empty())
        printLine(QStringLiteral("Wrote %1.").arg(QString::fromStdString(call.out)));
    if (!call.plot.empty())
        printLine(QStringLiteral("Drew %1.").arg(QString::fromStdString(call.plot)));
    return code;
}

} // namespace limpid
