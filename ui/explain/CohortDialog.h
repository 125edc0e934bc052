#pragma once

#include <QDialog>

#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;

namespace limpid {

class CohortBook;

/// Asks for a name for rows that were selected, and keeps them under it.
class CohortDialog : public QDialog
{
    Q_OBJECT
public:
    /// `rows`: of the open file.
    CohortDialog(CohortBook& book, std::vector<std::size_t> rows, QWidget* parent = nullptr);

signals:
    void made(const QString& name);

private:
    void showState();
    void make();

    CohortBook& m_book;
    std::vector<std::size_t> m_rows;
    QLineEdit* m_name;
    QLabel* m_problem;
    QPushButton* m_make;
};

} // namespace limpid
