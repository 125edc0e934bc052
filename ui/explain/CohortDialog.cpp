#include "ui/explain/CohortDialog.h"

#include "ui/explain/CohortBook.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace limpid {

CohortDialog::CohortDialog(CohortBook& book, std::vector<std::size_t> rows, QWidget* parent)
    : QDialog(parent), m_book(book), m_rows(std::move(rows)), m_name(new QLineEdit(this)), m_problem(new QLabel(this)), m_make(new QPushButton(tr("Make cohort"), this))
{
    setObjectName("cohortDialog");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Make a cohort"));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::gap);
    auto* what = new QLabel(m_rows.size() == 1 ? tr("1 selected row is kept under this name, to be compared, explained or compared with.")
                                               : tr("%1 selected rows are kept under this name, to be compared, explained or compared with.").arg(countText(static_cast<qint64>(m_rows.size()))), this);
    what->setProperty("role", "dim");
    what->setWordWrap(true);
    what->setMinimumWidth(320);
    layout->addWidget(what);
    m_name->setObjectName("cohort.name");
    m_name->setPlaceholderText(tr("Name"));
    m_name->setAccessibleName(tr("Name"));
    layout->addWidget(m_name);
    m_problem->setObjectName("cohort.problem");
    m_problem->setProperty("role", "warn");
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    auto* line = new QHBoxLayout;
    auto* cancel = new QPushButton(tr("Cancel"), this);
    m_make->setObjectName("cohort.make");
    m_make->setProperty("role", "primary");
    m_make->setDefault(true);
    line->addStretch(1);
    line->addWidget(cancel);
    line->addWidget(m_make);
    layout->addLayout(line);
    connect(m_name, &QLineEdit::textChanged, this, &CohortDialog::showState);
    connect(&book, &CohortBook::changed, this, &CohortDialog::close); // by another hand, or another file is open: the rows may be others
    connect(&book, &QObject::destroyed, this, &QDialog::close);
    connect(cancel, &QPushButton::clicked, this, &QDialog::close);
    connect(m_make, &QPushButton::clicked, this, &CohortDialog::make);
    showState();
    m_name->setFocus();
}

void CohortDialog::showState()
{
    const QString name = m_name->text().trimmed();
    const QString problem = m_book.problemOf(name);
    m_make->setEnabled(problem.isEmpty());
    m_problem->setText(name.isEmpty() ? QString() : problem);
    m_problem->setVisible(!m_problem->text().isEmpty());
}

void CohortDialog::make()
{
    const QString name = m_name->text().trimmed();
    if (!m_book.problemOf(name).isEmpty())
        return;
    m_book.addRows(name, m_rows);
    emit made(name);
    close();
}

} // namespace limpid
