// What recording and drawing a run costs it: bench_live [ROUNDS]. The same training (30-64-64-1, batch 32, Adam, one thread)
// alone, and as the window runs it, with every step stored and the Train page drawing it, offscreen; rounds take turns.
#include "core/base/File.h"
#include "core/base/Random.h"
#include "tests/bench/DenseNetwork.h"
#include "ui/session/Session.h"
#include "ui/theme/Theme.h"
#include "ui/train/TrainPage.h"

#include <QApplication>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace limpid;

namespace {

const NetworkSpec network = dense({30, 64, 64, 1});
constexpr int numbers = 30, rows = 10'240, epochs = 1200;

std::string madeUp()
{
    Random random(1, "bench");
    std::string csv;
    for (int i = 0; i < numbers; ++i)
        csv += "x" + std::to_string(i) + ",";
    csv += "y\n";
    for (int row = 0; row < rows; ++row) {
        double sum = 0.0;
        for (int i = 0; i < numbers; ++i) {
            const double value = random.normal();
            sum += i % 3 == 0 ? value : 0.0;
            csv += std::to_string(value) + ",";
        }
        csv += sum > 0.0 ? "yes\n" : "no\n";
    }
    return csv;
}

template<class Ready>
void waitUntil(Ready&& ready)
{
    QEventLoop loop;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        if (ready())
            loop.quit();
    });
    timer.start(5);
    loop.exec();
}

double alone(const DataSet& data, const TrainRequest& request)
{
    const TrainPlan plan = planTraining(data, request);
    Issues issues;
    const Features train = plan.pipeline.transform(data.table(), plan.split.train, true, issues);
    const Features validation = plan.pipeline.transform(data.table(), plan.split.validation, true, issues);
    Task task;
    return limpid::train(plan.network, plan.pipeline, train, validation, request.train, {}, task).seconds;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    const QTemporaryDir dir;
    writeFileAtomically(dir.filePath("rows.csv").toStdString(), madeUp());

    JobQueue queue{JobQueue::Options{}};
    JobRunner runner(queue);
    Theme theme(&application);
    Session session(runner, nullptr);
    TrainPage page(session, theme);
    page.resize(1368, 780);
    page.show();
    session.openWorkspace(dir.filePath("workspace"));
    session.openFile(dir.filePath("rows.csv"));
    waitUntil([&] { return session.isReady() && session.data() && session.plan(); });
    TrainRequest request = session.request();
    request.pipeline.target = "y";
    request.network = network;
    request.train.optimizer = "Adam";
    request.train.schedule = "constant";
    request.train.learningRate = 1e-4;
    request.train.batchSize = 32;
    request.train.epochs = epochs;
    request.train.patience = 0;
    session.setRequest(request, "bench");
    waitUntil([&] { return session.plan() && session.plan()->network == network; });

    std::vector<double> bare, live;
    for (int round = 0; round < rounds; ++round) {
        bare.push_back(alone(*session.data(), request));
        session.startTraining();
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
    session.close();
    return 0;
}
