#pragma once

#include <vector>

namespace limpid {

/// How many cores a job can use.
struct CoreWish {
    int least = 1; ///< it does not start with fewer; more than the machine has counts as all of them
    int most = 1;  ///< 0: as many as there are

    bool operator==(const CoreWish&) const = default;
};
inline constexpr CoreWish asManyAsThereAre{1, 0};

struct CoreClaim {
    CoreWish wish;
    bool foreground = false;
};

/// The wish as the machine can grant it: 1 ≤ least ≤ most ≤ cores.
CoreWish granted(const CoreWish& wish, int cores);

/// Shares out the cores, one entry a claim. Each gets its least, even where that is more than there is (a foreground job
/// never waits). What is left goes to foreground jobs up to their most, then evenly to the others up to theirs; of equal
/// ones the earlier comes first.
std::vector<int> shareCores(int cores, const std::vector<CoreClaim>& claims);

/// Whether another background job can have its least beside what runs. Foreground jobs are short and leave everyone their
/// least, so they don't count.
bool hasCoresFor(const CoreWish& wish, int cores, const std::vector<CoreClaim>& running);

} // namespace limpid
