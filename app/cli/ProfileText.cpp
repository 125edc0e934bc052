#include "app/cli/ProfileText.h"

#include "app/cli/Output.h"
#include "core/base/Clock.h"
#include "ui/text/Messages.h"

#include <algorithm>

namespace limpid {

namespace {

QString rangeText(const ColumnProfile& column)
{
    if (column.missing == column.rows)
        return QStringLiteral("no values");
    switch (column.type) {
    case ColumnType::Number:
        return QStringLiteral("%1 to %2, mean %3, deviation %4")
            .arg(numberText(column.min), numberText(column.max), numberText(column.mean), numberText(column.deviation));
    case ColumnType::DateTime:
        return QStringLiteral("%1 to %2").arg(QString::fromStdString(isoTime(std::int64_t(column.min))), QString::fromStdString(isoTime(std::int64_t(column.max))));
    case ColumnType::Category:
    case ColumnType::Boolean: {
        QStringList parts;
        for (std::size_t i = 0; i < std::min<std::size_t>(3, column.top.size()); ++i)
            parts << QStringLiteral("%1 (%2)").arg(QString::fromStdString(column.top[i].value), countText(qint64(column.top[i].count)));
        if (column.top.size() > 3)
            parts << QStringLiteral("…");
        return parts.join(QStringLiteral(", "));
    }
    case ColumnType::Text:
        break;
    }
    return {};
}

QString separatorText(const CsvOptions& used)
{
    switch (used.separator.value_or(',')) {
    case ';':
        return QStringLiteral("semicolons");
    case '\t':
        return QStringLiteral("tabs");
    case '|':
        return QStringLiteral("bars");
    default:
        return QStringLiteral("commas");
    }
}

} // namespace

QString dataSentence(const DataSet& data)
{
    return QStringLiteral("%1: %2 rows, %3 columns, %4, %5, separated by %6")
        .arg(QString::fromStdString(data.path.filename().string()), countText(qint64(data.table().rows())),
             countText(qint64(data.table().columnCount())), bytesText(data.csv.bytes), QString::fromStdString(data.csv.encoding),
             separatorText(data.csv.used));
}

void printProfile(const DataSet& data, const std::vector<ColumnProfile>& columns)
{
    (void)data;
    std::vector<QStringList> rows;
    for (const ColumnProfile& column : columns) {
        const std::string_view type = columnTypeName(column.type);
        rows.push_back({QString::fromStdString(column.name), QString::fromUtf8(type.data(), qsizetype(type.size())),
                        countText(qint64(column.missing)), countText(qint64(column.distinct)), rangeText(column)});
    }
    printTable({QStringLiteral("Column"), QStringLiteral("Type"), QStringLiteral("Missing"), QStringLiteral("Distinct"), QStringLiteral("Range or most frequent values")}, rows);
}

nlohmann::json profileJson(const DataSet& data, const std::vector<ColumnProfile>& columns)
{
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const ColumnProfile& column = columns[i];
        nlohmann::json entry{{"name", column.name},
                             {"type", columnTypeName(column.type)},
                             {"missing", column.missing},
                             {"distinct", column.distinct}};
        if (i < data.csv.guesses.size())
            entry["reason"] = guessText(data.csv.guesses[i].reason, data.csv.guesses[i].facts).toStdString();
        if ((column.type == ColumnType::Number || column.type == ColumnType::DateTime) && column.missing < column.rows) {
            const bool date = column.type == ColumnType::DateTime;
            const auto figure = [date](double value) { return date ? nlohmann::json(isoTime(std::int64_t(value))) : nlohmann::json(value); };
            entry["min"] = figure(column.min);
            entry["max"] = figure(column.max);
            entry["mean"] = figure(column.mean);
            entry["quartile1"] = figure(column.quartile1);
            entry["median"] = figure(column.median);
            entry["quartile3"] = figure(column.quartile3);
            entry["deviation"] = date ? nlohmann::json(column.deviation / 1000.0) : nlohmann::json(column.deviation);
            nlohmann::json bins = nlohmann::json::array();
            for (const HistogramBin& bin : column.histogram)
                bins.push_back({{"from", figure(bin.from)}, {"to", figure(bin.to)}, {"count", bin.count}});
            entry["histogram"] = bins;
        }
        if (!column.top.empty()) {
            nlohmann::json top = nlohmann::json::array();
            for (const ValueCount& value : column.top)
                top.push_back({{"value", value.value}, {"count", value.count}});
            entry["top"] = top;
        }
        list.push_back(std::move(entry));
    }
    return {{"file", data.path.string()},
            {"sha256", data.sha256},
            {"bytes", data.csv.bytes},
            {"encoding", data.csv.encoding},
            {"separator", std::string(1, data.csv.used.separator.value_or(','))},
            {"decimal_comma", data.csv.used.decimalComma.value_or(false)},
            {"rows", data.table().rows()},
            {"columns", list},
            {"suggested_target", suggestTarget(data.table())},
            {"warnings", issuesJson(data.csv.issues)}};
}

} // namespace limpid
