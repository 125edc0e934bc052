#include "core/exchange/OnnxImport.h"

#include "core/base/File.h"
#include "core/exchange/OnnxTranslation.h"

#include <algorithm>
#include <cctype>
#include <fstream>

namespace limpid {

namespace fs = std::filesystem;

ImportedNetwork readOnnx(std::istream& stream, const std::string& path)
{
    OnnxGraph graph = readOnnxGraph(stream, path);
    if (graph.opset < 7) // earlier ones broadcast otherwise
        throw Error(ErrorCode::NetworkImport, {{"path", path}, {"reason", "opset " + std::to_string(graph.opset) + " < 7"}});
    joinOnnxPatterns(graph);
    return OnnxTranslation(graph, path).run();
}

ImportedNetwork readOnnx(const fs::path& path)
{
    std::ifstream stream = openToRead(path);
    return readOnnx(stream, utf8(path));
}

NetworkSpec importOnnx(const fs::path& path)
{
    return readOnnx(path).network;
}

bool isOnnxFile(const fs::path& path)
{
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".onnx";
}

} // namespace limpid
