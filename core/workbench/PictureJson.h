#pragma once

#include "core/metrics/ValidationPicture.h"

#include <nlohmann/json.hpp>

namespace limpid {

// How a ValidationPicture is kept with its run: as the workspace's value of that name, not among the run's metrics, because
// lists of runs read those. Curves are whole numbers of 1/100,000 of the axis, x and y in turn.

/// "run/<id>/picture": a value that goes with the run (Workspace::deleteRun).
std::string pictureKey(std::int64_t run);

nlohmann::json toJson(const ValidationPicture& picture);
/// Throws nlohmann::json::exception for anything that is no picture.
ValidationPicture validationPictureFromJson(const nlohmann::json& json);

} // namespace limpid
