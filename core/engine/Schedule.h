#pragma once

#include "core/engine/State.h"
#include "core/model/TrainSpec.h"

namespace limpid::engine {

/// The learning rate of each step of the optimizer, from spec.learningRate. As in torch.optim.lr_scheduler:
/// constant; step: · gamma every step_size epochs (StepLR); exponential: · gamma every epoch (ExponentialLR);
/// plateau: · plateau_factor after more than plateau_patience epochs in a row whose validation loss is not under 0.9999 of the
/// best so far (ReduceLROnPlateau with its other defaults).
/// Where steps count, not epochs: cosine: down to 0 at the last step along half a cosine (CosineAnnealingLR; Loshchilov &
/// Hutter 2017, eq. 5, one cycle); one-cycle: up from rate/25 over the first 30 % of steps and down to rate/250,000, both
/// along half a cosine (Smith 2018). OneCycleLR peaks at step 0.3 · n − 1, this one at 0.3 · (n − 1); momentum is left alone.
/// Warm-up, for all but one-cycle: w = warmup · steps, rounded, steps whose rate is cut to (step + 1)/(w + 1) (LinearLR);
/// the cosine begins after it, the epochs of step and exponential count from the start.
class Schedule
{
public:
    /// spec.epochs epochs of `stepsPerEpoch` steps.
    Schedule(const TrainSpec& spec, std::int64_t stepsPerEpoch);

    /// Of a step in [0, epochs · stepsPerEpoch); beyond, that of the last.
    double rate(std::int64_t step) const;
    /// After each epoch, with its validation loss: what plateau goes by. NaN counts as no better.
    void finishEpoch(double validationLoss);
    /// The schedule goes on as if spec.learningRate had been this from the start.
    void setLearningRate(double learningRate);

    State state() const;
    /// Throws BundleInvalid. The spec may have other epochs: a run that is extended.
    void restore(const State& state, const std::string& path);

private:
    enum class Kind { Constant, Step, Exponential, Cosine, OneCycle, Plateau };

    Kind m_kind;
    double m_learningRate, m_gamma, m_plateauFactor;
    std::int64_t m_stepsPerEpoch, m_steps, m_warmSteps, m_stepSize, m_plateauPatience;
    double m_reduced;       ///< plateau: the present rate, without warm-up
    double m_best;          ///< validation loss
    std::int64_t m_bad = 0; ///< epochs in a row
};

} // namespace limpid::engine
