#include "app/cli/DataOptions.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>

namespace limpid {

namespace {

struct EvaluateOptions {
    std::string model, file;
    int threads = 1;
};

int runEvaluate(const CliContext& context, const EvaluateOptions& options)
{
    const LoadedModel model = loadModel(context, options.model, options.threads);
    const DataSet data = readDataForModel(context, options.file, model.predictor->pipeline());
    EvaluateOutcome outcome;
    {
        ProgressLine line(context, QStringLiteral("Evaluating"), double(data.table().rows()), QStringLiteral("rows"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        outcome = evaluateTable(*model.predictor, data.table(), task);
    }
    noteIssues(context, data.csv.issues);
    noteIssues(context, outcome.issues);
    if (context.json) {
        printJson({{"model", model.title},
                   {"rows", outcome.rows},
                   {"metrics", metricsJson(outcome.metrics)},
                   {"classes", outcome.classes},
                   {"confusion", outcome.metrics.confusion},
                   {"warnings", issuesJson(outcome.issues)}});
        return 0;
    }
    printLine(QStringLiteral("%1 on %2 rows of %3:")
                  .arg(QString::fromStdString(model.title), countText(qint64(outcome.rows)), QString::fromStdString(data.path.filename().string())));
    printLine();
    printMetrics({{QString(), outcome.metrics.values}});
    if (!outcome.metrics.confusion.empty()) {
        printLine();
        printConfusion(outcome.classes, outcome.metrics.confusion);
    }
    return 0;
}

} // namespace

void addEvaluateVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "evaluate", "How well a model predicts the rows of a file whose target is known",
                             "  limpid evaluate penguins test.csv\n"
                             "  limpid evaluate penguins@champion test.csv --json");
    auto options = std::make_shared<EvaluateOptions>();
    verb->add_option("MODEL", options->model, "NAME (its newest), NAME@ALIAS, NAME@VERSION, run:ID or the folder of an exported model")->required();
    verb->add_option("FILE", options->file, "CSV or TSV file with the model's columns and its targets")->required();
    verb->add_option("--threads", options->threads, "How many cores to use")->check(CLI::Range(1, 256))->capture_default_str();
    verb->callback([&context, options] { context.run = [&context, options] { return runEvaluate(context, *options); }; });
}

} // namespace limpid
