#pragma once

#include "app/cli/Context.h"
#include "core/exchange/NetworkReader.h"

namespace limpid {

/// Whether it is meant as a file, not a name: there is one, or it looks like a path.
bool isNetworkFile(const std::string& text);

/// FILE, the folder of an exported model, or MODEL. Throws ModelUnknown and the like.
FoundNetwork findNetwork(const CliContext& context, const std::string& reference);

} // namespace limpid
