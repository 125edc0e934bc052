#pragma once

#include "core/engine/Network.h"

#include <span>
#include <vector>

namespace limpid::engine {

/// A stretch of a network's values.
struct ValueRange {
    std::size_t begin = 0, end = 0;
    bool decays = false;   ///< weight decay and L1 apply: matrices, not biases and norms
};

/// The values that training moves, in order; neighbours of one kind are one range.
std::vector<ValueRange> trainedRanges(const Network& network);

/// What a trainer does to the gradients of a step, in this order: addL1, then clipValue or clipNorm, then the optimizer.

/// gradient += factor · sign(value) in the ranges that decay, with 0 at 0; gives what the loss grew by: factor · Σ|value|.
double addL1(std::span<const float> values, std::span<float> gradients, std::span<const ValueRange> ranges, double factor);

/// √Σ gradient² over the ranges.
double gradientNorm(std::span<const float> gradients, std::span<const ValueRange> ranges);

/// Scales the gradients by min(1, limit / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_; gives the norm before.
/// A norm that is not finite leaves them as they are.
double clipNorm(std::span<float> gradients, std::span<const ValueRange> ranges, double limit);

/// Cuts each at ±limit, as torch.nn.utils.clip_grad_value_; NaN stays.
void clipValue(std::span<float> gradients, std::span<const ValueRange> ranges, double limit);

/// rows / (classes · rows of the class), as scikit-learn's "balanced"; 1 for a class without rows. Targets: class indices.
std::vector<double> balancedClassWeights(std::span<const float> targets, std::size_t classes);

/// The same for each output of targets [rows, outputs], 0 or 1: [outputs, 2]. In each output the two classes weigh alike, as
/// with torch.nn.BCEWithLogitsLoss(pos_weight = rows of 0 / rows of 1), but scaled so that each output's weights add up to
/// the number of rows, so that an output with few ones weighs no more than another.
std::vector<double> balancedLabelWeights(std::span<const float> targets, std::size_t outputs);

/// average = decay · average + (1 − decay) · value: the moving average of the weights after each step.
void moveAverage(std::span<float> average, std::span<const float> values, double decay);

} // namespace limpid::engine
