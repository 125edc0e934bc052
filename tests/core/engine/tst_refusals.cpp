#include "core/engine/Network.h"
#include "tests/core/engine/NetworkMutations.h"

#include <QTest>

#include <algorithm>
#include <iostream>

using namespace limpid;
using test::RandomNetwork;
using test::Refusal;

namespace {

constexpr int networksEach = 60, leastEach = 5;

std::string listed(const Issues& issues)
{
    std::string text;
    for (const Issue& issue : issues)
        if (issue.severity == Severity::Error)
            text += std::string(errorName(issue.code)) + " " + issue.where + " (" + fact(issue.facts, "name") + ", expected " + fact(issue.facts, "expected") + "); ";
    return text;
}

/// The first thing that is wrong with how an invalid network is refused, or "".
std::string complaint(const RandomNetwork& invalid, const Refusal& refusal)
{
    const NetworkAnalysis analysis = analyse(invalid.spec, invalid.context);
    const auto isError = [](const Issue& issue) { return issue.severity == Severity::Error; };
    const auto first = std::find_if(analysis.issues.begin(), analysis.issues.end(), isError);
    if (first == analysis.issues.end() || analysis.ok())
        return "accepted";
    const bool named = std::any_of(analysis.issues.begin(), analysis.issues.end(), [&](const Issue& issue) {
        return isError(issue) && issue.code == refusal.code && refusal.nodes.contains(issue.where);
    });
    if (!named)
        return "not named: " + listed(analysis.issues);
    // Nobody else is to blame; what a new edge makes part of a cycle is.
    for (const Issue& issue : analysis.issues)
        if (isError(issue) && !refusal.nodes.contains(issue.where) && !(issue.code == ErrorCode::NetworkCycle && refusal.nodes.contains("cycle")))
            return "others are blamed: " + listed(analysis.issues);
    try {
        const engine::Network network(invalid.spec, invalid.context);
        return "built";
    } catch (const Error& error) {
        if (error.code() != first->code || error.facts() != first->facts)
            return std::string("built with another error: ") + error.what() + " instead of " + listed(analysis.issues);
    }
    return {};
}

} // namespace

/// Networks made invalid in every known way are refused by the analysis, with the node named, and by the engine in the same words.
class TestRefusals : public QObject
{
    Q_OBJECT

private slots:
    void refused_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < test::networkMutations().size(); ++i)
            QTest::newRow(test::networkMutations()[i].name.c_str()) << static_cast<int>(i);
    }
    void refused()
    {
        QFETCH(int, index);
        const test::Mutation& mutation = test::networkMutations()[static_cast<std::size_t>(index)];
        int applied = 0;
        for (int seed = 0; seed < networksEach; ++seed) {
            const auto number = static_cast<std::uint64_t>(1'000'000 + 1000 * index + seed);
            RandomNetwork network = test::randomNetwork(number, seed % 3 == 0 ? "Block" : "", true);
            Random random(number, "mutation");
            const std::optional<Refusal> refusal = mutation.apply(network, random);
            if (!refusal)
                continue;
            ++applied;
            std::string wrong;
            try {
                wrong = complaint(network, *refusal);
            } catch (const std::exception& error) {
                wrong = error.what();
            }
            if (!wrong.empty()) {
                std::cerr << network.spec.toJson().dump(1) << '\n';
                for (const std::string& node : refusal->nodes)
                    wrong += " [" + node + "]";
                QFAIL((wrong + " seed " + std::to_string(number)).c_str());
            }
        }
        QVERIFY2(applied >= leastEach, std::to_string(applied).c_str());
    }
};

QTEST_GUILESS_MAIN(TestRefusals)
#include "tst_refusals.moc"
