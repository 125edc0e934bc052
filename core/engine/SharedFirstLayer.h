#pragma once

#include "core/engine/ForwardPlan.h"
#include "core/engine/OutputTransform.h"
#include "core/model/Predictor.h"

namespace limpid::engine {

/// The mean prediction of coalitions without building their composite rows.
///
/// Up to its first dense layer a network treats the user's columns apart, so the layer's sum over inputs is a sum over
/// players: W·composite + bias = Σ_{p∈S} W_p·x_p + (bias + Σ_{p∉S} W_p·b_p). The first part depends on row and coalition, the
/// second on background row and coalition; each is computed once and a composite costs one addition a unit. The rest of
/// the network then runs as usual. Where something else than a dense layer reads such columns (a LayerNorm, an Add), they
/// are put together for it by choosing from row and background.
class SharedFirstLayer
{
public:
    /// Keeps references to plan and pipeline. Encodes rows and background once. `weights` of the background's rows, empty: all the same.
    SharedFirstLayer(const ForwardPlan& plan, const Pipeline& pipeline, const Features& rows, const Features& background,
                     std::span<const double> weights);
    ~SharedFirstLayer();

    /// How many coalitions means() takes together: enough to fill a few chunks, and no more, as their parts are what takes memory. The last
    /// bits go by where it begins, so begin at multiples of this.
    std::size_t coalitionsAtOnce() const;
    /// Weighted means of coalitions [begin, end) into means [rows, coalitions, outputs], row-major. Const: threads share it.
    void means(const Coalitions& coalitions, std::size_t begin, std::size_t end, const OutputTransform& transform,
               std::vector<double>& means, const Task& task) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid::engine
