#pragma once

#include "core/engine/ForwardPlan.h"
#include "core/engine/OutputTransform.h"

#include <span>
#include <vector>

namespace limpid::engine {

/// The weighted mean of what a network gives for some rows, which may come in several runs of a plan.
///
/// Where the network ends in a Linear layer and the transform is no more than a scale and a shift, the mean is taken before
/// that layer, and of a ReLU there on the way: the layer is a product for each mean then, not for each row.
class RowMeans
{
public:
    /// Keeps references to plan and transform. Sets in `given` the layers that it does itself; runs leave those out.
    RowMeans(const ForwardPlan& plan, const OutputTransform& transform, std::vector<bool>& given);

    /// The next rows: `rows` of them have been run in the workspace, the last layer's buffer being `raw`.
    void take(ForwardPlan::Workspace& workspace, const float* raw, std::size_t rows);
    /// Rows [begin, begin + weights.size()) of those taken count as much as that.
    void add(std::size_t begin, std::span<const float> weights);
    /// The sums of the rows added, over `total`, into to [outputs]; starts anew.
    void finish(double total, double* to);

private:
    void findEnd(std::vector<bool>& given);

    const ForwardPlan& m_plan;
    const OutputTransform& m_transform;
    std::size_t m_outputs = 0;
    bool m_linearEnd = false;
    std::size_t m_source = 0;           ///< the layer whose values are added up
    float m_floor = 0.0f;               ///< of its values; −∞ leaves them
    std::vector<float> m_weight, m_bias; ///< of the last layer: [outputs, width], [outputs]
    const float* m_values = nullptr;    ///< of the source, in the workspace
    std::vector<double> m_predicted;    ///< [rows, outputs]
    std::vector<float> m_part;          ///< [width]
    std::vector<double> m_sums;         ///< [width], or [outputs]
};

} // namespace limpid::engine
