#include "core/data/Pipeline.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr int formatVersion = 1;

[[noreturn]] void invalid(const std::string& reason)
{
    throw Error(ErrorCode::BundleInvalid, {{"path", "pipeline.json"}, {"reason", reason}});
}

ColumnType typeFrom(const nlohmann::json& json)
{
    const auto type = columnTypeFromName(json.get<std::string>());
    if (!type)
        invalid("column type " + json.get<std::string>());
    return *type;
}

double finiteFrom(const nlohmann::json& json)
{
    const double value = json.get<double>();
    if (!std::isfinite(value))
        invalid("a number that is not finite");
    return value;
}

} // namespace

nlohmann::json Pipeline::toJson() const
{
    nlohmann::json columns = nlohmann::json::array();
    for (const ColumnEncoder& encoder : m_encoders) {
        nlohmann::json json{{"column", encoder.column},
                            {"type", columnTypeName(encoder.type)},
                            {"gapFeature", encoder.gapFeature}};
        switch (encoder.type) {
        case ColumnType::Number:
        case ColumnType::DateTime:
            json["fill"] = encoder.fill;
            json["mean"] = encoder.mean;
            json["scale"] = encoder.scale;
            if (!encoder.quantiles.empty())
                json["quantiles"] = encoder.quantiles;
            if (encoder.type == ColumnType::DateTime)
                json["periods"] = encoder.periods;
            break;
        case ColumnType::Boolean:
            json["fill"] = encoder.fill;
            json["categories"] = encoder.categories;
            break;
        case ColumnType::Category:
        case ColumnType::Text:
            json["categories"] = encoder.categories;
            json["missingIndex"] = encoder.missingIndex;
            break;
        }
        columns.push_back(std::move(json));
    }
    return {{"version", formatVersion},
            {"target", m_spec.target},
            {"targetType", columnTypeName(m_targetType)},
            {"task", taskKindName(m_task)},
            {"classes", m_classes},
            {"targetMean", m_targetMean},
            {"targetScale", m_targetScale},
            {"ignored", m_spec.ignored},
            {"missingMarks", m_spec.missingMarks},
            {"categories", m_spec.categories},
            {"scaling", m_spec.scaling},
            {"keepConstants", m_spec.keepConstants},
            {"tableColumns", m_columns},
            {"columns", std::move(columns)}};
}

Pipeline Pipeline::fromJson(const nlohmann::json& json)
{
    Pipeline pipeline;
    try {
        if (json.at("version").get<int>() != formatVersion)
            invalid("pipeline version " + json.at("version").dump());
        PipelineSpec& spec = pipeline.m_spec;
        json.at("target").get_to(spec.target);
        json.at("ignored").get_to(spec.ignored);
        spec.missingMarks = json.value("missingMarks", spec.missingMarks); // absent from the first bundles
        json.at("categories").get_to(spec.categories);
        json.at("scaling").get_to(spec.scaling);
        spec.keepConstants = json.value("keepConstants", spec.keepConstants);
        if (spec.categories != "embedding" && spec.categories != "one-hot")
            invalid("categories " + spec.categories);
        if (spec.scaling != "standard" && spec.scaling != "quantile" && spec.scaling != "none")
            invalid("scaling " + spec.scaling);
        json.at("tableColumns").get_to(pipeline.m_columns);
        json.at("classes").get_to(pipeline.m_classes);
        pipeline.m_targetType = typeFrom(json.at("targetType"));
        pipeline.m_targetMean = finiteFrom(json.at("targetMean"));
        pipeline.m_targetScale = finiteFrom(json.at("targetScale"));

        const std::string task = json.at("task").get<std::string>();
        for (const TaskKind kind : {TaskKind::Binary, TaskKind::MultiClass, TaskKind::Regression})
            if (taskKindName(kind) == task)
                pipeline.m_task = kind;
        const std::size_t classes = pipeline.m_classes.size();
        if (taskKindName(pipeline.m_task) != task
            || (pipeline.m_task == TaskKind::Binary && classes != 2)
            || (pipeline.m_task == TaskKind::MultiClass && classes < 2)
            || (pipeline.m_task == TaskKind::Regression && classes != 0))
            invalid("task " + task + " with " + std::to_string(classes) + " classes");

        for (const nlohmann::json& column : json.at("columns")) {
            ColumnEncoder encoder;
            column.at("column").get_to(encoder.column);
            encoder.type = typeFrom(column.at("type"));
            column.at("gapFeature").get_to(encoder.gapFeature);
            encoder.missingIndex = column.value("missingIndex", false);
            encoder.categories = column.value("categories", std::vector<std::string>());
            encoder.quantiles = column.value("quantiles", std::vector<double>());
            encoder.periods = column.value("periods", std::vector<std::string>());
            if (encoder.type == ColumnType::Text)
                invalid("an encoded text column");
            if (encoder.type != ColumnType::Category)
                encoder.fill = finiteFrom(column.at("fill"));
            if (encoder.type == ColumnType::Number || encoder.type == ColumnType::DateTime) {
                encoder.mean = finiteFrom(column.at("mean"));
                encoder.scale = finiteFrom(column.at("scale"));
            }
            if (encoder.scale == 0.0 || pipeline.m_targetScale == 0.0)
                invalid("a scale of zero");
            if (!std::is_sorted(encoder.quantiles.begin(), encoder.quantiles.end()))
                invalid("quantiles out of order");
            for (const std::string& period : encoder.periods)
                if (period != "year" && period != "week" && period != "day")
                    invalid("period " + period);
            pipeline.m_encoders.push_back(std::move(encoder));
        }
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::BundleInvalid, {{"path", "pipeline.json"}, {"reason", "pipeline"}}, error.what());
    }
    if (pipeline.m_encoders.empty())
        invalid("no columns");
    pipeline.layOut();
    return pipeline;
}

} // namespace limpid
