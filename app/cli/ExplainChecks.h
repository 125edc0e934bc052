#pragma once

#include "core/workbench/ExplainQuality.h"

#include <string>

namespace limpid {

/// "insertion,deletion,agreement:METHOD,METHOD": measures, and behind "agreement:" methods to compare with. Whether there are such is for
/// checkQuality() to say.
QualityRequest parseChecks(const std::string& text);
void printQuality(const QualityOutcome& outcome);

} // namespace limpid
