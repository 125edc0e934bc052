#include "ui/explain/CounterfactualView.h"

#include "core/workbench/CounterfactualTable.h"
#include "ui/charts/ExamplePlots.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/WhatIfPanel.h"
#include "ui/text/CounterfactualTexts.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/Labels.h"
#include "ui/widgets/RowList.h"
#include "ui/widgets/Scrolled.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

CounterfactualView::CounterfactualView(Session& session, const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::gap);
    buildAlternatives();
    m_whatIf = new WhatIfPanel(session, this);
    buildWhatIf();
    row->addWidget(m_card, 1);
    row->addWidget(m_whatIfCard);
    showParts();
}

void CounterfactualView::buildAlternatives()
{
    m_card = new Card(methodName("counterfactual"), this);
    m_plot = new PlotView(m_theme, m_card);
    m_plot->setObjectName("counterfactualPlot");
    m_plotArea = scrolled(m_plot, m_card);
    m_card->body()->addWidget(m_plotArea, 1);
    m_hint = hintLabel("counterfactualHint", m_card);
    m_card->body()->addWidget(m_hint, 1);

    m_footer = new QWidget(m_card);
    auto* lines = new QVBoxLayout(m_footer);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(6);
    m_model = new QStandardItemModel(this);
    m_table = new QTableView(m_footer);
    m_table->setObjectName("alternatives");
    m_table->setAccessibleName(tr("Alternatives, those that change least first"));
    setUpRowList(m_table);
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    lines->addWidget(m_table);
    lines->addWidget(separatorLine(m_footer));
    m_facts = wrappedLabel("counterfactualFacts", m_footer, true);
    m_sentence = wrappedLabel("counterfactualSentence", m_footer);
    lines->addWidget(m_facts);
    lines->addWidget(m_sentence);
    m_card->body()->addWidget(m_footer);
    connect(m_table, &QTableView::activated, this, [this] { useChosen(); });
}

void CounterfactualView::buildWhatIf()
{
    m_whatIfCard = new Card(tr("What if"), this);
    m_whatIfCard->setFixedWidth(380);
    m_use = new QPushButton(tr("Use this"), m_whatIfCard);
    m_use->setObjectName("whatIf.use");
    m_use->setToolTip(tr("Takes over the values of the alternative chosen in the table (Enter)."));
    m_reset = new QPushButton(tr("Reset"), m_whatIfCard);
    m_reset->setObjectName("whatIf.reset");
    m_reset->setToolTip(tr("Puts the row's own values back."));
    m_whatIfCard->addControl(m_use);
    m_whatIfCard->addControl(m_reset);
    m_whatIfCard->body()->addWidget(m_whatIf, 1);
    connect(m_use, &QPushButton::clicked, this, [this] { useChosen(); });
    connect(m_reset, &QPushButton::clicked, m_whatIf, &WhatIfPanel::reset);
}

void CounterfactualView::setOutcome(std::shared_ptr<const CounterfactualOutcome> outcome, std::shared_ptr<const LoadedModel> model)
{
    m_outcome = std::move(outcome);
    m_plot->setPlot(makeCounterfactualDiff(*m_outcome));
    m_plot->setMinimumHeight(static_cast<int>(m_plot->plot()->preferredHeight(m_plot->width()))); // many columns scroll rather than shrink
    m_card->setSubtitle(tr("row %1").arg(countText(static_cast<qint64>(m_outcome->row))));
    QStringList sentences{m_outcome->alternatives.empty()
                              ? noAlternativeText(counterfactualReasonName(m_outcome->reason), m_outcome->task, m_outcome->outputs, m_outcome->output, m_outcome->closest)
                              : m_plot->plot()->sentence()};
    for (std::size_t i = 0; i < m_outcome->alternatives.size(); ++i) {
        const CounterfactualOutcome::Alternative& alternative = m_outcome->alternatives[i];
        const auto pairText = [&](std::size_t column) {
            return QStringLiteral("%1 = %2").arg(QString::fromStdString(m_outcome->columns[column].name), QString::fromStdString(alternative.cells[column]));
        };
        for (const UnusualPair& pair : alternative.unusual)
            sentences << unusualPairText(static_cast<qsizetype>(i + 1), pairText(pair.first), pairText(pair.second), static_cast<qint64>(pair.together),
                                         static_cast<qint64>(m_outcome->observed()));
    }
    m_sentence->setText(sentences.join(QLatin1Char(' ')));
    const QString observed = countText(static_cast<qint64>(m_outcome->observed()));
    m_facts->setText(QStringList{m_outcome->background == "training rows" ? tr("Values as in %1 training rows").arg(observed) : tr("Values as in %1 of all rows").arg(observed),
                                 tr("%1 predictions").arg(countText(static_cast<qint64>(m_outcome->modelRows))), durationText(m_outcome->seconds)}
                         .join(QStringLiteral("     ")));
    fillTable();
    m_whatIf->setRow(m_outcome, std::move(model));
    showParts();
}

void CounterfactualView::fillTable()
{
    m_model->clear();
    m_model->setHorizontalHeaderLabels({tr("Alternative"), tr("Prediction"), tr("Changes"), tr("Distance")});
    for (int i = 0; i < m_model->columnCount(); ++i)
        m_model->horizontalHeaderItem(i)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_model->horizontalHeaderItem(3)->setToolTip(tr("How far it is from the row: each number in median absolute deviations of its column, another category as 1, added up."));
    for (std::size_t i = 0; i < m_outcome->alternatives.size(); ++i) {
        const CounterfactualOutcome::Alternative& alternative = m_outcome->alternatives[i];
        QStringList names;
        for (const std::size_t column : alternative.changed)
            names << QString::fromStdString(m_outcome->columns[column].name);
        QList<QStandardItem*> line{new QStandardItem(QString::number(i + 1)),
                                   new QStandardItem(predictionText(m_outcome->task, alternative.predicted, alternative.outputs, m_outcome->output)),
                                   new QStandardItem(names.join(QStringLiteral(", "))), new QStandardItem(numberText(alternative.distance))};
        line[2]->setToolTip(names.join(QStringLiteral("\n")));
        m_model->appendRow(line);
    }
    constexpr int most = 5;
    const int lines = std::min(most, m_model->rowCount());
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + lines * Theme::row + 4);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(3, QHeaderView::ResizeToContents);
    m_table->setCurrentIndex(m_model->index(0, 0));
}

void CounterfactualView::useChosen()
{
    const QModelIndex chosen = m_table->currentIndex();
    if (m_outcome && chosen.isValid())
        m_whatIf->setCells(m_outcome->alternatives[static_cast<std::size_t>(chosen.row())].cells);
}

void CounterfactualView::clear()
{
    m_outcome.reset();
    m_model->clear();
    m_whatIf->clear();
    showParts();
}

void CounterfactualView::setHint(const QString& hint) { m_hint->setText(hint); }

void CounterfactualView::showParts()
{
    const bool any = !isEmpty();
    const bool found = any && !m_outcome->alternatives.empty();
    m_plotArea->setVisible(any);
    m_footer->setVisible(any);
    m_table->setVisible(found);
    m_use->setVisible(found);
    m_hint->setVisible(!any);
    m_whatIfCard->setVisible(any);
    if (!any)
        m_card->setSubtitle({});
}

} // namespace limpid
