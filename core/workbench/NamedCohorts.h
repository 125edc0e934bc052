#pragma once

#include "core/explain/Explanation.h"
#include "core/workbench/Workbench.h"

namespace limpid {

/// Rows of a data file under the user's name for them: those that meet conditions, or chosen ones.
struct NamedCohort {
    std::string name;
    std::string where = {};               ///< see parseConditions(); "": the chosen rows
    std::vector<std::size_t> rows = {};   ///< of the table, ascending, none twice; of conditions those that meet them, once they are looked for
    std::string sha256 = {};              ///< of the file that rows were chosen in; "": of conditions
    bool operator==(const NamedCohort&) const = default;
};

/// What is kept of them: of conditions the text, of chosen rows their numbers, as short as runs make them.
nlohmann::json cohortsJson(const std::vector<NamedCohort>& cohorts);
/// What cohortsJson() gave, in its order; what can't be read is left out.
std::vector<NamedCohort> cohortsFromJson(const nlohmann::json& document);

/// Looks for the rows of conditions. Whether the rows are of this file as it is now: chosen ones need not be. Throws OptionInvalid
/// (condition) and ColumnUnknown where the conditions do not suit the table.
bool findRows(NamedCohort& cohort, const DataSet& data);
/// Indices into the explanation's rows of those that are among `rows` (of the table, ascending).
std::vector<std::size_t> explainedAmong(const Explanation& explanation, const std::vector<std::size_t>& rows);

/// "0-4 7 9-11" for 0, 1, 2, 3, 4, 7, 9, 10, 11.
std::string rowRangesText(const std::vector<std::size_t>& rows);
/// The rows of such a text, ascending and none twice; none where it is not one.
std::vector<std::size_t> rowsFromRanges(std::string_view text);

} // namespace limpid
