#include "core/engine/Network.h"
#include "core/model/NetworkBlocks.h"
#include "core/model/NetworkFile.h"
#include "tests/fuzz/HostileJson.h"
#include "tests/fuzz/MemoryCount.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>

// Reads, analyses and builds networks from hostile texts for so many seconds. Nothing but limpid::Error may be thrown, nothing may take
// more than 256 MiB or a second of processor time. What does is written to fuzz_network.json, and the exit status is 1.

using namespace limpid;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double mostSeconds = 15.0; // some ten times as slow
#else
constexpr double mostSeconds = 1.0;
#endif
constexpr std::size_t mostBytes = std::size_t{256} << 20;
constexpr std::int64_t largestBuilt = 1'000'000;

struct Tally {
    std::size_t texts = 0, bombs = 0, refused = 0, invalid = 0, built = 0, mostMemory = 0;
    double longest = 0.0;
};

double processorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// What an editor does with a network that it was given.
void use(const std::string& text, const NetworkContext& context, Tally& tally)
{
    const NetworkSpec network = readNetworkText(text, "fuzz");
    const NetworkAnalysis analysis = analyse(network, context);
    for (const BlockSpec& block : network.blocks)
        if (&block - network.blocks.data() < 3)
            insideAnalysis(network, analysis, block.name);
    if (!analysis.ok()) {
        ++tally.invalid;
        if (analysis.flat.nodes.size() > 1000)
            return;
        try {
            const engine::Network made(network, context);
        } catch (const Error&) {
            return;
        }
        throw std::logic_error("an invalid network was built");
    }
    if (analysis.total.parameters <= largestBuilt && analysis.total.activations <= largestBuilt) {
        engine::Network(network, context).initialise(1);
        ++tally.built;
    }
}

/// "" or what is wrong.
std::string attempt(const std::string& text, const NetworkContext& context, Tally& tally)
{
    const double begin = processorSeconds();
    const std::size_t before = fuzz::memoryInUse();
    fuzz::resetMost();
    std::string wrong;
    try {
        use(text, context, tally);
    } catch (const Error& error) {
        ++tally.refused;
        if (error.code() == ErrorCode::Internal)
            wrong = error.what();
    } catch (const std::exception& error) {
        wrong = std::string("exception: ") + error.what();
    }
    const double seconds = processorSeconds() - begin;
    const std::size_t bytes = fuzz::mostMemory() - before;
    tally.longest = std::max(tally.longest, seconds);
    tally.mostMemory = std::max(tally.mostMemory, bytes);
    if (wrong.empty() && seconds > mostSeconds)
        wrong = "took " + std::to_string(seconds) + " s";
    if (wrong.empty() && bytes > mostBytes)
        wrong = "took " + std::to_string(bytes >> 20) + " MiB";
    return wrong;
}

} // namespace

int main(int argc, char** argv)
{
    const double seconds = argc > 1 ? std::atof(argv[1]) : 2.0;
    std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    Tally tally;
    std::string text;
    for (; std::chrono::steady_clock::now() < end; ++seed) {
        Random random(seed, "fuzz");
        const test::RandomNetwork network = test::randomNetwork(seed, "", true);
        const bool isBomb = seed % 64 == 0;
        text = isBomb ? fuzz::bombText(random) : fuzz::hostileText(network, random);
        tally.bombs += isBomb ? 1 : 0;
        ++tally.texts;
        const std::string wrong = attempt(text, network.context, tally);
        if (!wrong.empty()) {
            std::cerr << "seed " << seed << ": " << wrong << '\n';
            std::ofstream("fuzz_network.json", std::ios::binary) << text;
            return 1;
        }
    }
    std::cout << tally.texts << " texts, " << tally.bombs << " of them large; " << tally.refused << " refused while reading, " << tally.invalid
              << " by the analysis; " << tally.built << " networks built; at most " << tally.longest << " s and " << (tally.mostMemory >> 20) << " MiB each\n";
    return 0;
}
