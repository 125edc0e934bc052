#include "core/model/ParamSpec.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace limpid {

namespace {

std::string joined(const std::vector<std::string>& values)
{
    std::string text;
    for (const std::string& value : values)
        text += (text.empty() ? "" : ", ") + value;
    return text;
}

std::string numberText(double value)
{
    return nlohmann::json(value == std::floor(value) && std::abs(value) < 1e15
                              ? nlohmann::json(static_cast<std::int64_t>(value))
                              : nlohmann::json(value))
        .dump();
}

/// What is accepted, in symbols, for the fact "expected": "integer, 1 … 100", "true, false", "a, b".
std::string expectation(const ParamSpec& spec)
{
    if (spec.type == ParamType::Boolean)
        return "true, false";
    if (spec.type == ParamType::Choice)
        return joined(spec.choices);
    std::string text = spec.type == ParamType::Integer ? "integer" : "number";
    if (std::isfinite(spec.min) && std::isfinite(spec.max))
        text += ", " + numberText(spec.min) + " … " + numberText(spec.max);
    else if (std::isfinite(spec.min))
        text += " ≥ " + numberText(spec.min);
    else if (std::isfinite(spec.max))
        text += " ≤ " + numberText(spec.max);
    return text;
}

bool fits(const ParamSpec& spec, const nlohmann::json& value)
{
    switch (spec.type) {
    case ParamType::Boolean:
        return value.is_boolean();
    case ParamType::Choice:
        return value.is_string()
               && std::find(spec.choices.begin(), spec.choices.end(), value.get_ref<const std::string&>())
                      != spec.choices.end();
    case ParamType::Integer:
    case ParamType::Real:
        break;
    }
    if (!value.is_number())
        return false;
    const double number = value.get<double>();
    if (!std::isfinite(number) || number < spec.min || number > spec.max)
        return false;
    return spec.type == ParamType::Real || number == std::floor(number);
}

const ParamSpec* findSpec(const std::vector<ParamSpec>& specs, std::string_view name)
{
    for (const ParamSpec& spec : specs)
        if (spec.name == name)
            return &spec;
    return nullptr;
}

/// A value as a person typed it: strings without their quotes.
std::string plainText(const nlohmann::json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_structured()) // never dumped: it may be nested deeper than the stack
        return value.is_array() ? "[…]" : "{…}";
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

Issues validateParams(const std::vector<ParamSpec>& specs, const ParamValues& values)
{
    if (!values.is_object())
        return {{Severity::Error, "", ErrorCode::OptionInvalid,
                 {{"name", ""}, {"value", plainText(values)}, {"expected", "{…}"}}}};
    Issues issues;
    for (const auto& [name, value] : values.items()) {
        const ParamSpec* spec = findSpec(specs, name);
        if (!spec) {
            std::vector<std::string> names;
            for (const ParamSpec& known : specs)
                names.push_back(known.name);
            issues.push_back({Severity::Error, name, ErrorCode::OptionUnknown,
                              {{"name", name}, {"nearest", nearestName(name, names)}}});
        } else if (!fits(*spec, value)) {
            issues.push_back({Severity::Error, name, ErrorCode::OptionInvalid,
                              {{"name", name}, {"value", plainText(value)}, {"expected", expectation(*spec)}}});
        } else if (value != spec->defaultValue && !paramApplies(specs, values, name)) {
            issues.push_back({Severity::Note, name, ErrorCode::OptionUnused,
                              {{"name", name}, {"other", spec->appliesIf.name}, {"needed", joined(spec->appliesIf.values)}}});
        }
    }
    return issues;
}

nlohmann::json paramValue(const std::vector<ParamSpec>& specs, const ParamValues& values, std::string_view name)
{
    if (values.is_object())
        if (const auto found = values.find(std::string(name)); found != values.end())
            return *found;
    const ParamSpec* spec = findSpec(specs, name);
    if (!spec)
        throw Error(ErrorCode::OptionUnknown, {{"name", std::string(name)}, {"nearest", ""}});
    return spec->defaultValue;
}

bool paramApplies(const std::vector<ParamSpec>& specs, const ParamValues& values, std::string_view name)
{
    const ParamSpec* spec = findSpec(specs, name);
    if (!spec)
        throw Error(ErrorCode::OptionUnknown, {{"name", std::string(name)}, {"nearest", ""}});
    const ParamCondition& condition = spec->appliesIf;
    if (condition.name.empty())
        return true;
    const nlohmann::json other = paramValue(specs, values, condition.name);
    return std::any_of(condition.values.begin(), condition.values.end(), [&](const std::string& value) { return other == value; });
}

nlohmann::json parseParam(const ParamSpec& spec, std::string_view text)
{
    nlohmann::json value;
    const char* begin = text.data();
    const char* end = begin + text.size();
    if (spec.type == ParamType::Integer) {
        std::int64_t number = 0;
        if (const auto [at, error] = std::from_chars(begin, end, number); error == std::errc{} && at == end)
            value = number;
    } else if (spec.type == ParamType::Real) {
        double number = 0.0;
        if (const auto [at, error] = std::from_chars(begin, end, number); error == std::errc{} && at == end)
            value = number;
    } else if (spec.type == ParamType::Boolean) {
        if (text == "true" || text == "yes" || text == "on" || text == "1")
            value = true;
        else if (text == "false" || text == "no" || text == "off" || text == "0")
            value = false;
    } else {
        value = std::string(text);
    }
    if (value.is_null() || !fits(spec, value))
        throw Error(ErrorCode::OptionInvalid,
                    {{"name", spec.name}, {"value", std::string(text)}, {"expected", expectation(spec)}});
    return value;
}

} // namespace limpid
