#include "core/workbench/NamedCohorts.h"

#include "core/data/RowConditions.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace limpid {

using nlohmann::json;

nlohmann::json cohortsJson(const std::vector<NamedCohort>& cohorts)
{
    json document = json::array();
    for (const NamedCohort& cohort : cohorts) {
        if (cohort.where.empty())
            document.push_back({{"name", cohort.name}, {"rows", rowRangesText(cohort.rows)}, {"sha256", cohort.sha256}});
        else
            document.push_back({{"name", cohort.name}, {"where", cohort.where}});
    }
    return document;
}

std::vector<NamedCohort> cohortsFromJson(const nlohmann::json& document)
{
    std::vector<NamedCohort> cohorts;
    if (!document.is_array())
        return cohorts;
    for (const json& entry : document) {
        try {
            NamedCohort cohort{entry.at("name").get<std::string>(), entry.value("where", std::string())};
            if (cohort.where.empty()) {
                cohort.rows = rowsFromRanges(entry.at("rows").get<std::string>());
                cohort.sha256 = entry.at("sha256").get<std::string>();
            }
            if (!cohort.name.empty() && (!cohort.where.empty() || !cohort.rows.empty()))
                cohorts.push_back(std::move(cohort));
        } catch (const json::exception&) {
            // Of another version, or damaged: the others are of use all the same.
        }
    }
    return cohorts;
}

bool findRows(NamedCohort& cohort, const DataSet& data)
{
    if (cohort.where.empty())
        return cohort.sha256 == data.sha256 && (cohort.rows.empty() || cohort.rows.back() < data.table().rows());
    std::vector<std::size_t> all(data.table().rows());
    std::iota(all.begin(), all.end(), std::size_t{0});
    cohort.rows = matchingRows(data.table(), parseConditions(cohort.where), all);
    return true;
}

std::vector<std::size_t> explainedAmong(const Explanation& explanation, const std::vector<std::size_t>& rows)
{
    std::vector<std::size_t> among;
    for (std::size_t i = 0; i < explanation.rows.size(); ++i)
        if (std::binary_search(rows.begin(), rows.end(), explanation.rows[i]))
            among.push_back(i);
    return among;
}

std::string rowRangesText(const std::vector<std::size_t>& rows)
{
    std::string text;
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t last = i;
        while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1)
            ++last;
        text += (text.empty() ? "" : " ") + std::to_string(rows[i]);
        if (last > i)
            text += '-' + std::to_string(rows[last]);
        i = last + 1;
    }
    return text;
}

std::vector<std::size_t> rowsFromRanges(std::string_view text)
{
    constexpr std::size_t most = 100'000'000; // a text of a few bytes must not take the memory
    std::vector<std::size_t> rows;
    const char *at = text.data(), *const end = at + text.size();
    const auto number = [&](std::size_t& value) {
        const auto [next, failure] = std::from_chars(at, end, value);
        at = next;
        return failure == std::errc();
    };
    while (at != end) {
        std::size_t first = 0;
        if (!number(first))
            return {};
        std::size_t last = first;
        if (at != end && *at == '-' && (++at, !number(last)))
            return {};
        if (last < first || (!rows.empty() && first <= rows.back()) || last - first >= most - rows.size())
            return {};
        for (std::size_t row = first; row <= last; ++row)
            rows.push_back(row);
        if (at != end && (*at++ != ' ' || at == end))
            return {};
    }
    return rows;
}

} // namespace limpid
