#pragma once

#include "core/store/Workspace.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSpinBox;
class QBoxLayout;
class QSortFilterProxyModel;
class QTableView;

namespace limpid {

class Card;
class CurvesCard;
class RunTable;
class Session;
class Theme;

/// All runs in a table, the curves of the one selected, and the ways to go on with it and to delete it.
class RunsView : public QWidget
{
    Q_OBJECT
public:
    RunsView(Session& session, const Theme& theme, QWidget* parent = nullptr);
    void refresh();
    void selectRun(std::int64_t id);
    void setWide(bool wide);   ///< curves beside the table, else below

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    const RunRecord* selected() const;
    void showSelected();
    void askToResume();
    void resumeAsked();
    void askToDelete();
    void deleteAsked();
    bool hasVersion(std::int64_t run) const;

    Session& m_session;
    QBoxLayout* m_columns;
    Card* m_card;
    RunTable* m_model;
    QSortFilterProxyModel* m_sorted;
    QTableView* m_table;
    QPushButton *m_resume, *m_delete;
    QWidget *m_confirm, *m_goOn;
    QLabel *m_question, *m_goOnText;
    QSpinBox* m_epochs;
    CurvesCard* m_curves;
    std::int64_t m_asked = 0;  ///< the run that the question is about
};

} // namespace limpid
