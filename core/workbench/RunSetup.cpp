#include "core/workbench/RunSetup.h"

#include "core/base/Clock.h"

namespace limpid {

using nlohmann::json;

namespace {

template<class Read>
auto reading(const json& source, Read&& read)
{
    try {
        return read(source.is_object() ? source : json::object());
    } catch (const json::exception& error) {
        throw Error(ErrorCode::WorkspaceCorrupt, {{"path", ""}, {"reason", "run settings"}}, error.what());
    }
}

} // namespace

json toJson(const CsvOptions& options)
{
    json types = json::object();
    for (const auto& [column, type] : options.types)
        types[column] = columnTypeName(type);
    json result = {{"types", types}, {"missingMarks", options.missingMarks}};
    if (options.separator)
        result["separator"] = std::string(1, *options.separator);
    if (options.decimalComma)
        result["decimalComma"] = *options.decimalComma;
    return result;
}

CsvOptions csvOptionsFromJson(const json& source)
{
    return reading(source, [](const json& from) {
        CsvOptions options;
        if (const std::string separator = from.value("separator", ""); !separator.empty())
            options.separator = separator.front();
        if (from.contains("decimalComma"))
            options.decimalComma = from["decimalComma"].get<bool>();
        const json types = from.value("types", json::object());
        for (const auto& [column, name] : types.items())
            if (const auto type = columnTypeFromName(name.get<std::string>()))
                options.types[column] = *type;
        options.missingMarks = from.value("missingMarks", options.missingMarks);
        return options;
    });
}

json toJson(const PipelineSpec& spec)
{
    json result = {{"target", spec.target}, {"ignored", spec.ignored}, {"categories", spec.categories}, {"scaling", spec.scaling}};
    if (!spec.moreTargets.empty())
        result["targets"] = spec.targets();
    if (spec.reconstruct)
        result["reconstruct"] = true;
    return result; // the link follows the loss
}

PipelineSpec pipelineSpecFromJson(const json& source)
{
    return reading(source, [](const json& from) {
        const PipelineSpec usual;
        PipelineSpec spec; // the marks stand with the data
        spec.setTargets(from.value("targets", std::vector<std::string>{from.value("target", usual.target)}));
        spec.ignored = from.value("ignored", usual.ignored);
        spec.categories = from.value("categories", usual.categories);
        spec.scaling = from.value("scaling", usual.scaling);
        spec.reconstruct = from.value("reconstruct", usual.reconstruct);
        return spec;
    });
}

json toJson(const SplitSpec& spec)
{
    json result = {{"validation", spec.validation}, {"stratified", spec.stratified}, {"seed", spec.seed}};
    if (spec.folds > 0) {
        result["folds"] = spec.folds;
        result["fold"] = spec.fold;
    }
    return result;
}

SplitSpec splitSpecFromJson(const json& source)
{
    return reading(source, [](const json& from) {
        const SplitSpec usual;
        return SplitSpec{from.value("validation", usual.validation), from.value("stratified", usual.stratified),
                         from.value("seed", usual.seed), from.value("folds", usual.folds), from.value("fold", usual.fold)};
    });
}

json metricsJson(const MetricSet& train, const MetricSet& validation, const std::vector<std::string>& classes)
{
    json result = {{"train", train.values}, {"validation", validation.values}};
    if (!classes.empty()) {
        result["classes"] = classes;
        result["confusion"] = validation.confusion;
    }
    return result;
}

json aboutRun(const RunRecord& run, const Pipeline& pipeline, const json& metrics)
{
    json about = {{"run", run.id},
                  {"created", isoTime(nowMs())},
                  {"limpid", LIMPID_VERSION},
                  {"task", taskKindName(pipeline.task())},
                  {"target", pipeline.spec().target},
                  {"metrics", metrics},
                  {"data", {{"path", run.data["path"]}, {"sha256", run.data["sha256"]}, {"rows", run.data["rows"]}}}};
    if (!pipeline.spec().moreTargets.empty())
        about["targets"] = pipeline.spec().targets();
    return about;
}

} // namespace limpid
