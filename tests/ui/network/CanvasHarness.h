#pragma once

#include "tests/support/TestSupport.h"
#include "ui/network/EdgeItem.h"
#include "ui/network/LayerPicker.h"
#include "ui/network/NetworkPage.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NetworkView.h"
#include "ui/network/NodeItem.h"
#include "ui/session/Session.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QTemporaryDir>

namespace limpid::test {

/// The network page over a real session and a small table of numbers, as a person uses it.
struct CanvasHarness {
    QTemporaryDir dir;
    Theme theme{qApp};
    JobQueue queue;
    JobRunner jobs{queue};
    Session session{jobs, nullptr};
    NetworkPage page{session, theme};

    CanvasHarness()
    {
        page.resize(1368, 816);
        page.show();
    }

    NetworkView& view() const { return *page.findChild<NetworkView*>("networkView"); }
    NetworkScene& scene() const { return *static_cast<NetworkScene*>(view().scene()); }
    LayerPicker& picker() const { return view().picker(); }
    const NetworkSpec& network() const { return scene().network(); }
    template<class Widget>
    Widget& child(const char* name) const
    {
        auto* widget = page.findChild<Widget*>(name);
        if (!widget)
            qFatal("no %s on the page", name);
        return *widget;
    }

    /// Opens a table of three numbers and a target, and waits until its network is drawn.
    bool open()
    {
        QByteArray csv = "width,height,weight,price\n";
        for (int i = 0; i < 60; ++i)
            csv += QByteArray::number(i * 0.37) + "," + QByteArray::number((i * 7) % 13 + 0.5) + "," + QByteArray::number((i * 5) % 11 + 0.25) + ","
                + QByteArray::number(i * 1.5 + (i * 3) % 7) + "\n";
        const auto path = write(dir, "things.csv", csv);
        session.openFile(QString::fromStdString(path.string()));
        return QTest::qWaitFor([&] { return session.plan() && !network().nodes.empty(); }, 20000);
    }

    /// Shown, with that table and the chain on the canvas.
    bool start()
    {
        if (!QTest::qWaitForWindowExposed(&page) || !open())
            return false;
        useChain();
        return true;
    }
    /// The same with a workspace in that folder, which keeps runs.
    bool startIn(const QString& folder)
    {
        session.openWorkspace(folder);
        return QTest::qWaitFor([&] { return session.isReady(); }, 20000) && start();
    }

    /// numbers → hidden → act → out, drawn in that order and nothing to undo.
    void useChain()
    {
        NetworkSpec chain;
        const auto add = [&](const char* id, const char* type, std::vector<std::string> inputs, nlohmann::json params) {
            NodeSpec node;
            node.id = id;
            node.type = type;
            node.inputs = std::move(inputs);
            node.params = std::move(params);
            chain.nodes.push_back(node);
        };
        add("numbers", "Input", {}, {{"features", "numbers"}});
        add("hidden", "Linear", {"numbers"}, {{"out_features", 8}});
        add("act", "ReLU", {"hidden"}, nlohmann::json::object());
        add("out", "Linear", {"act"}, {{"out_features", 1}});
        chain.outputs = {"out"};
        edits::autoLayout(chain);
        use(chain);
    }
    void use(const NetworkSpec& network)
    {
        session.setNetwork(network, "start");
        session.undoStack().clear();
        view().fit();
        view().setFocus();
    }

    QPoint at(const QPointF& scenePoint) const { return view().mapFromScene(scenePoint); }
    void drag(const QPoint& from, const QPoint& to) const
    {
        QWidget* canvas = view().viewport();
        QTest::mousePress(canvas, Qt::LeftButton, {}, from);
        QTest::mouseMove(canvas, (from + to) / 2);
        QTest::mouseMove(canvas, to);
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, to);
    }
    void key(Qt::Key which, Qt::KeyboardModifiers modifiers = {}) const { QTest::keyClick(&view(), which, modifiers); }
    /// Types into the open list and takes the first.
    void pick(const QString& text) const
    {
        auto* find = picker().findChild<QLineEdit*>("pickerFind");
        QTest::keyClicks(find, text);
        QTest::keyClick(find, Qt::Key_Return);
    }
    void undo() { session.undoStack().undo(); }
    std::vector<std::string> inputsOf(const char* id) const
    {
        const NodeSpec* node = network().find(id);
        return node ? node->inputs : std::vector<std::string>{"(no such node)"};
    }
};

} // namespace limpid::test
