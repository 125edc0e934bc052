#include "core/model/NetworkSpec.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double layerPitch = 92.0, branchPitch = 208.0; ///< distances, as the canvas tidies up

/// Adds nodes. Whole networks are laid out by whoever draws them; a block's nodes are placed here, from the top down, for it may be
/// unfolded before anybody has looked inside.
class Builder
{
public:
    explicit Builder(const NetworkContext& context, bool isBlock = false) : m_context(context), m_isBlock(isBlock) {}

    /// Inputs, embeddings and their concatenation, as far as the table has them: the id of the encoded features.
    std::string features()
    {
        std::vector<std::string> parts;
        const bool both = m_context.numbers > 0 && !m_context.cardinalities.empty();
        if (m_context.numbers > 0)
            parts.push_back(add("numbers", "Input", {{"features", "numbers"}}, {}));
        if (!m_context.cardinalities.empty()) {
            const std::string input = add("categories", "Input", {{"features", "categories"}}, {});
            parts.push_back(add("embedding", "Embedding", {}, {input}));
        }
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
        if (m_isBlock) {
            node.x = m_column * branchPitch;
            node.y = m_layer * layerPitch;
            m_layer += 1.0;
        }
        network.nodes.push_back(std::move(node));
        return id;
    }

    /// Of a block: the next node's place, counted from 0.
    void at(double layer, double column)
    {
        m_layer = layer;
        m_column = column;
    }
    double layer() const { return m_layer; }

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
    const bool m_isBlock;
    double m_layer = 0.0, m_column = 0.0;
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
    const std::string hidden = builder.stack(features, hiddenWidths(rows), dropoutFor(rows));
    const std::string deep = builder.linear("deep", hidden);
    const std::string wide = builder.linear("wide", features);
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
        std::string branch = builder.add("norm" + number, "BatchNorm1d", {}, {trunk});
        branch = builder.add("hidden" + number, "Linear", {{"out_features", width}}, {branch});
        branch = builder.add("relu" + number, "ReLU", {}, {branch});
        branch = builder.add("dropout" + number, "Dropout", {{"p", dropoutFor(rows)}}, {branch});
        branch = builder.add("back" + number, "Linear", {{"out_features", width}}, {branch});
        trunk = builder.add("add" + number, "Add", {}, {trunk, branch});
    }
    trunk = builder.add("norm", "BatchNorm1d", {}, {trunk});
    trunk = builder.add("relu", "ReLU", {}, {trunk});
    builder.network.outputs = {builder.linear("output", trunk)};
    return builder.network;
}

/// Through a bottleneck of a quarter of the numbers and back (Hinton & Salakhutdinov 2006).
NetworkSpec autoencoder(const NetworkContext& context)
{
    Builder builder(context);
    const auto numbers = static_cast<int>(std::max<std::int64_t>(1, context.numbers)), code = std::max(1, numbers / 4), between = std::max(8, numbers);
    std::string from = builder.add("numbers", "Input", {{"features", "numbers"}}, {});
    from = builder.add("encoder", "Linear", {{"out_features", between}}, {from});
    from = builder.add("relu1", "ReLU", {}, {from});
    from = builder.add("code", "Linear", {{"out_features", code}}, {from});
    from = builder.add("decoder", "Linear", {{"out_features", between}}, {from});
    from = builder.add("relu2", "ReLU", {}, {from});
    builder.network.outputs = {builder.linear("output", from)};
    return builder.network;
}

/// 0 where the numbers are no square of at least 8 × 8.
std::int64_t squareSide(std::int64_t numbers)
{
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(numbers))));
    return side >= 8 && side * side == numbers ? side : 0;
}

std::int64_t imageSide(const NetworkContext& context, const std::string& preset)
{
    const std::int64_t side = squareSide(context.numbers);
    if (side == 0 || !context.cardinalities.empty())
        throw Error(ErrorCode::NetworkNoImage, {{"name", preset}, {"found", std::to_string(context.numbers)},
                                                {"count", std::to_string(context.cardinalities.size())}});
    return side;
}

/// conv, norm, ReLU, conv, norm, and the input added; where it shrinks the image or widens it, by a convolution of 1 × 1.
GraphSpec residualBody(const NetworkContext& context, int channels, int stride)
{
    Builder builder(context, true);
    const std::string input = builder.add("input", "BlockInput", {}, {});
    const auto conv = [&](const std::string& id, int step, const std::string& from) {
        return builder.add(id, "Conv2d", {{"out_channels", channels}, {"kernel_size", 3}, {"stride", step}, {"padding", 1}, {"bias", false}}, {from});
    };
    std::string from = conv("conv1", stride, input);
    from = builder.add("norm1", "BatchNorm2d", {}, {from});
    from = builder.add("relu1", "ReLU", {}, {from});
    from = conv("conv2", 1, from);
    from = builder.add("norm2", "BatchNorm2d", {}, {from});
    const double end = builder.layer();
    std::string shortcut = input;
    if (stride > 1) {
        builder.at(1.0, 1.0);
        shortcut = builder.add("narrow", "Conv2d", {{"out_channels", channels}, {"kernel_size", 1}, {"stride", stride}, {"bias", false}}, {input});
        shortcut = builder.add("norm3", "BatchNorm2d", {}, {shortcut});
        builder.at(end, 0.0);
    }
    from = builder.add("add", "Add", {}, {from, shortcut});
    builder.network.outputs = {builder.add("relu2", "ReLU", {}, {from})};
    return builder.network;
}

/// LeNet-5 (LeCun et al. 1998) as it is written today: ReLU and max pooling. Images of less than 20 pixels a side, on which
/// two unpadded 5 × 5 kernels would leave next to nothing, get 3 × 3 kernels.
NetworkSpec lenet(const NetworkContext& context)
{
    const std::int64_t side = imageSide(context, "lenet");
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

/// A small ResNet (He et al. 2016) for the table's square images: two stages of residual blocks, the second on half the pixels.
NetworkSpec resnet(const NetworkContext& context)
{
    const std::int64_t side = imageSide(context, "resnet");
    Builder builder(context);
    std::string from = builder.add("image", "Reshape", {{"shape", {1, side, side}}}, {builder.features()});
    from = builder.add("stem", "Conv2d", {{"out_channels", 16}, {"kernel_size", 3}, {"padding", 1}, {"bias", false}}, {from});
    from = builder.add("norm", "BatchNorm2d", {}, {from});
    from = builder.add("relu", "ReLU", {}, {from});
    from = builder.add("stage1", "Block", {{"block", "residual"}, {"repeat", 2}}, {from});
    from = builder.add("shrink", "Block", {{"block", "downsample"}}, {from});
    from = builder.add("stage2", "Block", {{"block", "residual 32"}}, {from});
    from = builder.add("pool", "GlobalAvgPool", {}, {from});
    builder.network.outputs = {builder.linear("output", from)};
    builder.network.blocks = {{"residual", residualBody(context, 16, 1)},
                              {"downsample", residualBody(context, 32, 2)},
                              {"residual 32", residualBody(context, 32, 1)}};
    return builder.network;
}

/// What stands for the words, [length, 64], where the table has text; else its numbers as the steps of a sequence: those of a
/// square image row by row, others one by one.
std::string sequence(Builder& builder, const NetworkContext& context, const std::string& preset)
{
    if (context.words > 0) {
        const std::string words = builder.add("words", "Input", {{"features", "text"}}, {});
        return builder.add("vectors", "Embedding", {{"embedding_dim", 64}}, {words});
    }
    if (context.numbers < 8 || !context.cardinalities.empty())
        throw Error(ErrorCode::NetworkNoSequence, {{"name", preset}, {"found", std::to_string(context.numbers)},
                                                   {"count", std::to_string(context.cardinalities.size())}});
    const std::int64_t side = squareSide(context.numbers);
    const std::string numbers = builder.add("numbers", "Input", {{"features", "numbers"}}, {});
    return builder.add("steps", "Reshape", {{"shape", {side > 0 ? side : context.numbers, side > 0 ? side : 1}}}, {numbers});
}

/// What the whole text or sequence comes to, beside the other columns where the table has any.
std::string besideTheRest(Builder& builder, const NetworkContext& context, const std::string& text)
{
    if (context.words == 0 || (context.numbers == 0 && context.cardinalities.empty()))
        return text;
    const std::string rest = builder.features();
    return builder.add("all", "Concat", {}, {text, rest});
}

NetworkSpec recurrent(const NetworkContext& context, const std::string& preset)
{
    Builder builder(context);
    const std::string steps = sequence(builder, context, preset);
    const std::string last = builder.add("memory", preset == "lstm" ? "LSTM" : "GRU", {{"hidden_size", 64}, {"output", "last"}}, {steps});
    const std::string dropped = builder.add("dropout", "Dropout", {{"p", 0.2}}, {last});
    builder.network.outputs = {builder.linear("output", besideTheRest(builder, context, dropped))};
    return builder.network;
}

/// Two encoder layers that normalise first, which trains without a warm-up (Xiong et al. 2020), and the mean over all steps.
NetworkSpec transformer(const NetworkContext& context)
{
    Builder builder(context);
    std::string from = sequence(builder, context, "transformer");
    if (context.words == 0)
        from = builder.add("project", "Linear", {{"out_features", 64}}, {from});
    from = builder.add("positions", "PositionalEncoding", {{"kind", context.words == 0 ? "learned" : "sinusoidal"}}, {from});
    from = builder.add("encoder", "Block", {{"block", "encoder"}, {"repeat", 2}}, {from});
    from = builder.add("turn", "Permute", {{"dims", {2, 1}}}, {from});
    from = builder.add("mean", "GlobalAvgPool", {}, {from});
    Builder body(context, true);
    const std::string input = body.add("input", "BlockInput", {}, {});
    body.network.outputs = {body.add("layer", "TransformerEncoderLayer",
                                     {{"nhead", 4}, {"dim_feedforward", 128}, {"norm_first", true}}, {input})};
    builder.network.blocks = {{"encoder", body.network}};
    builder.network.outputs = {builder.linear("output", besideTheRest(builder, context, from))};
    return builder.network;
}

NetworkSpec cnn1d(const NetworkContext& context)
{
    if (context.numbers < 8 || !context.cardinalities.empty())
        throw Error(ErrorCode::NetworkNoSequence, {{"name", "cnn-1d"}, {"found", std::to_string(context.numbers)},
                                                   {"count", std::to_string(context.cardinalities.size())}});
    Builder builder(context);
    std::string from = builder.add("steps", "Reshape", {{"shape", {1, context.numbers}}}, {builder.features()});
    for (int block = 1; block <= 2; ++block) {
        const std::string number = std::to_string(block);
        from = builder.add("conv" + number, "Conv1d", {{"out_channels", 32 * block}, {"kernel_size", 5}, {"padding", 2}}, {from});
        from = builder.add("norm" + number, "BatchNorm1d", {}, {from});
        from = builder.add("relu" + number, "ReLU", {}, {from});
        if (block == 1)
            from = builder.add("pool", "MaxPool1d", {}, {from});
    }
    from = builder.add("parts", "AdaptiveAvgPool1d", {{"output_size", 4}}, {from});
    from = builder.add("flat", "Flatten", {}, {from});
    builder.network.outputs = {builder.linear("output", from)};
    return builder.network;
}

/// The mean of the words' vectors, whatever their order (fastText's classifier: Joulin et al. 2017).
NetworkSpec textBag(const NetworkContext& context)
{
    Builder builder(context);
    const std::string words = builder.add("words", "Input", {{"features", "text"}}, {});
    const std::string bag = builder.add("bag", "EmbeddingBag", {{"embedding_dim", 64}}, {words});
    builder.network.outputs = {builder.linear("output", besideTheRest(builder, context, bag))};
    return builder.network;
}

/// Kernels over 3, 4 and 5 words, and of each the strongest match (Kim 2014).
NetworkSpec textCnn(const NetworkContext& context)
{
    Builder builder(context);
    std::string from = sequence(builder, context, "text-cnn");
    from = builder.add("turn", "Permute", {{"dims", {2, 1}}}, {from});
    std::vector<std::string> found;
    for (const int size : {3, 4, 5}) {
        const std::string number = std::to_string(size);
        const std::string conv = builder.add("conv" + number, "Conv1d", {{"out_channels", 64}, {"kernel_size", size}}, {from});
        const std::string relu = builder.add("relu" + number, "ReLU", {}, {conv});
        found.push_back(builder.add("best" + number, "GlobalMaxPool", {}, {relu}));
    }
    from = builder.add("found", "Concat", {}, found);
    from = builder.add("dropout", "Dropout", {}, {from});
    builder.network.outputs = {builder.linear("output", besideTheRest(builder, context, from))};
    return builder.network;
}

} // namespace

bool reconstructs(const std::string& preset)
{
    return preset == "autoencoder";
}

const std::vector<std::string>& networkPresets()
{
    static const std::vector<std::string> presets{"mlp",    "linear", "wide-and-deep", "residual-mlp", "lenet",       "resnet",
                                                  "cnn-1d", "lstm",   "gru",           "text-bag",     "text-cnn", "transformer", "autoencoder"};
    return presets;
}

NetworkSpec makePreset(const std::string& preset, const NetworkContext& context, std::size_t rows)
{
    if (preset.starts_with("text-") && context.words == 0)
        throw Error(ErrorCode::NetworkNoText, {{"name", preset}});
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
    if (preset == "resnet")
        return resnet(context);
    if (preset == "cnn-1d")
        return cnn1d(context);
    if (preset == "lstm" || preset == "gru")
        return recurrent(context, preset);
    if (preset == "text-bag")
        return textBag(context);
    if (preset == "text-cnn")
        return textCnn(context);
    if (preset == "transformer")
        return transformer(context);
    if (preset == "autoencoder")
        return autoencoder(context);
    std::string expected;
    for (const std::string& name : networkPresets())
        expected += (expected.empty() ? "" : ", ") + name;
    throw Error(ErrorCode::OptionInvalid, {{"name", "network"}, {"value", preset}, {"expected", expected}});
}

namespace {

template<class Test>
bool anyNode(const NetworkSpec& network, Test&& test)
{
    return std::any_of(network.nodes.begin(), network.nodes.end(), test)
           || std::any_of(network.blocks.begin(), network.blocks.end(),
                          [&](const BlockSpec& block) { return std::any_of(block.body.nodes.begin(), block.body.nodes.end(), test); });
}

} // namespace

bool readsImages(const NetworkSpec& network)
{
    return anyNode(network, [](const NodeSpec& node) { return node.type == "Reshape"; });
}

bool readsImages(const std::string& preset)
{
    return preset == "lenet" || preset == "resnet" || preset == "cnn-1d" || preset == "lstm" || preset == "gru" || preset == "transformer";
}

bool readsText(const NetworkSpec& network)
{
    return anyNode(network, [](const NodeSpec& node) { return node.type == "Input" && node.params.value("features", nlohmann::json()) == "text"; });
}

bool readsText(const std::string& preset)
{
    return preset == "text-bag" || preset == "text-cnn" || preset == "lstm" || preset == "gru" || preset == "transformer";
}

} // namespace limpid
