#include "core/data/Pipeline.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

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

/// A whole number in [least, most].
std::int64_t countFrom(const nlohmann::json& json, std::int64_t least, std::int64_t most)
{
    if (!json.is_number_integer() || json.get<std::int64_t>() < least || json.get<std::int64_t>() > most
        || (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(most)))
        invalid("a count that is not " + std::to_string(least) + " to " + std::to_string(most));
    return json.get<std::int64_t>();
}

Vocabulary vocabularyFrom(const nlohmann::json& json, const PipelineSpec& spec)
{
    if (!json.is_array() || json.size() + Vocabulary::firstWord > static_cast<std::size_t>(spec.vocabulary))
        invalid("words that are no list of the vocabulary's size");
    auto words = json.get<std::vector<std::string>>();
    if (std::set<std::string_view>(words.begin(), words.end()).size() != words.size())
        invalid("a word twice");
    return Vocabulary(std::move(words));
}

nlohmann::json targetJson(const TargetCoding& target)
{
    return {{"column", target.column}, {"type", columnTypeName(target.type)}, {"classes", target.classes},
            {"mean", target.mean}, {"scale", target.scale}};
}

TargetCoding targetFrom(const nlohmann::json& json)
{
    return {json.at("column").get<std::string>(), typeFrom(json.at("type")), json.at("classes").get<std::vector<std::string>>(),
            finiteFrom(json.at("mean")), finiteFrom(json.at("scale"))};
}

bool fits(TaskKind task, const std::vector<TargetCoding>& targets)
{
    const auto all = [&](auto&& holds) { return std::all_of(targets.begin(), targets.end(), holds); };
    const std::size_t classes = targets.front().classes.size();
    switch (task) {
    case TaskKind::Binary: return targets.size() == 1 && classes == 2;
    case TaskKind::MultiClass: return targets.size() == 1 && classes >= 2;
    case TaskKind::Regression: return targets.size() == 1 && classes == 0;
    case TaskKind::MultiLabel: return targets.size() > 1 && all([](const TargetCoding& one) { return one.classes.size() == 2; });
    case TaskKind::MultiRegression: return targets.size() > 1 && all([](const TargetCoding& one) { return one.classes.empty(); });
    }
    return false;
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
            json["categories"] = encoder.categories;
            json["missingIndex"] = encoder.missingIndex;
            break;
        case ColumnType::Text:
            json["tokens"] = encoder.tokens;
            break;
        }
        columns.push_back(std::move(json));
    }
    nlohmann::json json{{"version", formatVersion},
                        {"task", taskKindName(m_task)},
                        {"ignored", m_spec.ignored},
                        {"missingMarks", m_spec.missingMarks},
                        {"categories", m_spec.categories},
                        {"scaling", m_spec.scaling},
                        {"tableColumns", m_columns},
                        {"columns", std::move(columns)}};
    if (m_targets.size() == 1) { // the first format, and the bytes of every model with one target
        const TargetCoding& target = m_targets.front();
        json["target"] = target.column;
        json["targetType"] = columnTypeName(target.type);
        json["classes"] = target.classes;
        json["targetMean"] = target.mean;
        json["targetScale"] = target.scale;
    } else {
        for (const TargetCoding& target : m_targets)
            json["targets"].push_back(targetJson(target));
    }
    if (logLink())
        json["link"] = m_spec.link;
    if (m_spec.keepConstants)
        json["keepConstants"] = true;
    if (m_spec.text != PipelineSpec().text) {
        json["text"] = m_spec.text;
        json["vocabulary"] = m_spec.vocabulary;
        json["tokens"] = m_spec.tokens;
        json["words"] = m_vocabulary.words();
    }
    return json;
}

Pipeline Pipeline::fromJson(const nlohmann::json& json)
{
    Pipeline pipeline;
    try {
        if (json.at("version").get<int>() != formatVersion)
            invalid("pipeline version " + json.at("version").dump());
        PipelineSpec& spec = pipeline.m_spec;
        json.at("ignored").get_to(spec.ignored);
        spec.missingMarks = json.value("missingMarks", spec.missingMarks); // absent from the first bundles
        json.at("categories").get_to(spec.categories);
        json.at("scaling").get_to(spec.scaling);
        spec.link = json.value("link", spec.link); // absent where it is the identity
        if (spec.link != "identity" && spec.link != "log")
            invalid("link " + spec.link);
        spec.keepConstants = json.value("keepConstants", spec.keepConstants);
        spec.text = json.value("text", spec.text); // absent where text is ignored
        if (spec.text != "ignore" && spec.text != "tokens")
            invalid("text " + spec.text);
        if (spec.text == "tokens") {
            spec.vocabulary = static_cast<int>(countFrom(json.at("vocabulary"), Vocabulary::firstWord + 1, maxVocabulary));
            spec.tokens = static_cast<int>(countFrom(json.at("tokens"), 0, maxTokens));
            pipeline.m_vocabulary = vocabularyFrom(json.at("words"), spec);
        }
        if (spec.categories != "embedding" && spec.categories != "one-hot")
            invalid("categories " + spec.categories);
        if (spec.scaling != "standard" && spec.scaling != "quantile" && spec.scaling != "none")
            invalid("scaling " + spec.scaling);
        json.at("tableColumns").get_to(pipeline.m_columns);
        pipeline.m_targets.clear();
        if (json.contains("targets"))
            for (const nlohmann::json& target : json.at("targets"))
                pipeline.m_targets.push_back(targetFrom(target));
        else
            pipeline.m_targets.push_back({json.at("target").get<std::string>(), typeFrom(json.at("targetType")),
                                          json.at("classes").get<std::vector<std::string>>(),
                                          finiteFrom(json.at("targetMean")), finiteFrom(json.at("targetScale"))});
        if (pipeline.m_targets.empty())
            invalid("no targets");
        std::vector<std::string> targets;
        for (const TargetCoding& target : pipeline.m_targets) {
            if (target.scale == 0.0)
                invalid("a scale of zero");
            targets.push_back(target.column);
        }
        spec.setTargets(targets);

        const std::string task = json.at("task").get<std::string>();
        for (const TaskKind kind : {TaskKind::Binary, TaskKind::MultiClass, TaskKind::Regression, TaskKind::MultiLabel,
                                    TaskKind::MultiRegression})
            if (taskKindName(kind) == task)
                pipeline.m_task = kind;
        if (taskKindName(pipeline.m_task) != task || !fits(pipeline.m_task, pipeline.m_targets))
            invalid("task " + task + " with " + std::to_string(pipeline.m_targets.size()) + " targets and "
                    + std::to_string(pipeline.m_targets.front().classes.size()) + " classes");

        std::size_t textWidth = 0;
        for (const nlohmann::json& column : json.at("columns")) {
            ColumnEncoder encoder;
            column.at("column").get_to(encoder.column);
            encoder.type = typeFrom(column.at("type"));
            column.at("gapFeature").get_to(encoder.gapFeature);
            encoder.missingIndex = column.value("missingIndex", false);
            encoder.categories = column.value("categories", std::vector<std::string>());
            encoder.quantiles = column.value("quantiles", std::vector<double>());
            encoder.periods = column.value("periods", std::vector<std::string>());
            if (encoder.type == ColumnType::Text) {
                if (spec.text != "tokens")
                    invalid("an encoded text column");
                encoder.tokens = static_cast<std::size_t>(countFrom(column.at("tokens"), 1, maxTokens));
                textWidth += encoder.tokens;
                if (textWidth > maxTextWidth)
                    invalid("texts of " + std::to_string(textWidth) + " words");
            } else if (encoder.type != ColumnType::Category)
                encoder.fill = finiteFrom(column.at("fill"));
            if (encoder.type == ColumnType::Number || encoder.type == ColumnType::DateTime) {
                encoder.mean = finiteFrom(column.at("mean"));
                encoder.scale = finiteFrom(column.at("scale"));
            }
            if (encoder.scale == 0.0)
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
