#include "ui/explain/PlotKindBox.h"

#include "ui/charts/ExplanationPlots.h"
#include "ui/session/Session.h"

#include <nlohmann/json.hpp>

#include <QStandardItemModel>

namespace limpid {

PlotKindBox::PlotKindBox(Session& session, QWidget* parent) : QComboBox(parent), m_session(session), m_wanted(explanationPlots().front().id)
{
    setObjectName("explain.kind");
    setToolTip(tr("How the rows are drawn. Cohorts are the selected rows, the others, and those with a name."));
    setAccessibleName(tr("Plot"));
    for (const ExplanationPlotKind& kind : explanationPlots()) {
        if (!kind.needsRow)
            addItem(explanationPlotName(kind), QString::fromLatin1(kind.id));
    }
    setMaxVisibleItems(count());
    connect(this, &QComboBox::activated, this, [this] {
        m_wanted = currentData().toString().toStdString();
        m_session.setViewValue("explain.kind", m_wanted);
        emit chosen();
    });
    connect(&session, &Session::workspaceOpened, this, &PlotKindBox::restore);
    restore();
}

const ExplanationPlotKind& PlotKindBox::kind() const
{
    const ExplanationPlotKind* kind = explanationPlot(currentData().toString().toStdString());
    return kind ? *kind : explanationPlots().front();
}

void PlotKindBox::offerFor(const Explanation& explanation)
{
    const auto* items = qobject_cast<const QStandardItemModel*>(model());
    for (int i = 0; i < count(); ++i) {
        const ExplanationPlotKind* kind = explanationPlot(itemData(i).toString().toStdString());
        const bool can = canPlot(*kind, explanation);
        items->item(i)->setEnabled(can);
        setItemData(i, !can && kind->needsAdditive ? tr("Only for values that add up to the prediction.") : QString(), Qt::ToolTipRole);
    }
    showWanted();
}

void PlotKindBox::restore()
{
    if (const nlohmann::json kept = m_session.viewValue("explain.kind"); kept.is_string())
        m_wanted = kept.get<std::string>();
    showWanted();
}

void PlotKindBox::showWanted()
{
    const int wanted = findData(QString::fromStdString(m_wanted));
    const bool can = wanted >= 0 && qobject_cast<const QStandardItemModel*>(model())->item(wanted)->isEnabled();
    setCurrentIndex(can ? wanted : 0);
}

} // namespace limpid
