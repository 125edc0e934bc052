#pragma once

#include <functional>

namespace limpid::engine {

/// Every entry into LibTorch passes through here. LibTorch, OpenMP and OpenBLAS are held to one thread each, process
/// wide: OpenBLAS has but one setting for all callers, so a run's figures would otherwise depend on what else runs. The
/// engine splits its work among its own threads instead, each of which computes alone. What LibTorch throws
/// becomes Error: OutOfMemory, or Internal with its words as detail.
void guarded(const std::function<void()>& work);

/// work(0) … work(count − 1), at the same time: work(0) on the calling thread, the others on threads of their own, each
/// guarded. Waits for all; then rethrows the first exception by index.
void inParallel(int count, const std::function<void(int)>& work);

} // namespace limpid::engine
