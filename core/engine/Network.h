#pragma once

#include "core/base/Random.h"
#include "core/engine/ImageWindow.h"
#include "core/model/NetworkSpec.h"
#include "core/model/Weights.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace at {
class Tensor;
}

namespace limpid::engine {

/// Other: LibTorch computes and differentiates it (LayerOps.h).
enum class LayerKind {
    InputNumbers, InputCategories, InputText, Other, Linear, Embedding, Conv2d, MaxPool2d, AvgPool2d, ReLU, LeakyReLU, ELU, SELU, GELU, SiLU,
    Tanh, Sigmoid, Softplus, BatchNorm1d, BatchNorm2d, LayerNorm, Dropout, Dropout2d, Flatten, Reshape, Concat, Add
};

/// One node that the outputs depend on, resolved: what the arithmetic needs and nothing else.
struct Layer {
    LayerKind kind = LayerKind::Other;
    const LayerType* type = nullptr;   ///< of the catalogue; of a Concat that joins several outputs, too
    ParamValues params;
    std::string id;
    std::vector<std::size_t> inputs;   ///< indices into Network::layers(), all smaller than this one's
    std::int64_t width = 0;            ///< values of the output, or category columns, or words
    std::vector<std::int64_t> dims;    ///< of the output
    std::vector<std::size_t> tensors;  ///< indices into Network::weightSlots(), in the order of LayerType::tensors; another layer's where it shares them
    std::vector<std::int64_t> widths;  ///< Embedding: of each column
    double a = 0.0, b = 0.0;           ///< slope, alpha, beta/threshold, eps/momentum, p
    bool tanhApproximation = false;    ///< GELU
    ImageWindow window;                ///< Conv2d and pools
    std::int64_t groups = 1;           ///< Conv2d
    bool countsPadding = true;         ///< AvgPool2d
    /// Values of one channel of the output: 1 for rows.
    std::int64_t area() const { return width / dims.front(); }
};

/// One tensor of weights: a stretch of the network's values. Names and shapes are TensorSpec's, that is PyTorch's.
struct Slot {
    std::string name;
    std::vector<std::int64_t> shape;
    std::size_t offset = 0, count = 0;
    bool trained = true;   ///< false: running statistics, and frozen layers
    bool decays = false;   ///< weight decay applies: matrices, not biases and norms
    Initial initial;
    std::string rule;      ///< weight_init, or "default": `initial`
};

/// A batch in the layout of Features: numbers [rows, numberWidth], categories [rows, categoryWidth].
struct Batch {
    std::int64_t rows = 0;
    const float* numbers = nullptr;
    const std::int32_t* categories = nullptr;
};

/// A network with its values (weights and running statistics) in one stretch of memory, and the gradients in another.
class Network
{
public:
    /// Throws the analysis's first Error.
    Network(const NetworkSpec& spec, const NetworkContext& context);
    ~Network();
    Network(Network&&) noexcept;
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// Another one on the same values, with gradients of its own: for a second thread working on a part of a batch.
    Network sibling() const;

    const std::vector<Layer>& layers() const;
    const std::vector<Slot>& weightSlots() const;
    std::int64_t numberWidth() const;
    std::int64_t categoryWidth() const;
    /// How many of a row's last categories are words of its text.
    std::int64_t textWidth() const;
    std::int64_t outputs() const;
    bool has(LayerKind kind) const;

    std::span<float> values();
    std::span<const float> values() const;
    /// The values of one slot, shaped; shares their memory. A leaf whose grad lies in gradients().
    const at::Tensor& tensor(std::size_t slot) const;

    /// Each tensor by its TensorSpec, or by the layer's weight_init (torch.nn.init, with ReLU's gain for the Kaiming ones), one
    /// random stream a tensor.
    void initialise(std::uint64_t seed);
    /// In the order of the network's nodes.
    Weights weights() const;
    /// Throws BundleInvalid unless names and shapes are exactly this network's.
    void load(const Weights& weights, const std::string& path);

    /// Parallel to values(): of this network alone, not of its siblings.
    std::span<float> gradients();

private:
    Network();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid::engine
