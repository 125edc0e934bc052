#include "app/cli/DataOptions.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "core/base/File.h"
#include "core/data/CsvWriter.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>

#include <cstdio>

namespace limpid {

namespace {

struct PredictOptions {
    std::string model, file, out;
    int threads = 1;
    bool allowUnseen = false;
};

nlohmann::json cellJson(const Column& column, std::size_t row)
{
    if (column.isMissing(row))
        return nullptr;
    return column.type() == ColumnType::Number ? nlohmann::json(column.numbers()[row]) : nlohmann::json(column.display(row));
}

nlohmann::json predictionsJson(const std::string& model, const PredictOutcome& outcome)
{
    nlohmann::json rows = nlohmann::json::array();
    for (std::size_t row = 0; row < outcome.table.rows(); ++row) {
        nlohmann::json entry = nlohmann::json::object();
        for (std::size_t i = 0; i < outcome.table.columnCount(); ++i)
            entry[outcome.table.column(i).name()] = cellJson(outcome.table.column(i), row);
        rows.push_back(std::move(entry));
    }
    return {{"model", model},
            {"rows", outcome.table.rows()},
            {"columns", outcome.columns},
            {"predictions", std::move(rows)},
            {"warnings", issuesJson(outcome.issues)}};
}

int runPredict(const CliContext& context, const PredictOptions& options)
{
    const LoadedModel model = loadModel(context, options.model, options.threads);
    const DataSet data = readDataForModel(context, options.file, model.predictor->pipeline());
    PredictOutcome outcome;
    {
        ProgressLine line(context, QStringLiteral("Predicting"), double(data.table().rows()), QStringLiteral("rows"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        outcome = predictTable(*model.predictor, data.table(), options.allowUnseen ? UnseenCategories::Allow : UnseenCategories::Refuse, task);
    }
    if (!options.out.empty())
        writeFileAtomically(options.out, writeCsv(outcome.table));
    noteIssues(context, data.csv.issues);
    noteIssues(context, outcome.issues);
    if (context.json) {
        printJson(predictionsJson(model.title, outcome));
    } else if (options.out.empty()) {
        const std::string csv = writeCsv(outcome.table);
        std::fwrite(csv.data(), 1, csv.size(), stdout);
    } else {
        printLine(QStringLiteral("Predicted %1 rows with %2 and wrote them to %3.")
                      .arg(countText(qint64(outcome.table.rows())), QString::fromStdString(model.title), QString::fromStdString(options.out)));
    }
    return 0;
}

} // namespace

void addPredictVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "predict", "Predict the rows of a file with a model",
                             "  limpid predict penguins new.csv --out predictions.csv\n"
                             "  limpid predict penguins@champion new.csv --json\n"
                             "  limpid predict ./exported-model new.csv");
    auto options = std::make_shared<PredictOptions>();
    verb->add_option("MODEL", options->model, "NAME (its newest), NAME@ALIAS, NAME@VERSION, run:ID or the folder of an exported model")->required();
    verb->add_option("FILE", options->file, "CSV or TSV file with the model's columns, in any order")->required();
    verb->add_option("--out", options->out, "Write a CSV file (else to standard output)")->type_name("CSV");
    verb->add_flag("--allow-unseen", options->allowUnseen, "Predict categories that were not there in training as unknown values, with a warning");
    verb->add_option("--threads", options->threads, "How many cores to use")->check(CLI::Range(1, 256))->capture_default_str();
    verb->callback([&context, options] { context.run = [&context, options] { return runPredict(context, *options); }; });
}

} // namespace limpid
