#include "ui/explain/WhatIfPanel.h"

#include "core/data/Cells.h"
#include "ui/session/Session.h"
#include "ui/text/CounterfactualTexts.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/RowList.h"
#include "ui/widgets/Scrolled.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QSlider>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr int sliderSteps = 1000;
constexpr std::size_t mostEditors = 200;   // a picture's thousands of pixels are nothing to type
constexpr int shownOutputs = 5;
constexpr int labelWidth = 134;

bool isNumber(TaskKind task) { return task == TaskKind::Regression || task == TaskKind::MultiRegression; }

} // namespace

WhatIfPanel::WhatIfPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_outputs(new QStandardItemModel(this)), m_outputsView(new QTableView(this)), m_status(new QLabel(this))
{
    setObjectName("whatIf");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    setUpRowList(m_outputsView);
    m_outputsView->setObjectName("whatIf.outputs");
    m_outputsView->setAccessibleName(tr("The prediction before and now"));
    m_outputsView->setModel(m_outputs);
    m_outputsView->setSelectionMode(QAbstractItemView::NoSelection);
    m_outputsView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_outputsView->setFocusPolicy(Qt::NoFocus);
    column->addWidget(m_outputsView);
    m_status->setObjectName("whatIf.status");
    m_status->setWordWrap(true);
    m_status->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_status->setMinimumHeight(2 * m_status->fontMetrics().lineSpacing()); // what comes below does not jump
    column->addWidget(m_status);
    m_fields = new QWidget(this);
    m_grid = new QGridLayout(m_fields);
    m_grid->setContentsMargins(0, 0, 4, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnMinimumWidth(0, labelWidth);
    m_grid->setColumnStretch(1, 1);
    m_area = scrolled(m_fields, this);
    column->addWidget(m_area, 1);
}

WhatIfPanel::~WhatIfPanel() { m_session.jobs().queue().cancel(m_job); }

void WhatIfPanel::clear()
{
    m_session.jobs().queue().cancel(m_job);
    ++m_token;
    m_asking = m_again = false;
    m_outcome.reset();
    m_model.reset();
    m_cells.clear();
    m_outputs->clear();
    m_status->clear();
    for (const Editor& editor : m_editors)
        for (QWidget* widget : {static_cast<QWidget*>(editor.label), static_cast<QWidget*>(editor.slider), static_cast<QWidget*>(editor.edit), static_cast<QWidget*>(editor.combo)})
            delete widget;
    m_editors.clear();
}

void WhatIfPanel::setRow(std::shared_ptr<const CounterfactualOutcome> outcome, std::shared_ptr<const LoadedModel> model)
{
    clear();
    m_outcome = std::move(outcome);
    m_model = std::move(model);
    m_cells = m_outcome->asked.cells;
    m_outputs->setColumnCount(3);
    m_outputs->setHorizontalHeaderLabels({tr("Output"), tr("Before"), tr("Now")});
    m_outputs->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int i = 1; i < 3; ++i)
        m_outputs->horizontalHeaderItem(i)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    for (const std::string& name : m_outcome->outputs) {
        QList<QStandardItem*> line{new QStandardItem(QString::fromStdString(name)), new QStandardItem, new QStandardItem};
        for (int i = 1; i < 3; ++i)
            line[i]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_outputs->appendRow(line);
    }
    const int lines = std::min(shownOutputs, m_outputs->rowCount());
    m_outputsView->setFixedHeight(m_outputsView->horizontalHeader()->sizeHint().height() + lines * Theme::row + 2);
    m_filling = true;
    for (std::size_t i = 0; i < std::min(mostEditors, m_outcome->columns.size()); ++i)
        addEditor(i);
    m_filling = false;
    m_grid->setRowStretch(static_cast<int>(m_editors.size()), 1);
    setCells(m_cells);
}

void WhatIfPanel::addEditor(std::size_t column)
{
    const EffectColumn& given = m_outcome->columns[column];
    const ColumnScale& scale = m_outcome->scales[column];
    const QString name = QString::fromStdString(given.name);
    const int line = static_cast<int>(column);
    Editor editor;
    editor.label = new QLabel(m_fields);
    editor.label->setTextFormat(Qt::RichText); // what is changed is bold, see showCell()
    editor.label->setToolTip(name);
    m_grid->addWidget(editor.label, line, 0);
    if (given.type == ColumnType::Category || given.type == ColumnType::Boolean) {
        editor.combo = new QComboBox(m_fields);
        editor.combo->setObjectName(QStringLiteral("whatIf.") + name);
        editor.combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        for (const std::string& level : given.levels)
            editor.combo->addItem(QString::fromStdString(level), QString::fromStdString(level));
        if (scale.missing || m_outcome->asked.cells[column].empty())
            editor.combo->addItem(tr("missing"), QString());
        m_grid->addWidget(editor.combo, line, 1, 1, 2);
        connect(editor.combo, &QComboBox::currentIndexChanged, this, [this, column, combo = editor.combo] { change(column, combo->currentData().toString()); });
        editor.label->setBuddy(editor.combo);
        editor.combo->setAccessibleName(name);
    } else {
        editor.edit = new QLineEdit(m_fields);
        editor.edit->setObjectName(QStringLiteral("whatIf.") + name);
        editor.edit->setPlaceholderText(tr("missing"));
        editor.edit->setAccessibleName(name);
        connect(editor.edit, &QLineEdit::textChanged, this, [this, column](const QString& text) { change(column, text.trimmed()); });
        const bool slides = given.type == ColumnType::Number && scale.any && scale.most > scale.least;
        if (slides) {
            editor.slider = new QSlider(Qt::Horizontal, m_fields);
            editor.slider->setObjectName(QStringLiteral("whatIf.slider.") + name);
            editor.slider->setAccessibleName(name);
            const std::int64_t places = scale.position(scale.most) - scale.position(scale.least);
            editor.slider->setRange(0, static_cast<int>(std::clamp<std::int64_t>(places, 1, sliderSteps)));
            editor.slider->setPageStep(std::max(1, editor.slider->maximum() / 10));
            editor.slider->setToolTip(tr("Observed: %1 to %2").arg(QString::fromStdString(cellText(given, scale.least)), QString::fromStdString(cellText(given, scale.most))));
            connect(editor.slider, &QSlider::valueChanged, this, [this, column](int place) {
                if (!m_filling)
                    m_editors[column].edit->setText(QString::fromStdString(cellText(m_outcome->columns[column], sliderValue(column, place))));
            });
            m_grid->addWidget(editor.slider, line, 1);
            editor.edit->setFixedWidth(84);
            m_grid->addWidget(editor.edit, line, 2);
        } else {
            m_grid->addWidget(editor.edit, line, 1, 1, 2);
        }
        editor.label->setBuddy(editor.edit);
    }
    m_editors.push_back(editor);
    for (QWidget* widget : {static_cast<QWidget*>(editor.label), static_cast<QWidget*>(editor.slider), static_cast<QWidget*>(editor.edit), static_cast<QWidget*>(editor.combo)})
        if (widget)
            widget->show();
}

int WhatIfPanel::sliderPlace(std::size_t column, double value) const
{
    const ColumnScale& scale = m_outcome->scales[column];
    const double least = static_cast<double>(scale.position(scale.least)), most = static_cast<double>(scale.position(scale.most));
    const double share = (static_cast<double>(scale.position(std::clamp(value, scale.least, scale.most))) - least) / (most - least);
    return static_cast<int>(std::lround(share * m_editors[column].slider->maximum()));
}

double WhatIfPanel::sliderValue(std::size_t column, int place) const
{
    const ColumnScale& scale = m_outcome->scales[column];
    const std::int64_t least = scale.position(scale.least), most = scale.position(scale.most);
    const double share = static_cast<double>(place) / m_editors[column].slider->maximum();
    return scale.valueAt(least + std::llround(share * static_cast<double>(most - least)));
}

void WhatIfPanel::showCell(std::size_t column)
{
    const Editor& editor = m_editors[column];
    const bool before = std::exchange(m_filling, true);
    const QString text = QString::fromStdString(m_cells[column]);
    if (editor.combo)
        editor.combo->setCurrentIndex(editor.combo->findData(text));
    if (editor.edit && editor.edit->text().trimmed() != text)
        editor.edit->setText(text);
    if (editor.slider)
        if (const NumberCell number = parseNumber(m_cells[column]); number.kind == NumberKind::Finite)
            editor.slider->setValue(sliderPlace(column, number.value));
    const QString name = editor.label->fontMetrics().elidedText(editor.label->toolTip(), Qt::ElideMiddle, labelWidth - 10).toHtmlEscaped();
    const bool isChanged = m_cells[column] != m_outcome->asked.cells[column];
    editor.label->setText(isChanged ? QStringLiteral("<b>%1</b>").arg(name) : name);
    m_filling = before;
}

void WhatIfPanel::change(std::size_t column, const QString& text)
{
    if (m_filling || m_cells[column] == text.toStdString())
        return;
    m_cells[column] = text.toStdString();
    showCell(column);
    ask();
}

void WhatIfPanel::setCells(const std::vector<std::string>& cells)
{
    if (!m_outcome)
        return;
    m_cells = cells;
    for (std::size_t column = 0; column < m_editors.size(); ++column)
        showCell(column);
    ask();
}

void WhatIfPanel::reset()
{
    if (m_outcome)
        setCells(m_outcome->asked.cells);
}

QString WhatIfPanel::problem() const
{
    for (std::size_t column = 0; column < m_editors.size(); ++column) {
        if (m_cells[column].empty())
            continue;
        const QString name = QString::fromStdString(m_outcome->columns[column].name), cell = QString::fromStdString(m_cells[column]);
        if (m_outcome->columns[column].type == ColumnType::Number && parseNumber(m_cells[column]).kind != NumberKind::Finite)
            return tr("“%1” in “%2” is not a number.").arg(cell, name);
        if (m_outcome->columns[column].type == ColumnType::DateTime && !parseDateTime(m_cells[column]))
            return tr("“%1” in “%2” is not a date. Write it as 2001-01-31.").arg(cell, name);
    }
    return {};
}

void WhatIfPanel::ask()
{
    const QString wrong = problem();
    if (!wrong.isEmpty()) {
        m_status->setText(wrong);
        showAnswer(nullptr);
        m_again = false;
        return;
    }
    if (m_asking) {
        m_again = true;
        return;
    }
    if (m_cells == m_outcome->asked.cells) { // known, and to the bit
        showAnswer(&m_outcome->asked);
        return;
    }
    m_asking = true;
    m_again = false;
    JobRunner::Options options;
    options.kind = "what-if";
    options.tellCancelled = true; // it can be stopped among the jobs: the next change asks again
    m_job = m_session.jobs().run(
        options, this,
        [model = m_model, cells = m_cells, output = m_outcome->output](Task& task) { return answerOfCells(*model->predictor, cells, output, task); },
        [this, token = m_token](const RowAnswer& answer) {
            if (token != m_token)
                return;
            m_asking = false;
            if (m_again || answer.cells != m_cells) {
                if (problem().isEmpty())
                    ask();
                return;
            }
            showAnswer(&answer);
        },
        [this, token = m_token](const std::exception_ptr& failure) {
            if (token != m_token)
                return;
            m_asking = false;
            showAnswer(nullptr);
            const QString sentence = sentenceOf(failure);
            m_status->setText(sentence.isEmpty() ? tr("Stopped. The next change asks again.") : sentence);
            if (m_again)
                ask();
        });
}

void WhatIfPanel::showAnswer(const RowAnswer* now)
{
    const auto text = [this](double value) {
        return isNumber(m_outcome->task) ? numberText(value) : tr("%1 %").arg(QLocale().toString(100.0 * value, 'f', 1));
    };
    for (int i = 0; i < m_outputs->rowCount(); ++i) {
        const auto output = static_cast<std::size_t>(i);
        m_outputs->item(i, 1)->setText(text(m_outcome->asked.outputs[output]));
        m_outputs->item(i, 2)->setText(now ? text(now->outputs[output]) : QStringLiteral("–"));
    }
    if (!now)
        return;
    const auto prediction = [this](const RowAnswer& answer) { return predictionText(m_outcome->task, answer.predicted, answer.outputs, m_outcome->output); };
    const QString before = prediction(m_outcome->asked), after = prediction(*now);
    m_status->setText(now->cells == m_outcome->asked.cells ? tr("Predicted: %1. Change a value to see what happens.").arg(before)
                                                            : tr("%1 → %2").arg(before, after));
}

} // namespace limpid
