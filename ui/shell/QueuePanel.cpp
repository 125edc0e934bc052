#include "ui/shell/QueuePanel.h"

#include "ui/text/ResourceTexts.h"
#include "ui/widgets/ElidedHeader.h"

#include <QAction>
#include <QApplication>
#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

namespace {

constexpr int panelWidth = 860, rowHeight = 28, mostRows = 8, margin = 12;

/// A thin bar, and the figure at its right.
class BarDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem ground = option;
        initStyleOption(&ground, index);
        const QString text = std::exchange(ground.text, {});
        const QWidget* widget = option.widget;
        widget->style()->drawControl(QStyle::CE_ItemViewItem, &ground, painter, widget);
        const double fraction = index.data(QueueModel::FractionRole).toDouble();
        if (fraction < 0.0)
            return;
        const QPalette palette = QApplication::palette(); // a style sheet gives the view another highlight
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        QRect area = option.rect.adjusted(8, 0, -8, 0);
        const int figure = option.fontMetrics.horizontalAdvance(QStringLiteral("100 %")) + 6;
        painter->setPen(palette.color(QPalette::Text));
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, text);
        area.setWidth(std::max(8, area.width() - figure));
        const QRectF bar(area.left(), area.center().y() - 2, area.width(), 6);
        painter->setPen(Qt::NoPen);
        painter->setBrush(palette.color(QPalette::Mid));
        painter->drawRoundedRect(bar, 3, 3);
        painter->setBrush(palette.color(QPalette::Highlight));
        painter->drawRoundedRect(QRectF(bar.topLeft(), QSizeF(bar.width() * std::min(1.0, fraction), bar.height())), 3, 3);
        painter->restore();
    }
};

bool isWaiting(const JobInfo& job) { return job.state == JobState::Waiting; }

} // namespace

QueuePanel::QueuePanel(JobQueue& queue, QWidget* window)
    : Card(tr("Jobs"), window), m_queue(queue), m_model(new QueueModel(this)), m_table(new QTableView(this)),
      m_empty(new QLabel(tr("Nothing runs and nothing waits. What you start appears here."), this)), m_detail(new QLabel(this))
{
    setObjectName("queuePanel");
    setFocusPolicy(Qt::StrongFocus); // for its keys while there is no list
    add("queueUp", tr("Up"), tr("Start it earlier"), QKeySequence("Ctrl+Up"), &QueuePanel::up);
    add("queueDown", tr("Down"), tr("Start it later"), QKeySequence("Ctrl+Down"), &QueuePanel::down);
    add("queueRaise", tr("Raise"), tr("Raise its priority: jobs of high priority start before all others"), QKeySequence("+"),
        &QueuePanel::raisePriority);
    add("queueLower", tr("Lower"), tr("Lower its priority: jobs of low priority start after all others"), QKeySequence("-"),
        &QueuePanel::lowerPriority);
    add("queueKeep", tr("Stop and keep"), tr("End it now and make a model of the best so far"), QKeySequence("Shift+Del"),
        &QueuePanel::keep);
    add("queueStop", tr("Stop"), tr("Give it up. A training run keeps what it reached."), QKeySequence("Del"), &QueuePanel::stop);

    auto* close = new QAction(tr("Close"), this);
    close->setShortcut(QKeySequence(Qt::Key_Escape));
    close->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(close);
    connect(close, &QAction::triggered, this, &QWidget::hide);

    m_table->setObjectName("queueTable");
    m_table->setAccessibleName(tr("Jobs that run and wait"));
    m_table->setModel(m_model);
    auto* header = new ElidedHeader(m_table);
    m_table->setHorizontalHeader(header);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->setItemDelegateForColumn(QueueModel::Progress, new BarDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const std::pair<int, int> widths[] = {{QueueModel::State, 136}, {QueueModel::Progress, 130}, {QueueModel::Left, 92},
                                          {QueueModel::Cores, 70}, {QueueModel::Memory, 108}, {QueueModel::Priority, 76}};
    for (const auto& [column, width] : widths)
        header->resizeSection(column, width);
    header->setSectionResizeMode(QueueModel::Name, QHeaderView::Stretch);
    header->setHighlightSections(false);

    m_empty->setObjectName("queueEmpty");
    m_empty->setProperty("role", "dim");
    m_detail->setObjectName("queueDetail");
    m_detail->setProperty("role", "label");
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    body()->addWidget(m_table, 1);
    body()->addWidget(m_empty);
    body()->addWidget(m_detail);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &QueuePanel::refresh);
    window->installEventFilter(this);
    hide();
}

void QueuePanel::add(const char* name, const QString& text, const QString& help, const QKeySequence& key, Act act)
{
    auto* button = new QPushButton(text, this);
    button->setObjectName(name);
    button->setToolTip(tr("%1 (%2)").arg(help, key.toString(QKeySequence::NativeText)));
    button->setStyleSheet("min-height: 22px; max-height: 22px;");
    auto* action = new QAction(text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(action);
    connect(action, &QAction::triggered, this, [this, act] {
        if (const JobInfo* job = current()) {
            (this->*act)(JobInfo(*job));
            emit changed();
        }
    });
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    addControl(button);
    m_buttons.emplace_back(button, action);
}

void QueuePanel::setJobs(std::vector<JobInfo> jobs)
{
    std::erase_if(jobs, isHousekeeping);
    const bool other = jobs.size() != m_model->jobs().size();
    m_model->setJobs(std::move(jobs), m_queue.cores());
    if (!current() && m_model->rowCount() > 0)
        m_table->selectRow(0);
    if (other)
        place();
    refresh();
}

void QueuePanel::open(const QWidget* above)
{
    m_above = above;
    place();
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
    refresh();
}

void QueuePanel::place()
{
    if (!m_above)
        return;
    const QWidget* window = parentWidget();
    const int width = std::min(panelWidth, m_above->width() - 2 * margin);
    const int rows = std::clamp(m_model->rowCount(), 1, mostRows);
    const int height = 40 + (m_model->rowCount() > 0 ? 32 + rows * rowHeight + 30 : 30) + 12;
    const QPoint corner = m_above->mapTo(window, QPoint(m_above->width() - width - margin, -height - margin / 2));
    setGeometry(corner.x(), std::max(0, corner.y()), width, height);
}

const JobInfo* QueuePanel::current() const { return m_model->job(m_table->currentIndex().row()); }

void QueuePanel::refresh()
{
    const std::vector<JobInfo>& jobs = m_model->jobs();
    const auto waiting = std::count_if(jobs.begin(), jobs.end(), isWaiting);
    const auto running = static_cast<qsizetype>(jobs.size()) - waiting;
    const int cores = m_queue.cores();
    setSubtitle(cores == 1 ? tr("%1 running · %2 waiting · one core to share").arg(running).arg(waiting)
                           : tr("%1 running · %2 waiting · %3 cores to share").arg(running).arg(waiting).arg(cores));
    m_table->setVisible(!jobs.empty());
    if (hasFocus() && !jobs.empty())
        m_table->setFocus(Qt::OtherFocusReason);
    m_empty->setVisible(jobs.empty());
    const JobInfo* job = current();
    m_detail->setVisible(job);
    if (job) {
        QString detail = isWaiting(*job) ? m_model->index(m_table->currentIndex().row(), QueueModel::State).data(Qt::ToolTipRole).toString()
                                         : useText(job->use);
        m_detail->setToolTip(detail);
        m_detail->setText(m_detail->fontMetrics().elidedText(detail, Qt::ElideRight, width() - 32));
    }
    // A job moves among those that wait in its lane.
    const auto same = [job](const JobInfo& other) { return isWaiting(other) && other.foreground == job->foreground; };
    const bool waits = job && isWaiting(*job);
    const bool first = waits && std::find_if(jobs.begin(), jobs.end(), same)->id == job->id;
    const bool last = waits && std::find_if(jobs.rbegin(), jobs.rend(), same)->id == job->id;
    const bool enabled[] = {waits && !first,
                            waits && !last,
                            waits && job->priority < JobPriority::high,
                            waits && job->priority > JobPriority::low,
                            job && !waits && job->canFinish && !job->finishing,
                            job != nullptr};
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i].first->setEnabled(enabled[i]);
        m_buttons[i].second->setEnabled(enabled[i]);
    }
}

void QueuePanel::moveBy(const JobInfo& job, int places) { m_queue.move(job.id, places); }
void QueuePanel::raisePriority(const JobInfo& job) { m_queue.setPriority(job.id, std::min(job.priority + 1, JobPriority::high)); }
void QueuePanel::lowerPriority(const JobInfo& job) { m_queue.setPriority(job.id, std::max(job.priority - 1, JobPriority::low)); }
void QueuePanel::keep(const JobInfo& job) { m_queue.finish(job.id); }
void QueuePanel::stop(const JobInfo& job) { m_queue.cancel(job.id); }

bool QueuePanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        QMetaObject::invokeMethod(this, &QueuePanel::place, Qt::QueuedConnection); // once the strip has its place
    return Card::eventFilter(watched, event);
}

void QueuePanel::hideEvent(QHideEvent* event)
{
    Card::hideEvent(event);
    emit closed();
}

} // namespace limpid
