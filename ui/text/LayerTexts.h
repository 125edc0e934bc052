#pragma once

#include <QString>

namespace limpid {

/// One sentence on what a layer does.
QString layerHelp(const std::string& type);
/// That sentence and, on a line of its own, the formula: for tooltips.
QString layerTip(const std::string& type);
/// What it computes of its input x, as a formula; "" where a sentence says it all.
QString layerFormula(const std::string& type);
/// Label and tooltip of a layer's setting: paramLabel() and paramHelp() ask here for what is not the training's.
QString layerParamLabel(const std::string& type, const std::string& name);
QString layerParamHelp(const std::string& type, const std::string& name);

} // namespace limpid
