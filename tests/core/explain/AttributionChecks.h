#pragma once

#include "core/explain/Attribution.h"
#include "tests/core/engine/EngineFixtures.h"

#include <QTest>

#include <cmath>
#include <limits>

namespace limpid::test {

/// A pipeline of `width` plain numbers and three classes, and so three raw outputs.
inline Pipeline numbersPipeline(std::size_t width)
{
    Random random(1, "columns");
    std::vector<Column> columns;
    for (std::size_t k = 0; k < width; ++k) {
        std::vector<double> values(12);
        for (double& value : values)
            value = random.normal();
        columns.push_back(Column::numbers("x" + std::to_string(k), values));
    }
    columns.push_back(Column::categories("y", {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}, {"p", "q", "r"}));
    return plainPipeline(Table(std::move(columns)), "y");
}

inline double largestGap(const std::vector<double>& a, const std::vector<double>& b)
{
    if (a.size() != b.size())
        return std::numeric_limits<double>::infinity();
    double most = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        most = std::max(most, std::abs(a[i] - b[i]));
    return most;
}

/// Largest |base + Σ values − prediction|.
inline double additivity(const Attributions& result, std::size_t outputs)
{
    const std::size_t players = result.values.size() / result.predictions.size();
    double most = 0.0;
    for (std::size_t cell = 0; cell < result.predictions.size(); ++cell) {
        double sum = result.base[cell % outputs];
        for (std::size_t k = 0; k < players; ++k)
            sum += result.values[cell * players + k];
        most = std::max(most, std::abs(sum - result.predictions[cell]));
    }
    return most;
}

} // namespace limpid::test

#define VERIFY_AT_MOST(value, limit) QVERIFY2((value) <= (limit), qPrintable(QStringLiteral("%1 > %2").arg(value).arg(limit)))
