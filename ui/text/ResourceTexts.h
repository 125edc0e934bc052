#pragma once

#include "core/base/ResourceUse.h"

#include <QString>

#include <optional>

namespace limpid {

// What a job took of the machine, in words. Qt Core only: window and command line share them.

/// "35 J", "1.2 Wh".
QString energyText(double joules);
/// One line: CPU time, memory, energy; each says whether it was measured or estimated, or that it can't be had.
QString useText(const ResourceUse& use);

/// What explaining would take beside its time: "memory about 38 MB, expected error 2 %". 0 bytes: not known; no error, or 0: nothing is said of it.
QString costText(quint64 bytes, std::optional<double> error);
/// What that error is, for a tooltip or a line below.
QString costHelp();

} // namespace limpid
