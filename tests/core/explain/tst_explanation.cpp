#include "core/explain/Explanation.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace limpid;

namespace {

/// Two rows, two outputs, three columns.
Explanation small()
{
    Explanation e;
    e.method = "leverage";
    e.space = "raw";
    e.outputs = {"no", "yes"};
    e.features = {"age", "job", "city"};
    e.rows = {4, 7};
    e.base = {0.5, -0.5};
    e.predictions = {1.0, -1.0, 2.0, -2.0};
    e.values = {1, -2, 3, 10, 20, 30, -4, 5, 6, 40, 50, 60};
    e.errors = {.1, .2, .3, 1, 2, 3, .4, .5, .6, 4, 5, 6};
    e.residual = 1e-9;
    e.evaluations = 2054;
    e.modelRows = 410800;
    e.seconds = 1.25;
    e.background = "training rows";
    e.backgroundRows = 100;
    return e;
}

} // namespace

class tst_Explanation : public QObject
{
    Q_OBJECT

private slots:
    void access();
    void json();
    void emptyJson();
    void importance();
    void importanceOfNothing();
    void order_data();
    void order();
};

void tst_Explanation::access()
{
    const Explanation e = small();
    QCOMPARE(e.rowCount(), std::size_t{2});
    QCOMPARE(e.value(0, 1, 2), 30.0);
    QCOMPARE(e.value(1, 0, 1), 5.0);
    QCOMPARE(e.error(1, 1, 0), 4.0);
}

void tst_Explanation::json()
{
    const auto expected = nlohmann::json::parse(R"({
        "method": "leverage", "space": "raw", "outputs": ["no", "yes"], "features": ["age", "job", "city"],
        "base": [0.5, -0.5],
        "rows": [
            {"row": 4, "output": [1.0, -1.0], "values": [[1.0, -2.0, 3.0], [10.0, 20.0, 30.0]],
             "error": [[0.1, 0.2, 0.3], [1.0, 2.0, 3.0]]},
            {"row": 7, "output": [2.0, -2.0], "values": [[-4.0, 5.0, 6.0], [40.0, 50.0, 60.0]],
             "error": [[0.4, 0.5, 0.6], [4.0, 5.0, 6.0]]}],
        "additive": true, "residual": 1e-9, "evaluations": 2054, "modelRows": 410800, "seconds": 1.25,
        "background": {"name": "training rows", "rows": 100}})");
    const nlohmann::json json = small().toJson();
    QVERIFY2(json == expected, json.dump().c_str());

    // What only some methods have.
    Explanation slopes = small();
    slopes.additive = false;
    QVERIFY(slopes.toJson()["residual"].is_null());
    Explanation integrated = small();
    integrated.baseline = "mean";
    integrated.ledger = {{"h", "Linear", 1e-9, 0.5}};
    const nlohmann::json document = integrated.toJson();
    QCOMPARE(document["baseline"].get<std::string>(), std::string("mean"));
    QVERIFY(document["rows"][0]["delta"] == nlohmann::json::parse("[1.5, 60.5]")); // base + values − output: 0.5 + 2 − 1, −0.5 + 60 + 1
    QVERIFY(document["ledger"] == nlohmann::json::parse(R"([{"layer": "h", "type": "Linear", "leak": 1e-9, "spread": 0.5}])"));
}

void tst_Explanation::emptyJson()
{
    const nlohmann::json json = Explanation().toJson();
    QVERIFY(json.at("rows").is_array());
    QVERIFY(json.at("rows").empty());
    QVERIFY(json.at("base").is_array());
    QVERIFY(json.at("outputs").is_array());
}

void tst_Explanation::importance()
{
    const auto importances = meanAbsolute(small(), 0);
    QCOMPARE(importances.size(), std::size_t{3});
    // By hand: (|3|+|6|)/2 = 4.5, (2+5)/2 = 3.5, (1+4)/2 = 2.5.
    const std::vector<std::size_t> features = {2, 1, 0};
    const std::vector<double> means = {4.5, 3.5, 2.5}, errors = {.45, .35, .25};
    for (std::size_t i = 0; i < 3; ++i) {
        QCOMPARE(importances[i].feature, features[i]);
        QCOMPARE(importances[i].mean, means[i]);
        QCOMPARE(importances[i].error, errors[i]);
    }
    // Ties stay in column order.
    Explanation tied = small();
    tied.values.assign(tied.values.size(), 2.0);
    for (std::size_t i = 0; i < 3; ++i)
        QCOMPARE(meanAbsolute(tied, 1)[i].feature, i);
}

void tst_Explanation::importanceOfNothing()
{
    Explanation none = small();
    none.rows.clear();
    for (const FeatureImportance& importance : meanAbsolute(none, 0)) {
        QCOMPARE(importance.mean, 0.0);
        QCOMPARE(importance.error, 0.0);
    }
}

void tst_Explanation::order_data()
{
    QTest::addColumn<std::vector<double>>("means");
    QTest::addColumn<std::vector<double>>("errors");
    QTest::addColumn<int>("resolved");
    QTest::addColumn<QString>("places"); // 1: certain
    using List = std::vector<double>;
    QTest::newRow("none") << List{} << List{} << 0 << QStringLiteral("");
    QTest::newRow("one") << List{3} << List{1} << 1 << QStringLiteral("1");
    QTest::newRow("exact") << List{3, 2, 1} << List{0, 0, 0} << 3 << QStringLiteral("111");
    QTest::newRow("exact tie") << List{3, 2, 2, 1} << List{0, 0, 0, 0} << 1 << QStringLiteral("1001");
    // 1.96·√(0.3² + 0.4²) = 0.98.
    QTest::newRow("just apart") << List{2.99, 2} << List{.3, .4} << 2 << QStringLiteral("11");
    QTest::newRow("just not") << List{2.97, 2} << List{.3, .4} << 0 << QStringLiteral("00");
    QTest::newRow("the first two") << List{9, 6, 3, 2.9} << List{.1, .1, .1, .1} << 2 << QStringLiteral("1100");
    QTest::newRow("the last two") << List{9, 8.9, 3, 2} << List{.1, .1, .1, .1} << 0 << QStringLiteral("0011");
    QTest::newRow("one that may be anywhere") << List{9, 6, 3} << List{.1, .1, 9} << 0 << QStringLiteral("000");
}

void tst_Explanation::order()
{
    QFETCH(std::vector<double>, means);
    QFETCH(std::vector<double>, errors);
    QFETCH(int, resolved);
    std::vector<FeatureImportance> importances;
    for (std::size_t i = 0; i < means.size(); ++i)
        importances.push_back({i, means[i], errors[i]});
    QCOMPARE(static_cast<int>(resolvedOrder(importances)), resolved);
    QFETCH(QString, places);
    QString certain;
    for (const bool place : placesResolved(importances))
        certain += place ? u'1' : u'0';
    QCOMPARE(certain, places);
}

QTEST_GUILESS_MAIN(tst_Explanation)
#include "tst_explanation.moc"
