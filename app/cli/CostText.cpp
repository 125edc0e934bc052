#include "app/cli/CostText.h"

#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "ui/text/Messages.h"
#include "ui/text/ResourceTexts.h"

#include <nlohmann/json.hpp>

namespace limpid {

int tellCost(const CliContext& context, const std::function<ExplainCost(Task&)>& trial)
{
    Task task;
    const Interrupt interrupt(task);
    const ExplainCost cost = trial(task);
    if (context.json) {
        nlohmann::json document{{"model_rows", cost.modelRows}, {"seconds", cost.seconds}};
        document["bytes"] = cost.bytes > 0 ? nlohmann::json(cost.bytes) : nlohmann::json();
        document["relative_error"] = cost.error ? nlohmann::json(*cost.error) : nlohmann::json();
        printJson({{"estimate", document}});
    } else {
        const QString more = costText(cost.bytes, cost.error);
        printLine(QStringLiteral("It would take %1%2.").arg(durationText(cost.seconds), more.isEmpty() ? QString() : QStringLiteral("; ") + more));
        printLine(costHelp());
    }
    return 0;
}

} // namespace limpid
