#include "core/exchange/OnnxImport.h"

#include "core/base/File.h"
#include "core/exchange/OnnxTranslation.h"

#include <algorithm>
#include <cctype>
#include <fstream>

namespace limpid {

namespace fs = std::filesystem;

namespace {

constexpr double columnGap = 190.0, rowGap = 110.0;

} // namespace

void layOut(GraphSpec& graph)
{
    std::unordered_map<std::string_view, std::size_t> byId;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
        byId.emplace(graph.nodes[i].id, i);
    // Layers come after their inputs: one pass tells how far each is from the start.
    std::vector<std::size_t> column(graph.nodes.size(), 0);
    std::vector<std::vector<double>> taken(graph.nodes.size() + 1);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        NodeSpec& node = graph.nodes[i];
        double row = 0.0;
        for (const std::string& input : node.inputs) {
            const std::size_t from = byId.at(input);
            column[i] = std::max(column[i], column[from] + 1);
            row += graph.nodes[from].y / rowGap;
        }
        // In the middle of what feeds it, or as near below as there is room.
        row = node.inputs.empty() ? 0.0 : row / static_cast<double>(node.inputs.size());
        std::vector<double>& rows = taken[column[i]];
        if (!rows.empty())
            row = std::max(row, rows.back() + 1.0);
        rows.push_back(row);
        node.x = static_cast<double>(column[i]) * columnGap;
        node.y = row * rowGap;
    }
}

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
