#pragma once

#include "core/engine/GradientRules.h"
#include "core/engine/Lbfgs.h"
#include "core/engine/State.h"
#include "core/model/TrainSpec.h"

#include <functional>
#include <span>

namespace limpid::engine {

/// Steps as torch.optim takes them, in one pass over the network's values. SGD: momentum without dampening, Nesterov's too;
/// Adam: L2 in the gradient; AdamW: decoupled (Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2);
/// RMSprop: not centred; Adagrad: without decay of the rate; L-BFGS: Lbfgs.h.
/// Weight decay acts on matrices only, not on biases and norms; for L-BFGS as L2 in the loss: ½ · weight_decay · Σw².
/// A step allocates nothing, except for L-BFGS.
class Optimizer
{
public:
    Optimizer(const TrainSpec& spec, const Network& network);
    /// Of `count` values those in `ranges`, which don't overlap; the others stay as they are.
    Optimizer(const TrainSpec& spec, std::vector<ValueRange> ranges, std::size_t count);

    /// Writes loss and gradients of the same batch at the present values; the loss is what it returns.
    using Reevaluate = std::function<double()>;
    /// L-BFGS moves by reevaluating, and begins with it: only it needs to be given `reevaluate`, and it needs no gradients
    /// beforehand.
    bool reevaluates() const { return m_kind == Kind::Lbfgs; }
    void step(std::span<float> values, std::span<const float> gradients, double learningRate,
              const Reevaluate& reevaluate = {});

    /// All that a later step depends on beside values and settings.
    State state() const;
    /// Goes on from a state of an optimizer of the same kind and size. Throws BundleInvalid.
    void restore(const State& state, const std::string& path);

private:
    enum class Kind { Sgd, Adam, AdamW, RmsProp, Adagrad, Lbfgs };
    static Kind kindOf(const std::string& name);

    void stepByRule(std::span<float> values, std::span<const float> gradients, double learningRate);
    void stepByLine(std::span<float> values, std::span<const float> gradients, double learningRate,
                    const Reevaluate& reevaluate);

    Kind m_kind;
    bool m_nesterov;
    float m_beta1, m_beta2, m_eps;
    double m_alpha, m_momentum, m_decay;
    std::vector<ValueRange> m_ranges;
    std::vector<float> m_first, m_second;
    std::int64_t m_steps = 0;
    Lbfgs m_lbfgs;
};

} // namespace limpid::engine
