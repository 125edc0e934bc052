#include "ui/explain/ExplainForm.h"

#include "ui/session/Session.h"
#include "ui/text/Messages.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

#include <algorithm>
#include <limits>

namespace limpid {

namespace {

QString methodText(const std::string& method)
{
    if (method == "exact") return ExplainForm::tr("Exact");
    if (method == "kernel") return ExplainForm::tr("Kernel SHAP");
    if (method == "leverage") return ExplainForm::tr("Leverage SHAP");
    if (method == "permutation") return ExplainForm::tr("Permutation SHAP");
    return QString::fromStdString(method);
}

} // namespace

ExplainForm::ExplainForm(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_version(new QComboBox(this)), m_method(new QComboBox(this)), m_space(new QComboBox(this)),
      m_first(new QSpinBox(this)), m_rows(new QSpinBox(this)), m_background(new QSpinBox(this)), m_budget(new QSpinBox(this)),
      m_cost(new QLabel(this)), m_button(new QPushButton(tr("Explain"), this))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(2);
    const auto place = [this, grid](int column, const QString& name, const QString& label, const QString& help, QWidget* field, int width) {
        auto* text = new QLabel(label, this);
        text->setProperty("role", "label");
        text->setBuddy(field);
        text->setToolTip(help);
        field->setToolTip(help);
        field->setAccessibleName(label);
        field->setObjectName(QStringLiteral("explain.") + name);
        field->setMinimumWidth(width);
        grid->addWidget(text, 0, column);
        grid->addWidget(field, 1, column);
        grid->setColumnStretch(column, width);
    };
    m_version->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const std::string& method : shapleyMethods())
        m_method->addItem(methodText(method), QString::fromStdString(method));
    m_method->setCurrentIndex(std::max(0, m_method->findData("leverage")));
    m_space->addItem(tr("Raw"), "raw");
    m_space->addItem(tr("Probability"), "probability");
    m_first->setRange(0, 0);
    m_rows->setRange(1, 1);
    m_background->setRange(1, 10'000);
    m_background->setValue(100);
    m_budget->setRange(0, 1'000'000);
    m_budget->setSpecialValueText(tr("Automatic"));
    for (QSpinBox* spin : {m_first, m_rows, m_background, m_budget}) {
        spin->setKeyboardTracking(false);
        spin->setGroupSeparatorShown(true);
    }
    place(0, "version", tr("Model"), tr("The version whose predictions are explained."), m_version, 106);
    place(1, "first", tr("From row"), tr("The first row of the table to explain, counted from 0."), m_first, 60);
    place(2, "rows", tr("Rows"), tr("How many rows to explain. Usual: 100 to 1000; more show rarer patterns and take longer."), m_rows, 60);
    place(3, "method", tr("Method"),
          tr("How Shapley values are found. Leverage SHAP is the most precise for its cost, Exact goes through all combinations of at "
             "most %1 columns, Kernel and Permutation SHAP are the well-known estimates.").arg(maxExactPlayers), m_method, 152);
    place(4, "background", tr("Background"),
          tr("How many rows stand for the average a prediction is compared with. Usual: 50 to 200."), m_background, 60);
    place(5, "budget", tr("Budget"),
          tr("How many combinations of columns are tried a row. More make the errors smaller. Usual: 256 to 4096; automatic is the method's own."), m_budget, 88);
    place(6, "space", tr("Output"),
          tr("Raw: log-odds for classes, the target's own unit for numbers. Probability: of each class."), m_space, 108);
    m_cost->setProperty("role", "label");
    m_cost->setObjectName("explain.cost");
    m_cost->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_button->setProperty("role", "primary");
    m_button->setObjectName("explain.start");
    grid->addWidget(m_cost, 0, 7);
    grid->addWidget(m_button, 1, 7);
    m_cost->setMinimumWidth(104);

    for (QComboBox* combo : {m_version, m_method, m_space})
        connect(combo, &QComboBox::activated, this, [this] { keep(); });
    for (QSpinBox* spin : {m_first, m_rows, m_background, m_budget})
        connect(spin, &QSpinBox::valueChanged, this, [this] {
            limitRows();
            keep();
        });
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

ExplainRequest ExplainForm::request() const
{
    ExplainRequest request;
    request.shapley.method = m_method->currentData().toString().toStdString();
    request.shapley.budget = static_cast<std::size_t>(m_budget->value());
    request.shapley.seed = m_session.request().train.seed;
    request.space = m_space->currentData().toString() == QLatin1String("probability") ? OutputSpace::Probability : OutputSpace::Raw;
    request.rowBegin = static_cast<std::size_t>(m_first->value());
    request.rowEnd = request.rowBegin + static_cast<std::size_t>(m_rows->value());
    request.background = static_cast<std::size_t>(m_background->value());
    return request;
}

void ExplainForm::limitRows()
{
    const bool before = std::exchange(m_restoring, true);
    const std::size_t all = m_session.data() ? m_session.data()->table().rows() : 0;
    const int rows = static_cast<int>(std::min<std::size_t>(all, std::numeric_limits<int>::max()));
    const bool first = m_rows->maximum() <= 1 && rows > 1;
    m_first->setMaximum(std::max(0, rows - 1));
    m_rows->setMaximum(std::max(1, rows - m_first->value()));
    if (first) {
        const nlohmann::json kept = m_session.viewValue("explain");
        m_rows->setValue(kept.is_object() ? kept.value("rows", 200) : 200);
        m_first->setValue(kept.is_object() ? kept.value("first", 0) : 0);
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
        if (const int at = m_method->findData(QString::fromStdString(kept.value("method", std::string()))); at >= 0)
            m_method->setCurrentIndex(at);
        if (const int at = m_space->findData(QString::fromStdString(kept.value("space", std::string()))); at >= 0)
            m_space->setCurrentIndex(at);
        m_background->setValue(kept.value("background", m_background->value()));
        m_budget->setValue(kept.value("budget", m_budget->value()));
        m_first->setValue(kept.value("first", m_first->value()));
        m_rows->setValue(kept.value("rows", m_rows->value()));
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
    m_session.setViewValue("explain", {{"method", m_method->currentData().toString().toStdString()},
                                       {"space", m_space->currentData().toString().toStdString()},
                                       {"first", m_first->value()},
                                       {"rows", m_rows->value()},
                                       {"background", m_background->value()},
                                       {"budget", m_budget->value()}});
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
    for (QWidget* field : {static_cast<QWidget*>(m_version), static_cast<QWidget*>(m_method), static_cast<QWidget*>(m_space),
                           static_cast<QWidget*>(m_first), static_cast<QWidget*>(m_rows), static_cast<QWidget*>(m_background),
                           static_cast<QWidget*>(m_budget)})
        field->setEnabled(!running);
}

} // namespace limpid
