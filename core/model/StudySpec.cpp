#include "core/model/StudySpec.h"

#include <algorithm>
#include <array>

namespace limpid {

namespace {

constexpr std::array<std::string_view, 4> kindNames = {"once", "folds", "repeats", "ensemble"};

} // namespace

std::string_view studyKindName(StudyKind kind)
{
    return kindNames[static_cast<std::size_t>(kind)];
}

std::optional<StudyKind> studyKindFromName(std::string_view name)
{
    const auto found = std::find(kindNames.begin(), kindNames.end(), name);
    if (found == kindNames.end())
        return std::nullopt;
    return static_cast<StudyKind>(found - kindNames.begin());
}

const std::vector<ParamSpec>& studyParams()
{
    static const std::vector<ParamSpec> params = [] {
        const StudySpec defaults;
        ParamSpec study{"study", ParamType::Choice, std::string(studyKindName(defaults.kind))};
        study.choices.assign(kindNames.begin(), kindNames.end());
        ParamSpec parts{"parts", ParamType::Integer, defaults.parts, 2, 1000, {}, 3, 10, {"study", {"folds", "repeats", "ensemble"}}};
        return std::vector<ParamSpec>{std::move(study), std::move(parts)};
    }();
    return params;
}

nlohmann::json toJson(const StudySpec& spec)
{
    return {{"study", studyKindName(spec.kind)}, {"parts", spec.parts}};
}

StudySpec studySpecFromJson(const nlohmann::json& json)
{
    throwFirstError(validateParams(studyParams(), json));
    StudySpec spec;
    if (json.contains("study"))
        spec.kind = *studyKindFromName(json["study"].get<std::string>());
    spec.parts = json.value("parts", spec.parts);
    return spec;
}

} // namespace limpid
