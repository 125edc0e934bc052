#pragma once

#include "core/model/NetworkSpec.h"
#include "ui/widgets/Card.h"

class QLabel;

namespace limpid {

class PriceMeter;

/// The card of what the whole network costs: parameters, arithmetic of a row, memory of a batch.
class CostCard : public Card
{
    Q_OBJECT
public:
    explicit CostCard(QWidget* parent = nullptr);
    /// `batch`: rows in a batch.
    void show(const LayerCost& total, bool known, int batch);
    /// What training takes on this machine.
    void showPrice(const PriceMeter& meter);

private:
    QLabel* m_parameters;
    QLabel* m_flops;
    QLabel* m_memoryName;
    QLabel* m_memory;
    QLabel* m_time;
    QLabel* m_training;
    QLabel* m_fits;
};

} // namespace limpid
