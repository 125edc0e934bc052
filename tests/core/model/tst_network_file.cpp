#include "core/model/NetworkFile.h"
#include "tests/support/TestSupport.h"

#include <QTest>

using namespace limpid;

namespace {

const NetworkContext context{4, {}, 1};

std::string network(const std::string& nodes, const std::string& rest = {})
{
    return R"({"format":"limpid-network","version":2,"outputs":["y"],"nodes":[)" + nodes + "]" + (rest.empty() ? "" : "," + rest) + "}";
}

std::string node(const std::string& id, const std::string& type, const std::string& input, const std::string& params = "{}")
{
    return R"({"id":")" + id + R"(","type":")" + type + R"(","inputs":[)" + (input.empty() ? "" : '"' + input + '"') + R"(],"params":)" + params + "}";
}

std::string times(std::size_t count, const std::string& text)
{
    std::string all;
    for (std::size_t k = 0; k < count; ++k)
        all += text;
    return all;
}

/// Blocks b0, b1, … each of which holds two uses of the next; each of these repeats.
std::string tower(int levels, int repeat)
{
    std::string blocks;
    for (int level = 0; level < levels; ++level) {
        const std::string use = R"({"block":"b)" + std::to_string(level + 1) + R"(","repeat":)" + std::to_string(repeat) + "}";
        const bool last = level + 1 == levels;
        const std::string type = last ? "ReLU" : "Block";
        blocks += (level > 0 ? "," : "") + (R"({"name":"b)" + std::to_string(level)) + R"(","outputs":["o"],"nodes":[)" + node("i", "BlockInput", "") + ","
                  + node("u", type, "i", last ? "{}" : use) + "," + node("o", type, "u", last ? "{}" : use) + "]}";
    }
    return network(node("x", "Input", "") + "," + node("u", "Block", "x", R"({"block":"b0"})") + "," + node("y", "Linear", "u", R"({"out_features":1})"), R"("blocks":[)" + blocks + "]");
}

/// What is said of the text: the code and the node (of one within blocks, the outermost's use), or "" for a network that can be built.
std::string verdict(const std::string& text)
{
    try {
        const NetworkAnalysis analysis = analyse(readNetworkText(text, "x.json"), context);
        for (const Issue& issue : analysis.issues)
            if (issue.severity == Severity::Error)
                return std::string(errorName(issue.code)) + " " + issue.where.substr(0, issue.where.find('.'));
    } catch (const Error& error) {
        return std::string(errorName(error.code())) + fact(error.facts(), "line");
    }
    return {};
}

} // namespace

/// Network files from anybody: damaged, hostile and huge ones are refused, and what is only large is not.
class TestNetworkFile : public QObject
{
    Q_OBJECT

private slots:
    void texts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const std::string& text, const char* expected) { QTest::newRow(name) << QByteArray::fromStdString(text) << expected; };
        const std::string x = node("x", "Input", ""), y = node("y", "Linear", "x", R"({"out_features":1})");
        row("valid", network(x + "," + y), "");
        row("cut off", network(x + "," + y).substr(0, 120), "JsonInvalid1");
        row("in line 3", "{\n\n!", "JsonInvalid3");
        row("a number that is none", network(x + "," + node("y", "Linear", "x", R"({"out_features":1e999})")), "JsonInvalid");
        row("nothing", "", "JsonInvalid1");
        row("a list", "[]", "NetworkFormat");
        row("deep", times(1'000'000, "["), "NetworkTooLarge");
        row("a deep format", R"({"format":)" + times(100'000, "[") + times(100'000, "]") + "}", "NetworkTooLarge");
        row("a million values", "[" + times(2'000'000, "1,") + "1]", "NetworkTooLarge");
        row("as long as a film", std::string(longestNetworkText + 1, ' '), "NetworkTooLarge");
        row("many nodes", network(times(mostNodes, node("x", "ReLU", "x") + ",") + x), "NetworkTooLarge");
        row("a long id", network(node(std::string(2000, 'x'), "Input", "")), "NetworkFormat");
        row("a long type", network(node("x", std::string(1'000'000, 'L'), "")), "NetworkFormat");
        row("many settings", network(node("x", "Linear", "", "{" + [] {
                std::string params = R"("a":1)";
                for (int k = 0; k < 100; ++k)
                    params += ",\"p" + std::to_string(k) + "\":1";
                return params;
            }() + "}")), "NetworkFormat");
        row("sizes beyond counting", network(x + "," + node("y", "Reshape", "x", R"({"shape":[65536,65536,65536,65536]})")), "NetworkShape y");
        row("a tower of blocks", tower(6, 2), ""); // 2·4^5 layers
        row("a higher one", tower(20, 1), "NetworkTooLarge u");
        row("one that repeats", tower(4, 100), "NetworkTooLarge u");
        row("higher than anybody can see", tower(40, 1), "NetworkTooLarge u");
        // 2^30 places, each of which would attend to each.
        row("a long sequence", network(x + "," + node("a", "Reshape", "x", R"({"shape":[1,2,2]})") + "," + [] {
                std::string chain;
                for (int k = 0; k < 7; ++k)
                    chain += node("b" + std::to_string(k), "Upsample", k == 0 ? "a" : "b" + std::to_string(k - 1), R"({"scale_factor":)" + std::string(k == 6 ? "4" : "16") + "}") + ",";
                return chain;
            }() + node("s", "Reshape", "b1", R"({"shape":[-1,1]})") + "," + node("m", "MultiheadAttention", "s", R"({"num_heads":1})") + ","
                + node("g", "GlobalAvgPool", "m") + "," + node("y", "Linear", "g", R"({"out_features":1})")), "NetworkTooLarge b3");
    }
    void texts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(verdict(text.toStdString())), expected);
    }

    /// Attention over n places weighs n² pairs, though it gives n values.
    void longSequence()
    {
        const auto attention = [](std::int64_t places) {
            const NetworkContext wide{places, {}, 1};
            const std::string text = network(node("x", "Input", "") + "," + node("s", "Reshape", "x", R"({"shape":[-1,1]})") + ","
                                             + node("m", "MultiheadAttention", "s", R"({"num_heads":1})") + "," + node("g", "GlobalAvgPool", "m") + ","
                                             + node("y", "Linear", "g", R"({"out_features":1})"));
            return analyse(readNetworkText(text, "x.json"), wide);
        };
        QVERIFY(attention(10'000).ok());
        QCOMPARE(attention(10'000).nodes[2].cost.flops, std::int64_t{2} * 4 * 10'000 + 8 * std::int64_t{100'000'000});
        for (const std::int64_t places : {std::int64_t{1'000'000}, std::int64_t{1} << 31}) {
            const NetworkAnalysis analysis = attention(places);
            QVERIFY(!analysis.ok());
            QCOMPARE(analysis.issues.front().code, ErrorCode::NetworkTooLarge);
            QCOMPARE(analysis.issues.front().where, std::string("m"));
        }
    }
};

QTEST_GUILESS_MAIN(TestNetworkFile)
#include "tst_network_file.moc"
