#pragma once

#include <string>
#include <vector>

namespace limpid {

/// Error(OptionInvalid): the option `name` is `value`, where `expected` is wanted.
[[noreturn]] void throwOptionInvalid(const std::string& name, const std::string& value, const std::string& expected);

/// Error(OptionUnused): the option `name` counts only where `other` is one of `needed`.
[[noreturn]] void throwOptionUnused(const std::string& name, const std::string& other, const std::string& needed);

/// The names as an expected value: "mean | zero".
std::string alternatives(const std::vector<std::string>& names);

} // namespace limpid
