#include "core/explain/ExplanationFile.h"
#include "tests/support/TestSupport.h"

#include <bit>
#include <cmath>
#include <limits>

using namespace limpid;
using namespace limpid::test;

namespace {

/// One of everything: values that JSON has no word for, names beyond ASCII and bytes that are no UTF-8.
Explanation makeExplanation()
{
    Explanation made;
    made.method = "deeplift";
    made.task = TaskKind::MultiClass;
    made.space = "probability";
    made.outputs = {"rot", "grün \xff"};
    made.features = {"a", "b", "Größe", "d"};
    made.rows = {3, 17};
    made.base = {0.1, -1e-300};
    made.predictions = {0.25, 0.5, 1.0 / 3.0, 4.0};
    for (std::size_t i = 0; i < 16; ++i) {
        made.values.push_back(std::sin(static_cast<double>(i)));
        made.errors.push_back(i % 3 == 0 ? 0.0 : 1.0 / static_cast<double>(i));
    }
    made.image = ImageShape{1, 2, 2};
    made.segments = {0, 0, 1, 2, 0, 1, 1, 0};
    made.residual = std::numeric_limits<double>::infinity();
    made.fit = {0.5, 0.25, 1.0, -0.1};
    made.topResolved = {true, false, false, true};
    made.evaluations = 1'000'000'000'000;
    made.modelRows = std::numeric_limits<std::uint64_t>::max();
    made.seconds = 12.5;
    made.background = "training rows";
    made.backgroundRows = 100;
    made.backgroundOf = 26'048;
    made.backgroundInfo = {"cohort", "größe > 3", 5};
    made.outside = OutsideShare{0.25, 0.01, 500};
    made.baseline = "mean";
    made.ledger = {{"dense1", "dense", 1e-15, 0.0}, {"gelu", "gelu", 0.0, 0.25}};
    for (std::size_t i = 0; i < 8; ++i) {
        made.cellText.push_back(i == 2 ? "" : "cell " + std::to_string(i));
        made.cellNumber.push_back(i == 2 ? std::numeric_limits<double>::quiet_NaN() : -0.0);
    }
    return made;
}

std::vector<std::uint64_t> bitsOf(const std::vector<double>& values)
{
    std::vector<std::uint64_t> bits;
    for (const double value : values)
        bits.push_back(std::bit_cast<std::uint64_t>(value));
    return bits;
}

std::string nameOfReading(const std::string& bytes)
{
    return errorNameOf([&] { explanationFromBytes(bytes); });
}

} // namespace

class TestExplanationFile : public QObject
{
    Q_OBJECT

private slots:
    void comesBackBitByBit()
    {
        const Explanation made = makeExplanation();
        const Explanation read = explanationFromBytes(explanationBytes(made));
        QCOMPARE(read.method, made.method);
        QCOMPARE(read.task, made.task);
        QCOMPARE(read.space, made.space);
        QCOMPARE(read.outputs, made.outputs);
        QCOMPARE(read.features, made.features);
        QCOMPARE(read.rows, made.rows);
        QCOMPARE(bitsOf(read.base), bitsOf(made.base));
        QCOMPARE(bitsOf(read.predictions), bitsOf(made.predictions));
        QCOMPARE(bitsOf(read.values), bitsOf(made.values));
        QCOMPARE(bitsOf(read.errors), bitsOf(made.errors));
        QCOMPARE(bitsOf(read.cellNumber), bitsOf(made.cellNumber));
        QVERIFY(read.image == made.image);
        QCOMPARE(read.segments, made.segments);
        QCOMPARE(read.additive, made.additive);
        QCOMPARE(read.residual, made.residual);
        QCOMPARE(read.topResolved, made.topResolved);
        QCOMPARE(read.fit, made.fit);
        QCOMPARE(read.evaluations, made.evaluations);
        QCOMPARE(read.modelRows, made.modelRows);
        QCOMPARE(read.background, made.background);
        QCOMPARE(read.backgroundRows, made.backgroundRows);
        QCOMPARE(read.backgroundOf, made.backgroundOf);
        QCOMPARE(read.baseline, made.baseline);
        QCOMPARE(read.backgroundInfo.kind, made.backgroundInfo.kind);
        QCOMPARE(read.backgroundInfo.where, made.backgroundInfo.where);
        QCOMPARE(read.backgroundInfo.row, made.backgroundInfo.row);
        QVERIFY(read.outside && read.outside->share == 0.25 && read.outside->error == 0.01 && read.outside->looked == 500);
        QCOMPARE(read.cellText, made.cellText);
        QCOMPARE(read.ledger.size(), made.ledger.size());
        QCOMPARE(read.ledger.back().layer, std::string("gelu"));
        QCOMPARE(read.ledger.back().spread, 0.25);
    }

    void secondsDoNotMatter()
    {
        Explanation made = makeExplanation();
        const std::string bytes = explanationBytes(made);
        made.seconds = 99.0;
        QCOMPARE(explanationBytes(made), bytes);
        made.values.front() = std::nextafter(made.values.front(), 1.0);
        QVERIFY(explanationBytes(made) != bytes);
    }

    void emptyOneComesBack()
    {
        const Explanation read = explanationFromBytes(explanationBytes(Explanation()));
        QCOMPARE(read.rowCount(), std::size_t(0));
        QVERIFY(!read.image);
    }

    /// Cut anywhere, and with any byte changed: read, or refused, but never more than that.
    void damageIsRefused()
    {
        const std::string bytes = explanationBytes(makeExplanation());
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QCOMPARE(nameOfReading(bytes.substr(0, length)), std::string("ExplanationInvalid"));
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (const int flip : {1, 0x20, 0x80, 0xff}) {
                std::string damaged = bytes;
                damaged[at] = static_cast<char>(damaged[at] ^ flip);
                const std::string name = nameOfReading(damaged);
                QVERIFY2(name == "(no error)" || name == "ExplanationInvalid", name.c_str());
            }
        }
        QCOMPARE(nameOfReading("not one"), std::string("ExplanationInvalid"));
    }
};

QTEST_GUILESS_MAIN(TestExplanationFile)
#include "tst_explanationfile.moc"
