#include "core/engine/Schedule.h"
#include "tests/core/engine/TrainingFixture.h"

#include <limits>

using namespace limpid;
using namespace limpid::engine;

namespace {

const nlohmann::json& fixture()
{
    return test::trainingFixture().at("schedules");
}

Schedule scheduleOf(const nlohmann::json& fixtureCase, int epochs)
{
    TrainSpec spec = test::specOf(fixtureCase);
    spec.learningRate = fixture().at("rate").get<double>();
    spec.epochs = epochs;
    return Schedule(spec, fixture().at("steps_per_epoch").get<int>());
}

} // namespace

class TstSchedule : public QObject
{
    Q_OBJECT

private slots:
    void asTorchSchedules_data() { test::addCases(fixture().at("cases")); }
    void asTorchSchedules()
    {
        QFETCH(int, at);
        const nlohmann::json& expected = fixture().at("cases")[std::size_t(at)];
        const Schedule schedule = scheduleOf(expected, fixture().at("epochs").get<int>());
        std::vector<double> rates;
        for (std::size_t step = 0; step < expected.at("rates").size(); ++step)
            rates.push_back(schedule.rate(std::int64_t(step)));
        LIMPID_SAME(rates, expected.at("rates").get<std::vector<double>>(), 1e-12, 1e-15);
    }

    void plateau()
    {
        const nlohmann::json& expected = fixture().at("plateau");
        const std::size_t epochs = expected.at("losses").size();
        Schedule schedule = scheduleOf(expected, int(epochs));
        std::vector<double> rates;
        for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
            rates.push_back(schedule.rate(std::int64_t(epoch) * 5 + 3));
            const nlohmann::json& loss = expected.at("losses")[epoch];
            schedule.finishEpoch(loss.is_null() ? std::numeric_limits<double>::quiet_NaN() : loss.get<double>());
            // Saved and restored after each epoch, it goes on alike.
            Schedule other = scheduleOf(expected, int(epochs) + 7);
            other.restore(schedule.state(), "checkpoint");
            QVERIFY(other.state() == schedule.state());
            schedule = other;
        }
        LIMPID_SAME(rates, expected.at("rates").get<std::vector<double>>(), 1e-12, 0.0);
        QVERIFY(rates.back() < rates.front() / 3);
    }

    void everyScheduleHasACase()
    {
        for (const ParamSpec& param : trainParams())
            for (const std::string& choice : param.choices)
                if (param.name == "schedule" && choice != "plateau")
                    QVERIFY2(std::any_of(fixture().at("cases").begin(), fixture().at("cases").end(),
                                         [&](const nlohmann::json& one) { return one.at("settings").at("schedule") == choice; }),
                             choice.c_str());
    }

    /// Settings of before there was more: today's rates are the formulas of the header, to the last bit.
    void ends()
    {
        TrainSpec spec;
        spec.epochs = 4;
        const Schedule schedule(spec, 25);
        QCOMPARE(schedule.rate(0), 0.01 / 25);
        QVERIFY(std::abs(schedule.rate(30) - 0.01) < 1e-5);
        QVERIFY(std::abs(schedule.rate(99) / (0.01 / 250'000) - 1.0) < 1e-9);
        QCOMPARE(schedule.rate(1'000), schedule.rate(99));
        spec.epochs = 1;
        QCOMPARE(Schedule(spec, 1).rate(0), 0.01 / 25); // one step: no division by zero
        QCOMPARE(Schedule(spec, 0).rate(0), 0.01 / 25);
    }

    void warmUpRises()
    {
        TrainSpec spec;
        spec.schedule = "plateau";
        spec.warmup = 0.5;
        spec.epochs = 2;
        const Schedule schedule(spec, 4);
        for (int step = 0; step < 4; ++step)
            QCOMPARE(schedule.rate(step), 0.01 * (step + 1) / 5);
        QCOMPARE(schedule.rate(4), 0.01);
    }

    void rateChangedOnTheWay_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"constant", "step", "exponential", "cosine", "one-cycle", "plateau"})
            QTest::newRow(name) << name;
    }
    void rateChangedOnTheWay()
    {
        QFETCH(QString, name);
        TrainSpec spec;
        spec.schedule = name.toStdString();
        spec.epochs = 10;
        spec.plateauPatience = 0;
        Schedule changed(spec, 7);
        changed.finishEpoch(1.0);
        changed.finishEpoch(2.0);
        changed.setLearningRate(0.03);
        Schedule restored(spec, 7);
        restored.restore(changed.state(), "checkpoint");
        spec.learningRate = 0.03;
        Schedule other(spec, 7);
        other.finishEpoch(1.0);
        other.finishEpoch(2.0);
        for (int step = 0; step < 70; ++step) {
            QVERIFY(std::abs(changed.rate(step) - other.rate(step)) <= 1e-15);
            QCOMPARE(restored.rate(step), changed.rate(step));
        }
    }

    void foreignStateIsRefused()
    {
        Schedule schedule(TrainSpec(), 10);
        State state = schedule.state();
        state.pop_back();
        QCOMPARE(test::errorNameOf([&] { schedule.restore(state, "x"); }), std::string("BundleInvalid"));
        state.push_back({"bad", 1.5});
        QCOMPARE(test::errorNameOf([&] { schedule.restore(state, "x"); }), std::string("BundleInvalid"));
    }
};

QTEST_GUILESS_MAIN(TstSchedule)
#include "tst_schedule.moc"
