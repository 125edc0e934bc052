#include "core/engine/EnsemblePredictor.h"

#include <algorithm>
#include <cmath>

// The differentiable side of an ensemble: a mean of its members in one space of outputs, and a bend of that mean in the other.

namespace limpid::engine {

std::size_t EnsemblePredictor::pointWidth() const
{
    return pointPlayers().size();
}

const std::vector<std::size_t>& EnsemblePredictor::pointPlayers() const
{
    std::call_once(m_playersFound, [&] {
        for (const auto& member : m_members)
            m_players.insert(m_players.end(), member->pointPlayers().begin(), member->pointPlayers().end());
    });
    return m_players;
}

bool EnsemblePredictor::separatesColumns() const
{
    return std::all_of(m_members.begin(), m_members.end(), [](const auto& member) { return member->separatesColumns(); });
}

Points EnsemblePredictor::points(const Features& features, Task& task) const
{
    Points made{features.rows, pointWidth(), {}};
    made.values.resize(made.rows * made.width);
    std::size_t begin = 0;
    for (const auto& member : m_members) {
        const Points own = member->points(features, task);
        for (std::size_t row = 0; row < made.rows; ++row)
            std::copy_n(own.row(row), own.width, made.row(row) + begin);
        begin += own.width;
    }
    return made;
}

std::vector<Points> EnsemblePredictor::apart(const Points& points) const
{
    std::vector<Points> parts;
    std::size_t begin = 0;
    for (const auto& member : m_members) {
        Points part{points.rows, member->pointWidth(), {}};
        for (std::size_t row = 0; row < points.rows; ++row)
            part.values.insert(part.values.end(), points.row(row) + begin, points.row(row) + begin + part.width);
        begin += part.width;
        parts.push_back(std::move(part));
    }
    return parts;
}

std::vector<double> EnsemblePredictor::outputsAt(const Points& points, OutputSpace space, Task& task) const
{
    const std::vector<Points> parts = apart(points);
    std::vector<Predictions> members;
    for (std::size_t m = 0; m < m_members.size(); ++m)
        members.push_back({points.rows, outputCount(space), m_members[m]->outputsAt(parts[m], space, task)});
    return pooled(members, space).values;
}

double EnsemblePredictor::rawSlope(double probability) const
{
    constexpr double least = 1e-300;
    const double p = std::max(probability, least);
    // log p, or log p − log(1 − p)
    return pipeline().task() == TaskKind::MultiClass ? 1.0 / p : 1.0 / (p * std::max(1.0 - p, 1e-16));
}

PointGradients EnsemblePredictor::gradientsAt(const Points& points, OutputSpace space, BackwardRule rule, Task& task) const
{
    const OutputSpace mean = isMeanIn(space) ? space : OutputSpace::Probability;
    const std::vector<Points> parts = apart(points);
    const std::size_t outputs = outputCount(space), cells = points.rows * outputs;
    const auto count = static_cast<double>(m_members.size());
    PointGradients result;
    result.outputs.assign(cells, 0.0);
    result.gradients.resize(cells * points.width);
    std::size_t begin = 0;
    for (std::size_t m = 0; m < m_members.size(); ++m) {
        const PointGradients own = m_members[m]->gradientsAt(parts[m], mean, rule, task);
        for (std::size_t cell = 0; cell < cells; ++cell) {
            result.outputs[cell] += own.outputs[cell] / count;
            for (std::size_t k = 0; k < parts[m].width; ++k)
                result.gradients[cell * points.width + begin + k] = own.gradients[cell * parts[m].width + k] / count;
        }
        begin += parts[m].width;
    }
    if (mean == space)
        return result;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        const double slope = rawSlope(result.outputs[cell]);
        for (std::size_t k = 0; k < points.width; ++k)
            result.gradients[cell * points.width + k] *= slope;
    }
    result.outputs = outputsAt(points, space, task);
    return result;
}

std::optional<ImageShape> EnsemblePredictor::image() const
{
    const std::optional<ImageShape> first = m_members.front()->image();
    for (const std::unique_ptr<DifferentiablePredictor>& member : m_members) {
        if (member->image() != first || member->pictureLayers() != m_members.front()->pictureLayers())
            return std::nullopt;
    }
    return first;
}

ActivationMaps EnsemblePredictor::activationMaps(const Points& points, const std::string& layer, OutputSpace space, Task& task) const
{
    const std::vector<Points> parts = apart(points);
    ActivationMaps result;
    for (std::size_t m = 0; m < m_members.size(); ++m) {
        ActivationMaps own = m_members[m]->activationMaps(parts[m], layer, space, task);
        if (m == 0) {
            result = std::move(own);
            continue;
        }
        for (std::size_t i = 0; i < result.maps.size(); ++i)
            result.maps[i] += own.maps[i];
    }
    for (double& value : result.maps)
        value /= static_cast<double>(m_members.size());
    result.outputs = outputsAt(points, space, task);
    return result;
}

DeepLiftContributions EnsemblePredictor::meanDeepLift(const std::vector<Points>& rows, const std::vector<Points>& references, OutputSpace space,
                                                      bool ledger, Task& task) const
{
    const std::size_t outputs = outputCount(space), cells = rows[0].rows * outputs, width = pointWidth();
    const auto count = static_cast<double>(m_members.size());
    DeepLiftContributions result;
    result.values.resize(cells * width);
    result.outputs.assign(cells, 0.0);
    result.base.assign(outputs, 0.0);
    std::size_t begin = 0;
    for (std::size_t m = 0; m < m_members.size(); ++m) {
        DeepLiftContributions own = m_members[m]->deepLift(rows[m], references[m], space, ledger, task);
        for (std::size_t cell = 0; cell < cells; ++cell) {
            result.outputs[cell] += own.outputs[cell] / count;
            for (std::size_t k = 0; k < rows[m].width; ++k)
                result.values[cell * width + begin + k] = own.values[cell * rows[m].width + k] / count;
        }
        for (std::size_t output = 0; output < outputs; ++output)
            result.base[output] += own.base[output] / count;
        begin += rows[m].width;
        if (m == 0)
            result.ledger = std::move(own.ledger);
        for (std::size_t i = 0; m > 0 && i < own.ledger.size(); ++i) {
            result.ledger[i].leak = std::max(result.ledger[i].leak, own.ledger[i].leak);
            result.ledger[i].spread = std::max(result.ledger[i].spread, own.ledger[i].spread);
        }
    }
    return result;
}

DeepLiftContributions EnsemblePredictor::deepLift(const Points& rows, const Points& references, OutputSpace space, bool ledger, Task& task) const
{
    const std::vector<Points> parts = apart(rows);
    if (isMeanIn(space))
        return meanDeepLift(parts, apart(references), space, ledger, task);

    // The bend is a rescale rule of its own, reference by reference.
    const std::size_t outputs = outputCount(space), cells = rows.rows * outputs, width = rows.width;
    const auto count = static_cast<double>(references.rows);
    DeepLiftContributions result;
    result.values.assign(cells * width, 0.0);
    result.base.assign(outputs, 0.0);
    result.outputs = outputsAt(rows, space, task);
    for (std::size_t reference = 0; reference < references.rows; ++reference) {
        const Points one{1, width, {references.row(reference), references.row(reference) + width}};
        const std::vector<double> start = outputsAt(one, space, task);
        const DeepLiftContributions mean = meanDeepLift(parts, apart(one), OutputSpace::Probability, ledger, task);
        for (std::size_t cell = 0; cell < cells; ++cell) {
            const double change = mean.outputs[cell] - mean.base[cell % outputs];
            const double slope = std::abs(change) < 1e-12 * mean.outputs[cell] || change == 0.0
                                     ? rawSlope(mean.outputs[cell])
                                     : (result.outputs[cell] - start[cell % outputs]) / change;
            for (std::size_t k = 0; k < width; ++k)
                result.values[cell * width + k] += slope * mean.values[cell * width + k] / count;
        }
        for (std::size_t output = 0; output < outputs; ++output)
            result.base[output] += start[output] / count;
        if (reference == 0)
            result.ledger = mean.ledger;
        for (std::size_t i = 0; i < mean.ledger.size(); ++i) {
            result.ledger[i].leak = std::max(result.ledger[i].leak, mean.ledger[i].leak);
            result.ledger[i].spread = std::max(result.ledger[i].spread, mean.ledger[i].spread);
        }
    }
    return result;
}

} // namespace limpid::engine
