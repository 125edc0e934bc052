#pragma once

#include "ui/charts/PlotView.h"

#include <QStringList>

#include <cstdint>
#include <vector>

namespace limpid {

/// The confusion matrix: rows are the true classes, columns the predicted. The fuller a cell, the more of its row.
class ConfusionView : public PlotView
{
    Q_OBJECT
public:
    explicit ConfusionView(const Theme& theme, QWidget* parent = nullptr);
    /// counts [classes, classes], row-major; sizes that do not fit show nothing.
    void setMatrix(std::vector<std::int64_t> counts, QStringList classes);

private:
    std::vector<std::int64_t> m_counts;
    QStringList m_classes;
};

} // namespace limpid
