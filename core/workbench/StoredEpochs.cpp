#include "core/base/File.h"
#include "core/workbench/PictureJson.h"
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

std::shared_ptr<const ValidationPicture> storedPicture(const Workspace& workspace, std::int64_t run)
{
    const nlohmann::json stored = workspace.value(pictureKey(run));
    if (stored.is_null())
        return nullptr;
    try {
        return std::make_shared<ValidationPicture>(validationPictureFromJson(stored));
    } catch (const nlohmann::json::exception& failure) {
        throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(workspace.folder())}, {"reason", pictureKey(run)}}, failure.what());
    }
}

} // namespace limpid
