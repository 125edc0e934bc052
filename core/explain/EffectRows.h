#pragma once

#include "core/model/Predictor.h"

#include <functional>

namespace limpid {

/// A column of the rows that an effect is taken over, in the user's own units.
struct EffectColumn {
    std::string name;
    ColumnType type = ColumnType::Number;
    /// [rows]; NaN: missing. Number: itself; date-time: milliseconds since 1970; category and boolean: index into `levels`;
    /// text: the row's own index, for texts are moved between rows and never made up.
    std::vector<double> values;
    std::vector<std::string> levels;   ///< those that occur in the rows, as spelled in the table, in its dictionary's order
};

/// Values of one column, ready to be put into rows.
struct EffectValues {
    std::size_t column = 0;
    std::vector<double> values;               ///< as EffectColumn::values
    std::vector<float> numbers;               ///< [values, the column's encoded numbers]
    std::vector<std::int32_t> categories;     ///< [values, the column's encoded categories]
};

/// In cell i, the column takes values->values[index[i]].
struct Replacement {
    const EffectValues* values = nullptr;
    std::span<const std::uint32_t> index;
};

/// What effects of columns are taken from: rows, and the model's outputs for them with some columns changed. Tests give a
/// plain function, PredictorRows a model.
class EffectRows
{
public:
    virtual ~EffectRows() = default;
    /// At least one.
    virtual std::size_t rows() const = 0;
    virtual std::size_t outputs() const = 0;
    virtual const std::vector<EffectColumn>& columns() const = 0;
    virtual EffectValues prepare(std::size_t column, std::vector<double> values) const = 0;
    /// prepare() of every column, each with values of its own, at least one; they need not be as many.
    virtual std::vector<EffectValues> prepareAll(std::vector<std::vector<double>> values) const;
    /// Cell i is row rows[i] with the replacements: [cells, outputs].
    virtual std::vector<double> predict(std::span<const std::size_t> rows, std::span<const Replacement> replacements,
                                        Task& task) const = 0;
};

/// Some rows of a table under a model. Levels and grid values are encoded by the model's own pipeline.
class PredictorRows final : public EffectRows
{
public:
    /// Keeps a reference to the predictor. Throws TooFewRows, and what Pipeline::transform finds wrong.
    PredictorRows(const Predictor& predictor, const Table& table, std::vector<std::size_t> rows, OutputSpace space);

    std::size_t rows() const override { return m_rows.size(); }
    std::size_t outputs() const override;
    const std::vector<EffectColumn>& columns() const override { return m_columns; }
    EffectValues prepare(std::size_t column, std::vector<double> values) const override;
    /// Encodes them side by side, not column by column.
    std::vector<EffectValues> prepareAll(std::vector<std::vector<double>> values) const override;
    std::vector<double> predict(std::span<const std::size_t> rows, std::span<const Replacement> replacements,
                                Task& task) const override;

private:
    const Predictor& m_predictor;
    Table m_table;
    std::vector<std::size_t> m_rows;
    OutputSpace m_space;
    Features m_features;
    std::vector<EffectColumn> m_columns;
};

/// Which part of a task's work a call does, for its reports.
struct TaskShare {
    double from = 0.0, to = 1.0;
    void report(Task& task, double fraction) const { task.report(from + (to - from) * fraction, "explain"); }
};

/// All rows at each of so many settings; at setting s, every column of `columns` takes its value s. `use` is told of each
/// cell's outputs, setting by setting and row by row. A bounded number of cells at a time.
void forEachSetting(const EffectRows& model, std::span<const EffectValues> columns, std::size_t settings,
                    const std::function<void(std::size_t setting, std::size_t row, std::span<const double> outputs)>& use,
                    const TaskShare& share, Task& task);

/// The column has values that lie on a scale or are few: throws OptionInvalid for a text, ColumnAllMissing without a value.
void checkEffectColumn(const EffectColumn& column);

} // namespace limpid
