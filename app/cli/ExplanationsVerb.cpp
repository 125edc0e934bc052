#include "app/cli/Context.h"
#include "app/cli/ExplainText.h"
#include "app/cli/ExplainWords.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "core/base/Clock.h"
#include "core/base/File.h"
#include "core/workbench/KeptExplanation.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <CLI/App.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace limpid {

namespace {

ExplanationRecord recordOf(const Workspace& workspace, const std::string& typed)
{
    std::int64_t id = 0;
    const auto [end, failure] = std::from_chars(typed.data(), typed.data() + typed.size(), id);
    if (failure != std::errc() || end != typed.data() + typed.size())
        throw Error(ErrorCode::ExplanationUnknown, {{"explanation", typed}});
    return workspace.explanation(id);
}

std::unique_ptr<Workspace> workspaceWith(const CliContext& context, const std::string& typed)
{
    std::unique_ptr<Workspace> workspace = context.findWorkspace();
    if (!workspace)
        throw Error(ErrorCode::ExplanationUnknown, {{"explanation", typed}});
    return workspace;
}

/// "0:200", or how many were chosen one by one.
QString rowsText(const ExplainRequest& request)
{
    return request.rows.empty() ? QStringLiteral("%1:%2").arg(request.rowBegin).arg(request.rowEnd)
                                : QStringLiteral("%1 chosen").arg(static_cast<qulonglong>(request.rows.size()));
}

nlohmann::json recordJson(const ExplanationRecord& record)
{
    return {{"explanation", record.id}, {"model", record.model}, {"version", record.version}, {"made", isoTime(record.createdMs)},
            {"name", record.name}, {"automatic", record.automatic}, {"settings", record.settings}, {"modelHash", record.modelHash}, {"documentHash", record.documentHash}};
}

int listExplanations(const CliContext& context)
{
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    const std::vector<ExplanationRecord> records = workspace ? workspace->explanations() : std::vector<ExplanationRecord>();
    if (context.json) {
        nlohmann::json all = nlohmann::json::array();
        for (const ExplanationRecord& record : records)
            all.push_back(recordJson(record));
        printJson({{"explanations", std::move(all)}});
        return 0;
    }
    if (records.empty()) {
        printLine(QStringLiteral("No explanation is kept yet. “limpid explain MODEL FILE --keep” keeps one."));
        return 0;
    }
    std::vector<QStringList> rows;
    for (const ExplanationRecord& record : records) {
        const KeptQuestion question = questionOf(record);
        rows.push_back({QString::number(record.id), QStringLiteral("%1@%2").arg(QString::fromStdString(record.model)).arg(record.version),
                        QString::fromStdString(question.request.method) + (question.words ? QStringLiteral(" (words)") : QString()),
                        rowsText(question.request),
                        QString::fromStdString(utf8(question.path.filename())), QString::fromStdString(isoTime(record.createdMs)),
                        record.automatic ? QStringLiteral("by the window") : QString::fromStdString(record.name)});
    }
    printTable({QStringLiteral("Explanation"), QStringLiteral("Model"), QStringLiteral("Method"), QStringLiteral("Rows"), QStringLiteral("File"), QStringLiteral("Made"), QStringLiteral("Name")}, rows);
    if (std::any_of(records.begin(), records.end(), [](const ExplanationRecord& record) { return record.automatic; }))
        printLine(QStringLiteral("The window keeps what it explains by itself: the newest %1 of a model. “limpid explanations name NUMBER NAME” has one stay.").arg(mostAutomaticExplanations));
    return 0;
}

int showExplanation(const CliContext& context, const std::string& typed)
{
    const std::unique_ptr<Workspace> workspace = workspaceWith(context, typed);
    const ExplanationRecord record = recordOf(*workspace, typed);
    const KeptAnswer answer = loadAnswer(*workspace, record);
    const auto* words = std::get_if<std::shared_ptr<const TextOutcome>>(&answer);
    const auto* columns = std::get_if<std::shared_ptr<const Explanation>>(&answer);
    if (context.json) {
        nlohmann::json document = recordJson(record);
        document["answer"] = words ? (*words)->toJson() : (*columns)->toJson();
        document["answer"]["seconds"] = nullptr; // not kept, so that the same answer is the same bytes
        printJson(document);
        return 0;
    }
    const std::string title = record.model + ", version " + std::to_string(record.version);
    if (words)
        printWords(**words, {}, title);
    else
        printExplanation(**columns, title);
    const KeptQuestion question = questionOf(record);
    printLine(QStringLiteral("Rows %1 of %2, kept %3.")
                  .arg(rowsText(question.request), QString::fromStdString(utf8(question.path)), QString::fromStdString(isoTime(record.createdMs))));
    return 0;
}

int explainAgain(const CliContext& context, const std::string& typed, const std::string& file)
{
    const std::unique_ptr<Workspace> workspace = workspaceWith(context, typed);
    const ExplanationRecord record = recordOf(*workspace, typed);
    const KeptQuestion question = questionOf(record);
    bool same = false;
    {
        ProgressLine line(context, QStringLiteral("Explaining"), double(question.request.rows.empty() ? question.request.rowEnd - question.request.rowBegin : question.request.rows.size()), QStringLiteral("rows"));
        Task task(line.listener());
        const Interrupt interrupt(task);
        same = reproducesExplanation(*workspace, record, file, task);
    }
    if (context.json)
        printJson({{"explanation", record.id}, {"same", same}});
    else if (same)
        printLine(QStringLiteral("Explanation %1 made again: the same to the last byte.").arg(record.id));
    else
        printLine(QStringLiteral("Explanation %1 made again: it differs from the kept one. It was made by Limpid %2 with LibTorch %3; another build may round otherwise.")
                      .arg(record.id)
                      .arg(QString::fromStdString(record.settings["build"].value("limpid", std::string("?"))), QString::fromStdString(record.settings["build"].value("torch", std::string("?")))));
    return same ? 0 : 1;
}

int nameExplanation(const CliContext& context, const std::string& typed, const std::string& name)
{
    const std::unique_ptr<Workspace> workspace = workspaceWith(context, typed);
    const ExplanationRecord record = recordOf(*workspace, typed);
    workspace->nameExplanation(record.id, name);
    if (context.json)
        printJson({{"explanation", record.id}, {"name", name}});
    else
        printLine(QStringLiteral("Explanation %1 stays until it is deleted.").arg(record.id));
    return 0;
}

int deleteExplanations(const CliContext& context, const std::vector<std::string>& typed)
{
    const std::unique_ptr<Workspace> workspace = workspaceWith(context, typed.front());
    std::vector<std::int64_t> ids;
    for (const std::string& one : typed)
        ids.push_back(recordOf(*workspace, one).id); // all are looked up before the first is deleted
    for (const std::int64_t id : ids)
        workspace->deleteExplanation(id);
    if (context.json)
        printJson({{"deleted", ids}});
    else
        printLine(QStringLiteral("Deleted %1.").arg(ids.size() == 1 ? QStringLiteral("1 explanation") : QStringLiteral("%1 explanations").arg(ids.size())));
    return 0;
}

} // namespace

void addExplanationsVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "explanations", "Explanations that were kept: list, show, make again, name, delete",
                             "  limpid explain penguins penguins.csv --keep\n  limpid explanations list\n  limpid explanations show 3\n  limpid explanations again 3");
    verb->require_subcommand(1);
    CLI::App* list = addVerb(*verb, context, "list", "All explanations of the workspace, newest first", "  limpid explanations list\n  limpid explanations list --json");
    list->callback([&context] { context.run = [&context] { return listExplanations(context); }; });

    auto shown = std::make_shared<std::string>();
    CLI::App* show = addVerb(*verb, context, "show", "One explanation as it was kept", "  limpid explanations show 3\n  limpid explanations show 3 --json");
    show->add_option("EXPLANATION", *shown, "Its number")->required();
    show->callback([&context, shown] { context.run = [&context, shown] { return showExplanation(context, *shown); }; });

    struct Again {
        std::string explanation, file;
    };
    auto asked = std::make_shared<Again>();
    CLI::App* again = addVerb(*verb, context, "again", "Explain the same rows in the same way and compare, byte by byte; the exit code is 1 where they differ",
                              "  limpid explanations again 3\n  limpid explanations again 3 --data moved/penguins.csv");
    again->add_option("EXPLANATION", asked->explanation, "Its number")->required();
    again->add_option("--data", asked->file, "Where the explained file lies now (else where it lay)")->type_name("FILE");
    again->callback([&context, asked] { context.run = [&context, asked] { return explainAgain(context, asked->explanation, asked->file); }; });

    struct Naming {
        std::string explanation, name;
    };
    auto naming = std::make_shared<Naming>();
    CLI::App* rename = addVerb(*verb, context, "name", "Name an explanation; one that the window kept by itself then stays until it is deleted",
                               "  limpid explanations name 3 \"before the new tariff\"");
    rename->add_option("EXPLANATION", naming->explanation, "Its number")->required();
    rename->add_option("NAME", naming->name, "Any words; none for no name");
    rename->callback([&context, naming] { context.run = [&context, naming] { return nameExplanation(context, naming->explanation, naming->name); }; });

    auto deleted = std::make_shared<std::vector<std::string>>();
    CLI::App* remove = addVerb(*verb, context, "delete", "Delete kept explanations", "  limpid explanations delete 3 4");
    remove->add_option("EXPLANATION", *deleted, "Their numbers")->required();
    remove->callback([&context, deleted] { context.run = [&context, deleted] { return deleteExplanations(context, *deleted); }; });
}

} // namespace limpid
