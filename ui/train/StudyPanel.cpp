#include "ui/train/StudyPanel.h"

#include "core/workbench/Study.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/ParamTexts.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

namespace {

constexpr int fieldWidth = 116;

QString partsText(StudyKind kind, int parts)
{
    switch (kind) {
    case StudyKind::Folds: return StudyPanel::tr("%1 folds").arg(parts);
    case StudyKind::Repeats: return StudyPanel::tr("%1 repeats").arg(parts);
    case StudyKind::Ensemble: return StudyPanel::tr("Ensemble of %1").arg(parts);
    case StudyKind::Once: break;
    }
    return {};
}

/// "0.94 ± 0.02".
QString figureText(const MeanInterval& figure)
{
    const QString mean = numberText(figure.mean);
    return figure.count > 1 ? QStringLiteral("%1 ± %2").arg(mean, QLocale().toString(figure.high - figure.mean, 'g', 2)) : mean;
}

} // namespace

StudyPanel::StudyPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_kind(new QComboBox(this)), m_parts(new QSpinBox(this)), m_partsLabel(new QLabel(this)),
      m_outcome(new QWidget(this)), m_title(new QLabel(m_outcome)), m_results(new QWidget(m_outcome)), m_table(new QGridLayout(m_results))
{
    const std::vector<ParamSpec>& params = studyParams();
    m_kind->setObjectName("train.study");
    for (const auto& [kind, text] : {std::pair(StudyKind::Once, tr("Once")), {StudyKind::Folds, tr("In folds")}, {StudyKind::Repeats, tr("Repeated")}, {StudyKind::Ensemble, tr("Ensemble")}})
        m_kind->addItem(text, static_cast<int>(kind));
    m_parts->setObjectName("train.parts");
    m_parts->setRange(static_cast<int>(params[1].min), static_cast<int>(params[1].max));
    m_parts->setKeyboardTracking(false);
    auto* kindLabel = new QLabel(paramLabel("study", "study"), this);
    m_partsLabel->setText(paramLabel("study", "parts"));
    m_title->setObjectName("studyTitle");
    m_results->setObjectName("studyResults");
    for (const auto& [label, field, name] : {std::tuple<QLabel*, QWidget*, const char*>(kindLabel, m_kind, "study"), {m_partsLabel, m_parts, "parts"}}) {
        label->setProperty("role", "dim");
        label->setBuddy(field);
        label->setToolTip(paramHelp("study", name));
        field->setToolTip(label->toolTip());
        field->setAccessibleName(label->text());
        field->setFixedWidth(fieldWidth);
        field->setFocusPolicy(Qt::StrongFocus);
    }
    m_title->setProperty("role", "dim");
    m_title->setWordWrap(true);
    m_table->setContentsMargins(0, 0, 0, 0);
    m_table->setVerticalSpacing(2);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(12);
    layout->setVerticalSpacing(4);
    layout->setColumnStretch(0, 1);
    layout->addWidget(kindLabel, 0, 0);
    layout->addWidget(m_kind, 0, 1);
    layout->addWidget(m_partsLabel, 1, 0);
    layout->addWidget(m_parts, 1, 1);
    auto* heading = new QLabel(tr("STUDY"), m_outcome);
    heading->setProperty("role", "section");
    auto* outcome = new QVBoxLayout(m_outcome);
    outcome->setContentsMargins(0, 0, 0, 0);
    outcome->setSpacing(4);
    outcome->addWidget(heading);
    outcome->addWidget(m_title);
    outcome->addWidget(m_results);

    connect(m_kind, &QComboBox::activated, this, &StudyPanel::edit);
    connect(m_parts, &QSpinBox::valueChanged, this, &StudyPanel::edit);
    connect(&m_session, &Session::requestChanged, this, &StudyPanel::showRequest);
    connect(&m_session, &Session::registryChanged, this, [this] {
        showResults();
        m_known = true;
    });
    connect(&m_session, &Session::workspaceOpened, this, [this] { m_known = false; });
    showRequest();
    showResults();
}

void StudyPanel::edit()
{
    constexpr int mergeId = 98;
    TrainRequest request = m_session.request();
    request.study = {static_cast<StudyKind>(m_kind->currentData().toInt()), m_parts->value()};
    if (!m_showing && request.study != m_session.request().study)
        m_session.setRequest(request, tr("study"), mergeId);
}

void StudyPanel::showRequest()
{
    m_showing = true;
    const StudySpec& study = m_session.request().study;
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(study.kind)));
    m_parts->setValue(study.parts);
    m_partsLabel->setVisible(study.kind != StudyKind::Once);
    m_parts->setVisible(study.kind != StudyKind::Once);
    m_showing = false;
}

void StudyPanel::showResults()
{
    std::vector<RunRecord> runs; // of the newest study, by part
    std::int64_t newest = 0;
    for (const RunRecord& run : m_session.runs())
        newest = std::max(newest, run.study ? run.study->study : 0);
    for (const RunRecord& run : m_session.runs())
        if (run.study && run.study->study == newest)
            runs.push_back(run);
    m_outcome->setVisible(!runs.empty());
    while (QLayoutItem* item = m_table->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (runs.empty())
        return;
    const StudySummary summary = summarise(runs);
    m_title->setText(tr("%1 of %2: %3 finished").arg(partsText(summary.study.kind, summary.study.parts), QString::fromStdString(runs.front().name)).arg(summary.runs.size()));
    int row = 0;
    for (const auto& [name, figure] : summary.validation) {
        auto* metric = new QLabel(metricName(name), m_results);
        metric->setProperty("role", "dim");
        auto* value = new QLabel(figureText(figure), m_results);
        value->setObjectName(QStringLiteral("study.") + QString::fromStdString(name));
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        metric->setToolTip(tr("Mean over the validation rows of %1 runs, with half of its 95 % interval.").arg(figure.count));
        value->setToolTip(metric->toolTip());
        m_table->addWidget(metric, row, 0);
        m_table->addWidget(value, row, 1);
        ++row;
    }
    const bool news = newest != m_study || m_finished < summary.runs.size();
    m_study = newest;
    m_finished = summary.runs.size();
    if (m_known && news && static_cast<int>(m_finished) == summary.study.parts)
        tellOfTheEnd(summary);
}

void StudyPanel::tellOfTheEnd(const StudySummary& summary)
{
    for (const char* name : {"roc_auc", "accuracy", "r2"})
        if (const auto found = summary.validation.find(name); found != summary.validation.end()) {
            emit m_session.noticed(tr("%1 done: %2 %3.").arg(partsText(summary.study.kind, summary.study.parts), metricName(name), figureText(found->second)));
            return;
        }
}

} // namespace limpid
