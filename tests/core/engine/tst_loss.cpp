#include "core/engine/GradientRules.h"
#include "core/engine/Loss.h"
#include "core/engine/Softmax.h"
#include "tests/core/engine/EngineFixtures.h"
#include "tests/core/engine/TrainingFixture.h"

#include <numeric>

using namespace limpid;
using namespace limpid::engine;

namespace {

const nlohmann::json& fixture()
{
    return test::trainingFixture().at("losses");
}

TaskKind taskOf(const std::string& name)
{
    for (const TaskKind task : {TaskKind::Binary, TaskKind::MultiClass})
        if (name == taskKindName(task))
            return task;
    return TaskKind::Regression;
}

} // namespace

class TstLoss : public QObject
{
    Q_OBJECT

private slots:
    void asTorchComputes_data() { test::addCases(fixture()); }
    void asTorchComputes()
    {
        QFETCH(int, at);
        const nlohmann::json& expected = fixture()[std::size_t(at)];
        const auto outputs = expected.at("outputs").get<std::vector<float>>();
        const auto targets = expected.at("targets").get<std::vector<float>>();
        const Loss loss(test::specOf(expected), taskOf(expected.at("task").get<std::string>()),
                        expected.at("weights").get<std::vector<double>>());
        std::vector<float> gradient(outputs.size(), 7.0f);
        const double normaliser = loss.normaliser(targets);
        const double value = loss.evaluate(outputs, targets, targets.size(), normaliser, gradient);
        const std::vector<double> truth{expected.at("loss").get<double>()};
        LIMPID_SAME(std::vector<double>{value}, truth, 2e-7, 0.0);
        LIMPID_SAME(std::vector<double>{loss.value(outputs, targets, targets.size(), normaliser)}, truth, 1e-12, 0.0);
        LIMPID_SAME(gradient, expected.at("gradient").get<std::vector<double>>(), 1e-6, 1e-9);

        // In two parts, over the normaliser of the whole.
        const std::size_t width = outputs.size() / targets.size(), cut = targets.size() / 2;
        std::vector<float> parts(outputs.size(), 7.0f);
        const std::span<const float> z = outputs, t = targets;
        const double sum = loss.evaluate(z.first(cut * width), t.first(cut), cut, normaliser, std::span(parts).first(cut * width))
                           + loss.evaluate(z.subspan(cut * width), t.subspan(cut), targets.size() - cut, normaliser,
                                           std::span(parts).subspan(cut * width));
        QVERIFY(std::abs(sum - value) <= 1e-12 * std::abs(value));
        QVERIFY(parts == gradient);
    }

    void everyLossHasACase()
    {
        for (const ParamSpec& param : trainParams())
            for (const std::string& choice : param.choices)
                if (param.name == "loss")
                    QVERIFY2(std::any_of(fixture().begin(), fixture().end(),
                                         [&](const nlohmann::json& one) { return one.at("settings").at("loss") == choice; }),
                             choice.c_str());
    }

    /// Several outputs a row: each with its own target, as torch.nn.MSELoss and BCEWithLogitsLoss take them.
    void severalOutputs()
    {
        TrainSpec spec;
        std::vector<float> gradient(4);
        const std::vector<float> outputs{1.0f, 2.0f, -1.0f, 0.0f}, targets{0.0f, 2.5f, 1.0f, 0.0f};
        const Loss squares(spec, TaskKind::Regression);
        QCOMPARE(squares.normaliser(targets), 4.0);
        QCOMPARE(squares.evaluate(outputs, targets, 2, 4.0, gradient), (1.0 + 0.25 + 4.0) / 4);
        QCOMPARE(gradient, (std::vector<float>{0.5f, -0.25f, -1.0f, 0.0f}));
        const Loss labels(spec, TaskKind::MultiLabel);
        const std::vector<float> none(4, 0.0f), yes{1.0f, 0.0f, 0.0f, 1.0f};
        QCOMPARE(labels.evaluate(none, yes, 2, 4.0, gradient), std::log(2.0));
        QCOMPARE(gradient, (std::vector<float>{-0.125f, 0.125f, 0.125f, -0.125f}));
    }

    /// Weights of two labels with one and two ones in four rows, as PyTorch 1.13 computes them: the sum over the labels of
    /// binary_cross_entropy_with_logits(z, t, pos_weight = zeros / ones, reduction="sum") · rows / (2 · zeros), over all values.
    void weightsOfLabels()
    {
        const std::vector<float> outputs{0.5f, -1.0f, 2.0f, 0.25f, -0.75f, 1.5f, 0.1f, -0.3f}, targets{1, 0, 0, 1, 0, 0, 0, 1};
        const std::vector<double> weights = balancedLabelWeights(targets, 2);
        LIMPID_SAME(weights, (std::vector<double>{2.0 / 3, 2.0, 1.0, 1.0}), 1e-15, 0.0);
        const Loss loss(TrainSpec(), TaskKind::MultiLabel, weights);
        std::vector<float> gradient(8);
        const double normaliser = loss.normaliser(targets);
        LIMPID_SAME(std::vector<double>{normaliser}, (std::vector<double>{8.0}), 1e-15, 0.0);
        LIMPID_SAME(std::vector<double>{loss.evaluate(outputs, targets, 4, normaliser, gradient)}, (std::vector<double>{0.820656756212023}), 2e-7, 0.0);
        LIMPID_SAME(std::vector<double>{loss.value(outputs, targets, 4, normaliser)}, (std::vector<double>{0.820656756212023}), 2e-7, 0.0);
        LIMPID_SAME(gradient, (std::vector<double>{-0.0943851672, 0.0336176777, 0.0733997565, -0.0547279374, 0.0267351084, 0.10219681,
                                                   0.0437482656, -0.0718053146}), 1e-6, 1e-9);
        // In two parts, over the normaliser of the whole.
        const std::span<const float> z = outputs, t = targets;
        std::vector<float> parts(8);
        loss.evaluate(z.first(2), t.first(2), 1, normaliser, std::span(parts).first(2));
        loss.evaluate(z.subspan(2), t.subspan(2), 3, normaliser, std::span(parts).subspan(2));
        QVERIFY(parts == gradient);
        // A label that is never 1 weighs by what there is.
        LIMPID_SAME(balancedLabelWeights(std::vector<float>{0, 1, 0, 0}, 2), (std::vector<double>{0.5, 1, 1, 1}), 1e-15, 0.0);
    }

    /// Huge, and infinite, and equal outputs: no overflow on the way where the answer is finite, and NaN comes through.
    void extremes()
    {
        TrainSpec spec;
        const Loss classes(spec, TaskKind::MultiClass), binary(spec, TaskKind::Binary);
        std::vector<float> gradient(2);
        const std::vector<float> far{1e30f, -1e30f};
        QCOMPARE(classes.evaluate(far, std::vector<float>{0.0f}, 1, 1.0, gradient), 0.0);
        QCOMPARE(classes.evaluate(far, std::vector<float>{1.0f}, 1, 1.0, gradient), 2.0 * 1e30f);
        QCOMPARE(gradient, (std::vector<float>{1.0f, -1.0f}));
        QCOMPARE(binary.evaluate(far, std::vector<float>{1.0f, 0.0f}, 2, 2.0, gradient), 0.0);
        QCOMPARE(gradient, (std::vector<float>{0.0f, 0.0f}));
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
            for (const std::vector<float>& outputs : {std::vector<float>{bad, 1.0f}, std::vector<float>{1.0f, bad}}) {
                QVERIFY(!std::isfinite(classes.evaluate(outputs, std::vector<float>{0.0f}, 1, 1.0, gradient)));
                QVERIFY(!std::isfinite(classes.value(outputs, std::vector<float>{0.0f}, 1, 1.0)));
            }
        spec.loss = "focal";
        for (const double gamma : {0.0, 0.5, 1.0, 5.0}) {
            spec.focalGamma = gamma;
            const Loss focal(spec, TaskKind::MultiClass), one(spec, TaskKind::Binary);
            QCOMPARE(focal.evaluate(far, std::vector<float>{0.0f}, 1, 1.0, gradient), 0.0);
            QVERIFY(std::isfinite(gradient[0]) && std::isfinite(gradient[1]));
            QCOMPARE(one.evaluate(far, std::vector<float>{1.0f, 0.0f}, 2, 1.0, gradient), 0.0);
            QVERIFY(std::isfinite(gradient[0]) && std::isfinite(gradient[1]));
        }
        QCOMPARE(classes.evaluate({}, {}, 0, 1.0, {}), 0.0);
    }

    /// Against the library's exp in double precision, over the whole range that a softmax uses.
    void exponentials()
    {
        std::vector<float> values{0.0f, -0.0f, -1e-30f};
        for (double x = -87.0; x < 0.0; x += 0.0031)
            values.push_back(static_cast<float>(x));
        const std::vector<float> given = values;
        engine::exponentials(values.data(), values.size());
        QCOMPARE(values[0], 1.0f);
        double worst = 0.0;
        for (std::size_t i = 0; i < given.size(); ++i)
            worst = std::max(worst, std::abs(values[i] / std::exp(static_cast<double>(given[i])) - 1.0));
        QVERIFY2(worst < 2e-7, qPrintable(QString::number(worst)));
        // One alone goes the way of the odd rest: the same bytes.
        for (std::size_t i = 0; i < given.size(); i += 17) {
            float alone = given[i];
            engine::exponentials(&alone, 1);
            QCOMPARE(alone, values[i]);
        }
        std::vector<float> low{-1e30f, -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()};
        engine::exponentials(low.data(), low.size());
        QVERIFY(low[0] < 2e-38f && low[1] < 2e-38f && std::isnan(low[2]));
    }

    void whatFitsTheTask_data()
    {
        QTest::addColumn<int>("classes"); // of one target, 0: a number; -1: two numbers, -2: two labels
        QTest::addColumn<QString>("settings");
        QTest::addColumn<QString>("refused"); // the setting, or "" where it is fine
        QTest::newRow("binary") << 2 << "{}" << "";
        QTest::newRow("binary BCE") << 2 << R"({"loss": "BCE", "label_smoothing": 0.1, "class_weights": "balanced"})" << "";
        QTest::newRow("binary focal") << 2 << R"({"loss": "focal"})" << "";
        QTest::newRow("binary cross-entropy") << 2 << R"({"loss": "cross-entropy"})" << "loss";
        QTest::newRow("binary MSE") << 2 << R"({"loss": "MSE"})" << "loss";
        QTest::newRow("classes") << 3 << R"({"loss": "cross-entropy", "sampling": "balanced"})" << "";
        QTest::newRow("classes focal, smoothed") << 3 << R"({"loss": "focal", "label_smoothing": 0.1})" << "label_smoothing";
        QTest::newRow("classes BCE") << 3 << R"({"loss": "BCE"})" << "loss";
        QTest::newRow("number Huber") << 0 << R"({"loss": "Huber"})" << "";
        QTest::newRow("number focal") << 0 << R"({"loss": "focal"})" << "loss";
        QTest::newRow("number Poisson, scaled") << 0 << R"({"loss": "Poisson"})" << "loss";
        QTest::newRow("number weights") << 0 << R"({"class_weights": "balanced"})" << "class_weights";
        QTest::newRow("number sampling") << 0 << R"({"sampling": "balanced"})" << "sampling";
        QTest::newRow("number smoothing") << 0 << R"({"label_smoothing": 0.1})" << "label_smoothing";
        QTest::newRow("labels") << -2 << R"({"loss": "focal", "class_weights": "balanced"})" << "";
        QTest::newRow("labels, smoothed") << -2 << R"({"loss": "BCE", "label_smoothing": 0.1})" << "";
        QTest::newRow("labels cross-entropy") << -2 << R"({"loss": "cross-entropy"})" << "loss";
        QTest::newRow("labels Poisson") << -2 << R"({"loss": "Poisson"})" << "loss";
        QTest::newRow("labels sampling") << -2 << R"({"sampling": "balanced"})" << "sampling";
        QTest::newRow("numbers quantile") << -1 << R"({"loss": "quantile"})" << "";
        QTest::newRow("numbers BCE") << -1 << R"({"loss": "BCE"})" << "loss";
        QTest::newRow("numbers weights") << -1 << R"({"class_weights": "balanced"})" << "class_weights";
    }
    void whatFitsTheTask()
    {
        QFETCH(int, classes);
        QFETCH(QString, settings);
        QFETCH(QString, refused);
        const Pipeline pipeline = classes >= 0 ? test::plainPipeline(test::mixedTable(30, classes), "y") : test::twoTargets(30, classes == -2).pipeline;
        const Issues issues = lossIssues(trainSpecFromJson(nlohmann::json::parse(settings.toStdString())), pipeline);
        QCOMPARE(issues.size(), std::size_t(refused.isEmpty() ? 0 : 1));
        for (const Issue& issue : issues) {
            QCOMPARE(QString::fromStdString(issue.where), refused);
            QVERIFY(issue.code == ErrorCode::OptionInvalid && issue.severity == Severity::Error);
            QVERIFY(!fact(issue.facts, "expected").empty());
            if (refused == "loss" && (classes == 0 || classes == -1) && !settings.contains("Poisson"))
                QVERIFY(QString::fromStdString(fact(issue.facts, "expected")).contains("Poisson"));
        }
    }

    /// Poisson goes with the logarithm as the link, and nothing else does.
    void poissonWantsTheLogarithm()
    {
        nlohmann::json json = test::plainPipeline(test::mixedTable(30, 0), "y").toJson();
        TrainSpec spec;
        spec.loss = "Poisson";
        QCOMPARE(linkOf(spec), std::string("log"));
        QCOMPARE(lossIssues(spec, Pipeline::fromJson(json)).size(), std::size_t(1));
        json["link"] = linkOf(spec);
        QVERIFY(lossIssues(spec, Pipeline::fromJson(json)).empty());
        for (const char* other : {"auto", "MSE", "quantile"}) {
            spec.loss = other;
            QCOMPARE(linkOf(spec), std::string("identity"));
            QCOMPARE(lossIssues(spec, Pipeline::fromJson(json)).size(), std::size_t(1));
        }
    }
};

QTEST_GUILESS_MAIN(TstLoss)
#include "tst_loss.moc"
