#pragma once

#include "tests/core/engine/RandomNetworks.h"

#include <functional>
#include <optional>
#include <set>

namespace limpid::test {

/// What must be said of a network that was made invalid.
struct Refusal {
    ErrorCode code = ErrorCode::Internal;
    std::set<std::string> nodes;   ///< of which one or several are to be blamed, and nothing else; {""}: the whole
};

struct Mutation {
    std::string name;
    /// Makes the network invalid; nullopt, with the network as it was, where it has nothing that could be made so.
    std::function<std::optional<Refusal>(RandomNetwork&, Random&)> apply;
};

/// Every way of being invalid that the catalogue and the graph know.
const std::vector<Mutation>& networkMutations();

} // namespace limpid::test
