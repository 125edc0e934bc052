#include "core/model/TrainSpec.h"
#include "core/workbench/RunSetup.h"
#include "ui/report/ReportDocument.h"
#include "ui/text/ChangeTexts.h"
#include "ui/text/Messages.h"
#include "ui/text/ParamTexts.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace limpid {

namespace {

using nlohmann::json;

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }

constexpr qsizetype mostNamed = 40;

QString shown(const json& value)
{
    if (value.is_array() && value.empty())
        return tr("none");
    if (!value.is_object())
        return valueText(value);
    QStringList parts;
    for (const auto& [name, one] : value.items())
        parts << QStringLiteral("%1: %2").arg(QString::fromStdString(name), shown(one));
    // A cell is no longer than a page.
    if (const qsizetype all = parts.size(); all > mostNamed) {
        parts.resize(mostNamed);
        return tr("%1; and %2 more").arg(parts.join(QStringLiteral("; ")), countText(all - mostNamed));
    }
    return parts.isEmpty() ? tr("none") : parts.join(QStringLiteral("; "));
}

/// Names as they stand in files and on the command line.
ReportTable tableOf(const json& object)
{
    ReportTable table;
    if (object.is_object())
        for (const auto& [name, value] : object.items())
            table.rows.push_back({QString::fromStdString(name), shown(value)});
    return table;
}

} // namespace

ReportSection settingsSection(const ReportContents& contents)
{
    ReportSection section{QStringLiteral("settings"), tr("Settings"), {}};
    if (!contents.run) {
        section.blocks.push_back(ReportParagraph{tr("The run that this version came of is not in this workspace, and its settings with it.")});
        return section;
    }
    const RunRecord& run = *contents.run;
    section.blocks.push_back(ReportParagraph{tr("With the same data, these settings and this build, a run gives the same model again.")});
    section.blocks.push_back(ReportHeading{tr("Training")});
    ReportTable training{{tr("Setting"), tr("Name"), tr("Value"), tr("Default")}, {}};
    for (const ParamSpec& param : trainParams())
        training.rows.push_back({paramLabel("train", param.name), QString::fromStdString(param.name),
                                 valueText(paramValue(trainParams(), run.settings.is_object() ? run.settings : json::object(), param.name)), valueText(param.defaultValue)});
    section.blocks.push_back(std::move(training));
    json reading = run.data.is_object() ? run.data : json::object();
    if (const auto options = reading.find("options"); options != reading.end() && options->is_object()) {
        const json more = *options;
        reading.erase("options");
        reading.update(more);
    }
    if (const auto path = reading.find("path"); path != reading.end() && path->is_string()) // a report is handed on, the author's folders are not
        *path = QFileInfo(QString::fromStdString(path->get<std::string>())).fileName().toStdString();
    const std::pair<QString, json> parts[] = {{tr("Data and how it is read"), reading},
                                              {tr("Split"), toJson(splitSpecFromJson(run.split))},
                                              {tr("Preparation"), toJson(pipelineSpecFromJson(run.pipeline))},
                                              {tr("Build and machine"), run.build}};
    for (const auto& [title, object] : parts) {
        ReportTable table = tableOf(object);
        if (table.rows.empty())
            continue;
        section.blocks.push_back(ReportHeading{title});
        section.blocks.push_back(std::move(table));
    }
    return section;
}

} // namespace limpid
