#include "app/cli/Output.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

using nlohmann::json;

/// A thing the runs were set up with, of each run; null where it does not have it.
struct Setting {
    std::string name;
    std::vector<json> values;
};

/// A figure of each run, NaN where it has none.
struct MetricOfRuns {
    std::string part, name;
    std::vector<double> values;

    /// Whether that run's is the best and some other's is worse.
    bool isBest(std::size_t run) const
    {
        const bool high = higherIsBetter(name);
        bool someWorse = false;
        for (const double other : values) {
            if (std::isnan(values[run]) || (high ? other > values[run] : other < values[run]))
                return false;
            someWorse = someWorse || (high ? other < values[run] : other > values[run]);
        }
        return someWorse;
    }
};

/// Every value below an object by its path, "split.validation"; lists and values that are no objects as they are.
void flatten(const json& value, const std::string& path, std::map<std::string, json>& into)
{
    if (!value.is_object()) {
        into[path] = value;
        return;
    }
    for (const auto& [name, part] : value.items())
        flatten(part, path.empty() ? name : path + "." + name, into);
}

/// The layers in a line: "Linear 64, ReLU, Linear 1".
std::string networkText(const json& network)
{
    std::string text;
    if (!network.is_object() || !network.contains("nodes"))
        return text;
    for (const json& node : network["nodes"]) {
        if (!text.empty())
            text += ", ";
        text += node.value("type", "?");
        if (node.contains("params") && node["params"].contains("out_features"))
            text += " " + node["params"]["out_features"].dump();
    }
    return text;
}

std::map<std::string, json> settingsOf(const RunRecord& run)
{
    std::map<std::string, json> all;
    flatten(run.settings, "", all);
    flatten(run.split, "split", all);
    flatten(run.pipeline, "pipeline", all);
    if (run.data.is_object()) {
        all["data.path"] = run.data.value("path", "");
        all["data.sha256"] = run.data.value("sha256", "");
    }
    all["network"] = networkText(run.network);
    return all;
}

std::vector<Setting> differences(const std::vector<RunRecord>& runs)
{
    std::vector<std::map<std::string, json>> settings;
    std::map<std::string, json> names;
    for (const RunRecord& run : runs) {
        settings.push_back(settingsOf(run));
        names.insert(settings.back().begin(), settings.back().end());
    }
    std::vector<Setting> differing;
    for (const auto& [name, ignored] : names) {
        Setting one{name, {}};
        for (const auto& own : settings)
            one.values.push_back(own.contains(name) ? own.at(name) : json());
        if (std::adjacent_find(one.values.begin(), one.values.end(), std::not_equal_to<>()) != one.values.end())
            differing.push_back(std::move(one));
    }
    return differing;
}

std::vector<MetricOfRuns> metricsOf(const std::vector<RunRecord>& runs)
{
    std::vector<MetricOfRuns> metrics;
    for (const char* part : {"validation", "train"}) {
        std::map<std::string, std::vector<double>> figures;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const json& all = runs[i].metrics;
            for (const auto& [name, value] : numbersOf(all.is_object() && all.contains(part) ? all[part] : json()))
                figures.try_emplace(name, runs.size(), std::nan("")).first->second[i] = value;
        }
        for (auto& [name, values] : figures)
            metrics.push_back({part, name, std::move(values)});
    }
    return metrics;
}

QString settingText(const json& value)
{
    if (value.is_null())
        return QStringLiteral("–");
    QString text = QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump());
    constexpr int most = 40;
    if (text.size() > most) // a path or a hash tells more at its ends
        text = text.left(most / 2 - 1) + QStringLiteral("…") + text.right(most / 2);
    return text;
}

void printComparison(const std::vector<RunRecord>& runs, const std::vector<Setting>& settings, const std::vector<MetricOfRuns>& metrics)
{
    QStringList header{QString()}, names{QStringLiteral("name")}, status{QStringLiteral("status")}, epochs{QStringLiteral("epochs")},
        best{QStringLiteral("best epoch")}, time{QStringLiteral("time")};
    for (const RunRecord& run : runs) {
        header << QStringLiteral("run %1").arg(run.id);
        names << QString::fromStdString(run.name);
        const std::string_view word = runStatusName(run.status);
        status << QString::fromUtf8(word.data(), qsizetype(word.size()));
        epochs << QString::number(run.epochs);
        best << (run.bestEpoch > 0 ? QString::number(run.bestEpoch) : QStringLiteral("–"));
        time << durationText(run.seconds);
    }
    printTable(header, {names, status, epochs, best, time});

    printLine();
    if (settings.empty())
        printLine(QStringLiteral("The runs were set up alike."));
    std::vector<QStringList> rows;
    for (const Setting& one : settings) {
        QStringList row{QString::fromStdString(one.name)};
        for (const json& value : one.values)
            row << settingText(value);
        rows.push_back(row);
    }
    header.front() = QStringLiteral("setting");
    if (!rows.empty())
        printTable(header, rows);

    printLine();
    if (metrics.empty())
        return printLine(QStringLiteral("None of them has figures yet."));
    rows.clear();
    for (const MetricOfRuns& one : metrics) {
        QStringList row{QString::fromStdString(one.part) + u' ' + metricName(one.name)};
        for (std::size_t i = 0; i < runs.size(); ++i)
            row << (std::isnan(one.values[i]) ? QStringLiteral("–") : numberText(one.values[i])) + (one.isBest(i) ? u'*' : u' ');
        rows.push_back(row);
    }
    header.front() = QStringLiteral("figure");
    printTable(header, rows);
    printLine(QStringLiteral("* the better one"));
}

void printComparisonJson(const std::vector<RunRecord>& runs, const std::vector<Setting>& settings, const std::vector<MetricOfRuns>& metrics)
{
    json document = {{"runs", json::array()}, {"settings", json::array()}, {"metrics", json::array()}};
    for (const RunRecord& run : runs)
        document["runs"].push_back({{"run", run.id}, {"name", run.name}, {"status", runStatusName(run.status)}, {"epochs", run.epochs},
                                    {"best_epoch", run.bestEpoch}, {"seconds", run.seconds}});
    for (const Setting& one : settings)
        document["settings"].push_back({{"name", one.name}, {"values", one.values}});
    for (const MetricOfRuns& one : metrics) {
        json best = json::array();
        for (std::size_t i = 0; i < runs.size(); ++i)
            if (one.isBest(i))
                best.push_back(runs[i].id);
        document["metrics"].push_back({{"part", one.part}, {"name", one.name}, {"values", one.values}, {"best", std::move(best)}});
    }
    printJson(document);
}

int compareRuns(const CliContext& context, const std::vector<std::string>& typed)
{
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    std::vector<RunRecord> runs;
    for (const std::string& one : typed) {
        const std::int64_t id = runId(one);
        if (!workspace)
            throw Error(ErrorCode::RunUnknown, {{"run", one}});
        runs.push_back(workspace->run(id));
    }
    const std::vector<Setting> settings = differences(runs);
    const std::vector<MetricOfRuns> metrics = metricsOf(runs);
    context.json ? printComparisonJson(runs, settings, metrics) : printComparison(runs, settings, metrics);
    return 0;
}

} // namespace

void addCompareVerb(CLI::App& runs, CliContext& context)
{
    auto compared = std::make_shared<std::vector<std::string>>();
    CLI::App* compare = addVerb(runs, context, "compare", "Runs side by side: the settings that differ, and their figures with the better one marked",
                                "  limpid runs compare 3 4\n  limpid runs compare 3 4 7 --json");
    compare->add_option("RUN", *compared, "Numbers of the runs, two or more")->required()->expected(2, -1);
    compare->callback([&context, compared] { context.run = [&context, compared] { return compareRuns(context, *compared); }; });
}

} // namespace limpid
