// Four trainings queued in the window against the best order that one could make by hand: bench_runs [ROUNDS]. By hand: two
// threads without a window, and the division of the four among them that ends earliest (all divisions are tried). In the
// window: all four asked for at once, the Train page drawing one of them, offscreen. Rounds take turns. Also told: the longest
// that the event loop made anyone wait meanwhile.
#include "core/base/Clock.h"
#include "tests/bench/WindowBench.h"

#include <QElapsedTimer>

#include <array>
#include <cstdio>
#include <thread>

using namespace limpid;

namespace {

using Lengths = std::array<int, 4>; ///< epochs

double byHand(const DataSet& data, const TrainRequest& request, const Lengths& lengths, const QString& folder)
{
    unsigned best = 0;
    int shortest = 1 << 30;
    for (unsigned division = 0; division < 16; ++division) {
        int ends[2] = {0, 0};
        for (unsigned run = 0; run < 4; ++run)
            ends[division >> run & 1u] += lengths[run];
        if (std::max(ends[0], ends[1]) < shortest) {
            shortest = std::max(ends[0], ends[1]);
            best = division;
        }
    }
    Workspace workspace(folder.toStdString());
    const Stopwatch watch;
    const auto side = [&](unsigned which) {
        for (unsigned run = 0; run < 4; ++run)
            if ((best >> run & 1u) == which) {
                TrainRequest one = request;
                one.train.epochs = lengths[run];
                Task task;
                trainModel(workspace, data, one, {}, {}, task);
            }
    };
    std::thread other(side, 1u);
    side(0u);
    other.join();
    return watch.seconds();
}

double inTheWindow(Session& session, const TrainRequest& request, const Lengths& lengths, double& longestWaitMs)
{
    std::vector<TrainRequest> requests;
    for (const int epochs : lengths) {
        requests.push_back(request);
        requests.back().train.epochs = epochs;
    }
    QElapsedTimer beat;
    QTimer heart;
    heart.setTimerType(Qt::PreciseTimer);
    QObject::connect(&heart, &QTimer::timeout, [&] {
        longestWaitMs = std::max(longestWaitMs, static_cast<double>(beat.nsecsElapsed()) / 1e6 - 5.0);
        beat.restart();
    });
    beat.start();
    heart.start(5);
    const Stopwatch watch;
    session.startTraining(requests);
    waitUntil([&] { return session.liveRuns().empty(); });
    return watch.seconds();
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 3;
    WindowBench bench(application);
    const std::pair<const char*, Lengths> cases[] = {{"4 equal", {400, 400, 400, 400}}, {"rising", {150, 300, 450, 600}}, {"the long one last", {250, 250, 250, 750}}};
    double worst = 0.0, wait = 0.0;
    for (const auto& [name, lengths] : cases) {
        std::vector<double> hand, window;
        for (int round = 0; round < rounds; ++round) {
            hand.push_back(byHand(*bench.session.data(), bench.session.request(), lengths, bench.dir.filePath("hand")));
            window.push_back(inTheWindow(bench.session, bench.session.request(), lengths, wait));
        }
        const double ratio = median(window) / median(hand);
        std::printf("%-18s by hand %.3f s, in the window %.3f s, ratio %.3f\n", name, median(hand), median(window), ratio);
        worst = std::max(worst, ratio);
    }
    std::printf("worst ratio %.3f (at most 1.1); longest wait of the event loop %.1f ms (at most 50)\n", worst, wait);
    return worst <= 1.1 && wait <= 50.0 ? 0 : 1;
}
