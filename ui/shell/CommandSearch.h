#pragma once

#include <QIcon>
#include <QLineEdit>
#include <QPointer>

#include <functional>
#include <vector>

class QFrame;
class QListWidget;

namespace limpid {

class Theme;

/// One thing that the search field finds.
struct Command {
    QString title;
    QString detail;   ///< what kind of thing it is, or its shortcut
    QString icon;
    std::function<void()> run;
};

/// The search field of the top bar: finds commands, pages, columns, models, runs and files; Up, Down, Enter, Escape.
class CommandSearch : public QLineEdit
{
    Q_OBJECT
public:
    explicit CommandSearch(const Theme& theme, QWidget* parent = nullptr);
    /// Asked for anew each time the list opens, so that it is never out of date.
    void setSource(std::function<std::vector<Command>()> source) { m_source = std::move(source); }
    /// Takes the focus and shows the list; gives the focus back in the end.
    void begin();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void openList();
    void closeList();
    void filter();
    void runCurrent();
    void giveBack();

    const Theme& m_theme;
    std::function<std::vector<Command>()> m_source;
    std::vector<Command> m_commands;
    QFrame* m_popup = nullptr;
    QListWidget* m_list = nullptr;
    QPointer<QWidget> m_before; ///< what had the keyboard when begin() took it
};

} // namespace limpid
