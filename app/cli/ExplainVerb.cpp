#include "app/cli/Background.h"
#include "app/cli/DataOptions.h"
#include "app/cli/Effects.h"
#include "app/cli/ExplainText.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "app/cli/RowRange.h"
#include "core/base/File.h"
#include "core/workbench/ExplainMethods.h"
#include "core/workbench/ExplainTable.h"
#include "ui/text/Messages.h"

#ifdef LIMPID_GUI
#include "ui/charts/Plot.h"
#endif

#include <CLI/App.hpp>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace fs = std::filesystem;

namespace {

struct ExplainOptions {
    std::string model, file, method = ExplainRequest().method, rows, space = "raw", out, plot, kind = "beeswarm", output;
    std::size_t background = ExplainRequest().background;
    std::size_t budget = 0;
    std::uint64_t seed = 1;
    int repeats = 5;
    int threads = 1;
    EffectOptions effects;
    const CLI::App* verb = nullptr;
    AttributionSpec attribution;
    std::size_t top = 0;
    std::size_t window = ExplainRequest().window;
    std::vector<std::string> groups;
};

const char* const importanceMethod = "permutation-importance";

/// What is to be written must be writable in kind before minutes are spent on it.
void checkPlotName(const ExplainOptions& options)
{
    if (options.plot.empty())
        return;
#ifndef LIMPID_GUI
    throw Error(ErrorCode::OptionInvalid, {{"name", "--plot"}, {"value", options.plot}, {"expected", "a Limpid built with its window"}});
#endif
    if (options.method == importanceMethod)
        throw Error(ErrorCode::OptionInvalid, {{"name", "--plot"}, {"value", options.plot}, {"expected", "a method that explains rows"}});
    if (options.kind == "waterfall" && !addsUp(options.method))
        throw Error(ErrorCode::OptionInvalid, {{"name", "--kind"}, {"value", options.kind}, {"expected", "beeswarm or bar, as the values of “" + options.method + "” do not add up to a prediction"}});
    const std::string ending = fs::path(options.plot).extension().string();
    if (ending != ".png" && ending != ".svg" && ending != ".pdf")
        throw Error(ErrorCode::OptionInvalid, {{"name", "--plot"}, {"value", options.plot}, {"expected", "a file ending in .png, .svg or .pdf"}});
}

/// A setting of one method given for another.
void checkUnused(const ExplainOptions& options)
{
    const auto refuse = [&options](const char* name, bool given, const std::vector<std::string>& methods) {
        if (!given || std::find(methods.begin(), methods.end(), options.method) != methods.end())
            return;
        std::string needed;
        for (const std::string& method : methods)
            needed += (needed.empty() ? "" : " | ") + method;
        throw Error(ErrorCode::OptionUnused, {{"name", name}, {"other", "--method"}, {"needed", needed}});
    };
    const AttributionSpec usual;
    refuse("--baseline", options.attribution.baseline != usual.baseline, {"integrated-gradients"});
    refuse("--signed", options.attribution.isSigned, {"saliency", "grad-cam"});
    refuse("--noise", options.attribution.noise != usual.noise, {"smoothgrad"});
    refuse("--layer", !options.attribution.layer.empty(), {"grad-cam"});
    refuse("--top", options.top > 0, {"leverage", "permutation"});
    refuse("--window", options.window != ExplainRequest().window, {"occlusion"});
    refuse("--group", !options.groups.empty(), {"exact", "kernel", "leverage", "permutation", "partition", "occlusion"});
}

/// "NAME=COLUMN,COLUMN,…" each.
std::vector<ColumnGroup> columnGroups(const std::vector<std::string>& texts)
{
    std::vector<ColumnGroup> groups;
    for (const std::string& text : texts) {
        const std::size_t sign = text.find('=');
        if (sign == std::string::npos || sign == 0 || sign + 1 == text.size())
            throw Error(ErrorCode::OptionInvalid, {{"name", "--group"}, {"value", text}, {"expected", "NAME=COLUMN,COLUMN,…"}});
        ColumnGroup& group = groups.emplace_back();
        group.name = text.substr(0, sign);
        for (std::size_t begin = sign + 1; begin <= text.size();) {
            const std::size_t end = std::min(text.find(',', begin), text.size());
            group.columns.push_back(text.substr(begin, end - begin));
            begin = end + 1;
        }
    }
    return groups;
}

/// The output of that name; else the one that matters most: the predicted one of the first row for a waterfall, else the one
/// with the largest effects.
std::size_t outputIndex(const Explanation& explanation, const ExplainOptions& options)
{
    const std::vector<std::string>& names = explanation.outputs;
    if (!options.output.empty()) {
        const auto found = std::find(names.begin(), names.end(), options.output);
        if (found == names.end())
            throw Error(ErrorCode::OptionInvalid, {{"name", "--output"}, {"value", options.output}, {"expected", "a class of the target, or one of several targets"},
                                                   {"nearest", nearestName(options.output, names)}});
        return std::size_t(found - names.begin());
    }
    std::size_t best = 0;
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t output = 0; output < names.size(); ++output) {
        double weight = 0.0;
        if (options.kind == "waterfall") {
            weight = explanation.predictions[output];
        } else {
            for (const FeatureImportance& importance : meanAbsolute(explanation, output))
                weight += importance.mean;
        }
        if (weight > most) {
            most = weight;
            best = output;
        }
    }
    return best;
}

#ifdef LIMPID_GUI
void drawPlot(const Explanation& explanation, const ExplainOptions& options)
{
    const auto shared = std::make_shared<const Explanation>(explanation);
    const std::size_t output = outputIndex(explanation, options);
    const std::unique_ptr<Plot> plot = options.kind == "bar"       ? makeImportanceBar(shared, output)
                                       : options.kind == "waterfall" ? makeWaterfall(shared, output, 0)
                                                                     : makeBeeswarm(shared, output);
    const Theme theme(nullptr);
    constexpr int width = 900;
    savePlot(*plot, QString::fromStdString(options.plot), {width, int(std::ceil(plot->preferredHeight(width)))}, theme);
}
#endif

int runImportance(const CliContext& context, const ExplainOptions& options, const LoadedModel& model, const DataSet& data)
{
    Table table = data.table();
    if (!options.rows.empty()) {
        const RowRange range = rowRange(options.rows, table.rows());
        std::vector<std::size_t> rows;
        for (std::size_t row = range.begin; row < range.end; ++row)
            rows.push_back(row);
        table = table.select(rows);
    }
    Stopwatch watch;
    ImportanceResult result;
    {
        ProgressLine line(context, QStringLiteral("Explaining"), double(table.rows()) * options.repeats, QStringLiteral("rows"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        result = importanceOfTable(*model.predictor, table, options.repeats, options.seed, task);
    }
    const nlohmann::json document = importanceJson(result, options.repeats, table.rows(), watch.seconds());
    if (!options.out.empty())
        writeFileAtomically(options.out, document.dump(2) + '\n');
    if (context.json)
        printJson(document);
    else
        printImportance(result, options.repeats, table.rows());
    return 0;
}

int runRows(const CliContext& context, const ExplainOptions& options, const LoadedModel& model, const DataSet& data)
{
    ExplainRequest request;
    request.method = options.method;
    request.budget = options.budget;
    request.seed = options.seed;
    request.attribution = options.attribution;
    request.resolveTop = options.top;
    request.window = options.window;
    request.groups = columnGroups(options.groups);
    request.space = options.space == "probability" ? OutputSpace::Probability : OutputSpace::Raw;
    request.background = options.background;
    const RowRange range = rowRange(options.rows, data.table().rows());
    request.rowBegin = range.begin;
    request.rowEnd = range.end;
    const Background background = findBackground(context, model, data);
    Explanation explanation;
    {
        ProgressLine line(context, QStringLiteral("Explaining"), double(range.end - range.begin), QStringLiteral("rows"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        explanation = explainTable(*model.predictor, background.table, background.rows, request, {}, task);
    }
    explanation.background = background.name;
    if (!options.output.empty())
        outputIndex(explanation, options); // a wrong name must not leave one of two files
    const nlohmann::json document = explanation.toJson();
    if (!options.out.empty())
        writeFileAtomically(options.out, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
#ifdef LIMPID_GUI
    if (!options.plot.empty())
        drawPlot(explanation, options);
#endif
    if (context.json) {
        printJson(document);
        return 0;
    }
    printExplanation(explanation, model.title);
    if (!options.out.empty())
        printLine(QStringLiteral("Wrote %1.").arg(QString::fromStdString(options.out)));
    if (!options.plot.empty())
        printLine(QStringLiteral("Drew %1.").arg(QString::fromStdString(options.plot)));
    return 0;
}

int runEffectMethod(const CliContext& context, const ExplainOptions& options, EffectMethod method, const LoadedModel& model, const DataSet& data)
{
    EffectCall call;
    call.method = method;
    call.seed = options.seed;
    call.space = options.space == "probability" ? OutputSpace::Probability : OutputSpace::Raw;
    call.output = options.output;
    call.out = options.out;
    if (options.verb->count("--background") > 0)
        call.background = options.background;
    if (!options.rows.empty() || method == EffectMethod::Curves) { // a curve a row, so of rows that one can name
        const RowRange range = rowRange(options.rows, data.table().rows());
        for (std::size_t row = range.begin; row < range.end; ++row)
            call.rows.push_back(row);
    }
    return runEffects(context, options.effects, call, model, data);
}

int runExplain(const CliContext& context, const ExplainOptions& options)
{
    checkEffectOptions(*options.verb, options.method);
    checkPlotName(options);
    checkUnused(options);
    const LoadedModel model = loadModel(context, options.model, options.threads);
    const DataSet data = readDataForModel(context, options.file, model.predictor->pipeline());
    noteIssues(context, data.csv.issues);
    if (const std::optional<EffectMethod> method = effectMethod(options.method))
        return runEffectMethod(context, options, *method, model, data);
    return options.method == importanceMethod ? runImportance(context, options, model, data) : runRows(context, options, model, data);
}

} // namespace

void addExplainVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "explain", "Which columns drive a model's predictions, row by row, with standard errors",
                             "  limpid explain penguins penguins.csv\n"
                             "  limpid explain penguins penguins.csv --method exact --rows 0:50 --out shap.json\n"
                             "  limpid explain penguins penguins.csv --rows 17 --plot why.png --kind waterfall\n"
                             "  limpid explain penguins penguins.csv --method deeplift --background 200 --json\n"
                             "  limpid explain penguins penguins.csv --method permutation-importance --repeats 10 --json\n"
                             "  limpid explain penguins penguins.csv --method ale --columns bill_length_mm,island\n"
                             "  limpid explain penguins penguins.csv --method interactions --output-space probability\n"
                             "  limpid explain penguins penguins.csv --method surrogate --depth 2");
    auto options = std::make_shared<ExplainOptions>();
    std::vector<std::string> methods;
    for (const ExplainMethod& method : explainMethods())
        methods.push_back(method.name);
    verb->add_option("MODEL", options->model, "NAME (its newest), NAME@ALIAS, NAME@VERSION, run:ID or the folder of an exported model")->required();
    verb->add_option("FILE", options->file, "CSV or TSV file with the model's columns")->required();
    verb->add_option("--method", options->method, "Shapley values (leverage, permutation, kernel, exact; partition: over a tree of columns; linear: of a linear network); how the network's gradients are read (deeplift … grad-cam); occlusion; permutation-importance; or over many rows at once: partial dependence (pdp), a curve a row (ice), accumulated local effects (ale), Friedman's H (interactions), a small tree that says about the same (surrogate)")
        ->check(CLI::IsMember(methods))->capture_default_str();
    verb->add_option("--rows", options->rows, "Rows to explain, from A up to but without B, counted from 0 (else the first 200; for pdp, ale, interactions and surrogate training rows)")->type_name("A:B");
    verb->add_option("--background", options->background, "How many rows they are compared with, or pdp, ale, interactions and surrogate look at (if not given: 1,000, 5,000, 200, 5,000), drawn from the training rows")
        ->type_name("N")->check(CLI::Range(1, 1000000))->capture_default_str();
    verb->add_option("--budget", options->budget, "How many coalitions of columns to try for each row, steps of integrated-gradients or draws of smoothgrad (0: the method's own number)")
        ->type_name("N");
    verb->add_option("--baseline", options->attribution.baseline, "Where integrated-gradients starts: the background's mean, or zero once the columns are encoded")
        ->check(CLI::IsMember({"mean", "zero"}))->capture_default_str();
    verb->add_flag("--signed", options->attribution.isSigned, "Keep the signs of saliency, or what speaks against the output in grad-cam");
    verb->add_option("--noise", options->attribution.noise, "Deviation of smoothgrad's noise, as a share of each column's range in the background")
        ->type_name("X")->check(CLI::Range(1e-6, 100.0))->capture_default_str();
    verb->add_option("--layer", options->attribution.layer, "Which layer's maps grad-cam shows (else the last of a picture's size)")->type_name("NAME");
    verb->add_option("--top", options->top, "Stop as soon as the N largest values of each row are told apart at 95 %, for leverage and permutation (0: spend the budget)")
        ->type_name("N");
    verb->add_option("--window", options->window, "How many pixels high and wide the window is that occlusion slides over a picture")->type_name("N")
        ->check(CLI::Range(1, 1000))->capture_default_str();
    verb->add_option("--group", options->groups, "Columns that count as one, for exact, kernel, leverage, permutation, partition and occlusion; may be given several times")
        ->type_name("NAME=COLUMN,…")->allow_extra_args(false);
    verb->add_option("--seed", options->seed, "Start of the random choices")->type_name("N")->capture_default_str();
    verb->add_option("--output-space", options->space, "Explain the raw output (log-odds; a number in its own unit) or the probability")
        ->check(CLI::IsMember({"raw", "probability"}))->capture_default_str();
    verb->add_option("--repeats", options->repeats, "How often permutation-importance shuffles each column")->type_name("N")
        ->check(CLI::Range(1, 10000))->capture_default_str();
    verb->add_option("--threads", options->threads, "How many cores to use")->check(CLI::Range(1, 256))->capture_default_str();
    verb->add_option("--out", options->out, "Write the values as JSON")->type_name("JSON");
    verb->add_option("--plot", options->plot, "Draw them")->type_name("FILE.png|.svg|.pdf");
    verb->add_option("--kind", options->kind, "What to draw; a waterfall is of the first explained row")
        ->check(CLI::IsMember({"beeswarm", "bar", "waterfall"}))->capture_default_str();
    verb->add_option("--output", options->output, "Which class, or which of several targets, to draw (else the most telling one), or of pdp, ice, ale, interactions and surrogate to print (else all)")->type_name("NAME");
    addEffectOptions(*verb, options->effects);
    options->verb = verb;
    verb->callback([&context, options] {
        context.needsPictures = !options->plot.empty();
        context.run = [&context, options] { return runExplain(context, *options); };
    });
}

} // namespace limpid
