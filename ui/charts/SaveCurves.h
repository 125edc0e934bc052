#pragma once

#include "core/base/Task.h"
#include "ui/charts/CurveSource.h"

namespace limpid {

/// Every point of the columns as CSV: curve, step, seconds, value, with as many digits as give the same numbers back
/// ("nan" and "inf" as such). Written atomically, in pieces, so that a curve of any length takes little memory. For a worker.
/// Throws FileUnwritable, DiskFull, Cancelled, and what a reader throws.
void saveCurvesCsv(const std::vector<CurveColumn>& columns, const QString& path, Task& task);

} // namespace limpid
