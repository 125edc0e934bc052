#pragma once

#include "ui/theme/Theme.h"

#include <QWidget>

#include <cstdint>
#include <vector>

namespace limpid {

/// The confusion matrix: rows are the true classes, columns the predicted. The fuller a cell, the more of its row.
class ConfusionView : public QWidget
{
    Q_OBJECT
public:
    explicit ConfusionView(const Theme& theme, QWidget* parent = nullptr);
    /// counts [classes, classes], row-major; sizes that do not fit show nothing.
    void setMatrix(std::vector<std::int64_t> counts, QStringList classes);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF cellsArea() const;
    const Theme& m_theme;
    std::vector<std::int64_t> m_counts;
    QStringList m_classes;
};

} // namespace limpid
