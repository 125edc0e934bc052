#pragma once

#include "core/model/Predictor.h"

namespace limpid::engine {

/// Several models of one pipeline whose prediction is the mean of theirs: of the probabilities of classes (a linear opinion
/// pool), of the target for regression. Raw outputs for classes are those of that mean, log p, and for a binary target
/// log p − log(1 − p), so that both spaces agree.
class EnsemblePredictor final : public Predictor
{
public:
    /// At least one, all of the same pipeline.
    explicit EnsemblePredictor(std::vector<std::unique_ptr<Predictor>> members) : m_members(std::move(members)) {}

    const Pipeline& pipeline() const override { return m_members.front()->pipeline(); }
    std::size_t outputCount(OutputSpace space) const override { return m_members.front()->outputCount(space); }
    std::vector<std::string> outputNames(OutputSpace space) const override { return m_members.front()->outputNames(space); }
    Predictions predict(const Features& features, OutputSpace space, Task& task) const override;
    /// The mean of the members' own, each in its fast way, where the prediction is a mean in that space; else row by row.
    std::vector<double> coalitionMeans(const Features& rows, const Features& background, const Coalitions& coalitions,
                                       OutputSpace space, Task& task) const override;

private:
    bool isMeanIn(OutputSpace space) const;

    std::vector<std::unique_ptr<Predictor>> m_members;
};

} // namespace limpid::engine
