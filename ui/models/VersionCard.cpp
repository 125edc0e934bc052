#include "ui/models/VersionCard.h"

#include "ui/models/AliasBar.h"
#include "ui/models/RecordTexts.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Scrolled.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace limpid {

namespace {

QLabel* label(const QString& text, const char* role, QWidget* parent)
{
    auto* result = new QLabel(text, parent);
    result->setProperty("role", role);
    return result;
}

} // namespace

VersionCard::VersionCard(const Theme& theme, QWidget* parent) : Card(tr("Version"), parent), m_aliases(new AliasBar(theme))
{
    setObjectName("versionCard");
    auto* toFolder = new QPushButton(tr("Export…"), this);
    toFolder->setObjectName("exportButton");
    toFolder->setToolTip(tr("Writes the model to a folder: pipeline, network and weights (safetensors), to be used anywhere."));
    auto* explain = new QPushButton(tr("Explain this version"), this);
    explain->setObjectName("explainButton");
    explain->setProperty("role", "primary");
    explain->setToolTip(tr("Shows which columns drive its predictions."));
    auto* network = new QPushButton(tr("Open its network"), this);
    network->setObjectName("openNetworkButton");
    network->setToolTip(tr("Puts the network on the canvas, as it was trained. It can be undone."));
    auto* report = new QPushButton(tr("Report…"), this);
    report->setObjectName("reportButton");
    report->setToolTip(tr("Writes one file, to read or to print, of all that is known of this version: data, network, curves, figures, what drives its predictions, and every setting."));
    addControl(report);
    addControl(toFolder);
    addControl(network);
    addControl(explain);
    connect(toFolder, &QPushButton::clicked, this, &VersionCard::exportRequested);
    connect(report, &QPushButton::clicked, this, &VersionCard::reportRequested);
    connect(network, &QPushButton::clicked, this, &VersionCard::networkRequested);
    connect(explain, &QPushButton::clicked, this, &VersionCard::explainRequested);

    m_content = new QWidget;
    m_rows = new QVBoxLayout(m_content);
    m_rows->setContentsMargins(14, 0, 14, 8);
    m_rows->setSpacing(12);
    body()->setContentsMargins(0, 0, 0, 4);
    body()->addWidget(scrolled(m_content, this));

    m_aliases->setParent(m_content);
    m_aliases->setObjectName("aliasBar");
    m_rows->addWidget(m_aliases);
    m_rows->addStretch(1);
    connect(m_aliases, &AliasBar::added, this, &VersionCard::aliasAdded);
    connect(m_aliases, &AliasBar::removed, this, &VersionCard::aliasRemoved);
}

void VersionCard::show(const ModelVersion& version, const RunRecord* run)
{
    setTitle(QString::fromStdString(version.model));
    setSubtitle(tr("version %1 · run %2 · %3").arg(version.version).arg(version.run).arg(dateText(version.createdMs)));
    m_aliases->setAliases(version.aliases);
    fillMetrics(version.metrics.is_object() && !version.metrics.empty() ? version.metrics : run ? run->metrics : nlohmann::json());
    fillSettings(run);
}

void VersionCard::fillMetrics(const nlohmann::json& metrics)
{
    delete m_metrics;
    m_metrics = new QWidget(m_content);
    m_rows->insertWidget(1, m_metrics);
    auto* grid = new QGridLayout(m_metrics);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(28);
    grid->setVerticalSpacing(2);
    int column = 0;
    for (const MetricRow& row : metricRows(metrics)) {
        const QString name = metricName(row.name);
        grid->addWidget(label(name, "label", m_metrics), 0, column);
        auto* figure = label(numberText(row.validation), "figure", m_metrics);
        figure->setObjectName("metric_" + QString::fromStdString(row.name));
        figure->setToolTip(tr("%1 on the validation rows, which it did not learn from.").arg(name));
        grid->addWidget(figure, 1, column);
        auto* train = label(tr("training %1").arg(numberText(row.train)), "label", m_metrics);
        train->setToolTip(tr("%1 on the rows it learnt from. Much better than on the validation rows means overfitting.").arg(name));
        grid->addWidget(train, 2, column);
        ++column;
    }
    grid->setColumnStretch(column, 1);
}

void VersionCard::fillSettings(const RunRecord* run)
{
    delete m_settings;
    m_settings = new QWidget(m_content);
    m_rows->insertWidget(2, m_settings);
    auto* grid = new QGridLayout(m_settings);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(0);
    if (!run) {
        grid->addWidget(label(tr("The run it came of is not in this workspace."), "dim", m_settings), 0, 0);
        return;
    }
    const std::vector<Setting> settings = runSettings(*run);
    const int half = static_cast<int>(settings.size() + 1) / 2;
    for (int i = 0; i < static_cast<int>(settings.size()); ++i) {
        const auto& [name, value] = settings[static_cast<std::size_t>(i)];
        const int row = i % half, column = i < half ? 0 : 2;
        grid->addWidget(label(name, "dim", m_settings), row, column);
        auto* text = new QLabel(value, m_settings);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        text->setFocusPolicy(Qt::NoFocus);
        grid->addWidget(text, row, column + 1);
        grid->setRowMinimumHeight(row, 26);
    }
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
}

} // namespace limpid
