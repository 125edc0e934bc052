#pragma once

#include "core/base/Task.h"
#include "core/data/Table.h"

namespace limpid {

struct HistogramBin {
    double from = 0.0, to = 0.0; ///< [from, to), the last bin closed
    std::size_t count = 0;
    bool operator==(const HistogramBin&) const = default;
};

struct ValueCount {
    std::string value;
    std::size_t count = 0;
    bool operator==(const ValueCount&) const = default;
};

/// What one column is like. For dates min, max, quartiles and bins are milliseconds since 1970.
struct ColumnProfile {
    std::string name;
    ColumnType type = ColumnType::Number;
    std::size_t rows = 0;
    std::size_t missing = 0;
    std::size_t distinct = 0;               ///< exact
    double min = 0, max = 0, mean = 0, deviation = 0; ///< numbers and dates; sample standard deviation (n − 1)
    double quartile1 = 0, median = 0, quartile3 = 0;  ///< linear interpolation (numpy's default)
    std::vector<HistogramBin> histogram;    ///< numbers and dates: up to 30 equal bins
    std::vector<ValueCount> top;            ///< categories and booleans: the 20 most frequent, ties by first appearance
};

ColumnProfile profileColumn(const Column& column);
std::vector<ColumnProfile> profile(const Table& table, Task& task);

} // namespace limpid
