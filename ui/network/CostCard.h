#pragma once

#include "core/model/NetworkSpec.h"
#include "ui/widgets/Card.h"

class QLabel;

namespace limpid {

/// The card of what the whole network costs: parameters, arithmetic of a row, memory of a batch.
class CostCard : public Card
{
    Q_OBJECT
public:
    explicit CostCard(QWidget* parent = nullptr);
    /// `batch`: rows in a batch.
    void show(const LayerCost& total, bool known, int batch);

private:
    QLabel* m_parameters;
    QLabel* m_flops;
    QLabel* m_memoryName;
    QLabel* m_memory;
};

} // namespace limpid
