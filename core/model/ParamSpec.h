#pragma once

#include "core/base/Error.h"

#include <nlohmann/json.hpp>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace limpid {

/// Integers: one, or a list of up to `maxLength` (a window's sides, the dimensions of a shape). Name: of something that the
/// user has named, up to 64 bytes, without control characters.
enum class ParamType { Integer, Real, Boolean, Choice, Integers, Name };

/// A setting that matters only while a Choice has one of `values`. Without a name: it always does.
struct ParamCondition {
    std::string name;
    std::vector<std::string> values;
};

/// One setting, declared once; forms, JSON, validation, command line and documentation all follow it.
/// Its label and help are sentences, so they live in `ui/text/ParamTexts.cpp`, by `owner` and `name`.
struct ParamSpec {
    std::string name;                    ///< the JSON key, PyTorch's name where there is one
    ParamType type = ParamType::Real;
    nlohmann::json defaultValue = {};
    double min = -std::numeric_limits<double>::infinity(); ///< closed range, numbers only (Integers: of each)
    double max = std::numeric_limits<double>::infinity();
    std::vector<std::string> choices = {}; ///< Choice only
    double usualMin = 0.0, usualMax = 0.0; ///< what tooltips call the usual range; equal: none
    ParamCondition appliesIf = {};       ///< forms hide it elsewhere
    std::size_t maxLength = 1;           ///< Integers only
};

/// Values by name; absent means default.
using ParamValues = nlohmann::json; // an object

/// Issue OptionInvalid or OptionUnknown (with the nearest name) for each value that does not fit, and a note OptionUnused
/// for each that was changed where it has no effect; `where` is the name.
Issues validateParams(const std::vector<ParamSpec>& specs, const ParamValues& values);

/// The value, or the default. The name must be in specs.
nlohmann::json paramValue(const std::vector<ParamSpec>& specs, const ParamValues& values, std::string_view name);

/// The list that a setting of type Integers holds: one number is a list of one.
std::vector<std::int64_t> paramIntegers(const std::vector<ParamSpec>& specs, const ParamValues& values, std::string_view name);

/// Whether the setting matters beside these values. The name must be in specs.
bool paramApplies(const std::vector<ParamSpec>& specs, const ParamValues& values, std::string_view name);

/// Text as typed on a command line or in a field → value; Error OptionInvalid where it does not fit.
nlohmann::json parseParam(const ParamSpec& spec, std::string_view text);

} // namespace limpid
