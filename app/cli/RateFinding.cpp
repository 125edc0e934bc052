#include "app/cli/RateFinding.h"

#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "ui/text/Messages.h"

#include <cmath>

namespace limpid {

namespace {

nlohmann::json optionalJson(const std::optional<double>& value)
{
    return value ? nlohmann::json(*value) : nlohmann::json();
}

void printRates(const RateFinderResult& result)
{
    std::vector<QStringList> rows;
    double next = 0.0;
    for (const RatePoint& point : result.points) {
        const bool last = &point == &result.points.back();
        if (point.rate < next && !last)
            continue;
        next = point.rate * std::sqrt(10.0) * 0.999; // two lines a power of ten
        rows.push_back({numberText(point.rate), numberText(point.smoothed), numberText(point.loss)});
    }
    printTable({QStringLiteral("Rate"), QStringLiteral("Loss, smoothed"), QStringLiteral("Loss")}, rows);
    printLine();
    printLine(QStringLiteral("%1 rates tried%2.").arg(result.points.size()).arg(result.grew ? QStringLiteral("; there the loss grew") : QString()));
    if (!result.suggested) {
        printLine(QStringLiteral("The loss never fell, so there is no rate to suggest: try a larger network or other settings."));
        return;
    }
    QString sentence = QStringLiteral("Suggested: --learning-rate %1 (a tenth of the rate at which the smoothed loss was lowest)").arg(*result.suggested, 0, 'g', 2);
    if (result.steepest)
        sentence += QStringLiteral("; it fell fastest at %1").arg(*result.steepest, 0, 'g', 2);
    printLine(sentence + u'.');
}

} // namespace

int findRateWithProgress(const CliContext& context, const DataSet& data, const TrainRequest& request, const RateFinderSpec& finder)
{
    RateFinderResult result;
    {
        ProgressLine line(context, QStringLiteral("Trying learning rates"));
        Task task([&line](const Task::Progress& progress) { line.update(progress.fraction, {}); });
        const Interrupt interrupt(task, Interrupt::First::Keep);
        result = findLearningRate(data, request, finder, {}, task);
    }
    if (context.json) {
        nlohmann::json points = nlohmann::json::array();
        for (const RatePoint& point : result.points)
            points.push_back({{"rate", point.rate}, {"loss", point.loss}, {"smoothed", point.smoothed}});
        printJson({{"suggested", optionalJson(result.suggested)},
                   {"steepest", optionalJson(result.steepest)},
                   {"grew", result.grew},
                   {"settings", toJson(finder)},
                   {"points", points}});
    } else {
        printRates(result);
    }
    return Interrupt::happened() ? interruptedExitCode : 0;
}

} // namespace limpid
