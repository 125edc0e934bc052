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
    if (spec.type == ParamType::Name)
        return "text";
    std::string text = spec.type == ParamType::Real ? "number" : "integer";
    if (spec.type == ParamType::Integers)
        text = "1 … " + std::to_string(spec.maxLength) + " integers";
    if (std::isfinite(spec.min) && std::isfinite(spec.max))
        text += ", " + numberText(spec.min) + " … " + numberText(spec.max);
    else if (std::isfinite(spec.min))
        text += " ≥ " + numberText(spec.min);
    else if (std::isfinite(spec.max))
        text += " ≤ " + numberText(spec.max);
    return text;
}

bool fitsInteger(const ParamSpec& spec, const nlohmann::json& value)
{
    if (!value.is_number())
        return false;
    const double number = value.get<double>();
    return number >= spec.min && number <= spec.max && number == std::floor(number);
}

bool fitsName(const nlohmann::json& value)
{
    if (!value.is_string())
        return false;
    const std::string& name = value.get_ref<const std::string&>();
    return name.size() <= 64 && std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
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
    case ParamType::Name:
        return fitsName(value);
    case ParamType::Integer:
        return fitsInteger(spec, value);
    case ParamType::Integers:
        if (!value.is_array())
            return fitsInteger(spec, value);
        return !value.empty() && value.size() <= spec.maxLength
               && std::all_of(value.begin(), value.end(), [&](const nlohmann::json& each) { return fitsInteger(spec, each); });
    case ParamType::Real:
        break;
    }
    if (!value.is_number())
        return false;
    const double number = value.get<double>();
    return std::isfinite(number) && number >= spec.min && number <= spec.max;
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
    const auto isNumber = [](const nlohmann::json& each) { return each.is_number(); };
    if (value.is_array() && value.size() <= 8 && std::all_of(value.begin(), value.end(), isNumber)) {
        std::string text;
        for (const nlohmann::json& each : value)
            text += (text.empty() ? "" : ", ") + each.dump();
        return text;
    }
    if (value.is_structured()) // never dumped: it may be nested deeper than the stack
        return value.is_array() ? "[…]" : "{…}";
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// "3", "3, 5" or "3×5" → [3], [3, 5]; null where anything else stands in it.
nlohmann::json parsedIntegers(std::string_view text)
{
    nlohmann::json numbers = nlohmann::json::array();
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(" "), text.size()));
        std::int64_t number = 0;
        const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{})
            return nullptr;
        numbers.push_back(number);
        text.remove_prefix(static_cast<std::size_t>(at - text.data()));
        text.remove_prefix(std::min(text.find_first_not_of(" "), text.size()));
        if (text.empty())
            return numbers;
        if (text.starts_with(","))
            text.remove_prefix(1);
        else if (text.starts_with("×"))
            text.remove_prefix(std::string_view("×").size());
        else
            return nullptr;
    }
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

std::vector<std::int64_t> paramIntegers(const std::vector<ParamSpec>& specs, const ParamValues& values, std::string_view name)
{
    const nlohmann::json value = paramValue(specs, values, name);
    if (value.is_array())
        return value.get<std::vector<std::int64_t>>();
    return {value.get<std::int64_t>()};
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
    if (spec.type == ParamType::Integer || spec.type == ParamType::Integers) {
        value = parsedIntegers(text);
        if (value.is_array() && value.size() == 1)
            value = nlohmann::json(value[0]);
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
