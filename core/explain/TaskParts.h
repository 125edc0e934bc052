#pragma once

#include "core/base/Task.h"

#include <functional>

namespace limpid {

/// work(0) … work(count − 1), each once, on as many threads as the task has cores when it begins, this one among them. The
/// parts must not depend on one another. Throws what the first part to fail threw; Cancelled between parts.
void forParts(std::size_t count, const Task& task, const std::function<void(std::size_t)>& work);

} // namespace limpid
