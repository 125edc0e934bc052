#pragma once

#include "core/explain/EffectRows.h"

namespace limpid {

/// An order of a category's levels in which neighbours resemble each other in all other columns, for methods that walk from
/// level to level: Apley and Zhu (2020), appendix E. The distance of two levels is the sum over the other columns of how far
/// their distributions there lie apart (Kolmogorov-Smirnov for numbers and dates, total variation for categories; texts say
/// nothing); the levels are then put on a line by classical scaling. Indices into EffectColumn::levels. Of one or two levels:
/// as they stand. The first level lies in the lower half, so that the order does not turn about by chance.
/// Throws OptionInvalid for more than maxOrderedLevels levels, whose distances would cost too much.
std::vector<std::size_t> levelOrder(const EffectRows& model, std::size_t column, Task& task);

inline constexpr std::size_t maxOrderedLevels = 200;

} // namespace limpid
