#pragma once

#include "core/model/ParamSpec.h"

#include <QObject>

class QWidget;

namespace limpid {

/// The control for one setting, made from its ParamSpec: a number box, a line of numbers, or a list of choices, which of a
/// Name are those that whoever makes the field put into the spec.
class ParamField : public QObject
{
    Q_OBJECT
public:
    ParamField(const std::string& owner, const ParamSpec& spec, QWidget* parent);

    QWidget* widget() const { return m_widget; }
    const ParamSpec& spec() const { return m_spec; }
    /// Shows a value without telling of a change; one that does not fit is shown as near as it can be.
    void show(const nlohmann::json& value);

signals:
    void changed(const nlohmann::json& value);

private:
    nlohmann::json parsed(const QString& text) const;

    const ParamSpec m_spec;
    nlohmann::json m_value;
    QWidget* m_widget = nullptr;
};

} // namespace limpid
