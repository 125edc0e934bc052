#pragma once

#include "core/base/Error.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace limpid::engine {

/// One named part of what a training run remembers. Kept exactly, bit for bit, it goes on as if it had never stopped.
struct NamedState {
    std::string name;
    std::variant<std::int64_t, double, std::vector<float>> value;
    bool operator==(const NamedState&) const = default;
};
using State = std::vector<NamedState>;

/// The part of that name. Throws BundleInvalid, with the name as reason, where it is absent or of another kind.
template<class T>
const T& stateValue(const State& state, const std::string& name, const std::string& path)
{
    for (const NamedState& part : state)
        if (part.name == name)
            if (const T* value = std::get_if<T>(&part.value))
                return *value;
    throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", name}});
}

/// As above, for as many numbers as are wanted.
inline const std::vector<float>& stateVector(const State& state, const std::string& name, std::size_t count,
                                             const std::string& path)
{
    const auto& values = stateValue<std::vector<float>>(state, name, path);
    if (values.size() != count)
        throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", name}});
    return values;
}

} // namespace limpid::engine
