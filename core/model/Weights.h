#pragma once

#include "core/base/Error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace limpid {

/// A named tensor of float32, row-major.
struct WeightTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<float> values;
    bool operator==(const WeightTensor&) const = default;
};

/// In the order of the network's nodes; names as PyTorch's state_dict ("hidden1.weight", "norm.running_mean").
using Weights = std::vector<WeightTensor>;

/// The safetensors format: 8-byte little-endian header length, JSON header, raw tensors. Byte-identical for equal weights.
std::string writeSafetensors(const Weights& weights, const std::vector<std::pair<std::string, std::string>>& metadata = {});
/// Throws BundleInvalid (path as given) for anything that is not whole and well-formed.
Weights readSafetensors(std::string_view bytes, const std::string& path);

} // namespace limpid
