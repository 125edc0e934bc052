#pragma once

#include "app/cli/Context.h"
#include "core/workbench/ExplainQuality.h"

#include <string>

namespace limpid {

/// "insertion,deletion,agreement:METHOD,METHOD": measures, and behind "agreement:" methods to compare with. Whether there are such is for
/// checkQuality() to say.
QualityRequest parseChecks(const std::string& text);
/// Says what the checks will take, before they do.
void noteCheckCost(const CliContext& context, const ExplainCost& cost);
void printQuality(const QualityOutcome& outcome);

} // namespace limpid
