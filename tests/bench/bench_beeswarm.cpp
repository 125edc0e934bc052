// A beeswarm of a million points in the window: how long it takes to appear, and a frame of selecting, scrolling, zooming and
// panning.
//
//   bench_beeswarm [ROWS [COLUMNS]]
//
// Painted offscreen into 1400 × 900 pixels (QT_QPA_PLATFORM=offscreen where there is no screen). A frame is what one does and
// the picture after it; the worst one counts. Beside other work the processor's time tells more than the clock's.
#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "ui/charts/PlotView.h"

#include <QApplication>
#include <QMouseEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace limpid;

namespace {

std::shared_ptr<const Explanation> made(std::size_t rows, std::size_t columns)
{
    auto e = std::make_shared<Explanation>();
    Random random(1, "bench beeswarm");
    e->method = "leverage";
    e->space = "raw";
    e->outputs = {"y"};
    e->base = {0.0};
    for (std::size_t i = 0; i < columns; ++i)
        e->features.push_back("column " + std::to_string(i));
    for (std::size_t row = 0; row < rows; ++row) {
        e->rows.push_back(row);
        double sum = 0.0;
        for (std::size_t i = 0; i < columns; ++i) {
            const double x = random.normal(), value = (x + 0.3 * random.normal()) / static_cast<double>(i + 1);
            e->values.push_back(value);
            e->errors.push_back(0.01);
            e->cellNumber.push_back(x);
            e->cellText.push_back(std::to_string(x));
            sum += value;
        }
        e->predictions.push_back(sum);
    }
    return e;
}

struct Frames {
    std::vector<double> wall, processor; ///< ms
};

void print(const char* what, Frames frames)
{
    std::sort(frames.wall.begin(), frames.wall.end());
    std::sort(frames.processor.begin(), frames.processor.end());
    std::printf("%-42s %4zu frames, median %6.2f ms, worst %6.2f ms; of the processor %6.2f ms, %6.2f ms\n", what, frames.wall.size(),
                frames.wall[frames.wall.size() / 2], frames.wall.back(), frames.processor[frames.processor.size() / 2], frames.processor.back());
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const std::size_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000, columns = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 50;
    const auto explanation = made(rows, columns);
    Theme theme(&application);
    QScrollArea scroll;
    scroll.setWidgetResizable(true);
    auto* view = new PlotView(theme);
    scroll.setWidget(view);
    scroll.resize(1400, 900);
    QImage image(scroll.size(), QImage::Format_ARGB32_Premultiplied), again(image);

    Stopwatch appearing;
    view->setPlot(makeBeeswarm(explanation, 0, static_cast<int>(columns)));
    const double constructed = appearing.seconds();
    scroll.show();
    QCoreApplication::processEvents();
    scroll.render(&image);
    std::printf("%zu rows x %zu columns = %zu points: constructed in %.0f ms, on the screen after %.0f ms\n", rows, columns, rows * columns,
                1000.0 * constructed, 1000.0 * appearing.seconds());

    const auto frame = [&](Frames& frames, const auto& act) {
        const Stopwatch watch;
        const std::clock_t began = std::clock();
        act();
        scroll.render(&again);
        frames.wall.push_back(1000.0 * watch.seconds());
        frames.processor.push_back(1000.0 * static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC);
    };
    const auto mouse = [&](QEvent::Type type, const QPointF& at, Qt::MouseButtons buttons, Qt::KeyboardModifiers keys = Qt::NoModifier) {
        QMouseEvent event(type, at, view->mapToGlobal(at), type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, buttons, keys);
        QApplication::sendEvent(view, &event);
    };
    const auto wheel = [&](const QPointF& at, int turned) {
        QWheelEvent event(at, view->mapToGlobal(at), {}, {0, turned}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view, &event);
    };
    Frames hovering, dragging, letting, scrolling, first, zooming, panning, panningSelected, choosing;
    frame(first, [&] { mouse(QEvent::MouseMove, {700, 200}, Qt::NoButton); });
    for (int i = 0; i < 200; ++i)
        frame(hovering, [&] { mouse(QEvent::MouseMove, QPointF(300 + 4 * i, 60 + 3 * i), Qt::NoButton); });
    for (int band = 0; band < 12; ++band) {
        const QPointF from(200 + 60 * band, 60);
        mouse(QEvent::MouseButtonPress, from, Qt::LeftButton);
        for (int i = 1; i <= 20; ++i)
            frame(dragging, [&] { mouse(QEvent::MouseMove, from + QPointF(i * (band + 1), i * 35), Qt::LeftButton); });
        frame(letting, [&] { mouse(QEvent::MouseButtonRelease, from + QPointF(20 * (band + 1), 700), Qt::NoButton); });
    }
    for (int i = 0; i < 100; ++i)
        frame(scrolling, [&] { scroll.verticalScrollBar()->setValue(i * 6); });
    scroll.verticalScrollBar()->setValue(0);
    const auto pan = [&](Frames& frames) { // barely zoomed: nearly all points are seen
        view->fit();
        wheel({700, 300}, 120);
        mouse(QEvent::MouseButtonPress, {700, 300}, Qt::LeftButton, Qt::ControlModifier);
        for (int i = 1; i <= 40; ++i)
            frame(frames, [&] { mouse(QEvent::MouseMove, QPointF(700 + 100 * std::sin(0.3 * i), 300), Qt::LeftButton, Qt::ControlModifier); });
        mouse(QEvent::MouseButtonRelease, {700, 300}, Qt::NoButton, Qt::ControlModifier);
    };
    pan(panningSelected);
    view->setSelection({});
    pan(panning);
    view->fit();
    for (int i = 0; i < 60; ++i)
        frame(zooming, [&] { wheel({500, 300}, i % 30 < 15 ? 120 : -120); });
    wheel({500, 300}, 480);
    scroll.render(&again);
    for (int band = 0; band < 12; ++band) {
        const QPointF from(200 + 60 * band, 60);
        mouse(QEvent::MouseButtonPress, from, Qt::LeftButton);
        mouse(QEvent::MouseMove, from + QPointF(100, 300), Qt::LeftButton);
        frame(choosing, [&] { mouse(QEvent::MouseButtonRelease, from + QPointF(20 * (band + 1), 700), Qt::NoButton); });
    }
    view->fit();
    print("hovering, the first", first);
    print("hovering", hovering);
    print("drawing a rubber band", dragging);
    print("letting it go: rows found, overlay painted", letting);
    print("scrolling with rows selected", scrolling);
    print("panning", panning);
    print("panning with rows selected", panningSelected);
    print("zooming in and out", zooming);
    print("selecting while zoomed", choosing);

    scroll.verticalScrollBar()->setValue(0);
    view->setSelection({});
    QCoreApplication::processEvents();
    PlotView other(theme);
    other.resize(view->size());
    other.setPlot(makeBeeswarm(explanation, 0, static_cast<int>(columns)));
    const bool same = other.grab().toImage() == [&] { PlotView third(theme); third.resize(view->size()); third.setPlot(makeBeeswarm(explanation, 0, static_cast<int>(columns))); return third.grab().toImage(); }();
    std::printf("two pictures of the same rows: %s\n", same ? "equal, byte for byte" : "DIFFER");
    return same ? 0 : 1;
}
