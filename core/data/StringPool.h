#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace limpid {

/// Distinct strings numbered in order of first appearance. Made for the reader's inner loop: the strings stay where
/// they are (in the mapped file), only those made up on the way are kept by the pool.
class StringPool
{
public:
    struct Entry {
        std::string_view text;
        std::uint64_t key = 0;
        std::uint64_t hash = 0;
        std::uint64_t offset = 0; ///< where it appeared first
    };

    /// The number of `text`. A new one is kept as a view, or as a copy where `transient`.
    std::int32_t add(std::string_view text, std::uint64_t offset, bool transient = false)
    {
        const std::uint64_t key = keyOf(text);
        const std::uint64_t hash = mix(key, text.size());
        std::size_t slot = hash & m_mask;
        for (; m_slots[slot] >= 0; slot = (slot + 1) & m_mask) {
            const Entry& entry = m_entries[static_cast<std::size_t>(m_slots[slot])];
            // The key of a short text is all of it.
            if (entry.key == key && entry.text.size() == text.size() && (text.size() <= 8 || entry.text == text))
                return m_slots[slot];
        }
        return insert(slot, text, key, hash, offset, transient);
    }

    std::size_t size() const { return m_entries.size(); }
    const std::vector<Entry>& entries() const { return m_entries; }

private:
    static std::uint64_t mix(std::uint64_t a, std::uint64_t b)
    {
        __extension__ using Wide = unsigned __int128;
        const Wide product = static_cast<Wide>(a ^ 0x9e3779b97f4a7c15ULL) * (b ^ 0xd6e8feb86659fd93ULL);
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

    /// Up to eight bytes: a number that no other text of that length has. Beyond: a hash.
    static std::uint64_t keyOf(std::string_view text)
    {
        const char* p = text.data();
        std::size_t n = text.size();
        if (n >= 4 && n <= 8) {
            std::uint32_t low, high;
            std::memcpy(&low, p, 4);
            std::memcpy(&high, p + n - 4, 4);
            return low | static_cast<std::uint64_t>(high) << 32;
        }
        if (n < 4) {
            return n == 0 ? 0
                          : static_cast<std::uint64_t>(static_cast<unsigned char>(p[0])) << 16
                    | static_cast<std::uint64_t>(static_cast<unsigned char>(p[n / 2])) << 8
                    | static_cast<unsigned char>(p[n - 1]);
        }
        std::uint64_t hash = n;
        std::uint64_t word;
        for (; n > 8; p += 8, n -= 8) {
            std::memcpy(&word, p, 8);
            hash = mix(hash, word);
        }
        std::memcpy(&word, p + n - 8, 8);
        return mix(hash, word);
    }

    std::int32_t insert(std::size_t slot, std::string_view text, std::uint64_t key, std::uint64_t hash,
                        std::uint64_t offset, bool transient)
    {
        if (transient)
            text = m_kept.emplace_back(text);
        const auto number = static_cast<std::int32_t>(m_entries.size());
        m_entries.push_back({text, key, hash, offset});
        m_slots[slot] = number;
        if (m_entries.size() * 2 > m_slots.size()) {
            m_mask = m_slots.size() * 2 - 1;
            m_slots.assign(m_mask + 1, -1);
            for (std::size_t i = 0; i < m_entries.size(); ++i) {
                std::size_t free = m_entries[i].hash & m_mask;
                while (m_slots[free] >= 0)
                    free = (free + 1) & m_mask;
                m_slots[free] = static_cast<std::int32_t>(i);
            }
        }
        return number;
    }

    std::vector<Entry> m_entries;
    std::vector<std::int32_t> m_slots = std::vector<std::int32_t>(64, -1);
    std::size_t m_mask = 63;
    std::deque<std::string> m_kept;
};

} // namespace limpid
