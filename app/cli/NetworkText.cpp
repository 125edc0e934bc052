#include "app/cli/NetworkText.h"

#include "app/cli/Output.h"
#include "ui/text/ChangeTexts.h"
#include "ui/text/Messages.h"

namespace limpid {

namespace {

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString joined(const std::vector<std::string>& words)
{
    QStringList list;
    for (const std::string& word : words)
        list << text(word);
    return list.join(QStringLiteral(", "));
}

QString settingsText(const NodeSpec& node)
{
    QStringList parts;
    for (const auto& [name, value] : node.params.items())
        parts << QStringLiteral("%1 %2").arg(text(name), valueText(value));
    if (!node.shares.empty())
        parts << QStringLiteral("weights of %1").arg(text(node.shares));
    return parts.join(QStringLiteral(", "));
}

} // namespace

void printNetwork(const NetworkSpec& network, const NetworkAnalysis* analysis)
{
    QStringList header{QStringLiteral("Layer"), QStringLiteral("Type"), QStringLiteral("Reads"), QStringLiteral("Settings")};
    if (analysis)
        header << QStringLiteral("Gives") << QStringLiteral("Parameters") << QStringLiteral("FLOPs");
    std::vector<QStringList> rows;
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
        const NodeSpec& node = network.nodes[i];
        QStringList row{text(node.id), text(node.type), joined(node.inputs), settingsText(node)};
        if (analysis) {
            const NodeAnalysis& found = analysis->nodes[i];
            row << (found.valid ? text(shapeText(found.shape)) : QStringLiteral("?")) << countText(found.cost.parameters) << countText(found.cost.flops);
        }
        rows.push_back(std::move(row));
    }
    printTable(header, rows);
    printLine();
    QString total = QStringLiteral("%1 layers").arg(network.nodes.size());
    if (analysis)
        total += QStringLiteral(", %1 parameters; a row takes %2 floating-point operations")
                     .arg(countText(analysis->total.parameters), countText(analysis->total.flops));
    if (analysis && analysis->peakActivations > 0) // not known while something is wrong
        total += QStringLiteral(" and at most %1 values at once").arg(countText(analysis->peakActivations));
    printLine(total + QStringLiteral(". It gives %1.").arg(joined(network.outputs)));
}

nlohmann::json networkJson(const NetworkSpec& network, const NetworkAnalysis* analysis)
{
    nlohmann::json layers = nlohmann::json::array();
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
        nlohmann::json layer{{"id", network.nodes[i].id}, {"type", network.nodes[i].type}, {"shape", nullptr}};
        if (analysis && analysis->nodes[i].valid) {
            const NodeAnalysis& found = analysis->nodes[i];
            layer["shape"] = found.shape.dims;
            layer["parameters"] = found.cost.parameters;
            layer["flops"] = found.cost.flops;
            layer["activations"] = found.cost.activations;
        }
        layers.push_back(std::move(layer));
    }
    nlohmann::json document{{"network", network.toJson()}, {"layers", std::move(layers)}, {"total", nullptr}};
    if (analysis) {
        document["total"] = {{"parameters", analysis->total.parameters}, {"flops", analysis->total.flops},
                             {"activations", analysis->total.activations}, {"peak_activations", analysis->peakActivations}};
        document["issues"] = issuesJson(analysis->issues);
    }
    return document;
}

void printChanges(const std::vector<NodeChange>& changes)
{
    if (changes.empty())
        printLine(QStringLiteral("The two networks are the same."));
    for (const NodeChange& change : changes) {
        const QString place = changePlace(change);
        printLine((place.isEmpty() ? QString() : QStringLiteral("[%1] ").arg(place))
                  + QStringLiteral("%1 %2: %3").arg(changeSign(change.kind), changeSubject(change), changeDetail(change, SettingNames::Keys)));
    }
}

nlohmann::json changesJson(const std::vector<NodeChange>& changes)
{
    nlohmann::json list = nlohmann::json::array();
    for (const NodeChange& change : changes) {
        nlohmann::json entry{{"change", nodeChangeName(change.kind)}, {"block", change.block}, {"before", change.before}, {"after", change.after}};
        if (!change.typeBefore.empty() || !change.typeAfter.empty())
            entry["type"] = {change.typeBefore, change.typeAfter};
        for (const ParamChange& param : change.params)
            entry["params"][param.name] = {param.before, param.after};
        if (change.inputsChanged)
            entry[change.kind == NodeChange::Kind::Outputs ? "outputs" : "inputs"] = {change.inputsBefore, change.inputsAfter};
        if (change.sharesBefore != change.sharesAfter)
            entry["shares"] = {change.sharesBefore, change.sharesAfter};
        list.push_back(std::move(entry));
    }
    return {{"same", changes.empty()}, {"changes", std::move(list)}};
}

} // namespace limpid
