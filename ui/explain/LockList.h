#pragma once

#include <QStringList>
#include <QToolButton>

class QListWidget;

namespace limpid {

/// A button that opens a list of columns with a check mark each: those that must not change.
class LockList : public QToolButton
{
    Q_OBJECT
public:
    explicit LockList(QWidget* parent = nullptr);

    /// Those of the locked ones that are there stay locked.
    void setColumns(const QStringList& columns);
    QStringList locked() const;
    void setLocked(const QStringList& columns);

signals:
    void changed();

private:
    void showCount();

    QListWidget* m_list;
    bool m_filling = false;
};

} // namespace limpid
