#include "core/explain/EffectRows.h"

#include "core/data/Cells.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace limpid {

namespace {

constexpr std::size_t chunkCells = 8192;
constexpr std::size_t blockCells = 128;   // that stay in the first cache while column after column is put into them
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Calls `read(row)` for the rows that have a value.
template<class Read>
std::vector<double> valuesOf(const Column& column, std::span<const std::size_t> rows, const Read& read)
{
    std::vector<double> values;
    values.reserve(rows.size());
    for (const std::size_t row : rows)
        values.push_back(column.isMissing(row) ? missing : read(row));
    return values;
}

std::vector<double> numbersOf(const Column& column, std::span<const std::size_t> rows)
{
    if (column.type() == ColumnType::Number)
        return valuesOf(column, rows, [&](std::size_t row) { return column.numbers()[row]; });
    return valuesOf(column, rows, [&](std::size_t row) {
        const NumberCell cell = parseNumber(column.display(row));
        return cell.kind == NumberKind::Finite ? cell.value : missing;
    });
}

std::vector<double> datesOf(const Column& column, std::span<const std::size_t> rows)
{
    if (column.type() == ColumnType::DateTime)
        return valuesOf(column, rows, [&](std::size_t row) { return static_cast<double>(column.dateTimes()[row]); });
    return valuesOf(column, rows, [&](std::size_t row) {
        const auto ms = parseDateTime(column.display(row));
        return ms ? static_cast<double>(*ms) : missing;
    });
}

/// Sets values and levels.
void readLevels(const Column& column, std::span<const std::size_t> rows, EffectColumn& to)
{
    if (column.type() == ColumnType::Category || column.type() == ColumnType::Boolean) {
        to.values = valuesOf(column, rows, [&](std::size_t row) { return static_cast<double>(column.codes()[row]); });
        to.levels = column.dictionary();
    } else {
        std::unordered_map<std::string, std::size_t> known;
        to.values = valuesOf(column, rows, [&](std::size_t row) {
            const auto [place, isNew] = known.emplace(column.display(row), known.size());
            if (isNew)
                to.levels.push_back(place->first);
            return static_cast<double>(place->second);
        });
    }
    // Only what occurs, so that no level is asked about that no row has.
    std::vector<double> newIndex(to.levels.size(), missing);
    for (const double value : to.values) {
        if (!std::isnan(value))
            newIndex[static_cast<std::size_t>(value)] = 0.0;
    }
    std::vector<std::string> levels;
    for (std::size_t level = 0; level < newIndex.size(); ++level) {
        if (std::isnan(newIndex[level]))
            continue;
        newIndex[level] = static_cast<double>(levels.size());
        levels.push_back(std::move(to.levels[level]));
    }
    to.levels = std::move(levels);
    for (double& value : to.values) {
        if (!std::isnan(value))
            value = newIndex[static_cast<std::size_t>(value)];
    }
}

EffectColumn columnOf(const FeatureGroup& group, const Column& column, std::span<const std::size_t> rows)
{
    EffectColumn effect;
    effect.name = group.column;
    effect.type = group.type;
    switch (group.type) {
    case ColumnType::Number:
        effect.values = numbersOf(column, rows);
        break;
    case ColumnType::DateTime:
        effect.values = datesOf(column, rows);
        break;
    case ColumnType::Category:
    case ColumnType::Boolean:
        readLevels(column, rows, effect);
        break;
    case ColumnType::Text:
        effect.values.resize(rows.size());
        std::iota(effect.values.begin(), effect.values.end(), 0.0);
        break;
    }
    return effect;
}

/// The values as a column of a table again.
Column asColumn(const EffectColumn& column, const std::vector<double>& values, const Column& source, std::span<const std::size_t> rows)
{
    switch (column.type) {
    case ColumnType::Number:
        break;
    case ColumnType::DateTime: {
        std::vector<std::int64_t> moments;
        std::vector<bool> gaps;
        for (const double value : values) {
            gaps.push_back(std::isnan(value));
            moments.push_back(std::isnan(value) ? 0 : static_cast<std::int64_t>(std::llround(value)));
        }
        return Column::dateTimes(column.name, std::move(moments), std::move(gaps));
    }
    case ColumnType::Category:
    case ColumnType::Boolean: {
        std::vector<std::int32_t> codes;
        for (const double value : values)
            codes.push_back(std::isnan(value) ? -1 : static_cast<std::int32_t>(value));
        return Column::categories(column.name, std::move(codes), column.levels);
    }
    case ColumnType::Text: {
        std::vector<std::size_t> chosen;
        for (const double value : values)
            chosen.push_back(rows[static_cast<std::size_t>(value)]);
        return source.select(chosen);
    }
    }
    return Column::numbers(column.name, values);
}

/// One column's part of the first of these rows, values.size() of them.
EffectValues partOf(const Features& encoded, const FeatureGroup& group, std::size_t column, std::vector<double> values)
{
    EffectValues part;
    part.column = column;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto numbers = encoded.numbers.begin() + static_cast<std::ptrdiff_t>(i * encoded.numberWidth);
        const auto categories = encoded.categories.begin() + static_cast<std::ptrdiff_t>(i * encoded.categoryWidth);
        part.numbers.insert(part.numbers.end(), numbers + static_cast<std::ptrdiff_t>(group.numberBegin),
                            numbers + static_cast<std::ptrdiff_t>(group.numberEnd));
        part.categories.insert(part.categories.end(), categories + static_cast<std::ptrdiff_t>(group.categoryBegin),
                               categories + static_cast<std::ptrdiff_t>(group.categoryEnd));
    }
    part.values = std::move(values);
    return part;
}

/// Of each cell, `stride` apart from `to` on, the value that index names: `width` of `values`.
template<class Value>
void put(const std::vector<Value>& values, std::span<const std::uint32_t> index, std::size_t width, std::size_t stride, Value* to)
{
    if (width == 1) {
        for (const std::uint32_t value : index) {
            *to = values[value];
            to += stride;
        }
        return;
    }
    for (std::size_t i = 0; i < index.size() && width > 0; ++i)
        std::copy_n(values.data() + index[i] * width, width, to + i * stride);
}

} // namespace

std::vector<EffectValues> EffectRows::prepareAll(std::vector<std::vector<double>> values) const
{
    std::vector<EffectValues> all;
    for (std::size_t column = 0; column < values.size(); ++column)
        all.push_back(prepare(column, std::move(values[column])));
    return all;
}

PredictorRows::PredictorRows(const Predictor& predictor, const Table& table, std::vector<std::size_t> rows, OutputSpace space)
    : m_predictor(predictor), m_table(table), m_rows(std::move(rows)), m_space(space)
{
    if (m_rows.empty())
        throw Error(ErrorCode::TooFewRows, {{"rows", "0"}, {"needed", "1"}}, "effects need rows");
    Issues issues;
    m_features = m_predictor.pipeline().transform(m_table, m_rows, false, issues);
    throwFirstError(issues);
    for (const FeatureGroup& group : m_predictor.pipeline().groups())
        m_columns.push_back(columnOf(group, m_table.column(*m_table.find(group.column)), m_rows));
}

std::size_t PredictorRows::outputs() const
{
    return m_predictor.outputCount(m_space);
}

EffectValues PredictorRows::prepare(std::size_t column, std::vector<double> values) const
{
    // The pipeline encodes whole rows, so the other columns come along, each with the first row's value.
    const std::vector<std::size_t> filling(values.size(), m_rows.front());
    const std::vector<FeatureGroup>& groups = m_predictor.pipeline().groups();
    std::vector<Column> all;
    for (std::size_t other = 0; other < groups.size(); ++other) {
        const Column& source = m_table.column(*m_table.find(groups[other].column));
        all.push_back(other == column ? asColumn(m_columns[column], values, source, m_rows) : source.select(filling));
    }
    Issues issues;
    const Features encoded = m_predictor.pipeline().transform(Table(std::move(all)), false, issues);
    throwFirstError(issues);

    return partOf(encoded, groups[column], column, std::move(values));
}

std::vector<EffectValues> PredictorRows::prepareAll(std::vector<std::vector<double>> values) const
{
    // Side by side in one table, the shorter ones filled up.
    std::size_t longest = 0;
    for (const std::vector<double>& own : values)
        longest = std::max(longest, own.size());
    const std::vector<FeatureGroup>& groups = m_predictor.pipeline().groups();
    std::vector<Column> all;
    for (std::size_t column = 0; column < groups.size(); ++column) {
        std::vector<double> filled = values[column];
        filled.resize(longest, filled.front());
        all.push_back(asColumn(m_columns[column], filled, m_table.column(*m_table.find(groups[column].column)), m_rows));
    }
    Issues issues;
    const Features encoded = m_predictor.pipeline().transform(Table(std::move(all)), false, issues);
    throwFirstError(issues);
    std::vector<EffectValues> prepared;
    for (std::size_t column = 0; column < groups.size(); ++column)
        prepared.push_back(partOf(encoded, groups[column], column, std::move(values[column])));
    return prepared;
}

std::vector<double> PredictorRows::predict(std::span<const std::size_t> rows, std::span<const Replacement> replacements,
                                           Task& task) const
{
    const std::vector<FeatureGroup>& groups = m_predictor.pipeline().groups();
    const std::size_t numberWidth = m_features.numberWidth, categoryWidth = m_features.categoryWidth;
    std::vector<double> outputs;
    outputs.reserve(rows.size() * this->outputs());
    Features cells;
    cells.numberWidth = numberWidth;
    cells.categoryWidth = categoryWidth;
    cells.textWidth = m_features.textWidth;
    for (std::size_t begin = 0; begin < rows.size(); begin += chunkCells) {
        task.checkpoint();
        cells.rows = std::min(chunkCells, rows.size() - begin);
        cells.numbers.resize(cells.rows * numberWidth);
        cells.categories.resize(cells.rows * categoryWidth);
        for (std::size_t first = 0; first < cells.rows; first += blockCells) {
            const std::size_t end = std::min(cells.rows, first + blockCells);
            for (std::size_t i = first; i < end; ++i) {
                std::copy_n(m_features.numbers.data() + rows[begin + i] * numberWidth, numberWidth, cells.numbers.data() + i * numberWidth);
                std::copy_n(m_features.categories.data() + rows[begin + i] * categoryWidth, categoryWidth, cells.categories.data() + i * categoryWidth);
            }
            for (const Replacement& replacement : replacements) {
                const FeatureGroup& group = groups[replacement.values->column];
                const std::span<const std::uint32_t> index = replacement.index.subspan(begin + first, end - first);
                put(replacement.values->numbers, index, group.numberEnd - group.numberBegin, numberWidth,
                    cells.numbers.data() + first * numberWidth + group.numberBegin);
                put(replacement.values->categories, index, group.categoryEnd - group.categoryBegin, categoryWidth,
                    cells.categories.data() + first * categoryWidth + group.categoryBegin);
            }
        }
        const Predictions predictions = m_predictor.predict(cells, m_space, task);
        outputs.insert(outputs.end(), predictions.values.begin(), predictions.values.end());
    }
    return outputs;
}

void forEachSetting(const EffectRows& model, std::span<const EffectValues> columns, std::size_t settings,
                    const std::function<void(std::size_t, std::size_t, std::span<const double>)>& use,
                    const TaskShare& share, Task& task)
{
    const std::size_t rows = model.rows(), outputs = model.outputs(), total = rows * settings;
    std::vector<std::size_t> row;
    std::vector<std::uint32_t> setting;
    for (std::size_t begin = 0; begin < total; begin += chunkCells) {
        task.checkpoint();
        const std::size_t count = std::min(chunkCells, total - begin);
        row.resize(count);
        setting.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            row[i] = (begin + i) % rows;
            setting[i] = static_cast<std::uint32_t>((begin + i) / rows);
        }
        std::vector<Replacement> replacements;
        for (const EffectValues& values : columns)
            replacements.push_back({&values, setting});
        const std::vector<double> values = model.predict(row, replacements, task);
        for (std::size_t i = 0; i < count; ++i)
            use(setting[i], row[i], {values.data() + i * outputs, outputs});
        share.report(task, static_cast<double>(begin + count) / static_cast<double>(total));
    }
}

void checkEffectColumn(const EffectColumn& column)
{
    if (column.type == ColumnType::Text)
        throw Error(ErrorCode::OptionInvalid, {{"name", "columns"}, {"value", column.name}, {"expected", "number | category | boolean | date-time"}});
    if (std::all_of(column.values.begin(), column.values.end(), [](double value) { return std::isnan(value); }))
        throw Error(ErrorCode::ColumnAllMissing, {{"column", column.name}});
}

} // namespace limpid
