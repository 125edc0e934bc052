#include "ui/explain/WantedFields.h"

#include "core/workbench/CounterfactualTable.h"

#include <QComboBox>
#include <QDoubleValidator>
#include <QLineEdit>
#include <QLocale>

#include <algorithm>

namespace limpid {

WantedFields::WantedFields(QWidget* parent) : QObject(parent), m_target(new QComboBox(parent)), m_wanted(new QComboBox(parent)), m_number(new QLineEdit(parent))
{
    connect(m_target, &QComboBox::activated, this, &WantedFields::fillWanted); // before anyone asks what is wanted
    for (QComboBox* combo : {m_target, m_wanted}) {
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        connect(combo, &QComboBox::activated, this, &WantedFields::changed);
    }
    m_number->setValidator(new QDoubleValidator(m_number));
    connect(m_number, &QLineEdit::editingFinished, this, &WantedFields::changed);
}

void WantedFields::setTargets(std::vector<TargetCoding> targets)
{
    const QString before = m_target->currentText();
    m_targets = std::move(targets);
    m_target->clear();
    for (const TargetCoding& coding : m_targets)
        m_target->addItem(QString::fromStdString(coding.column));
    m_target->setCurrentIndex(std::max(0, m_target->findText(before)));
    fillWanted();
}

const TargetCoding* WantedFields::coding() const
{
    const auto target = static_cast<std::size_t>(std::max(0, m_target->currentIndex()));
    return target < m_targets.size() ? &m_targets[target] : nullptr;
}

bool WantedFields::isNumber() const { return coding() && coding()->classes.empty(); }

void WantedFields::fillWanted()
{
    const QVariant before = m_wanted->currentData();
    m_wanted->clear();
    if (isNumber()) {
        m_wanted->addItem(tr("At least"), "at-least");
        m_wanted->addItem(tr("At most"), "at-most");
        if (m_number->text().isEmpty())
            m_number->setText(QLocale().toString(coding()->mean, 'g', 4));
    } else {
        m_wanted->addItem(tr("Any other"), QString());
        for (const std::string& name : coding() ? coding()->classes : std::vector<std::string>())
            m_wanted->addItem(QString::fromStdString(name), QString::fromStdString(name));
    }
    m_wanted->setCurrentIndex(std::max(0, m_wanted->findData(before)));
    emit targetChanged();
}

void WantedFields::apply(CounterfactualRequest& request) const
{
    if (hasTargets())
        request.output = coding()->column;
    if (!isNumber()) {
        request.wanted = m_wanted->currentData().toString().toStdString();
        return;
    }
    bool isNumber = false;
    const double number = QLocale().toDouble(m_number->text(), &isNumber);
    if (isNumber)
        (m_wanted->currentData().toString() == QLatin1String("at-most") ? request.atMost : request.atLeast) = number;
}

} // namespace limpid
