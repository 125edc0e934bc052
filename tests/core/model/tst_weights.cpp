#include "core/model/Weights.h"
#include "tests/support/TestSupport.h"

#include <algorithm>
#include <cstring>

using namespace limpid;
using namespace std::string_literals;

namespace {

/// A file as the format's page describes it: length, header, data.
std::string file(const std::string& header, const std::string& data)
{
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
    return bytes + header + data;
}

} // namespace

class TstWeights : public QObject
{
    Q_OBJECT

private slots:
    /// Written by hand from huggingface/safetensors' README ("Format"). The header has 56 = 0x38 characters;
    /// 1.0f = 00 00 80 3f, −2.5f = 00 00 20 c0.
    void literalBytes()
    {
        const std::string header = R"({"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
        const std::string padded = header + std::string(64 - header.size(), ' ');
        std::string expected = "\x38\0\0\0\0\0\0\0"s + header;
        QCOMPARE(header.size(), std::size_t{56}); // 0x38, a multiple of 8: nothing to pad
        expected += "\0\0\x80\x3f\0\0\x20\xc0"s;
        const Weights weights{{"w", {1, 2}, {1.0f, -2.5f}}};
        QCOMPARE(writeSafetensors(weights), expected);
        QVERIFY(readSafetensors(expected, "w") == weights);
        // Padding is the writer's choice; readers take it.
        QVERIFY(readSafetensors(file(padded, "\0\0\x80\x3f\0\0\x20\xc0"s), "w") == weights);
    }

    void roundTrip()
    {
        const Weights weights{{"b.weight", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"a.bias", {1}, {-1}}, {"empty", {0, 4}, {}}, {"scalar", {}, {7}}};
        const std::string bytes = writeSafetensors(weights, {{"format", "limpid-model"}});
        QCOMPARE(bytes, writeSafetensors(weights, {{"format", "limpid-model"}}));
        std::uint64_t header = 0;
        std::memcpy(&header, bytes.data(), 8);
        QCOMPARE(header % 8, std::uint64_t{0});
        const Weights read = readSafetensors(bytes, "w");
        QVERIFY(read.size() == weights.size());
        for (const WeightTensor& tensor : weights)
            QVERIFY(std::find(read.begin(), read.end(), tensor) != read.end());
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
        };
        const std::string eight(8, '\0');
        row("empty", "");
        row("seven bytes", std::string(7, '\0'));
        row("no header", eight);
        row("length beyond the file", "\x10\0\0\0\0\0\0\0{}"s);
        row("huge length", "\xff\xff\xff\xff\xff\xff\xff\xff{}"s);
        row("not JSON", file("{nonsense", ""));
        row("not an object", file("[1,2]", ""));
        row("deep nesting", file(std::string(100'000, '['), ""));
        row("entry is a number", file(R"({"a":1})", ""));
        row("no dtype", file(R"({"a":{"shape":[2],"data_offsets":[0,8]}})", eight));
        row("other dtype", file(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", eight));
        row("negative dimension", file(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", eight));
        row("fractional dimension", file(R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", eight));
        row("shape and offsets differ", file(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", eight));
        row("product overflows", file(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", ""));
        row("product overflows to 8",
            file(R"({"a":{"dtype":"F32","shape":[9223372036854775809,2],"data_offsets":[0,8]}})", eight));
        row("offset beyond the file", file(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", eight));
        row("offsets reversed", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", eight));
        row("offsets of three", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}})", eight));
        row("overlap", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", eight));
        row("hole", file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", eight));
        row("bytes left over", file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", eight));
        row("truncated data", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "\0\0\0\0"s));
        row("name twice", file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", eight));
    }
    void refused()
    {
        QFETCH(QByteArray, bytes);
        QCOMPARE(test::errorNameOf([&] { readSafetensors({bytes.data(), static_cast<std::size_t>(bytes.size())}, "w"); }),
                 std::string("BundleInvalid"));
    }

    /// Whatever byte is lost from a good file, the reader notices.
    void everyTruncation()
    {
        const std::string whole = writeSafetensors({{"w", {3}, {1, 2, 3}}, {"v", {1}, {4}}});
        for (std::size_t size = 0; size < whole.size(); ++size)
            QCOMPARE(test::errorNameOf([&] { readSafetensors(std::string_view(whole).substr(0, size), "w"); }),
                     std::string("BundleInvalid"));
    }
};

QTEST_GUILESS_MAIN(TstWeights)
#include "tst_weights.moc"
