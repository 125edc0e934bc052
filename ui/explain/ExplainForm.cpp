#include "ui/explain/ExplainForm.h"

#include "core/workbench/ExplainMethods.h"
#include "core/workbench/ExplainText.h"
#include "ui/explain/BackgroundField.h"
#include "ui/explain/CohortBook.h"
#include "ui/explain/CohortsDialog.h"
#include "ui/explain/ColumnList.h"
#include "ui/explain/MethodOptions.h"
#include "ui/explain/PlayersButton.h"
#include "ui/explain/VersionBox.h"
#include "ui/explain/WantedFields.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/text/ResourceTexts.h"
#include "ui/widgets/ElidedLabel.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <limits>

namespace limpid {

ExplainForm::ExplainForm(Session& session, CohortBook& cohorts, QWidget* parent)
    : QWidget(parent), m_session(session), m_grid(new QGridLayout(this)), m_version(new VersionBox(session, this)), m_players(new QComboBox(this)), m_text(new QComboBox(this)), m_method(new QComboBox(this)),
      m_column(new QComboBox(this)), m_space(new QComboBox(this)), m_wanted(new WantedFields(this)), m_playersLabel(new QLabel(tr("Players"), this)), m_options(new MethodOptions(this)), m_first(new QSpinBox(this)), m_rows(new QSpinBox(this)),
      m_budget(new QSpinBox(this)), m_top(new QSpinBox(this)), m_sample(new QSpinBox(this)), m_repeats(new QSpinBox(this)),
      m_depth(new QSpinBox(this)), m_row(new QSpinBox(this)), m_alternatives(new QSpinBox(this)), m_locked(new ColumnList(QStringLiteral("lockedColumns"), tr("Columns that must not change"), tr("None"), this)),
      m_background(new BackgroundField(this)), m_cohorts(cohorts), m_groups(new PlayersButton(session, this)), m_which(new QComboBox(this)), m_manage(new QPushButton(tr("Cohorts…"), this)),
      m_cost(new QLabel(this)), m_costMore(new ElidedLabel(this)), m_second(new QHBoxLayout), m_third(new QHBoxLayout), m_button(new QPushButton(tr("Explain"), this)), m_kept(new QPushButton(tr("Kept"), this))
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
        for (QWidget* widget : {static_cast<QWidget*>(text), field})
            widget->setMaximumWidth(width * 7 / 4); // so that it stays where it is, however few a method has
        m_grid->addWidget(text, 0, column);
        m_grid->addWidget(field, 1, column);
        m_fields.push_back({text, field, column, width});
    };
    m_column->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_row->setRange(0, 0);
    m_alternatives->setRange(1, 10);
    m_alternatives->setValue(static_cast<int>(CounterfactualRequest().alternatives));
    m_text->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    fillPlayers();
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
    m_players->setObjectName("explain.players");
    m_players->setToolTip(tr("Whose share of a prediction is shown: that of whole columns, of the words of a text, or of a picture's pixels or superpixels, patches of pixels that are alike."));
    m_players->setAccessibleName(m_playersLabel->text());
    m_players->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_playersLabel->setProperty("role", "label");
    m_playersLabel->setBuddy(m_players);
    m_playersLabel->setToolTip(m_players->toolTip());
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
    place("target", tr("Target"), tr("Which of the model's targets is to be predicted otherwise."), m_wanted->target(), 100);
    place("wanted", tr("Wanted"), tr("The prediction to reach."), m_wanted->wanted(), 110);
    place("number", tr("Number"), tr("The number to reach, in the target's unit."), m_wanted->number(), 80);
    place("locked", tr("Locked"), tr("Columns that must not change."), m_locked, 110);
    place("alternatives", tr("Alternatives"), tr("How many rows to find at most. Usual: 3 to 5."), m_alternatives, 60);
    place("space", tr("Output"),
          tr("Raw: log-odds for classes, the target's own unit for numbers. Probability: of each class."), m_space, 108);
    m_cost->setProperty("role", "label");
    m_cost->setObjectName("explain.cost");
    m_cost->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_button->setProperty("role", "primary");
    m_button->setObjectName("explain.start");
    const int last = static_cast<int>(m_fields.size()) + 1; // after a column that takes what the fields leave
    m_grid->setColumnStretch(last - 1, 1);
    m_grid->addWidget(m_cost, 0, last);
    m_kept->setObjectName("explain.kept");
    m_kept->setToolTip(tr("Explanations that were kept: to look at again as they were, to name, to delete."));
    m_grid->addWidget(m_button, 1, last);
    m_grid->addWidget(m_kept, 2, last); // beside the other it would widen the page
    m_cost->setMinimumWidth(104);
    m_which->setObjectName("explain.which");
    m_which->setAccessibleName(tr("Which rows"));
    m_which->setToolTip(tr("Which rows are explained: a range of the table, or the first rows of a cohort."));
    m_which->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_which->setMinimumWidth(70); // a name may be long, and a window narrow
    m_which->setMaximumWidth(190);
    m_manage->setObjectName("explain.cohorts");
    m_manage->setToolTip(tr("Rows under a name: made of conditions, renamed, deleted, explained or compared with."));
    m_second->setSpacing(8);
    m_second->addWidget(m_groups);
    m_second->addWidget(m_which);
    m_second->addWidget(m_background);
    m_costMore->setProperty("role", "label");
    m_costMore->setObjectName("explain.costMore");
    m_costMore->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_costMore->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_second->addWidget(m_manage);
    m_second->addWidget(m_costMore);
    m_grid->addLayout(m_second, 2, 0, 1, last);
    m_third->setSpacing(8);
    m_third->addStretch(1);
    m_grid->addLayout(m_third, 3, 0, 1, last + 1);

    connect(m_players, &QComboBox::activated, this, [this] { m_wantedPlayers = m_players->currentData().toString(); });
    connect(m_players, &QComboBox::currentIndexChanged, this, &ExplainForm::fillMethods);
    connect(m_method, &QComboBox::currentIndexChanged, this, &ExplainForm::showFields);
    connect(m_wanted, &WantedFields::changed, this, &ExplainForm::changed);
    connect(m_wanted, &WantedFields::targetChanged, this, &ExplainForm::showFields);
    connect(m_locked, &ColumnList::changed, this, [this] { emit changed(); });
    connect(m_options, &MethodOptions::changed, this, [this] {
        showFields();
        keep();
    });
    for (QComboBox* combo : {m_players, m_text, m_method, m_column, m_space})
        connect(combo, &QComboBox::activated, this, [this] { keep(); });
    for (QSpinBox* spin : {m_first, m_rows, m_budget, m_top, m_sample, m_repeats, m_depth, m_row, m_alternatives})
        connect(spin, &QSpinBox::valueChanged, this, [this] {
            limitRows();
            keep();
        });
    connect(m_background, &BackgroundField::changed, this, &ExplainForm::keep);
    connect(m_groups, &PlayersButton::changed, this, &ExplainForm::changed);
    connect(m_manage, &QPushButton::clicked, this, &ExplainForm::openCohorts);
    connect(m_which, &QComboBox::activated, this, [this] {
        m_wantedCohort = m_which->currentData().toString();
        showFields();
        keep();
    });
    connect(&cohorts, &CohortBook::changed, this, &ExplainForm::fillCohorts);
    m_background->setCohorts(&cohorts);
    fillCohorts();
    connect(m_background, &BackgroundField::rowsDropped, this, &ExplainForm::asked);
    connect(m_version, &VersionBox::versionChanged, this, &ExplainForm::changed);
    connect(&session, &Session::explainRequested, this, [this](const QString& version) {
        m_version->choose(version);
    });
    connect(&session, &Session::dataChanged, this, [this] {
        limitRows();
        if (!m_restoring)
            emit changed();
    });
    connect(&session, &Session::workspaceOpened, this, &ExplainForm::restore);
    limitRows();
    restore();
    m_wanted->setTargets({});
}

void ExplainForm::fillMethods()
{
    std::vector<std::string> names;
    for (const ExplainMethod& method : explainMethods())
        names.push_back(method.name);
    if (ofWords())
        names = textMethods();
    if (ofSuperpixels())
        names = superpixelMethods();
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

bool ExplainForm::ofSuperpixels() const { return m_pictures && m_players->currentData().toString() == QLatin1String("superpixels"); }

void ExplainForm::fillPlayers()
{
    {
        const QSignalBlocker quiet(m_players); // an empty list is no choice
        m_players->clear();
        m_players->addItem(m_pictures ? tr("Pixels") : tr("Columns"), "columns");
        if (m_text->count() > 0)
            m_players->addItem(tr("Words"), "words");
        if (m_pictures)
            m_players->addItem(tr("Superpixels"), "superpixels");
        m_players->setCurrentIndex(std::max(0, m_players->findData(m_wantedPlayers)));
    }
    fillMethods();
}

void ExplainForm::setTexts(const QStringList& columns, bool pictures)
{
    const bool before = ofWords(), wereSuperpixels = ofSuperpixels();
    m_pictures = pictures;
    const QString chosen = m_text->currentText();
    m_text->clear();
    m_text->addItems(columns);
    m_text->setCurrentIndex(std::max(0, m_text->findText(chosen)));
    fillPlayers();
    if (before != ofWords() || wereSuperpixels != ofSuperpixels() || chosen != m_text->currentText())
        emit changed();
}

void ExplainForm::setModel(const Pipeline& pipeline, bool pictures, const std::vector<std::string>& pictureLayers)
{
    QStringList columns;
    for (const FeatureGroup& group : pipeline.groups())
        columns << QString::fromStdString(group.column);
    m_locked->setItems(columns);
    m_groups->setColumns(columns);
    QStringList layers;
    for (const std::string& layer : pictureLayers)
        layers << QString::fromStdString(layer);
    m_options->setModel(columns, layers);
    m_wanted->setTargets(pipeline.targets());
    const QString before = m_column->currentText();
    m_column->clear();
    m_column->addItems(columns);
    m_column->setCurrentIndex(std::max(0, m_column->findText(before)));
    QStringList texts;
    for (const std::string& text : textColumns(pipeline))
        texts << QString::fromStdString(text);
    setTexts(texts, pictures);
}

void ExplainForm::showFields()
{
    const bool words = ofWords();
    // Every method of words tries texts.
    const ExplainMethod method = words ? ExplainMethod{this->method(), ExplainMethod::About::Rows, this->method() != "exact" && this->method() != "occlusion"}
                                       : explainMethod(this->method());
    const bool rows = method.about == ExplainMethod::About::Rows, columns = method.about == ExplainMethod::About::Columns, row = method.about == ExplainMethod::About::Row;
    const auto heeded = [&](const QWidget* widget) {
        if (widget == m_text)
            return words && m_text->count() > 1;
        if (widget == m_row || widget == m_wanted->wanted() || widget == m_locked || widget == m_alternatives)
            return row;
        if (widget == m_wanted->target())
            return row && m_wanted->hasTargets();
        if (widget == m_wanted->number())
            return row && m_wanted->isNumber();
        if (widget == m_first)
            return rows && (words || !cohort());
        if (widget == m_rows)
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
    using Players = MethodOptions::Players;
    m_options->showFor(method.name, words ? Players::Words : ofSuperpixels() ? Players::Superpixels : m_pictures ? Players::Pixels : Players::Columns);
    const bool compares = rows && !words && m_options->usesBackground();
    const bool chooses = m_players->count() > 1;
    m_playersLabel->setVisible(chooses);
    m_players->setVisible(chooses);
    m_background->setVisible(compares);
    m_manage->setVisible(rows && !words);
    m_which->setVisible(rows && !words && m_which->count() > 1);
    m_groups->setVisible(compares && groupsPlay());
    // Players and the method's own settings stand in the second line where it is free.
    const bool free = !compares && m_manage->isHidden();
    int place = 0;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_playersLabel, m_players, m_options}) {
        m_third->removeWidget(widget);
        m_second->removeWidget(widget);
        (free ? m_second : m_third)->insertWidget(place++, widget);
    }
    m_grid->setRowMinimumHeight(2, std::max(m_kept->sizeHint().height(), m_background->sizeHint().height()) + 6);
    m_grid->setRowMinimumHeight(3, !free && (chooses || !m_options->isNone()) ? m_players->sizeHint().height() + 6 : 0);
    for (const Field& field : m_fields) {
        if (field.widget == m_method) {
            field.label->setToolTip(methodHelp(method.name));
            field.widget->setToolTip(methodHelp(method.name));
        }
    }
}

std::optional<ModelVersion> ExplainForm::version() const { return m_version->version(); }

std::string ExplainForm::method() const { return m_method->currentData().toString().toStdString(); }

CounterfactualRequest ExplainForm::counterfactualRequest() const
{
    CounterfactualRequest request;
    request.row = static_cast<std::size_t>(m_row->value());
    request.seed = m_session.request().train.seed;
    request.alternatives = static_cast<std::size_t>(m_alternatives->value());
    for (const QString& column : m_locked->checked())
        request.locked.push_back(column.toStdString());
    m_wanted->apply(request);
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
        m_options->apply(request);
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
    if (groupsPlay())
        request.groups = m_groups->playing();
    if (const NamedCohort* named = cohort()) {
        request.rows = named->rows;
        request.rows.resize(std::min(named->rows.size(), static_cast<std::size_t>(m_rows->value())));
    }
    m_options->apply(request);
    return request;
}

/// Nobody names groups of a picture's pixels: it has superpixels.
bool ExplainForm::groupsPlay() const { return isOfRows() && !m_pictures && takesGroups(method()); }

bool ExplainForm::isOfRows() const { return !ofWords() && explainMethod(method()).about == ExplainMethod::About::Rows; }

const NamedCohort* ExplainForm::cohort() const { return m_cohorts.usable(m_which->currentData().toString()); }

QString ExplainForm::cohortAsked() const { return isOfRows() && cohort() ? QString::fromStdString(cohort()->name) : QString(); }

QString ExplainForm::groupsAsked() const
{
    const ColumnGroups groups = m_groups->playing();
    if (groups.empty() || !groupsPlay())
        return {};
    QStringList names;
    for (const ColumnGroup& group : groups)
        names << QString::fromStdString(group.name);
    return tr("Players: %1 (%2)").arg(playersText(static_cast<int>(m_groups->columns().size()), groups), names.join(QStringLiteral(", ")));
}

void ExplainForm::fillCohorts()
{
    m_which->clear();
    m_which->addItem(tr("A range of rows"), QString());
    for (const CohortBook::Entry& entry : m_cohorts.entries())
        if (entry.usable)
            m_which->addItem(tr("“%1”, %2 rows").arg(QString::fromStdString(entry.cohort.name), countText(static_cast<qint64>(entry.cohort.rows.size()))), QString::fromStdString(entry.cohort.name));
    m_which->setCurrentIndex(std::max(0, m_which->findData(m_wantedCohort)));
    m_manage->setText(m_which->count() > 1 ? tr("Cohorts: %1…").arg(countText(m_which->count() - 1)) : tr("Cohorts…"));
    showFields();
    if (!m_restoring)
        emit changed();
}

void ExplainForm::openCohorts()
{
    auto* dialog = new CohortsDialog(m_session, m_cohorts, window());
    connect(dialog, &CohortsDialog::explainAsked, this, [this](const QString& name) {
        m_wantedCohort = name;
        fillCohorts();
        keep();
    });
    connect(dialog, &CohortsDialog::compareAsked, m_background, &BackgroundField::chooseCohort);
    dialog->show();
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
        m_wantedPlayers = QString::fromStdString(kept.value("players", std::string("columns")));
        fillPlayers();
        if (const int at = m_method->findData(QString::fromStdString(kept.value("method", std::string()))); at >= 0)
            m_method->setCurrentIndex(at);
        if (const int at = m_space->findData(QString::fromStdString(kept.value("space", std::string()))); at >= 0)
            m_space->setCurrentIndex(at);
        m_background->restore(kept.value("background", nlohmann::json()));
        m_wantedCohort = QString::fromStdString(kept.value("cohort", std::string()));
        fillCohorts();
        m_options->restore(kept.value("options", nlohmann::json()));
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
    m_session.setViewValue("explain", {{"players", m_wantedPlayers.toStdString()},
                                       {"options", m_options->toJson()},
                                       {"method", m_method->currentData().toString().toStdString()},
                                       {"space", m_space->currentData().toString().toStdString()},
                                       {"first", m_first->value()},
                                       {"rows", m_rows->value()},
                                       {"background", m_background->toJson()},
                                       {"cohort", m_wantedCohort.toStdString()},
                                       {"budget", m_budget->value()},
                                       {"top", m_top->value()},
                                       {"sample", m_sample->value()},
                                       {"repeats", m_repeats->value()},
                                       {"depth", m_depth->value()},
                                       {"row", m_row->value()},
                                       {"alternatives", m_alternatives->value()}});
    emit changed();
}

void ExplainForm::setCost(const QString& sentence, const QString& more)
{
    m_cost->setText(sentence);
    m_costMore->setText(more);
    m_costMore->setToolTip(more.isEmpty() ? QString() : costHelp());
}

void ExplainForm::setProblem(const QString& sentence)
{
    setCost({});
    m_costMore->setText(sentence);
    m_costMore->setToolTip(sentence); // which is whole there
}

void ExplainForm::setRunning(bool running)
{
    m_button->setText(running ? tr("Stop") : tr("Explain"));
    for (const Field& field : m_fields)
        field.widget->setEnabled(!running);
    m_players->setEnabled(!running);
    m_options->setEnabled(!running);
    m_background->setLocked(running);
    m_which->setEnabled(!running);
    m_groups->setEnabled(!running && !m_groups->columns().isEmpty());
}

void ExplainForm::compareWith(std::vector<std::size_t> rows)
{
    m_background->setRows(std::move(rows));
    emit asked();
}

} // namespace limpid
