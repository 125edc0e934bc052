#include "core/model/NetworkSpec.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double columnGap = 190.0;
constexpr double rowGap = 110.0;

/// Adds nodes from left to right, as the canvas shows them.
class Builder
{
public:
    explicit Builder(const NetworkContext& context) : m_context(context) {}

    /// Inputs, embeddings and their concatenation, as far as the table has them: the id of the encoded features.
    std::string features()
    {
        std::vector<std::string> parts;
        const bool both = m_context.numbers > 0 && !m_context.cardinalities.empty();
        if (m_context.numbers > 0) {
            at(0, both ? -0.5 : 0.0);
            parts.push_back(add("numbers", "Input", {{"features", "numbers"}}, {}));
        }
        if (!m_context.cardinalities.empty()) {
            at(0, both ? 0.5 : 0.0);
            const std::string input = add("categories", "Input", {{"features", "categories"}}, {});
            parts.push_back(add("embedding", "Embedding", {}, {input}));
        }
        at(m_context.cardinalities.empty() ? 1 : 2, 0.0);
        return both ? add("features", "Concat", {}, parts) : parts.empty() ? std::string() : parts.front();
    }

    std::string add(const std::string& id, const std::string& type, nlohmann::json params,
                    std::vector<std::string> inputs)
    {
        NodeSpec node;
        node.id = id;
        node.type = type;
        node.params = params.is_null() ? nlohmann::json::object() : std::move(params);
        node.inputs = std::move(inputs);
        node.x = m_column * columnGap;
        node.y = m_row * rowGap;
        network.nodes.push_back(std::move(node));
        m_column += 1.0;
        return id;
    }

    void at(double column, double row)
    {
        m_column = column;
        m_row = row;
    }
    double column() const { return m_column; }

    /// Linear → ReLU → Dropout for each width.
    std::string stack(std::string from, const std::vector<int>& widths, double dropout)
    {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string number = std::to_string(i + 1);
            from = add("hidden" + number, "Linear", {{"out_features", widths[i]}}, {from});
            from = add("relu" + number, "ReLU", {}, {from});
            if (dropout > 0.0)
                from = add("dropout" + number, "Dropout", {{"p", dropout}}, {from});
        }
        return from;
    }

    std::string linear(const std::string& id, const std::string& from)
    {
        return add(id, "Linear", {{"out_features", m_context.outputs}}, {from});
    }

    NetworkSpec network;

private:
    const NetworkContext& m_context;
    double m_column = 0.0, m_row = 0.0;
};

/// Few rows can't fill a large network; many rows are not served by a small one.
std::vector<int> hiddenWidths(std::size_t rows)
{
    return rows < 2'000 ? std::vector<int>{64, 32} : std::vector<int>{128, 64};
}

double dropoutFor(std::size_t rows)
{
    return rows < 2'000 ? 0.2 : 0.1;
}

NetworkSpec mlp(const NetworkContext& context, std::size_t rows)
{
    Builder builder(context);
    const std::string hidden = builder.stack(builder.features(), hiddenWidths(rows), dropoutFor(rows));
    builder.network.outputs = {builder.linear("output", hidden)};
    return builder.network;
}

NetworkSpec linear(const NetworkContext& context)
{
    Builder builder(context);
    builder.network.outputs = {builder.linear("output", builder.features())};
    return builder.network;
}

NetworkSpec wideAndDeep(const NetworkContext& context, std::size_t rows)
{
    Builder builder(context);
    const std::string features = builder.features();
    const double start = builder.column();
    const std::string hidden = builder.stack(features, hiddenWidths(rows), dropoutFor(rows));
    const std::string deep = builder.linear("deep", hidden);
    const double end = builder.column();
    builder.at(start, 1.5);
    const std::string wide = builder.linear("wide", features);
    builder.at(end, 0.0);
    builder.network.outputs = {builder.add("output", "Add", {}, {deep, wide})};
    return builder.network;
}

/// Pre-activation residual blocks (He et al. 2016, for tables: Gorishniy et al. 2021, "ResNet").
NetworkSpec residualMlp(const NetworkContext& context, std::size_t rows)
{
    Builder builder(context);
    const int width = hiddenWidths(rows).front();
    std::string trunk = builder.add("stem", "Linear", {{"out_features", width}}, {builder.features()});
    for (int block = 1; block <= 2; ++block) {
        const std::string number = std::to_string(block);
        const double start = builder.column();
        std::string branch = builder.add("norm" + number, "BatchNorm1d", {}, {trunk});
        branch = builder.add("hidden" + number, "Linear", {{"out_features", width}}, {branch});
        branch = builder.add("relu" + number, "ReLU", {}, {branch});
        branch = builder.add("dropout" + number, "Dropout", {{"p", dropoutFor(rows)}}, {branch});
        branch = builder.add("back" + number, "Linear", {{"out_features", width}}, {branch});
        for (NodeSpec& node : builder.network.nodes)
            if (node.x >= start * columnGap)
                node.y = rowGap;
        trunk = builder.add("add" + number, "Add", {}, {trunk, branch});
    }
    trunk = builder.add("norm", "BatchNorm1d", {}, {trunk});
    trunk = builder.add("relu", "ReLU", {}, {trunk});
    builder.network.outputs = {builder.linear("output", trunk)};
    return builder.network;
}

/// LeNet-5 (LeCun et al. 1998) as it is written today: ReLU and max pooling. Images of less than 20 pixels a side, on which
/// two unpadded 5 × 5 kernels would leave next to nothing, get 3 × 3 kernels.
NetworkSpec lenet(const NetworkContext& context)
{
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(context.numbers))));
    if (side < 8 || side * side != context.numbers || !context.cardinalities.empty())
        throw Error(ErrorCode::NetworkNoImage, {{"name", "lenet"}, {"found", std::to_string(context.numbers)},
                                                {"count", std::to_string(context.cardinalities.size())}});
    const bool small = side < 20;
    const int kernel = small ? 3 : 5;
    Builder builder(context);
    std::string from = builder.add("image", "Reshape", {{"shape", {1, side, side}}}, {builder.features()});
    from = builder.add("conv1", "Conv2d", {{"out_channels", 6}, {"kernel_size", kernel}, {"padding", kernel / 2}}, {from});
    from = builder.add("relu1", "ReLU", {}, {from});
    from = builder.add("pool1", "MaxPool2d", {}, {from});
    from = builder.add("conv2", "Conv2d", {{"out_channels", 16}, {"kernel_size", kernel}, {"padding", small ? 1 : 0}}, {from});
    from = builder.add("relu2", "ReLU", {}, {from});
    from = builder.add("pool2", "MaxPool2d", {}, {from});
    from = builder.add("flat", "Flatten", {}, {from});
    from = builder.add("hidden1", "Linear", {{"out_features", 120}}, {from});
    from = builder.add("relu3", "ReLU", {}, {from});
    from = builder.add("hidden2", "Linear", {{"out_features", 84}}, {from});
    from = builder.add("relu4", "ReLU", {}, {from});
    builder.network.outputs = {builder.linear("output", from)};
    return builder.network;
}

} // namespace

const std::vector<std::string>& networkPresets()
{
    static const std::vector<std::string> presets{"mlp", "linear", "wide-and-deep", "residual-mlp", "lenet"};
    return presets;
}

NetworkSpec makePreset(const std::string& preset, const NetworkContext& context, std::size_t rows)
{
    if (preset == "mlp")
        return mlp(context, rows);
    if (preset == "linear")
        return linear(context);
    if (preset == "wide-and-deep")
        return wideAndDeep(context, rows);
    if (preset == "residual-mlp")
        return residualMlp(context, rows);
    if (preset == "lenet")
        return lenet(context);
    std::string expected;
    for (const std::string& name : networkPresets())
        expected += (expected.empty() ? "" : ", ") + name;
    throw Error(ErrorCode::OptionInvalid, {{"name", "network"}, {"value", preset}, {"expected", expected}});
}

bool readsImages(const NetworkSpec& network)
{
    return std::any_of(network.nodes.begin(), network.nodes.end(), [](const NodeSpec& node) { return node.type == "Reshape"; });
}

bool readsImages(const std::string& preset)
{
    return preset == "lenet";
}

} // namespace limpid
