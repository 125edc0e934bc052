#include "core/jobs/CoreShare.h"

#include <algorithm>
#include <cstddef>

namespace limpid {

CoreWish granted(const CoreWish& wish, int cores)
{
    const int least = std::clamp(wish.least, 1, cores);
    return {least, wish.most <= 0 ? cores : std::clamp(wish.most, least, cores)};
}

std::vector<int> shareCores(int cores, const std::vector<CoreClaim>& claims)
{
    std::vector<int> shares;
    int left = cores;
    for (const CoreClaim& claim : claims) {
        shares.push_back(granted(claim.wish, cores).least);
        left -= shares.back();
    }
    for (const bool foreground : {true, false}) {
        while (left > 0) {
            std::size_t poorest = claims.size();
            for (std::size_t i = 0; i < claims.size(); ++i)
                if (claims[i].foreground == foreground && shares[i] < granted(claims[i].wish, cores).most
                    && (poorest == claims.size() || shares[i] < shares[poorest]))
                    poorest = i;
            if (poorest == claims.size())
                break; // each has its most
            ++shares[poorest];
            --left;
        }
    }
    return shares;
}

bool hasCoresFor(const CoreWish& wish, int cores, const std::vector<CoreClaim>& running)
{
    int taken = granted(wish, cores).least;
    for (const CoreClaim& claim : running)
        if (!claim.foreground)
            taken += granted(claim.wish, cores).least;
    return taken <= cores;
}

} // namespace limpid
