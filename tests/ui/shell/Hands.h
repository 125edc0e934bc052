#pragma once

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>
#include <QWindow>

#include <functional>
#include <optional>
#include <stdexcept>

namespace limpid::test {

/// Thrown where a person could not have gone on; what() says at what.
struct Stuck : std::runtime_error {
    explicit Stuck(const QString& what) : std::runtime_error(what.toStdString()) {}
};

/// Somebody in front of a window: gives it what the window system would, and nothing else. What is clicked must be in
/// sight, enabled and not covered; keys go to whatever has the keyboard. Counts what it took.
class Hands
{
public:
    explicit Hands(QWidget& window) : m_window(window) {}

    int clicks() const { return m_clicks; }
    int notches() const { return m_notches; } ///< of the wheel
    int keys() const { return m_keys; }

    template<class Widget>
    Widget& see(const QString& name) const
    {
        for (QWidget* top : QApplication::topLevelWidgets())
            for (Widget* found : top->findChildren<Widget*>(name))
                if (found->isVisible())
                    return *found;
        throw Stuck(name + " is not in sight");
    }
    static void wait(const QString& what, const std::function<bool()>& condition, int ms = 20000)
    {
        if (!QTest::qWaitFor(condition, ms))
            throw Stuck("waited in vain: " + what);
    }

    // ---- mouse

    void click(QWidget& on, std::optional<QPoint> at = {}, Qt::MouseButton button = Qt::LeftButton)
    {
        const QPoint point = reach(on, at.value_or(on.rect().center()));
        QTest::mouseClick(on.window()->windowHandle(), button, {}, point);
        ++m_clicks;
    }
    void doubleClick(QWidget& on, const QPoint& at)
    {
        const QPoint point = reach(on, at);
        QTest::mouseDClick(on.window()->windowHandle(), Qt::LeftButton, {}, point);
        m_clicks += 2;
    }
    void drag(QWidget& on, const QPoint& from, const QPoint& to)
    {
        QWindow* window = on.window()->windowHandle();
        const QPoint start = reach(on, from), end = reach(on, to);
        QTest::mouseMove(window, start);
        QTest::mousePress(window, Qt::LeftButton, {}, start);
        QTest::mouseMove(window, (start + end) / 2);
        QTest::mouseMove(window, end);
        QTest::mouseRelease(window, Qt::LeftButton, {}, end);
        ++m_clicks;
    }
    /// One notch; `up` is away from oneself.
    void wheel(QWidget& on, bool up)
    {
        const QPoint at = on.rect().center(), point = reach(on, at);
        QWheelEvent event(point, on.mapToGlobal(QPointF(at)), {}, {0, up ? 120 : -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QSpontaneKeyEvent::setSpontaneous(&event); // as the window system's: others are not handed on from child to parent
        qApp->notify(on.window()->windowHandle(), &event); // sendEvent() would take it back
        QCoreApplication::processEvents();
        ++m_notches;
    }
    /// Of a list: turns the wheel until the entry is in sight, and gives its place.
    QPoint find(QListView& list, const QString& text)
    {
        for (int row = 0; row < list.model()->rowCount(); ++row) {
            const QModelIndex index = list.model()->index(row, 0);
            if (index.data().toString() != text || !(index.flags() & Qt::ItemIsSelectable))
                continue;
            const auto place = [&] { return list.visualRect(index); };
            const int height = list.viewport()->height();
            for (int turn = 0; turn < 200 && (place().top() < 0 || place().bottom() >= height); ++turn)
                wheel(*list.viewport(), place().top() < 0);
            return {std::min(place().center().x(), list.viewport()->width() / 2), place().center().y()};
        }
        throw Stuck(text + " is not in the list");
    }
    void clickEntry(QListView& list, const QString& text)
    {
        const QPoint at = find(list, text);
        click(*list.viewport(), at);
    }
    void clickChoice(QComboBox& box, const QString& text)
    {
        click(box);
        auto* list = qobject_cast<QListView*>(box.view());
        wait("the choices of " + box.objectName(), [&] { return list && list->isVisible(); });
        const QPoint at = find(*list, text);
        QTest::mouseMove(list->window()->windowHandle(), reach(*list->viewport(), at)); // a list hears clicks once the mouse has moved
        QTest::mouseMove(list->window()->windowHandle(), reach(*list->viewport(), at + QPoint(12, 0)));
        click(*list->viewport(), at);
    }
    void clickInMenu(QPushButton& button, const QString& action)
    {
        // A menu under a button may have an event loop of its own (newer Qt has none): what is clicked in it is clicked from a timer.
        QString problem = "no menu opens";
        QTimer poll;
        QObject::connect(&poll, &QTimer::timeout, [&] {
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            if (!menu || !menu->isVisible())
                return;
            poll.stop();
            auto* entry = menu->findChild<QAction*>(action);
            if (entry && entry->isEnabled()) {
                problem.clear();
                QTest::mouseMove(menu->windowHandle(), menu->actionGeometry(entry).center());
                QTest::mouseClick(menu->windowHandle(), Qt::LeftButton, {}, menu->actionGeometry(entry).center());
                ++m_clicks;
            } else {
                problem = action + " can't be chosen";
                menu->close();
            }
        });
        poll.start(5);
        click(button);
        if (!QTest::qWaitFor([&] { return !poll.isActive(); }, 2000) || !problem.isEmpty())
            throw Stuck(problem);
    }
    /// A number by the wheel, from what is shown in the field to `value`.
    void turnTo(QWidget& field, const std::function<double()>& shown, double value)
    {
        click(field);
        for (int turn = 0; turn < 1000 && shown() != value; ++turn)
            wheel(field, shown() < value);
        if (shown() != value)
            throw Stuck(QString("%1 can't be turned to %2").arg(field.objectName()).arg(value));
    }

    // ---- keyboard

    void key(int key, Qt::KeyboardModifiers modifiers = {})
    {
        settle();
        QTest::keyClick(m_window.windowHandle(), static_cast<Qt::Key>(key), modifiers);
        ++m_keys;
    }
    void type(const QString& text)
    {
        for (const QChar letter : text) {
            QTest::keyClick(m_window.windowHandle(), letter.toLatin1());
            ++m_keys;
        }
    }
    static QWidget* focus()
    {
        const QWidget* popup = QApplication::activePopupWidget();
        return popup ? popup->focusWidget() : QApplication::focusWidget();
    }
    static bool isAt(const char* name) { return focus() && focus()->objectName() == name; }
    /// By Tab to that field.
    void tabTo(const char* name, int most)
    {
        for (int i = 0; i < most && !isAt(name); ++i)
            key(Qt::Key_Tab);
        expectAt(name);
    }
    static void expectAt(const char* name)
    {
        if (!QTest::qWaitFor([&] { return isAt(name); }, 2000))
            throw Stuck(QString("the keyboard is at %1, not at %2").arg(focus() ? focus()->objectName() : "nothing", name));
    }

private:
    /// Without a window manager a list that has closed may leave itself the active window.
    void settle()
    {
        QCoreApplication::processEvents();
        if (QApplication::activePopupWidget() || QApplication::activeWindow() == &m_window)
            return;
        m_window.activateWindow();
        if (!QTest::qWaitForWindowActive(&m_window))
            throw Stuck("the window is not active");
    }
    /// The point in its window's coordinates, where it can be clicked. What has just been added takes a moment to find its place.
    QPoint reach(QWidget& on, const QPoint& at)
    {
        settle();
        const QWidget* top = on.window();
        const QWidget* hit = nullptr;
        const auto free = [&] {
            hit = top->childAt(on.mapTo(top, at));
            const QWidget* popup = QApplication::activePopupWidget();
            return on.isVisible() && on.isEnabled() && (&on == top || hit == &on || on.isAncestorOf(hit)) && (!popup || popup == top);
        };
        if (!QTest::qWaitFor(free, 2000))
            throw Stuck(QString("%1 can't be clicked; there is %2").arg(on.objectName(), hit ? hit->objectName() : "nothing"));
        return on.mapTo(top, at);
    }

    QWidget& m_window;
    int m_clicks = 0, m_notches = 0, m_keys = 0;
};

} // namespace limpid::test
