#include "ui/network/ParamField.h"

#include "ui/network/NumbersLine.h"
#include "ui/text/ParamTexts.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QWheelEvent>

#include <algorithm>
#include <limits>

namespace limpid {

namespace {

/// The wheel scrolls the form unless the field has been clicked.
template<class Box>
class Calm : public Box
{
public:
    explicit Calm(QWidget* parent) : Box(parent) { this->setFocusPolicy(Qt::StrongFocus); }

protected:
    void wheelEvent(QWheelEvent* event) override
    {
        if (this->hasFocus())
            Box::wheelEvent(event);
        else
            event->ignore();
    }
};

/// Numbers of any size: 0.2 as 0.2, 0.00001 as 1e-05.
class RealBox : public Calm<QDoubleSpinBox>
{
public:
    explicit RealBox(QWidget* parent) : Calm(parent)
    {
        setDecimals(15);
        setStepType(AdaptiveDecimalStepType);
    }
    QString textFromValue(double value) const override { return locale().toString(value, 'g', 6); }
    double valueFromText(const QString& text) const override { return read(text, nullptr); }
    QValidator::State validate(QString& text, int&) const override
    {
        bool ok = false;
        const double value = read(text, &ok);
        if (ok && value >= minimum() && value <= maximum())
            return QValidator::Acceptable;
        static const QString letters = QStringLiteral("0123456789.,eE+-");
        return std::all_of(text.begin(), text.end(), [](QChar c) { return letters.contains(c); }) ? QValidator::Intermediate
                                                                                                 : QValidator::Invalid;
    }

private:
    double read(const QString& text, bool* ok) const
    {
        bool fits = false;
        double value = locale().toDouble(text, &fits);
        if (!fits)
            value = text.toDouble(&fits); // a point is understood everywhere
        if (ok)
            *ok = fits;
        return value;
    }
};

/// "3" or "3, 5".
QString paramText(const nlohmann::json& value)
{
    QStringList numbers;
    const nlohmann::json list = value.is_array() ? value : nlohmann::json::array({value});
    for (const nlohmann::json& each : list)
        if (each.is_number())
            numbers.append(QString::number(each.get<qint64>()));
    return numbers.join(", ");
}

} // namespace

ParamField::ParamField(const std::string& owner, const ParamSpec& spec, QWidget* parent) : QObject(parent), m_spec(spec)
{
    switch (spec.type) {
    case ParamType::Integer: {
        auto* box = new Calm<QSpinBox>(parent);
        constexpr double least = std::numeric_limits<int>::min(), most = std::numeric_limits<int>::max();
        box->setRange(static_cast<int>(std::max(spec.min, least)), static_cast<int>(std::min(spec.max, most)));
        box->setGroupSeparatorShown(true);
        if (spec.min == 0.0 && spec.defaultValue == 0)
            box->setSpecialValueText(tr("automatic"));
        connect(box, &QSpinBox::valueChanged, this, [this](int value) { emit changed(value); });
        m_widget = box;
        break;
    }
    case ParamType::Real: {
        auto* box = new RealBox(parent);
        box->setRange(std::max(spec.min, -1e300), std::min(spec.max, 1e300));
        connect(box, &QDoubleSpinBox::valueChanged, this, [this](double value) { emit changed(value); });
        m_widget = box;
        break;
    }
    case ParamType::Boolean: {
        auto* box = new Calm<QComboBox>(parent);
        box->addItem(tr("Yes"), true);
        box->addItem(tr("No"), false);
        connect(box, &QComboBox::currentIndexChanged, this, [this](int index) { emit changed(index == 0); });
        m_widget = box;
        break;
    }
    case ParamType::Name:
    case ParamType::Choice: {
        auto* box = new Calm<QComboBox>(parent);
        for (const std::string& choice : spec.choices)
            box->addItem(QString::fromStdString(choice));
        connect(box, &QComboBox::currentTextChanged, this, [this](const QString& text) { emit changed(text.toStdString()); });
        m_widget = box;
        break;
    }
    case ParamType::Integers: {
        auto* line = new NumbersLine(static_cast<qint64>(spec.min), static_cast<qint64>(spec.max), spec.maxLength, parent);
        connect(line, &QLineEdit::textEdited, this, [this](const QString& text) {
            const nlohmann::json value = parsed(text);
            if (value.is_null() || value == m_value)
                return;
            m_value = value;
            emit changed(value);
        });
        connect(line, &QLineEdit::editingFinished, this, [this, line] { line->setText(paramText(m_value)); });
        m_widget = line;
        break;
    }
    }
    m_widget->setObjectName("param_" + QString::fromStdString(spec.name));
    m_widget->setAccessibleName(paramLabel(owner, spec.name));
    m_widget->setToolTip(paramHelp(owner, spec.name));
    show(spec.defaultValue);
}

/// Null where it does not fit: it is left alone while one types, and gives way to the last value that did once one is done.
nlohmann::json ParamField::parsed(const QString& text) const
{
    try {
        return parseParam(m_spec, text.trimmed().toStdString());
    } catch (const Error&) {
        return nullptr;
    }
}

void ParamField::show(const nlohmann::json& value)
{
    m_value = value;
    const QSignalBlocker quiet(m_widget);
    if (auto* whole = qobject_cast<QSpinBox*>(m_widget); whole && value.is_number()) {
        const auto number = static_cast<int>(std::clamp<double>(value.get<double>(), whole->minimum(), whole->maximum()));
        if (number != whole->value()) // or the cursor would jump while one types
            whole->setValue(number);
    } else if (auto* real = qobject_cast<QDoubleSpinBox*>(m_widget); real && value.is_number()) {
        if (value.get<double>() != real->value())
            real->setValue(value.get<double>());
    } else if (auto* line = qobject_cast<QLineEdit*>(m_widget)) {
        if (parsed(line->text()) != value) // or "3,5" would become "3, 5" while one types
            line->setText(paramText(value));
    } else if (auto* list = qobject_cast<QComboBox*>(m_widget)) {
        list->setCurrentIndex(value.is_boolean()  ? (value.get<bool>() ? 0 : 1)
                              : value.is_string() ? list->findText(QString::fromStdString(value.get<std::string>()))
                                                  : -1);
    }
}

} // namespace limpid
