#include "app/cli/ExplainChecks.h"

#include "app/cli/Output.h"
#include "ui/text/Messages.h"
#include "ui/text/QualityTexts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace limpid {

QualityRequest parseChecks(const std::string& text)
{
    const std::string agreement = "agreement:";
    QualityRequest request;
    std::istringstream parts(text);
    bool ofAgreement = false;
    for (std::string part; std::getline(parts, part, ',');) {
        if (part.starts_with(agreement)) {
            request.measures.push_back("agreement");
            request.methods.push_back(part.substr(agreement.size()));
            ofAgreement = true;
        } else if (ofAgreement && std::find(qualityMeasures().begin(), qualityMeasures().end(), part) == qualityMeasures().end()) {
            request.methods.push_back(part);
        } else {
            request.measures.push_back(part);
        }
    }
    return request;
}

void noteCheckCost(const CliContext& context, const ExplainCost& cost)
{
    note(context, QStringLiteral("Checking takes %1, estimated.").arg(durationText(cost.seconds)));
}

void printQuality(const QualityOutcome& outcome)
{
    printLine();
    printLine(QStringLiteral("Quality, measured on %1 of the rows for “%2”, in %3%4:")
                  .arg(countText(static_cast<qint64>(outcome.rows.size())), QString::fromStdString(outcome.output), durationText(outcome.seconds),
                       outcome.complete ? QString() : QStringLiteral(" (stopped early)")));
    for (const QualityText& text : qualityTexts(outcome.toJson())) {
        printLine();
        printLine(text.name);
        printFacts(text.figures);
        printLine(text.meaning);
    }
}

} // namespace limpid
