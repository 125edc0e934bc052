#include "core/engine/GradientRules.h"
#include "core/engine/Optimizer.h"
#include "core/engine/StepKernels.h"
#include "core/base/Random.h"
#include "tests/core/engine/TrainingFixture.h"

#include <numeric>

using namespace limpid;
using namespace limpid::engine;

namespace {

/// The function that make_training.py minimises: Σ a/2 · (w − c)² + b · tanh(d · w).
struct Problem {
    std::vector<double> a, b, c, d;
    std::vector<float> values, gradients;
    std::vector<ValueRange> ranges;
    std::vector<double> losses; ///< of each reevaluation

    Problem()
    {
        const nlohmann::json& json = test::trainingFixture().at("optimizers");
        a = json.at("a").get<std::vector<double>>();
        b = json.at("b").get<std::vector<double>>();
        c = json.at("c").get<std::vector<double>>();
        d = json.at("d").get<std::vector<double>>();
        values = json.at("start").get<std::vector<float>>();
        gradients.resize(values.size());
        ranges = {{0, json.at("decaying").get<std::size_t>(), true}, {json.at("decaying").get<std::size_t>(), values.size(), false}};
    }

    double evaluate()
    {
        double loss = 0.0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double w = values[i], tanh = std::tanh(d[i] * w);
            loss += a[i] / 2 * (w - c[i]) * (w - c[i]) + b[i] * tanh;
            gradients[i] = static_cast<float>(a[i] * (w - c[i]) + b[i] * d[i] * (1 - tanh * tanh));
        }
        return loss;
    }

    void step(Optimizer& optimizer, double rate)
    {
        evaluate();
        optimizer.step(values, gradients, rate, [this] {
            losses.push_back(evaluate());
            return losses.back();
        });
    }
};

const nlohmann::json& optimizerCases()
{
    return test::trainingFixture().at("optimizers").at("cases");
}

} // namespace

class TstOptimizer : public QObject
{
    Q_OBJECT

private slots:
    void asTorchSteps_data() { test::addCases(optimizerCases()); }
    void asTorchSteps()
    {
        QFETCH(int, at);
        const nlohmann::json& expected = optimizerCases()[std::size_t(at)];
        const TrainSpec spec = test::specOf(expected);
        Problem problem;
        Optimizer optimizer(spec, problem.ranges, problem.values.size());
        QCOMPARE(optimizer.reevaluates(), spec.optimizer == "L-BFGS");
        const double start = problem.evaluate();
        for (const nlohmann::json& values : expected.at("values")) {
            problem.step(optimizer, expected.at("rate").get<double>());
            LIMPID_SAME(problem.values, values.get<std::vector<double>>(), 5e-7, 1e-7);
        }
        QVERIFY(problem.evaluate() < start);
        // A line search must have gone the same way: every point it looked at, in order.
        const auto losses = expected.value("losses", std::vector<double>());
        QCOMPARE(losses.empty(), !optimizer.reevaluates());
        QCOMPARE(problem.losses.size(), losses.size());
        if (spec.weightDecay == 0.0) // else the optimizer's own part is in PyTorch's
            LIMPID_SAME(problem.losses, losses, 1e-6, 0.0);
    }

    void everyOptimizerHasACase()
    {
        for (const ParamSpec& param : trainParams()) {
            if (param.name != "optimizer")
                continue;
            for (const std::string& choice : param.choices)
                QVERIFY2(std::any_of(optimizerCases().begin(), optimizerCases().end(),
                                     [&](const nlohmann::json& one) { return one.at("settings").at("optimizer") == choice; }),
                         choice.c_str());
        }
    }

    /// Saved after some steps and taken up by another optimizer, the rest gives the same bytes.
    void stateGoesOn_data() { asTorchSteps_data(); }
    void stateGoesOn()
    {
        QFETCH(int, at);
        const nlohmann::json& fixture = optimizerCases()[std::size_t(at)];
        const TrainSpec spec = test::specOf(fixture);
        const double rate = fixture.at("rate").get<double>();
        for (const int before : {0, 1, 5}) {
            Problem one, other;
            Optimizer first(spec, one.ranges, one.values.size());
            for (int step = 0; step < before; ++step)
                one.step(first, rate);
            other.values = one.values;
            Optimizer second(spec, other.ranges, other.values.size());
            second.restore(first.state(), "checkpoint");
            QVERIFY(second.state() == first.state());
            for (int step = 0; step < 5; ++step) {
                one.step(first, rate);
                other.step(second, rate);
                QVERIFY(one.values == other.values);
            }
            QVERIFY(second.state() == first.state());
        }
    }

    void foreignStateIsRefused()
    {
        Problem problem;
        TrainSpec spec;
        Optimizer adam(spec, problem.ranges, problem.values.size());
        problem.step(adam, 0.1);
        const State state = adam.state();
        spec.optimizer = "L-BFGS";
        Optimizer lbfgs(spec, problem.ranges, problem.values.size());
        QCOMPARE(test::errorNameOf([&] { lbfgs.restore(state, "x"); }), std::string("BundleInvalid"));
        spec.optimizer = "Adam";
        Optimizer smaller(spec, {{0, 4, true}}, 4);
        QCOMPARE(test::errorNameOf([&] { smaller.restore(state, "x"); }), std::string("BundleInvalid"));
        Optimizer same(spec, problem.ranges, problem.values.size());
        State cut = state;
        cut.pop_back();
        QCOMPARE(test::errorNameOf([&] { same.restore(cut, "x"); }), std::string("BundleInvalid"));
    }

    /// L-BFGS moves nothing but the ranges, and says so when it can't reevaluate.
    void lineSearchLeavesOthersAlone()
    {
        Problem problem;
        TrainSpec spec;
        spec.optimizer = "L-BFGS";
        Optimizer optimizer(spec, {{2, 4, true}, {6, 9, false}}, problem.values.size());
        const std::vector<float> before = problem.values;
        problem.step(optimizer, 1.0);
        for (std::size_t i = 0; i < before.size(); ++i)
            QCOMPARE(problem.values[i] == before[i], !((i >= 2 && i < 4) || (i >= 6 && i < 9)));
        QCOMPARE(test::errorNameOf([&] { optimizer.step(problem.values, problem.gradients, 1.0); }), std::string("Internal"));
    }

    /// Whatever lies beyond the first step, be it infinite or not a number, the line search comes back with something lower.
    void lineSearchSurvivesCliffs_data()
    {
        QTest::addColumn<double>("beyond");
        QTest::newRow("infinite") << std::numeric_limits<double>::infinity();
        QTest::newRow("not a number") << std::numeric_limits<double>::quiet_NaN();
    }
    void lineSearchSurvivesCliffs()
    {
        QFETCH(double, beyond);
        std::vector<float> values{3.0f}, gradients{0.0f};
        TrainSpec spec;
        spec.optimizer = "L-BFGS";
        spec.weightDecay = 0.0;
        Optimizer optimizer(spec, {{0, 1, true}}, 1);
        const auto evaluate = [&] {
            const double w = values[0];
            gradients[0] = static_cast<float>(w > 2.9 ? 2 * w : w * beyond);
            return w > 2.9 ? w * w : beyond;
        };
        optimizer.step(values, gradients, 1.0, evaluate);
        QVERIFY(values[0] >= 2.9f && values[0] < 3.0f);
    }

    /// The widest vectors and their odd rests give the bytes of the plain formula, written out here for one value.
    void vectorsGiveTheSameBytes()
    {
        Random random(3, "test");
        for (const std::size_t count : {1, 7, 15, 16, 17, 33, 100, 6001}) {
            std::vector<float> value(count), gradient(count), first(count, 0.0f), second(count, 0.0f);
            for (std::size_t i = 0; i < count; ++i) {
                value[i] = static_cast<float>(random.normal());
                gradient[i] = static_cast<float>(random.normal());
            }
            std::vector<float> v = value, m = first, s = second;
            TrainSpec spec;
            Optimizer optimizer(spec, {{0, count, true}}, count);
            for (int step = 1; step <= 3; ++step) {
                optimizer.step(value, gradient, 0.01);
                const double beta1 = 0.9f, beta2 = 0.999f;
                const auto rate = static_cast<float>(0.01 / (1.0 - std::pow(beta1, step)));
                const auto correction = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(beta2, step)));
                const float keep = 1.0f - 0.01f * 0.01f;
                for (std::size_t i = 0; i < count; ++i) {
                    m[i] = 0.9f * m[i] + (1.0f - 0.9f) * gradient[i];
                    s[i] = 0.999f * s[i] + (1.0f - 0.999f) * gradient[i] * gradient[i];
                    v[i] = keep * v[i] - rate * m[i] / (std::sqrt(s[i]) * correction + 1e-8f);
                }
                QVERIFY(v == value);
            }
        }
    }

    /// One range or one a value, which no vector fits: the same bytes, by every rule.
    void oneRangeOrMany_data() { asTorchSteps_data(); }
    void oneRangeOrMany()
    {
        QFETCH(int, at);
        const TrainSpec spec = test::specOf(optimizerCases()[std::size_t(at)]);
        constexpr std::size_t count = 75;
        Random random(4, "test");
        std::vector<float> one(count), gradient(count);
        std::vector<ValueRange> single;
        for (std::size_t i = 0; i < count; ++i) {
            one[i] = static_cast<float>(random.normal());
            single.push_back({i, i + 1, true});
        }
        std::vector<float> many = one;
        Optimizer first(spec, {{0, count, true}}, count), second(spec, single, count);
        for (int step = 0; step < 4; ++step) {
            const auto pullTo = [&](std::vector<float>& values) {
                return [&] {
                    double loss = 0.0;
                    for (std::size_t i = 0; i < count; ++i) {
                        const float away = values[i] - static_cast<float>(i % 5);
                        gradient[i] = away * static_cast<float>(1 + i % 3);
                        loss += 0.5 * away * gradient[i];
                    }
                    return loss;
                };
            };
            pullTo(one)();
            first.step(one, gradient, 0.01, pullTo(one));
            pullTo(many)();
            second.step(many, gradient, 0.01, pullTo(many));
            if (first.reevaluates()) // sums over ranges of other lengths round otherwise
                LIMPID_SAME(one, std::vector<double>(many.begin(), many.end()), 1e-6, 1e-6);
            else
                QVERIFY(one == many);
        }
    }

    void clipping_data()
    {
        QTest::addColumn<int>("at");
        for (int i = 0; i < int(test::trainingFixture().at("clipping").at("cases").size()); ++i)
            QTest::addRow("%d", i) << i;
    }
    void clipping()
    {
        QFETCH(int, at);
        const nlohmann::json& fixture = test::trainingFixture().at("clipping");
        const nlohmann::json& expected = fixture.at("cases")[std::size_t(at)];
        auto gradients = fixture.at("gradient").get<std::vector<float>>();
        const std::vector<ValueRange> ranges{{0, 8, true}, {8, 12, false}};
        const double limit = expected.at("limit").get<double>();
        if (expected.at("kind") == "norm")
            QVERIFY(std::abs(clipNorm(gradients, ranges, limit) / expected.at("norm").get<double>() - 1.0) < 2e-7);
        else
            clipValue(gradients, ranges, limit);
        LIMPID_SAME(gradients, expected.at("clipped").get<std::vector<double>>(), 2e-7, 0.0);
    }

    void normOfManyValues()
    {
        std::vector<float> gradients(1003);
        std::iota(gradients.begin(), gradients.end(), -500.0f);
        // Σ k² from −500 to 502, less what lies between the ranges
        const std::vector<ValueRange> ranges{{0, 500, true}, {600, 1003, false}};
        double sum = 0.0;
        for (std::size_t i = 0; i < gradients.size(); ++i)
            sum += i >= 500 && i < 600 ? 0.0 : static_cast<double>(gradients[i]) * gradients[i];
        QCOMPARE(gradientNorm(gradients, ranges), std::sqrt(sum));
        gradients[700] = std::numeric_limits<float>::quiet_NaN();
        const float before = gradients[0];
        QVERIFY(std::isnan(clipNorm(gradients, ranges, 1.0)));
        QCOMPARE(gradients[0], before);
    }

    void l1()
    {
        const std::vector<float> values{1.5f, -2.0f, 0.0f, 4.0f};
        std::vector<float> gradients{1.0f, 1.0f, 1.0f, 1.0f};
        const std::vector<ValueRange> ranges{{0, 3, true}, {3, 4, false}};
        QCOMPARE(addL1(values, gradients, ranges, 0.25), 0.875);
        QCOMPARE(gradients, (std::vector<float>{1.25f, 0.75f, 1.0f, 1.0f}));
    }

    /// scikit-learn 1.2: compute_class_weight("balanced", classes=[0, 1, 2], y=[0, 0, 0, 1, 2, 2]) = 2/3, 2, 1.
    void classWeights()
    {
        const std::vector<float> targets{0, 0, 0, 1, 2, 2};
        LIMPID_SAME(balancedClassWeights(targets, 3), (std::vector<double>{2.0 / 3.0, 2.0, 1.0}), 1e-15, 0.0);
        LIMPID_SAME(balancedClassWeights(targets, 4), (std::vector<double>{0.5, 1.5, 0.75, 1.0}), 1e-15, 0.0);
    }

    void movingAverage()
    {
        std::vector<float> average{1.0f, -4.0f};
        moveAverage(average, std::vector<float>{3.0f, 4.0f}, 0.75);
        QCOMPARE(average, (std::vector<float>{1.5f, -2.0f}));
    }
};

QTEST_GUILESS_MAIN(TstOptimizer)
#include "tst_optimizer.moc"
