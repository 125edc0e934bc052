#include "core/base/File.h"
#include "core/explain/GroupedGame.h"
#include "tests/core/explain/FixtureGame.h"
#include "tests/support/TestSupport.h"

#include <QTest>

// Groups of players as players. Expected numbers: shap 0.52's KernelExplainer with grouped data
// (../shared/fixtures/explain/shapley_small.json, kernel_groups), and literal games.

using namespace limpid;
using nlohmann::json;

class tst_GroupedGame : public QObject
{
    Q_OBJECT

private slots:
    void fixture_data();
    void fixture();
    void membership();
    void completed();
    void invalid_data();
    void invalid();
};

void tst_GroupedGame::fixture_data()
{
    QTest::addColumn<QString>("method");
    for (const std::string& method : shapleyMethods())
        QTest::addRow("%s", method.c_str()) << QString::fromStdString(method);
}

void tst_GroupedGame::fixture()
{
    QFETCH(QString, method);
    LIMPID_NEED_SHARED(path, "fixtures/explain/shapley_small.json");
    const json fixture = json::parse(readFile(path));
    const auto single =
        test::MlpGame(fixture, fixture["rows"].get<test::Matrix>(), fixture["background"].get<test::Matrix>()).game();
    std::vector<PlayerGroup> groups;
    for (const json& members : fixture["groups"])
        groups.push_back({"group " + std::to_string(groups.size()), members.get<std::vector<std::size_t>>()});
    const GroupedGame game(single, groups);
    QCOMPARE(game.players(), groups.size());

    Task task;
    const ShapleyValues result = shapley(game, {method.toStdString(), 0, 1}, task);
    const json& expected = fixture["kernel_groups"];
    for (std::size_t row = 0; row < game.rows(); ++row) {
        for (std::size_t output = 0; output < 2; ++output) {
            for (std::size_t group = 0; group < groups.size(); ++group) {
                const double gap = result.values[(row * 2 + output) * groups.size() + group]
                                   - expected[row][group][output].get<double>();
                QVERIFY2(std::abs(gap) <= fixture["tol"]["kernel"].get<double>(), qPrintable(QString::number(gap)));
            }
        }
    }
    QVERIFY(test::additivityGap(result, groups.size()) <= 1e-12);
}

void tst_GroupedGame::membership()
{
    // v is the coalition itself read as a binary number, so each value says who was in.
    test::FunctionGame single(2, 5, 1, [](std::size_t row, std::span<const std::uint8_t> in) {
        double value = 100.0 * static_cast<double>(row);
        for (std::size_t player = 0; player < in.size(); ++player)
            value += in[player] ? std::exp2(static_cast<double>(player)) : 0.0;
        return std::vector{value};
    });
    for (const std::size_t player : {1, 4})
        single.setVaries(1, player, false);
    const GroupedGame game(single, {{"a", {4, 1}}, {"b", {0, 2, 3}}});
    const Coalitions coalitions{4, 2, {0, 0, 1, 0, 0, 1, 1, 1}};
    Task task;
    QCOMPARE(game.values(coalitions, task), (std::vector<double>{0, 18, 13, 31, 100, 118, 113, 131}));
    QCOMPARE(game.valuesOfRow(1, coalitions, task), (std::vector<double>{100, 118, 113, 131}));
    QVERIFY(game.varies(0, 0));
    QVERIFY(!game.varies(1, 0));
    QVERIFY(game.varies(1, 1));
}

void tst_GroupedGame::completed()
{
    const auto groups = completedGroups({{"late", {4, 3}}, {"mixed", {2, 0}}}, {"p", "q", "r", "s", "t"});
    QCOMPARE(groups.size(), std::size_t{3});
    QCOMPARE(groups[0].name, std::string("mixed"));
    QCOMPARE(groups[1].name, std::string("q"));
    QCOMPARE(groups[1].players, std::vector<std::size_t>{1});
    QCOMPARE(groups[2].name, std::string("late"));
    QCOMPARE(groups[2].players, (std::vector<std::size_t>{4, 3}));
    QCOMPARE(completedGroups({}, {"p", "q"}).size(), std::size_t{2});
}

void tst_GroupedGame::invalid_data()
{
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"empty", "unknown", "twice", "shared", "same name", "name of another"})
        QTest::newRow(kind) << kind;
}

void tst_GroupedGame::invalid()
{
    QFETCH(QString, kind);
    std::vector<PlayerGroup> groups = {{"a", {0, 1}}, {"b", {2}}};
    if (kind == "empty")
        groups[1].players.clear();
    else if (kind == "unknown")
        groups[1].players = {4};
    else if (kind == "twice")
        groups[1].players = {2, 2};
    else if (kind == "shared")
        groups[1].players = {1, 2};
    else if (kind == "same name")
        groups[1].name = "a";
    else
        groups[1].name = "s";
    const std::vector<std::string> names = {"p", "q", "r", "s"};
    QCOMPARE(test::errorNameOf([&] { completedGroups(groups, names); }), std::string("OptionInvalid"));
    const auto game = test::networkGame(1, 4, 1, 1);
    // All of these but the last are wrong by themselves too; that one leaves player 3 in no group.
    QCOMPARE(test::errorNameOf([&] { GroupedGame(game, groups); }), std::string("OptionInvalid"));
}

QTEST_GUILESS_MAIN(tst_GroupedGame)
#include "tst_groupedgame.moc"
