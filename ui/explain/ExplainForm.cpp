#include "ui/explain/ExplainForm.h"

#include "core/workbench/ExplainMethods.h"
#include "core/workbench/ExplainText.h"
#include "ui/explain/BackgroundField.h"
#include "ui/explain/LockList.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <QComboBox>
#include <QDoubleValidator>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <limits>

namespace limpid {

ExplainForm::ExplainForm(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_grid(new QGridLayout(this)), m_version(new QComboBox(this)), m_players(new QComboBox(this)), m_text(new QComboBox(this)), m_method(new QComboBox(this)),
      m_column(new QComboBox(this)), m_space(new QComboBox(this)), m_target(new QComboBox(this)), m_wanted(new QComboBox(this)), m_first(new QSpinBox(this)), m_rows(new QSpinBox(this)),
      m_budget(new QSpinBox(this)), m_top(new QSpinBox(this)), m_sample(new QSpinBox(this)), m_repeats(new QSpinBox(this)),
      m_depth(new QSpinBox(this)), m_row(new QSpinBox(this)), m_alternatives(new QSpinBox(this)), m_number(new QLineEdit(this)), m_locked(new LockList(this)),
      m_background(new BackgroundField(this)),
      m_cost(new QLabel(this)), m_button(new QPushButton(tr("Explain"), this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(2);
    const auto place = [this](const QString& name, const QString& label, const QString& help, QWidget* field, int width) {
        const int column = static_cast<int>(m_fields.size());
        auto* text = new QLabel(label, this);
        text->setProperty("role", "label");
        text->setBuddy(field);
        text->setToolTip(help);
        field->setToolTip(help);
        field->setAccessibleName(label);
        field->setObjectName(QStringLiteral("explain.") + name);
        field->setMinimumWidth(width);
        m_grid->addWidget(text, 0, column);
        m_grid->addWidget(field, 1, column);
        m_fields.push_back({text, field, column, width});
    };
    m_version->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_column->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (QComboBox* combo : {m_target, m_wanted})
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_number->setValidator(new QDoubleValidator(m_number));
    m_row->setRange(0, 0);
    m_alternatives->setRange(1, 10);
    m_alternatives->setValue(static_cast<int>(CounterfactualRequest().alternatives));
    m_text->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_players->addItem(tr("Columns"), "columns");
    m_players->addItem(tr("Words"), "words");
    fillMethods();
    m_space->addItem(tr("Raw"), "raw");
    m_space->addItem(tr("Probability"), "probability");
    m_first->setRange(0, 0);
    m_rows->setRange(1, 1);
    m_budget->setRange(0, 1'000'000);
    m_top->setRange(0, 99);
    m_top->setSpecialValueText(tr("No"));
    m_sample->setRange(0, 1'000'000);
    for (QSpinBox* spin : {m_budget, m_sample})
        spin->setSpecialValueText(tr("Automatic"));
    m_repeats->setRange(1, 1000);
    m_repeats->setValue(ImportanceRequest().repeats);
    m_depth->setRange(1, static_cast<int>(maxSurrogateDepth));
    m_depth->setValue(static_cast<int>(EffectRequest().depth));
    for (QSpinBox* spin : {m_first, m_rows, m_budget, m_top, m_sample, m_repeats, m_depth, m_row, m_alternatives}) {
        spin->setKeyboardTracking(false);
        spin->setGroupSeparatorShown(true);
    }
    place("version", tr("Model"), tr("The version whose predictions are explained."), m_version, 106);
    place("players", tr("Players"), tr("Whose share of a prediction is shown: that of whole columns, or of the words of a text."), m_players, 84);
    place("text", tr("Text"), tr("The column whose words are shown."), m_text, 84);
    place("method", tr("Method"), QString(), m_method, 168);
    place("first", tr("From row"), tr("The first row of the table to explain, counted from 0."), m_first, 60);
    place("rows", tr("Rows"), tr("How many rows to explain. Usual: 100 to 1000; more show rarer patterns and take longer."), m_rows, 60);
    place("budget", tr("Budget"),
          tr("How many combinations of columns, gradients or samples are tried a row. More make the errors smaller. Automatic is the method's own number."), m_budget, 84);
    place("top", tr("Top"),
          tr("Stop a row as soon as so many of its largest values are told apart at 95 %. No: the whole budget is spent."), m_top, 44);
    place("column", tr("Column"), tr("The column along which each row's curve is drawn."), m_column, 120);
    place("sample", tr("Rows looked at"), tr("How many rows are drawn to look at, of those the model was trained on. Automatic: as many as say enough."), m_sample, 88);
    place("repeats", tr("Repeats"), tr("How often each column is shuffled. Usual: 5 to 30; more make the spread known better."), m_repeats, 60);
    place("depth", tr("Depth"), tr("How many questions the tree asks a row at most. Usual: 2 to 4; deeper trees say more and are harder to read."), m_depth, 60);
    place("row", tr("Row"), tr("The row of the table that is to be predicted otherwise, counted from 0."), m_row, 60);
    place("target", tr("Target"), tr("Which of the model's targets is to be predicted otherwise."), m_target, 100);
    place("wanted", tr("Wanted"), tr("The prediction to reach."), m_wanted, 110);
    place("number", tr("Number"), tr("The number to reach, in the target's unit."), m_number, 80);
    place("locked", tr("Locked"), tr("Columns that must not change."), m_locked, 110);
    place("alternatives", tr("Alternatives"), tr("How many rows to find at most. Usual: 3 to 5."), m_alternatives, 60);
    place("space", tr("Output"),
          tr("Raw: log-odds for classes, the target's own unit for numbers. Probability: of each class."), m_space, 108);
    m_cost->setProperty("role", "label");
    m_cost->setObjectName("explain.cost");
    m_cost->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_button->setProperty("role", "primary");
    m_button->setObjectName("explain.start");
    const int last = static_cast<int>(m_fields.size());
    m_grid->addWidget(m_cost, 0, last);
    m_grid->addWidget(m_button, 1, last);
    m_cost->setMinimumWidth(104);
    m_grid->addWidget(m_background, 2, 0, 1, last + 1);

    connect(m_players, &QComboBox::currentIndexChanged, this, &ExplainForm::fillMethods);
    connect(m_method, &QComboBox::currentIndexChanged, this, &ExplainForm::showFields);
    connect(m_target, &QComboBox::activated, this, &ExplainForm::fillWanted);
    connect(m_number, &QLineEdit::editingFinished, this, [this] { emit changed(); });
    connect(m_locked, &LockList::changed, this, [this] { emit changed(); });
    for (QComboBox* combo : {m_version, m_players, m_text, m_method, m_column, m_space, m_target, m_wanted})
        connect(combo, &QComboBox::activated, this, [this] { keep(); });
    for (QSpinBox* spin : {m_first, m_rows, m_budget, m_top, m_sample, m_repeats, m_depth, m_row, m_alternatives})
        connect(spin, &QSpinBox::valueChanged, this, [this] {
            limitRows();
            keep();
        });
    connect(m_background, &BackgroundField::changed, this, &ExplainForm::keep);
    connect(m_background, &BackgroundField::rowsDropped, this, &ExplainForm::asked);
    connect(&session, &Session::registryChanged, this, &ExplainForm::fillVersions);
    connect(&session, &Session::explainRequested, this, [this](const QString& version) {
        m_version->setCurrentIndex(std::max(0, m_version->findData(version)));
        emit changed();
    });
    connect(&session, &Session::dataChanged, this, [this] {
        limitRows();
        if (!m_restoring)
            emit changed();
    });
    connect(&session, &Session::workspaceOpened, this, &ExplainForm::restore);
    limitRows();
    restore();
    fillVersions();
    fillWanted();
}

void ExplainForm::fillMethods()
{
    std::vector<std::string> names;
    for (const ExplainMethod& method : explainMethods())
        names.push_back(method.name);
    if (ofWords())
        names = textMethods();
    const QString before = m_method->currentData().toString();
    {
        const QSignalBlocker quiet(m_method); // an empty list is no choice
        m_method->clear();
        // No separators: the arrow keys stop at them in the open list.
        for (const std::string& name : names) {
            m_method->addItem(methodName(name), QString::fromStdString(name));
            m_method->setItemData(m_method->count() - 1, methodHelp(name), Qt::ToolTipRole);
        }
        m_method->setMaxVisibleItems(m_method->count());
        const int kept = m_method->findData(before);
        m_method->setCurrentIndex(kept >= 0 ? kept : std::max(0, m_method->findData("leverage")));
    }
    showFields();
}

bool ExplainForm::ofWords() const { return m_text->count() > 0 && m_players->currentData().toString() == QLatin1String("words"); }

void ExplainForm::setTexts(const QStringList& columns)
{
    const bool before = ofWords();
    const QString chosen = m_text->currentText();
    m_text->clear();
    m_text->addItems(columns);
    m_text->setCurrentIndex(std::max(0, m_text->findText(chosen)));
    fillMethods();
    if (before != ofWords() || chosen != m_text->currentText())
        emit changed();
}

void ExplainForm::setModel(const Pipeline& pipeline)
{
    QStringList columns;
    for (const FeatureGroup& group : pipeline.groups())
        columns << QString::fromStdString(group.column);
    m_locked->setColumns(columns);
    const QString target = m_target->currentText();
    m_targets = pipeline.targets();
    m_target->clear();
    for (const TargetCoding& coding : m_targets)
        m_target->addItem(QString::fromStdString(coding.column));
    m_target->setCurrentIndex(std::max(0, m_target->findText(target)));
    fillWanted();
    const QString before = m_column->currentText();
    m_column->clear();
    m_column->addItems(columns);
    m_column->setCurrentIndex(std::max(0, m_column->findText(before)));
    QStringList texts;
    for (const std::string& text : textColumns(pipeline))
        texts << QString::fromStdString(text);
    setTexts(texts);
}

void ExplainForm::fillWanted()
{
    const QVariant before = m_wanted->currentData();
    m_wanted->clear();
    const auto target = static_cast<std::size_t>(std::max(0, m_target->currentIndex()));
    if (target < m_targets.size() && m_targets[target].classes.empty()) {
        m_wanted->addItem(tr("At least"), "at-least");
        m_wanted->addItem(tr("At most"), "at-most");
        if (m_number->text().isEmpty())
            m_number->setText(QLocale().toString(m_targets[target].mean, 'g', 4));
    } else {
        m_wanted->addItem(tr("Any other"), QString());
        if (target < m_targets.size())
            for (const std::string& name : m_targets[target].classes)
                m_wanted->addItem(QString::fromStdString(name), QString::fromStdString(name));
    }
    m_wanted->setCurrentIndex(std::max(0, m_wanted->findData(before)));
    showFields();
}

void ExplainForm::showFields()
{
    const bool words = ofWords();
    // Every method of words tries texts.
    const ExplainMethod method = words ? ExplainMethod{this->method(), ExplainMethod::About::Rows, this->method() != "exact" && this->method() != "occlusion"}
                                       : explainMethod(this->method());
    const bool rows = method.about == ExplainMethod::About::Rows, columns = method.about == ExplainMethod::About::Columns, row = method.about == ExplainMethod::About::Row;
    const auto heeded = [&](const QWidget* widget) {
        if (widget == m_players)
            return m_text->count() > 0;
        if (widget == m_text)
            return words && m_text->count() > 1;
        const auto target = static_cast<std::size_t>(std::max(0, m_target->currentIndex()));
        if (widget == m_row || widget == m_wanted || widget == m_locked || widget == m_alternatives)
            return row;
        if (widget == m_target)
            return row && m_targets.size() > 1;
        if (widget == m_number)
            return row && target < m_targets.size() && m_targets[target].classes.empty();
        if (widget == m_first || widget == m_rows)
            return rows;
        if (widget == m_top)
            return method.resolveTop;
        if (widget == m_budget)
            return method.budget;
        if (widget == m_sample)
            return columns;
        if (widget == m_column)
            return method.name == effectMethodName(EffectMethod::Curves);
        if (widget == m_depth)
            return method.name == effectMethodName(EffectMethod::Surrogate);
        if (widget == m_repeats)
            return method.about == ExplainMethod::About::Quality;
        if (widget == m_space)
            return rows || columns;
        return true;
    };
    for (const Field& field : m_fields) {
        const bool shown = heeded(field.widget);
        field.label->setVisible(shown);
        field.widget->setVisible(shown);
        m_grid->setColumnStretch(field.column, shown ? field.width : 0);
    }
    const bool compares = rows && !words;
    m_background->setVisible(compares);
    m_grid->setRowMinimumHeight(2, compares ? m_background->sizeHint().height() + 6 : 0);
    for (const Field& field : m_fields) {
        if (field.widget == m_method) {
            field.label->setToolTip(methodHelp(method.name));
            field.widget->setToolTip(methodHelp(method.name));
        }
    }
}

void ExplainForm::fillVersions()
{
    const QString before = m_version->currentData().toString();
    const QString newest = m_version->count() > 0 ? m_version->itemData(0).toString() : QString();
    m_version->clear();
    std::vector<const ModelVersion*> versions;
    for (const ModelSummary& model : m_session.models())
        for (const ModelVersion& version : model.versions)
            versions.push_back(&version);
    std::stable_sort(versions.begin(), versions.end(), [](const auto* a, const auto* b) { return a->createdMs > b->createdMs; });
    for (const ModelVersion* version : versions) {
        QString text = QStringLiteral("%1 · %2").arg(QString::fromStdString(version->model)).arg(version->version);
        if (!version->aliases.empty())
            text += QStringLiteral(" · ") + QString::fromStdString(version->aliases.front());
        m_version->addItem(text, QStringLiteral("%1@%2").arg(QString::fromStdString(version->model)).arg(version->version));
    }
    // What was chosen stays, unless a newer version came while the newest was chosen: then that is what one wants to see.
    const int kept = m_version->findData(before);
    m_version->setCurrentIndex(kept >= 0 && before != newest ? kept : 0);
    m_version->setToolTip(m_version->currentText());
    emit changed();
}

std::optional<ModelVersion> ExplainForm::version() const
{
    const QString wanted = m_version->currentData().toString();
    for (const ModelSummary& model : m_session.models())
        for (const ModelVersion& version : model.versions)
            if (wanted == QStringLiteral("%1@%2").arg(QString::fromStdString(version.model)).arg(version.version))
                return version;
    return std::nullopt;
}

std::string ExplainForm::method() const { return m_method->currentData().toString().toStdString(); }

CounterfactualRequest ExplainForm::counterfactualRequest() const
{
    CounterfactualRequest request;
    request.row = static_cast<std::size_t>(m_row->value());
    request.seed = m_session.request().train.seed;
    request.alternatives = static_cast<std::size_t>(m_alternatives->value());
    for (const QString& column : m_locked->locked())
        request.locked.push_back(column.toStdString());
    const auto target = static_cast<std::size_t>(std::max(0, m_target->currentIndex()));
    if (m_targets.size() > 1)
        request.output = m_targets[target].column;
    if (target < m_targets.size() && m_targets[target].classes.empty()) {
        bool isNumber = false;
        const double number = QLocale().toDouble(m_number->text(), &isNumber);
        if (isNumber)
            (m_wanted->currentData().toString() == QLatin1String("at-most") ? request.atMost : request.atLeast) = number;
    } else {
        request.wanted = m_wanted->currentData().toString().toStdString();
    }
    return request;
}

ExplainQuestion ExplainForm::question() const
{
    const std::uint64_t seed = m_session.request().train.seed;
    const OutputSpace space = m_space->currentData().toString() == QLatin1String("probability") ? OutputSpace::Probability : OutputSpace::Raw;
    if (ofWords()) {
        TextRequest request;
        request.method = method();
        request.column = m_text->currentText().toStdString();
        request.budget = request.method == "exact" || request.method == "occlusion" ? 0 : static_cast<std::size_t>(m_budget->value());
        request.seed = seed;
        request.space = space;
        request.rowBegin = static_cast<std::size_t>(m_first->value());
        request.rowEnd = request.rowBegin + static_cast<std::size_t>(m_rows->value());
        return request;
    }
    const ExplainMethod chosen = explainMethod(method());
    if (chosen.about == ExplainMethod::About::Row)
        return counterfactualRequest();
    if (chosen.about == ExplainMethod::About::Quality)
        return ImportanceRequest{m_repeats->value(), seed};
    if (const std::optional<EffectMethod> effect = effectMethod(chosen.name)) {
        EffectRequest request;
        request.method = *effect;
        request.space = space;
        request.seed = seed;
        request.rows = static_cast<std::size_t>(m_sample->value());
        if (*effect == EffectMethod::Curves)
            request.columns.assign(m_column->count() > 0 ? 1 : 0, m_column->currentText().toStdString());
        // One can't name columns here: of too many, those that matter most are looked at.
        request.chooseColumns = *effect == EffectMethod::ShapleyInteractions;
        if (*effect == EffectMethod::Surrogate)
            request.depth = static_cast<std::size_t>(m_depth->value());
        return request;
    }
    ExplainRequest request;
    request.method = chosen.name;
    request.budget = chosen.budget ? static_cast<std::size_t>(m_budget->value()) : 0;
    request.resolveTop = chosen.resolveTop ? static_cast<std::size_t>(m_top->value()) : 0;
    request.seed = seed;
    request.space = space;
    request.rowBegin = static_cast<std::size_t>(m_first->value());
    request.rowEnd = request.rowBegin + static_cast<std::size_t>(m_rows->value());
    request.background = m_background->spec();
    return request;
}

void ExplainForm::limitRows()
{
    const bool before = std::exchange(m_restoring, true);
    m_background->setData(m_session.data());
    const std::size_t all = m_session.data() ? m_session.data()->table().rows() : 0;
    const int rows = static_cast<int>(std::min<std::size_t>(all, std::numeric_limits<int>::max()));
    const bool first = m_rows->maximum() <= 1 && rows > 1;
    m_first->setMaximum(std::max(0, rows - 1));
    m_row->setMaximum(std::max(0, rows - 1));
    m_rows->setMaximum(std::max(1, rows - m_first->value()));
    if (first) {
        const nlohmann::json kept = m_session.viewValue("explain");
        m_rows->setValue(kept.is_object() ? kept.value("rows", 200) : 200);
        m_first->setValue(kept.is_object() ? kept.value("first", 0) : 0);
        m_row->setValue(kept.is_object() ? kept.value("row", 0) : 0);
    }
    m_restoring = before;
}

void ExplainForm::restore()
{
    const nlohmann::json kept = m_session.viewValue("explain");
    if (!kept.is_object())
        return;
    m_restoring = true;
    try {
        if (const int at = m_players->findData(QString::fromStdString(kept.value("players", std::string()))); at >= 0)
            m_players->setCurrentIndex(at);
        if (const int at = m_method->findData(QString::fromStdString(kept.value("method", std::string()))); at >= 0)
            m_method->setCurrentIndex(at);
        if (const int at = m_space->findData(QString::fromStdString(kept.value("space", std::string()))); at >= 0)
            m_space->setCurrentIndex(at);
        m_background->restore(kept.value("background", nlohmann::json()));
        m_budget->setValue(kept.value("budget", m_budget->value()));
        m_top->setValue(kept.value("top", m_top->value()));
        m_first->setValue(kept.value("first", m_first->value()));
        m_rows->setValue(kept.value("rows", m_rows->value()));
        m_sample->setValue(kept.value("sample", m_sample->value()));
        m_repeats->setValue(kept.value("repeats", m_repeats->value()));
        m_depth->setValue(kept.value("depth", m_depth->value()));
        m_row->setValue(kept.value("row", m_row->value()));
        m_alternatives->setValue(kept.value("alternatives", m_alternatives->value()));
    } catch (const nlohmann::json::exception&) {
        // Settings of another version: what could not be read keeps its default.
    }
    m_restoring = false;
    emit changed();
}

void ExplainForm::keep()
{
    if (m_restoring)
        return;
    m_session.setViewValue("explain", {{"players", m_players->currentData().toString().toStdString()},
                                       {"method", m_method->currentData().toString().toStdString()},
                                       {"space", m_space->currentData().toString().toStdString()},
                                       {"first", m_first->value()},
                                       {"rows", m_rows->value()},
                                       {"background", m_background->toJson()},
                                       {"budget", m_budget->value()},
                                       {"top", m_top->value()},
                                       {"sample", m_sample->value()},
                                       {"repeats", m_repeats->value()},
                                       {"depth", m_depth->value()},
                                       {"row", m_row->value()},
                                       {"alternatives", m_alternatives->value()}});
    emit changed();
}

void ExplainForm::setCost(const QString& sentence)
{
    // A long sentence (an error) gives way rather than widen the page; whole in the tooltip.
    m_cost->setText(m_cost->fontMetrics().elidedText(sentence, Qt::ElideRight, 220));
    m_cost->setToolTip(sentence);
}

void ExplainForm::setRunning(bool running)
{
    m_button->setText(running ? tr("Stop") : tr("Explain"));
    for (const Field& field : m_fields)
        field.widget->setEnabled(!running);
    m_background->setEnabled(!running);
}

void ExplainForm::compareWith(std::vector<std::size_t> rows)
{
    m_background->setRows(std::move(rows));
    emit asked();
}

} // namespace limpid
