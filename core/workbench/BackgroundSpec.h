#pragma once

#include "core/explain/Explanation.h"
#include "core/model/Predictor.h"

namespace limpid {

/// What explanations compare rows with: rows of the table, chosen from candidates (the training rows, where they are known).
struct BackgroundSpec {
    enum class Kind {
        All,      ///< every candidate
        Sample,   ///< `count` of the candidates, drawn
        KMeans,   ///< the candidates nearest to `count` centres, each weighted by the rows that it stands for: see kMeansRows()
        Row,      ///< `row`, candidate or not
        Cohort,   ///< the candidates that meet the conditions `where`
        Rows,     ///< `rows`, candidates or not
    };
    Kind kind = Kind::Sample;
    std::size_t count = 100;              ///< of Sample and KMeans; of Cohort and Rows: draw so many at most, 0: all
    std::size_t row = 0;                  ///< of the table, from 0
    std::string where = {};               ///< of Cohort: see parseConditions(); of Rows: the name they go by, if any
    std::vector<std::size_t> rows = {};   ///< of the table

    BackgroundSpec() = default;
    BackgroundSpec(std::size_t sample) : count(sample) {}
    bool operator==(const BackgroundSpec&) const = default;
};

/// "all", "sample", "k-means", "row", "cohort", "rows".
std::string_view backgroundKindName(BackgroundSpec::Kind kind);

/// As the command line has it: all | N | kmeans:N | row:N | where:CONDITIONS | N where:CONDITIONS. Throws OptionInvalid (background,
/// condition).
BackgroundSpec parseBackground(std::string_view text);

/// The rows that a BackgroundSpec comes to.
struct ChosenBackground {
    std::vector<std::size_t> rows;     ///< of the table, ascending
    std::vector<double> weights;       ///< parallel, their sum 1; empty: all the same
    std::size_t of = 0;                ///< rows that they were chosen from, of a cohort those that meet its conditions
    BackgroundInfo info;
};

/// Throws OptionInvalid (background: no rows, a row that is not in the table, a cohort without rows; condition), ColumnUnknown, and what
/// encoding throws. Up to some hundred centres are found on so many rows, drawn, that it takes
/// about half a second; more on 20 rows a centre, which takes longer.
ChosenBackground chooseBackground(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                                  const BackgroundSpec& spec, std::uint64_t seed, Task& task);

} // namespace limpid
