#pragma once

#include "app/cli/Context.h"
#include "core/workbench/Workbench.h"

#include <nlohmann/json.hpp>

#include <vector>

namespace limpid {

/// How a data file is to be read, as options that several verbs share.
struct DataOptions {
    std::vector<std::string> types;      ///< COLUMN=TYPE
    std::vector<std::string> missing;    ///< COLUMN=MARK
    std::string separator;
    bool decimalComma = false;

    void addTo(CLI::App& verb);
    /// Throws OptionInvalid.
    CsvOptions csv() const;
};

/// "a=b" in two; throws OptionInvalid for `option` where there is no "=".
std::pair<std::string, std::string> splitAssignment(const std::string& option, const std::string& text);

/// Reads the file with a progress line; Ctrl+C gives up. Throws ColumnUnknown for a column of the options that is not there.
DataSet readData(const CliContext& context, const std::filesystem::path& path, const CsvOptions& options);
/// The same for a model's columns, told of the model's types.
DataSet readDataForModel(const CliContext& context, const std::filesystem::path& path, const Pipeline& pipeline);

/// The targets that were asked for. A text that is no column but holds commas names several: "a,b". Throws TargetUnknown.
std::vector<std::string> targetColumns(const DataSet& data, const std::vector<std::string>& texts);

/// Throws ColumnUnknown, with the nearest name, where the table has no such column.
void requireColumn(const DataSet& data, const std::string& column);

} // namespace limpid
