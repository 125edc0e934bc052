#include "app/cli/Output.h"

#include "ui/text/Messages.h"

#include <algorithm>
#include <cstdio>
#include <map>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace limpid {

namespace {

void write(std::FILE* stream, const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stream);
    std::fflush(stream);
}

bool looksLikeFigure(const QString& cell)
{
    return !cell.isEmpty() && (cell[0].isDigit() || ((cell[0] == u'-' || cell[0] == u'+') && cell.size() > 1 && cell[1].isDigit()) || cell == u"–");
}

} // namespace

void printLine(const QString& line)
{
    write(stdout, line + u'\n');
}

void printJson(const nlohmann::json& document)
{
    // A cell of a file may hold anything; a document must still be UTF-8.
    const std::string text = document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void printTable(const QStringList& header, const std::vector<QStringList>& rows)
{
    std::vector<qsizetype> widths;
    const auto measure = [&widths](const QStringList& cells) {
        if (widths.size() < std::size_t(cells.size()))
            widths.resize(std::size_t(cells.size()), 0);
        for (qsizetype i = 0; i < cells.size(); ++i)
            widths[std::size_t(i)] = std::max(widths[std::size_t(i)], cells[i].size());
    };
    measure(header);
    for (const QStringList& row : rows)
        measure(row);
    std::vector<bool> right(widths.size(), !rows.empty());
    for (const QStringList& row : rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            right[std::size_t(i)] = right[std::size_t(i)] && (row[i].isEmpty() || looksLikeFigure(row[i]));
    }
    const auto print = [&](const QStringList& cells) {
        QString line;
        for (qsizetype i = 0; i < cells.size(); ++i) {
            if (i > 0)
                line += QStringLiteral("  ");
            const auto width = int(widths[std::size_t(i)]);
            line += right[std::size_t(i)] ? cells[i].rightJustified(width) : cells[i].leftJustified(width);
        }
        while (line.endsWith(u' '))
            line.chop(1);
        printLine(line);
    };
    if (!header.join(QString()).isEmpty())
        print(header);
    for (const QStringList& row : rows)
        print(row);
}

void printFacts(const std::vector<std::pair<QString, QString>>& facts)
{
    qsizetype width = 0;
    for (const auto& [name, value] : facts)
        width = std::max(width, name.size());
    for (const auto& [name, value] : facts)
        printLine(name.leftJustified(int(width)) + QStringLiteral("  ") + value);
}

void note(const CliContext& context, const QString& text)
{
    if (!context.quiet)
        write(stderr, text + u'\n');
}

void noteIssues(const CliContext& context, const Issues& issues)
{
    constexpr int shownOfAKind = 3;
    std::map<ErrorCode, int> seen;
    for (const Issue& issue : issues) {
        if (++seen[issue.code] > shownOfAKind)
            continue;
        const QString word = issue.severity == Severity::Note ? QStringLiteral("note: ") : QStringLiteral("warning: ");
        note(context, word + message(issue));
    }
    for (const auto& [code, count] : seen) {
        if (count > shownOfAKind)
            note(context, QStringLiteral("… and %1 more of the same kind (%2).").arg(count - shownOfAKind).arg(QString::fromStdString(std::string(errorName(code)))));
    }
}

void complain(const QString& text)
{
    write(stderr, QStringLiteral("limpid: ") + text + u'\n');
}

nlohmann::json issuesJson(const Issues& issues)
{
    nlohmann::json list = nlohmann::json::array();
    for (const Issue& issue : issues) {
        nlohmann::json facts = nlohmann::json::object();
        for (const auto& [name, value] : issue.facts)
            facts[name] = value;
        list.push_back({{"severity", issue.severity == Severity::Error ? "error" : issue.severity == Severity::Warning ? "warning" : "note"},
                        {"code", errorName(issue.code)},
                        {"where", issue.where},
                        {"message", message(issue).toStdString()},
                        {"facts", facts}});
    }
    return list;
}

nlohmann::json metricsJson(const MetricSet& metrics)
{
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [name, value] : metrics.values)
        object[name] = value;
    return object;
}

std::map<std::string, double> numbersOf(const nlohmann::json& object)
{
    std::map<std::string, double> numbers;
    if (!object.is_object())
        return numbers;
    for (const auto& [name, value] : object.items()) {
        if (value.is_number())
            numbers[name] = value.get<double>();
    }
    return numbers;
}

void printMetrics(const std::vector<std::pair<QString, std::map<std::string, double>>>& parts)
{
    QStringList header{QString()};
    std::vector<std::string> names;
    for (const auto& [part, values] : parts) {
        header << part;
        for (const auto& [name, value] : values) {
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    std::vector<QStringList> rows;
    for (const std::string& name : names) {
        QStringList row{metricName(name)};
        for (const auto& [part, values] : parts) {
            const auto found = values.find(name);
            row << (found == values.end() ? QString() : numberText(found->second));
        }
        rows.push_back(row);
    }
    printTable(header, rows);
}

void printConfusion(const std::vector<std::string>& classes, const std::vector<std::int64_t>& confusion)
{
    const std::size_t n = classes.size();
    if (n == 0 || confusion.size() != n * n)
        return;
    QStringList header{QStringLiteral("true \\ predicted")};
    for (const std::string& name : classes)
        header << QString::fromStdString(name);
    std::vector<QStringList> rows;
    for (std::size_t i = 0; i < n; ++i) {
        QStringList row{QString::fromStdString(classes[i])};
        for (std::size_t j = 0; j < n; ++j)
            row << countText(confusion[i * n + j]);
        rows.push_back(row);
    }
    printTable(header, rows);
}

bool isTerminal(int descriptor)
{
#ifdef _WIN32
    return _isatty(descriptor) != 0;
#else
    return isatty(descriptor) != 0;
#endif
}

} // namespace limpid
