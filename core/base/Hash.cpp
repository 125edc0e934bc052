#include "core/base/Hash.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <fstream>
#include <openssl/evp.h>
#include <vector>

namespace limpid {

struct Sha256::Private {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~Private() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : d(std::make_unique<Private>())
{
    EVP_DigestInit_ex(d->context, EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(d->context, bytes.data(), bytes.size());
}

void Sha256::add(std::string_view text)
{
    add(std::as_bytes(std::span(text.data(), text.size())));
}

std::string Sha256::hex()
{
    unsigned char digest[32];
    EVP_DigestFinal_ex(d->context, digest, nullptr);
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(64);
    for (const unsigned char byte : digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string sha256(std::string_view bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.hex();
}

std::string sha256OfFile(const std::filesystem::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    if (!std::filesystem::exists(path))
        throw Error(ErrorCode::FileNotFound, {{"path", utf8(path)}});
    if (!stream || std::filesystem::is_directory(path))
        throw Error(ErrorCode::FileUnreadable, {{"path", utf8(path)}});
    Sha256 hash;
    std::vector<char> buffer(1 << 20);
    while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || stream.gcount() > 0)
        hash.add(std::string_view(buffer.data(), static_cast<std::size_t>(stream.gcount())));
    return hash.hex();
}

} // namespace limpid
