#include "ui/session/SessionState.h"

namespace limpid {

namespace {

nlohmann::json optionsToJson(const CsvOptions& options)
{
    nlohmann::json json = nlohmann::json::object();
    if (options.separator)
        json["separator"] = std::string(1, *options.separator);
    if (options.decimalComma)
        json["decimalComma"] = *options.decimalComma;
    for (const auto& [column, type] : options.types)
        json["types"][column] = std::string(columnTypeName(type));
    if (!options.missingMarks.empty())
        json["missingMarks"] = options.missingMarks;
    return json;
}

CsvOptions optionsFromJson(const nlohmann::json& json)
{
    CsvOptions options;
    if (const std::string separator = json.value("separator", std::string()); !separator.empty())
        options.separator = separator.front();
    if (json.contains("decimalComma"))
        options.decimalComma = json["decimalComma"].get<bool>();
    if (json.contains("types"))
        for (const auto& [column, name] : json["types"].items())
            if (const auto type = columnTypeFromName(name.get<std::string>()))
                options.types[column] = *type;
    if (json.contains("missingMarks"))
        options.missingMarks = json["missingMarks"].get<decltype(options.missingMarks)>();
    return options;
}

nlohmann::json requestToJson(const TrainRequest& request)
{
    const PipelineSpec& pipeline = request.pipeline;
    nlohmann::json json = {
        {"pipeline",
         {{"target", pipeline.target},
          {"ignored", pipeline.ignored},
          {"categories", pipeline.categories},
          {"scaling", pipeline.scaling}}},
        {"split",
         {{"validation", request.split.validation},
          {"stratified", request.split.stratified},
          {"seed", request.split.seed}}},
        {"train", toJson(request.train)},
        {"preset", request.preset},
        {"name", request.name},
    };
    if (request.network)
        json["network"] = request.network->toJson();
    return json;
}

TrainRequest requestFromJson(const nlohmann::json& json)
{
    TrainRequest request;
    if (json.contains("pipeline")) {
        const nlohmann::json& from = json["pipeline"];
        PipelineSpec& pipeline = request.pipeline;
        pipeline.target = from.value("target", pipeline.target);
        pipeline.ignored = from.value("ignored", pipeline.ignored);
        pipeline.categories = from.value("categories", pipeline.categories);
        pipeline.scaling = from.value("scaling", pipeline.scaling);
    }
    if (json.contains("split")) {
        const nlohmann::json& from = json["split"];
        request.split.validation = from.value("validation", request.split.validation);
        request.split.stratified = from.value("stratified", request.split.stratified);
        request.split.seed = from.value("seed", request.split.seed);
    }
    if (json.contains("train"))
        request.train = trainSpecFromJson(json["train"]);
    request.preset = json.value("preset", request.preset);
    request.name = json.value("name", request.name);
    if (json.contains("network"))
        request.network = NetworkSpec::fromJson(json["network"]);
    return request;
}

/// Reads one part; a part that is not as it should be (another version's, edited by hand) keeps its default.
template<class Read>
void attempt(Read read)
{
    try {
        read();
    } catch (const nlohmann::json::exception&) {
    } catch (const Error&) {
    }
}

} // namespace

nlohmann::json SessionState::toJson() const
{
    nlohmann::json recent = nlohmann::json::array();
    for (const QString& path : recentFiles)
        recent.push_back(path.toStdString());
    return {{"file", file.toStdString()},
            {"options", optionsToJson(options)},
            {"request", requestToJson(request)},
            {"recentFiles", recent},
            {"view", view}};
}

SessionState SessionState::fromJson(const nlohmann::json& json)
{
    SessionState state;
    if (!json.is_object())
        return state;
    attempt([&] { state.file = QString::fromStdString(json.value("file", std::string())); });
    attempt([&] { state.options = optionsFromJson(json.at("options")); });
    attempt([&] { state.request = requestFromJson(json.at("request")); });
    attempt([&] {
        for (const nlohmann::json& path : json.at("recentFiles"))
            state.recentFiles.push_back(QString::fromStdString(path.get<std::string>()));
    });
    attempt([&] {
        if (json.at("view").is_object())
            state.view = json["view"];
    });
    return state;
}

} // namespace limpid
