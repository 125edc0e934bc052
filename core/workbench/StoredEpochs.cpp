#include "core/workbench/Workbench.h"

#include <algorithm>
#include <limits>

namespace limpid {

std::vector<EpochRecord> storedEpochs(const Workspace& workspace, std::int64_t run)
{
    constexpr std::string_view prefix = "epoch/", trainPrefix = "train_";
    std::vector<EpochRecord> epochs;
    const auto epochAt = [&epochs](const CurvePoint& point) -> EpochRecord& {
        const auto place = std::lower_bound(epochs.begin(), epochs.end(), point.step,
                                            [](const EpochRecord& epoch, std::int64_t number) { return epoch.epoch < number; });
        if (place != epochs.end() && place->epoch == point.step)
            return *place;
        EpochRecord epoch;
        epoch.epoch = static_cast<int>(point.step);
        epoch.seconds = point.seconds;
        epoch.trainLoss = epoch.validationLoss = std::numeric_limits<double>::quiet_NaN();
        return *epochs.insert(place, epoch);
    };
    for (const std::string& series : workspace.curveNames(run)) {
        if (!series.starts_with(prefix))
            continue;
        const std::string name = series.substr(prefix.size());
        for (const CurvePoint& point : workspace.curve(run, series)) {
            EpochRecord& epoch = epochAt(point);
            if (name == "train_loss")
                epoch.trainLoss = point.value;
            else if (name == "validation_loss")
                epoch.validationLoss = point.value;
            else if (name == "learning_rate")
                epoch.learningRate = point.value;
            else if (name.starts_with(trainPrefix))
                epoch.train.values[name.substr(trainPrefix.size())] = point.value;
            else
                epoch.validation.values[name] = point.value;
        }
    }
    double best = std::numeric_limits<double>::infinity();
    for (EpochRecord& epoch : epochs) {
        epoch.best = epoch.validationLoss < best;
        best = std::min(best, epoch.validationLoss);
    }
    return epochs;
}

} // namespace limpid
