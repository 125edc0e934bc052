#include "core/model/Weights.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace limpid {

namespace {

// The format's own limit (huggingface/safetensors, MAX_HEADER_SIZE).
constexpr std::uint64_t maxHeader = 100'000'000;

static_assert(std::endian::native == std::endian::little, "the tensors are copied as they lie in memory");

[[noreturn]] void invalid(const std::string& path, std::string reason)
{
    throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", std::move(reason)}});
}

/// [begin, end) in the bytes after the header.
struct Extent {
    std::uint64_t begin = 0, end = 0;
};

std::uint64_t unsignedOf(const nlohmann::ordered_json& value, const std::string& path, const std::string& reason)
{
    if (!value.is_number_unsigned())
        invalid(path, reason);
    return value.get<std::uint64_t>();
}

/// Checks one entry of the header; its values are not read yet.
std::pair<WeightTensor, Extent> entry(const std::string& name, const nlohmann::ordered_json& json, std::uint64_t available,
                                      const std::string& path)
{
    if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") || !json.contains("data_offsets"))
        invalid(path, name);
    if (json["dtype"] != "F32")
        invalid(path, name + ": dtype");
    if (!json["shape"].is_array())
        invalid(path, name + ": shape");
    WeightTensor tensor{name, {}, {}};
    std::uint64_t bytes = sizeof(float);
    for (const nlohmann::ordered_json& dim : json["shape"]) {
        const std::uint64_t size = unsignedOf(dim, path, name + ": shape");
        // Bounded by what is there, so that no product overflows and no allocation is larger than the file.
        if (size > available || (size != 0 && bytes > available / size))
            invalid(path, name + ": shape");
        bytes *= size;
        tensor.shape.push_back(static_cast<std::int64_t>(size));
    }
    const nlohmann::ordered_json& offsets = json["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2)
        invalid(path, name + ": data_offsets");
    const Extent extent{unsignedOf(offsets[0], path, name + ": data_offsets"),
                        unsignedOf(offsets[1], path, name + ": data_offsets")};
    if (extent.begin > extent.end || extent.end > available || extent.end - extent.begin != bytes)
        invalid(path, name + ": data_offsets");
    return {std::move(tensor), extent};
}

} // namespace

std::string writeSafetensors(const Weights& weights, const std::vector<std::pair<std::string, std::string>>& metadata)
{
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) {
        header["__metadata__"] = nlohmann::ordered_json::object();
        for (const auto& [key, value] : metadata)
            header["__metadata__"][key] = value;
    }
    std::uint64_t offset = 0;
    for (const WeightTensor& tensor : weights) {
        const std::uint64_t end = offset + tensor.values.size() * sizeof(float);
        header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    // Spaces up to a multiple of 8 align the tensors, as the reference writer does.
    text.append((8 - text.size() % 8) % 8, ' ');

    const std::uint64_t length = text.size();
    std::string bytes(sizeof length + text.size() + offset, '\0');
    char* at = bytes.data();
    std::memcpy(at, &length, sizeof length);
    at += sizeof length;
    std::memcpy(at, text.data(), text.size());
    at += text.size();
    for (const WeightTensor& tensor : weights) {
        if (!tensor.values.empty())
            std::memcpy(at, tensor.values.data(), tensor.values.size() * sizeof(float));
        at += tensor.values.size() * sizeof(float);
    }
    return bytes;
}

Weights readSafetensors(std::string_view bytes, const std::string& path)
{
    std::uint64_t length = 0;
    if (bytes.size() < sizeof length)
        invalid(path, "header");
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > maxHeader || length > bytes.size() - sizeof length)
        invalid(path, "header");
    const std::string_view text = bytes.substr(sizeof length, length);
    const std::string_view data = bytes.substr(sizeof length + length);

    // The parser keeps the last of equal names: refuse those.
    std::vector<std::string> names;
    const auto watch = [&](int depth, nlohmann::ordered_json::parse_event_t event, nlohmann::ordered_json& parsed) {
        if (depth == 1 && event == nlohmann::ordered_json::parse_event_t::key)
            names.push_back(parsed.get<std::string>());
        return true;
    };
    const nlohmann::ordered_json header = nlohmann::ordered_json::parse(text, watch, false);
    if (!header.is_object())
        invalid(path, "header");
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end())
        invalid(path, "header");

    std::vector<std::pair<WeightTensor, Extent>> entries;
    for (const auto& [name, value] : header.items())
        if (name != "__metadata__")
            entries.push_back(entry(name, value, data.size(), path));

    // The format wants the tensors to fill the bytes without holes or overlap.
    std::vector<const Extent*> extents;
    for (const auto& [tensor, extent] : entries)
        extents.push_back(&extent);
    std::sort(extents.begin(), extents.end(), [](const Extent* a, const Extent* b) {
        return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
    });
    std::uint64_t covered = 0;
    for (const Extent* extent : extents) {
        if (extent->begin != covered)
            invalid(path, "data_offsets");
        covered = extent->end;
    }
    if (covered != data.size())
        invalid(path, "data_offsets");

    // Header order can be any; the order of the data is the writer's.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.second.begin < b.second.begin; });
    Weights weights;
    for (auto& [tensor, extent] : entries) {
        tensor.values.resize((extent.end - extent.begin) / sizeof(float));
        if (!tensor.values.empty())
            std::memcpy(tensor.values.data(), data.data() + extent.begin, extent.end - extent.begin);
        weights.push_back(std::move(tensor));
    }
    return weights;
}

} // namespace limpid
