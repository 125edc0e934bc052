#include "core/workbench/KeptExplanation.h"

#include "core/base/File.h"
#include "core/engine/Backend.h"
#include "core/explain/ExplanationFile.h"
#include "core/workbench/Workbench.h"

#include <nlohmann/json.hpp>

namespace limpid {

namespace {

using nlohmann::json;

constexpr BackgroundSpec::Kind backgroundKinds[] = {BackgroundSpec::Kind::All, BackgroundSpec::Kind::Sample, BackgroundSpec::Kind::KMeans,
                                                    BackgroundSpec::Kind::Row, BackgroundSpec::Kind::Cohort, BackgroundSpec::Kind::Rows};

[[noreturn]] void throwInvalid(const std::string& reason)
{
    throw Error(ErrorCode::ExplanationInvalid, {{"reason", reason}});
}

json backgroundJson(const BackgroundSpec& spec)
{
    return {{"kind", std::string(backgroundKindName(spec.kind))}, {"count", spec.count}, {"row", spec.row}, {"where", spec.where}, {"rows", spec.rows}};
}

BackgroundSpec backgroundFrom(const json& document)
{
    BackgroundSpec spec;
    const std::string name = document.at("kind").get<std::string>();
    const auto kind = std::find_if(std::begin(backgroundKinds), std::end(backgroundKinds), [&](BackgroundSpec::Kind one) { return backgroundKindName(one) == name; });
    if (kind == std::end(backgroundKinds))
        throwInvalid("background");
    spec.kind = *kind;
    document.at("count").get_to(spec.count);
    document.at("row").get_to(spec.row);
    document.at("where").get_to(spec.where);
    document.at("rows").get_to(spec.rows);
    return spec;
}

} // namespace

nlohmann::json toJson(const ExplainRequest& request)
{
    json groups = json::array();
    for (const ColumnGroup& group : request.groups)
        groups.push_back({{"name", group.name}, {"columns", group.columns}});
    const AttributionSpec& attribution = request.attribution;
    json document{{"method", request.method}, {"budget", request.budget}, {"seed", request.seed}, {"resolveTop", request.resolveTop},
            {"baseline", attribution.baseline}, {"signed", attribution.isSigned}, {"layer", attribution.layer}, {"noise", attribution.noise},
            {"window", request.window}, {"limeFeatures", request.limeFeatures}, {"groups", std::move(groups)}, {"space", request.space == OutputSpace::Raw ? "raw" : "probability"},
            {"rowBegin", request.rowBegin}, {"rowEnd", request.rowEnd}, {"background", backgroundJson(request.background)}};
    if (!request.rows.empty())
        document["rows"] = request.rows;
    if (request.superpixels)
        document["superpixels"] = {{"segments", request.superpixels->segments}, {"compactness", request.superpixels->compactness}, {"meanColour", request.limeMeanColour}};
    return document;
}

ExplainRequest explainRequestFromJson(const nlohmann::json& document)
{
    ExplainRequest request;
    const auto read = [&](const char* name, auto& field) {
        if (document.contains(name))
            document[name].get_to(field);
    };
    try {
        read("method", request.method);
        read("budget", request.budget);
        read("seed", request.seed);
        read("resolveTop", request.resolveTop);
        read("baseline", request.attribution.baseline);
        read("signed", request.attribution.isSigned);
        read("layer", request.attribution.layer);
        read("noise", request.attribution.noise);
        read("window", request.window);
        read("limeFeatures", request.limeFeatures);
        for (const json& group : document.value("groups", json::array()))
            request.groups.push_back({group.at("name").get<std::string>(), group.at("columns").get<std::vector<std::string>>()});
        if (document.contains("superpixels")) {
            const json& superpixels = document["superpixels"];
            request.superpixels = SuperpixelSpec{superpixels.at("segments").get<std::size_t>(), superpixels.at("compactness").get<double>()};
            request.limeMeanColour = superpixels.at("meanColour").get<bool>();
        }
        request.space = document.value("space", std::string("raw")) == "probability" ? OutputSpace::Probability : OutputSpace::Raw;
        read("rowBegin", request.rowBegin);
        read("rowEnd", request.rowEnd);
        read("rows", request.rows);
        if (document.contains("background"))
            request.background = backgroundFrom(document["background"]);
    } catch (const json::exception& error) {
        throwInvalid(error.what());
    }
    return request;
}

ExplanationRecord keepExplanation(Workspace& workspace, const ModelVersion& version, const DataSet& explained, ExplainRequest request,
                                  int threads, const Explanation& explanation)
{
    if (explanation.rowCount() > 0 && !request.rows.empty()) {
        request.rows = explanation.rows;
    } else if (explanation.rowCount() > 0) {
        request.rowBegin = explanation.rows.front();
        request.rowEnd = explanation.rows.back() + 1;
    }
    std::error_code ignored;
    const BackendInfo backend = backendInfo();
    // Another build may round otherwise, so its answer is one of its own.
    const json settings{{"data", {{"path", utf8(std::filesystem::absolute(explained.path, ignored))}, {"sha256", explained.sha256}}},
                        {"request", toJson(request)},
                        {"threads", threads},
                        {"background", explanation.background},
                        {"build", {{"limpid", LIMPID_VERSION}, {"torch", backend.torchVersion}, {"blas", backend.blas}}}};
    return workspace.keepExplanation(version, settings, explanationBytes(explanation));
}

Explanation loadExplanation(const Workspace& workspace, const ExplanationRecord& record)
{
    return explanationFromBytes(workspace.explanationDocument(record));
}

KeptQuestion questionOf(const ExplanationRecord& record)
{
    try {
        const json& data = record.settings.at("data");
        return {data.at("path").get<std::string>(), data.at("sha256").get<std::string>(), explainRequestFromJson(record.settings.at("request")),
                record.settings.at("threads").get<int>(), record.settings.at("background").get<std::string>()};
    } catch (const json::exception& error) {
        throwInvalid(error.what());
    }
}

bool reproducesExplanation(const Workspace& workspace, const ExplanationRecord& record, const Predictor& predictor, const Table& table,
                           std::span<const std::size_t> backgroundRows, Task& task)
{
    const KeptQuestion question = questionOf(record);
    Explanation again = explainTable(predictor, table, backgroundRows, question.request, {}, task);
    again.background = question.background;
    return explanationBytes(again) == workspace.explanationDocument(record);
}

} // namespace limpid
