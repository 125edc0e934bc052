#include "core/workbench/BackgroundSpec.h"

#include "core/data/Cells.h"
#include "core/data/RowConditions.h"
#include "core/explain/KMeansRows.h"
#include "core/workbench/RowChunks.h"

#include <algorithm>
#include <charconv>

namespace limpid {

namespace {

using Kind = BackgroundSpec::Kind;

[[noreturn]] void throwInvalid(const std::string& value, const std::string& expected)
{
    throw Error(ErrorCode::OptionInvalid, {{"name", "background"}, {"value", value}, {"expected", expected}});
}

std::optional<std::size_t> wholeNumber(std::string_view text)
{
    text = trimmed(text);
    std::size_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// The candidates that centres are looked for among: all, or so many that a round takes a bounded time.
std::vector<std::size_t> clusteredRows(const Pipeline& pipeline, std::vector<std::size_t> candidates, std::size_t centres, std::uint64_t seed)
{
    constexpr std::size_t valuesOfRound = 20'000'000;
    const std::size_t width = pipeline.numberWidth() + pipeline.cardinalities().size();
    const std::size_t most = std::max(20 * centres, valuesOfRound / std::max<std::size_t>(1, width * centres));
    return candidates.size() > most ? drawBackground(std::move(candidates), most, seed) : candidates;
}

} // namespace

std::string_view backgroundKindName(Kind kind)
{
    switch (kind) {
    case Kind::All: return "all";
    case Kind::Sample: return "sample";
    case Kind::KMeans: return "k-means";
    case Kind::Row: return "row";
    case Kind::Cohort: return "cohort";
    case Kind::Rows: return "rows";
    }
    return "";
}

BackgroundSpec parseBackground(std::string_view text)
{
    BackgroundSpec spec;
    const std::string_view trim = trimmed(text);
    const std::size_t colon = trim.find(':');
    const std::string_view head = trim.substr(0, colon), tail = colon == std::string_view::npos ? std::string_view() : trim.substr(colon + 1);
    const std::optional<std::size_t> number = wholeNumber(tail);
    const auto invalid = [&] { throwInvalid(std::string(text), "all | N | kmeans:N | row:N | where:CONDITIONS | N where:CONDITIONS"); };
    if (trim == "all") {
        spec.kind = Kind::All;
    } else if (head == "kmeans" && number && *number > 0) {
        spec.kind = Kind::KMeans;
        spec.count = *number;
    } else if (head == "row" && number) {
        spec.kind = Kind::Row;
        spec.row = *number;
    } else if (colon != std::string_view::npos && head.ends_with("where")) {
        const std::string_view most = trimmed(head.substr(0, head.size() - 5));
        const std::optional<std::size_t> count = wholeNumber(most);
        if (!most.empty() && (!count || *count == 0))
            invalid();
        spec.kind = Kind::Cohort;
        spec.count = count.value_or(0);
        spec.where = std::string(trimmed(tail));
        parseConditions(spec.where);
    } else if (const std::optional<std::size_t> count = wholeNumber(trim); count && *count > 0) {
        spec.count = *count;
    } else {
        invalid();
    }
    return spec;
}

ChosenBackground chooseBackground(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                                  const BackgroundSpec& spec, std::uint64_t seed, Task& task)
{
    std::vector<std::size_t> all(candidates.begin(), candidates.end());
    ChosenBackground chosen;
    chosen.info.kind = std::string(backgroundKindName(spec.kind));
    chosen.of = all.size();
    switch (spec.kind) {
    case Kind::All:
        chosen.rows = drawBackground(std::move(all), chosen.of, seed);
        break;
    case Kind::Sample:
        chosen.rows = drawBackground(std::move(all), spec.count, seed);
        break;
    case Kind::KMeans: {
        if (spec.count == 0 || all.empty())
            throwInvalid("kmeans:" + std::to_string(spec.count), "at least one centre, and rows to find it among");
        const std::vector<std::size_t> rows = clusteredRows(predictor.pipeline(), std::move(all), spec.count, seed);
        Issues issues;
        const Features features = predictor.pipeline().transform(table, rows, false, issues);
        throwFirstError(issues);
        RepresentativeRows found = kMeansRows(predictor.pipeline().groups(), features, spec.count, seed, task);
        for (const std::size_t row : found.rows)
            chosen.rows.push_back(rows[row]);
        chosen.weights = std::move(found.weights);
        break;
    }
    case Kind::Row:
        if (spec.row >= table.rows())
            throwInvalid("row:" + std::to_string(spec.row), "row:0 … row:" + std::to_string(table.rows() - 1));
        chosen.rows = {spec.row};
        chosen.info.row = spec.row;
        break;
    case Kind::Cohort: {
        const std::vector<RowCondition> conditions = parseConditions(spec.where);
        chosen.info.where = conditionsText(conditions);
        const std::vector<std::size_t> cohort = matchingRows(table, conditions, all);
        if (cohort.empty())
            throwInvalid(chosen.info.where, "conditions that some of the " + std::to_string(chosen.of) + " rows to compare with meet");
        chosen.of = cohort.size();
        chosen.rows = drawBackground(cohort, spec.count > 0 ? spec.count : cohort.size(), seed);
        break;
    }
    case Kind::Rows: {
        std::vector<std::size_t> rows = spec.rows;
        std::sort(rows.begin(), rows.end());
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        if (rows.empty() || rows.back() >= table.rows())
            throwInvalid(rows.empty() ? "" : std::to_string(rows.back()), "rows of the table, at least one");
        chosen.info.where = spec.where;
        chosen.of = rows.size();
        chosen.rows = drawBackground(std::move(rows), spec.count > 0 ? spec.count : chosen.of, seed);
        break;
    }
    }
    return chosen;
}

} // namespace limpid
