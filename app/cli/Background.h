#pragma once

#include "app/cli/Context.h"
#include "core/workbench/Workbench.h"

#include <vector>

namespace limpid {

/// What rows are compared with when they are explained: the rows that the model was trained on, where their file is still
/// there unchanged; else the explained file itself.
struct Background {
    Table table;                        ///< the explained rows first, in their order; then, if need be, the training rows
    std::vector<std::size_t> rows;      ///< of `table`, to draw the background from
    std::string name;                   ///< for Explanation::background: "training rows" or "rows of the explained file"
};
inline constexpr const char* trainingRowsName = "training rows";
Background findBackground(const CliContext& context, const LoadedModel& model, const DataSet& explained);

} // namespace limpid
