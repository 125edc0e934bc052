#include "ui/models/RunsView.h"

#include "ui/models/CurvesCard.h"
#include "ui/models/RunTable.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

RunsView::RunsView(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_session(session), m_columns(new QBoxLayout(QBoxLayout::LeftToRight, this)),
      m_card(new Card(tr("Runs"), this)), m_model(new RunTable(theme, this)), m_sorted(new QSortFilterProxyModel(this)),
      m_table(new QTableView(this)), m_resume(new QPushButton(tr("Resume"), this)),
      m_delete(new QPushButton(tr("Delete"), this)), m_confirm(new QWidget(this)), m_goOn(new QWidget(this)),
      m_question(new QLabel(m_confirm)), m_goOnText(new QLabel(m_goOn)), m_epochs(new QSpinBox(m_goOn)), m_curves(new CurvesCard(session, theme, this))
{
    m_columns->setContentsMargins(0, 0, 0, 0);
    m_columns->setSpacing(Theme::gap);
    m_columns->addWidget(m_card, 3);
    m_columns->addWidget(m_curves, 2);

    m_resume->setObjectName("resumeRunButton");
    m_card->addControl(m_resume);
    connect(m_resume, &QPushButton::clicked, this, &RunsView::askToResume);
    m_delete->setObjectName("deleteRunButton");
    m_card->addControl(m_delete);
    connect(m_delete, &QPushButton::clicked, this, &RunsView::askToDelete);

    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(Qt::UserRole);
    m_table->setObjectName("runTable");
    m_table->setAccessibleName(tr("Runs"));
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RunTable::Started, Qt::DescendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Theme::row);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(RunTable::Name, QHeaderView::Stretch);
    m_table->installEventFilter(this);
    m_card->body()->setContentsMargins(6, 0, 6, 8);
    m_card->body()->addWidget(m_table, 1);

    // Asked in place: nothing modal, and nothing lost by a slip of the finger.
    m_confirm->setObjectName("confirmBar");
    auto* row = new QHBoxLayout(m_confirm);
    row->setContentsMargins(8, 4, 8, 0);
    m_question->setWordWrap(true);
    row->addWidget(m_question, 1);
    auto* keep = new QPushButton(tr("Keep it"), m_confirm);
    keep->setObjectName("keepRunButton");
    auto* go = new QPushButton(tr("Delete for good"), m_confirm);
    go->setObjectName("confirmDeleteButton");
    row->addWidget(keep);
    row->addWidget(go);
    m_confirm->hide();
    m_card->body()->addWidget(m_confirm);
    connect(keep, &QPushButton::clicked, this, [this] {
        m_confirm->hide();
        m_table->setFocus();
    });
    connect(go, &QPushButton::clicked, this, &RunsView::deleteAsked);
    m_goOn->setObjectName("resumeBar");
    auto* goOnRow = new QHBoxLayout(m_goOn);
    goOnRow->setContentsMargins(8, 4, 8, 0);
    m_goOnText->setWordWrap(true);
    m_goOnText->setBuddy(m_epochs);
    goOnRow->addWidget(m_goOnText, 1);
    m_epochs->setObjectName("resumeEpochs");
    m_epochs->setSuffix(tr(" epochs"));
    m_epochs->setGroupSeparatorShown(true);
    m_epochs->setToolTip(tr("Epochs in all, those done already among them."));
    goOnRow->addWidget(m_epochs);
    auto* leave = new QPushButton(tr("Cancel"), m_goOn);
    leave->setObjectName("cancelResumeButton");
    goOnRow->addWidget(leave);
    auto* resume = new QPushButton(tr("Go on"), m_goOn);
    resume->setObjectName("confirmResumeButton");
    resume->setProperty("role", "primary");
    goOnRow->addWidget(resume);
    m_goOn->hide();
    m_card->body()->addWidget(m_goOn);
    connect(leave, &QPushButton::clicked, this, [this] {
        m_goOn->hide();
        m_table->setFocus();
    });
    connect(resume, &QPushButton::clicked, this, &RunsView::resumeAsked);
    connect(m_epochs->findChild<QLineEdit*>(), &QLineEdit::returnPressed, this, &RunsView::resumeAsked);

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsView::showSelected);
    connect(&m_session, &Session::trainingStarted, this, &RunsView::showSelected);
    connect(&m_session, &Session::trainingEnded, this, &RunsView::showSelected);
    showSelected();
}

void RunsView::refresh()
{
    const RunRecord* before = selected();
    const std::int64_t id = before ? before->id : 0;
    m_model->setRuns(m_session.runs());
    m_card->setSubtitle(m_session.runs().empty() ? QString() : tr("%1 in this workspace").arg(m_session.runs().size()));
    if (m_model->rowOf(id) >= 0)
        selectRun(id);
    else if (m_model->rowCount() > 0)
        m_table->selectRow(0);
    showSelected();
}

void RunsView::selectRun(std::int64_t id)
{
    const int row = m_model->rowOf(id);
    if (row >= 0)
        m_table->selectRow(m_sorted->mapFromSource(m_model->index(row, 0)).row());
}

void RunsView::setWide(bool wide)
{
    m_columns->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

const RunRecord* RunsView::selected() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model->runAt(m_sorted->mapToSource(rows.front()).row());
}

bool RunsView::hasVersion(std::int64_t run) const
{
    return std::any_of(m_session.models().begin(), m_session.models().end(), [&](const ModelSummary& model) {
        return std::any_of(model.versions.begin(), model.versions.end(), [&](const ModelVersion& one) { return one.run == run; });
    });
}

void RunsView::showSelected()
{
    const RunRecord* run = selected();
    if (!run || run->id != m_asked) {
        m_confirm->hide();
        m_goOn->hide();
    }
    const bool training = run && (run->status == RunStatus::Running || m_session.isLive(run->id));
    m_resume->setEnabled(run && !training);
    m_resume->setToolTip(!run ? tr("Select a run first.")
                         : training ? tr("It is training already.")
                         : tr("Goes on where the run stopped, with its own data and settings; a finished one gets more epochs."));
    QString why = tr("Deletes the selected run with its curves and checkpoints (Delete).");
    if (!run)
        why = tr("Select a run first.");
    else if (run->status == RunStatus::Running)
        why = tr("It is training: stop it first.");
    else if (hasVersion(run->id))
        why = tr("A version of a model came of it, so it is kept.");
    m_delete->setEnabled(run && run->status != RunStatus::Running && !hasVersion(run->id));
    m_delete->setToolTip(why);
    m_curves->setSubtitle(run ? tr("run %1").arg(run->id) : QString());
    m_curves->showRun(run ? run->id : 0, run ? run->bestEpoch : 0);
}

void RunsView::askToResume()
{
    const RunRecord* run = selected();
    if (!run || !m_resume->isEnabled())
        return;
    m_asked = run->id;
    m_confirm->hide();
    const int planned = run->settings.value("epochs", 1);
    const bool finished = run->status == RunStatus::Finished;
    m_goOnText->setText(finished ? tr("Run %1 has done %2 epochs. Go on until").arg(run->id).arg(run->epochs)
                                 : tr("Run %1 stopped after %2 epochs. Go on until").arg(run->id).arg(run->epochs));
    m_epochs->setRange(run->epochs + (finished ? 1 : 0), 100'000);
    m_epochs->setValue(finished ? run->epochs + planned : planned);
    m_goOn->show();
    m_epochs->setFocus();
}

void RunsView::resumeAsked()
{
    m_goOn->hide();
    const RunRecord* run = selected();
    if (!run || run->id != m_asked)
        return;
    m_session.resumeTraining(*run, m_epochs->value());
    emit m_session.pageRequested("train");
}

void RunsView::askToDelete()
{
    const RunRecord* run = selected();
    if (!run || !m_delete->isEnabled())
        return;
    m_asked = run->id;
    m_goOn->hide();
    m_question->setText(tr("Delete run %1, “%2”? Its curves and checkpoints would be lost; this can't be undone.")
                            .arg(run->id).arg(QString::fromStdString(run->name)));
    m_confirm->show();
    m_confirm->findChild<QPushButton*>("keepRunButton")->setFocus();
}

void RunsView::deleteAsked()
{
    m_confirm->hide();
    if (!m_session.workspace())
        return;
    JobRunner::Options options;
    options.kind = "delete";
    options.subject = tr("run %1").arg(m_asked).toStdString();
    options.lane = JobQueue::Lane::Foreground;
    m_session.jobs().run(
        options, this,
        [workspace = m_session.workspace(), id = m_asked](Task&) {
            workspace->deleteRun(id);
            return id;
        },
        [this](std::int64_t id) {
            emit m_session.noticed(tr("Run %1 is deleted.").arg(id));
            m_session.refreshRegistry();
        },
        [this](const std::exception_ptr& failure) {
            try {
                std::rethrow_exception(failure);
            } catch (const Error& error) {
                emit m_session.failed(message(error));
            } catch (const std::exception&) {
            }
            m_session.refreshRegistry();
        });
}

bool RunsView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        askToDelete();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace limpid
