#pragma once

#include "core/model/Predictor.h"

#include <functional>

namespace limpid {

/// 0 … rows − 1.
std::vector<std::size_t> allRows(const Table& table);

/// `count` of the rows without repeats, or all where there are no more, in ascending order. Throws OptionInvalid (background)
/// for none.
std::vector<std::size_t> drawBackground(std::vector<std::size_t> rows, std::size_t count, std::uint64_t seed);

/// Encodes `rows` of the table a chunk at a time (so a million rows need no second table in memory) and hands each chunk to
/// `use`; reports progress as "predict". Warnings are gathered: one a column and code, with the counts added up.
/// Throws the first error among the issues.
void forChunks(const Predictor& predictor, const Table& table, std::span<const std::size_t> rows, bool withTargets,
               Issues& issues, Task& task, const std::function<void(const Features&)>& use);

} // namespace limpid
