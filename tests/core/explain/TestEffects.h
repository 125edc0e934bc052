#pragma once

#include "core/explain/EffectRows.h"

#include <cmath>
#include <functional>
#include <limits>

namespace limpid::test {

/// A model given by a function of one row's values, in double, as the peers' are.
class FunctionRows : public EffectRows
{
public:
    using Function = std::function<std::vector<double>(const std::vector<double>& row)>;

    FunctionRows(std::vector<EffectColumn> columns, std::size_t outputs, Function function)
        : m_columns(std::move(columns)), m_outputs(outputs), m_function(std::move(function))
    {
    }

    std::size_t rows() const override { return m_columns.front().values.size(); }
    std::size_t outputs() const override { return m_outputs; }
    const std::vector<EffectColumn>& columns() const override { return m_columns; }
    EffectValues prepare(std::size_t column, std::vector<double> values) const override { return {column, std::move(values), {}, {}}; }
    std::vector<double> predict(std::span<const std::size_t> rows, std::span<const Replacement> replacements, Task& task) const override
    {
        std::vector<double> outputs, row(m_columns.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            task.checkpoint();
            for (std::size_t column = 0; column < m_columns.size(); ++column)
                row[column] = m_columns[column].values[rows[i]];
            for (const Replacement& replacement : replacements)
                row[replacement.values->column] = replacement.values->values[replacement.index[i]];
            const std::vector<double> values = m_function(row);
            outputs.insert(outputs.end(), values.begin(), values.end());
            ++calls;
        }
        return outputs;
    }

    mutable std::uint64_t calls = 0; ///< model rows asked for

private:
    std::vector<EffectColumn> m_columns;
    std::size_t m_outputs;
    Function m_function;
};

inline EffectColumn numberColumn(const std::string& name, std::vector<double> values)
{
    return {name, ColumnType::Number, std::move(values), {}};
}

inline EffectColumn categoryColumn(const std::string& name, std::vector<double> codes, std::vector<std::string> levels)
{
    return {name, ColumnType::Category, std::move(codes), std::move(levels)};
}

inline constexpr double gap = std::numeric_limits<double>::quiet_NaN();

} // namespace limpid::test
