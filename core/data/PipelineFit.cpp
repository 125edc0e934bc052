#include "core/data/Cells.h"
#include "core/data/Pipeline.h"
#include "core/data/Tokenizer.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace limpid {

/// Learns a Pipeline from the training rows of one table.
class PipelineFitter
{
public:
    PipelineFitter(const Table& table, const Split& split, const PipelineSpec& spec, Issues& issues)
        : m_table(table), m_rows(split.train), m_validation(split.validation), m_spec(spec), m_issues(issues)
    {
    }

    Pipeline fit();

private:
    using Encoder = Pipeline::ColumnEncoder;

    void checkSpec() const;
    void fitTargets(Pipeline& pipeline);
    TargetCoding fitTarget(const std::string& name);
    std::vector<std::string> classesOf(const Column& target) const;
    /// Throws where several targets do not go together.
    static TaskKind taskOf(const std::vector<TargetCoding>& targets);
    bool isIdentifier(const Column& column) const;
    /// False where the column is of no use; says why in the issues.
    bool fitColumn(Encoder& encoder, const Column& column);
    bool fitNumber(Encoder& encoder, const Column& column);
    bool fitDateTime(Encoder& encoder, const Column& column);
    bool fitCodes(Encoder& encoder, const Column& column);
    bool fitText(Encoder& encoder, const Column& column);
    bool dropConstant(const Encoder& encoder, const std::string& value);

    const Table& m_table;
    const std::vector<std::size_t>& m_rows;
    const std::vector<std::size_t>& m_validation;
    const PipelineSpec& m_spec;
    Issues& m_issues;
    WordCounts m_words;          ///< of the training rows' texts, as far as they are read
    std::size_t m_textWidth = 0; ///< of the text columns so far
};

namespace {

struct Moments {
    double mean = 0.0;
    double deviation = 0.0; ///< population
};

Moments moments(const std::vector<double>& values)
{
    Moments result;
    const auto n = static_cast<double>(values.size());
    for (const double value : values)
        result.mean += value / n;
    double squares = 0.0;
    for (const double value : values)
        squares += (value - result.mean) * (value - result.mean) / n;
    result.deviation = std::sqrt(squares);
    return result;
}

double median(const std::vector<double>& sorted)
{
    const std::size_t n = sorted.size();
    return n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
}

/// At most `count` evenly spaced training quantiles of sorted values, ends included.
std::vector<double> quantiles(const std::vector<double>& sorted, std::size_t count)
{
    count = std::min(count, sorted.size());
    std::vector<double> result(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double position
            = count == 1 ? 0.0 : static_cast<double>(i) * static_cast<double>(sorted.size() - 1) / static_cast<double>(count - 1);
        const auto below = static_cast<std::size_t>(position);
        const std::size_t above = std::min(below + 1, sorted.size() - 1);
        result[i] = sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
    }
    return result;
}

bool isInteger(double value)
{
    return value == std::trunc(value);
}

/// Whether a column's name says that it numbers the rows.
bool namesIdentifier(std::string_view name)
{
    static constexpr std::string_view whole[] = {"id", "index", "row", "rowid", "rownames", "unnamed: 0", "uuid", "guid"};
    for (const std::string_view candidate : whole)
        if (equalIgnoringCase(name, candidate))
            return true;
    return name.size() > 2
        && (name.ends_with("_id") || name.ends_with("_ID") || name.ends_with(" id") || name.ends_with(" ID")
            || name.ends_with("Id"));
}

/// The beginning of a text, enough to know it by.
std::string shortened(std::string_view text)
{
    constexpr std::size_t most = 60; // bytes
    if (text.size() <= most)
        return std::string(text);
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) // within a character
        --end;
    return std::string(text.substr(0, end)) + "…";
}

} // namespace

void PipelineFitter::checkSpec() const
{
    if (m_spec.categories != "embedding" && m_spec.categories != "one-hot")
        throw Error(ErrorCode::OptionInvalid,
                    {{"name", "categories"}, {"value", m_spec.categories}, {"expected", "embedding | one-hot"}});
    if (m_spec.scaling != "standard" && m_spec.scaling != "quantile" && m_spec.scaling != "none")
        throw Error(ErrorCode::OptionInvalid,
                    {{"name", "scaling"}, {"value", m_spec.scaling}, {"expected", "standard | quantile | none"}});
    if (m_spec.link != "identity" && m_spec.link != "log")
        throw Error(ErrorCode::OptionInvalid, {{"name", "link"}, {"value", m_spec.link}, {"expected", "identity | log"}});
    if (m_spec.text != "ignore" && m_spec.text != "tokens")
        throw Error(ErrorCode::OptionInvalid, {{"name", "text"}, {"value", m_spec.text}, {"expected", "ignore | tokens"}});
    const auto checkRange = [](const char* name, int value, int least, int most) {
        if (value < least || value > most)
            throw Error(ErrorCode::OptionInvalid,
                        {{"name", name}, {"value", std::to_string(value)},
                         {"expected", std::to_string(least) + " – " + std::to_string(most)}});
    };
    checkRange("vocabulary", m_spec.vocabulary, Vocabulary::firstWord + 1, Pipeline::maxVocabulary);
    checkRange("tokens", m_spec.tokens, 0, Pipeline::maxTokens);
    for (const std::string& name : m_spec.ignored)
        if (!m_table.find(name))
            throw Error(ErrorCode::ColumnUnknown,
                        {{"column", name}, {"nearest", nearestName(name, m_table.names())}, {"path", ""}});
}

Pipeline PipelineFitter::fit()
{
    checkSpec();
    Pipeline pipeline;
    pipeline.m_spec = m_spec;
    pipeline.m_columns = m_table.names();
    fitTargets(pipeline);
    const std::vector<std::string> targets = m_spec.targets();
    const auto holds = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (std::size_t i = 0; i < m_table.columnCount(); ++i) {
        const Column& column = m_table.column(i);
        if (holds(targets, column.name()) || holds(m_spec.ignored, column.name()))
            continue;
        Encoder encoder;
        encoder.column = column.name();
        encoder.type = column.type();
        if (fitColumn(encoder, column))
            pipeline.m_encoders.push_back(std::move(encoder));
    }
    if (pipeline.m_encoders.empty())
        throw Error(ErrorCode::NoInputs);
    pipeline.layOut();
    if (pipeline.textWidth() > 0)
        pipeline.m_vocabulary = Vocabulary(m_words.mostFrequent(static_cast<std::size_t>(m_spec.vocabulary - Vocabulary::firstWord)));
    return pipeline;
}

void PipelineFitter::fitTargets(Pipeline& pipeline)
{
    const std::vector<std::string> names = m_spec.targets();
    pipeline.m_targets.clear();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) != names.begin() + static_cast<std::ptrdiff_t>(i))
            throw Error(ErrorCode::TargetRepeated, {{"column", names[i]}});
        pipeline.m_targets.push_back(fitTarget(names[i]));
    }
    pipeline.m_task = taskOf(pipeline.m_targets);
    if (pipeline.m_task != TaskKind::Regression && pipeline.m_task != TaskKind::MultiRegression)
        pipeline.m_spec.link = PipelineSpec().link; // there is no number to tell
}

TaskKind PipelineFitter::taskOf(const std::vector<TargetCoding>& targets)
{
    const auto isNumber = [](const TargetCoding& target) { return target.classes.empty(); };
    if (targets.size() == 1)
        return isNumber(targets.front())                 ? TaskKind::Regression
               : targets.front().classes.size() == 2 ? TaskKind::Binary
                                                     : TaskKind::MultiClass;
    for (const TargetCoding& target : targets)
        if (target.classes.size() > 2)
            throw Error(ErrorCode::TargetManyClasses,
                        {{"column", target.column}, {"count", std::to_string(target.classes.size())}});
    const auto number = std::find_if(targets.begin(), targets.end(), isNumber);
    const auto label = std::find_if_not(targets.begin(), targets.end(), isNumber);
    if (number != targets.end() && label != targets.end())
        throw Error(ErrorCode::TargetsMixed, {{"column", number->column}, {"other", label->column}});
    return label == targets.end() ? TaskKind::MultiRegression : TaskKind::MultiLabel;
}

TargetCoding PipelineFitter::fitTarget(const std::string& name)
{
    const auto index = m_table.find(name);
    if (!index)
        throw Error(ErrorCode::TargetUnknown, {{"column", name}, {"nearest", nearestName(name, m_table.names())}});
    const Column& target = m_table.column(*index);
    if (m_rows.empty())
        throw Error(ErrorCode::TooFewRows, {{"rows", "0"}, {"needed", "2"}});
    const auto missing = static_cast<std::size_t>(
        std::count_if(m_rows.begin(), m_rows.end(), [&](std::size_t row) { return target.isMissing(row); }));
    if (missing > 0)
        throw Error(ErrorCode::TargetMissing, {{"column", name}, {"count", std::to_string(missing)}});
    TargetCoding coding{name, target.type(), {}};
    if (target.type() == ColumnType::Text || target.type() == ColumnType::DateTime)
        throw Error(ErrorCode::TargetUnsupported,
                    {{"column", name}, {"type", std::string(columnTypeName(target.type()))}});
    if (target.type() != ColumnType::Number) {
        coding.classes = classesOf(target);
        return coding;
    }

    std::set<double> distinct;
    std::vector<double> values;
    values.reserve(m_rows.size());
    for (const std::size_t row : m_rows) {
        values.push_back(target.numbers()[row]);
        if (distinct.size() < 3)
            distinct.insert(values.back());
    }
    if (distinct.size() == 1)
        throw Error(ErrorCode::TargetOneClass, {{"column", name}, {"value", formatNumber(*distinct.begin())}});
    if (m_spec.link == "log") {
        std::vector<double> unseen;
        for (const std::size_t row : m_validation)
            unseen.push_back(target.numbers()[row]);
        if (Pipeline::checkCounts(target, m_rows, values, m_issues))
            Pipeline::checkCounts(target, m_validation, unseen, m_issues);
        // The likeliest coefficients stay the same but for the intercept, and the outputs begin near where they belong.
        if (const double mean = moments(values).mean; mean > 0.0 && std::isfinite(mean))
            coding.scale = mean;
        return coding;
    }
    if (distinct.size() == 2 && std::all_of(distinct.begin(), distinct.end(), isInteger)) {
        coding.classes = classesOf(target);
        return coding;
    }
    const Moments of = moments(values);
    coding.mean = of.mean;
    coding.scale = of.deviation > 0.0 && std::isfinite(of.deviation) ? of.deviation : 1.0;
    return coding;
}

std::vector<std::string> PipelineFitter::classesOf(const Column& target) const
{
    std::vector<std::string> classes;
    if (target.type() == ColumnType::Number) {
        std::set<double> values;
        for (const std::size_t row : m_rows)
            values.insert(target.numbers()[row]);
        for (const double value : values)
            classes.push_back(formatNumber(value));
    } else {
        std::vector<bool> seen(target.dictionary().size());
        for (const std::size_t row : m_rows)
            seen[static_cast<std::size_t>(target.codes()[row])] = true;
        for (std::size_t code = 0; code < seen.size(); ++code)
            if (seen[code])
                classes.push_back(target.dictionary()[code]);
        const bool numeric = std::all_of(classes.begin(), classes.end(), [](const std::string& label) {
            return parseNumber(label).kind == NumberKind::Finite;
        });
        if (target.type() == ColumnType::Category)
            std::sort(classes.begin(), classes.end(), [&](const std::string& a, const std::string& b) {
                const double x = numeric ? parseNumber(a).value : 0.0;
                const double y = numeric ? parseNumber(b).value : 0.0;
                return x != y ? x < y : a < b;
            });
    }
    if (classes.size() < 2)
        throw Error(ErrorCode::TargetOneClass, {{"column", target.name()}, {"value", classes.front()}});
    return classes;
}

bool PipelineFitter::fitColumn(Encoder& encoder, const Column& column)
{
    const auto missing = static_cast<std::size_t>(
        std::count_if(m_rows.begin(), m_rows.end(), [&](std::size_t row) { return column.isMissing(row); }));
    if (missing == m_rows.size()) {
        m_issues.push_back({Severity::Error, column.name(), ErrorCode::ColumnAllMissing, {{"column", column.name()}}});
        return false;
    }
    const bool tokens = column.type() == ColumnType::Text && m_spec.text == "tokens";
    encoder.gapFeature = missing > 0 && !tokens; // of a text: no words at all
    encoder.missingIndex = missing > 0 && column.type() == ColumnType::Category;
    if ((column.type() == ColumnType::Text && !tokens) || isIdentifier(column)) {
        const std::string reason = column.type() == ColumnType::Text && !tokens ? "text" : "identifier";
        m_issues.push_back({Severity::Note, column.name(), ErrorCode::ColumnIgnored,
                            {{"column", column.name()}, {"reason", reason}}});
        return false;
    }
    switch (column.type()) {
    case ColumnType::Number:
        return fitNumber(encoder, column);
    case ColumnType::DateTime:
        return fitDateTime(encoder, column);
    case ColumnType::Text:
        return fitText(encoder, column);
    default:
        return fitCodes(encoder, column);
    }
}

/// A category that never repeats, or whole numbers or texts that never repeat under a name such as "id".
bool PipelineFitter::isIdentifier(const Column& column) const
{
    constexpr std::size_t enoughRows = 10; // below that, values may well be distinct by chance
    if (m_rows.size() < enoughRows)
        return false;
    if (column.type() == ColumnType::Category) {
        std::vector<bool> seen(column.dictionary().size());
        for (const std::size_t row : m_rows) {
            const std::int32_t code = column.codes()[row];
            if (code < 0)
                continue;
            if (seen[static_cast<std::size_t>(code)])
                return false;
            seen[static_cast<std::size_t>(code)] = true;
        }
        return true;
    }
    if (!namesIdentifier(column.name()))
        return false;
    if (column.type() == ColumnType::Text) {
        std::set<std::string_view> seen;
        return std::all_of(m_rows.begin(), m_rows.end(),
                           [&](std::size_t row) { return column.isMissing(row) || seen.insert(column.text(row)).second; });
    }
    if (column.type() != ColumnType::Number)
        return false;
    std::set<double> seen;
    for (const std::size_t row : m_rows) {
        const double value = column.numbers()[row];
        if (!column.isMissing(row) && (!isInteger(value) || !seen.insert(value).second))
            return false;
    }
    return true;
}

bool PipelineFitter::dropConstant(const Encoder& encoder, const std::string& value)
{
    m_issues.push_back({Severity::Warning, encoder.column, ErrorCode::ColumnConstant,
                        {{"column", encoder.column}, {"value", value}}});
    return encoder.gapFeature; // what is missing may still tell something
}

bool PipelineFitter::fitNumber(Encoder& encoder, const Column& column)
{
    std::vector<double> values;
    values.reserve(m_rows.size());
    for (const std::size_t row : m_rows)
        if (!column.isMissing(row))
            values.push_back(column.numbers()[row]);
    std::sort(values.begin(), values.end());
    encoder.fill = median(values);
    if (m_spec.scaling == "standard") {
        const Moments of = moments(values);
        encoder.mean = of.mean;
        encoder.scale = of.deviation > 0.0 && std::isfinite(of.deviation) ? of.deviation : 1.0;
    } else if (m_spec.scaling == "quantile") {
        encoder.quantiles = quantiles(values, 1001);
    }
    return values.front() != values.back() || m_spec.keepConstants || dropConstant(encoder, formatNumber(values.front()));
}

bool PipelineFitter::fitDateTime(Encoder& encoder, const Column& column)
{
    constexpr std::int64_t day = 86'400'000;
    std::vector<double> seconds;
    seconds.reserve(m_rows.size());
    std::set<std::int64_t> timesOfDay;
    std::set<std::int64_t> daysOfWeek;
    for (const std::size_t row : m_rows) {
        if (column.isMissing(row))
            continue;
        const std::int64_t ms = column.dateTimes()[row];
        const std::int64_t days = (ms >= 0 ? ms : ms - day + 1) / day;
        seconds.push_back(static_cast<double>(ms) / 1000.0);
        if (timesOfDay.size() < 2)
            timesOfDay.insert(ms - days * day);
        if (daysOfWeek.size() < 2)
            daysOfWeek.insert((days % 7 + 7) % 7);
    }
    std::sort(seconds.begin(), seconds.end());
    encoder.fill = median(seconds);
    const Moments of = moments(seconds);
    encoder.mean = of.mean;
    encoder.scale = of.deviation > 0.0 ? of.deviation : 1.0;
    // Over less than most of a year its phase says nothing that the time itself does not.
    const double span = seconds.back() - seconds.front();
    if (span >= 300 * 86400.0)
        encoder.periods.push_back("year");
    if (daysOfWeek.size() > 1 && span >= 7 * 86400.0)
        encoder.periods.push_back("week");
    if (timesOfDay.size() > 1)
        encoder.periods.push_back("day");
    return seconds.front() != seconds.back()
        || dropConstant(encoder, formatDateTime(static_cast<std::int64_t>(std::llround(seconds.front() * 1000))));
}

bool PipelineFitter::fitCodes(Encoder& encoder, const Column& column)
{
    std::vector<std::size_t> counts(column.dictionary().size());
    for (const std::size_t row : m_rows)
        if (const std::int32_t code = column.codes()[row]; code >= 0)
            ++counts[static_cast<std::size_t>(code)];
    std::vector<std::string> seen;
    for (std::size_t code = 0; code < counts.size(); ++code)
        if (counts[code] > 0)
            seen.push_back(column.dictionary()[code]);
    if (column.type() == ColumnType::Boolean) {
        encoder.categories = column.dictionary();
        const double known = static_cast<double>(counts[0] + (counts.size() > 1 ? counts[1] : 0));
        encoder.fill = counts.size() > 1 ? static_cast<double>(counts[1]) / known : 0.0;
    } else {
        encoder.categories = seen;
    }
    return seen.size() > 1 || dropConstant(encoder, seen.front());
}

bool PipelineFitter::fitText(Encoder& encoder, const Column& column)
{
    std::vector<std::string_view> texts;
    for (const std::size_t row : m_rows)
        if (!column.isMissing(row))
            texts.push_back(column.text(row));
    std::vector<std::size_t> lengths;
    for (const std::string_view text : texts) {
        std::size_t length = 0;
        for (Tokenizer tokenizer(text); tokenizer.next();)
            ++length;
        lengths.push_back(length);
    }
    std::sort(lengths.begin(), lengths.end());
    if (lengths.back() == 0) {
        m_issues.push_back({Severity::Warning, column.name(), ErrorCode::ColumnIgnored,
                            {{"column", column.name()}, {"reason", "no-words"}}});
        return false;
    }
    const bool same = texts.size() == m_rows.size() && std::equal(texts.begin() + 1, texts.end(), texts.begin());
    if (same)
        return dropConstant(encoder, shortened(texts.front()));

    // The smallest length that at least 19 of 20 texts don't exceed.
    const std::size_t most = lengths[(lengths.size() * 19 + 19) / 20 - 1];
    encoder.tokens = m_spec.tokens > 0 ? static_cast<std::size_t>(m_spec.tokens) : std::clamp<std::size_t>(most, 8, 256);
    m_textWidth += encoder.tokens;
    if (m_textWidth > Pipeline::maxTextWidth)
        throw Error(ErrorCode::OptionInvalid, {{"name", "tokens"}, {"value", std::to_string(m_textWidth)},
                                               {"expected", "<= " + std::to_string(Pipeline::maxTextWidth)}});
    for (const std::string_view text : texts) {
        Tokenizer tokenizer(text);
        for (std::size_t i = 0; i < encoder.tokens && tokenizer.next(); ++i)
            m_words.add(tokenizer.word());
    }
    return true;
}

Pipeline Pipeline::fit(const Table& table, const Split& split, const PipelineSpec& spec, Issues& issues)
{
    return PipelineFitter(table, split, spec, issues).fit();
}

} // namespace limpid
