#pragma once

#include "app/cli/Context.h"
#include "core/metrics/Metrics.h"

#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <vector>

namespace limpid {

// What a verb says. Results go to standard output, as text for people or as one JSON document; all else to standard error.

void printLine(const QString& line = {});
void printJson(const nlohmann::json& document);

/// Aligned columns under a header; cells that are figures stand right. An empty header row is left out.
void printTable(const QStringList& header, const std::vector<QStringList>& rows);
/// "name  value" lines.
void printFacts(const std::vector<std::pair<QString, QString>>& facts);

/// To standard error, unless --quiet.
void note(const CliContext& context, const QString& text);
/// "warning: …" for each, unless --quiet; many of a kind are cut short with a count.
void noteIssues(const CliContext& context, const Issues& issues);
/// "limpid: …" to standard error.
void complain(const QString& text);

/// {"severity", "code", "where", "message", "facts"} each.
nlohmann::json issuesJson(const Issues& issues);
/// Undefined figures become null.
nlohmann::json metricsJson(const MetricSet& metrics);

/// The figures of several parts side by side: one column a part.
void printMetrics(const std::vector<std::pair<QString, std::map<std::string, double>>>& parts);
/// True classes down, predicted ones across.
void printConfusion(const std::vector<std::string>& classes, const std::vector<std::int64_t>& confusion);

/// Metrics out of a stored JSON object; anything that is no number is left out.
std::map<std::string, double> numbersOf(const nlohmann::json& object);

bool isTerminal(int descriptor);

} // namespace limpid
