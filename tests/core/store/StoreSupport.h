#pragma once

#include "core/store/Workspace.h"

#include <QTemporaryDir>

namespace limpid::test {

/// The folder of a fresh workspace inside `dir`; with a space and a letter beyond ASCII, as users' folders have.
std::filesystem::path workspaceIn(const QTemporaryDir& dir);

RunRecord makeRun(const std::string& name);
/// A small whole model; `mark` makes its weights differ.
Bundle makeBundle(float mark);
Weights makeWeights(float mark, std::size_t values = 64);

/// steps first … first + count − 1, each with value step / 2.
std::vector<CurvePoint> makePoints(std::int64_t first, std::int64_t count);

/// Every file below `folder` with its bytes.
std::map<std::string, std::string> bytesOfAll(const std::filesystem::path& folder);

} // namespace limpid::test
