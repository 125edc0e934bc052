#pragma once

#include "core/model/Bundle.h"
#include "core/model/Predictor.h"

#include <memory>

namespace limpid {

/// The bundle's network, ready to predict. Throws BundleInvalid where weights and network do not fit.
/// threads: for one call; calls from several threads each use that many.
std::unique_ptr<Predictor> makePredictor(Bundle bundle, int threads = 1);

} // namespace limpid
