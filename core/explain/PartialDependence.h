#pragma once

#include "core/explain/EffectGrid.h"

namespace limpid {

struct PartialDependenceSpec {
    GridSpec grid;
    bool curves = false;    ///< keep each row's curve (ICE; Goldstein et al. 2015)
    bool centred = false;   ///< every curve starts at 0 (c-ICE): the mean's too
};

/// How a model's outputs go along with one column, all else as it is in the rows (Friedman 2001, eq. 53).
struct PartialDependence {
    std::size_t column = 0;
    std::string name;
    ColumnType type = ColumnType::Number;
    std::vector<double> grid;          ///< in the user's units: see EffectColumn::values
    std::vector<std::string> levels;   ///< the grid's in words; empty for numbers and dates
    std::size_t rows = 0;
    std::size_t outputs = 0;
    std::vector<double> mean;          ///< [grid, outputs]: over the rows
    std::vector<double> errors;        ///< same: standard error of the mean, as the rows are a sample; NaN for one row
    std::vector<double> curves;        ///< [rows, grid, outputs], where asked for
    std::uint64_t modelRows = 0;

    double at(std::size_t point, std::size_t output) const { return mean[point * outputs + output]; }
    /// Largest less smallest mean: how far the column moves the output.
    double range(std::size_t output) const;
};

/// Rows of the model that lack the column's value are asked about like the others. Throws as effectGrid().
PartialDependence partialDependence(const EffectRows& model, std::size_t column, const PartialDependenceSpec& spec, Task& task,
                                    const TaskShare& share = {});

} // namespace limpid
