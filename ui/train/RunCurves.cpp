#include "ui/train/RunCurves.h"

#include "core/workbench/Workbench.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

const EpochRecord* RunCurves::best() const
{
    for (; m_looked < epochs.size(); ++m_looked)
        if (std::isfinite(epochs[m_looked].validationLoss) && (!m_best || epochs[m_looked].validationLoss < epochs[*m_best].validationLoss))
            m_best = m_looked;
    return m_best ? &epochs[*m_best] : nullptr;
}

double RunCurves::rowsPerSecond() const
{
    if (epochs.empty() || !(epochs.back().seconds > 0.0) || trainRows <= 0)
        return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(trainRows) * epochs.back().epoch / epochs.back().seconds;
}

double RunCurves::rowsPerSecond(std::size_t epoch) const
{
    const double seconds = epochs[epoch].seconds - (epoch > 0 ? epochs[epoch - 1].seconds : 0.0);
    const int count = epochs[epoch].epoch - (epoch > 0 ? epochs[epoch - 1].epoch : 0);
    if (!(seconds > 0.0) || trainRows <= 0 || count <= 0)
        return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(trainRows) * count / seconds;
}

double RunCurves::secondsLeft() const
{
    if (!last || plannedEpochs <= 0 || !(last->seconds > 0.0))
        return std::numeric_limits<double>::quiet_NaN();
    const double done = static_cast<double>(last->step), all = stepsPerEpoch * plannedEpochs;
    return last->seconds * std::max(0.0, all - done) / done;
}

double axisValue(const EpochRecord& epoch, CurveAxis axis)
{
    switch (axis) {
    case CurveAxis::Epoch: return epoch.epoch;
    case CurveAxis::Step: return static_cast<double>(epoch.step);
    case CurveAxis::Time: break;
    }
    return epoch.seconds;
}

double Smoother::next(double value)
{
    if (std::isfinite(value)) {
        m_mean = m_keep * m_mean + (1.0 - m_keep) * value;
        m_weight = m_keep * m_weight + (1.0 - m_keep);
    }
    return m_weight > 0.0 ? m_mean / m_weight : value;
}

namespace {

/// The layers whose gradients are stored, in the network's order.
std::vector<std::string> layersWithGradients(const Workspace& workspace, const RunRecord& run)
{
    constexpr std::string_view prefix = "gradient/";
    std::vector<std::string> layers;
    for (const std::string& series : workspace.curveNames(run.id))
        if (series.starts_with(prefix))
            layers.push_back(series.substr(prefix.size()));
    if (!run.network.is_object() || !run.network.contains("nodes"))
        return layers;
    std::vector<std::string> order;
    for (const nlohmann::json& node : run.network["nodes"])
        order.push_back(node.value("id", ""));
    const auto place = [&order](const std::string& layer) { return std::find(order.begin(), order.end(), layer); };
    std::stable_sort(layers.begin(), layers.end(), [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
    return layers;
}

} // namespace

RunCurves readCurves(const Workspace& workspace, const RunRecord& run)
{
    RunCurves curves;
    curves.stored = run.id;
    const std::vector<CurveNode> blocks = workspace.curveNodes(run.id, "train/loss");
    if (!blocks.empty()) {
        curves.last = StepRecord();
        curves.last->step = blocks.back().lastStep;
        curves.last->seconds = blocks.back().lastSeconds;
        curves.last->loss = blocks.back().last.value;
    }
    curves.epochs = storedEpochs(workspace, run.id);
    curves.gradientLayers = layersWithGradients(workspace, run);
    curves.picture = storedPicture(workspace, run.id);
    if (!blocks.empty() && !curves.epochs.empty()) {
        // Of how many steps an epoch was made: those taken until the last epoch's end.
        const EpochRecord& last = curves.epochs.back();
        std::int64_t steps = blocks.back().lastStep;
        const auto block = std::find_if(blocks.begin(), blocks.end(), [&last](const CurveNode& node) { return node.lastSeconds > last.seconds; });
        if (block != blocks.end()) {
            steps = block->firstStep - 1;
            for (const CurvePoint& point : workspace.curvePart(run.id, "train/loss", block->firstStep, block->lastStep))
                if (point.seconds <= last.seconds)
                    steps = point.step;
        }
        curves.stepsPerEpoch = std::max(1.0, std::round(static_cast<double>(steps) / last.epoch));
        for (EpochRecord& epoch : curves.epochs)
            epoch.step = static_cast<std::int64_t>(std::llround(epoch.epoch * curves.stepsPerEpoch));
    }
    curves.plannedEpochs = curves.epochs.empty() ? 0 : curves.epochs.back().epoch;
    if (run.settings.is_object())
        curves.plannedEpochs = std::max(curves.plannedEpochs, run.settings.value("epochs", 0));
    if (run.metrics.is_object() && run.metrics.contains("confusion") && !curves.epochs.empty()) {
        const auto best = std::find_if(curves.epochs.begin(), curves.epochs.end(),
                                       [&run](const EpochRecord& epoch) { return epoch.epoch == run.bestEpoch; });
        if (best != curves.epochs.end())
            best->validation.confusion = run.metrics["confusion"].get<std::vector<std::int64_t>>();
    }
    if (run.data.is_object() && run.split.is_object()) {
        const double rows = run.data.value("rows", 0.0), folds = run.split.value("folds", 0.0);
        const double validation = folds > 0.0 ? 1.0 / folds : run.split.value("validation", 0.0);
        curves.trainRows = std::llround(rows * (1.0 - validation));
    }
    return curves;
}

std::vector<RunCheck> checksOf(const RunCurves& curves)
{
    std::vector<RunCheck> checks;
    for (const EpochRecord& epoch : curves.epochs) {
        if (!std::isfinite(epoch.trainLoss) || !std::isfinite(epoch.validationLoss)) {
            checks.push_back({RunCheck::Level::Warn, RunCheck::Kind::NotFinite, 0, epoch.epoch, {}});
            break;
        }
    }
    const EpochRecord* best = curves.best();
    if (!best)
        return checks;
    const EpochRecord& last = curves.epochs.back();
    const int since = last.epoch - best->epoch;
    if (since >= 3)
        checks.push_back({RunCheck::Level::Warn, RunCheck::Kind::NoProgress, since, best->epoch, {}});
    if (since >= 3 && last.trainLoss < best->trainLoss && last.validationLoss > 1.05 * best->validationLoss)
        checks.push_back({RunCheck::Level::Warn, RunCheck::Kind::Overfitting, since, best->epoch, {}});
    constexpr double deadShare = 0.1;
    if (const auto& picture = curves.picture)
        for (const DeadUnits& layer : picture->deadUnits)
            if (static_cast<double>(layer.dead) > deadShare * static_cast<double>(layer.units))
                checks.push_back({RunCheck::Level::Warn, RunCheck::Kind::DeadUnits, 0, picture->epoch, layer});
    if (checks.empty())
        checks.push_back({RunCheck::Level::Good, RunCheck::Kind::Improving, since, best->epoch, {}});
    return checks;
}

} // namespace limpid
