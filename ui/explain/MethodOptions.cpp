#include "ui/explain/MethodOptions.h"

#include "core/workbench/EffectTable.h"
#include "core/workbench/ExplainTable.h"
#include "ui/explain/ColumnList.h"

#include <nlohmann/json.hpp>

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

namespace limpid {

namespace {

void choose(QComboBox* combo, const std::string& value)
{
    if (const int at = combo->findData(QString::fromStdString(value)); at >= 0)
        combo->setCurrentIndex(at);
}

std::string chosen(const QComboBox* combo) { return combo->currentData().toString().toStdString(); }

} // namespace

MethodOptions::MethodOptions(QWidget* parent)
    : QWidget(parent), m_baseline(new QComboBox(this)), m_quadrature(new QComboBox(this)), m_layer(new QComboBox(this)), m_upsampling(new QComboBox(this)), m_hide(new QComboBox(this)), m_index(new QComboBox(this)), m_signed(new QCheckBox(this)),
      m_noise(new QDoubleSpinBox(this)), m_window(new QSpinBox(this)), m_features(new QSpinBox(this)), m_segments(new QSpinBox(this)),
      m_columns(new ColumnList(QStringLiteral("askedColumns"), tr("Columns to look at"), tr("All"), this))
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    const auto place = [&](const char* name, const QString& label, const QString& help, QWidget* field, std::function<bool()> heeded) {
        auto* text = new QLabel(label, this);
        text->setProperty("role", "label");
        text->setBuddy(field);
        text->setToolTip(help);
        field->setObjectName(QStringLiteral("explain.") + QLatin1String(name));
        field->setAccessibleName(label);
        field->setToolTip(help);
        line->addWidget(text);
        line->addWidget(field);
        m_options.push_back({text, field, std::move(heeded)});
    };
    const auto isColumns = [this] { return m_players == Players::Columns || m_players == Players::Pixels; };

    m_segments->setRange(0, 9999);
    m_segments->setSpecialValueText(tr("Automatic"));
    m_segments->setSuffix(tr(" parts"));
    place("segments", tr("Superpixels"), tr("How many patches of alike pixels a picture is cut into. Usual: 20 to 100; more show finer parts, and take longer. Automatic: 50, or 16 of a picture of 8 × 8."),
          m_segments, [this] { return m_players == Players::Superpixels; });
    m_hide->addItem(tr("Mean colour"), "mean");
    m_hide->addItem(tr("Background"), "background");
    place("hide", tr("In a superpixel's place"), tr("What stands where a superpixel is left out: its own mean colour, as the lime package has it, or the pixels of the rows compared with. A mean colour hides little of a patch whose pixels are alike, and spreads what ink is at its edge over pixels that may always be blank in the data."),
          m_hide, [this] { return m_players == Players::Superpixels && m_method == "lime"; });
    m_features->setRange(0, 9999);
    m_features->setSpecialValueText(tr("All"));
    m_features->setValue(static_cast<int>(ExplainRequest().limeFeatures));
    place("features", tr("Keep"), tr("How many columns the linear model of each row keeps. Usual: 5 to 10; fewer are easier to read."), m_features,
          [this, isColumns] { return isColumns() && m_method == "lime"; });
    m_baseline->addItem(tr("The background's mean"), "mean");
    m_baseline->addItem(tr("Zero"), "zero");
    place("baseline", tr("Start"), tr("Where the line to each row starts: at the mean of the rows compared with, or at zero once the columns are encoded."), m_baseline,
          [this, isColumns] { return isColumns() && m_method == "integrated-gradients"; });
    m_quadrature->addItem(tr("Gauss–Legendre"), "gauss-legendre");
    m_quadrature->addItem(tr("Left"), "left");
    m_quadrature->addItem(tr("Middle"), "middle");
    m_quadrature->addItem(tr("Right"), "right");
    m_quadrature->addItem(tr("Trapezoid"), "trapezoid");
    place("quadrature", tr("Sum"), tr("How the gradients on the line are added up. Gauss–Legendre needs the fewest steps; the others, Riemann sums, are there to compare with other tools."), m_quadrature,
          [this, isColumns] { return isColumns() && m_method == "integrated-gradients"; });
    m_noise->setRange(0.1, 1000.0);
    m_noise->setDecimals(1);
    m_noise->setSuffix(tr(" %"));
    m_noise->setValue(100.0 * AttributionSpec().noise);
    place("noise", tr("Noise"), tr("How strong the noise on each row is: its standard deviation, as a share of each column's range. Usual: 10 % to 20 %."), m_noise,
          [this, isColumns] { return isColumns() && m_method == "smoothgrad"; });
    place("layer", tr("Layer"), tr("Whose maps are shown. Later layers see larger parts, at a coarser grain."), m_layer,
          [this] { return m_players == Players::Pixels && isGradCam(m_method); });
    m_upsampling->addItem(tr("Smooth"), "bilinear");
    m_upsampling->addItem(tr("As it is"), "nearest");
    place("upsampling", tr("Enlarge"), tr("How a layer's map, which is smaller than the picture, is spread over its pixels: smoothly (bilinear), or each of its cells as it is (nearest)."), m_upsampling,
          [this] { return m_players == Players::Pixels && isGradCam(m_method); });
    m_signed->setText(tr("Signs"));
    place("signed", QString(), tr("Saliency: the gradients themselves, not their sizes. Grad-CAM: what speaks against the output, too."), m_signed,
          [this, isColumns] { return (isColumns() && m_method == "saliency") || (m_players == Players::Pixels && m_method == "grad-cam"); });
    m_signed->setAccessibleName(tr("Keep signs"));
    m_window->setRange(1, 1000);
    m_window->setSuffix(tr(" pixels"));
    m_window->setValue(static_cast<int>(ExplainRequest().window));
    place("window", tr("Window"), tr("How many pixels high and wide the window is that slides over the picture."), m_window,
          [this] { return m_players == Players::Pixels && m_method == "occlusion"; });
    m_columns->setMinimumWidth(140);
    place("columns", tr("Columns"), tr("Which columns to look at. Of Shapley interactions all others are one more player; where none is chosen and there are too many, those that matter most are looked at."),
          m_columns, [this] { return isMethod({"pdp", "ale", "interactions", "shapley-interactions"}); });
    m_index->addItem(tr("k-SII"), "k-sii");
    m_index->addItem(tr("Shapley–Taylor"), "shapley-taylor");
    m_index->addItem(tr("SII"), "sii");
    place("index", tr("Index"), tr("How a prediction is shared out. k-SII: main effects and pairs add up to it, and a column's to its Shapley value. Shapley–Taylor: main effects are what columns do alone, and pairs make up the rest. SII: main effects are the Shapley values, which add up by themselves, and pairs to nothing."),
          m_index, [this] { return m_method == "shapley-interactions"; });
    line->addStretch(1);

    for (QComboBox* combo : {m_baseline, m_quadrature, m_layer, m_upsampling, m_hide, m_index}) {
        combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        connect(combo, &QComboBox::activated, this, &MethodOptions::changed);
    }
    for (QSpinBox* spin : {m_window, m_features, m_segments}) {
        spin->setKeyboardTracking(false);
        connect(spin, &QSpinBox::valueChanged, this, &MethodOptions::changed);
    }
    m_noise->setKeyboardTracking(false);
    connect(m_noise, &QDoubleSpinBox::valueChanged, this, &MethodOptions::changed);
    connect(m_signed, &QCheckBox::toggled, this, &MethodOptions::changed);
    connect(m_columns, &ColumnList::changed, this, &MethodOptions::changed);
    setModel({}, {});
}

bool MethodOptions::isMethod(std::initializer_list<const char*> names) const
{
    return std::find(names.begin(), names.end(), m_method) != names.end();
}

void MethodOptions::setModel(const QStringList& columns, const QStringList& pictureLayers)
{
    m_columns->setItems(columns);
    const std::string before = chosen(m_layer);
    m_layer->clear();
    m_layer->addItem(tr("The last"), QString());
    for (const QString& layer : pictureLayers)
        m_layer->addItem(layer, layer);
    choose(m_layer, before);
}

void MethodOptions::showFor(const std::string& method, Players players)
{
    m_method = method;
    m_players = players;
    for (const Option& option : m_options) {
        const bool shown = option.heeded();
        option.label->setVisible(shown && option.field != m_signed); // which says itself what it is
        option.field->setVisible(shown);
    }
    setVisible(!isNone());
}

bool MethodOptions::isNone() const
{
    return std::none_of(m_options.begin(), m_options.end(), [](const Option& option) { return option.heeded(); });
}

bool MethodOptions::usesBackground() const
{
    return !(m_players == Players::Superpixels && m_method == "lime" && chosen(m_hide) == "mean");
}

void MethodOptions::apply(ExplainRequest& request) const
{
    const auto heeded = [this](const QWidget* field) {
        return std::any_of(m_options.begin(), m_options.end(), [&](const Option& option) { return option.field == field && option.heeded(); });
    };
    if (heeded(m_baseline))
        request.attribution.baseline = chosen(m_baseline);
    if (heeded(m_quadrature))
        request.attribution.quadrature = chosen(m_quadrature);
    if (heeded(m_signed))
        request.attribution.isSigned = m_signed->isChecked();
    if (heeded(m_noise))
        request.attribution.noise = m_noise->value() / 100.0;
    if (heeded(m_layer))
        request.attribution.layer = chosen(m_layer);
    if (heeded(m_upsampling))
        request.attribution.upsampling = chosen(m_upsampling);
    if (heeded(m_window))
        request.window = static_cast<std::size_t>(m_window->value());
    if (heeded(m_features))
        request.limeFeatures = static_cast<std::size_t>(m_features->value());
    if (heeded(m_segments)) {
        request.superpixels = SuperpixelSpec{static_cast<std::size_t>(m_segments->value())};
        request.limeFeatures = 0; // so few that none need be left out
        request.limeMeanColour = request.method != "lime" || !usesBackground();
    }
}

void MethodOptions::apply(EffectRequest& request) const
{
    const bool pairs = request.method == EffectMethod::ShapleyInteractions;
    if (request.method != EffectMethod::Curves && request.method != EffectMethod::Surrogate) {
        for (const QString& column : m_columns->checked())
            request.columns.push_back(column.toStdString());
    }
    request.chooseColumns = pairs && request.columns.empty();
    if (pairs)
        request.index = chosen(m_index);
}

nlohmann::json MethodOptions::toJson() const
{
    return {{"segments", m_segments->value()}, {"hide", chosen(m_hide)}, {"features", m_features->value()}, {"baseline", chosen(m_baseline)},
            {"quadrature", chosen(m_quadrature)}, {"upsampling", chosen(m_upsampling)},
            {"noise", m_noise->value()}, {"signed", m_signed->isChecked()}, {"window", m_window->value()}, {"index", chosen(m_index)}};
}

void MethodOptions::restore(const nlohmann::json& kept)
{
    if (!kept.is_object())
        return;
    const QSignalBlocker quiet(this);
    try {
        m_segments->setValue(kept.value("segments", m_segments->value()));
        choose(m_hide, kept.value("hide", chosen(m_hide)));
        m_features->setValue(kept.value("features", m_features->value()));
        choose(m_baseline, kept.value("baseline", chosen(m_baseline)));
        choose(m_quadrature, kept.value("quadrature", chosen(m_quadrature)));
        choose(m_upsampling, kept.value("upsampling", chosen(m_upsampling)));
        m_noise->setValue(kept.value("noise", m_noise->value()));
        m_signed->setChecked(kept.value("signed", m_signed->isChecked()));
        m_window->setValue(kept.value("window", m_window->value()));
        choose(m_index, kept.value("index", chosen(m_index)));
    } catch (const nlohmann::json::exception&) {
        // Settings of another version: what could not be read keeps its default.
    }
}

} // namespace limpid
