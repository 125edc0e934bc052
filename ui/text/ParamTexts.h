#pragma once

#include <QString>

namespace limpid {

/// Label and tooltip of a setting, by the owner of its ParamSpec ("train", or a layer's name) and its name.
/// The tooltip explains the term in a sentence and gives the usual range. A test checks that none is missing.
QString paramLabel(const std::string& owner, const std::string& name);
QString paramHelp(const std::string& owner, const std::string& name);

} // namespace limpid
