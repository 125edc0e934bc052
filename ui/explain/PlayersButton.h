#pragma once

#include "core/workbench/ExplainTable.h"

#include <QPushButton>
#include <QStringList>

#include <vector>

namespace limpid {

class GroupsDialog;
class Session;

using ColumnGroups = std::vector<ColumnGroup>;

/// Says whose shares a method tells, "Players: 9 columns, 2 groups", and opens the dialog in which columns are grouped. Groups are
/// kept with the session's view settings under "explain.groups", by data file; edits of them are undoable.
class PlayersButton : public QPushButton
{
    Q_OBJECT
public:
    explicit PlayersButton(Session& session, QWidget* parent = nullptr);

    /// Those of the model.
    void setColumns(const QStringList& columns);
    const QStringList& columns() const { return m_columns; }
    /// As they were made, with columns that other models of the file may have.
    const ColumnGroups& groups() const { return m_groups; }
    /// What of them the model has columns for.
    ColumnGroups playing() const;
    /// `text` names the edit.
    void setGroups(ColumnGroups groups, const QString& text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void changed();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    /// As much of the text as there is room for.
    void fitText();
    void restore();
    void take(const ColumnGroups& groups);
    void showText();

    Session& m_session;
    QString m_file;
    QString m_text;           ///< whole
    QStringList m_columns;
    ColumnGroups m_groups;
};

/// "9 columns, 2 groups", of all columns of which some are in the groups.
QString playersText(int columns, const ColumnGroups& groups);

} // namespace limpid
