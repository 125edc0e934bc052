// Curves of ten million points, from the store to the screen: how long one takes to open, to pan and zoom, and to export.
//
//   bench_curves [POINTS]
//
// Charts are painted offscreen into an image of 1200 × 500 pixels. Frames are timed as the window makes them: on the GUI
// thread, while what a frame misses is read by a worker; the worst one counts. QT_QPA_PLATFORM=offscreen where there is no screen.
#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "ui/charts/LineChart.h"
#include "ui/charts/SaveCurves.h"
#include "ui/train/StoredCurve.h"

#include <QApplication>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>

using namespace limpid;

namespace {

/// Seconds of processor time of this thread: what a frame takes where nobody else wants the processor.
double threadSeconds()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Frames {
    std::vector<double> wall, processor; ///< milliseconds
    void print(const char* what)
    {
        std::sort(wall.begin(), wall.end());
        std::sort(processor.begin(), processor.end());
        std::printf("%-26s %4zu frames, median %6.2f ms, worst %6.2f ms; processor time median %6.2f ms, worst %6.2f ms\n", what, wall.size(),
                    wall[wall.size() / 2], wall.back(), processor[processor.size() / 2], processor.back());
    }
};

template<class Condition>
void wait(Condition condition)
{
    while (!condition())
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
}

/// Lowest and highest of each column, looking at every point.
std::vector<std::pair<double, double>> bruteForce(const std::vector<CurvePoint>& points, const CurveView& view)
{
    std::vector<std::pair<double, double>> all(static_cast<std::size_t>(view.buckets), {INFINITY, -INFINITY});
    for (const CurvePoint& point : points) {
        const double at = curveX(point, view.x);
        if (!std::isfinite(point.value) || at < view.from || at > view.to)
            continue;
        auto& [low, high] = all[static_cast<std::size_t>(view.bucketOf(at))];
        low = std::min(low, point.value);
        high = std::max(high, point.value);
    }
    return all;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const std::int64_t count = argc > 1 ? std::atoll(argv[1]) : 10'000'000;
    QTemporaryDir dir;
    const std::filesystem::path folder(dir.path().toStdU16String());
    std::int64_t run = 0;
    std::vector<CurvePoint> all;
    all.reserve(static_cast<std::size_t>(count));
    {
        Workspace workspace(folder);
        RunRecord record;
        record.name = "bench";
        run = workspace.beginRun(record);
        Random random(1, "bench curve");
        const Stopwatch writing;
        double seconds = 0.0;
        constexpr std::int64_t piece = 5000; // what a fast run brings four times a second
        while (static_cast<std::int64_t>(all.size()) < count) {
            const std::size_t begin = all.size();
            for (std::int64_t i = 0; i < piece && static_cast<std::int64_t>(all.size()) < count; ++i) {
                const double step = static_cast<double>(all.size() + 1);
                seconds += 5e-5 * (0.5 + random.uniform());
                const double value = (0.1 + std::exp(-step / 2e6)) * (1.0 + 0.2 * random.normal());
                all.push_back({static_cast<std::int64_t>(all.size()) + 1, seconds, static_cast<double>(static_cast<float>(value))});
            }
            workspace.appendCurve(run, "train/loss", std::span(all).subspan(begin));
        }
        std::printf("written in pieces of %lld: %.2f s, %.2f µs a point\n", static_cast<long long>(piece), writing.seconds(),
                    1e6 * writing.seconds() / static_cast<double>(count));
        record.id = run;
        record.status = RunStatus::Finished;
        workspace.endRun(record);
    }
    const auto bytes = std::filesystem::file_size(folder / "limpid.db");
    std::printf("store: %.1f MB, %.1f bytes a point\n", static_cast<double>(bytes) / 1e6, static_cast<double>(bytes) / static_cast<double>(count));

    const auto workspace = std::make_shared<Workspace>(folder);
    JobQueue queue;
    JobRunner jobs(queue);
    Theme theme(nullptr);
    const auto failed = [](const QString& sentence) {
        std::fprintf(stderr, "%s\n", qPrintable(sentence));
        std::exit(1);
    };
    LineChart chart(theme, "step", "loss");
    const int raw = chart.addLine("train, each step", LineChart::Role::Train, true), smooth = chart.addLine("train, smoothed", LineChart::Role::Train);
    chart.resize(1200, 500);
    QImage image(chart.size(), QImage::Format_ARGB32_Premultiplied);

    const Stopwatch opening;
    const auto rawCurve = std::make_shared<StoredCurve>(jobs, workspace, run, "train/loss", 0, failed);
    chart.setSource(raw, rawCurve);
    wait([&] { return rawCurve->isReady(); });
    chart.fit();
    chart.render(&image);
    const double firstPicture = opening.seconds();
    wait([&] { return rawCurve->isExact(); });
    chart.fit();
    chart.render(&image);
    std::printf("opened: first picture after %.1f ms, exact after %.1f ms\n", 1000.0 * firstPicture, 1000.0 * opening.seconds());
    const Stopwatch smoothing;
    const auto smoothCurve = std::make_shared<StoredCurve>(jobs, workspace, run, "train/loss", 50, failed);
    wait([&] { return smoothCurve->isReady(); });
    std::printf("smoothed line there after %.0f ms, in the background\n", 1000.0 * smoothing.seconds());
    chart.setSource(smooth, smoothCurve);

    // What one does, the picture, and the answers of the worker that came meanwhile.
    const auto frame = [&](Frames& frames, const auto& act) {
        const Stopwatch watch;
        const double before = threadSeconds();
        act();
        chart.render(&image);
        QCoreApplication::processEvents();
        frames.wall.push_back(1000.0 * watch.seconds());
        frames.processor.push_back(1000.0 * (threadSeconds() - before));
    };
    const auto wheel = [&](int delta, double x) {
        QWheelEvent event(QPointF(x, 200), chart.mapToGlobal(QPointF(x, 200)), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&chart, &event);
    };
    const auto key = [&](Qt::Key which) {
        QKeyEvent event(QEvent::KeyPress, which, Qt::NoModifier);
        QApplication::sendEvent(&chart, &event);
    };
    Frames zoomIn, zoomOut, pan, deepPan;
    for (int i = 0; i < 60; ++i)
        frame(zoomIn, [&] { wheel(120, 500); });
    for (int i = 0; i < 60; ++i)
        frame(deepPan, [&] { key(i % 20 < 10 ? Qt::Key_Right : Qt::Key_Left); });
    for (int i = 0; i < 60; ++i)
        frame(zoomOut, [&] { wheel(-120, 500); });
    for (int depth = 0; depth < 24; ++depth) {
        wheel(120, 600);
        for (int i = 0; i < 12; ++i)
            frame(pan, [&] { key(i < 6 ? Qt::Key_Right : Qt::Key_Left); });
    }
    zoomIn.print("zooming in to the points");
    deepPan.print("panning there");
    zoomOut.print("zooming out");
    pan.print("panning at 24 depths");

    // Every column of the drawn envelope against all points.
    int columns = 0, wrong = 0;
    for (const auto& [from, to] : std::vector<std::pair<double, double>>{{0, 1.001 * static_cast<double>(count)}, {1e6, 2e6}, {3'333'333, 3'400'000}, {5e6, 5e6 + 700}}) {
        for (const CurveX x : {CurveX::Step, CurveX::Seconds}) {
            const double scale = x == CurveX::Step ? 1.0 : 5e-5;
            const CurveView view{x, from * scale, to * scale, 1100, false};
            wait([&] { rawCurve->envelope(view); return rawCurve->isExact(); });
            const auto expected = bruteForce(all, view), found = bruteForce(rawCurve->envelope(view), view);
            for (std::size_t i = 0; i < expected.size(); ++i, ++columns)
                wrong += expected[i] == found[i] ? 0 : 1;
        }
    }
    std::printf("envelope against brute force: %d of %d columns differ\n", wrong, columns);

    const QString csv = dir.filePath("all.csv");
    Task task;
    const Stopwatch exporting;
    saveCurvesCsv({{"train/loss", rawCurve->reader()}}, csv, task);
    const double exportSeconds = exporting.seconds();
    std::int64_t rows = -1; // the header
    std::ifstream file(csv.toStdString(), std::ios::binary);
    std::vector<char> buffer(1 << 20);
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
        rows += std::count(buffer.begin(), buffer.begin() + file.gcount(), '\n');
    std::printf("exported as CSV: %.2f s, %lld rows, %.0f MB\n", exportSeconds, static_cast<long long>(rows), static_cast<double>(QFileInfo(csv).size()) / 1e6);
    return wrong == 0 && rows == count ? 0 : 1;
}
