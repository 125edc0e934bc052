#include "ui/network/CanvasCommands.h"

#include "ui/network/NetworkScene.h"
#include "ui/network/NetworkView.h"
#include "ui/network/NodeItem.h"

#include <QAction>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>

namespace limpid {

namespace {

constexpr double nudgeStep = 8.0;

QPointF directionOf(int key)
{
    switch (key) {
    case Qt::Key_Left:
        return {-1.0, 0.0};
    case Qt::Key_Right:
        return {1.0, 0.0};
    case Qt::Key_Up:
        return {0.0, -1.0};
    case Qt::Key_Down:
        return {0.0, 1.0};
    default:
        return {};
    }
}

QKeySequence keyOf(const QKeyEvent& event)
{
    // Plus is on another key on each keyboard: its Shift is no part of what is meant.
    Qt::KeyboardModifiers modifiers = event.modifiers() & ~Qt::KeypadModifier;
    if (event.key() == Qt::Key_Plus || event.key() == Qt::Key_Equal || event.key() == Qt::Key_Minus)
        modifiers &= ~Qt::ShiftModifier;
    return QKeySequence(static_cast<int>(modifiers.toInt()) | event.key());
}

} // namespace

CanvasCommands::CanvasCommands(NetworkScene& scene, NetworkView& view) : m_scene(scene), m_view(view)
{
    const auto oneNode = [this] { return m_scene.selectedNodes().size() == 1; };
    const auto nodes = [this] { return !m_scene.selectedNodes().empty(); };
    const auto copyable = [this] { return !m_scene.selectedNodes().empty() || !m_scene.selectedComments().empty(); };
    const auto any = [this] { return !m_scene.selectedItems().isEmpty(); };
    const auto filled = [this] { return !m_scene.network().nodes.empty(); };

    add({"addLayerAction", tr("Add a layer that fits…"), {Qt::Key_A, Qt::Key_Insert}, [this] { m_view.pickAtSelection(); }, {}});
    add({"addBranchAction", tr("Add a branch…"), {Qt::Key_B},
         [this] { m_view.pick({edits::Opening::Kind::Branch, m_scene.selectedNodes().front()}); }, oneNode});
    add({"addAboveAction", tr("Add a layer above…"), {Qt::SHIFT | Qt::Key_A},
         [this] { m_view.pick({edits::Opening::Kind::Above, m_scene.selectedNodes().front()}); },
         [this, oneNode] { return oneNode() && m_scene.node(m_scene.selectedNodes().front())->face().hasInput(); }});
    add({"connectAction", tr("Connect from here: arrows choose, Enter draws, Esc leaves"), {Qt::Key_C},
         [this] {
             m_scene.beginWire();
             if (const NodeItem* target = m_scene.wireTarget())
                 m_view.ensureVisible(target, 24, 24);
         },
         oneNode});
    add({"selectEdgeAction", tr("Select the next edge"), {Qt::Key_E},
         [this] {
             m_scene.selectNextEdge();
             m_view.showSelected();
         },
         [this] { return !m_scene.edges().empty(); }});
    add({"unwireAction", tr("Unwire"), {Qt::Key_X}, [this] { m_scene.unwireSelection(); }, any});
    add({"renameAction", tr("Rename"), {Qt::Key_F2}, [this] { m_view.renameSelected(); }, oneNode});

    add({"foldAction", tr("Fold into a block"), {Qt::CTRL | Qt::Key_G}, [this] { m_view.foldSelected(); }, nodes, true});
    add({"unfoldAction", tr("Unfold the block"), {Qt::CTRL | Qt::SHIFT | Qt::Key_G}, [this] { m_scene.unfoldSelection(); }, [this] { return m_scene.canUnfold(); }});
    add({"renameBlockAction", tr("Rename the block"), {Qt::SHIFT | Qt::Key_F2}, [this] { m_view.renameSelectedBlock(); }, [this] { return m_scene.canUnfold(); }});
    add({"commentAction", tr("Add a comment"), {Qt::Key_M}, [this] { m_view.editComment(); }, {}});
    add({"nextCommentAction", tr("Select the next comment"), {Qt::Key_N},
         [this] {
             m_scene.selectNextComment();
             m_view.showSelected();
         },
         [this] { return !m_scene.network().comments.empty(); }});

    add({"cutAction", tr("Cut"), {Qt::CTRL | Qt::Key_X}, [this] { m_scene.cutSelection(); }, copyable, true});
    add({"copyAction", tr("Copy"), {Qt::CTRL | Qt::Key_C}, [this] { m_scene.copySelection(); }, copyable});
    add({"pasteAction", tr("Paste"), {Qt::CTRL | Qt::Key_V}, [this] { m_view.paste(); }, [] { return NetworkScene::canPaste(); }});
    add({"duplicateAction", tr("Duplicate"), {Qt::CTRL | Qt::Key_D}, [this] { m_scene.duplicateSelection(); }, nodes});
    add({"deleteAction", tr("Delete, and join what it stood between"), {Qt::Key_Delete, Qt::Key_Backspace}, [this] { m_scene.deleteSelection(); }, any});
    add({"selectAllAction", tr("Select all"), {Qt::CTRL | Qt::Key_A},
         [this] {
             std::vector<std::string> all;
             for (const NodeSpec& node : m_scene.network().nodes)
                 all.push_back(node.id);
             m_scene.selectNodes(all);
         },
         filled});

    add({"undoAction", tr("Undo"), {Qt::CTRL | Qt::Key_Z}, [this] { emit undoWanted(); }, {}, true});
    add({"redoAction", tr("Redo"), {Qt::CTRL | Qt::SHIFT | Qt::Key_Z, Qt::CTRL | Qt::Key_Y}, [this] { emit redoWanted(); }, {}});

    add({"tidyAction", tr("Tidy up"), {Qt::CTRL | Qt::Key_L},
         [this] {
             m_scene.tidy();
             m_view.fit();
         },
         filled, true});
    add({"fitAction", tr("Fit all"), {Qt::CTRL | Qt::Key_0, Qt::Key_F}, [this] { m_view.fit(); }, {}});
    add({"actualSizeAction", tr("Actual size"), {Qt::Key_1}, [this] { m_view.actualSize(); }, {}});
    add({"valuesAction", tr("What layers give: how the outputs of each are distributed, or what image it gives"), {Qt::Key_V},
         [this] { m_scene.setStripsShown(!m_scene.showsStrips()); }, {}, false, [this] { return m_scene.showsStrips(); }});
    add({"zoomInAction", tr("Zoom in"), {Qt::CTRL | Qt::Key_Plus, Qt::CTRL | Qt::Key_Equal, Qt::Key_Plus}, [this] { m_view.zoom(1.2); }, {}});
    add({"zoomOutAction", tr("Zoom out"), {Qt::CTRL | Qt::Key_Minus, Qt::Key_Minus}, [this] { m_view.zoom(1.0 / 1.2); }, {}});
}

const CanvasCommands::Command* CanvasCommands::commandOf(const QKeyEvent& event) const
{
    const QKeySequence key = keyOf(event);
    for (const Command& command : m_commands)
        if (command.keys.contains(key) && (!command.enabled || command.enabled()))
            return &command;
    return nullptr;
}

bool CanvasCommands::wants(const QKeyEvent& event) const
{
    if (event.key() == Qt::Key_Escape || event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter)
        return true;
    const Command* command = commandOf(event);
    // The window's own undo is the same one, and knows what it is called.
    return command && command->name != std::string_view("undoAction") && command->name != std::string_view("redoAction");
}

bool CanvasCommands::handleArrow(const QKeyEvent& event)
{
    const QPointF direction = directionOf(event.key());
    if (direction.isNull())
        return false;
    if (m_scene.isWiring()) {
        m_scene.stepWire(direction);
        if (const NodeItem* target = m_scene.wireTarget())
            m_view.ensureVisible(target, 24, 24);
        return true;
    }
    if (event.modifiers() & Qt::ControlModifier && event.modifiers() & Qt::ShiftModifier)
        m_scene.resizeComments(direction.x() * nudgeStep, direction.y() * nudgeStep);
    else if (event.modifiers() & Qt::ControlModifier)
        m_scene.nudge(direction.x() * nudgeStep, direction.y() * nudgeStep);
    else
        m_scene.selectTowards(direction, event.modifiers() & Qt::ShiftModifier);
    m_view.showSelected();
    return true;
}

bool CanvasCommands::handle(QKeyEvent& event)
{
    if (handleArrow(event))
        return true;
    const auto nodes = m_scene.selectedNodes();
    switch (event.key()) {
    case Qt::Key_Escape:
        if (m_scene.isWiring())
            m_scene.cancelWire();
        else if (!m_scene.selectedItems().isEmpty())
            m_scene.clearSelection();
        else
            return m_view.leaveInside();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_scene.isWiring())
            m_scene.finishWire();
        else if (nodes.size() == 1)
            emit m_scene.opened(nodes.front());
        else if (const auto comments = m_scene.selectedComments(); nodes.empty() && comments.size() == 1)
            m_view.editComment(comments.front());
        else
            m_view.pickAtSelection();
        return true;
    case Qt::Key_Home:
    case Qt::Key_End:
        m_scene.clearSelection();
        m_scene.selectNext(event.key() == Qt::Key_Home);
        m_view.showSelected();
        return true;
    default:
        break;
    }
    if (event.key() == Qt::Key_Backspace && m_scene.selectedItems().isEmpty())
        return m_view.leaveInside();
    if (const Command* command = commandOf(event)) {
        m_scene.cancelWire();
        command->run();
        return true;
    }
    return false;
}

void CanvasCommands::fill(QMenu& menu) const
{
    for (const Command& command : m_commands) {
        if (command.beginsGroup)
            menu.addSeparator();
        // The key behind a tab is shown, and is no shortcut of its own: the canvas has it.
        const QString key = command.keys.isEmpty() ? QString() : QLatin1Char('\t') + command.keys.front().toString(QKeySequence::NativeText);
        QAction* action = menu.addAction(command.text.section(QLatin1Char(':'), 0, 0) + key, &menu, command.run);
        action->setObjectName(command.name);
        action->setEnabled(!command.enabled || command.enabled());
        action->setCheckable(static_cast<bool>(command.checked));
        action->setChecked(command.checked && command.checked());
    }
}

QString CanvasCommands::help() const
{
    QStringList lines{tr("Arrows: select (with Shift: add to the selection, with Ctrl: move; a comment with Ctrl+Shift: resize)"),
                      tr("Enter: open or set up what is selected; on an edge: add a layer into it"),
                      tr("Esc: leave, then select nothing. Tab: leave the canvas"), tr("Space and the mouse: pan")};
    for (const Command& command : m_commands) {
        QStringList keys;
        for (const QKeySequence& key : command.keys)
            keys << key.toString(QKeySequence::NativeText);
        if (!keys.isEmpty())
            lines << keys.join(tr(" or ")) + QStringLiteral(": ") + command.text;
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace limpid
