#pragma once

#include "core/engine/Network.h"
#include "core/model/TrainSpec.h"

namespace limpid::engine {

/// The learning rate of a step, step in [0, steps).
/// constant: the rate; cosine: from the rate to 0 along half a cosine (Loshchilov & Hutter 2017, eq. 5, one cycle);
/// one-cycle: up from rate/25 over the first 30 % of steps and down to rate/250,000, both along half a cosine (Smith 2018, PyTorch's
/// OneCycleLR defaults; momentum is left alone).
double scheduledRate(const TrainSpec& spec, std::int64_t step, std::int64_t steps);

/// Steps as torch.optim takes them, in one pass over the network's values. SGD: momentum without dampening; Adam: L2 in the
/// gradient; AdamW: decoupled (Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2). β 0.9, 0.999, ε 1e-8.
/// Weight decay acts on matrices only, not on biases and norms.
class Optimizer
{
public:
    Optimizer(const TrainSpec& spec, const Network& network);
    void step(std::span<float> values, std::span<const float> gradients, double learningRate);

private:
    struct Range {
        std::size_t begin, end;
        bool decays;
    };
    enum class Kind { Sgd, Adam, AdamW };

    Kind m_kind;
    double m_momentum, m_decay;
    std::vector<Range> m_ranges;
    std::vector<float> m_first, m_second;
    std::int64_t m_steps = 0;
};

} // namespace limpid::engine
