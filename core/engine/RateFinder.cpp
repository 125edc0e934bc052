#include "core/engine/RateFinder.h"

#include "core/engine/Trainer.h"
#include "core/model/Predictor.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

constexpr double smoothing = 0.9;
constexpr double growthLimit = 4.0;

void check(const TrainSpec& spec, const RateFinderSpec& finder)
{
    if (spec.optimizer == "L-BFGS")
        throw Error(ErrorCode::RateFinderOptimizer, {{"optimizer", spec.optimizer}});
    throwFirstError(validateParams(rateFinderParams(), toJson(finder)));
    if (!(finder.start < finder.end))
        throw Error(ErrorCode::OptionInvalid, {{"name", "start"}, {"value", nlohmann::json(finder.start).dump()},
                                               {"expected", "< " + nlohmann::json(finder.end).dump()}});
}

double rateAt(const RateFinderSpec& finder, std::size_t step)
{
    return finder.start * std::pow(finder.end / finder.start, static_cast<double>(step) / (finder.steps - 1));
}

void suggest(RateFinderResult& result)
{
    const std::vector<RatePoint>& points = result.points;
    const auto lowest = std::min_element(points.begin(), points.end(), [](const RatePoint& a, const RatePoint& b) { return a.smoothed < b.smoothed; });
    // The first losses differ by their batches alone; the mean has settled once its weights have.
    constexpr std::size_t settled = 10;
    if (lowest == points.end() || static_cast<std::size_t>(lowest - points.begin()) <= settled)
        return;
    result.suggested = lowest->rate / 10.0;
    // Rates grow by the same factor each step, so the fall by the rate's logarithm is the fall by step.
    double steepest = 0.0;
    for (auto point = points.begin() + settled; point != lowest; ++point) {
        const double fall = (point - 1)->smoothed - (point + 1)->smoothed;
        if (fall > steepest) {
            steepest = fall;
            result.steepest = point->rate;
        }
    }
}

} // namespace

RateFinderResult findRate(const NetworkSpec& network, const Pipeline& pipeline, const Features& trainRows, const TrainSpec& spec,
                          const RateFinderSpec& finder, const std::function<void(const RatePoint&)>& onPoint, Task& task)
{
    check(spec, finder);
    TrainSpec sweep = spec;
    sweep.learningRate = finder.start;
    sweep.schedule = "constant"; // each step's rate is set by hand
    sweep.warmup = 0.0;
    sweep.patience = 0;
    sweep.emaDecay = 0.0;
    const std::int64_t perEpoch = stepsPerEpoch(sweep, std::max<std::size_t>(1, trainRows.rows));
    sweep.epochs = static_cast<int>(finder.steps / perEpoch + 2);

    RateFinderResult result;
    const auto steps = static_cast<std::size_t>(finder.steps);
    double weighted = 0.0, best = std::numeric_limits<double>::infinity();
    TrainControl control;
    Task training; // given up after the last step: what a training does at its end has no use here
    training.setCores(task.cores());
    TrainObserver observer;
    observer.onStep = [&](const StepRecord& record) {
        std::vector<RatePoint>& points = result.points;
        if (points.size() == steps)
            return;
        weighted = smoothing * weighted + (1.0 - smoothing) * record.loss;
        const RatePoint point{rateAt(finder, points.size()), record.loss,
                              weighted / (1.0 - std::pow(smoothing, static_cast<double>(points.size() + 1)))};
        points.push_back(point);
        best = std::min(best, point.smoothed);
        result.grew = point.smoothed > growthLimit * best;
        if (onPoint)
            onPoint(point);
        task.report(static_cast<double>(points.size()) / finder.steps, "rate " + std::to_string(points.size()) + "/" + std::to_string(steps));
        if (result.grew || points.size() == steps || task.isCancelled() || task.isFinishing())
            training.cancel();
        else
            control.setLearningRate(rateAt(finder, points.size()));
        training.setCores(task.cores());
    };
    Features few = sliceRows(trainRows, 0, 1); // to evaluate at an epoch's end
    few.targetWidth = trainRows.targetWidth;
    few.targets.assign(trainRows.targets.begin(), trainRows.targets.begin() + static_cast<std::ptrdiff_t>(std::min(few.rows * few.targetWidth, trainRows.targets.size())));
    try {
        train(network, pipeline, trainRows, few, sweep, observer, training, {&control, {}});
    } catch (const Cancelled&) {
        task.checkpoint();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::TrainingDiverged)
            throw;
        result.grew = true;
    }
    suggest(result);
    return result;
}

} // namespace limpid
