#include "core/base/File.h"
#include "core/exchange/OnnxImport.h"
#include "tests/support/TestSupport.h"

#include <algorithm>

using namespace limpid;
namespace fs = std::filesystem;

namespace {

const fs::path fixtures = test::project("tests/fixtures/onnx");

/// What PyTorch says of each network (tests/fixtures/make_onnx.py).
const nlohmann::json& truth()
{
    static const nlohmann::json read = nlohmann::json::parse(readFile(fixtures / "truth.json"));
    return read["networks"];
}

std::string typesOf(const NetworkSpec& network)
{
    std::string types;
    for (const NodeSpec& node : network.nodes)
        types += (types.empty() ? "" : " ") + node.type;
    return types;
}

} // namespace

class TstOnnxImport : public QObject
{
    Q_OBJECT

private slots:
    void networks_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& [name, expected] : truth().items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    /// Layers, parameters and shapes are PyTorch's.
    void networks()
    {
        QFETCH(QString, name);
        const nlohmann::json& expected = truth()[name.toStdString()];
        const ImportedNetwork imported = readOnnx(fixtures / (name.toStdString() + ".onnx"));
        std::string types;
        for (const nlohmann::json& type : expected["types"])
            types += (types.empty() ? "" : " ") + type.get<std::string>();
        QCOMPARE(QString::fromStdString(typesOf(imported.network)), QString::fromStdString(types));

        const NetworkAnalysis analysis = analyse(imported.network, imported.context);
        QCOMPARE(analysis.total.parameters, expected["parameters"].get<std::int64_t>());
        QCOMPARE(imported.context.vocabulary, expected["vocabulary"].get<std::int64_t>());
        QCOMPARE(imported.network.outputs.size(), expected["shapes"].size());
        for (std::size_t i = 0; i < imported.network.outputs.size(); ++i) {
            const auto found = std::find_if(analysis.nodes.begin(), analysis.nodes.end(), [&](const NodeAnalysis& node) { return node.id == imported.network.outputs[i]; });
            QVERIFY(found != analysis.nodes.end() && found->valid);
            QCOMPARE(found->shape.dims, expected["shapes"][i].get<std::vector<std::int64_t>>());
        }
        // An autoencoder gives an image, which is no prediction of a table; nothing else is wrong with any of them.
        for (const Issue& issue : analysis.issues)
            QVERIFY2(issue.severity != Severity::Error || issue.code == ErrorCode::NetworkOutputSize, (issue.where + " " + std::string(errorName(issue.code))).c_str());

        // The file can hold it.
        QVERIFY(NetworkSpec::fromJson(imported.network.toJson()) == imported.network);
    }

    void namesComeFromTheFile()
    {
        const NetworkSpec network = importOnnx(fixtures / "residual.onnx");
        for (const char* id : {"x0", "conv1", "norm1", "conv2", "norm2", "short", "head"})
            QVERIFY2(network.find(id), id);
        QCOMPARE(network.find("conv1")->params.dump(), std::string(R"({"bias":false,"out_channels":8,"padding":1,"stride":2})"));
        QCOMPARE(network.find("norm1")->params.dump(), std::string("{}"));
    }

    /// A module that the file takes apart has the module's name, or its kind's.
    void namesOfWhatWasJoined()
    {
        const NetworkSpec depthwise = importOnnx(fixtures / "depthwise.onnx"), unet = importOnnx(fixtures / "unet.onnx");
        QCOMPARE(depthwise.nodes[3].type + " " + depthwise.nodes[3].id, std::string("SiLU SiLU_1"));
        QCOMPARE(unet.nodes[3].type + " " + unet.nodes[3].id, std::string("GELU Gelu"));
    }

    void sharedWeights()
    {
        const NetworkSpec network = importOnnx(fixtures / "shared.onnx");
        QCOMPARE(network.nodes[1].id, std::string("body"));
        QCOMPARE(network.nodes[1].shares, std::string());
        QCOMPARE(network.nodes[3].shares, std::string("body"));
    }

    void settings_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("params");
        QTest::newRow("dropout") << "mlp_train" << "Dropout" << R"({"p":0.2})";
        QTest::newRow("leaky") << "conv1d" << "LeakyReLU" << R"({"negative_slope":0.2})";
        QTest::newRow("elu") << "conv3d" << "ELU" << R"({"alpha":0.5})";
        QTest::newRow("transposed") << "autoencoder" << "ConvTranspose2d" << R"({"out_channels":2,"output_padding":1,"padding":1,"stride":2})";
        QTest::newRow("padded") << "autoencoder" << "ZeroPad2d" << R"({"padding":[1,2,0,3]})";
        QTest::newRow("bilinear") << "upsample" << "Upsample" << R"({"mode":"bilinear","scale_factor":3})";
        QTest::newRow("softmax of channels") << "upsample" << "Softmax" << R"({"dim":1})";
        QTest::newRow("groups") << "norms" << "GroupNorm" << R"({"num_groups":2})";
        QTest::newRow("affine") << "norms" << "InstanceNorm2d" << R"({"affine":true})";
        QTest::newRow("slopes") << "norms" << "PReLU" << R"({"num_parameters":4})";
        QTest::newRow("two dimensions") << "layernorm" << "LayerNorm" << R"({"normalized_dims":2})";
        QTest::newRow("last step") << "lstm" << "LSTM" << R"({"hidden_size":6,"output":"last"})";
        QTest::newRow("both directions") << "gru" << "GRU" << R"({"bidirectional":true,"hidden_size":4})";
        QTest::newRow("relu without bias") << "rnn" << "RNN" << R"({"bias":false,"hidden_size":4,"nonlinearity":"relu","output":"last"})";
        QTest::newRow("embedding") << "words" << "Embedding" << R"({"embedding_dim":6})";
        QTest::newRow("learnt positions") << "positions" << "PositionalEncoding" << R"({"kind":"learned"})";
        QTest::newRow("uneven padding") << "pads" << "ZeroPad2d" << R"({"padding":[1,2,0,1]})";
        QTest::newRow("padding not counted") << "pads" << "AvgPool2d" << R"({"count_include_pad":false,"kernel_size":3,"padding":1,"stride":1})";
        QTest::newRow("same") << "operators" << "Conv2d" << R"({"kernel_size":4,"out_channels":4,"padding":1,"stride":2})";
        QTest::newRow("tanh") << "operators" << "GELU" << R"({"approximate":"tanh"})";
        QTest::newRow("eps") << "operators" << "LayerNorm" << R"({"eps":0.0001})";
        QTest::newRow("causal") << "causal" << "Conv1d" << R"({"bias":false,"dilation":2,"out_channels":6})";
    }

    void settings()
    {
        QFETCH(QString, name);
        QFETCH(QString, type);
        QFETCH(QString, params);
        const NetworkSpec network = importOnnx(fixtures / (name.toStdString() + ".onnx"));
        const auto found = std::find_if(network.nodes.begin(), network.nodes.end(), [&](const NodeSpec& node) { return node.type == type.toStdString(); });
        QVERIFY(found != network.nodes.end());
        QCOMPARE(QString::fromStdString(found->params.dump()), params);
    }

    void fileErrors()
    {
        QCOMPARE(test::errorNameOf([] { importOnnx(fixtures / "none.onnx"); }), std::string("FileNotFound"));
        QCOMPARE(test::errorNameOf([] { importOnnx(fixtures); }), std::string("FileIsFolder"));
    }
};

QTEST_GUILESS_MAIN(TstOnnxImport)
#include "tst_onnx_import.moc"
