#pragma once

#include "core/workbench/ExplainTable.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace limpid {

class PlayersButton;

/// Columns, those that are in a group below its name. Those selected are put into a group or taken out; groups are renamed in
/// place. Each edit counts at once.
class GroupsDialog : public QDialog
{
    Q_OBJECT
public:
    GroupsDialog(PlayersButton& players, QWidget* parent = nullptr);

private:
    void fill();
    void find(const QString& text);
    QStringList selectedColumns() const;
    QString problemOf(const QString& name, const QStringList& columns, const std::string& own) const;
    void showState();
    void group();
    void ungroup();
    void suggest();
    void rename(QTreeWidgetItem* item);

    PlayersButton& m_players;
    QLineEdit *m_find, *m_name;
    QTreeWidget* m_tree;
    QPushButton *m_group, *m_ungroup, *m_suggest;
    QLabel* m_problem;
    bool m_filling = false;
};

/// Columns whose names begin with the same word, such as "capital_gain" and "capital_loss", under that word; it is what columns of one
/// source often have in common. No group of one.
std::vector<ColumnGroup> groupsByFirstWord(const QStringList& columns);

} // namespace limpid
