#pragma once

#include <QString>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>
#include <vector>

namespace limpid {

// How far an explanation can be trusted, in words.

/// "Insertion". The measures have the names that the command line has for them.
QString qualityMeasureName(const std::string& measure);

/// One measure: its figures, a line each, and a sentence of what they mean.
struct QualityText {
    QString name;
    std::vector<std::pair<QString, QString>> figures;   ///< what it is of, and the figure with its standard error
    QString meaning;
};
/// Of what was measured, in the order in which measures are offered. `quality`: the document that QualityOutcome::toJson() makes.
std::vector<QualityText> qualityTexts(const nlohmann::json& quality);

} // namespace limpid
