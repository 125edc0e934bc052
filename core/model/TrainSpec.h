#pragma once

#include "core/model/ParamSpec.h"

namespace limpid {

/// Everything one sets about a training run; the table of its parameters is trainParams().
struct TrainSpec {
    int epochs = 60;
    int batchSize = 0;             ///< 0: by the number of rows (automaticBatchSize)
    std::string optimizer = "AdamW";
    double learningRate = 0.01;
    double weightDecay = 0.01;
    double momentum = 0.9;         ///< SGD only
    std::string schedule = "one-cycle"; ///< constant | cosine | one-cycle
    int patience = 15;             ///< epochs without a better validation loss; 0: no early stop
    std::uint64_t seed = 1;
    int threads = 1;               ///< of the arithmetic; part of what makes two runs the same

    bool operator==(const TrainSpec&) const = default;
};

const std::vector<ParamSpec>& trainParams();
nlohmann::json toJson(const TrainSpec& spec);
/// Missing keys keep their defaults. Throws OptionUnknown, OptionInvalid.
TrainSpec trainSpecFromJson(const nlohmann::json& json);
/// min(1024, max(8, the power of two nearest to rows / 50)).
int automaticBatchSize(std::size_t rows);

} // namespace limpid
