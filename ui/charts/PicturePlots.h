#pragma once

#include "core/metrics/ValidationPicture.h"
#include "ui/charts/Plot.h"

#include <QStringList>

namespace limpid {

// What one sees of the validation rows: each a still picture of the weights of one epoch. Hovering tells the values of the
// nearest point.

using PicturePtr = std::shared_ptr<const ValidationPicture>;

/// A line a class; of a binary task with the threshold of 0.5 marked.
std::unique_ptr<Plot> makeRocPlot(PicturePtr picture);
std::unique_ptr<Plot> makePrecisionRecallPlot(PicturePtr picture);
/// Observed shares over predicted probabilities, and below them how many rows each bin has.
std::unique_ptr<Plot> makeCalibrationPlot(PicturePtr picture);

/// Predicted over true values of a target (an index into the picture's residuals).
std::unique_ptr<Plot> makePredictedPlot(PicturePtr picture, std::size_t target = 0);
/// Residuals over predicted values, and beside them how often each occurs.
std::unique_ptr<Plot> makeResidualPlot(PicturePtr picture, std::size_t target = 0);

/// Rows are the true classes, columns the predicted. The fuller a cell, the more of its row. counts [classes, classes].
std::unique_ptr<Plot> makeConfusionPlot(std::vector<std::int64_t> counts, QStringList classes);

} // namespace limpid
