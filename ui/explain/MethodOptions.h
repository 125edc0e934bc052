#pragma once

#include <nlohmann/json_fwd.hpp>

#include <QStringList>
#include <QWidget>

#include <functional>
#include <string>
#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace limpid {

class ColumnList;
struct EffectRequest;
struct ExplainRequest;

/// What single methods heed beyond what most do, on one line: of these only the chosen method's are shown, and asked for.
class MethodOptions : public QWidget
{
    Q_OBJECT
public:
    /// Whose shares are told.
    enum class Players { Columns, Words, Pixels, Superpixels };

    explicit MethodOptions(QWidget* parent = nullptr);

    /// The model's columns, and which of its layers give pictures (DifferentiablePredictor::pictureLayers()).
    void setModel(const QStringList& columns, const QStringList& pictureLayers);
    void showFor(const std::string& method, Players players);
    bool isNone() const;
    /// Whether rows of the background stand where a player is left out.
    bool usesBackground() const;
    void apply(ExplainRequest& request) const;
    void apply(EffectRequest& request) const;

    nlohmann::json toJson() const;
    /// What toJson() gave; what is missing or unfit stays as it is.
    void restore(const nlohmann::json& kept);

signals:
    void changed();

private:
    struct Option {
        QWidget *label, *field;
        std::function<bool()> heeded;
    };
    bool isMethod(std::initializer_list<const char*> names) const;

    std::string m_method;
    Players m_players = Players::Columns;
    std::vector<Option> m_options;
    QComboBox *m_baseline, *m_quadrature, *m_layer, *m_upsampling, *m_hide, *m_index;
    QCheckBox* m_signed;
    QDoubleSpinBox* m_noise;
    QSpinBox *m_window, *m_features, *m_segments;
    ColumnList* m_columns;
};

} // namespace limpid
