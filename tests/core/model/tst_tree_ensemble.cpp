#include "core/base/File.h"
#include "core/model/XgboostFile.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>
#include <limits>

using namespace limpid;
using nlohmann::json;

namespace {

/// x0 < 0.1 ? 1 : (x1 < 2 ? 3 : 4), as XGBoost writes it, with a pruned node (5) left behind.
json smallModel()
{
    return json::parse(R"({"learner": {
        "gradient_booster": {"name": "gbtree", "model": {"tree_info": [0], "trees": [{
            "left_children": [1, -1, 3, -1, -1, -1], "right_children": [2, -1, 4, -1, -1, -1], "split_indices": [0, 0, 1, 0, 0, 0],
            "split_conditions": [0.1, 1, 2, 3, 4, 9], "default_left": [1, 0, 0, 0, 0, 0], "sum_hessian": [10, 4, 6, 3, 3, 0],
            "split_type": [0, 0, 0, 0, 0, 0]}]}},
        "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "2", "num_target": "1"},
        "objective": {"name": "reg:squarederror"}}, "version": [1, 7, 4]})");
}

/// What is wrong with it: the code, and the place or the setting.
std::string wrong(const std::string& text)
{
    try {
        readXgboostText(text, "trees.json");
    } catch (const Error& error) {
        return std::string(errorName(error.code())) + " " + fact(error.facts(), error.code() == ErrorCode::OptionInvalid ? "name" : "reason");
    }
    return "none";
}

} // namespace

class tst_TreeEnsemble : public QObject
{
    Q_OBJECT

private slots:
    void routes();
    void baseScores_data();
    void baseScores();
    void bad_data();
    void bad();
    void loops();
    void damaged();
};

void tst_TreeEnsemble::routes()
{
    const TreeEnsemble model = readXgboostText(smallModel().dump(), "");
    QCOMPARE(model.features, std::size_t(2));
    QCOMPARE(model.trees.size(), std::size_t(1));
    QCOMPARE(model.trees[0].nodes.size(), std::size_t(5));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    // 0.1F is not less than the threshold 0.1 as float32, though as a double it is larger than 0.1.
    const std::vector<float> rows{0.0F, 0.0F, 0.1F, 0.0F, std::nextafter(0.1F, 0.0F), 5.0F, 1.0F, 2.0F, nan, 5.0F, 1.0F, nan};
    QCOMPARE(model.margins(rows), (std::vector<double>{1.5, 3.5, 1.5, 4.5, 1.5, 4.5}));
    QCOMPARE(test::errorNameOf([&] { (void)model.margins(std::vector<float>(3)); }), std::string("OptionInvalid"));
}

void tst_TreeEnsemble::baseScores_data()
{
    QTest::addColumn<QByteArray>("objective");
    QTest::addColumn<QByteArray>("score");
    QTest::addColumn<int>("classes");
    QTest::addColumn<QList<double>>("base");
    // As XGBoost 3.0 and 3.2 have it: predict(output_margin=True) of models with these objectives.
    QTest::newRow("number") << QByteArray("reg:squarederror") << QByteArray("-2.5E0") << 0 << QList<double>{-2.5};
    QTest::newRow("log-odds") << QByteArray("binary:logistic") << QByteArray("7.5E-1") << 0 << QList<double>{std::log(3.0)};
    QTest::newRow("log-odds as they are") << QByteArray("binary:logitraw") << QByteArray("7.5E-1") << 0 << QList<double>{0.75};
    QTest::newRow("log-mean") << QByteArray("count:poisson") << QByteArray("[2E0]") << 0 << QList<double>{std::log(2.0)};
    QTest::newRow("classes") << QByteArray("multi:softprob") << QByteArray("5E-1") << 3 << QList<double>{0.5, 0.5, 0.5};
    QTest::newRow("one a class") << QByteArray("multi:softprob") << QByteArray("[1E0,-2E0,5E-1]") << 3 << QList<double>{1.0, -2.0, 0.5};
}

void tst_TreeEnsemble::baseScores()
{
    QFETCH(QByteArray, objective);
    QFETCH(QByteArray, score);
    QFETCH(int, classes);
    QFETCH(QList<double>, base);
    json model = smallModel();
    model["learner"]["objective"]["name"] = objective.toStdString();
    model["learner"]["learner_model_param"]["base_score"] = score.toStdString();
    model["learner"]["learner_model_param"]["num_class"] = std::to_string(classes);
    const TreeEnsemble found = readXgboostText(model.dump(), "");
    QCOMPARE(found.outputs(), std::size_t(base.size()));
    for (int i = 0; i < base.size(); ++i)
        QVERIFY(std::abs(found.base[std::size_t(i)] - base[i]) < 1e-12);
}

void tst_TreeEnsemble::bad_data()
{
    QTest::addColumn<QByteArray>("place");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* place, const char* value, const char* expected) {
        QTest::newRow(name) << QByteArray("/learner/") + place << QByteArray(value) << QByteArray(expected);
    };
    const QByteArray tree = "gradient_booster/model/trees/0/";
    const auto inTree = [&](const char* name, const char* place, const char* value, const char* expected) { row(name, (tree + place).constData(), value, expected); };
    row("dart", "gradient_booster/name", "\"dart\"", "OptionInvalid booster");
    row("objective", "objective/name", "\"survival:aft\"", "OptionInvalid objective");
    row("no trees", "gradient_booster/model/trees", "null", "BundleInvalid learner.gradient_booster.model.trees");
    row("more outputs than trees", "gradient_booster/model/tree_info", "[0, 0]", "BundleInvalid learner.gradient_booster.model.tree_info");
    row("no such output", "gradient_booster/model/tree_info/0", "1", "BundleInvalid learner.gradient_booster.model.tree_info[0]");
    row("no features", "learner_model_param/num_feature", "\"0\"", "BundleInvalid learner.learner_model_param.num_feature");
    row("absurd", "learner_model_param/num_feature", "\"999999999999999999999\"", "BundleInvalid learner.learner_model_param.num_feature");
    row("no number", "learner_model_param/num_class", "\"two\"", "BundleInvalid learner.learner_model_param.num_class");
    row("not a text", "learner_model_param/num_feature", "2", "BundleInvalid learner.learner_model_param.num_feature");
    row("score", "learner_model_param/base_score", "\"[1,2]\"", "BundleInvalid learner.learner_model_param.base_score");
    row("score's text", "learner_model_param/base_score", "\"[1,]\"", "BundleInvalid learner.learner_model_param.base_score");
    const std::string trees = "BundleInvalid learner.gradient_booster.model.trees[0].";
    inTree("child out of range", "left_children/0", "6", (trees + "left_children[0]").c_str());
    inTree("loop", "right_children/2", "0", (trees + "right_children[2]").c_str());
    inTree("two parents", "right_children/2", "1", (trees + "right_children[2]").c_str());
    inTree("half an answer", "right_children/1", "3", (trees + "right_children[1]").c_str());
    inTree("child not whole", "left_children/0", "1.5", (trees + "left_children[0]").c_str());
    inTree("child beyond 32 bits", "left_children/0", "4294967297", (trees + "left_children[0]").c_str());
    inTree("too short", "split_indices", "[0]", (trees + "split_indices").c_str());
    inTree("empty", "left_children", "[]", (trees + "left_children").c_str());
    inTree("cover's type", "sum_hessian/0", "\"10\"", (trees + "sum_hessian[0]").c_str());
    inTree("categories", "split_type/0", "1", "OptionInvalid split_type");
    inTree("leaf vectors", "tree_param", "{\"size_leaf_vector\": \"3\"}", "OptionInvalid multi_strategy");
    // The nodes are numbered anew, level by level.
    inTree("no such feature", "split_indices/2", "2", "BundleInvalid trees[0].nodes[2].feature");
    inTree("negative feature", "split_indices/2", "-1", (trees + "split_indices[2]").c_str());
    inTree("negative cover", "sum_hessian/1", "-4", "BundleInvalid trees[0].nodes[1].cover");
    inTree("cover larger than the parent's", "sum_hessian/3", "7", "BundleInvalid trees[0].nodes[3].cover");
    inTree("infinite threshold", "split_conditions/0", "1e39", "BundleInvalid trees[0].nodes[0].threshold");
    inTree("infinite value", "split_conditions/1", "1e39", "BundleInvalid trees[0].nodes[1].value");
}

void tst_TreeEnsemble::bad()
{
    QFETCH(QByteArray, place);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, expected);
    json model = smallModel();
    const json::json_pointer pointer(place.toStdString());
    if (value == "null")
        model[pointer.parent_pointer()].erase(pointer.back());
    else
        model[pointer] = json::parse(value.toStdString());
    QCOMPARE(QByteArray::fromStdString(wrong(model.dump())), expected);
}

void tst_TreeEnsemble::loops()
{
    // Trees made by hand pass the same check.
    TreeEnsemble model = readXgboostText(smallModel().dump(), "");
    model.trees[0].nodes.emplace_back();
    QCOMPARE(test::errorNameOf([&] { checkTreeEnsemble(model); }), std::string("BundleInvalid")); // not reached
    model.trees[0].nodes.clear();
    QCOMPARE(test::errorNameOf([&] { checkTreeEnsemble(model); }), std::string("BundleInvalid"));
    // Deeper than any path may be.
    std::vector<DecisionNode>& nodes = model.trees[0].nodes;
    for (std::size_t i = 0; i <= deepestDecisionTree; ++i) {
        nodes.push_back({static_cast<std::int32_t>(2 * i + 1), static_cast<std::int32_t>(2 * i + 2), 0, 0.0F, false, 1.0, 0.0});
        nodes.push_back({-1, -1, 0, 0.0F, false, 0.5, 1.0});
    }
    nodes.push_back({-1, -1, 0, 0.0F, false, 0.5, 1.0});
    QCOMPARE(test::errorNameOf([&] { checkTreeEnsemble(model); }), std::string("BundleInvalid"));
    nodes[2 * deepestDecisionTree] = nodes.back();
    nodes.resize(2 * deepestDecisionTree + 1);
    checkTreeEnsemble(model);
}

void tst_TreeEnsemble::damaged()
{
    const std::string text = smallModel().dump();
    // Cut anywhere, and with any byte changed, it is read or refused, never worse.
    for (std::size_t length = 0; length < text.size(); ++length)
        QVERIFY(wrong(text.substr(0, length)).starts_with("JsonInvalid"));
    int refused = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char byte : {'0', '9', '-', '"', ']', '\0'}) {
            std::string changed = text;
            changed[i] = byte;
            refused += wrong(changed) == "none" ? 0 : 1;
        }
    }
    QVERIFY(refused > 1000);
    QCOMPARE(wrong(std::string(100'000, '[')), std::string("JsonInvalid "));
    QCOMPARE(wrong("[]"), std::string("BundleInvalid learner"));
}

QTEST_GUILESS_MAIN(tst_TreeEnsemble)
#include "tst_tree_ensemble.moc"
