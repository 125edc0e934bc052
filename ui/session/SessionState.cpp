#include "ui/session/SessionState.h"

#include "core/workbench/RunSetup.h"

namespace limpid {

namespace {

nlohmann::json requestToJson(const TrainRequest& request)
{
    nlohmann::json json = {{"pipeline", toJson(request.pipeline)},
                           {"split", toJson(request.split)},
                           {"train", toJson(request.train)},
                           {"study", toJson(request.study)},
                           {"preset", request.preset},
                           {"name", request.name}};
    if (request.network)
        json["network"] = request.network->toJson();
    return json;
}

TrainRequest requestFromJson(const nlohmann::json& json)
{
    TrainRequest request;
    request.pipeline = pipelineSpecFromJson(json.at("pipeline"));
    request.split = splitSpecFromJson(json.at("split"));
    request.train = trainSpecFromJson(json.at("train"));
    if (json.contains("study"))
        request.study = studySpecFromJson(json["study"]);
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
            {"options", limpid::toJson(options)},
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
    attempt([&] { state.options = csvOptionsFromJson(json.at("options")); });
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
