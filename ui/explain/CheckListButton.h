#pragma once

#include <QStringList>
#include <QToolButton>

class QListWidget;

namespace limpid {

/// A button that opens a list of names with a check mark each, and stays open while one checks them.
class CheckListButton : public QToolButton
{
    Q_OBJECT
public:
    /// `listName`: the list's object name; `accessibleName`: what it is a list of.
    CheckListButton(const QString& listName, const QString& accessibleName, QWidget* parent = nullptr);

    /// Those of the checked ones that are there stay checked.
    void setItems(const QStringList& items);
    QStringList checked() const;
    void setChecked(const QStringList& items);

signals:
    void changed();

protected:
    int count() const;
    /// Sets the button's text after each change; called by the constructor of whoever derives.
    virtual void showChecked() = 0;

private:
    QListWidget* m_list;
    bool m_filling = false;
};

} // namespace limpid
