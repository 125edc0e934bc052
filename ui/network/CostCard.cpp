#include "ui/network/CostCard.h"

#include "ui/network/NodeTexts.h"
#include "ui/network/PriceMeter.h"
#include "ui/text/Messages.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace limpid {

CostCard::CostCard(QWidget* parent) : Card(tr("Whole network"), parent)
{
    setObjectName("costCard");
    body()->setSpacing(4);
    const auto addRow = [&](const QString& label, const QString& tooltip, const char* name, QLabel*& value) {
        auto* text = new QLabel(label, this);
        text->setProperty("role", "dim");
        text->setToolTip(tooltip);
        value = new QLabel(this);
        value->setObjectName(name);
        value->setToolTip(tooltip);
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        auto* row = new QHBoxLayout; // each row by itself: a long figure takes nothing from another's label
        text->setMinimumHeight(26);
        row->setSpacing(8);
        row->addWidget(text, 1);
        row->addWidget(value);
        body()->addLayout(row);
        return text;
    };
    addRow(tr("Parameters"), tr("Numbers that training learns. A few per training row is usual; far more overfits easily."),
           "totalParameters", m_parameters);
    addRow(tr("Forward"), tr("Arithmetic of one prediction; a multiplication with its addition counts as two operations."),
           "totalFlops", m_flops);
    m_memoryName = addRow(QString(), tr("What training keeps of each batch for the way back, as 32-bit floats. An estimate: "
                                        "weights, gradients and the optimiser's state come on top."),
                          "totalMemory", m_memory);
    addRow(tr("Time per epoch"), tr("On this machine, by the rows, batch size and cores that are set up. Measured on a few steps once you stop editing; until then an estimate."),
           "epochTime", m_time);
    addRow(tr("Memory to train"), tr("What training takes beside what the program has now: rows, weights, gradients, the optimizer's state and what is kept of a batch."),
           "trainMemory", m_training);
    addRow(tr("Batch that fits"), tr("The most rows in a batch for which this machine's free memory suffices."), "batchFits", m_fits);
    body()->addStretch(1);
}

void CostCard::show(const LayerCost& total, bool known, int batch)
{
    m_memoryName->setText(batch > 0 ? tr("Activations, batch %1").arg(batch) : tr("Activations"));
    m_parameters->setText(known ? countText(total.parameters) : QString("–"));
    m_flops->setText(known ? tr("%1/row").arg(flopText(static_cast<double>(total.flops))) : QString("–"));
    m_memory->setText(known && batch > 0
                          ? tr("≈ %1").arg(bytesText(static_cast<quint64>(total.activations) * sizeof(float) * static_cast<quint64>(batch)))
                          : QString("–"));
}

void CostCard::showPrice(const PriceMeter& meter)
{
    const QString none = QStringLiteral("–");
    const auto& price = meter.price();
    if (!price) {
        for (QLabel* label : {m_time, m_training, m_fits})
            label->setText(none);
        return;
    }
    const QString time = durationText(price->secondsPerEpoch), bytes = bytesText(price->bytes);
    m_time->setText(price->measured ? tr("%1 measured").arg(time) : meter.isMeasuring() ? tr("measuring …") : tr("≈ %1 estimated").arg(time));
    m_training->setText(price->bytes == 0 ? none : price->measured ? bytes : tr("≈ %1").arg(bytes));
    m_fits->setText(price->batch > 0 ? tr("%1 rows").arg(countText(price->batch)) : none);
}

} // namespace limpid
