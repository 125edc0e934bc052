#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace limpid {

/// SHA-256 over what is added, as 64 lower-case hex digits.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::span<const std::byte> bytes);
    void add(std::string_view text);
    /// Ends the hash; add() must not be called after it.
    std::string hex();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

std::string sha256(std::string_view bytes);
/// Throws FileNotFound, FileUnreadable.
std::string sha256OfFile(const std::filesystem::path& path);

} // namespace limpid
