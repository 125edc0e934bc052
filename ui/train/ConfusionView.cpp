#include "ui/train/ConfusionView.h"

#include "ui/charts/PicturePlots.h"

namespace limpid {

ConfusionView::ConfusionView(const Theme& theme, QWidget* parent) : PlotView(theme, parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Confusion matrix"));
}

void ConfusionView::setMatrix(std::vector<std::int64_t> counts, QStringList classes)
{
    if (counts.size() != static_cast<std::size_t>(classes.size() * classes.size()))
        counts.clear();
    setVisible(!counts.empty());
    if (counts == m_counts && classes == m_classes)
        return;
    m_counts = counts;
    m_classes = classes;
    setPlot(counts.empty() ? nullptr : makeConfusionPlot(std::move(counts), std::move(classes)));
}

} // namespace limpid
