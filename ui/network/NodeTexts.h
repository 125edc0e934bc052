#pragma once

#include "core/model/NetworkSpec.h"

#include <QString>

#include <optional>

namespace limpid {

/// What stands beside a node's own name: the one setting that tells most, e.g. "47 → 128" or "p 0.2", or whose weights it
/// uses; may be empty.
QString tellingText(const NodeSpec& node, const NetworkSpec& network, const NetworkAnalysis& analysis);
/// "N×47", "N×6, N×8" for several; "?" where a shape is not known yet; "" for a layer without inputs.
QString inputText(const NodeSpec& node, const NetworkSpec& network, const NetworkAnalysis& analysis);
QString outputText(const NodeSpec& node, const NetworkAnalysis& analysis);
/// The analysis of one node, or nullptr.
const NodeAnalysis* analysisOf(const NetworkAnalysis& analysis, std::string_view id);
/// "0.03 MFLOP".
QString flopText(double flops);
/// A group of the palette, in words.
QString groupText(const std::string& group);
/// A preset, in words.
QString presetText(const std::string& preset);
/// The node an issue is about, or "".
std::string nodeOf(const Issue& issue);

} // namespace limpid
