#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

namespace limpid {

/// A seeded stream of random numbers, the same on every platform: xoshiro256** (Blackman & Vigna 2018), seeded by
/// splitmix64 from `seed` and the name of what it is for. Streams of different names are independent, so adding a
/// random choice in one place never moves another.
class Random
{
public:
    Random(std::uint64_t seed, std::string_view stream);

    std::uint64_t next()
    {
        const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
        const std::uint64_t shifted = m_state[1] << 17;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= shifted;
        m_state[3] = std::rotl(m_state[3], 45);
        return result;
    }
    /// In [0, 1), 53 bits.
    double uniform();
    /// In [0, bound), without modulo bias (Lemire 2019). bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// Mean 0, standard deviation 1 (Box–Muller).
    double normal();

    template<class T>
    void shuffle(std::vector<T>& values)
    {
        for (std::size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[below(i)]);
    }

    using State = std::array<std::uint64_t, 4>;
    State state() const { return m_state; }
    void setState(const State& state) { m_state = state; m_hasSpare = false; }

private:
    State m_state{};
    double m_spare = 0.0;
    bool m_hasSpare = false;
};

} // namespace limpid
