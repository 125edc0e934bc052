#include "ui/explain/RowsView.h"

#include "core/explain/Attribution.h"
#include "core/explain/SuperpixelRow.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/PlotTools.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/CohortBook.h"
#include "ui/explain/CohortDialog.h"
#include "ui/explain/CohortPicker.h"
#include "ui/explain/OutputBox.h"
#include "ui/explain/PinnedView.h"
#include "ui/explain/PlotJob.h"
#include "ui/explain/PlotKindBox.h"
#include "ui/explain/RowsModel.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/Labels.h"
#include "ui/widgets/RowList.h"
#include "ui/widgets/Scrolled.h"

#include <QAction>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QStyle>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr int wideFrom = 1068;      // below this the row's cards stand under the overview

} // namespace

RowsView::RowsView(Session& session, const Theme& theme, CohortBook& cohorts, QWidget* parent)
    : QWidget(parent), m_session(session), m_theme(theme), m_cohorts(cohorts), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(Theme::gap);
    buildOverview();
    buildRowCards();
    buildPinned();
    arrange();
    showParts();
}

void RowsView::setExplanation(std::shared_ptr<const Explanation> explanation)
{
    const bool first = isEmpty();
    m_explanation = std::move(explanation);
    if (m_shownOutput >= m_explanation->outputs.size())
        m_shownOutput = 0;
    const int row = m_shownRow;
    m_rowsModel->setExplanation(m_explanation, m_shownOutput);
    fillOutputs();
    showPlot();
    showFooter();
    if (const int same = m_seeksPinned ? pinnedRow() : -1; same >= 0) {
        m_seeksPinned = false;
        chooseRow(same);
    } else if (first && !isEmpty())
        chooseRow(m_rowsModel->rowAt(0)); // the row with the highest prediction is as good a start as any
    else
        chooseRow(row);
    showParts();
}

void RowsView::clear()
{
    m_explanation.reset();
    m_layout->clear();
    m_sentence->clear();
    m_shownRow = -1;
    setAsked({}, {});
    ++m_asked;
    m_seeksPinned = true;
    m_rowsModel->setExplanation(nullptr, 0);
    showParts();
}

void RowsView::setAsked(const QString& cohort, const QString& groups)
{
    m_cohortAsked = cohort;
    m_groupsAsked = groups;
}

void RowsView::setComplete(bool complete) { m_quality->setEnabled(complete); }

void RowsView::setOfOpenTable(bool open)
{
    m_compare->setEnabled(open);
    m_rows->setDragEnabled(open);
}

void RowsView::setHint(const QString& hint) { m_hint->setText(hint); }

void RowsView::showParts()
{
    const bool any = !isEmpty(), isPinned = m_pinned->pinned().has_value();
    m_plotArea->setVisible(any && !isPinned);
    m_footer->setVisible(any && !isPinned);
    m_hint->setVisible(!any);
    m_kind->setVisible(any && !isPinned);
    m_pinned->setVisible(any && isPinned);
    m_beside->setVisible(isPinned);
    m_unpin->setVisible(isPinned);
    m_unpinAction->setEnabled(isPinned);
    if (!any || isPinned) {
        m_feature->hide();
        m_cohortsShown->hide();
    }
    m_compare->setVisible(any);
    m_makeCohort->setVisible(any);
    m_output->setVisible(any && m_explanation->outputs.size() > 1);
    const bool row = any && m_shownRow >= 0;
    m_pin->setEnabled(row);
    m_rowPlotArea->setVisible(row);
    m_rowHint->setVisible(!row);
    m_rowSentence->setVisible(row && m_wide);
}

void RowsView::arrange()
{
    for (Card* card : {m_overview, m_rowCard, m_rowsCard})
        m_grid->removeWidget(card);
    for (int i = 0; i < 2; ++i) {
        m_grid->setRowStretch(i, 0);
        m_grid->setColumnStretch(i, 0);
    }
    if (m_wide) {
        m_grid->addWidget(m_overview, 0, 0, 2, 1);
        m_grid->addWidget(m_rowCard, 0, 1);
        m_grid->addWidget(m_rowsCard, 1, 1);
        m_grid->setColumnStretch(0, 13);
        m_grid->setColumnStretch(1, 7);
        m_grid->setRowStretch(0, 1);
        m_grid->setRowStretch(1, 1);
    } else {
        m_grid->addWidget(m_overview, 0, 0, 1, 2);
        m_grid->addWidget(m_rowCard, 1, 0);
        m_grid->addWidget(m_rowsCard, 1, 1);
        m_grid->setColumnStretch(0, 1);
        m_grid->setColumnStretch(1, 1);
        m_grid->setRowStretch(0, 3);
        m_grid->setRowStretch(1, 2);
    }
}

void RowsView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool wide = event->size().width() >= wideFrom;
    if (wide == m_wide)
        return;
    m_wide = wide;
    arrange();
    showParts();
}

void RowsView::buildOverview()
{
    m_overview = new Card(tr("What drives the prediction"), this);
    m_output = addOutputBox("explain.output", m_overview);
    connect(m_output, &QComboBox::activated, this, [this](int index) {
        m_shownOutput = static_cast<std::size_t>(std::max(0, index));
        m_rowsModel->setExplanation(m_explanation, m_shownOutput);
        showPlot();
        showFooter();
        showRow();
    });
    m_feature = new QComboBox(m_overview);
    m_feature->setObjectName("explain.feature");
    m_feature->setToolTip(tr("Which column's effect is drawn over its values."));
    m_feature->setAccessibleName(tr("Column"));
    m_feature->setMaximumWidth(180);
    m_overview->addControl(m_feature);
    connect(m_feature, &QComboBox::activated, this, &RowsView::showPlot);
    m_cohortsShown = new CohortPicker(m_session, m_cohorts, m_overview);
    m_cohortsShown->setMaximumWidth(160);
    m_overview->addControl(m_cohortsShown);
    connect(m_cohortsShown, &CohortPicker::changed, this, &RowsView::showPlot);
    connect(&m_cohorts, &CohortBook::changed, this, [this] {
        m_makeCohort->setEnabled(m_cohorts.isReady() && !selectedRows().empty());
        if (m_kind->kind().needsCohorts)
            showPlot();
    });
    m_kind = new PlotKindBox(m_session, m_overview);
    m_overview->addControl(m_kind);
    connect(m_kind, &PlotKindBox::chosen, this, &RowsView::showPlot);
    m_plot = new PlotView(m_theme, m_overview);
    m_plot->setObjectName("explainPlot");
    m_plot->setAccessibleName(tr("What drives the prediction"));
    connect(m_plot, &PlotView::clicked, this, [this](int item) {
        if (const int row = m_plot->plot() ? m_plot->plot()->rowOf(item) : -1; row >= 0)
            chooseRow(row);
    });
    connect(m_plot, &PlotView::rowsSelected, this, &RowsView::selectInTable);
    m_layout = new PlotJob(m_session.jobs(), *m_plot, this);
    connect(m_layout, &PlotJob::shown, this, [this] {
        m_sentence->setText(m_plot->plot()->sentence());
        selectInPlot();
    });
    connect(m_layout, &PlotJob::failed, this, [this](const QString& sentence) { m_sentence->setText(sentence); });
    m_hint = hintLabel("explainHint", m_overview);
    m_overview->body()->addWidget(m_hint, 1);

    // The facts stay in sight under a plot that scrolls.
    m_footer = new QWidget(m_overview);
    auto* lines = new QVBoxLayout(m_footer);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(6);
    m_facts = wrappedLabel("explainFacts", m_footer, true);
    m_order = new QLabel(m_footer);
    m_order->setObjectName("explainOrder");
    m_sentence = wrappedLabel("explainSentence", m_footer);
    lines->addWidget(separatorLine(m_footer));
    lines->addWidget(m_facts);
    m_quality = new QPushButton(tr("Quality…"), m_footer);
    m_quality->setObjectName("explain.quality");
    m_quality->setToolTip(tr("Measures how far these values can be trusted: against random orders, random coalitions, moved rows, random weights and other methods."));
    connect(m_quality, &QPushButton::clicked, this, [this] { emit qualityAsked(m_shownOutput); });
    auto* last = new QHBoxLayout;
    last->addWidget(m_order, 1);
    last->addWidget(m_quality);
    lines->addLayout(last);
    lines->addWidget(separatorLine(m_footer));
    lines->addWidget(m_sentence);
    m_plotArea = scrolled(m_plot, m_overview);
    m_overview->body()->insertWidget(0, m_plotArea, 1);
    m_overview->body()->addWidget(m_footer);
}

void RowsView::buildRowCards()
{
    m_rowCard = new Card(tr("One row"), this);
    m_rowPlot = new PlotView(m_theme, m_rowCard);
    m_rowPlot->setObjectName("waterfall");
    m_rowPlot->setAccessibleName(tr("How this row's prediction comes about"));
    m_rowPlotArea = scrolled(m_rowPlot, m_rowCard);
    m_rowCard->body()->addWidget(m_rowPlotArea, 1);
    m_rowHint = new QLabel(tr("Choose a row of the table, or a point of the beeswarm, to see how its prediction comes about."), m_rowCard);
    m_rowHint->setProperty("role", "dim");
    m_rowHint->setWordWrap(true);
    m_rowHint->setAlignment(Qt::AlignCenter);
    m_rowCard->body()->addWidget(m_rowHint, 1);
    m_rowSentence = wrappedLabel("rowSentence", m_rowCard, true);
    m_rowCard->body()->addWidget(m_rowSentence);

    m_rowsCard = new Card(tr("Rows"), this);
    m_rowsCard->setSubtitle(tr("sorted by prediction"));
    m_rowsModel = new RowsModel(m_rowsCard);
    m_rows = new QTableView(m_rowsCard);
    m_rows->setObjectName("explainRows");
    m_rows->setAccessibleName(tr("Explained rows"));
    setUpRowList(m_rows);
    m_rows->setModel(m_rowsModel);
    m_rows->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_rows->setDragEnabled(true); // onto the field that says what rows are compared with
    m_rows->setDragDropMode(QAbstractItemView::DragOnly);
    m_rowsCard->body()->addWidget(m_rows, 1);
    m_compare = new QPushButton(tr("Compare with these"), m_rowsCard);
    m_compare->setObjectName("explain.compareSelected");
    m_compare->setToolTip(tr("Explains the rows again, compared with those that are selected here. Rows can also be dragged to “Compare with” above."));
    m_makeCohort = new QPushButton(tr("Cohort…"), m_rowsCard);
    m_makeCohort->setObjectName("explain.makeCohort");
    m_makeCohort->setToolTip(tr("Makes a cohort of the selected rows: they are kept under a name."));
    m_rowsCard->addControl(m_makeCohort);
    connect(m_makeCohort, &QPushButton::clicked, this, &RowsView::makeCohort);
    m_rowsCard->addControl(m_compare);
    connect(m_compare, &QPushButton::clicked, this, [this] {
        if (const std::vector<std::size_t> rows = selectedTableRows(); !rows.empty())
            emit backgroundChosen(rows);
    });
    connect(m_rows->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        m_kind->kind().needsCohorts ? showPlot() : selectInPlot();
        m_makeCohort->setEnabled(m_cohorts.isReady() && !selectedRows().empty());
    });
    connect(m_rows->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (const int row = m_rowsModel->rowAt(now.row()); now.isValid() && row != m_shownRow) {
            m_shownRow = row;
            m_seeksPinned = false;
            showRow();
        }
    });
}

void RowsView::buildPinned()
{
    m_beside = new QComboBox(m_overview);
    m_beside->setObjectName("explain.beside");
    m_beside->setAccessibleName(tr("What stands side by side"));
    m_beside->setToolTip(tr("One row of each, or how much the columns matter over the rows that both explain."));
    m_beside->addItem(tr("One row"), static_cast<int>(PinnedView::What::Rows));
    m_beside->addItem(tr("All rows"), static_cast<int>(PinnedView::What::Means));
    m_overview->addControl(m_beside);
    const auto action = [this](const QString& text, const char* key, void (RowsView::*act)()) {
        auto* made = new QAction(text, this);
        made->setShortcut(QKeySequence(QLatin1String(key)));
        made->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(made, &QAction::triggered, this, act);
        addAction(made);
        for (QWidget* widget : {static_cast<QWidget*>(m_rows), static_cast<QWidget*>(m_rowPlot)})
            widget->addAction(made); // in their context menus
        return made;
    };
    QAction* pinAction = action(tr("Pin this row"), "Ctrl+P", &RowsView::pin);
    m_unpinAction = action(tr("Unpin"), "Ctrl+Shift+P", &RowsView::unpin);
    m_rows->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_unpin = new QPushButton(tr("Unpin"), m_overview);
    m_unpin->setObjectName("explain.unpin");
    m_unpin->setToolTip(tr("Shows all rows again (%1).").arg(m_unpinAction->shortcut().toString(QKeySequence::NativeText)));
    m_overview->addControl(m_unpin);
    connect(m_unpin, &QPushButton::clicked, this, &RowsView::unpin);
    m_pin = new QPushButton(tr("Pin"), m_rowCard);
    m_pin->setObjectName("explain.pin");
    m_pin->setToolTip(tr("Keeps this row's explanation beside the rows chosen next, or beside another model's or method's explanation (%1).")
                          .arg(pinAction->shortcut().toString(QKeySequence::NativeText)));
    m_rowCard->addControl(m_pin);
    connect(m_pin, &QPushButton::clicked, this, &RowsView::pin);
    m_pinned = new PinnedView(m_theme, m_overview);
    m_overview->body()->insertWidget(0, m_pinned, 1);
    connect(m_beside, &QComboBox::activated, m_pinned, [this] { m_pinned->setWhat(static_cast<PinnedView::What>(m_beside->currentData().toInt())); });
}

PinnedSide RowsView::shownSide() const
{
    return {m_explanation, static_cast<std::size_t>(m_shownRow), m_modelName, m_facts->text(), m_asked};
}

void RowsView::pin()
{
    if (isEmpty() || m_shownRow < 0)
        return;
    m_seeksPinned = false;
    m_pinned->pin(shownSide());
    showPinned();
    showParts();
}

void RowsView::unpin()
{
    m_pinned->unpin();
    m_overview->setTitle(tr("What drives the prediction"));
    showPlot();
    showParts();
}

void RowsView::showPinned()
{
    if (!m_pinned->pinned() || isEmpty() || m_shownRow < 0)
        return;
    m_overview->setTitle(tr("Side by side: “%1”").arg(QString::fromStdString(m_explanation->outputs[m_shownOutput])));
    m_overview->setSubtitle({});
    m_pinned->setChosen(shownSide(), m_shownOutput);
}

int RowsView::pinnedRow() const
{
    if (!m_pinned->pinned() || !m_explanation)
        return -1;
    const PinnedSide& side = *m_pinned->pinned();
    const auto found = std::find(m_explanation->rows.begin(), m_explanation->rows.end(), side.explanation->rows[side.row]);
    return found == m_explanation->rows.end() ? -1 : static_cast<int>(found - m_explanation->rows.begin());
}

void RowsView::fillOutputs()
{
    m_output->clear();
    for (const std::string& name : m_explanation->outputs)
        m_output->addItem(QString::fromStdString(name));
    m_output->setCurrentIndex(static_cast<int>(m_shownOutput));
    // Those that matter most first; a choice stays while more rows come.
    const QString before = m_feature->currentText();
    m_feature->clear();
    for (const FeatureImportance& importance : meanAbsolute(*m_explanation, m_shownOutput))
        m_feature->addItem(QString::fromStdString(m_explanation->features[importance.feature]), static_cast<int>(importance.feature));
    m_feature->setCurrentIndex(std::max(0, m_feature->findText(before)));
}

void RowsView::layOutOverview()
{
    m_kind->offerFor(*m_explanation);
    const ExplanationPlotKind* kind = &m_kind->kind(); // which stays, wherever it is drawn
    ExplanationPlotChoice choice;
    choice.output = m_shownOutput;
    choice.feature = static_cast<std::size_t>(std::max(0, m_feature->currentData().toInt()));
    choice.order = usualOrder(*m_explanation);
    if (kind->needsCohorts)
        choice.cohorts = m_cohortsShown->cohorts(*m_explanation, selectedRows());
    m_feature->setVisible(kind->needsFeature);
    const QString picture = QStringLiteral("%1 %2 %3").arg(QLatin1String(kind->id)).arg(choice.output).arg(kind->needsFeature ? choice.feature : 0);
    m_cohortsShown->setVisible(kind->needsCohorts);
    m_layout->ask(picture, [kind, explanation = m_explanation, choice = std::move(choice)] { return makeExplanationPlot(*kind, explanation, choice); });
}

std::vector<std::size_t> RowsView::selectedRows() const
{
    std::vector<std::size_t> rows;
    for (const QModelIndex& line : m_rows->selectionModel()->selectedRows())
        rows.push_back(static_cast<std::size_t>(m_rowsModel->rowAt(line.row())));
    return rows;
}

std::vector<std::size_t> RowsView::selectedTableRows() const
{
    std::vector<std::size_t> rows;
    for (const std::size_t row : selectedRows())
        rows.push_back(m_explanation->rows[row]);
    return rows;
}

void RowsView::makeCohort()
{
    std::vector<std::size_t> rows = selectedTableRows();
    if (rows.empty() || !m_cohorts.isReady())
        return;
    auto* dialog = new CohortDialog(m_cohorts, std::move(rows), window());
    connect(dialog, &CohortDialog::made, m_cohortsShown, &CohortPicker::add);
    dialog->show();
}

void RowsView::showPlot()
{
    if (isEmpty() || m_pinned->pinned())
        return;
    const QString name = QString::fromStdString(m_explanation->outputs[m_shownOutput]);
    m_overview->setTitle(tr("What drives “%1”").arg(name));
    const QString count = countText(static_cast<qint64>(m_explanation->rowCount())), unit = spaceText(m_explanation->task, m_explanation->space);
    const QString rows = m_cohortAsked.isEmpty() ? tr("%1 rows · %2").arg(count, unit) : tr("%1 rows of “%2” · %3").arg(count, m_cohortAsked, unit);
    m_overview->setSubtitle(m_modelName.isEmpty() ? rows : tr("%1 · %2").arg(m_modelName, rows));
    layOutOverview();
    selectInPlot();
}

void RowsView::showFooter()
{
    if (!m_explanation || m_explanation->rowCount() == 0)
        return;
    const Explanation& e = *m_explanation;
    const bool gradients = countsGradients(e.method);
    const QString spent = countText(static_cast<qint64>(e.evaluations));
    const bool lime = !e.fit.empty();
    QStringList parts{(gradients ? tr("%1 · %2 gradients a row") : lime ? tr("%1 · %2 samples a row") : tr("%1 · %2 evaluations a row")).arg(methodName(e.method), spent)};
    if (!e.segments.empty())
        parts << tr("Players: superpixels");
    if (masksByMeanColour(e))
        parts << tr("In a superpixel's place: its mean colour");
    else
        parts << tr("Compared with: %1").arg(backgroundText({e.backgroundInfo.kind, e.background, e.backgroundInfo.where, e.backgroundInfo.row,
                                                        e.backgroundRows, e.backgroundOf}));
    if (!m_groupsAsked.isEmpty())
        parts << m_groupsAsked;
    if (e.outside)
        parts << outsideText(e.outside->share, e.outside->looked);
    if (e.additive) {
        parts << tr("Adds up to %1").arg(plot::shortText(e.residual, 1));
        m_facts->setToolTip(tr("Average and effects together differ from the prediction by at most this share of the predictions' range."));
    } else {
        parts << tr("Does not add up");
        m_facts->setToolTip(lime ? tr("The values are coefficients of a linear model around each row; they do not add up to the prediction. R² tells how well that model fits.")
                                 : tr("This method tells how sensitive the prediction is to each column; its values do not add up to the prediction."));
    }
    if (!e.topResolved.empty()) {
        qint64 resolved = 0;
        for (std::size_t row = 0; row < e.rowCount(); ++row)
            resolved += e.topResolved[row * e.outputs.size() + m_shownOutput] ? 1 : 0;
        parts << tr("Largest told apart in %1 of %2 rows").arg(countText(resolved), countText(static_cast<qint64>(e.rowCount())));
    }
    m_facts->setText(parts.join(QStringLiteral("     ")));
    const std::vector<FeatureImportance> importances = meanAbsolute(e, m_shownOutput);
    const std::size_t resolved = resolvedOrder(importances);
    const bool all = resolved + 1 >= importances.size();
    const bool own = !e.segments.empty();
    m_order->setText(own ? tr("Each picture has superpixels of its own")
                   : resolved == 0 ? tr("The order of the first columns is not certain at 95 %; more rows tell them apart")
                   : resolved == 1 && !all ? tr("The first column is resolved from the next at 95 %")
                   : all         ? tr("Order of all columns resolved at 95 %")
                                 : tr("Order of the first %n resolved at 95 %", nullptr, static_cast<int>(resolved)));
    const QString role = own ? "dim" : resolved == 0 ? "warn" : "good";
    if (m_order->property("role").toString() != role) {
        m_order->setProperty("role", role);
        m_order->style()->unpolish(m_order); // takes the new role's colour
        m_order->style()->polish(m_order);
    }
}

void RowsView::chooseRow(int row)
{
    m_shownRow = row;
    if (const int line = m_rowsModel->lineOf(row); line >= 0) {
        m_rows->setCurrentIndex(m_rowsModel->index(line, 0));
        m_rows->scrollTo(m_rowsModel->index(line, 0));
    }
    showRow();
}

std::unique_ptr<Plot> RowsView::rowPlot(std::size_t row) const
{
    if (canPlot(*explanationPlot("picture"), *m_explanation))
        return makePictureOverlay(*m_explanation, m_shownOutput, row);
    return m_explanation->additive ? makeWaterfall(m_explanation, m_shownOutput, row) : makeRowBar(m_explanation, m_shownOutput, row);
}

void RowsView::selectInTable(const std::vector<std::size_t>& rows)
{
    std::vector<int> lines;
    for (const std::size_t row : rows)
        lines.push_back(m_rowsModel->lineOf(static_cast<int>(row)));
    std::sort(lines.begin(), lines.end());
    QItemSelection selection; // of as few ranges as there can be: Qt's own merging takes the square of their number
    for (std::size_t i = 0; i < lines.size();) {
        std::size_t end = i + 1;
        while (end < lines.size() && lines[end] == lines[end - 1] + 1)
            ++end;
        if (lines[i] >= 0)
            selection.append(QItemSelectionRange(m_rowsModel->index(lines[i], 0), m_rowsModel->index(lines[end - 1], m_rowsModel->columnCount() - 1)));
        i = end;
    }
    m_rows->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (!selection.isEmpty())
        m_rows->scrollTo(selection.front().topLeft());
}

void RowsView::selectInPlot()
{
    const std::vector<std::size_t> rows = selectedRows();
    // One row is the one that is looked at, and no reason to dim all others.
    m_plot->setSelection(rows.size() > 1 ? rows : std::vector<std::size_t>());
    m_rowsCard->setSubtitle(rows.size() > 1 ? tr("sorted by prediction · %1 selected").arg(countText(static_cast<qint64>(rows.size())))
                                            : tr("sorted by prediction"));
}

void RowsView::showRow()
{
    if (m_explanation && m_shownRow >= 0 && m_shownRow < static_cast<int>(m_explanation->rowCount())) {
        const Explanation& e = *m_explanation;
        const auto row = static_cast<std::size_t>(m_shownRow);
        const double prediction = e.predictions[row * e.outputs.size() + m_shownOutput];
        m_rowCard->setTitle(tr("Row %1").arg(countText(static_cast<qint64>(e.rows[row]))));
        QString facts = tr("predicted %1, %2").arg(plot::shortText(prediction, 3), spaceText(m_explanation->task, m_explanation->space));
        if (!e.fit.empty())
            facts += tr(" · R² %1").arg(plot::shortText(e.fit[row * e.outputs.size() + m_shownOutput], 2));
        m_rowCard->setSubtitle(facts);
        m_rowPlot->setPlot(rowPlot(row));
        m_rowSentence->setText(m_rowPlot->plot()->sentence());
        showPinned();
    } else {
        m_rowCard->setTitle(tr("One row"));
        m_rowCard->setSubtitle({});
    }
    showParts();
}

} // namespace limpid
