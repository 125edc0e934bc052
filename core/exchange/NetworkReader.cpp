#include "core/exchange/NetworkReader.h"

#include "core/base/File.h"
#include "core/exchange/OnnxImport.h"
#include "core/model/NetworkFile.h"

namespace limpid {

FoundNetwork readNetworkFile(const std::filesystem::path& path)
{
    if (isOnnxFile(path)) {
        ImportedNetwork imported = readOnnx(path);
        return {std::move(imported.network), std::move(imported.context)};
    }
    return {readNetworkText(readFile(path, longestNetworkText + 1), utf8(path)), std::nullopt};
}

} // namespace limpid
