#pragma once

#include "core/data/Pipeline.h"
#include "core/model/TrainSpec.h"

#include <span>
#include <vector>

namespace limpid::engine {

enum class LossKind { CrossEntropy, Bce, Focal, Mse, Mae, Huber, Poisson, Quantile };

/// Errors OptionInvalid where a setting does not fit the task: `loss` (Binary and MultiLabel take BCE and focal, MultiClass
/// cross-entropy and focal, regressions the others), `class_weights` (classes only), `sampling` (classes of one target only:
/// with several a row belongs to no one class), `label_smoothing` (neither regressions nor focal).
/// Poisson wants a pipeline whose link is "log", and such a pipeline wants Poisson.
Issues lossIssues(const TrainSpec& spec, const Pipeline& pipeline);

/// The pipeline's link that this loss wants.
std::string linkOf(const TrainSpec& spec);

/// What training makes small: a sum over rows, with its gradient with respect to the raw outputs [rows, outputs] (logits, or
/// predictions of the scaled target).
///
/// Cross-entropy (torch.nn.CrossEntropyLoss, label smoothing and class weights included) and focal on several classes take
/// targets [rows], class indices; all others work value by value on targets [rows, outputs], and the mean is over all values,
/// as reduction="mean" has it. With z an output, t its target, d = z − t:
/// BCE: max(z, 0) − z · t + log(1 + exp(−|z|)), t smoothed to t · (1 − ε) + ε/2 (BCEWithLogitsLoss)
/// focal: −(1 − p)^γ · log p, p the probability of the target's class (Lin et al. 2017, eq. 4)
/// MSE: d²; MAE: |d|; Huber: d²/2 up to δ, else δ · (|d| − δ/2) (HuberLoss); Poisson: exp(z) − t · z (PoissonNLLLoss)
/// quantile: τ · max(−d, 0) + (1 − τ) · max(d, 0) (Koenker & Bassett 1978), in the scaled target's unit
/// Where d = 0, the gradient of MAE and quantile is 0.
/// A class weight multiplies the loss of the class's rows: eq. 5's α for focal. With several outputs each has its own two.
class Loss
{
public:
    /// `classWeights`: none, or one a class (two for Binary), or [outputs, 2] (MultiLabel).
    Loss(const TrainSpec& spec, TaskKind task, std::vector<double> classWeights = {});

    /// What the sum is divided by for a weighted mean over these targets: the sum of their weights, their number without.
    /// For a batch in parts: of the whole batch, so that the parts add up.
    double normaliser(std::span<const float> targets) const;

    /// The sum over the rows, divided by `normaliser`; writes its gradient [rows, outputs]. Allocates nothing.
    double evaluate(std::span<const float> outputs, std::span<const float> targets, std::size_t rows, double normaliser,
                    std::span<float> gradient) const;
    /// The same value without gradient, in double precision throughout.
    double value(std::span<const float> outputs, std::span<const float> targets, std::size_t rows, double normaliser) const;

private:
    /// Loss of one value, and its derivative.
    struct Term {
        double loss, slope;
    };
    template<LossKind kind>
    Term term(double output, double target) const;
    template<LossKind kind>
    double valuewise(std::span<const float> outputs, std::span<const float> targets, double normaliser,
                     std::span<float> gradient) const;
    double valuewise(std::span<const float> outputs, std::span<const float> targets, double normaliser,
                     std::span<float> gradient) const;
    double weight(double target) const { return m_weights.empty() ? 1.0 : m_weights[static_cast<std::size_t>(target)]; }
    /// Of the value at `index` of [rows, outputs].
    double weight(std::size_t index, double target) const
    {
        return m_weights.empty() ? 1.0 : m_weights[index % m_weighted * 2 + static_cast<std::size_t>(target)];
    }

    LossKind m_kind;
    bool m_classes;          ///< cross-entropy, or focal on several classes
    double m_smoothing, m_focalGamma, m_huberDelta, m_quantile;
    std::vector<double> m_weights;
    std::size_t m_weighted;  ///< outputs that have weights of their own, value by value
};

} // namespace limpid::engine
