#include "core/explain/TextAttribution.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

nlohmann::json TextOutcome::toJson() const
{
    nlohmann::json list = nlohmann::json::array();
    std::uint64_t evaluations = 0;
    for (const auto& row : rows) {
        const std::size_t count = row->spans.size();
        nlohmann::json spans = nlohmann::json::array(), words = nlohmann::json::array();
        for (std::size_t i = 0; i < count; ++i) {
            spans.push_back({row->spans[i].begin, row->spans[i].end});
            words.push_back(row->spanText(i));
        }
        const auto byOutput = [&](const std::vector<double>& from) {
            nlohmann::json made = nlohmann::json::array();
            for (std::size_t output = 0; output < outputs.size(); ++output) {
                const auto begin = from.begin() + static_cast<std::ptrdiff_t>(output * count);
                made.push_back(std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(count)));
            }
            return made;
        };
        nlohmann::json entry{{"row", row->row}, {"text", row->text}, {"words", words}, {"spans", spans}, {"wordCount", row->words},
                             {"base", row->base}, {"output", row->predictions}, {"values", byOutput(row->values)},
                             {"error", byOutput(row->errors)}, {"evaluations", row->evaluations}};
        if (!row->determination.empty())
            entry["determination"] = row->determination;
        list.push_back(std::move(entry));
        evaluations = std::max(evaluations, row->evaluations);
    }
    return {{"method", method}, {"players", "words"}, {"column", column}, {"space", space}, {"outputs", outputs}, {"additive", additive},
            {"rows", list}, {"evaluations", evaluations}, {"seconds", seconds}};
}

std::vector<std::size_t> largestFirst(const TextAttribution& attribution, std::size_t output)
{
    std::vector<std::size_t> order(attribution.spans.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(attribution.value(output, a)) > std::abs(attribution.value(output, b));
    });
    return order;
}

} // namespace limpid
