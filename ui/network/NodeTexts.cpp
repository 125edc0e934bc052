#include "ui/network/NodeTexts.h"

#include "ui/text/Messages.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace limpid {

namespace {

QString tr(const char* text, int count = -1)
{
    return QCoreApplication::translate("NodeTexts", text, nullptr, count);
}

QString valueText(const NodeSpec& node, const char* name)
{
    const LayerType* layer = findLayer(node.type);
    const nlohmann::json value = paramValue(layer->params, node.params, name);
    if (value.is_string())
        return QString::fromStdString(value.get<std::string>());
    return value.is_number() ? numberText(value.get<double>()) : QString();
}

/// "5×5", "3×7", "5".
QString kernelText(const NodeSpec& node)
{
    const nlohmann::json size = paramValue(findLayer(node.type)->params, node.params, "kernel_size");
    const auto sides = node.type.ends_with("1d") ? 1u : node.type.ends_with("3d") ? 3u : 2u;
    QStringList texts;
    for (std::size_t side = 0; side < sides; ++side) {
        const bool list = size.is_array() && !size.empty();
        const nlohmann::json& value = list ? size[std::min<std::size_t>(side, size.size() - 1)] : size;
        texts << (value.is_number() ? QString::number(value.get<qint64>()) : QString("?"));
    }
    return texts.join(QStringLiteral("×"));
}

std::int64_t widthOf(const TensorShape& shape)
{
    return shape.dims.empty() ? 0 : shape.dims.back();
}

} // namespace

const NodeAnalysis* analysisOf(const NetworkAnalysis& analysis, std::string_view id)
{
    for (const NodeAnalysis& node : analysis.nodes)
        if (node.id == id)
            return &node;
    return nullptr;
}

QString tellingText(const NodeSpec& node, const NetworkSpec& network, const NetworkAnalysis& analysis)
{
    const NodeAnalysis* own = analysisOf(analysis, node.id);
    const bool known = own && own->valid;
    const NodeAnalysis* input = node.inputs.empty() ? nullptr : analysisOf(analysis, node.inputs.front());
    if (!node.shares.empty())
        return tr("weights of %1").arg(QString::fromStdString(node.shares));
    if (node.type == "Input")
        return known ? tr("%1 features").arg(widthOf(own->shape)) : QString();
    if (node.type == "Linear" && input && input->valid)
        return QString("%1 → %2").arg(widthOf(input->shape)).arg(valueText(node, "out_features"));
    if (node.type == "Linear")
        return tr("%1 units").arg(valueText(node, "out_features"));
    if (node.type == "Embedding" && known && input && input->shape.kind == TensorShape::Kind::Tokens)
        return tr("%1 words → %2").arg(countText(input->shape.cardinalities.front())).arg(widthOf(own->shape));
    if (node.type == "EmbeddingBag" && known && input && input->valid)
        return tr("%1 words → %2").arg(countText(input->shape.cardinalities.front())).arg(widthOf(own->shape));
    if (node.type == "RNN" || node.type == "LSTM" || node.type == "GRU")
        return tr("%1 units").arg(valueText(node, "hidden_size"));
    if (node.type == "MultiheadAttention")
        return tr("%1 heads").arg(valueText(node, "num_heads"));
    if (node.type == "TransformerEncoderLayer")
        return tr("%1 heads").arg(valueText(node, "nhead"));
    if (node.type == "GroupNorm")
        return tr("%1 groups").arg(valueText(node, "num_groups"));
    if (node.type == "Block")
        return QString("%1 × %2").arg(valueText(node, "block"), valueText(node, "repeat"));
    if (node.type == "Embedding" && known && input && input->valid)
        return tr("%1 tables → %2").arg(input->shape.cardinalities.size()).arg(widthOf(own->shape));
    if (node.type.starts_with("Conv"))
        return QString("%1 @ %2").arg(valueText(node, "out_channels"), kernelText(node));
    if (node.type.starts_with("MaxPool") || node.type.starts_with("AvgPool"))
        return kernelText(node);
    if (node.type == "Reshape" && known)
        return QString::fromStdString(shapeText(own->shape)).section(QStringLiteral("×"), 1);
    if (node.type == "Dropout" || node.type == "Dropout2d" || node.type == "AlphaDropout")
        return QString("p %1").arg(valueText(node, "p"));
    if (node.type == "LeakyReLU")
        return tr("slope %1").arg(valueText(node, "negative_slope"));
    if (node.type == "ELU")
        return QString("α %1").arg(valueText(node, "alpha"));
    if (node.type == "Softplus")
        return QString("β %1").arg(valueText(node, "beta"));
    if (node.type == "Concat" || node.type == "Add" || node.type == "Multiply") {
        std::size_t wired = 0;
        for (const std::string& one : node.inputs)
            wired += network.find(one) != nullptr;
        return tr("%1 inputs").arg(wired);
    }
    return {};
}

QString inputText(const NodeSpec& node, const NetworkSpec& network, const NetworkAnalysis& analysis)
{
    QStringList texts;
    for (const std::string& input : node.inputs) {
        if (!network.find(input))
            continue;
        const NodeAnalysis* one = analysisOf(analysis, input);
        texts << (one && one->valid ? QString::fromStdString(shapeText(one->shape)) : QString("?"));
    }
    return texts.join(", ");
}

QString outputText(const NodeSpec& node, const NetworkAnalysis& analysis)
{
    const NodeAnalysis* own = analysisOf(analysis, node.id);
    return own && own->valid ? QString::fromStdString(shapeText(own->shape)) : QString("?");
}

QString flopText(double flops)
{
    if (flops >= 1e9)
        return tr("%1 GFLOP").arg(QLocale().toString(flops / 1e9, 'g', 3));
    if (flops >= 1e8)
        return tr("%1 MFLOP").arg(countText(static_cast<qint64>(flops / 1e6)));
    if (flops >= 1e4)
        return tr("%1 MFLOP").arg(QLocale().toString(flops / 1e6, 'g', 2));
    return tr("%1 FLOP").arg(countText(static_cast<qint64>(flops)));
}

QString groupText(const std::string& group)
{
    if (group == "input")
        return tr("Input");
    if (group == "dense")
        return tr("Dense");
    if (group == "convolution")
        return tr("Convolution");
    if (group == "pooling")
        return tr("Pooling");
    if (group == "recurrent")
        return tr("Recurrent");
    if (group == "attention")
        return tr("Attention");
    if (group == "activation")
        return tr("Activation");
    if (group == "normalise")
        return tr("Normalise");
    if (group == "regularise")
        return tr("Regularise");
    if (group == "shape")
        return tr("Shape");
    if (group == "block")
        return tr("Blocks");
    return QString::fromStdString(group);
}

QString presetText(const std::string& preset)
{
    if (preset == "mlp")
        return tr("Multilayer perceptron");
    if (preset == "linear")
        return tr("Linear or logistic regression");
    if (preset == "wide-and-deep")
        return tr("Wide and deep");
    if (preset == "residual-mlp")
        return tr("Residual perceptron");
    if (preset == "lenet")
        return tr("LeNet (images)");
    if (preset == "resnet")
        return tr("Small ResNet (images)");
    if (preset == "cnn-1d")
        return tr("1-D CNN (sequences)");
    if (preset == "lstm")
        return tr("LSTM (text or sequences)");
    if (preset == "gru")
        return tr("GRU (text or sequences)");
    if (preset == "text-bag")
        return tr("Bag of words (text)");
    if (preset == "text-cnn")
        return tr("Text CNN (text)");
    if (preset == "autoencoder")
        return tr("Autoencoder");
    if (preset == "transformer")
        return tr("Transformer (text or sequences)");
    return QString::fromStdString(preset);
}

std::string nodeOf(const Issue& issue)
{
    return issue.where.empty() ? fact(issue.facts, "node") : issue.where;
}

} // namespace limpid
