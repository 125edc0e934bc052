#pragma once

#include "core/model/Differentiable.h"
#include "core/model/Randomisable.h"

#include <mutex>

namespace limpid::engine {

/// Several models of one pipeline whose prediction is the mean of theirs: of the probabilities of classes (a linear opinion
/// pool), of the target for regression. Raw outputs for classes are those of that mean, log p, and for a binary target
/// log p − log(1 − p), so that both spaces agree.
class EnsemblePredictor final : public DifferentiablePredictor, public Randomisable
{
public:
    /// At least one, all of the same pipeline.
    explicit EnsemblePredictor(std::vector<std::unique_ptr<DifferentiablePredictor>> members) : m_members(std::move(members)) {}

    const Pipeline& pipeline() const override { return m_members.front()->pipeline(); }
    std::size_t outputCount(OutputSpace space) const override { return m_members.front()->outputCount(space); }
    std::vector<std::string> outputNames(OutputSpace space) const override { return m_members.front()->outputNames(space); }
    Predictions predict(const Features& features, OutputSpace space, Task& task) const override;
    /// The mean of the members' own, each in its fast way, where the prediction is a mean in that space; else row by row.
    std::vector<double> coalitionMeans(const Features& rows, const Features& background, const Coalitions& coalitions,
                                       OutputSpace space, Task& task, std::span<const double> weights) const override;

    /// The points of the members side by side, as each has embeddings of its own.
    std::size_t pointWidth() const override;
    const std::vector<std::size_t>& pointPlayers() const override;
    bool separatesColumns() const override;
    Points points(const Features& features, Task& task) const override;
    std::vector<double> outputsAt(const Points& points, OutputSpace space, Task& task) const override;
    PointGradients gradientsAt(const Points& points, OutputSpace space, BackwardRule rule, Task& task) const override;
    /// Of the members, where they agree.
    std::optional<ImageShape> image() const override;
    std::vector<std::string> pictureLayers() const override { return m_members.front()->pictureLayers(); }
    std::string lastPictureLayer() const override { return m_members.front()->lastPictureLayer(); }
    /// The mean of the members' own maps; the outputs are the ensemble's.
    ActivationMaps activationMaps(const Points& points, const std::string& layer, OutputSpace space, Task& task) const override;
    /// The ledger has each layer once, with the largest leak of all members.
    DeepLiftContributions deepLift(const Points& rows, const Points& references, OutputSpace space, bool ledger, Task& task) const override;

    /// Of each member, which are of one network; none where a member is of another kind.
    std::vector<std::string> weightedLayers() const override;
    /// Each member with weights of its own.
    std::unique_ptr<Predictor> randomised(std::size_t layers, std::uint64_t seed) const override;

private:
    bool isMeanIn(OutputSpace space) const;
    Predictions pooled(std::span<const Predictions> members, OutputSpace space) const;
    /// The members' points out of theirs side by side.
    std::vector<Points> apart(const Points& points) const;
    DeepLiftContributions meanDeepLift(const std::vector<Points>& rows, const std::vector<Points>& references, OutputSpace space, bool ledger,
                                       Task& task) const;
    /// d raw / d probability of a class.
    double rawSlope(double probability) const;

    std::vector<std::unique_ptr<DifferentiablePredictor>> m_members;
    mutable std::once_flag m_playersFound;
    mutable std::vector<std::size_t> m_players;
};

} // namespace limpid::engine
