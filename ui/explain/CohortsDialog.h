#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace limpid {

class CohortBook;
class Session;

/// The cohorts of the open file: made of conditions, renamed in place, deleted, explained or compared with.
class CohortsDialog : public QDialog
{
    Q_OBJECT
public:
    CohortsDialog(Session& session, CohortBook& book, QWidget* parent = nullptr);

signals:
    void explainAsked(const QString& name);
    void compareAsked(const QString& name);

private:
    void fill();
    void showState();
    QString selected() const;
    void add();
    void rename(QTreeWidgetItem* item, int column);

    Session& m_session;
    CohortBook& m_book;
    QTreeWidget* m_list;
    QLineEdit *m_name, *m_where;
    QLabel *m_empty, *m_problem;
    QPushButton *m_add, *m_explain, *m_compare, *m_delete;
    bool m_filling = false;
};

} // namespace limpid
