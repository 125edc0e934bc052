#include "ui/models/ReportDialog.h"

#include "core/workbench/ExplainMethods.h"
#include "core/workbench/KeptExplanation.h"
#include "ui/session/KeptTexts.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/theme/Theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <set>

namespace limpid {

namespace {

constexpr int costDelayMs = 300;    // after the last change

/// A kept explanation of the version, in words.
struct Choice {
    qint64 id = 0;
    QString text;
    bool columns = false, chosen = false;   ///< chosen: the newest of its method
};

std::vector<Choice> choicesOf(const Workspace& workspace, const ModelVersion& version)
{
    std::vector<Choice> choices;
    std::set<QString> methods;
    for (const ExplanationRecord& record : workspace.explanations()) {
        if (record.model != version.model || record.version != version.version)
            continue;
        try {
            const KeptQuestion question = questionOf(record);
            const QString method = keptMethodText(question);
            QString text = QStringLiteral("%1 · %2 · %3").arg(method, keptRowsText(question), keptDateText(record.createdMs));
            if (!record.name.empty())
                text.prepend(QStringLiteral("“%1” · ").arg(QString::fromStdString(record.name)));
            const bool first = methods.size() < ReportQuestion::mostKept && methods.insert(method).second;
            choices.push_back({record.id, text, !question.words, first});
        } catch (const Error&) {
            // What can't be read can't be told.
        }
    }
    return choices;
}

} // namespace

ReportDialog::ReportDialog(Session& session, ModelVersion version, QWidget* parent)
    : QDialog(parent), m_session(session), m_version(std::move(version)), m_kept(new QListWidget(this)), m_explain(new QCheckBox(tr("Explain the first 200 rows anew, by"), this)),
      m_quality(new QCheckBox(tr("Measure how far the first explanation can be trusted"), this)), m_method(new QComboBox(this)), m_effects(new QComboBox(this)),
      m_columns(new QSpinBox(this)), m_cost(new QLabel(this)), m_write(new QPushButton(tr("Choose file…"), this))
{
    setObjectName("reportOptions");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Report of %1, version %2").arg(QString::fromStdString(m_version.model)).arg(m_version.version));
    resize(620, 420);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::gap);
    auto* always = new QLabel(tr("Data, network, curves, figures and every setting are in it always."), this);
    always->setProperty("role", "dim");
    always->setWordWrap(true);
    layout->addWidget(always);
    auto* kept = new QLabel(tr("Kept explanations to tell, as they were:"), this);
    kept->setBuddy(m_kept);
    layout->addWidget(kept);
    m_kept->setObjectName("report.kept");
    m_kept->setAccessibleName(kept->text());
    layout->addWidget(m_kept, 1);

    const auto row = [&](std::initializer_list<QWidget*> widgets) {
        auto* line = new QHBoxLayout;
        for (QWidget* widget : widgets)
            line->addWidget(widget);
        line->addStretch(1);
        layout->addLayout(line);
    };
    m_explain->setObjectName("report.explain");
    m_method->setObjectName("report.method");
    m_method->setAccessibleName(tr("Method"));
    for (const ExplainMethod& method : explainMethods())
        if (method.about == ExplainMethod::About::Rows)
            m_method->addItem(methodName(method.name), QString::fromStdString(method.name));
    m_method->setCurrentIndex(std::max(0, m_method->findData(QString::fromStdString(ReportQuestion().method))));
    row({m_explain, m_method});
    auto* effects = new QLabel(tr("Effects of so many of the columns that matter most:"), this);
    effects->setBuddy(m_columns);
    m_columns->setObjectName("report.columns");
    m_columns->setRange(0, 20);
    m_columns->setSpecialValueText(tr("None"));
    m_columns->setValue(static_cast<int>(ReportQuestion().effectColumns));
    m_effects->setObjectName("report.effects");
    m_effects->setAccessibleName(tr("How effects are measured"));
    for (const EffectMethod method : {EffectMethod::PartialDependence, EffectMethod::Ale})
        m_effects->addItem(methodName(effectMethodName(method)), QVariant::fromValue(static_cast<int>(method)));
    row({effects, m_columns, m_effects});
    m_quality->setObjectName("report.quality");
    row({m_quality});
    m_cost->setObjectName("report.cost");
    m_cost->setProperty("role", "dim");
    m_cost->setWordWrap(true);
    layout->addWidget(m_cost);

    auto* cancel = new QPushButton(tr("Cancel"), this);
    m_write->setObjectName("report.write");
    m_write->setProperty("role", "primary");
    m_write->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_write);
    layout->addLayout(buttons);
    connect(m_write, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_kept, &QListWidget::itemChanged, this, &ReportDialog::changed);
    connect(m_explain, &QCheckBox::toggled, this, &ReportDialog::changed);
    connect(m_quality, &QCheckBox::toggled, this, &ReportDialog::changed);
    connect(m_columns, &QSpinBox::valueChanged, this, &ReportDialog::changed);
    for (QComboBox* box : {m_method, m_effects})
        connect(box, &QComboBox::currentIndexChanged, this, &ReportDialog::changed);
    m_costTimer.setSingleShot(true);
    m_costTimer.setInterval(costDelayMs);
    connect(&m_costTimer, &QTimer::timeout, this, &ReportDialog::askCost);
    m_write->setEnabled(false);
    changed();
    readKept();
}

ReportDialog::~ReportDialog()
{
    if (m_job != 0)
        m_session.jobs().queue().cancel(m_job);
}

void ReportDialog::readKept()
{
    if (!m_session.workspace())
        return;
    JobRunner::Options options;
    options.kind = "read";
    options.subject = m_version.model;
    m_session.jobs().run(
        options, this, [workspace = m_session.workspace(), version = m_version](Task&) { return choicesOf(*workspace, version); },
        [this](const std::vector<Choice>& choices) {
            bool columns = false;
            for (const Choice& choice : choices) {
                auto* item = new QListWidgetItem(choice.text, m_kept);
                item->setToolTip(choice.text);
                item->setData(Qt::UserRole, choice.id);
                item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
                item->setCheckState(choice.chosen ? Qt::Checked : Qt::Unchecked);
                columns = columns || (choice.chosen && choice.columns);
            }
            if (choices.empty()) {
                auto* none = new QListWidgetItem(tr("None is kept of this version. What the Explain page finishes is kept by itself."), m_kept);
                none->setFlags(Qt::NoItemFlags);
            }
            m_explain->setChecked(!columns);
            m_read = true;
            changed();
        },
        [this](const std::exception_ptr& failed) {
            m_cost->setText(sentenceOf(failed));
            m_read = true;
            m_write->setEnabled(true);
        });
}

ReportQuestion ReportDialog::question() const
{
    ReportQuestion question;
    question.kept.emplace();
    for (int i = 0; i < m_kept->count(); ++i)
        if (const QListWidgetItem* item = m_kept->item(i); item->checkState() == Qt::Checked && item->data(Qt::UserRole).isValid())
            question.kept->push_back(item->data(Qt::UserRole).toLongLong());
    question.explain = m_explain->isChecked();
    question.method = m_method->currentData().toString().toStdString();
    question.effectColumns = static_cast<std::size_t>(m_columns->value());
    question.effects = static_cast<EffectMethod>(m_effects->currentData().toInt());
    question.quality = m_quality->isChecked();
    return question;
}

void ReportDialog::changed()
{
    m_method->setEnabled(m_explain->isChecked());
    m_effects->setEnabled(m_columns->value() > 0);
    m_write->setEnabled(m_read);
    ++m_token; // an older answer is none any more
    if (m_read)
        m_costTimer.start();
}

void ReportDialog::askCost()
{
    if (!m_session.workspace())
        return;
    if (m_job != 0)
        m_session.jobs().queue().cancel(std::exchange(m_job, 0));
    JobRunner::Options options;
    options.kind = "estimate";
    options.subject = m_version.model;
    options.lane = JobQueue::Lane::Background;
    const std::uint64_t token = ++m_token;
    m_cost->setText(tr("What it takes is being estimated…"));
    m_job = m_session.jobs().run(
        options, this, [workspace = m_session.workspace(), version = m_version, asked = question()](Task& task) { return estimateReport(*workspace, version, asked, task); },
        [this, token](const ReportCost& cost) {
            if (token != m_token)
                return;
            m_job = 0;
            m_cost->setText(cost.quality > 0.0 ? tr("It takes %1, estimated, of which measuring how far it can be trusted takes %2.").arg(durationText(cost.all()), durationText(cost.quality))
                                               : tr("It takes %1, estimated.").arg(durationText(cost.all())));
        },
        [this, token](const std::exception_ptr& failed) {
            if (token == m_token)
                m_cost->setText(sentenceOf(failed));
        });
}

} // namespace limpid
