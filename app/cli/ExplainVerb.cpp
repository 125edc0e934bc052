#include "app/cli/Background.h"
#include "app/cli/CostText.h"
#include "app/cli/CounterfactualVerb.h"
#include "app/cli/DataOptions.h"
#include "app/cli/Effects.h"
#include "app/cli/ExplainChecks.h"
#include "app/cli/ExplainText.h"
#include "app/cli/ExplainWords.h"
#include "app/cli/ExplanationPicture.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "app/cli/RowRange.h"
#include "core/base/File.h"
#include "core/data/RowConditions.h"
#include "core/workbench/ExplainMethods.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/KeptExplanation.h"
#include "core/workbench/RowMethod.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace limpid {

namespace fs = std::filesystem;

namespace {

struct ExplainOptions {
    std::string model, file, method = ExplainRequest().method, rows, space = "raw", out;
    std::string background = std::to_string(BackgroundSpec().count);
    std::size_t budget = 0;
    std::uint64_t seed = 1;
    int repeats = 5;
    int threads = 1;
    EffectOptions effects;
    CounterfactualOptions counterfactual;
    const CLI::App* verb = nullptr;
    PictureOptions picture;
    AttributionSpec attribution;
    std::size_t top = 0;
    std::size_t window = ExplainRequest().window;
    std::size_t features = ExplainRequest().limeFeatures;
    std::vector<std::string> groups, cohorts;
    std::string players = "columns", column, check;
    SuperpixelSpec superpixels;
    std::string hide = "mean";
    bool keep = false, estimate = false;
};

constexpr std::string_view rowsWhere = "where:";
const char* const importanceMethod = "permutation-importance";

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
    const bool words = options.players == "words";
    if (!words && !options.column.empty())
        throw Error(ErrorCode::OptionUnused, {{"name", "--column"}, {"other", "--players"}, {"needed", "words"}});
    const bool superpixels = options.players == "superpixels";
    for (const char* name : {"--segments", "--compactness", "--hide"}) {
        if (!superpixels && options.verb->count(name) > 0)
            throw Error(ErrorCode::OptionUnused, {{"name", name}, {"other", "--players"}, {"needed", "superpixels"}});
    }
    for (const char* name : {"--group", "--window"}) {
        if (superpixels && options.verb->count(name) > 0)
            throw Error(ErrorCode::OptionUnused, {{"name", name}, {"other", "--players"}, {"needed", "columns"}});
    }
    for (const char* name : {"--background", "--group", "--cohort", "--top", "--window", "--kind"}) {
        if (words && options.verb->count(name) > 0)
            throw Error(ErrorCode::OptionUnused, {{"name", name}, {"other", "--players"}, {"needed", "columns"}});
    }
    if (words && options.check.empty() && options.verb->count("--repeats") > 0)
        throw Error(ErrorCode::OptionUnused, {{"name", "--repeats"}, {"other", "--players"}, {"needed", "columns"}});
    const AttributionSpec usual;
    refuse("--baseline", options.attribution.baseline != usual.baseline, {"integrated-gradients"});
    refuse("--signed", options.attribution.isSigned, {"saliency", "grad-cam"});
    refuse("--noise", options.attribution.noise != usual.noise, {"smoothgrad"});
    refuse("--layer", !options.attribution.layer.empty(), {"grad-cam", "guided-grad-cam"});
    refuse("--upsampling", options.attribution.upsampling != usual.upsampling, {"grad-cam", "guided-grad-cam"});
    refuse("--quadrature", options.attribution.quadrature != usual.quadrature, {"integrated-gradients"});
    refuse("--top", options.top > 0, {"leverage", "permutation"});
    refuse("--window", options.window != ExplainRequest().window, {"occlusion"});
    refuse("--hide", options.verb->count("--hide") > 0, {"lime"});
    refuse("--features", options.verb->count("--features") > 0, {"lime"});
    if (!options.check.empty() && explainMethod(options.method).about != ExplainMethod::About::Rows)
        throw Error(ErrorCode::OptionUnused, {{"name", "--check"}, {"other", "--method"}, {"needed", "a method that explains rows"}});
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
    if (options.estimate)
        return tellCost(context, [&](Task& task) { return estimateImportanceCost(*model.predictor, table, options.repeats, task); });
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

/// As given, with a single row of the explained file's.
BackgroundSpec backgroundOf(const ExplainOptions& options, const DataSet& data)
{
    BackgroundSpec spec = parseBackground(options.background);
    if (spec.kind == BackgroundSpec::Kind::Row && spec.row >= data.table().rows())
        throw Error(ErrorCode::OptionInvalid, {{"name", "--background"}, {"value", options.background},
                                               {"expected", "row:0 … row:" + std::to_string(data.table().rows() - 1)}});
    return spec;
}

/// What looks at many rows at once looks at a number of them.
std::size_t rowCountOf(const ExplainOptions& options)
{
    const BackgroundSpec spec = parseBackground(options.background);
    if (spec.kind != BackgroundSpec::Kind::Sample)
        throw Error(ErrorCode::OptionInvalid, {{"name", "--background"}, {"value", options.background}, {"expected", "a number of rows, for the method “" + options.method + "”"}});
    return spec.count;
}

/// None where none are asked for.
std::optional<QualityRequest> checksOf(const ExplainOptions& options)
{
    if (options.check.empty())
        return std::nullopt;
    QualityRequest checks = parseChecks(options.check);
    checks.seed = options.seed;
    if (options.verb->count("--repeats") > 0)
        checks.repeats = static_cast<std::size_t>(options.repeats);
    return checks;
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
    request.limeFeatures = options.features;
    request.groups = columnGroups(options.groups);
    if (options.players == "superpixels") {
        request.superpixels = options.superpixels;
        request.limeMeanColour = options.hide == "mean";
        if (options.verb->count("--features") == 0)
            request.limeFeatures = 0; // so few that none need be left out
    }
    request.space = options.space == "probability" ? OutputSpace::Probability : OutputSpace::Raw;
    request.background = backgroundOf(options, data);
    if (options.rows.starts_with(rowsWhere)) {
        NamedCohort asked{{}, options.rows.substr(rowsWhere.size())};
        findRows(asked, data);
        if (asked.rows.empty())
            throw Error(ErrorCode::OptionInvalid, {{"name", "--rows"}, {"value", options.rows}, {"expected", "conditions that some of the rows meet"}});
        request.rows = std::move(asked.rows);
    } else {
        const RowRange range = rowRange(options.rows, data.table().rows());
        request.rowBegin = range.begin;
        request.rowEnd = range.end;
    }
    const std::vector<std::size_t> rows = explainedRows(request, data.table());
    PictureOptions picture = options.picture;
    findCohorts(picture, data, rows);
    const Background background = findBackground(context, model, data);
    std::optional<QualityRequest> checks = checksOf(options);
    if (checks)
        checkQuality(*model.predictor, request, *checks); // before the work
    if (options.estimate)
        return tellCost(context, [&](Task& task) { return estimateExplainCost(*model.predictor, background.table, background.rows, request, task); });
    Explanation explanation;
    {
        ProgressLine line(context, QStringLiteral("Explaining"), double(rows.size()), QStringLiteral("rows"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        explanation = explainTable(*model.predictor, background.table, background.rows, request, {}, task);
    }
    explanation.background = background.name;
    if (!options.picture.output.empty())
        outputToDraw(explanation, options.picture); // a wrong name must not leave one of two files
    nlohmann::json document = explanation.toJson();
    std::optional<ExplanationRecord> kept;
    if (options.keep) {
        kept = keepExplanation(*context.openWorkspace(), *model.version, data, request, explanation);
        document["kept"] = kept->id;
    }
    const auto write = [&] {
        if (!options.out.empty())
            writeFileAtomically(options.out, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
    };
    write();
    if (!options.picture.file.empty())
        drawExplanation(explanation, picture);
    if (!context.json)
        printExplanation(explanation, model.title, options.picture.output);
    if (checks) {
        checks->output = outputToDraw(explanation, options.picture);
        QualityOutcome quality;
        {
            ProgressLine line(context, QStringLiteral("Checking"));
            Task task(line.listener());
            const Interrupt interrupt(task, Interrupt::First::Keep);
            noteCheckCost(context, estimateQualityCost(*model.predictor, background.table, background.rows, request, *checks, task));
            quality = qualityOf(*model.predictor, background.table, background.rows, request, *checks, {}, task);
        }
        document["quality"] = quality.toJson();
        write();
        if (!context.json)
            printQuality(quality);
    }
    const int code = checks && Interrupt::happened() ? interruptedExitCode : 0; // what was checked until then is told all the same
    if (context.json) {
        printJson(document);
        return code;
    }
    if (kept)
        printLine(QStringLiteral("Kept as explanation %1.").arg(kept->id));
    if (!options.out.empty())
        printLine(QStringLiteral("Wrote %1.").arg(QString::fromStdString(options.out)));
    if (!options.picture.file.empty())
        printLine(QStringLiteral("Drew %1.").arg(QString::fromStdString(options.picture.file)));
    return code;
}

int runEffectMethod(const CliContext& context, const ExplainOptions& options, EffectMethod method, const LoadedModel& model, const DataSet& data)
{
    EffectCall call;
    call.estimate = options.estimate;
    call.method = method;
    call.seed = options.seed;
    call.space = options.space == "probability" ? OutputSpace::Probability : OutputSpace::Raw;
    call.output = options.picture.output;
    call.out = options.out;
    call.plot = options.picture.file;
    if (options.verb->count("--background") > 0)
        call.background = rowCountOf(options);
    if (!options.rows.empty() || method == EffectMethod::Curves) { // a curve a row, so of rows that one can name
        const RowRange range = rowRange(options.rows, data.table().rows());
        for (std::size_t row = range.begin; row < range.end; ++row)
            call.rows.push_back(row);
    }
    return runEffects(context, options.effects, call, model, data);
}

int runCounterfactualMethod(const CliContext& context, const ExplainOptions& options, const LoadedModel& model, const DataSet& data)
{
    CounterfactualCall call;
    call.estimate = options.estimate;
    const RowRange range = rowRange(options.rows, data.table().rows());
    if (options.rows.empty() || range.end != range.begin + 1)
        throw Error(ErrorCode::OptionInvalid, {{"name", "--rows"}, {"value", options.rows}, {"expected", "one row"}});
    call.row = range.begin;
    if (options.verb->count("--background") > 0)
        call.observed = rowCountOf(options);
    call.seed = options.seed;
    call.output = options.picture.output;
    call.out = options.out;
    call.plot = options.picture.file;
    return runCounterfactual(context, *options.verb, options.counterfactual, call, model, data);
}

int runWordMethod(const CliContext& context, const ExplainOptions& options, const LoadedModel& model, const DataSet& data)
{
    const RowRange range = rowRange(options.rows, data.table().rows());
    WordsCall call;
    call.estimate = options.estimate;
    call.request.method = options.method;
    call.request.column = options.column;
    call.request.budget = options.budget;
    call.request.seed = options.seed;
    call.request.space = options.space == "probability" ? OutputSpace::Probability : OutputSpace::Raw;
    call.request.rowBegin = range.begin;
    call.request.rowEnd = range.end;
    call.output = options.picture.output;
    call.out = options.out;
    call.plot = options.picture.file;
    call.keep = options.keep;
    call.checks = checksOf(options);
    return runWords(context, call, model, data);
}

int runExplain(const CliContext& context, const ExplainOptions& options)
{
    checkCounterfactualOptions(*options.verb, options.method);
    checkEffectOptions(*options.verb, options.method);
    const ExplainMethod::About about = explainMethod(options.method).about;
    if (!options.picture.file.empty() && about != ExplainMethod::About::Rows && about != ExplainMethod::About::Row && about != ExplainMethod::About::Columns)
        throw Error(ErrorCode::OptionUnused, {{"name", "--plot"}, {"other", "--method"}, {"needed", "a method that explains rows"}});
    checkPicture(options.picture, options.method);
    checkUnused(options);
    parseBackground(options.background); // before the model is loaded
    if (options.rows.starts_with(rowsWhere))
        parseConditions(options.rows.substr(rowsWhere.size()));
    const LoadedModel model = loadModel(context, options.model, options.threads);
    const DataSet data = readDataForModel(context, options.file, model.predictor->pipeline());
    noteIssues(context, data.csv.issues);
    if (options.keep && explainMethod(options.method).about != ExplainMethod::About::Rows)
        throw Error(ErrorCode::OptionUnused, {{"name", "--keep"}, {"other", "--method"}, {"needed", "a method that explains rows"}});
    if (options.keep && !(model.version && model.version->version > 0))
        throw Error(ErrorCode::OptionUnused, {{"name", "--keep"}, {"other", "MODEL"}, {"needed", "a version of a model in the workspace"}});
    if (options.players == "words")
        return runWordMethod(context, options, model, data);
    if (options.players == "superpixels" && about != ExplainMethod::About::Rows)
        throw Error(ErrorCode::OptionUnused, {{"name", "--players"}, {"other", "--method"}, {"needed", "a method that explains rows"}});
    if (const std::optional<EffectMethod> method = effectMethod(options.method))
        return runEffectMethod(context, options, *method, model, data);
    if (explainMethod(options.method).about == ExplainMethod::About::Row)
        return runCounterfactualMethod(context, options, model, data);
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
                             "  limpid explain penguins penguins.csv --background kmeans:20\n"
                             "  limpid explain penguins penguins.csv --background 'where:sex = female, body_mass_g > 4000'\n"
                             "  limpid explain penguins penguins.csv --plot cohorts.png --kind cohorts --cohort 'heavy=body_mass_g > 4500' --cohort 'light=body_mass_g < 3700'\n"
                             "  limpid explain penguins penguins.csv --method lime --rows 17 --features 3\n"
                             "  limpid explain penguins penguins.csv --check insertion,infidelity,agreement:deeplift,lime\n"
                             "  limpid explain penguins penguins.csv --method permutation-importance --repeats 10 --json\n"
                             "  limpid explain penguins penguins.csv --method ale --columns bill_length_mm,island\n"
                             "  limpid explain penguins penguins.csv --method interactions --output-space probability\n"
                             "  limpid explain penguins penguins.csv --method shapley-interactions --plot pairs.png\n"
                             "  limpid explain penguins penguins.csv --method surrogate --depth 2\n"
                             "  limpid explain reviews reviews.csv --players words --rows 3 --plot words.png\n"
                             "  limpid explain digits digits.csv --players superpixels --method lime --rows 3 --plot why.png --kind picture\n"
                             "  limpid explain penguins penguins.csv --method counterfactual --rows 17 --target Gentoo --lock island,sex");
    auto options = std::make_shared<ExplainOptions>();
    std::vector<std::string> methods;
    for (const ExplainMethod& method : explainMethods())
        methods.push_back(method.name);
    for (const std::string& method : textMethods()) {
        if (std::find(methods.begin(), methods.end(), method) == methods.end())
            methods.push_back(method);
    }
    verb->add_option("MODEL", options->model, "NAME (its newest), NAME@ALIAS, NAME@VERSION, run:ID or the folder of an exported model")->required();
    verb->add_option("FILE", options->file, "CSV or TSV file with the model's columns")->required();
    verb->add_option("--method", options->method, "Shapley values (leverage, permutation, kernel, exact; partition: over a tree of columns; linear: of a linear network, linear-correlated: the same where columns that are left out are guessed from those that go with them); how the network's gradients are read (deeplift … grad-cam); occlusion; a linear model around each row (lime); permutation-importance; or over many rows at once: partial dependence (pdp), a curve a row (ice), accumulated local effects (ale), Friedman's H (interactions), a small tree that says about the same (surrogate); or what one row would have to be for another prediction (counterfactual)")
        ->check(CLI::IsMember(methods))->capture_default_str();
    verb->add_option("--rows", options->rows, "Rows to explain, from A up to but without B, counted from 0, or all that meet conditions (else the first 200; for pdp, ale, interactions and surrogate training rows; counterfactual wants one)")->type_name("A:B|where:COLUMN=VALUE,…");
    verb->add_option("--players", options->players, "Whose share is asked for: whole columns, the words of a text column, or a picture's superpixels, patches of pixels that are alike (the latter two with leverage, permutation, kernel, exact, partition, occlusion and lime)")
        ->check(CLI::IsMember({"columns", "words", "superpixels"}))->capture_default_str();
    verb->add_option("--segments", options->superpixels.segments, "How many superpixels a picture is cut into (0: 50, or in small pictures such that each has four pixels)")->type_name("N")
        ->check(CLI::Range(0, 1000000))->capture_default_str();
    verb->add_option("--compactness", options->superpixels.compactness, "How much nearness counts against likeness in a superpixel: more makes them squarer; 1 to 40 are usual")->type_name("X")
        ->check(CLI::Range(1e-6, 1e6))->capture_default_str();
    verb->add_option("--hide", options->hide, "What lime puts in the place of a superpixel: its own mean colour, as the lime package does, or the background's pixels")
        ->check(CLI::IsMember({"mean", "background"}))->capture_default_str();
    verb->add_option("--column", options->column, "Which text column's words, where the model reads several")->type_name("NAME");
    verb->add_option("--background", options->background, "What they are compared with, of the training rows: N drawn, all, the N nearest to the centres of k-means, the cohort that meets conditions (or N of it), or one row of FILE; or how many of them pdp, ale, interactions and surrogate look at (if not given: 1,000, 5,000, 200, 5,000); shapley-interactions explain 50 rows, or those of --rows, against N (if not given: 100)")
        ->type_name("N|all|kmeans:N|row:N|[N ]where:COLUMN=VALUE,…")->capture_default_str();
    verb->add_option("--budget", options->budget, "How many coalitions of columns or words to try for each row, steps of integrated-gradients, draws of smoothgrad, samples of lime (0: the method's own number)")
        ->type_name("N");
    verb->add_option("--baseline", options->attribution.baseline, "Where integrated-gradients starts: the background's mean, or zero once the columns are encoded")
        ->check(CLI::IsMember({"mean", "zero"}))->capture_default_str();
    verb->add_option("--quadrature", options->attribution.quadrature, "How integrated-gradients add up the line: Gauss-Legendre, or a Riemann sum, which needs many more steps")
        ->check(CLI::IsMember(quadratures()))->capture_default_str();
    verb->add_flag("--signed", options->attribution.isSigned, "Keep the signs of saliency, or what speaks against the output in grad-cam");
    verb->add_option("--noise", options->attribution.noise, "Deviation of smoothgrad's noise, as a share of each column's range in the background")
        ->type_name("X")->check(CLI::Range(1e-6, 100.0))->capture_default_str();
    verb->add_option("--layer", options->attribution.layer, "Which layer's maps grad-cam and guided-grad-cam show (else the last of a picture's size)")->type_name("NAME");
    verb->add_option("--upsampling", options->attribution.upsampling, "How grad-cam and guided-grad-cam spread a layer's map over the picture")
        ->check(CLI::IsMember({"bilinear", "nearest"}))->capture_default_str();
    verb->add_option("--top", options->top, "Stop as soon as the N largest values of each row are told apart at 95 %, for leverage and permutation (0: spend the budget)")
        ->type_name("N");
    verb->add_option("--window", options->window, "How many pixels high and wide the window is that occlusion slides over a picture")->type_name("N")
        ->check(CLI::Range(1, 1000))->capture_default_str();
    verb->add_option("--features", options->features, "How many columns the linear model of lime keeps for each row (0: all, as of superpixels if not given)")->type_name("K")
        ->check(CLI::Range(0, 1000000))->capture_default_str();
    verb->add_option("--group", options->groups, "Columns that count as one, for exact, kernel, leverage, permutation, partition and occlusion; may be given several times")
        ->type_name("NAME=COLUMN,…")->allow_extra_args(false);
    verb->add_option("--cohort", options->cohorts, "Rows that --kind cohorts compares, under a name for them; may be given several times (a single one is compared with all other rows)")
        ->type_name("NAME=CONDITIONS")->allow_extra_args(false);
    verb->add_option("--seed", options->seed, "Start of the random choices")->type_name("N")->capture_default_str();
    verb->add_option("--output-space", options->space, "Explain the raw output (log-odds; a number in its own unit) or the probability")
        ->check(CLI::IsMember({"raw", "probability"}))->capture_default_str();
    verb->add_option("--check", options->check, "How far the explanation can be trusted, on up to 20 of the rows: insertion, deletion (against random orders), infidelity, sensitivity, randomisation (of the network's weights), agreement (with other methods); of words the first three")
        ->type_name("MEASURE,…[:METHOD,…]");
    verb->add_option("--repeats", options->repeats, "How often permutation-importance shuffles each column, or --check draws (if not given: 5, 20)")->type_name("N")
        ->check(CLI::Range(1, 10000))->capture_default_str();
    verb->add_option("--threads", options->threads, "How many cores to use")->check(CLI::Range(1, 256))->capture_default_str();
    verb->add_flag("--keep", options->keep, "Keep the answer in the workspace, with what was asked: see limpid explanations");
    verb->add_flag("--estimate", options->estimate, "Tell what it would take, by a short trial, and explain nothing");
    verb->add_option("--out", options->out, "Write the values as JSON")->type_name("JSON");
    verb->add_option("--plot", options->picture.file, "Draw them")->type_name("FILE.png|.svg|.pdf");
    verb->add_option("--kind", options->picture.kind, "What to draw; what shows one row is of the first explained one")
        ->check(CLI::IsMember(pictureKinds()))->capture_default_str();
    verb->add_option("--plot-column", options->picture.column, "Which column a dependence plot is of (else the one that matters most)")->type_name("NAME");
    verb->add_option("--output", options->picture.output, "Which class, or which of several targets, to draw (else the most telling one), or of pdp, ice, ale, interactions, shapley-interactions and surrogate to print (else all)")->type_name("NAME");
    for (const char* answer : {"--keep", "--out", "--plot", "--check"})
        verb->get_option("--estimate")->excludes(answer);
    addEffectOptions(*verb, options->effects);
    addCounterfactualOptions(*verb, options->counterfactual);
    options->verb = verb;
    verb->callback([&context, options] {
        context.needsPictures = !options->picture.file.empty();
        context.run = [&context, options] {
            for (const std::string& cohort : options->cohorts)
                options->picture.cohorts.push_back(parseCohort(cohort));
            return runExplain(context, *options);
        };
    });
}

} // namespace limpid
