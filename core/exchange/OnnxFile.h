#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace limpid {

// What a .onnx file says of a network's structure, as it stands there: for core/exchange alone.
//
// The messages are read here rather than by libonnx. Debian's LibTorch links the same libonnx_proto, which would be safe; PyTorch's own
// builds carry a copy of it, and two that enter "onnx-ml.proto" into protobuf's one pool of descriptors end the process at start-up.
// Protobuf's parser would also load all weights, of which none is needed, and believe what lengths claim. Fewer than ten messages
// matter (github.com/onnx/onnx, onnx/onnx.proto), and here every size is checked before anything is kept.

/// A tensor's name and shape, and its values where they are few enough to be sizes, indices or one number.
struct OnnxTensor {
    std::string name;
    int type = 0;                        ///< TensorProto.DataType: 1 float, 6 int32, 7 int64, 9 bool, 11 double, …
    std::vector<std::int64_t> dims;
    bool known = false;                  ///< the values below are the tensor's
    std::vector<std::int64_t> integers;  ///< of type 6, 7, 9
    std::vector<double> numbers;         ///< of type 1, 11
};

struct OnnxAttribute {
    std::string name;
    double number = 0.0;
    std::int64_t integer = 0;
    std::string text;                    ///< of several texts: with commas between
    std::vector<OnnxTensor> tensors;     ///< at most one
    std::vector<double> numbers;
    std::vector<std::int64_t> integers;
};

struct OnnxNode {
    std::string name, op, domain;
    std::vector<std::string> inputs, outputs;   ///< names of values; "" where an optional one is left out
    std::vector<OnnxAttribute> attributes;

    const OnnxAttribute* find(std::string_view attribute) const;
    std::int64_t integer(std::string_view attribute, std::int64_t usual) const;
    double number(std::string_view attribute, double usual) const;
    std::string text(std::string_view attribute, std::string_view usual) const;
    /// Empty where it is left out.
    std::vector<std::int64_t> integers(std::string_view attribute) const;
    bool hasInput(std::size_t index) const { return index < inputs.size() && !inputs[index].empty(); }
};

/// An input or output of the graph.
struct OnnxPort {
    std::string name;
    int type = 0;                        ///< as OnnxTensor::type; 0: no tensor
    std::vector<std::int64_t> dims;      ///< -1: open
};

struct OnnxGraph {
    std::int64_t opset = 1;              ///< of the standard operators
    std::vector<OnnxNode> nodes;
    std::vector<OnnxTensor> weights;     ///< "initializers"
    std::vector<OnnxPort> inputs, outputs;
};

/// Reads from the start; the stream can seek. `path` stands in errors alone. Memory is bounded by what is really there and by limits, never
/// by what a length says. Throws NetworkImport, NetworkTooLarge.
OnnxGraph readOnnxGraph(std::istream& stream, const std::string& path);

/// Printable text of at most 80 bytes, for errors: names in files may hold anything.
std::string readableName(std::string_view name);

} // namespace limpid
