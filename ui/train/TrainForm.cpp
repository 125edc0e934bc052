#include "ui/train/TrainForm.h"

#include "core/workbench/Workbench.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/ParamTexts.h"
#include "ui/train/RateFinderCard.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStyle>

#include <algorithm>
#include <limits>

namespace limpid {

namespace {

constexpr int fieldWidth = 116;
constexpr int validationMergeId = 99;

/// A wheel over a field that is not being edited scrolls the form rather than changing the field.
class WheelGuard final : public QObject
{
public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        auto* widget = qobject_cast<QWidget*>(watched);
        if (event->type() == QEvent::Wheel && widget && !widget->hasFocus()) {
            event->ignore();
            return true;
        }
        return false;
    }
};

void guardWheel(QWidget* field)
{
    field->setFocusPolicy(Qt::StrongFocus);
    field->installEventFilter(new WheelGuard(field));
}

void setInvalid(QWidget* field, bool invalid)
{
    if (field->property("invalid").toBool() == invalid)
        return;
    field->setProperty("invalid", invalid);
    field->style()->unpolish(field);
    field->style()->polish(field);
}

struct Group {
    const char* title;
    std::vector<std::string> params;
};

const std::vector<Group>& groups()
{
    static const std::vector<Group> all = {
        {QT_TRANSLATE_NOOP("limpid::TrainForm", "OPTIMIZER"), {"optimizer", "learning_rate", "schedule", "warmup", "step_size", "gamma", "plateau_patience", "plateau_factor",
                                                                 "weight_decay", "momentum", "nesterov", "beta1", "beta2", "eps", "alpha"}},
        {QT_TRANSLATE_NOOP("limpid::TrainForm", "DATA"), {"batch_size", "accumulation", "sampling"}},
        {QT_TRANSLATE_NOOP("limpid::TrainForm", "LOSS"),
         {"loss", "focal_gamma", "huber_delta", "quantile", "label_smoothing", "class_weights"}},
        {QT_TRANSLATE_NOOP("limpid::TrainForm", "REGULARISE"), {"l1", "clip_norm", "clip_value", "ema_decay"}},
        {QT_TRANSLATE_NOOP("limpid::TrainForm", "STOP"), {"epochs", "patience"}},
        {QT_TRANSLATE_NOOP("limpid::TrainForm", "REPRODUCE"), {"seed", "threads"}},
    };
    return all;
}

} // namespace

TrainForm::TrainForm(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_session(session), m_theme(theme), m_grid(new QGridLayout(this))
{
    setProperty("role", "scrolled");
    m_grid->setContentsMargins(0, 0, 4, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(0, 1);
    std::vector<std::string> placed;
    const auto find = [](const std::string& name) -> const ParamSpec* {
        for (const ParamSpec& spec : trainParams())
            if (spec.name == name)
                return &spec;
        return nullptr;
    };
    for (const Group& group : groups()) {
        addSection(tr(group.title));
        for (const std::string& name : group.params) {
            if (const ParamSpec* spec = find(name))
                addParam(*spec);
            if (name == "learning_rate")
                addRateFinder();
            placed.push_back(name);
        }
        if (group.params.front() == "batch_size")
            addValidation();
    }
    // A parameter that is new in the table shows up here by itself, until it is given a place above.
    bool others = false;
    for (const ParamSpec& spec : trainParams()) {
        if (std::find(placed.begin(), placed.end(), spec.name) != placed.end())
            continue;
        if (!std::exchange(others, true))
            addSection(tr("OTHER"));
        addParam(spec);
    }
    m_grid->setRowStretch(m_grid->rowCount(), 1);
    connect(&m_session, &Session::requestChanged, this, &TrainForm::showRequest);
    connect(&m_session, &Session::planChanged, this, &TrainForm::showRequest);
    showRequest();
}

void TrainForm::addSection(const QString& title)
{
    auto* label = new QLabel(title, this);
    label->setProperty("role", "section");
    const int row = m_grid->rowCount();
    label->setContentsMargins(0, row > 1 ? 10 : 0, 0, 2);
    m_grid->addWidget(label, row, 0, 1, 2);
}

void TrainForm::addRow(const QString& label, const QString& help, QWidget* field)
{
    auto* name = new QLabel(label, this);
    name->setObjectName(field->objectName() + ".label");
    name->setProperty("role", "dim");
    name->setBuddy(field);
    name->setToolTip(help);
    field->setToolTip(help);
    field->setAccessibleName(label);
    field->setAccessibleDescription(help);
    field->setFixedWidth(fieldWidth);
    const int row = m_grid->rowCount();
    m_grid->addWidget(name, row, 0);
    m_grid->addWidget(field, row, 1);
}

void TrainForm::addParam(const ParamSpec& spec)
{
    const QString label = paramLabel("train", spec.name), help = paramHelp("train", spec.name);
    const QString objectName = QStringLiteral("train.") + QString::fromStdString(spec.name);
    if (spec.type == ParamType::Choice || spec.type == ParamType::Boolean) {
        auto* combo = new QComboBox(this);
        combo->setObjectName(objectName);
        if (spec.type == ParamType::Boolean) {
            combo->addItem(tr("Yes"), true);
            combo->addItem(tr("No"), false);
        }
        for (const std::string& choice : spec.choices) {
            // Names of methods stay as the field writes them; words begin like a sentence.
            QString text = QString::fromStdString(choice);
            if (text == text.toLower())
                text[0] = text[0].toUpper();
            combo->addItem(choice == "one-cycle" ? tr("One cycle") : text, QString::fromStdString(choice));
        }
        guardWheel(combo);
        addRow(label, help, combo);
        connect(combo, &QComboBox::activated, this, [this, spec, combo](int index) {
            const QVariant value = combo->itemData(index);
            edit(spec, spec.type == ParamType::Boolean ? nlohmann::json(value.toBool()) : nlohmann::json(value.toString().toStdString()));
        });
        m_show[spec.name] = [combo, spec](const nlohmann::json& value) {
            combo->setCurrentIndex(combo->findData(spec.type == ParamType::Boolean
                                                       ? QVariant(value.get<bool>()) : QVariant(QString::fromStdString(value.get<std::string>()))));
        };
        return;
    }
    if (spec.type == ParamType::Integer && spec.max <= std::numeric_limits<int>::max()) {
        auto* spin = new QSpinBox(this);
        spin->setObjectName(objectName);
        spin->setRange(static_cast<int>(spec.min), static_cast<int>(spec.max));
        spin->setKeyboardTracking(false);
        spin->setGroupSeparatorShown(true);
        if (spec.name == "batch_size")
            spin->setSpecialValueText(tr("Automatic"));
        if (spec.name == "patience") {
            spin->setSpecialValueText(tr("Never"));
            spin->setSuffix(tr(" epochs"));
        }
        guardWheel(spin);
        addRow(label, help, spin);
        connect(spin, &QSpinBox::valueChanged, this, [this, spec](int value) { edit(spec, value); });
        m_show[spec.name] = [spin, this, spec](const nlohmann::json& value) {
            if (spec.name == "batch_size" && m_session.plan())
                spin->setSpecialValueText(tr("Auto (%1)").arg(countText(automaticBatchSize(m_session.plan()->split.train.size()))));
            spin->setValue(value.get<int>());
        };
        return;
    }
    auto* line = new QLineEdit(this);
    line->setObjectName(objectName);
    addRow(label, help, line);
    const auto shown = [](const nlohmann::json& value) { return QString::fromStdString(value.dump()); };
    connect(line, &QLineEdit::textEdited, this, [line] { setInvalid(line, false); });
    connect(line, &QLineEdit::editingFinished, this, [this, spec, line, help] {
        try {
            const nlohmann::json value = parseParam(spec, line->text().trimmed().toStdString());
            setInvalid(line, false);
            line->setToolTip(help);
            edit(spec, value);
        } catch (const Error& error) {
            setInvalid(line, true); // the sentence stands in the tooltip; the setting stays as it was
            line->setToolTip(message(error));
            emit m_session.noticed(message(error));
        }
    });
    m_show[spec.name] = [line, shown, help](const nlohmann::json& value) {
        if (line->hasFocus() && line->isModified() && line->text() != shown(value))
            return; // never under the hands of someone who types
        setInvalid(line, false);
        line->setToolTip(help);
        line->setText(shown(value));
        line->setCursorPosition(0);
    };
}

void TrainForm::addValidation()
{
    auto* spin = new QDoubleSpinBox(this);
    spin->setObjectName("train.validation");
    spin->setDecimals(0);
    spin->setRange(1.0, 90.0);
    spin->setSuffix(tr(" %"));
    spin->setKeyboardTracking(false);
    guardWheel(spin);
    addRow(tr("Validation"), tr("The share of rows kept aside to measure the model on rows it has not learnt from. Usual: 10 to 30 %."), spin);
    connect(spin, &QDoubleSpinBox::valueChanged, this, [this](double percent) {
        TrainRequest request = m_session.request();
        if (m_showing || request.split.validation == percent / 100.0)
            return;
        request.split.validation = percent / 100.0;
        m_session.setRequest(request, tr("validation share"), validationMergeId);
    });
    m_show["validation"] = [spin](const nlohmann::json& value) { spin->setValue(value.get<double>() * 100.0); };
}

void TrainForm::addRateFinder()
{
    m_findRate = new QPushButton(tr("Find learning rate…"), this);
    m_findRate->setObjectName("train.findRate");
    m_grid->addWidget(m_findRate, m_grid->rowCount(), 0, 1, 2, Qt::AlignRight);
    connect(m_findRate, &QPushButton::clicked, this, [this] {
        auto* finder = findChild<RateFinderCard*>();
        if (!finder)
            finder = new RateFinderCard(m_session, m_theme, this);
        if (finder->isVisible())
            finder->raise();
        finder->show();
        finder->search();
    });
}

void TrainForm::edit(const ParamSpec& spec, const nlohmann::json& value)
{
    if (m_showing)
        return;
    TrainRequest request = m_session.request();
    nlohmann::json settings = toJson(request.train);
    if (settings.at(spec.name) == value)
        return;
    settings[spec.name] = value;
    try {
        request.train = trainSpecFromJson(settings);
    } catch (const Error& error) {
        emit m_session.noticed(message(error));
        return showRequest();
    }
    if (spec.name == "seed")
        request.split.seed = request.train.seed; // one seed for the whole run: rows, weights and batches
    int mergeId = 0;
    for (const ParamSpec& other : trainParams()) {
        ++mergeId;
        if (other.name == spec.name)
            break;
    }
    m_session.setRequest(request, paramLabel("train", spec.name), 100 + mergeId);
}

void TrainForm::showRequest()
{
    m_showing = true;
    nlohmann::json settings = toJson(m_session.request().train);
    settings["validation"] = m_session.request().split.validation;
    for (const auto& [name, show] : m_show)
        show(settings.at(name));
    settings.erase("validation");
    for (const ParamSpec& spec : trainParams()) {
        const QString field = QStringLiteral("train.") + QString::fromStdString(spec.name);
        const bool applies = paramApplies(trainParams(), settings, spec.name);
        for (const QString& part : {field, field + QStringLiteral(".label")})
            if (auto* widget = findChild<QWidget*>(part))
                widget->setVisible(applies);
    }
    const bool rateMatters = m_session.request().train.optimizer != "L-BFGS";
    m_findRate->setEnabled(rateMatters && m_session.plan());
    m_findRate->setToolTip(rateMatters ? tr("Tries learning rates from small to large, a step each, and suggests one.")
                                       : message(ErrorCode::RateFinderOptimizer, {{"optimizer", "L-BFGS"}}));
    m_showing = false;
}

} // namespace limpid
