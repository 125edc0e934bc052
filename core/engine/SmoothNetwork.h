#pragma once

#include "core/engine/Network.h"
#include "core/engine/OutputTransform.h"
#include "core/model/Differentiable.h"

namespace limpid::engine {

/// A network as a function of Points, in double precision: what gradients and DeepLIFT are taken of. Const members may be
/// called from several threads.
class SmoothNetwork
{
public:
    /// A stretch of a point: the numbers, or what one layer of embeddings gives for categories or words.
    struct Entry {
        std::size_t layer = 0;
        std::size_t begin = 0, width = 0;
    };

    /// Keeps a reference to the network; copies its weights.
    SmoothNetwork(const Network& network, const std::vector<FeatureGroup>& groups);
    ~SmoothNetwork();

    const std::vector<Layer>& layers() const { return m_network.layers(); }
    const std::vector<Entry>& entries() const { return m_entries; }
    bool isEntry(std::size_t layer) const;
    /// Whether a layer gives indices, which nothing can be a gradient of.
    bool isIndex(std::size_t layer) const;
    std::size_t width() const { return m_players.size(); }
    const std::vector<std::size_t>& players() const { return m_players; }
    /// Whether one value of a point stands for several columns at once (one bag of the words of several columns), so that
    /// nothing can be said of each.
    bool mixesColumns() const { return m_mixesColumns; }
    std::size_t outputs() const { return static_cast<std::size_t>(m_network.outputs()); }
    const at::Tensor& weight(std::size_t slot) const;

    Points points(const Features& features, Task& task) const;
    /// Of every layer but the index ones, each [rows, dimensions…], from points [rows, width]; the last is [rows, outputs].
    /// What the layer `leaf` gives is cut off from what came before, and asks for a gradient.
    std::vector<at::Tensor> forward(const at::Tensor& points, BackwardRule rule = BackwardRule::Gradient,
                                    std::optional<std::size_t> leaf = std::nullopt) const;
    /// One layer that is no entry.
    at::Tensor compute(std::size_t layer, const std::vector<at::Tensor>& inputs, BackwardRule rule = BackwardRule::Gradient) const;

    std::vector<double> outputsAt(const Points& points, const OutputTransform& transform, std::size_t begin, std::size_t end) const;
    /// Of the points [begin, end), into their places in `result`.
    void gradientsAt(const Points& points, const OutputTransform& transform, BackwardRule rule, std::size_t begin, std::size_t end,
                     PointGradients& result, Task& task) const;

    /// What the layer gives as the one thing that the outputs depend on: Grad-CAM's maps of the points [begin, end), into their places.
    void activationMaps(const Points& points, const OutputTransform& transform, std::size_t layer, std::size_t begin, std::size_t end,
                        ActivationMaps& result, Task& task) const;

private:
    void addEntry(std::size_t layer, const std::vector<FeatureGroup>& groups);

    const Network& m_network;
    std::vector<Entry> m_entries;
    std::vector<std::size_t> m_players;
    bool m_mixesColumns = false;
    struct Tensors;
    std::unique_ptr<Tensors> d;
};

/// [begin, end) of points, as a tensor on their memory.
at::Tensor tensorOf(const Points& points, std::size_t begin, std::size_t end);
/// OutputTransform of tensors, which can be differentiated.
at::Tensor transformed(const OutputTransform& transform, const at::Tensor& raw);

} // namespace limpid::engine
