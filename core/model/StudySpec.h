#pragma once

#include "core/model/ParamSpec.h"

#include <optional>

namespace limpid {

/// Several runs of one set-up, to learn how far its figures can be relied on, or to predict with all of them together.
enum class StudyKind {
    Once,      ///< no study: one run
    Folds,     ///< k-fold cross-validation: each part keeps another k-th of the rows aside
    Repeats,   ///< the same rows, another seed of the training each
    Ensemble,  ///< as Repeats, and one model version that predicts the mean of them
};
/// "once", "folds", "repeats", "ensemble".
std::string_view studyKindName(StudyKind kind);
std::optional<StudyKind> studyKindFromName(std::string_view name);

/// What is asked for beside the settings of a run (TrainSpec): each run of a study keeps those that make it again by itself.
struct StudySpec {
    StudyKind kind = StudyKind::Once;
    int parts = 5;             ///< runs: at least 2
    bool operator==(const StudySpec&) const = default;
};

const std::vector<ParamSpec>& studyParams();
/// {"study", "parts"}
nlohmann::json toJson(const StudySpec& spec);
/// Missing keys keep their defaults. Throws OptionUnknown, OptionInvalid.
StudySpec studySpecFromJson(const nlohmann::json& json);

} // namespace limpid
