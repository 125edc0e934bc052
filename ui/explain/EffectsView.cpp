#include "ui/explain/EffectsView.h"

#include "ui/charts/EffectPlots.h"
#include "ui/charts/PlotTools.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/EffectColumnsModel.h"
#include "ui/explain/OutputBox.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/Labels.h"
#include "ui/widgets/RowList.h"
#include "ui/widgets/Scrolled.h"

#include <QComboBox>
#include <QGridLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

EffectsView::EffectsView(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(Theme::gap);
    buildOverview();
    buildColumns();
    m_grid->addWidget(m_overview, 0, 0);
    m_grid->addWidget(m_columnsCard, 0, 1);
    m_grid->setColumnStretch(0, 13);
    showParts();
}

void EffectsView::buildOverview()
{
    m_overview = new Card(QString(), this);
    m_output = addOutputBox("effects.output", m_overview);
    connect(m_output, &QComboBox::activated, this, [this](int index) { showOutput(static_cast<std::size_t>(std::max(0, index))); });
    m_plot = new PlotView(m_theme, m_overview);
    m_plot->setObjectName("effectsPlot");
    m_plotArea = scrolled(m_plot, m_overview);
    m_overview->body()->addWidget(m_plotArea, 1);
    m_hint = hintLabel("effectsHint", m_overview);
    m_overview->body()->addWidget(m_hint, 1);

    m_footer = new QWidget(m_overview);
    auto* lines = new QVBoxLayout(m_footer);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(6);
    m_facts = wrappedLabel("effectsFacts", m_footer, true);
    m_sentence = wrappedLabel("effectsSentence", m_footer);
    lines->addWidget(separatorLine(m_footer));
    lines->addWidget(m_facts);
    lines->addWidget(m_sentence);
    m_overview->body()->addWidget(m_footer);
}

void EffectsView::buildColumns()
{
    m_columnsCard = new Card(tr("Columns"), this);
    m_columnsModel = new EffectColumnsModel(this);
    m_columns = new QTableView(m_columnsCard);
    m_columns->setObjectName("effectColumns");
    setUpRowList(m_columns);
    m_columns->setModel(m_columnsModel);
    m_columns->setSelectionMode(QAbstractItemView::SingleSelection);
    m_columnsCard->setFixedWidth(270);
    m_columnsCard->body()->addWidget(m_columns, 1);
    connect(m_columns->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (const int column = m_columnsModel->columnAt(now.row()); now.isValid() && column != m_shownColumn) {
            m_shownColumn = column;
            showPlot();
        }
    });
}

void EffectsView::setEffects(std::shared_ptr<const EffectOutcome> effects)
{
    clear();
    m_effects = std::move(effects);
    for (const std::string& name : m_effects->outputs)
        m_output->addItem(QString::fromStdString(name));
    m_shownColumn = -1;
    showOutput(m_shownOutput < m_effects->outputs.size() ? m_shownOutput : 0);
}

void EffectsView::setImportance(std::shared_ptr<const ImportanceOutcome> importance)
{
    clear();
    m_importance = std::move(importance);
    showOutput(0);
}

void EffectsView::clear()
{
    m_effects.reset();
    m_importance.reset();
    m_output->clear();
    m_columnsModel->setEffects(nullptr, 0);
    showParts();
}

void EffectsView::setHint(const QString& hint) { m_hint->setText(hint); }

void EffectsView::showOutput(std::size_t output)
{
    m_shownOutput = output;
    m_output->setCurrentIndex(static_cast<int>(output));
    const int shown = m_shownColumn;
    m_columnsModel->setEffects(m_effects, output);
    m_columns->setSelectionMode(m_columnsModel->offersPlots() ? QAbstractItemView::SingleSelection : QAbstractItemView::NoSelection);
    m_columns->setAccessibleName(m_columnsModel->offersPlots() ? tr("Columns, those that move the prediction most first")
                                                               : tr("Columns, those that count most in the tree first"));
    m_shownColumn = shown;
    if (const int line = m_columnsModel->lineOf(shown); line >= 0)
        m_columns->setCurrentIndex(m_columnsModel->index(line, 0));
    showPlot();
    showFacts();
    showParts();
}

void EffectsView::showParts()
{
    const bool any = !isEmpty();
    m_plotArea->setVisible(any);
    m_footer->setVisible(any);
    m_hint->setVisible(!any);
    m_output->setVisible(m_effects && m_effects->outputs.size() > 1);
    // One column needs no choice of columns.
    m_columnsCard->setVisible(m_columnsModel->rowCount() > (m_columnsModel->offersPlots() ? 2 : 1));
    if (!any) {
        m_overview->setTitle(tr("What the model goes by"));
        m_overview->setSubtitle({});
    }
}

std::unique_ptr<Plot> EffectsView::effectsPlot() const
{
    const EffectScale scale{m_effects->outputs, m_effects->space, m_effects->columns, m_effects->rows};
    const auto column = static_cast<std::size_t>(std::max(0, m_shownColumn));
    // One column is shown in large at once.
    const bool overview = m_shownColumn < 0 && m_columnsModel->rowCount() > 2;
    // What is drawn keeps the whole outcome alive.
    if (const auto* effects = std::get_if<std::vector<PartialDependence>>(&m_effects->result)) {
        const PartialDependencePtr shared(m_effects, effects);
        if (m_effects->method == EffectMethod::Curves)
            return makeIcePlot(shared, column, scale, m_shownOutput, m_effects->centred);
        return overview ? makePartialDependenceOverview(shared, scale, m_shownOutput) : makePartialDependencePlot(shared, column, scale, {m_shownOutput});
    }
    if (const auto* effects = std::get_if<std::vector<AccumulatedEffects>>(&m_effects->result)) {
        const AccumulatedEffectsPtr shared(m_effects, effects);
        return overview ? makeAleOverview(shared, scale, m_shownOutput) : makeAlePlot(shared, column, scale, {m_shownOutput});
    }
    if (const auto* interactions = std::get_if<Interactions>(&m_effects->result))
        return makeInteractionPlot(std::shared_ptr<const Interactions>(m_effects, interactions), scale, m_shownOutput);
    if (const auto* pairs = std::get_if<ColumnInteractions>(&m_effects->result))
        return makeShapleyInteractionPlot(std::shared_ptr<const ColumnInteractions>(m_effects, pairs), scale, m_shownOutput);
    return makeSurrogateTreePlot(std::shared_ptr<const SurrogateTree>(m_effects, &std::get<SurrogateTree>(m_effects->result)), scale, m_shownOutput);
}

void EffectsView::showPlot()
{
    if (isEmpty())
        return;
    if (m_importance) {
        m_overview->setTitle(methodName("permutation-importance"));
        m_overview->setSubtitle(tr("how much worse the model gets without the column's values"));
        m_plot->setPlot(makePermutationImportancePlot(std::shared_ptr<const ImportanceResult>(m_importance, &m_importance->result)));
    } else {
        m_overview->setTitle(methodName(effectMethodName(m_effects->method)));
        m_overview->setSubtitle(QStringLiteral("%1 · %2").arg(QString::fromStdString(m_effects->outputs[m_shownOutput]),
                                                              spaceText(m_effects->task, m_effects->space)));
        m_plot->setPlot(effectsPlot());
    }
    m_sentence->setText(m_plot->plot()->sentence());
}

void EffectsView::showFacts()
{
    QStringList parts;
    if (m_effects) {
        const QString rows = countText(static_cast<qint64>(m_effects->rows.size()));
        parts << tr("%1 · %2 predictions").arg(methodName(effectMethodName(m_effects->method)), countText(static_cast<qint64>(m_effects->modelRows)));
        parts << (m_effects->background == "training rows" ? tr("Rows: %1 training rows").arg(rows) : tr("Rows: %1 of all").arg(rows));
        if (const auto* pairs = std::get_if<ColumnInteractions>(&m_effects->result)) {
            const QString background = countText(static_cast<qint64>(pairs->background));
            parts << (m_effects->background == "training rows" ? tr("Compared with: %1 training rows").arg(background) : tr("Compared with: %1 of all rows").arg(background));
            if (pairs->chosen)
                parts << tr("The %n columns that matter most, by a quick look; all others count as one", nullptr, static_cast<int>(pairs->players.size()) - 1);
        }
        if (!m_effects->skipped.empty()) {
            QStringList names;
            for (const std::string& name : m_effects->skipped)
                names << QString::fromStdString(name);
            parts << tr("Left out: %1").arg(names.join(QStringLiteral(", ")));
        }
        parts << durationText(m_effects->seconds);
        if (const auto* pairs = std::get_if<ColumnInteractions>(&m_effects->result))
            parts << interactionIndexText(pairs->index);
    } else {
        const QString rows = countText(static_cast<qint64>(m_importance->rows));
        parts << tr("%1 · %n repeats", nullptr, m_importance->repeats).arg(methodName("permutation-importance"));
        parts << (m_importance->unseen ? tr("Rows: %1 validation rows").arg(rows) : tr("Rows: all %1, those of training among them").arg(rows));
        parts << durationText(m_importance->seconds);
    }
    m_facts->setText(parts.join(QStringLiteral("     ")));
}

} // namespace limpid
