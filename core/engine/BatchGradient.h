#pragma once

#include "core/data/Pipeline.h"
#include "core/engine/Loss.h"
#include "core/engine/Pass.h"
#include "core/engine/Team.h"

#include <span>

namespace limpid::engine {

/// Loss and gradient of a batch: gathers its rows, shares them out in a fixed number of parts, and adds up in their order,
/// so that sums do not depend on how many threads there are at the moment.
class BatchGradient
{
public:
    /// `batch`: rows that go through the network at once. `threads` most; keeps references.
    BatchGradient(Network& network, const Features& features, const Loss& loss, std::size_t batch, int threads, std::uint64_t seed);

    /// The mean loss of these rows, `batch` of them at a time; writes network.gradients(). They are not written where the
    /// loss is not finite.
    double compute(std::span<const std::size_t> rows, int threads);

    /// Raw outputs of the last compute()'s rows, [rows, outputs], and their targets [rows, targetWidth].
    std::span<const float> outputs() const { return m_outputs; }
    std::span<const float> targets() const { return m_targets; }

    std::vector<Random::State> dropout() const;
    void setDropout(const std::vector<Random::State>& states);

private:
    struct Part {
        std::vector<float> numbers, targets, outputGradient;
        std::vector<std::int32_t> categories;
        std::unique_ptr<Pass> pass;
        Random dropout;
        double loss = 0.0;
    };
    void gatherTargets(std::span<const std::size_t> rows, float* to) const;
    void computePart(std::size_t index, std::span<const std::size_t> rows, double normaliser, float* outputs, bool add);

    Network& m_network;
    const Features& m_features;
    const Loss& m_loss;
    const std::size_t m_batch;
    std::vector<Network> m_siblings;   ///< of the second part and on
    std::vector<Part> m_parts;
    std::vector<float> m_outputs, m_targets;
    Team m_team;
};

} // namespace limpid::engine
