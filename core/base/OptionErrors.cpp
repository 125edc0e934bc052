#include "core/base/OptionErrors.h"

#include "core/base/Error.h"

namespace limpid {

void throwOptionInvalid(const std::string& name, const std::string& value, const std::string& expected)
{
    throw Error(ErrorCode::OptionInvalid, {{"name", name}, {"value", value}, {"expected", expected}});
}

void throwOptionUnused(const std::string& name, const std::string& other, const std::string& needed)
{
    throw Error(ErrorCode::OptionUnused, {{"name", name}, {"other", other}, {"needed", needed}});
}

std::string alternatives(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : " | ") + name;
    return text;
}

} // namespace limpid
