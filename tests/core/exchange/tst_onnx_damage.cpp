#include "core/base/File.h"
#include "core/exchange/OnnxImport.h"
#include "tests/support/TestSupport.h"

#include <fstream>
#include <sstream>

using namespace limpid;

namespace {

// A file put together by hand, in protobuf's wire format.

std::string varint(std::uint64_t value)
{
    std::string bytes;
    for (; value > 127; value >>= 7)
        bytes += static_cast<char>((value & 127) | 128);
    return bytes + static_cast<char>(value);
}

std::string number(int field, std::int64_t value)
{
    return varint(static_cast<std::uint64_t>(field) << 3) + varint(static_cast<std::uint64_t>(value));
}

std::string text(int field, const std::string& value)
{
    return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(value.size()) + value;
}

std::string port(const std::string& name, const std::vector<std::int64_t>& dims, int type = 1)
{
    std::string shape;
    for (const std::int64_t dim : dims)
        shape += text(1, number(1, dim));
    return text(1, name) + text(2, text(1, number(1, type) + text(2, shape)));
}

std::string ints(const std::string& name, const std::vector<std::int64_t>& values)
{
    std::string attribute = text(1, name);
    for (const std::int64_t value : values)
        attribute += number(8, value);
    return text(5, attribute);
}

std::string integer(const std::string& name, std::int64_t value) { return text(5, text(1, name) + number(3, value)); }

std::string node(const std::string& op, const std::vector<std::string>& inputs, const std::string& output, const std::string& attributes = {})
{
    std::string body;
    for (const std::string& input : inputs)
        body += text(1, input);
    return text(1, body + text(2, output) + text(3, "the " + op) + text(4, op) + attributes);
}

std::string weight(const std::string& name, const std::vector<std::int64_t>& dims)
{
    std::string tensor;
    for (const std::int64_t dim : dims)
        tensor += number(1, dim);
    return text(5, tensor + number(2, 1) + text(8, name));
}

std::string model(const std::string& graph, int opset = 17)
{
    return text(8, number(2, opset)) + text(7, graph);
}

std::string between(const std::string& nodes, const std::vector<std::int64_t>& dims = {2, 3, 8, 8})
{
    return model(nodes + text(11, port("x", dims)) + text(12, port("y", {})));
}

ImportedNetwork read(const std::string& bytes)
{
    std::istringstream stream(bytes);
    return readOnnx(stream, "net.onnx");
}

struct Refusal {
    std::string code = "none", facts;
};

Refusal refusal(const std::string& bytes)
{
    try {
        read(bytes);
    } catch (const Error& error) {
        Refusal found{std::string(errorName(error.code())), {}};
        for (const auto& [name, value] : error.facts())
            found.facts += name + "=" + value + ";";
        return found;
    }
    return {};
}

} // namespace

class TstOnnxDamage : public QObject
{
    Q_OBJECT

private slots:
    void refused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const std::string& bytes, const char* code, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << code << says;
        };
        const std::string relu = node("Relu", {"x"}, "y");
        row("empty", "", "NetworkImport", "empty");
        row("text", "a,b,c\n1,2,3\n", "NetworkImport", "byte");
        row("no graph", number(1, 8), "NetworkImport", "no graph");
        row("no output", model(relu + text(11, port("x", {2, 3}))), "NetworkImport", "no output");
        row("a length past the end", text(7, relu).substr(0, 8), "NetworkImport", "a length beyond the end");
        row("a length of 2^63", varint(7 << 3 | 2) + varint(std::uint64_t{1} << 63), "NetworkImport", "a length beyond the end");
        row("a varint too long", std::string(12, '\xff'), "NetworkImport", "a number too long");
        row("a varint cut off", "\xff", "NetworkImport", "truncated");
        row("a group", varint(7 << 3 | 3), "NetworkImport", "bad field");
        row("wrong type of a field", number(7, 5), "NetworkImport", "wrong type");
        row("a name of 2,000 bytes", between(node(std::string(2000, 'a'), {"x"}, "y")), "NetworkImport", "a name too long");
        row("old opset", model(relu, 6), "NetworkImport", "opset 6");
        row("cycle", between(node("Add", {"x", "z"}, "y") + node("Relu", {"y"}, "z")), "NetworkImport", "nothing before it gives");
        row("its own input", between(node("Relu", {"y"}, "y")), "NetworkImport", "nothing before it gives");
        row("given twice", between(relu + node("Tanh", {"x"}, "y")), "NetworkImport", "two values named y");
        row("negative weights", between(weight("w", {3, -3}) + relu), "NetworkImport", "a negative size");
        row("weights of 2^62", between(weight("w", {1 << 30, 1 << 30, 4}) + relu), "NetworkTooLarge", "weights");
        row("nine dimensions", between(weight("w", {1, 1, 1, 1, 1, 1, 1, 1, 1}) + relu), "NetworkImport", "too many dimensions");
        row("negative size", between(relu, {2, -3}), "NetworkImport", "a negative size");
        row("a size of 0", between(relu, {2, 0}), "NetworkImport", "no fixed size");
        row("a size of 2^60", between(relu, {2, std::int64_t{1} << 60}), "NetworkTooLarge", "values");
        row("no batch", between(relu, {2}), "NetworkImport", "1 dimensions");
        row("unknown operator", between(node("NonZero", {"x"}, "y")), "NetworkImportNode", "node=the NonZero;op=NonZero");
        row("foreign operator", between(node("Relu", {"x"}, "y", text(7, "com.example"))), "NetworkImportNode", "com.example");
        row("a loop", between(node("Loop", {"x"}, "y", text(5, text(1, "body") + text(6, relu)))), "NetworkImportNode", "op=Loop");
        row("an input left out", between(node("Gemm", {"x"}, "y")), "NetworkImportNode", "input 2 is left out");
        for (const char* op : {"Add", "Mul", "Sum", "Concat", "Relu", "Gather", "Slice", "LSTM", "Resize", "Shape", "Squeeze"})
            row((std::string("nothing into ") + op).c_str(), between(node(op, {}, "y")), "NetworkImportNode", op);
        row("one factor", between(node("Mul", {"x"}, "y")), "NetworkImportNode", "1 inputs");
        row("weights that are no constant", between(node("MatMul", {"x", "x"}, "y")), "NetworkImportNode", "input 2 is no constant");
        row("kernel of 0", between(node("MaxPool", {"x"}, "y", ints("kernel_shape", {0, 2}))), "NetworkImportNode", "kernel_shape = 0");
        row("kernel of 2^62", between(node("MaxPool", {"x"}, "y", ints("kernel_shape", {std::int64_t{1} << 62, 2}))), "NetworkImportNode", "kernel_shape");
        row("stride of -1", between(node("MaxPool", {"x"}, "y", ints("kernel_shape", {2, 2}) + ints("strides", {-1, 1}))), "NetworkImportNode", "strides = -1");
        row("kernel beyond the image", between(node("MaxPool", {"x"}, "y", ints("kernel_shape", {9, 9}))), "NetworkImportNode", "N×3×8×8");
        row("three numbers for two sides", between(node("MaxPool", {"x"}, "y", ints("kernel_shape", {2, 2}) + ints("pads", {1, 1, 1}))), "NetworkImportNode", "pads");
        row("groups that don't divide", between(weight("w", {4, 2, 3, 3}) + node("Conv", {"x", "w"}, "y", integer("group", 2))), "NetworkImportNode", "N×3×8×8");
        row("the batch is moved", between(node("Transpose", {"x"}, "y", ints("perm", {1, 0, 2, 3}))), "NetworkImportNode", "the batch is not the first dimension");
        row("no permutation", between(node("Transpose", {"x"}, "y", ints("perm", {0, 0, 2, 9}))), "NetworkImportNode", "perm");
        row("axis out of range", between(node("Softmax", {"x"}, "y", integer("axis", -7))), "NetworkImportNode", "axis = -7");
        row("the smallest axis", between(node("Concat", {"x", "x"}, "y", integer("axis", INT64_MIN))), "NetworkImportNode", "axis");
        row("mean over the batch", between(node("ReduceMean", {"x"}, "y", ints("axes", {0, 2}))), "NetworkImportNode", "axes");
        row("peephole of nothing", between(weight("w", {1, 24, 5}) + weight("r", {1, 24, 7}) + node("LSTM", {"x", "w", "r"}, "y"), {2, 9, 5}), "NetworkImportNode", "hidden_size");
        row("GRU of Keras", between(weight("w", {1, 18, 5}) + weight("r", {1, 18, 6}) + node("GRU", {"x", "w", "r"}, "y"), {2, 9, 5}), "NetworkImportNode", "linear_before_reset");
        row("words into a layer", model(relu + text(11, port("x", {2, 9}, 7)) + text(12, port("y", {}))), "NetworkImportNode", "N×9");
        row("texts", model(relu + text(11, port("x", {2, 9}, 8)) + text(12, port("y", {}))), "NetworkImport", "neither floating point nor integers");
        std::string nested; // each level is a graph within the one around it; lengths are longer the further out
        for (int i = 0; i < 20'000; ++i)
            nested = text(6, nested);
        row("deep nesting", between(node("If", {"x"}, "y", text(5, nested))), "NetworkImportNode", "op=If");
    }

    void refused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, code);
        QFETCH(QString, says);
        const Refusal found = refusal(bytes.toStdString());
        QCOMPARE(QString::fromStdString(found.code), code);
        QVERIFY2(found.facts.find(says.toStdString()) != std::string::npos, found.facts.c_str());
    }

    /// Names in files may hold anything; errors, ids and JSON may not.
    void strangeNames()
    {
        const Refusal found = refusal(between(node("No\xff\x01ne", {"x"}, "y")));
        QCOMPARE(found.facts, std::string("path=net.onnx;node=the No??ne;op=No??ne;reason=;"));
        const NetworkSpec network = read(between(text(1, text(1, "x") + text(2, "y") + text(3, "\xc3\xa9 /\n<b>") + text(4, "Relu")))).network;
        QCOMPARE(network.nodes.back().id, std::string("b"));
    }

    /// A million nodes of two bytes each must not become a million in memory.
    void aMillionNodes()
    {
        std::string nodes;
        for (int i = 0; i < 1'000'000; ++i)
            nodes += text(1, "");
        QCOMPARE(QString::fromStdString(refusal(between(nodes)).code), QStringLiteral("NetworkTooLarge"));
        std::string chain;
        for (int i = 0; i < 30'000; ++i)
            chain += node("Relu", {i == 0 ? "x" : "v" + std::to_string(i)}, i == 29'999 ? "y" : "v" + std::to_string(i + 1));
        QCOMPARE(QString::fromStdString(refusal(between(chain)).code), QStringLiteral("NetworkTooLarge"));
        std::string numbers(4'000'000, '\1');
        QCOMPARE(QString::fromStdString(refusal(between(node("Relu", {"x"}, "y", text(5, text(1, "a") + text(8, numbers))))).code), QStringLiteral("none")); // the rest is left unread
        std::string inputs;
        for (int i = 0; i < 1'100'000; ++i)
            inputs += text(1, "");
        QCOMPARE(QString::fromStdString(refusal(between(text(1, inputs + text(2, "y") + text(4, "Sum")))).code), QStringLiteral("NetworkTooLarge"));
    }

    /// Nor a constant a hundred thousand.
    void aConstantCopied()
    {
        std::string sizes;
        for (int i = 0; i < 500; ++i)
            sizes += number(7, i);
        std::string squeezed;
        for (int i = 0; i < 20'000; ++i)
            squeezed += node(i % 2 == 0 ? "Unsqueeze" : "Squeeze", {"c" + std::to_string(i)}, "c" + std::to_string(i + 1), ints("axes", {0}));
        const std::string head = text(5, number(1, 500) + number(2, 7) + text(8, "c0") + sizes);
        QCOMPARE(QString::fromStdString(refusal(between(head + squeezed + node("Reshape", {"x", "c20000"}, "y"))).code), QStringLiteral("NetworkTooLarge"));
    }

    /// As many nodes as are allowed are read in time that grows with them alone.
    void aLongChain()
    {
        std::string chain;
        for (int i = 0; i < 15'000; ++i)
            chain += node("Relu", {i == 0 ? "x" : "v" + std::to_string(i)}, i == 14'999 ? "y" : "v" + std::to_string(i + 1));
        QCOMPARE(read(between(chain)).network.nodes.size(), std::size_t(15'002));
    }

    /// Cut anywhere, a file is refused or still whole; nothing else comes of it.
    void cutAnywhere()
    {
        for (const char* name : {"mlp.onnx", "lstm_both.onnx", "autoencoder.onnx"}) {
            const std::string whole = readFile(test::project("tests/fixtures/onnx") / name);
            for (std::size_t length = 0; length < whole.size(); length += 3) {
                const std::string code = refusal(whole.substr(0, length)).code;
                QVERIFY2(code == "NetworkImport" || code == "NetworkImportNode" || code == "none", (code + " at " + std::to_string(length)).c_str());
            }
        }
    }

    /// Weights are skipped: a file that claims gigabytes which are not there costs nothing.
    void weightsAreSkipped()
    {
        std::string data = text(9, std::string(600'000, 'w'));
        const std::string big = text(5, number(1, 3) + number(1, 50'000) + number(2, 1) + text(8, "w") + data);
        const ImportedNetwork read1 = read(model(big + node("MatMul", {"x", "w"}, "y") + text(11, port("x", {2, 3})) + text(12, port("y", {}))));
        QCOMPARE(read1.network.nodes.back().type, std::string("Linear"));
        QCOMPARE(read1.context.outputs, std::int64_t{50'000});
    }
};

QTEST_GUILESS_MAIN(TstOnnxDamage)
#include "tst_onnx_damage.moc"
