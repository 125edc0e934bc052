#pragma once

#include "core/workbench/Workbench.h"

#include <functional>

namespace limpid {

/// What rows are compared with when they are explained: the rows that the model was trained on, where their file is still
/// there unchanged; else the explained file itself.
struct Background {
    Table table;                        ///< the explained rows first, in their order; then, if need be, the training rows
    std::vector<std::size_t> rows;      ///< of `table`, to draw the background from
    std::string name;                   ///< for Explanation::background: "training rows" or "rows of the explained file"
};
inline constexpr const char* trainingRowsName = "training rows";

/// `run`: the one that the model came of, or null. `open` reads the file that it was trained on, where that is another.
Background findBackground(const Pipeline& pipeline, const RunRecord* run, const DataSet& explained,
                          const std::function<DataSet(const std::filesystem::path&)>& open);

} // namespace limpid
