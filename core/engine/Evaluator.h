#pragma once

#include "core/base/Task.h"
#include "core/data/Pipeline.h"
#include "core/engine/Loss.h"
#include "core/engine/Network.h"
#include "core/metrics/Metrics.h"

#include <limits>

namespace limpid::engine {

/// The figures of raw outputs [rows, outputs] against encoded targets [rows, targets], in the user's own unit for regressions.
MetricSet metricsOf(const Pipeline& pipeline, std::span<const float> raw, std::span<const float> targets);

/// Loss and figures of a part of the data under a network's present values, without dropout. Keeps references.
class Evaluator
{
public:
    Evaluator(const Pipeline& pipeline, const Features& features, const Loss& loss)
        : m_pipeline(pipeline), m_features(features), m_loss(loss)
    {
    }

    struct Figures {
        double loss = std::numeric_limits<double>::quiet_NaN(); ///< NaN: no rows, or it diverged
        MetricSet metrics;                                      ///< empty where the loss is not finite
    };
    /// Throws Cancelled.
    Figures evaluate(const Network& network, const Task& task) const;

private:
    const Pipeline& m_pipeline;
    const Features& m_features;
    const Loss& m_loss;
};

} // namespace limpid::engine
