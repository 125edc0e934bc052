#include "app/cli/ExplainWords.h"

#include "app/cli/CostText.h"
#include "app/cli/ExplainChecks.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "core/base/File.h"
#include "core/workbench/KeptExplanation.h"
#include "ui/text/Messages.h"

#ifdef LIMPID_GUI
#include "ui/charts/Plot.h"
#include "ui/charts/TextAttributionPlot.h"
#endif

#include <QLocale>

#include <algorithm>

namespace limpid {

namespace {

constexpr std::size_t printedRows = 20, printedWords = 12;

/// The output of that name, else the one that the row's prediction is largest for.
std::size_t outputIndex(const TextOutcome& outcome, const TextAttribution& row, const std::string& name)
{
    const std::vector<std::string>& names = outcome.outputs;
    if (!name.empty()) {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end())
            throw Error(ErrorCode::OptionInvalid, {{"name", "--output"}, {"value", name}, {"expected", "a class of the target, or one of several targets"},
                                                   {"nearest", nearestName(name, names)}});
        return std::size_t(found - names.begin());
    }
    return std::size_t(std::max_element(row.predictions.begin(), row.predictions.end()) - row.predictions.begin());
}

void printRow(const TextOutcome& outcome, const TextAttribution& row, const WordsCall& call)
{
    const std::size_t output = outputIndex(outcome, row, call.output);
    const QString name = QString::fromStdString(outcome.outputs[output]);
    printLine(QStringLiteral("Row %1: “%2” %3%4").arg(countText(qint64(row.row)), name, numberText(row.predictions[output]),
                                                      outcome.additive ? QStringLiteral(", without any word %1").arg(numberText(row.base[output])) : QString()));
    if (row.spans.empty()) {
        printLine(QStringLiteral("The text has no word."));
        printLine();
        return;
    }
    if (row.words > row.spans.size())
        printLine(QStringLiteral("%1 words, neighbours taken together as %2.").arg(countText(qint64(row.words)), countText(qint64(row.spans.size()))));
    std::vector<std::size_t> order = largestFirst(row, output);
    if (!row.determination.empty()) // what the linear model left out has no value
        std::erase_if(order, [&](std::size_t span) { return row.value(output, span) == 0.0; });
    std::vector<QStringList> lines;
    for (std::size_t i = 0; i < std::min(printedWords, order.size()); ++i) {
        const double error = row.error(output, order[i]);
        lines.push_back({QString::fromStdString(row.spanText(order[i])).simplified(), numberText(row.value(output, order[i])),
                         error > 0.0 ? QStringLiteral("± %1").arg(QLocale().toString(1.96 * error, 'g', 2)) : QString()});
    }
    const bool sampled = std::any_of(row.errors.begin(), row.errors.end(), [](double error) { return error > 0.0; });
    printTable({QStringLiteral("Word"), QStringLiteral("Effect"), sampled ? QStringLiteral("95 %") : QString()}, lines);
    if (order.size() > printedWords)
        printLine(QStringLiteral("… and %1 more").arg(countText(qint64(order.size() - printedWords))));
    if (!row.determination.empty())
        printLine(QStringLiteral("The linear model fits with R² %1.").arg(QLocale().toString(row.determination[output], 'f', 3)));
    printLine();
}

} // namespace

void printWords(const TextOutcome& outcome, const WordsCall& call, const std::string& model)
{
    printLine(QStringLiteral("%1: what the words of “%2” do to the %3.")
                  .arg(QString::fromStdString(model), QString::fromStdString(outcome.column),
                       outcome.space == "probability" ? QStringLiteral("probability") : QStringLiteral("raw output")));
    printLine();
    std::uint64_t most = 0;
    for (std::size_t i = 0; i < outcome.rows.size(); ++i) {
        if (i < printedRows)
            printRow(outcome, *outcome.rows[i], call);
        most = std::max(most, outcome.rows[i]->evaluations);
    }
    if (outcome.rows.size() > printedRows)
        printLine(QStringLiteral("… and %1 more rows, which --json and --out have.").arg(countText(qint64(outcome.rows.size() - printedRows))));
    printLine(QStringLiteral("Method %1, at most %2 texts a row, in %3.%4")
                  .arg(QString::fromStdString(outcome.method), countText(qint64(most)), durationText(outcome.seconds),
                       outcome.additive ? QStringLiteral(" The effects add up to the prediction.") : QStringLiteral(" The effects do not add up to the prediction.")));
}

int runWords(const CliContext& context, const WordsCall& call, const LoadedModel& model, const DataSet& data)
{
    if (call.checks)
        checkTextQuality(*model.predictor, data.table(), call.request, *call.checks); // before the work
    if (call.estimate)
        return tellCost(context, [&](Task& task) { return estimateTextCost(*model.predictor, data.table(), call.request, task); });
    TextOutcome outcome;
    {
        ProgressLine line(context, QStringLiteral("Explaining"), double(call.request.rowEnd - call.request.rowBegin), QStringLiteral("rows"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        outcome = explainTexts(*model.predictor, data.table(), call.request, {}, task);
    }
    const std::size_t output = outputIndex(outcome, *outcome.rows.front(), call.output); // a wrong name must not leave one of two files
    nlohmann::json document = outcome.toJson();
    std::optional<ExplanationRecord> kept;
    if (call.keep) {
        kept = keepWords(*context.openWorkspace(), *model.version, data, call.request, outcome);
        document["kept"] = kept->id;
    }
    const auto write = [&] {
        if (!call.out.empty())
            writeFileAtomically(call.out, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
    };
    write();
#ifdef LIMPID_GUI
    if (!call.plot.empty()) {
        constexpr int width = 900;
        savePlot(*makeTextHighlight(textHighlightOf(outcome, 0, output)), QString::fromStdString(call.plot), {width, 0}, Theme(nullptr));
    }
#endif
    if (!context.json)
        printWords(outcome, call, model.title);
    if (call.checks) {
        QualityRequest asked = *call.checks;
        asked.output = output;
        QualityOutcome quality;
        {
            ProgressLine line(context, QStringLiteral("Checking"));
            Task task(line.listener());
            const Interrupt interrupt(task, Interrupt::First::Keep);
            noteCheckCost(context, estimateTextQualityCost(*model.predictor, data.table(), call.request, asked, task));
            quality = qualityOfTexts(*model.predictor, data.table(), call.request, asked, {}, task);
        }
        document["quality"] = quality.toJson();
        write();
        if (!context.json)
            printQuality(quality);
    }
    const int code = call.checks && Interrupt::happened() ? interruptedExitCode : 0; // what was checked until then is told all the same
    if (context.json) {
        printJson(document);
        return code;
    }
    if (kept)
        printLine(QStringLiteral("Kept as explanation %1.").arg(kept->id));
    if (!call.out.empty())
        printLine(QStringLiteral("Wrote %1.").arg(QString::fromStdString(call.out)));
    if (!call.plot.empty())
        printLine(QStringLiteral("Drew %1.").arg(QString::fromStdString(call.plot)));
    return code;
}

} // namespace limpid
