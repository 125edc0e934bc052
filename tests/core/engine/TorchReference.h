#pragma once

#include "core/engine/Network.h"

#include <memory>

namespace limpid::test {

/// A network built from LibTorch's own modules (torch::nn), block by block and without anything of core/engine: what shapes, weights,
/// values and gradients are held against. Where PyTorch has no module, the formula stands here a second time.
/// Everything throws c10::Error as LibTorch does; call it within engine::guarded.
class TorchReference
{
public:
    /// One layer, its weights' names and sizes as its module has them (trained ones, then buffers).
    struct Node {
        std::string id;
        std::vector<std::int64_t> shape;    ///< of its output, without the batch
        std::vector<std::pair<std::string, std::vector<std::int64_t>>> parameters, buffers;
        std::int64_t parameterCount = 0;    ///< 0 where it uses another layer's
    };

    /// Computes in double precision, or in single as LibTorch usually does.
    TorchReference(const NetworkSpec& spec, const NetworkContext& context, bool isDouble);
    ~TorchReference();

    /// In the order that is given, which must be a topological one of all layers; false where it is not. The first call makes the
    /// modules; `training`: batches are normalised by their own statistics and dropout drops.
    bool forward(const engine::Batch& batch, const std::vector<std::string>& order, bool training);
    const std::vector<Node>& nodes() const;         ///< in that order
    std::int64_t peak() const;                      ///< of the last forward(): most values of a row that were held at once

    /// By name: "layer.weight".
    void load(const Weights& weights);
    std::vector<double> outputs() const;            ///< [rows, outputs]
    /// Of Σ outputs · outputGradient with respect to the weights, by name; what nothing reads has none.
    void backward(const std::vector<float>& outputGradient);
    std::vector<double> gradient(const std::string& name) const;
    std::vector<double> value(const std::string& name) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid::test
