// The network canvas with 500 layers: how long an edit takes until it is checked and drawn, a frame of panning, a step of undo.
//
//   bench_network [NODES]
//
// The real page over a real session, painted offscreen into an image of 1000 × 800 pixels. Times are of the GUI thread; what a
// worker plans meanwhile is not waited for. First as nodes are, then with what each gives drawn on it (and edits that leave the network
// without errors, which would have nothing to show). QT_QPA_PLATFORM=offscreen where there is no screen.
#include "core/base/Clock.h"
#include "tests/ui/network/CanvasHarness.h"
#include "ui/network/ChangesPanel.h"

#include <QImage>
#include <QLayout>
#include <QScrollBar>

#include <algorithm>
#include <cstdio>
#include <ctime>

using namespace limpid;

namespace {

double threadMilliseconds()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

struct Times {
    std::vector<double> wall, processor;
    template<class Act>
    void add(Act&& act)
    {
        const Stopwatch watch;
        const double before = threadMilliseconds();
        act();
        wall.push_back(1000.0 * watch.seconds());
        processor.push_back(threadMilliseconds() - before);
    }
    void print(const char* what)
    {
        for (std::vector<double>* list : {&wall, &processor})
            std::sort(list->begin(), list->end());
        const auto at = [](const std::vector<double>& list, double share) { return list[static_cast<std::size_t>(share * static_cast<double>(list.size() - 1))]; };
        std::printf("%-34s %5zu times: median %6.2f ms, 95 %% %6.2f ms, worst %6.2f ms; processor median %6.2f ms, worst %6.2f ms\n", what,
                    wall.size(), at(wall, 0.5), at(wall, 0.95), wall.back(), at(processor, 0.5), processor.back());
    }
};

/// Chains of Linear, ReLU, Dropout that split and are added again, as residual networks are.
NetworkSpec large(int nodes)
{
    NetworkSpec network;
    const auto add = [&](const char* type, std::vector<std::string> inputs) {
        NodeSpec node;
        node.id = "node" + std::to_string(network.nodes.size());
        node.type = type;
        node.inputs = std::move(inputs);
        if (node.type == "Linear")
            node.params["out_features"] = 64;
        network.nodes.push_back(node);
        return node.id;
    };
    std::string last = add("Linear", {add("Input", {})});
    network.nodes.front().params["features"] = "numbers";
    while (static_cast<int>(network.nodes.size()) + 6 < nodes) {
        const std::string left = add("Dropout", {add("ReLU", {add("Linear", {last})})});
        last = add("Add", {left, add("LayerNorm", {last})});
    }
    while (static_cast<int>(network.nodes.size()) + 1 < nodes)
        last = add("ReLU", {last});
    network.outputs = {add("Linear", {last})};
    network.nodes.back().params["out_features"] = 1;
    edits::autoLayout(network);
    return network;
}

/// What an event loop does between two edits: it answers, and deletes what is gone.
void settle()
{
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const int nodes = argc > 1 ? std::atoi(argv[1]) : 500;
    test::CanvasHarness canvas;
    if (!canvas.open())
        return 1;
    settle();
    Times layout;
    NetworkSpec network;
    layout.add([&] { network = large(nodes); });
    canvas.use(network);
    NetworkView& view = canvas.view();
    view.parentWidget()->setFixedSize(1002, 802);
    view.parentWidget()->layout()->activate();
    QImage image(1000, 800, QImage::Format_RGB32);
    image.fill(canvas.theme.colors().ground);
    const auto paint = [&] { view.viewport()->render(&image, {}, {}, QWidget::DrawChildren); };
    std::printf("%zu layers, %zu edges, view %d × %d\n", network.nodes.size(), canvas.scene().edges().size(), view.viewport()->width(), view.viewport()->height());
    layout.print("made and laid out");

    for (const bool strips : {false, true}) {
        canvas.use(network);
        canvas.scene().setStripsShown(strips);
        if (strips && !QTest::qWaitFor([&] { return !canvas.scene().node("node1")->face().strip->bars.isEmpty(); }, 60000))
            return 1;
        for (const double zoom : {1.0, 0.45, 0.1}) {
            view.zoom(zoom / view.zoomFactor());
            view.centerOn(canvas.scene().contents().center());
            std::printf("\nzoom %.0f %%%s\n", 100.0 * view.zoomFactor(), strips ? ", with what each layer gives" : "");
            Times edit, draw, both, pan, move;
            for (int i = 0; i < 100; ++i) {
                NetworkSpec next = canvas.session.network();
                if (strips)
                    edits::setParam(next, "node" + std::to_string(4 + 5 * (i % 50)), "p", 0.2 + 0.001 * i);
                else
                    edits::setParam(next, "node" + std::to_string(1 + 5 * (i % 50)), "out_features", 32 + i);
                both.add([&] {
                    edit.add([&] { canvas.session.setNetwork(next, "set", -1); });
                    draw.add(paint);
                });
                settle();
            }
            for (int i = 0; i < 120; ++i)
                pan.add([&] {
                    QScrollBar* bar = i % 2 ? view.horizontalScrollBar() : view.verticalScrollBar();
                    bar->setValue(bar->value() + (i < 60 ? 9 : -9));
                    paint();
                });
            for (int i = 0; i < 60; ++i)
                move.add([&] {
                    NodeItem* item = canvas.scene().node("node250");
                    if (item)
                        item->moveBy(i < 30 ? 4 : -4, 0);
                    paint();
                });
            edit.print("a setting: checked and shown");
            draw.print("painting the view");
            both.print("edit and picture");
            pan.print("panning, a frame");
            move.print("dragging a layer, a frame");
        }
    }
    canvas.scene().setStripsShown(false);

    Times add, list, wire;
    for (int i = 0; i < 30; ++i) {
        canvas.scene().selectNodes({"node" + std::to_string(1 + 5 * i)});
        list.add([&] { edits::fittingLayers(canvas.network(), canvas.scene().analysis(), canvas.scene().openingAtSelection()); });
        wire.add([&] {
            canvas.scene().beginWire();
            canvas.scene().cancelWire();
        });
        add.add([&] { canvas.scene().addLayer("ReLU"); });
        settle();
        canvas.session.undoStack().undo();
        settle();
    }
    std::printf("\n");
    list.print("what fits below a layer");
    wire.print("where a wire may end");
    add.print("a layer added");

    Times diff, compared;
    canvas.child<ChangesPanel>("changesPanel").compareWith(network, "then");
    for (int i = 0; i < 50; ++i) {
        NetworkSpec next = canvas.session.network();
        edits::setParam(next, "node" + std::to_string(1 + 5 * i), "out_features", 100 + i);
        diff.add([&] { networkChanges(network, next); });
        compared.add([&] { canvas.session.setNetwork(next, "set", -1); });
        settle();
    }
    canvas.child<ChangesPanel>("changesPanel").stop();
    diff.print("what changed");
    compared.print("a setting, while comparing");
    canvas.use(network);

    auto& stack = canvas.session.undoStack();
    while (stack.count() < 1000) {
        NetworkSpec next = canvas.session.network();
        edits::move(next, next.nodes[static_cast<std::size_t>(stack.count()) % next.nodes.size()].id, {10.0 * stack.count(), 20.0});
        canvas.session.setNetwork(next, "move");
    }
    settle();
    const std::string end = canvas.session.network().toJson().dump();
    Times undo, redo;
    while (stack.canUndo())
        undo.add([&] { stack.undo(); });
    const bool back = canvas.session.network().toJson().dump() == network.toJson().dump();
    while (stack.canRedo())
        redo.add([&] { stack.redo(); });
    std::printf("\n");
    undo.print("undo");
    redo.print("redo");
    const bool forth = canvas.session.network().toJson().dump() == end;
    std::printf("byte-identical JSON: back %s, forth %s\n", back ? "yes" : "no", forth ? "yes" : "no");
    return back && forth ? 0 : 1;
}
