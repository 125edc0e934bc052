#pragma once

#include "core/base/ResourceUse.h"

#include <QString>

namespace limpid {

// What a job took of the machine, in words. Qt Core only: window and command line share them.

/// "35 J", "1.2 Wh".
QString energyText(double joules);
/// One line: CPU time, memory, energy; each says whether it was measured or estimated, or that it can't be had.
QString useText(const ResourceUse& use);

} // namespace limpid
