#include "core/workbench/KeptExplanation.h"

#include "core/base/File.h"
#include "core/engine/Backend.h"
#include "core/engine/NetworkPredictor.h"
#include "core/explain/ExplanationFile.h"
#include "core/explain/TextAttributionFile.h"
#include "core/workbench/ExplainBackground.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <thread>

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

constexpr auto wordsName = "words";

OutputSpace spaceFrom(const json& request)
{
    return request.value("space", std::string("raw")) == "probability" ? OutputSpace::Probability : OutputSpace::Raw;
}

const char* spaceName(OutputSpace space) { return space == OutputSpace::Raw ? "raw" : "probability"; }

/// Another build may round otherwise, so its answer is one of its own.
json settingsOf(const DataSet& explained, json request, const std::string& background)
{
    std::error_code ignored;
    const BackendInfo backend = backendInfo();
    return {{"data", {{"path", utf8(std::filesystem::absolute(explained.path, ignored))}, {"sha256", explained.sha256}}},
            {"request", std::move(request)},
            {"background", background},
            {"build", {{"limpid", LIMPID_VERSION}, {"torch", backend.torchVersion}, {"blas", backend.blas}}}};
}

std::string bytesOf(const KeptAnswer& answer)
{
    if (const auto* words = std::get_if<std::shared_ptr<const TextOutcome>>(&answer))
        return textOutcomeBytes(**words);
    return explanationBytes(*std::get<std::shared_ptr<const Explanation>>(answer));
}

/// Asked anew of a file that is still what it was.
KeptAnswer answered(const Predictor& predictor, const KeptQuestion& question, const DataSet& data, const RunRecord* run,
                    const std::function<Error(const std::filesystem::path&)>& changed, Task& task)
{
    if (question.words)
        return std::make_shared<const TextOutcome>(explainTexts(predictor, data.table(), *question.words, {}, task));
    Background background{data.table(), {}, question.background};
    if (question.background == trainingRowsName) {
        background = findBackground(predictor.pipeline(), run, data,
                                    [&](const std::filesystem::path& path) { return openDataForModel(path, predictor.pipeline(), task); });
        if (background.name != question.background)
            throw changed(run ? run->data.value("path", std::string()) : std::string());
    }
    auto again = std::make_shared<Explanation>(explainTable(predictor, background.table, background.rows, question.request, {}, task));
    again->background = question.background;
    return std::shared_ptr<const Explanation>(std::move(again));
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
            {"quadrature", attribution.quadrature}, {"upsampling", attribution.upsampling},
            {"window", request.window}, {"limeFeatures", request.limeFeatures}, {"groups", std::move(groups)}, {"space", spaceName(request.space)},
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
        read("quadrature", request.attribution.quadrature);
        read("upsampling", request.attribution.upsampling);
        read("window", request.window);
        read("limeFeatures", request.limeFeatures);
        for (const json& group : document.value("groups", json::array()))
            request.groups.push_back({group.at("name").get<std::string>(), group.at("columns").get<std::vector<std::string>>()});
        if (document.contains("superpixels")) {
            const json& superpixels = document["superpixels"];
            request.superpixels = SuperpixelSpec{superpixels.at("segments").get<std::size_t>(), superpixels.at("compactness").get<double>()};
            request.limeMeanColour = superpixels.at("meanColour").get<bool>();
        }
        request.space = spaceFrom(document);
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

nlohmann::json toJson(const TextRequest& request)
{
    return {{"players", wordsName}, {"method", request.method}, {"column", request.column}, {"budget", request.budget}, {"seed", request.seed},
            {"space", spaceName(request.space)}, {"rowBegin", request.rowBegin}, {"rowEnd", request.rowEnd}};
}

TextRequest textRequestFromJson(const nlohmann::json& document)
{
    TextRequest request;
    try {
        request.method = document.value("method", request.method);
        request.column = document.value("column", request.column);
        request.budget = document.value("budget", request.budget);
        request.seed = document.value("seed", request.seed);
        request.space = spaceFrom(document);
        request.rowBegin = document.value("rowBegin", request.rowBegin);
        request.rowEnd = document.value("rowEnd", request.rowEnd);
    } catch (const json::exception& error) {
        throwInvalid(error.what());
    }
    return request;
}

ExplanationRecord keepExplanation(Workspace& workspace, const ModelVersion& version, const DataSet& explained, ExplainRequest request,
                                  const Explanation& explanation, Keeping keeping)
{
    if (explanation.rowCount() > 0 && !request.rows.empty()) {
        request.rows = explanation.rows;
    } else if (explanation.rowCount() > 0) {
        request.rowBegin = explanation.rows.front();
        request.rowEnd = explanation.rows.back() + 1;
    }
    return workspace.keepExplanation(version, settingsOf(explained, toJson(request), explanation.background), explanationBytes(explanation), keeping);
}

ExplanationRecord keepWords(Workspace& workspace, const ModelVersion& version, const DataSet& explained, TextRequest request,
                            const TextOutcome& outcome, Keeping keeping)
{
    request.column = outcome.column;
    if (!outcome.rows.empty()) {
        request.rowBegin = outcome.rows.front()->row;
        request.rowEnd = outcome.rows.back()->row + 1;
    }
    return workspace.keepExplanation(version, settingsOf(explained, toJson(request), {}), textOutcomeBytes(outcome), keeping);
}

KeptAnswer loadAnswer(const Workspace& workspace, const ExplanationRecord& record)
{
    const std::string bytes = workspace.explanationDocument(record);
    if (questionOf(record).words)
        return std::make_shared<const TextOutcome>(textOutcomeFromBytes(bytes));
    return std::make_shared<const Explanation>(explanationFromBytes(bytes));
}

KeptQuestion questionOf(const ExplanationRecord& record)
{
    try {
        const json& data = record.settings.at("data");
        const json& request = record.settings.at("request");
        KeptQuestion question{data.at("path").get<std::string>(), data.at("sha256").get<std::string>(), explainRequestFromJson(request), {},
                              record.settings.at("background").get<std::string>()};
        if (request.value("players", std::string()) == wordsName)
            question.words = textRequestFromJson(request);
        return question;
    } catch (const json::exception& error) {
        throwInvalid(error.what());
    }
}

bool reproducesExplanation(const Workspace& workspace, const ExplanationRecord& record, const std::filesystem::path& file, Task& task)
{
    const KeptQuestion question = questionOf(record);
    const auto changed = [&](const std::filesystem::path& what) {
        return Error(ErrorCode::ExplanationDataChanged, {{"explanation", std::to_string(record.id)}, {"path", utf8(what)}});
    };
    const ModelVersion version = workspace.resolve(record.model + "@" + std::to_string(record.version));
    const std::unique_ptr<Predictor> predictor = makePredictor(workspace.loadBundle(version), static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
    const std::filesystem::path path = file.empty() ? question.path : file;
    Task reading(task, {}); // its reports would count it as the whole
    const DataSet data = openDataForModel(path, predictor->pipeline(), reading);
    if (data.sha256 != question.sha256)
        throw changed(path);
    std::optional<RunRecord> run;
    if (version.run > 0) {
        try {
            run = workspace.run(version.run);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::RunUnknown)
                throw;
        }
    }
    return bytesOf(answered(*predictor, question, data, run ? &*run : nullptr, changed, task)) == workspace.explanationDocument(record);
}

} // namespace limpid
