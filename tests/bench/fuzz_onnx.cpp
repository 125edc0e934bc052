// Reads damaged ONNX files: the fixtures with bytes changed, taken out, doubled or put in from another one.
// fuzz_onnx FOLDER SECONDS [SEED]: ends with 1 where something else than an Error comes of one, or a network that can't be kept.
// Meant to be run with the sanitizers on; prints how much it did and the most memory that it took.

#include "core/base/File.h"
#include "core/exchange/OnnxImport.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <sstream>

#include <sys/resource.h>

using namespace limpid;

namespace {

std::string mutated(std::string bytes, const std::vector<std::string>& files, std::mt19937_64& random)
{
    const auto below = [&](std::size_t end) { return end == 0 ? 0 : random() % end; };
    // Where no byte is taken out or put in, lengths stay right, and damage gets as far as the operators.
    const std::size_t kinds = below(4) > 0 ? 5 : 9;
    for (std::size_t change = 0, changes = 1 + below(6); change < changes && !bytes.empty(); ++change) {
        const std::size_t at = below(bytes.size()), length = std::min(bytes.size() - at, 1 + below(40));
        const std::string& other = files[below(files.size())];
        const std::size_t from = below(other.size());
        switch (below(kinds)) {
        case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
        case 1: bytes[at] = static_cast<char>(random()); break;
        case 2: bytes[at] = "\x00\xff\x7f\x80\x01"[below(5)]; break;
        case 3: // something from elsewhere
            for (std::size_t i = 0; i < length && from + i < other.size(); ++i)
                bytes[at + i] = other[from + i];
            break;
        case 4: { // an operator or an attribute under another's name, or a name that another has
            static const std::vector<std::string> words{"Conv", "Relu", "Gemm", "Add", "Mul", "Pad", "LSTM", "Slice", "Shape", "Gather", "Concat", "Reshape",
                                                        "Squeeze", "Resize", "Transpose", "Flatten", "axis", "axes", "perm", "pads", "group", "/1/", "/2/", "_output_0"};
            const std::string &old = words[below(words.size())], &now = words[below(words.size())];
            if (const std::size_t found = bytes.find(old, at); found != std::string::npos && old.size() == now.size())
                bytes.replace(found, now.size(), now);
            break;
        }
        case 5: bytes.erase(at, length); break;
        case 6: bytes.insert(at, bytes.substr(at, length)); break;
        case 7: bytes.insert(at, 1 + below(11), '\xff'); break; // a length or number that is too large
        case 8: bytes.resize(at); break;
        }
    }
    return bytes;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: fuzz_onnx FOLDER SECONDS [SEED]\n");
        return 2;
    }
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
        if (isOnnxFile(entry.path()))
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> files;
    for (const auto& path : paths)
        files.push_back(readFile(path));
    if (files.empty()) {
        std::fprintf(stderr, "no .onnx file in %s\n", argv[1]);
        return 2;
    }
    std::mt19937_64 random(argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(std::atof(argv[2]));
    std::map<std::string, std::size_t> outcomes;
    std::size_t count = 0;
    while (std::chrono::steady_clock::now() < end) {
        ++count;
        const std::string bytes = mutated(files[random() % files.size()], files, random);
        std::string outcome = "read";
        try {
            std::istringstream stream(bytes);
            const ImportedNetwork imported = readOnnx(stream, "fuzz.onnx");
            analyse(imported.network, imported.context);
            if (NetworkSpec::fromJson(nlohmann::json::parse(imported.network.toJson().dump())) != imported.network) {
                std::fprintf(stderr, "another network after %zu: seed it again\n", count);
                return 1;
            }
        } catch (const Error& error) {
            outcome = errorName(error.code());
            for (const auto& [name, value] : error.facts())
                (void)nlohmann::json(value).dump(); // what isn't UTF-8 throws
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s after %zu\n", error.what(), count);
            return 1;
        }
        ++outcomes[outcome];
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%zu files, at most %ld MiB of memory:", count, usage.ru_maxrss / 1024);
    for (const auto& [name, times] : outcomes)
        std::printf(" %s %zu", name.c_str(), times);
    std::printf("\n");
    return outcomes.size() > 1 ? 0 : 1;
}
