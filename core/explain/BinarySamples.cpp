#include "core/explain/BinarySamples.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t wordBits = 64, patternBits = 8, patterns = std::size_t{1} << patternBits;
constexpr std::size_t checkedWords = 1'000'000, checkedSamples = 1 << 20;   // between two looks at the task

/// Σ weights[k] · how many bits a and b have in common in word k.
#if defined(__x86_64__) && defined(__GNUC__)
#define LIMPID_BIT_COUNTING
__attribute__((target("popcnt"))) double commonByInstruction(const std::uint64_t* a, const std::uint64_t* b, const double* weights, std::size_t words)
{
    double sum = 0.0;
    for (std::size_t k = 0; k < words; ++k)
        sum += weights[k] * static_cast<double>(__builtin_popcountll(a[k] & b[k]));
    return sum;
}
#endif

double commonByHand(const std::uint64_t* a, const std::uint64_t* b, const double* weights, std::size_t words)
{
    double sum = 0.0;
    for (std::size_t k = 0; k < words; ++k)
        sum += weights[k] * static_cast<double>(std::popcount(a[k] & b[k]));
    return sum;
}

using Common = double (*)(const std::uint64_t*, const std::uint64_t*, const double*, std::size_t);

Common chosenCommon()
{
#ifdef LIMPID_BIT_COUNTING
    if (__builtin_cpu_supports("popcnt"))
        return commonByInstruction;
#endif
    return commonByHand;
}

/// Bit j of word i becomes bit i of word j: quarters change places, then their quarters.
void transpose(std::array<std::uint64_t, wordBits>& block)
{
    std::uint64_t low = 0x00000000ffffffffULL;
    for (std::size_t half = wordBits / 2; half > 0; half /= 2, low ^= low << half) {
        for (std::size_t i = 0; i < wordBits; i = (i + half + 1) & ~half) {
            const std::uint64_t moved = (block[i] >> half ^ block[i + half]) & low;
            block[i] ^= moved << half;
            block[i + half] ^= moved;
        }
    }
}

/// The players' bits of all samples, 64 samples a word. Samples of one weight stand together; the last word of each may be part empty.
struct Planes {
    std::size_t words = 0;
    std::vector<std::uint64_t> bits;    ///< [players, words]
    std::vector<double> weights;        ///< [words]: of their samples
    std::vector<double> samples;        ///< [words]: how many
};

} // namespace

BinarySamples::BinarySamples(std::size_t count, std::size_t players)
    : m_count(count), m_players(players), m_words((players + wordBits - 1) / wordBits), m_bits(count * m_words, 0)
{
}

void BinarySamples::clear() { std::fill(m_bits.begin(), m_bits.end(), 0); }

void BinarySamples::add(std::size_t player, std::size_t begin, std::span<const std::uint8_t> same)
{
    std::uint64_t* word = m_bits.data() + begin * m_words + player / wordBits;
    for (const std::uint8_t is : same) {
        *word |= std::uint64_t{is != 0} << (player % wordBits);
        word += m_words;
    }
}

std::size_t BinarySamples::ones(std::size_t sample) const
{
    std::size_t sum = 0;
    for (std::size_t k = 0; k < m_words; ++k)
        sum += static_cast<std::size_t>(std::popcount(m_bits[sample * m_words + k]));
    return sum;
}

SurrogateSamples::Moments BinarySamples::moments(std::span<const double> weights, const Task& task) const
{
    std::vector<std::vector<std::size_t>> alike(m_players + 1); // by ones
    for (std::size_t i = 0; i < m_count; ++i) {
        if (i % checkedSamples == 0)
            task.checkpoint();
        alike[ones(i)].push_back(i);
    }
    Planes planes;
    for (const std::vector<std::size_t>& samples : alike)
        planes.words += (samples.size() + wordBits - 1) / wordBits;
    planes.bits.resize(m_players * planes.words);
    std::array<std::uint64_t, wordBits> block{};
    std::size_t place = 0;
    for (const std::vector<std::size_t>& samples : alike) {
        for (std::size_t begin = 0; begin < samples.size(); begin += wordBits, ++place) {
            if (place % (checkedSamples / wordBits) == 0)
                task.checkpoint();
            const std::size_t size = std::min(wordBits, samples.size() - begin);
            planes.weights.push_back(weights[samples[begin]]);
            planes.samples.push_back(static_cast<double>(size));
            for (std::size_t word = 0; word < m_words; ++word) {
                block.fill(0);
                for (std::size_t i = 0; i < size; ++i)
                    block[i] = m_bits[samples[begin + i] * m_words + word];
                transpose(block);
                for (std::size_t player = word * wordBits; player < std::min(m_players, (word + 1) * wordBits); ++player)
                    planes.bits[player * planes.words + place] = block[player % wordBits];
            }
        }
    }
    const Common common = chosenCommon();
    Moments made;
    // In the same order as a player's own sum, so that the mean of one that is always 1 is 1.
    for (std::size_t word = 0; word < planes.words; ++word)
        made.total += planes.weights[word] * planes.samples[word];
    made.means.resize(m_players);
    made.products.resize(m_players * m_players);
    std::size_t sinceCheck = 0;
    for (std::size_t a = 0; a < m_players; ++a) {
        const std::uint64_t* own = planes.bits.data() + a * planes.words;
        const double sum = common(own, own, planes.weights.data(), planes.words);
        made.means[a] = sum / made.total;
        for (std::size_t b = 0; b <= a; ++b) {
            const double both = b == a ? sum : common(own, planes.bits.data() + b * planes.words, planes.weights.data(), planes.words);
            made.products[a * m_players + b] = made.products[b * m_players + a] = both - sum * made.means[b];
        }
        sinceCheck += (a + 1) * planes.words;
        if (sinceCheck > checkedWords) {
            sinceCheck = 0;
            task.checkpoint();
        }
    }
    return made;
}

/// Σ pulls[i] · x_i: [players].
std::vector<double> BinarySamples::sums(std::span<const double> pulls) const
{
    const std::size_t groups = (m_players + patternBits - 1) / patternBits;
    std::vector<double> table(groups * patterns, 0.0);
    const std::uint64_t* bits = m_bits.data();
    for (std::size_t i = 0; i < m_count; ++i, bits += m_words) {
        double* of = table.data();
        for (std::size_t group = 0; group < groups; ++group, of += patterns)
            of[bits[group / 8] >> (group % 8 * patternBits) & (patterns - 1)] += pulls[i];
    }
    std::vector<double> made(m_players);
    for (std::size_t group = 0; group < groups; ++group) {
        double* of = table.data() + group * patterns;
        // The upper half of the patterns has the upper bit; then it is folded onto the lower, and so on.
        for (std::size_t bit = patternBits; bit-- > 0;) {
            const std::size_t half = std::size_t{1} << bit, player = group * patternBits + bit;
            double sum = 0.0;
            for (std::size_t v = 0; v < half; ++v) {
                sum += of[half + v];
                of[v] += of[half + v];
            }
            if (player < m_players)
                made[player] = sum;
        }
    }
    return made;
}

std::vector<double> BinarySamples::pulled(std::span<const double> pulls, const Moments& moments) const
{
    std::vector<double> made = sums(pulls);
    const double total = std::accumulate(pulls.begin(), pulls.end(), 0.0);
    for (std::size_t player = 0; player < m_players; ++player) {
        // Nothing pulls at a player that is always the same, not even what rounding left.
        const bool varies = moments.products[player * m_players + player] > 0.0;
        made[player] = varies ? made[player] - moments.means[player] * total : 0.0;
    }
    return made;
}

void BinarySamples::addScores(std::span<const std::size_t> kept, std::span<const double> coefficients, std::span<double> to) const
{
    const std::size_t groups = (m_players + patternBits - 1) / patternBits;
    std::vector<double> of(groups * patternBits, 0.0), table(groups * patterns, 0.0);
    for (std::size_t k = 0; k < kept.size(); ++k)
        of[kept[k]] = coefficients[k];
    for (std::size_t group = 0; group < groups; ++group) {
        for (std::size_t v = 1; v < patterns; ++v) // a pattern is the one without its lowest bit, and that
            table[group * patterns + v] = table[group * patterns + (v & (v - 1))] + of[group * patternBits + static_cast<std::size_t>(std::countr_zero(v))];
    }
    const std::uint64_t* bits = m_bits.data();
    for (std::size_t i = 0; i < m_count; ++i, bits += m_words) {
        const double* value = table.data();
        for (std::size_t group = 0; group < groups; ++group, value += patterns)
            to[i] += value[bits[group / 8] >> (group % 8 * patternBits) & (patterns - 1)];
    }
}

std::vector<double> BinarySamples::squares(std::span<const double> pulls, std::span<const std::size_t> kept, const Moments& moments,
                                           const Task& task) const
{
    const std::size_t n = kept.size();
    std::vector<double> made(n * n, 0.0), single(n, 0.0); // Σ pull · x_a x_b, Σ pull · x_a
    constexpr std::size_t few = 12;
    if (n <= few) {
        // How much pulls at each pattern of the players kept, then at all patterns that have certain bits.
        std::vector<double> place(m_count, 0.0), bit(n), with(std::size_t{1} << n, 0.0);
        for (std::size_t k = 0; k < n; ++k)
            bit[k] = static_cast<double>(std::size_t{1} << k);
        addScores(kept, bit, place);
        for (std::size_t i = 0; i < m_count; ++i)
            with[static_cast<std::size_t>(place[i])] += pulls[i];
        for (std::size_t k = 0; k < n; ++k) {
            for (std::size_t pattern = 0; pattern < with.size(); ++pattern) {
                if ((pattern >> k & 1) == 0)
                    with[pattern] += with[pattern | std::size_t{1} << k];
            }
        }
        for (std::size_t a = 0; a < n; ++a) {
            single[a] = with[std::size_t{1} << a];
            for (std::size_t b = 0; b < n; ++b)
                made[a * n + b] = with[std::size_t{1} << a | std::size_t{1} << b];
        }
    } else {
        std::vector<double> own(m_count);
        for (std::size_t a = 0; a < n; ++a) {
            task.checkpoint();
            for (std::size_t i = 0; i < m_count; ++i)
                own[i] = at(i, kept[a]) ? pulls[i] : 0.0;
            const std::vector<double> both = sums(own);
            single[a] = both[kept[a]];
            for (std::size_t b = 0; b < n; ++b)
                made[a * n + b] = both[kept[b]];
        }
    }
    const double total = std::accumulate(pulls.begin(), pulls.end(), 0.0);
    const auto varies = [&](std::size_t k) { return moments.products[kept[k] * m_players + kept[k]] > 0.0; };
    for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) {
            const double left = moments.means[kept[a]], right = moments.means[kept[b]];
            double& sum = made[a * n + b];
            sum = varies(a) && varies(b) ? sum - left * single[b] - right * single[a] + left * right * total : 0.0;
        }
    }
    return made;
}

} // namespace limpid
