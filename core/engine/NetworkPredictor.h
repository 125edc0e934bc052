#pragma once

#include "core/model/Bundle.h"
#include "core/model/Predictor.h"

#include <memory>

namespace limpid {

/// The bundle's network, ready to predict; of an ensemble the mean of its members (EnsemblePredictor). Throws BundleInvalid where weights and network do not fit.
/// threads: for one call; calls from several threads each use that many.
std::unique_ptr<Predictor> makePredictor(const Bundle& bundle, int threads = 1);

} // namespace limpid
