#include "ui/explain/TextView.h"

#include "ui/charts/PlotTools.h"
#include "ui/charts/PlotView.h"
#include "ui/charts/TextAttributionPlot.h"
#include "ui/explain/OutputBox.h"
#include "ui/explain/TextRowsModel.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/Labels.h"
#include "ui/widgets/RowList.h"
#include "ui/widgets/Scrolled.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

TextView::TextView(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    buildText();
    buildRows();
    auto* cards = new QHBoxLayout(this);
    cards->setContentsMargins(0, 0, 0, 0);
    cards->setSpacing(Theme::gap);
    cards->addWidget(m_textCard, 11);
    cards->addWidget(m_rowsCard, 9);
    showParts();
}

void TextView::buildText()
{
    m_textCard = new Card(tr("Which words matter"), this);
    m_output = addOutputBox("explain.textOutput", m_textCard);
    connect(m_output, &QComboBox::activated, this, [this](int index) {
        m_shownOutput = static_cast<std::size_t>(std::max(0, index));
        showRows();
    });
    m_plot = new PlotView(m_theme, m_textCard);
    m_plot->setObjectName("textPlot");
    m_plot->setAccessibleName(tr("What each word does to this row's prediction"));
    m_plotArea = scrolled(m_plot, m_textCard);
    m_textCard->body()->addWidget(m_plotArea, 1);
    m_hint = hintLabel("textHint", m_textCard);
    m_textCard->body()->addWidget(m_hint, 1);
    m_sentence = wrappedLabel("textSentence", m_textCard);
    m_facts = wrappedLabel("textFacts", m_textCard, true);
    m_textCard->body()->addWidget(m_sentence);
    m_quality = new QPushButton(tr("Quality…"), m_textCard);
    m_quality->setObjectName("explain.textQuality");
    m_quality->setToolTip(tr("Measures how far these values can be trusted: against random orders and random sets of words."));
    connect(m_quality, &QPushButton::clicked, this, [this] { emit qualityAsked(m_shownOutput); });
    auto* last = new QHBoxLayout;
    last->addWidget(m_facts, 1);
    last->addWidget(m_quality, 0, Qt::AlignBottom);
    m_textCard->body()->addLayout(last);
}

void TextView::buildRows()
{
    m_rowsCard = new Card(tr("Rows"), this);
    m_rowsCard->setSubtitle(tr("sorted by prediction"));
    m_rowsModel = new TextRowsModel(m_rowsCard);
    m_rows = new QTableView(m_rowsCard);
    m_rows->setObjectName("textRows");
    m_rows->setAccessibleName(tr("Explained rows"));
    setUpRowList(m_rows);
    m_rows->setModel(m_rowsModel);
    m_rows->setSelectionMode(QAbstractItemView::SingleSelection);
    m_rowsCard->body()->addWidget(m_rows, 1);
    connect(m_rows->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (const int row = m_rowsModel->rowAt(now.row()); now.isValid() && row != m_shownRow) {
            m_shownRow = row;
            showRow();
        }
    });
}

void TextView::setOutcome(std::shared_ptr<const TextOutcome> outcome)
{
    m_outcome = std::move(outcome);
    if (m_shownOutput >= m_outcome->outputs.size())
        m_shownOutput = 0;
    m_output->clear();
    for (const std::string& name : m_outcome->outputs)
        m_output->addItem(QString::fromStdString(name));
    m_output->setCurrentIndex(static_cast<int>(m_shownOutput));
    showRows();
}

void TextView::clear()
{
    m_outcome.reset();
    m_shownRow = -1;
    m_rowsModel->setOutcome(nullptr, 0);
    showParts();
}

void TextView::setHint(const QString& hint) { m_hint->setText(hint); }

void TextView::setComplete(bool complete) { m_quality->setEnabled(complete); }

void TextView::showParts()
{
    const bool any = !isEmpty();
    for (QWidget* part : std::initializer_list<QWidget*>{m_plotArea, m_sentence, m_facts, m_quality})
        part->setVisible(any);
    m_hint->setVisible(!any);
    m_output->setVisible(any && m_outcome->outputs.size() > 1);
    if (!any) {
        m_textCard->setTitle(tr("Which words matter"));
        m_textCard->setSubtitle({});
    }
}

void TextView::showRows()
{
    const int chosen = m_shownRow;
    m_rowsModel->setOutcome(m_outcome, m_shownOutput); // forgets which line was chosen, not which row
    m_rows->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    for (const int narrow : {0, 2})
        m_rows->horizontalHeader()->setSectionResizeMode(narrow, QHeaderView::ResizeToContents);
    // The row with the highest prediction is as good a start as any.
    m_shownRow = chosen >= 0 && chosen < static_cast<int>(m_outcome->rows.size()) ? chosen : m_rowsModel->rowAt(0);
    m_rows->setCurrentIndex(m_rowsModel->index(m_rowsModel->lineOf(m_shownRow), 1));
    showRow();
}

void TextView::showRow()
{
    if (!isEmpty() && m_shownRow >= 0) {
        const auto row = static_cast<std::size_t>(m_shownRow);
        const TextAttribution& words = *m_outcome->rows[row];
        m_textCard->setTitle(tr("Row %1").arg(countText(static_cast<qint64>(words.row))));
        m_textCard->setSubtitle(tr("predicted %1, %2").arg(plot::shortText(words.predictions[m_shownOutput], 3), spaceText(m_outcome->task, m_outcome->space)));
        m_plot->setPlot(makeTextHighlight(textHighlightOf(*m_outcome, row, m_shownOutput)));
        m_sentence->setText(words.spans.empty() ? tr("This row's text has no word.") : m_plot->plot()->sentence());
        m_facts->setText(factsOf(words));
    }
    showParts();
}

QString TextView::factsOf(const TextAttribution& row) const
{
    QStringList parts{tr("%1 · %2 texts tried").arg(methodName(m_outcome->method), countText(static_cast<qint64>(row.evaluations)))};
    if (row.words > row.spans.size())
        parts << tr("%1 words, neighbours taken together as %2").arg(countText(static_cast<qint64>(row.words)), countText(static_cast<qint64>(row.spans.size())));
    double largest = 0.0;
    for (std::size_t span = 0; span < row.spans.size(); ++span)
        largest = std::max(largest, row.error(m_shownOutput, span));
    if (largest > 0.0)
        parts << tr("each value ± %1 or less at 95 %").arg(plot::shortText(1.96 * largest, 2));
    if (!row.determination.empty())
        parts << tr("the linear model fits with R² %1").arg(plot::fixedText(row.determination[m_shownOutput], 2));
    parts << (m_outcome->additive ? tr("Adds up to the prediction") : tr("Does not add up to the prediction"));
    return parts.join(QStringLiteral(" · "));
}

} // namespace limpid
