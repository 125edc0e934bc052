#pragma once

#include "core/model/LayerCatalog.h"

namespace limpid {

// What the layers of the catalogue have in common: for the *Layers.cpp beside LayerCatalog.cpp alone.

std::vector<LayerType> denseLayers();
std::vector<LayerType> convolutionLayers();
std::vector<LayerType> poolingLayers();
std::vector<LayerType> recurrentLayers();
std::vector<LayerType> attentionLayers();
std::vector<LayerType> activationLayers();
std::vector<LayerType> normLayers();
std::vector<LayerType> dropoutLayers();
std::vector<LayerType> shapeLayers();

// ---- settings

ParamSpec integerParam(std::string name, std::int64_t usual, double min, double max, double usualMin, double usualMax);
/// One number for all sides, or one a side.
ParamSpec integersParam(std::string name, nlohmann::json usual, double min, double max, double usualMin, double usualMax, std::size_t maxLength);
ParamSpec realParam(std::string name, double usual, double min, double max, double usualMin, double usualMax);
ParamSpec switchParam(std::string name, bool usual);
/// The first is the default.
ParamSpec choiceParam(std::string name, std::vector<std::string> choices);
/// With weight_init and freeze, which every layer with matrices has.
std::vector<ParamSpec> withWeights(std::vector<ParamSpec> params);

/// The settings of one layer.
struct Settings {
    const std::vector<ParamSpec>& specs;
    const ParamValues& values;
    std::int64_t integer(std::string_view name) const { return paramValue(specs, values, name).get<std::int64_t>(); }
    std::vector<std::int64_t> integers(std::string_view name) const { return paramIntegers(specs, values, name); }
    double real(std::string_view name) const { return paramValue(specs, values, name).get<double>(); }
    bool flag(std::string_view name) const { return paramValue(specs, values, name).get<bool>(); }
    std::string choice(std::string_view name) const { return paramValue(specs, values, name).get<std::string>(); }
};

/// Of the settings of a window over `sides` dimensions. nullopt, with an issue, where a list has another length.
std::optional<Window> readWindow(const Settings& settings, std::size_t sides, Issues& issues);

// ---- issues

void shapeIssue(Issues& issues, const TensorShape& found, std::string expected);
void paramIssue(Issues& issues, std::string name, std::string value, std::string expected);
void paramIssue(Issues& issues, std::string name, std::int64_t value, std::string expected);
/// What comes out is the same whatever comes in: `reason` is the size that makes it so, "1".
void constantWarning(Issues& issues, std::string reason);

/// Numbers, not category indices or words, must flow in.
bool requireNumbers(Shapes inputs, Issues& issues);
/// A flat row of numbers: "N×features".
bool requireRow(Shapes inputs, Issues& issues);
/// A sequence: "N×length×features".
bool requireSequence(Shapes inputs, Issues& issues);
/// An image of so many sides: "N×channels×height×width" for 2.
bool requireImage(Shapes inputs, std::size_t sides, Issues& issues);
/// "N×channels×length", "N×channels×height×width", "N×channels×depth×height×width".
const char* imageText(std::size_t sides);

// ---- shapes and costs

TensorShape floats(std::vector<std::int64_t> dims);
TensorShape inferSame(Shapes inputs, const ParamValues& params, Issues& issues);

/// The product, or `largestCount` where it would not fit: of a long sequence's length with itself.
std::int64_t bounded(std::initializer_list<std::int64_t> factors);

LayerCost costOfOutput(Shapes inputs, const TensorShape& output, const ParamValues& params);
/// One operation a value.
LayerCost costElementwise(Shapes inputs, const TensorShape& output, const ParamValues& params);
/// Its input's values, seen otherwise.
LayerCost costNothing(Shapes inputs, const TensorShape& output, const ParamValues& params);

// ---- weights

TensorSpec weightTensor(std::string name, std::vector<std::int64_t> shape, Initial initial);
TensorSpec biasTensor(std::string name, std::int64_t count, Initial initial = {});
/// weight of ones and bias of zeros.
void addScaleAndShift(std::vector<TensorSpec>& tensors, const std::string& prefix, std::vector<std::int64_t> shape);
/// ± 1/√fanIn, as PyTorch draws Linear and Conv.
Initial uniformByFanIn(std::int64_t fanIn);

} // namespace limpid
