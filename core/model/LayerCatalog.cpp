#include "core/model/LayerCatalog.h"

#include "core/model/LayerParts.h"

#include <map>

namespace limpid {

namespace {

/// The caller hands over the table's shape in place of an input.
TensorShape inferInput(Shapes inputs, const ParamValues&, Issues&)
{
    return inputs[0];
}

std::vector<LayerType> inputLayers()
{
    return {{"Input", "input", 0, 0, {choiceParam("features", {"numbers", "categories", "text"})}, inferInput, costOfOutput}};
}

/// What holds a named block, and what stands for its inputs within: NetworkBlocks.h takes both away before anything is inferred.
std::vector<LayerType> blockLayers()
{
    ParamSpec block;
    block.name = "block";
    block.type = ParamType::Name;
    block.defaultValue = "";
    return {{"Block", "block", 1, -1, {block, integerParam("repeat", 1, 1, 100, 1, 8)}, inferSame, costNothing},
            {"BlockInput", "block", 0, 0, {integerParam("port", 0, 0, 15, 0, 3)}, inferSame, costNothing}};
}

std::vector<LayerType> makeCatalog()
{
    std::vector<LayerType> catalog;
    for (std::vector<LayerType>& group :
         std::vector{inputLayers(), denseLayers(), convolutionLayers(), poolingLayers(), recurrentLayers(), attentionLayers(),
                     activationLayers(), normLayers(), dropoutLayers(), shapeLayers(), blockLayers()})
        std::move(group.begin(), group.end(), std::back_inserter(catalog));
    return catalog;
}

} // namespace

std::string shapeText(const TensorShape& shape)
{
    std::string text = "N";
    for (const std::int64_t dim : shape.dims)
        text += "×" + std::to_string(dim);
    return text;
}

const std::vector<LayerType>& layerCatalog()
{
    static const std::vector<LayerType> catalog = makeCatalog();
    return catalog;
}

const LayerType* findLayer(std::string_view name)
{
    static const std::map<std::string_view, const LayerType*> byName = [] {
        std::map<std::string_view, const LayerType*> map;
        for (const LayerType& type : layerCatalog())
            map.emplace(type.name, &type);
        return map;
    }();
    const auto found = byName.find(name);
    return found == byName.end() ? nullptr : found->second;
}

} // namespace limpid
