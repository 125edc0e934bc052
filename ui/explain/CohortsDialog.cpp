#include "ui/explain/CohortsDialog.h"

#include "core/data/RowConditions.h"
#include "ui/explain/CohortBook.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace limpid {

namespace {

constexpr int nameRole = Qt::UserRole;   ///< as it is kept, while a line is being edited
enum Part { Name, Rows, Made, Parts };

} // namespace

CohortsDialog::CohortsDialog(Session& session, CohortBook& book, QWidget* parent)
    : QDialog(parent), m_session(session), m_book(book), m_list(new QTreeWidget(this)), m_name(new QLineEdit(this)), m_where(new QLineEdit(this)), m_empty(new QLabel(this)),
      m_problem(new QLabel(this)), m_add(new QPushButton(tr("Make cohort"), this)), m_explain(new QPushButton(tr("Explain these rows"), this)),
      m_compare(new QPushButton(tr("Compare with these"), this)), m_delete(new QPushButton(tr("Delete"), this))
{
    setObjectName("cohortsDialog");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Cohorts"));
    resize(620, 460);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::gap);
    m_empty->setText(tr("Cohorts are rows under a name. Make one of conditions below, or select rows in a plot or the list and choose “Cohort…” there."));
    m_empty->setProperty("role", "dim");
    m_empty->setWordWrap(true);
    layout->addWidget(m_empty);
    m_list->setObjectName("cohorts.list");
    m_list->setAccessibleName(tr("Cohorts"));
    m_list->setColumnCount(Parts);
    m_list->setHeaderLabels({tr("Name"), tr("Rows"), tr("Made of")});
    m_list->headerItem()->setTextAlignment(Rows, Qt::AlignRight | Qt::AlignVCenter);
    m_list->setRootIsDecorated(false);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_list->header()->resizeSection(Name, 180);
    m_list->header()->resizeSection(Rows, 80);
    layout->addWidget(m_list, 1);
    auto* line = new QHBoxLayout;
    m_explain->setObjectName("cohorts.explain");
    m_compare->setObjectName("cohorts.compare");
    m_delete->setObjectName("cohorts.delete");
    m_delete->setToolTip(tr("Deletes the cohort, not its rows (Delete). It can be undone."));
    line->addWidget(m_explain);
    line->addWidget(m_compare);
    line->addStretch(1);
    line->addWidget(m_delete);
    layout->addLayout(line);

    auto* fields = new QGridLayout;
    const auto place = [&](const char* name, const QString& label, QLineEdit* field, int column) {
        auto* text = new QLabel(label, this);
        text->setProperty("role", "label");
        text->setBuddy(field);
        field->setObjectName(QLatin1String(name));
        field->setAccessibleName(label);
        fields->addWidget(text, 0, column);
        fields->addWidget(field, 1, column);
    };
    place("cohorts.name", tr("Name"), m_name, 0);
    place("cohorts.where", tr("Conditions"), m_where, 1);
    m_where->setPlaceholderText(tr("COLUMN > NUMBER, COLUMN = VALUE"));
    m_where->setToolTip(tr("Conditions that must all hold, with commas between them: = != < <= > >=. Put names and values that hold commas in double quotes; \"\" is a missing value."));
    fields->setColumnStretch(0, 1);
    fields->setColumnStretch(1, 2);
    m_add->setObjectName("cohorts.add");
    fields->addWidget(m_add, 1, 2);
    layout->addLayout(fields);
    m_problem->setObjectName("cohorts.problem");
    m_problem->setProperty("role", "warn");
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    auto* last = new QHBoxLayout;
    auto* close = new QPushButton(tr("Close"), this);
    last->addStretch(1);
    last->addWidget(close);
    layout->addLayout(last);
    for (QPushButton* button : {m_add, m_explain, m_compare, m_delete, close})
        button->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::close);

    for (QLineEdit* field : {m_name, m_where}) {
        connect(field, &QLineEdit::textChanged, this, &CohortsDialog::showState);
        connect(field, &QLineEdit::returnPressed, this, &CohortsDialog::add);
    }
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &CohortsDialog::showState);
    connect(m_list, &QTreeWidget::itemChanged, this, &CohortsDialog::rename);
    connect(m_add, &QPushButton::clicked, this, &CohortsDialog::add);
    const auto remove = [this] {
        if (const QString name = selected(); !name.isEmpty())
            m_book.remove(name);
    };
    connect(m_delete, &QPushButton::clicked, this, remove);
    connect(new QShortcut(QKeySequence::Delete, m_list, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this, remove);
    connect(m_explain, &QPushButton::clicked, this, [this] { emit explainAsked(selected()); });
    connect(m_compare, &QPushButton::clicked, this, [this] { emit compareAsked(selected()); });
    connect(&book, &CohortBook::changed, this, &CohortsDialog::fill);
    connect(&book, &QObject::destroyed, this, &QDialog::close);
    fill();
    m_name->setFocus();
}

void CohortsDialog::fill()
{
    const QString before = selected();
    m_filling = true;
    m_list->clear();
    for (const CohortBook::Entry& entry : m_book.entries()) {
        const NamedCohort& cohort = entry.cohort;
        const QString made = cohort.where.empty() ? tr("chosen rows") : QString::fromStdString(cohort.where);
        auto* item = new QTreeWidgetItem(m_list, {QString::fromStdString(cohort.name), countText(static_cast<qint64>(cohort.rows.size())), made});
        item->setData(Name, nameRole, QString::fromStdString(cohort.name));
        item->setTextAlignment(Rows, Qt::AlignRight | Qt::AlignVCenter);
        item->setFlags(item->flags() | Qt::ItemIsEditable);
        for (int part = 0; part < Parts && !entry.usable; ++part) {
            item->setForeground(part, palette().placeholderText());
            item->setToolTip(part, entry.problem);
        }
        if (item->text(Name) == before)
            m_list->setCurrentItem(item);
    }
    m_filling = false;
    m_empty->setVisible(m_book.entries().empty());
    showState();
}

QString CohortsDialog::selected() const
{
    const QList<QTreeWidgetItem*> items = m_list->selectedItems();
    return items.isEmpty() ? QString() : items.front()->data(Name, nameRole).toString();
}

void CohortsDialog::showState()
{
    const QString name = m_name->text().trimmed();
    const bool asked = !m_where->text().trimmed().isEmpty();
    QString problem = name.isEmpty() ? QString() : m_book.problemOf(name);
    if (problem.isEmpty() && asked && m_session.data()) {
        try {
            matchingRows(m_session.data()->table(), parseConditions(m_where->text().toStdString()), {}); // of no row: whether they suit the columns
        } catch (const Error& error) {
            problem = message(error);
        }
    }
    const QString chosen = selected();
    const bool usable = !chosen.isEmpty() && m_book.usable(chosen);
    m_add->setEnabled(m_book.isReady() && asked && !name.isEmpty() && problem.isEmpty());
    for (const CohortBook::Entry& entry : m_book.entries())
        if (problem.isEmpty() && !asked && QString::fromStdString(entry.cohort.name) == chosen)
            problem = entry.problem;
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_explain->setEnabled(usable);
    m_compare->setEnabled(usable);
    m_delete->setEnabled(!chosen.isEmpty());
}

void CohortsDialog::add()
{
    if (!m_add->isEnabled())
        return;
    m_book.addConditions(m_name->text().trimmed(), m_where->text());
    m_name->clear();
    m_where->clear();
}

void CohortsDialog::rename(QTreeWidgetItem* item, int column)
{
    if (m_filling)
        return;
    const QString before = item->data(Name, nameRole).toString(), name = item->text(Name).trimmed();
    const QString problem = m_book.problemOf(name, before);
    const bool takes = column == Name && problem.isEmpty() && name != before;
    // The line is filled anew, once the editor is done with it.
    QMetaObject::invokeMethod(this, [this, takes, before, name, problem] {
        if (takes) {
            m_book.rename(before, name);
            return;
        }
        fill();
        m_problem->setText(problem);
        m_problem->setVisible(!problem.isEmpty());
    }, Qt::QueuedConnection);
}

} // namespace limpid
