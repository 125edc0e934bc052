#pragma once

#include "core/engine/Network.h"

namespace limpid::engine {

/// How many rows go through the network at once: 8192, or fewer where its layers are so wide that their buffers would be large.
std::size_t chunkRows(const Network& network);
/// The same by how many values all layers together give for a row.
std::size_t chunkRows(std::int64_t values);

/// The inference forward pass of a network, layer by layer into buffers made once: no autograd, no allocation a layer.
/// Const, so that several threads run it, each with a Workspace of its own. Weights are read as they are at each run,
/// but for batch norms, which are folded into a scale and a shift when the plan is made.
class ForwardPlan
{
public:
    /// Shared: a layer that can computes over its input, and a Conv2d does the ReLU behind it. Apart: each keeps what it gave.
    enum class Buffers { Shared, Apart };
    /// Keeps a reference to the network.
    explicit ForwardPlan(const Network& network, Buffers buffers = Buffers::Shared);
    ~ForwardPlan();
    ForwardPlan(ForwardPlan&&) noexcept;

    /// The buffers of one thread, for up to `rows` rows at a time.
    class Workspace
    {
    public:
        Workspace(const ForwardPlan& plan, std::size_t rows);
        ~Workspace();
        Workspace(Workspace&&) noexcept;

        /// The buffer of a layer: [rows, width], row-major. Layers that compute in place share their input's.
        float* buffer(std::size_t layer);

    private:
        friend class ForwardPlan;
        struct Private;
        std::unique_ptr<Private> d;
    };

    /// Computes every layer; batch.rows is at most the workspace's. Result [rows, outputs], the workspace's until the next run.
    const float* run(const Batch& batch, Workspace& workspace) const;

    /// Computes only layers for which `given` is false; the others' buffers have been filled by the caller.
    const float* runFrom(const std::vector<bool>& given, const Batch& batch, Workspace& workspace) const;

    const Network& network() const;
    /// How many layers take their input from this one.
    std::size_t consumers(std::size_t layer) const;

private:
    void compute(std::size_t layer, const Batch& batch, Workspace& workspace) const;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid::engine
