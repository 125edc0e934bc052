#include "app/cli/DataOptions.h"

#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>

namespace limpid {

namespace fs = std::filesystem;

void DataOptions::addTo(CLI::App& verb)
{
    const std::string group = "Reading the file";
    // One value a use: "--type a=number FILE" must not swallow FILE.
    verb.add_option("--type", types, "Read a column as number, category, boolean, date-time or text; may be repeated")
        ->type_name("COLUMN=TYPE")->allow_extra_args(false)->group(group);
    verb.add_option("--missing", missing, "Take this spelling in a column as missing, e.g. age=NA; may be repeated")
        ->type_name("COLUMN=MARK")->allow_extra_args(false)->group(group);
    verb.add_option("--separator", separator, "What stands between values: , ; | or tab (found out by itself)")
        ->type_name("CHAR")->group(group);
    verb.add_flag("--decimal-comma", decimalComma, "Numbers are written 3,14 (found out by itself)")->group(group);
}

std::pair<std::string, std::string> splitAssignment(const std::string& option, const std::string& text)
{
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0)
        throw Error(ErrorCode::OptionInvalid, {{"name", option}, {"value", text}, {"expected", "NAME=VALUE"}});
    return {text.substr(0, equals), text.substr(equals + 1)};
}

CsvOptions DataOptions::csv() const
{
    CsvOptions options;
    for (const std::string& text : types) {
        const auto [column, name] = splitAssignment("--type", text);
        const std::optional<ColumnType> type = columnTypeFromName(name);
        if (!type)
            throw Error(ErrorCode::OptionInvalid,
                        {{"name", "--type"}, {"value", name}, {"expected", "number, category, boolean, date-time, text"}});
        options.types[column] = *type;
    }
    for (const std::string& text : missing) {
        const auto [column, mark] = splitAssignment("--missing", text);
        options.missingMarks[column].push_back(mark);
    }
    if (!separator.empty()) {
        const std::string named = separator == "tab" || separator == "\\t" ? "\t" : separator;
        if (named.size() != 1 || std::string_view(",;\t|").find(named[0]) == std::string_view::npos)
            throw Error(ErrorCode::OptionInvalid, {{"name", "--separator"}, {"value", separator}, {"expected", ", ; | tab"}});
        options.separator = named[0];
    }
    if (decimalComma)
        options.decimalComma = true;
    return options;
}

void requireColumn(const DataSet& data, const std::string& column)
{
    if (!data.table().find(column))
        throw Error(ErrorCode::ColumnUnknown,
                    {{"column", column}, {"nearest", nearestName(column, data.table().names())}, {"path", data.path.string()}});
}

std::vector<std::string> targetColumns(const DataSet& data, const std::vector<std::string>& texts)
{
    const Table& table = data.table();
    std::vector<std::string> names;
    for (const std::string& text : texts) {
        std::vector<std::string> parts{text};
        if (!table.find(text)) { // the name of a column may hold commas itself
            parts.clear();
            std::size_t begin = 0;
            for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
                end = text.find(',', begin);
                parts.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
            }
        }
        for (const std::string& part : parts) {
            if (!table.find(part))
                throw Error(ErrorCode::TargetUnknown, {{"column", part}, {"nearest", nearestName(part, table.names())}});
            names.push_back(part);
        }
    }
    return names;
}

DataSet readData(const CliContext& context, const fs::path& path, const CsvOptions& options)
{
    std::error_code ignored;
    const auto size = fs::file_size(path, ignored);
    ProgressLine line(context, QStringLiteral("Reading %1").arg(QString::fromStdString(path.filename().string())),
                      ignored ? 0.0 : double(size) / 1e6, QStringLiteral("MB"));
    Task task(line.listener());
    const Interrupt interrupt(task);
    DataSet data = openData(path, options, task);
    for (const auto& [column, type] : options.types)
        requireColumn(data, column);
    for (const auto& [column, marks] : options.missingMarks)
        requireColumn(data, column);
    return data;
}

DataSet readDataForModel(const CliContext& context, const fs::path& path, const Pipeline& pipeline)
{
    ProgressLine line(context, QStringLiteral("Reading %1").arg(QString::fromStdString(path.filename().string())));
    Task task(line.listener());
    const Interrupt interrupt(task);
    return openDataForModel(path, pipeline, task);
}

} // namespace limpid
