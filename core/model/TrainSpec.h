#pragma once

#include "core/model/ParamSpec.h"

namespace limpid {

/// Everything one sets about a training run; the table of its parameters is trainParams(). Names, formulas and defaults
/// are torch.optim's where nothing else is said.
struct TrainSpec {
    int epochs = 60;
    int batchSize = 0;             ///< 0: by the number of rows (automaticBatchSize)
    int accumulation = 1;          ///< batches whose gradients are added up for one step of the optimizer

    std::string optimizer = "AdamW"; ///< SGD | Adam | AdamW | RMSprop | Adagrad | L-BFGS
    double learningRate = 0.01;
    double weightDecay = 0.01;     ///< of matrices only; AdamW: decoupled, all others: L2 in the gradient
    double momentum = 0.9;         ///< SGD, RMSprop
    bool nesterov = false;         ///< SGD
    double beta1 = 0.9, beta2 = 0.999; ///< Adam, AdamW
    double eps = 1e-8;             ///< Adam, AdamW, RMSprop, Adagrad
    double alpha = 0.99;           ///< RMSprop

    std::string schedule = "one-cycle"; ///< constant | step | exponential | cosine | one-cycle | plateau
    double warmup = 0.0;           ///< share of all steps, all schedules but one-cycle
    int stepSize = 5;              ///< epochs; step
    double gamma = 0.9;            ///< step, exponential
    int plateauPatience = 5;       ///< epochs
    double plateauFactor = 0.1;

    std::string loss = "auto";     ///< auto | cross-entropy | BCE | focal | MSE | MAE | Huber | Poisson | quantile
    double focalGamma = 2.0;
    double huberDelta = 1.0;       ///< in deviations of the target
    double quantile = 0.5;
    double labelSmoothing = 0.0;
    std::string classWeights = "none"; ///< none | balanced
    std::string sampling = "shuffled"; ///< shuffled | balanced

    double l1 = 0.0;               ///< factor of Σ|w| over the matrices
    double clipNorm = 0.0;         ///< 0: none
    double clipValue = 0.0;        ///< 0: none
    double emaDecay = 0.0;         ///< 0: none

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
