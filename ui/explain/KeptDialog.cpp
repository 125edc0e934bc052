#include "ui/explain/KeptDialog.h"

#include "ui/session/KeptTexts.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/RowList.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace limpid {

namespace {

JobRunner::Options optionsOf(const char* kind)
{
    JobRunner::Options options;
    options.kind = kind;
    options.subject = KeptDialog::tr("explanations").toStdString();
    return options;
}

std::vector<KeptEntry> entriesOf(const Workspace& workspace)
{
    std::vector<KeptEntry> entries;
    for (ExplanationRecord& record : workspace.explanations()) {
        KeptEntry& entry = entries.emplace_back();
        entry.record = std::move(record);
        try {
            entry.question = questionOf(entry.record);
        } catch (const Error&) {
            // It is listed all the same, to be deleted.
        }
    }
    return entries;
}

} // namespace

KeptDialog::KeptDialog(Session& session, QWidget* parent)
    : QDialog(parent), m_session(session), m_model(new KeptModel(this)), m_table(new QTableView(this)), m_help(new QLabel(this)), m_empty(new QLabel(this)),
      m_status(new QLabel(this)), m_show(new QPushButton(tr("Show"), this)), m_keep(new QPushButton(tr("Keep"), this)),
      m_delete(new QPushButton(tr("Delete"), this)), m_undo(new QPushButton(tr("Undo"), this))
{
    setObjectName("keptDialog");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Kept explanations"));
    resize(900, 460);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::gap);
    m_help->setText(tr("Every finished explanation of rows or words is kept by itself: the newest %1 of a model, up to %2 MB. Those that you name or keep, here or on the command "
                       "line, stay until you delete them. Effects, importance and counterfactuals are not kept.")
                        .arg(countText(static_cast<qint64>(mostAutomaticExplanations)), countText(static_cast<qint64>(mostAutomaticBytes / (1024 * 1024)))));
    m_help->setWordWrap(true);
    m_help->setProperty("role", "dim");
    layout->addWidget(m_help);
    m_table->setObjectName("kept.table");
    m_table->setAccessibleName(windowTitle());
    setUpRowList(m_table);
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::SelectedClicked);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    for (const int narrow : {KeptModel::Model, KeptModel::Made})
        m_table->horizontalHeader()->setSectionResizeMode(narrow, QHeaderView::ResizeToContents);
    layout->addWidget(m_table, 1);
    m_empty->setText(tr("Nothing is kept yet. Explain rows, and their explanation is listed here."));
    m_empty->setObjectName("kept.empty");
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setProperty("role", "dim");
    layout->addWidget(m_empty, 1);

    m_show->setObjectName("kept.show");
    m_show->setProperty("role", "primary");
    m_show->setToolTip(tr("Shows it on the page as it was, without computing anything."));
    m_show->setDefault(true);
    m_keep->setObjectName("kept.keep");
    m_keep->setToolTip(tr("Has it stay until it is deleted. To name it, press F2 or click its name twice."));
    m_delete->setObjectName("kept.delete");
    m_undo->setObjectName("kept.undo");
    m_undo->setToolTip(tr("Brings back the explanation that was deleted last."));
    m_status->setObjectName("kept.status");
    m_status->setProperty("role", "dim");
    auto* row = new QHBoxLayout;
    row->addWidget(m_status, 1);
    for (QPushButton* button : {m_undo, m_delete, m_keep, m_show}) {
        row->addWidget(button);
        button->setAutoDefault(button == m_show);
    }
    layout->addLayout(row);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &KeptDialog::showButtons);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        if (index.column() != KeptModel::Name)
            showSelected();
    });
    connect(m_model, &KeptModel::renamed, this, [this](qint64 id, const QString& to) { name(id, to); });
    connect(m_show, &QPushButton::clicked, this, &KeptDialog::showSelected);
    connect(m_keep, &QPushButton::clicked, this, [this] {
        if (const KeptEntry* entry = current())
            name(entry->record.id, QString::fromStdString(entry->record.name));
    });
    connect(m_delete, &QPushButton::clicked, this, &KeptDialog::remove);
    connect(m_undo, &QPushButton::clicked, this, &KeptDialog::restore);
    connect(&session, &Session::workspaceOpened, this, [this] {
        m_deleted.reset();
        refresh();
    });
    m_undo->hide();
    m_empty->hide();
    showButtons();
    refresh();
}

const KeptEntry* KeptDialog::current() const { return m_model->entryAt(m_table->currentIndex().row()); }

void KeptDialog::setShowEnabled(bool enabled)
{
    m_showEnabled = enabled;
    showButtons();
}

void KeptDialog::showButtons()
{
    const KeptEntry* entry = current();
    m_show->setEnabled(entry && entry->question && m_showEnabled);
    m_keep->setEnabled(entry && entry->record.automatic);
    m_delete->setEnabled(entry != nullptr);
}

void KeptDialog::showSelected()
{
    if (const KeptEntry* entry = current(); entry && m_show->isEnabled()) {
        const KeptEntry chosen = *entry; // the list may be read anew meanwhile
        emit showAsked(chosen);
    }
}

void KeptDialog::refresh()
{
    if (!m_session.workspace())
        return;
    m_session.jobs().run(
        optionsOf("read"), this, [workspace = m_session.workspace()](Task&) { return entriesOf(*workspace); },
        [this, token = ++m_token](std::vector<KeptEntry> entries) {
            if (token != m_token)
                return;
            const std::int64_t before = m_wanted != 0 ? std::exchange(m_wanted, 0) : current() ? current()->record.id : 0;
            const int line = m_table->currentIndex().row();
            m_model->setEntries(std::move(entries));
            const bool any = m_model->rowCount() > 0;
            m_table->setVisible(any);
            m_empty->setVisible(!any);
            // Its neighbour where it has gone.
            const int found = m_model->lineOf(before);
            if (any)
                m_table->setCurrentIndex(m_model->index(found >= 0 ? found : std::clamp(line, 0, m_model->rowCount() - 1), KeptModel::Name));
            showButtons();
        },
        [this](const std::exception_ptr& failed) { m_status->setText(sentenceOf(failed)); });
}

void KeptDialog::change(std::function<void(Workspace&)> work, std::function<void()> done)
{
    if (!m_session.workspace())
        return;
    m_session.jobs().run(
        optionsOf("save"), this,
        [workspace = m_session.workspace(), work = std::move(work)](Task&) {
            work(*workspace);
            return true;
        },
        [this, done = std::move(done)](bool) {
            done();
            refresh();
        },
        [this](const std::exception_ptr& failed) {
            m_status->setText(sentenceOf(failed));
            refresh(); // another window may have deleted it
        });
}

void KeptDialog::name(std::int64_t explanation, const QString& name)
{
    m_wanted = explanation;
    change([explanation, to = name.toStdString()](Workspace& workspace) { workspace.nameExplanation(explanation, to); },
           [this] { m_status->setText(tr("It stays until it is deleted.")); });
}

void KeptDialog::remove()
{
    const KeptEntry* entry = current();
    if (!entry)
        return;
    auto deleted = std::make_shared<Deleted>();
    const QString what = entry->question ? keptMethodText(*entry->question) : tr("explanation");
    change(
        [deleted, id = entry->record.id](Workspace& workspace) {
            deleted->record = workspace.explanation(id);
            try {
                deleted->document = workspace.explanationDocument(deleted->record);
            } catch (const Error&) {
                deleted->record.id = 0; // damaged: it can go, but not come back
            }
            workspace.deleteExplanation(id);
        },
        [this, deleted, what] {
            m_deleted = deleted->record.id != 0 ? deleted : nullptr;
            m_undo->setVisible(m_deleted != nullptr);
            m_status->setText(tr("Deleted: %1.").arg(what));
        });
}

void KeptDialog::restore()
{
    const std::shared_ptr<const Deleted> deleted = std::exchange(m_deleted, nullptr);
    m_undo->hide();
    if (!deleted)
        return;
    m_wanted = deleted->record.id;
    change([deleted](Workspace& workspace) { workspace.restoreExplanation(deleted->record, deleted->document); }, [this] { m_status->setText(tr("It is back.")); });
}

} // namespace limpid
