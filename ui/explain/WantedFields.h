#pragma once

#include "core/data/Pipeline.h"

#include <QObject>

#include <vector>

class QComboBox;
class QLineEdit;
class QWidget;

namespace limpid {

struct CounterfactualRequest;

/// What counterfactuals are to reach, as fields of a form: of one of the model's targets another class, or a number at least or at most.
class WantedFields : public QObject
{
    Q_OBJECT
public:
    /// The fields are `parent`'s.
    explicit WantedFields(QWidget* parent);

    QComboBox* target() const { return m_target; }
    QComboBox* wanted() const { return m_wanted; }
    QLineEdit* number() const { return m_number; }

    /// Of a model; the choice stays where there is a target of its name.
    void setTargets(std::vector<TargetCoding> targets);
    /// There are several targets.
    bool hasTargets() const { return m_targets.size() > 1; }
    /// The chosen one is a number.
    bool isNumber() const;

    void apply(CounterfactualRequest& request) const;

signals:
    void changed();         ///< by the user
    void targetChanged();   ///< and with it which of the fields matter

private:
    /// Null before there is a model.
    const TargetCoding* coding() const;
    void fillWanted();

    std::vector<TargetCoding> m_targets;
    QComboBox *m_target, *m_wanted;
    QLineEdit* m_number;
};

} // namespace limpid
