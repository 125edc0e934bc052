#pragma once

#include "core/base/Task.h"
#include "core/data/Pipeline.h"
#include "core/engine/DeadUnits.h"
#include "core/engine/Loss.h"
#include "core/engine/Network.h"
#include "core/metrics/Metrics.h"

#include <limits>

namespace limpid::engine {

/// The figures of raw outputs [rows, outputs] against encoded targets [rows, targets], in the user's own unit for regressions.
MetricSet metricsOf(const Pipeline& pipeline, std::span<const float> raw, std::span<const float> targets);

/// The same rows as a picture, but for the epoch and the dead units. Takes finite outputs. Costs a sort of the rows a class.
ValidationPicture pictureOf(const Pipeline& pipeline, std::span<const float> raw, std::span<const float> targets);

/// Loss and figures of a part of the data under a network's present values, without dropout. Keeps references.
class Evaluator
{
public:
    Evaluator(const Pipeline& pipeline, const Features& features, const Loss& loss)
        : m_pipeline(pipeline), m_features(features), m_loss(loss), m_deadUnits(features)
    {
    }

    struct Figures {
        double loss = std::numeric_limits<double>::quiet_NaN(); ///< NaN: no rows, or it diverged
        MetricSet metrics;                                      ///< empty where the loss is not finite
        std::vector<float> raw;                                 ///< what the network gave, [rows, outputs]
    };
    /// Throws Cancelled.
    Figures evaluate(const Network& network, const Task& task) const;
    /// What one sees of the rows under the network's values, of which `raw` are the outputs: Figures of a finite loss.
    ValidationPicture picture(const Network& network, std::span<const float> raw) const;

private:
    const Pipeline& m_pipeline;
    const Features& m_features;
    const Loss& m_loss;
    DeadUnitFinder m_deadUnits;
};

} // namespace limpid::engine
