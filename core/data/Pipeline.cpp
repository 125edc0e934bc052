#include "core/data/Pipeline.h"

#include "core/data/Cells.h"
#include "core/data/NormalQuantile.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <unordered_map>

namespace limpid {

namespace {

constexpr std::string_view taskNames[] = {"binary", "multi-class", "regression", "multi-label", "multi-regression"};
constexpr double clip = 10.0; // deviations
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

std::string lineOf(std::size_t row)
{
    return std::to_string(row + 2); // of the file, after its header; right where no cell spans lines
}

Issue mismatch(const std::string& column, std::size_t row, std::string value, ColumnType type)
{
    return {Severity::Error, column, ErrorCode::ColumnTypeMismatch,
            {{"column", column}, {"line", lineOf(row)}, {"value", std::move(value)},
             {"type", std::string(columnTypeName(type))}}};
}

/// The column's values as numbers; NaN where missing. False, with an issue, where one is not a number.
bool readNumbers(const Column& column, std::span<const std::size_t> rows, std::vector<double>& values, Issues& issues)
{
    values.resize(rows.size());
    if (column.type() == ColumnType::Number) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            values[i] = column.numbers()[rows[i]];
        return true;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        values[i] = nothing;
        if (column.isMissing(rows[i]))
            continue;
        const std::string text = column.display(rows[i]);
        const NumberCell cell = parseNumber(text);
        if (cell.kind == NumberKind::Finite) {
            values[i] = cell.value;
        } else if (cell.kind != NumberKind::NotFinite && !isMissingMark(text)) {
            issues.push_back(mismatch(column.name(), rows[i], text, ColumnType::Number));
            return false;
        }
    }
    return true;
}

/// The same for dates, in milliseconds.
bool readDateTimes(const Column& column, std::span<const std::size_t> rows, std::vector<double>& values,
                   Issues& issues)
{
    values.assign(rows.size(), nothing);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (column.isMissing(rows[i]))
            continue;
        if (column.type() == ColumnType::DateTime) {
            values[i] = static_cast<double>(column.dateTimes()[rows[i]]);
            continue;
        }
        const std::string text = column.display(rows[i]);
        const auto ms = parseDateTime(text);
        if (!ms) {
            issues.push_back(mismatch(column.name(), rows[i], text, ColumnType::DateTime));
            return false;
        }
        values[i] = static_cast<double>(*ms);
    }
    return true;
}

constexpr std::int32_t missingCode = -1;
constexpr std::int32_t unseenCode = -2;

/// Each row's index into `known`, missingCode or unseenCode; the unseen are an issue of that severity. Booleans are
/// known in any case.
std::vector<std::int32_t> readCodes(const Column& column, std::span<const std::size_t> rows,
                                    const std::vector<std::string>& known, ColumnType type, Severity severity,
                                    Issues& issues)
{
    std::unordered_map<std::string_view, std::int32_t> index;
    for (std::size_t k = 0; k < known.size(); ++k)
        index.emplace(known[k], static_cast<std::int32_t>(k));
    const auto find = [&](std::string_view value) {
        if (const auto found = index.find(value); found != index.end())
            return found->second;
        if (type == ColumnType::Boolean)
            for (std::size_t k = 0; k < known.size(); ++k)
                if (equalIgnoringCase(value, known[k]))
                    return static_cast<std::int32_t>(k);
        return unseenCode;
    };
    std::vector<std::int32_t> ofDictionary;
    for (const std::string& value : column.dictionary())
        ofDictionary.push_back(find(value));

    std::vector<std::int32_t> codes(rows.size());
    std::size_t unseen = 0;
    std::size_t firstUnseen = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t row = rows[i];
        if (column.isMissing(row))
            codes[i] = missingCode;
        else if (!ofDictionary.empty())
            codes[i] = ofDictionary[static_cast<std::size_t>(column.codes()[row])];
        else
            codes[i] = find(column.display(row));
        if (codes[i] == unseenCode && unseen++ == 0)
            firstUnseen = row;
    }
    if (unseen > 0)
        issues.push_back({severity, column.name(), ErrorCode::ColumnUnseenCategory,
                          {{"column", column.name()}, {"value", column.display(firstUnseen)},
                           {"count", std::to_string(unseen)}}});
    return codes;
}

/// Normal score of a value among the training quantiles. Between two of them it is interpolated; a value that several
/// of them share gets the middle of their ranks (as scikit-learn's QuantileTransformer does).
double normalScore(double value, const std::vector<double>& quantiles)
{
    const auto n = static_cast<double>(quantiles.size());
    if (quantiles.size() < 2)
        return 0.0;
    const auto lower = std::lower_bound(quantiles.begin(), quantiles.end(), value);
    const auto upper = std::upper_bound(lower, quantiles.end(), value);
    double rank = 0.0;
    if (lower != upper)
        rank = (static_cast<double>(lower - quantiles.begin()) + static_cast<double>(upper - quantiles.begin()) - 1) / 2;
    else if (lower == quantiles.begin())
        rank = 0.0;
    else if (lower == quantiles.end())
        rank = n - 1;
    else
        rank = static_cast<double>(lower - quantiles.begin()) - 1 + (value - lower[-1]) / (*lower - lower[-1]);
    // Ranks are kept half a step away from 0 and 1, whose scores are infinite.
    return normalQuantile((rank + 0.5) / n);
}

/// The phase of a moment in its cycle, in [0, 1).
double phase(double ms, const std::string& period)
{
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds(static_cast<std::int64_t>(ms))};
    const sys_days midnight = floor<days>(time);
    const double day = static_cast<double>((time - midnight).count()) / 86'400'000.0;
    if (period == "day")
        return day;
    if (period == "week")
        return (weekday(midnight).c_encoding() + day) / 7.0;
    const year_month_day date(midnight);
    const sys_days newYear = date.year() / January / 1;
    const sys_days next = (date.year() + years(1)) / January / 1;
    return (static_cast<double>((midnight - newYear).count()) + day) / static_cast<double>((next - newYear).count());
}

} // namespace

std::string_view taskKindName(TaskKind kind)
{
    return taskNames[static_cast<std::size_t>(kind)];
}

std::vector<std::string> PipelineSpec::targets() const
{
    std::vector<std::string> names{target};
    names.insert(names.end(), moreTargets.begin(), moreTargets.end());
    return names;
}

void PipelineSpec::setTargets(const std::vector<std::string>& names)
{
    target = names.empty() ? std::string() : names.front();
    moreTargets.assign(names.begin() + (names.empty() ? 0 : 1), names.end());
}

const std::vector<std::string>& Pipeline::classes() const
{
    static const std::vector<std::string> none;
    return m_targets.size() == 1 ? m_targets.front().classes : none;
}

std::size_t Pipeline::outputs() const
{
    return m_task == TaskKind::MultiClass ? classes().size() : m_targets.size();
}

std::vector<std::string> Pipeline::outputNames() const
{
    switch (m_task) {
    case TaskKind::Binary:
        return {classes()[1]};
    case TaskKind::MultiClass:
        return classes();
    case TaskKind::Regression:
    case TaskKind::MultiLabel:
    case TaskKind::MultiRegression:
        break;
    }
    return m_spec.targets();
}

std::size_t Pipeline::numberFeatures(const ColumnEncoder& encoder) const
{
    const std::size_t gap = encoder.gapFeature ? 1 : 0;
    switch (encoder.type) {
    case ColumnType::Number:
    case ColumnType::Boolean:
        return 1 + gap;
    case ColumnType::DateTime:
        return 1 + 2 * encoder.periods.size() + gap;
    case ColumnType::Category:
        return m_spec.categories == "one-hot" ? encoder.categories.size() + (encoder.missingIndex ? 1 : 0) : 0;
    case ColumnType::Text:
        break;
    }
    return 0;
}

void Pipeline::layOut()
{
    m_groups.clear();
    m_cardinalities.clear();
    m_numberWidth = 0;
    m_textWidth = 0;
    for (const ColumnEncoder& encoder : m_encoders) {
        FeatureGroup group;
        group.column = encoder.column;
        group.type = encoder.type;
        group.numberBegin = m_numberWidth;
        m_numberWidth += numberFeatures(encoder);
        group.numberEnd = m_numberWidth;
        if (encoder.type == ColumnType::Category && m_spec.categories == "embedding") {
            group.categoryBegin = m_cardinalities.size();
            group.categoryEnd = group.categoryBegin + 1;
            m_cardinalities.push_back(static_cast<int>(encoder.categories.size()) + (encoder.missingIndex ? 1 : 0) + 1);
        }
        m_groups.push_back(std::move(group));
    }
    for (std::size_t i = 0; i < m_encoders.size(); ++i)
        if (m_encoders[i].type == ColumnType::Text) { // behind all the categories
            m_groups[i].categoryBegin = m_cardinalities.size() + m_textWidth;
            m_textWidth += m_encoders[i].tokens;
            m_groups[i].categoryEnd = m_cardinalities.size() + m_textWidth;
        }
}

void Pipeline::encodeText(const FeatureGroup& group, const Column& column, std::span<const std::size_t> rows, Features& features) const
{
    const std::size_t length = group.categoryEnd - group.categoryBegin;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::span<std::int32_t> to(features.categories.data() + i * features.categoryWidth + group.categoryBegin, length);
        if (column.isMissing(rows[i]))
            std::fill(to.begin(), to.end(), Vocabulary::padding);
        else if (column.type() == ColumnType::Text)
            m_vocabulary.encode(column.text(rows[i]), to);
        else
            m_vocabulary.encode(column.display(rows[i]), to);
    }
}

void Pipeline::encode(std::size_t index, const Column& column, std::span<const std::size_t> rows, Features& features,
                      Issues& issues) const
{
    const ColumnEncoder& encoder = m_encoders[index];
    const FeatureGroup& group = m_groups[index];
    const auto at = [&](std::size_t row) { return features.numbers.data() + row * features.numberWidth + group.numberBegin; };

    if (encoder.type == ColumnType::Number) {
        std::vector<double> values;
        if (!readNumbers(column, rows, values, issues))
            return;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            float* out = at(i);
            const bool missing = std::isnan(values[i]);
            const double value = missing ? encoder.fill : values[i];
            if (m_spec.scaling == "quantile")
                out[0] = static_cast<float>(normalScore(value, encoder.quantiles));
            else if (m_spec.scaling == "standard")
                out[0] = static_cast<float>(std::clamp((value - encoder.mean) / encoder.scale, -clip, clip));
            else
                out[0] = static_cast<float>(value);
            if (encoder.gapFeature)
                out[1] = missing ? 1.0f : 0.0f;
        }
        return;
    }
    if (encoder.type == ColumnType::DateTime) {
        std::vector<double> values;
        if (!readDateTimes(column, rows, values, issues))
            return;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            float* out = at(i);
            const bool missing = std::isnan(values[i]);
            const double seconds = missing ? encoder.fill : values[i] / 1000.0;
            *out++ = static_cast<float>(std::clamp((seconds - encoder.mean) / encoder.scale, -clip, clip));
            for (const std::string& period : encoder.periods) {
                const double angle = 2.0 * std::numbers::pi * phase(missing ? 0.0 : values[i], period);
                *out++ = missing ? 0.0f : static_cast<float>(std::sin(angle));
                *out++ = missing ? 0.0f : static_cast<float>(std::cos(angle));
            }
            if (encoder.gapFeature)
                *out = missing ? 1.0f : 0.0f;
        }
        return;
    }

    if (encoder.type == ColumnType::Text)
        return encodeText(group, column, rows, features);

    const std::vector<std::int32_t> codes = readCodes(column, rows, encoder.categories, encoder.type, Severity::Warning, issues);
    const auto known = static_cast<std::int32_t>(encoder.categories.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::int32_t code = codes[i];
        if (encoder.type == ColumnType::Boolean) {
            float* out = at(i);
            out[0] = static_cast<float>(code < 0 ? encoder.fill : code);
            if (encoder.gapFeature)
                out[1] = code < 0 ? 1.0f : 0.0f;
        } else if (group.categoryEnd > group.categoryBegin) {
            const std::int32_t unseen = known + (encoder.missingIndex ? 1 : 0);
            features.categories[i * features.categoryWidth + group.categoryBegin]
                = code >= 0 ? code : code == missingCode && encoder.missingIndex ? known : unseen;
        } else if (code >= 0) {
            at(i)[code] = 1.0f;
        } else if (code == missingCode && encoder.missingIndex) {
            at(i)[known] = 1.0f;
        }
    }
}

bool Pipeline::checkCounts(const Column& column, std::span<const std::size_t> rows, std::span<const double> values,
                           Issues& issues)
{
    const auto bad = std::find_if(values.begin(), values.end(), [](double value) { return !(value >= 0.0) || std::isinf(value); });
    if (bad == values.end())
        return true;
    issues.push_back({Severity::Error, column.name(), ErrorCode::TargetNegative,
                      {{"column", column.name()}, {"line", lineOf(rows[static_cast<std::size_t>(bad - values.begin())])},
                       {"value", formatNumber(*bad)}}});
    return false;
}

void Pipeline::encodeTarget(std::size_t target, const Column& column, std::span<const std::size_t> rows, Features& features,
                            Issues& issues) const
{
    const TargetCoding& coding = m_targets[target];
    const auto missing = static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](std::size_t row) { return column.isMissing(row); }));
    if (missing > 0) {
        issues.push_back({Severity::Error, column.name(), ErrorCode::TargetMissing,
                          {{"column", column.name()}, {"count", std::to_string(missing)}}});
        return;
    }
    const auto at = [&](std::size_t row) -> float& { return features.targets[row * features.targetWidth + target]; };
    if (coding.classes.empty()) {
        std::vector<double> values;
        if (!readNumbers(column, rows, values, issues) || (logLink() && !checkCounts(column, rows, values, issues)))
            return;
        for (std::size_t i = 0; i < rows.size(); ++i)
            at(i) = static_cast<float>((values[i] - coding.mean) / coding.scale);
        return;
    }
    const std::vector<std::int32_t> codes = readCodes(column, rows, coding.classes, coding.type, Severity::Error, issues);
    for (std::size_t i = 0; i < rows.size(); ++i)
        at(i) = static_cast<float>(codes[i]);
}

Features Pipeline::transform(const Table& table, std::span<const std::size_t> rows, bool withTargets,
                             Issues& issues) const
{
    const std::size_t before = issues.size();
    std::vector<std::size_t> positions;
    const auto locate = [&](const std::string& name) -> const Column* {
        const auto found = table.find(name);
        if (!found) {
            issues.push_back({Severity::Error, name, ErrorCode::ColumnMissing, {{"column", name}, {"path", ""}}});
            return nullptr;
        }
        return &table.column(*found);
    };
    std::vector<const Column*> columns;
    for (const ColumnEncoder& encoder : m_encoders) {
        columns.push_back(locate(encoder.column));
        if (columns.back())
            positions.push_back(*table.find(encoder.column));
    }
    std::vector<const Column*> targets;
    if (withTargets)
        for (const TargetCoding& target : m_targets)
            targets.push_back(locate(target.column));
    for (const std::string& name : table.names())
        if (std::find(m_columns.begin(), m_columns.end(), name) == m_columns.end())
            issues.push_back({Severity::Warning, name, ErrorCode::ColumnExtra, {{"column", name}}});
    if (!std::is_sorted(positions.begin(), positions.end()))
        issues.push_back({Severity::Warning, "", ErrorCode::ColumnReordered, {}});

    const auto failed = [&] {
        return std::any_of(issues.begin() + static_cast<std::ptrdiff_t>(before), issues.end(),
                           [](const Issue& issue) { return issue.severity == Severity::Error; });
    };
    if (failed())
        return {};
    Features features;
    features.rows = rows.size();
    features.numberWidth = m_numberWidth;
    features.categoryWidth = m_cardinalities.size() + m_textWidth;
    features.textWidth = m_textWidth;
    features.numbers.resize(features.rows * features.numberWidth);
    features.categories.resize(features.rows * features.categoryWidth);
    for (std::size_t i = 0; i < columns.size(); ++i)
        encode(i, *columns[i], rows, features, issues);
    features.targetWidth = m_targets.size();
    features.targets.resize(features.rows * targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i)
        encodeTarget(i, *targets[i], rows, features, issues);
    if (failed())
        return {};
    return features;
}

Features Pipeline::transform(const Table& table, bool withTargets, Issues& issues) const
{
    std::vector<std::size_t> rows(table.rows());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return transform(table, rows, withTargets, issues);
}

std::map<std::string, ColumnType> Pipeline::columnTypes() const
{
    std::map<std::string, ColumnType> types;
    for (const ColumnEncoder& encoder : m_encoders)
        types.emplace(encoder.column, encoder.type);
    for (const TargetCoding& target : m_targets)
        types.emplace(target.column, target.type);
    return types;
}

} // namespace limpid
