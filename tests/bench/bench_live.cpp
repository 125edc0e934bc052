// What recording and drawing a run costs it: bench_live [ROUNDS]. The same training (30-64-64-1, batch 32, Adam, one thread)
// alone, and as the window runs it, with every step stored and the Train page drawing it, offscreen; rounds take turns.
#include "tests/bench/WindowBench.h"

#include <cstdio>

using namespace limpid;

namespace {

constexpr int epochs = 1200;

double alone(const DataSet& data, const TrainRequest& request)
{
    const TrainPlan plan = planTraining(data, request);
    Issues issues;
    const Features train = plan.pipeline.transform(data.table(), plan.split.train, true, issues);
    const Features validation = plan.pipeline.transform(data.table(), plan.split.validation, true, issues);
    Task task;
    return limpid::train(plan.network, plan.pipeline, train, validation, request.train, {}, task).seconds;
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    WindowBench bench(application);
    Session& session = bench.session;
    TrainRequest request = session.request();
    request.train.epochs = epochs;

    std::vector<double> bare, live;
    for (int round = 0; round < rounds; ++round) {
        bare.push_back(alone(*session.data(), request));
        session.startTraining({request});
        waitUntil([&] { return !session.liveRun()->running; });
        if (!session.liveRun()->outcome) {
            std::fprintf(stderr, "the run failed: %s\n", qPrintable(session.liveRun()->failure));
            return 1;
        }
        live.push_back(session.liveRun()->outcome->result.seconds);
        std::printf("round %d: alone %.3f s, recorded and drawn %.3f s (%lld steps)\n", round + 1, bare.back(), live.back(),
                    static_cast<long long>(session.liveRun()->outcome->result.steps));
    }
    std::printf("medians: recording and drawing cost %.1f %%\n", 100.0 * (median(live) / median(bare) - 1.0));
    return 0;
}
