#pragma once

#include "core/data/Profile.h"
#include "core/workbench/Workbench.h"

#include <QString>

#include <nlohmann/json.hpp>

namespace limpid {

/// "penguins.csv: 344 rows, 8 columns, 16.7 kB, UTF-8, separated by commas".
QString dataSentence(const DataSet& data);
/// One line a column.
void printProfile(const DataSet& data, const std::vector<ColumnProfile>& columns);
/// The document of `limpid data profile --json`.
nlohmann::json profileJson(const DataSet& data, const std::vector<ColumnProfile>& columns);

} // namespace limpid
