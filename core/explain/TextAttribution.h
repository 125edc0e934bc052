#pragma once

#include "core/explain/TextGame.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>

namespace limpid {

/// What the words of one row's text do to its prediction. Arrays row-major.
struct TextAttribution {
    std::size_t row = 0;                 ///< in the explained file, from 0
    std::string text;                    ///< UTF-8
    std::vector<TextSpan> spans;         ///< one a player: words, or runs of them (TextGame::maxPlayers)
    std::size_t words = 0;               ///< more than spans: neighbours are taken together
    std::vector<double> base;            ///< [outputs]: the prediction without any word; of lime the surrogate's intercept
    std::vector<double> predictions;     ///< [outputs]
    std::vector<double> values;          ///< [outputs, spans]
    std::vector<double> errors;          ///< same: standard errors; 0 where nothing was drawn or none is known
    std::vector<double> determination;   ///< [outputs]: of lime, the surrogate's weighted R²; else empty
    std::uint64_t evaluations = 0;       ///< predictions spent

    double value(std::size_t output, std::size_t span) const { return values[output * spans.size() + span]; }
    double error(std::size_t output, std::size_t span) const { return errors[output * spans.size() + span]; }
    std::string spanText(std::size_t span) const { return text.substr(spans[span].begin, spans[span].end - spans[span].begin); }
};

struct TextOutcome {
    std::string method, column;
    TaskKind task = TaskKind::Regression;
    std::string space;                   ///< raw | probability
    std::vector<std::string> outputs;    ///< names
    bool additive = true;                ///< base + Σ values = prediction
    std::vector<std::shared_ptr<const TextAttribution>> rows;
    double seconds = 0.0;

    /// The document of `limpid explain --players words --json`. Spans are in bytes of the UTF-8 text.
    nlohmann::json toJson() const;
};

/// The spans in the order of their size, the largest |value| first; ties by place.
std::vector<std::size_t> largestFirst(const TextAttribution& attribution, std::size_t output);

} // namespace limpid
