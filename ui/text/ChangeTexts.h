#pragma once

#include "core/model/NetworkDiff.h"

#include <QString>

namespace limpid {

// What changed between two networks, in words. Qt Core only: window and command line share them.

/// How settings are called: as in the layer's form ("Outputs"), or as in a network's file ("out_features").
enum class SettingNames { Labels, Keys };

/// A setting's value as one reads it: 3, (1, 2), tanh, yes.
QString valueText(const nlohmann::json& value);
/// "+", "-", "~" (changed), "=" (called otherwise).
QString changeSign(NodeChange::Kind kind);
/// The block within which it is; "" for the network itself, and for a block as a whole.
QString changePlace(const NodeChange& change);
/// What has changed: the layer, the block, or the outputs.
QString changeSubject(const NodeChange& change);
/// How: "ReLU after hidden", "Outputs 8 → 16; reads a → b", "was called hidden".
QString changeDetail(const NodeChange& change, SettingNames names);
/// A sentence of all of it: "hidden was changed: Outputs 8 → 16."
QString changeSentence(const NodeChange& change);

} // namespace limpid
