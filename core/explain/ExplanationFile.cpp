#include "core/explain/ExplanationFile.h"

#include "core/explain/PackedNumbers.h"

namespace limpid {

namespace {

using nlohmann::json;

constexpr int formatVersion = 1;

[[noreturn]] void throwInvalid(const std::string& reason)
{
    throw Error(ErrorCode::ExplanationInvalid, {{"reason", reason}});
}

} // namespace

std::string explanationBytes(const Explanation& explanation)
{
    json document{{"format", "limpid-explanation"}, {"version", formatVersion}, {"method", explanation.method},
                  {"task", std::string(taskKindName(explanation.task))}, {"space", explanation.space},
                  {"outputs", explanation.outputs}, {"features", explanation.features}, {"rows", explanation.rows},
                  {"base", packed(explanation.base)}, {"predictions", packed(explanation.predictions)},
                  {"values", packed(explanation.values)}, {"errors", packed(explanation.errors)},
                  {"additive", explanation.additive}, {"residual", explanation.residual}, {"fit", packed(explanation.fit)}, {"topResolved", explanation.topResolved},
                  {"evaluations", explanation.evaluations}, {"modelRows", explanation.modelRows},
                  {"background", explanation.background}, {"backgroundRows", explanation.backgroundRows},
                  {"backgroundOf", explanation.backgroundOf}, {"baseline", explanation.baseline},
                  {"cellText", explanation.cellText}, {"cellNumber", packed(explanation.cellNumber)}};
    if (explanation.image)
        document["image"] = {explanation.image->channels, explanation.image->height, explanation.image->width};
    if (!explanation.segments.empty())
        document["segments"] = explanation.segments;
    document["chosen"] = {{"kind", explanation.backgroundInfo.kind}, {"where", explanation.backgroundInfo.where}, {"row", explanation.backgroundInfo.row}};
    if (explanation.outside)
        document["outside"] = {explanation.outside->share, explanation.outside->error, explanation.outside->looked};
    for (const LayerLeak& leak : explanation.ledger)
        document["ledger"].push_back({leak.layer, leak.type, leak.leak, leak.spread});
    std::string bytes;
    json::to_cbor(document, nlohmann::detail::output_adapter<char>(bytes));
    return bytes;
}

Explanation explanationFromBytes(std::string_view bytes)
{
    try {
        const json document = json::from_cbor(bytes.begin(), bytes.end());
        if (document.at("format").get<std::string>() != "limpid-explanation")
            throwInvalid("format");
        if (document.at("version").get<int>() > formatVersion)
            throwInvalid("a newer Limpid wrote it");
        Explanation explanation;
        const auto read = [&](const char* name, auto& field) { document.at(name).get_to(field); };
        read("method", explanation.method);
        read("space", explanation.space);
        read("outputs", explanation.outputs);
        read("features", explanation.features);
        read("rows", explanation.rows);
        const std::size_t rows = explanation.rows.size(), outputs = explanation.outputs.size(), features = explanation.features.size();
        explanation.base = unpacked(document, "base", outputs);
        explanation.predictions = unpacked(document, "predictions", rows * outputs);
        explanation.values = unpacked(document, "values", rows * outputs * features);
        explanation.errors = unpacked(document, "errors", rows * outputs * features);
        explanation.cellNumber = unpacked(document, "cellNumber", rows * features);
        read("cellText", explanation.cellText);
        read("topResolved", explanation.topResolved);
        if (explanation.cellText.size() != rows * features || (!explanation.topResolved.empty() && explanation.topResolved.size() != rows * outputs))
            throwInvalid("rows");
        const bool fitted = !document.at("fit").get_binary().empty();
        explanation.fit = unpacked(document, "fit", fitted ? rows * outputs : 0);
        read("additive", explanation.additive);
        read("residual", explanation.residual);
        read("evaluations", explanation.evaluations);
        read("modelRows", explanation.modelRows);
        read("background", explanation.background);
        read("backgroundRows", explanation.backgroundRows);
        read("backgroundOf", explanation.backgroundOf);
        read("baseline", explanation.baseline);
        const std::optional<TaskKind> task = taskKindFrom(document.at("task").get<std::string>());
        if (!task)
            throwInvalid("task");
        explanation.task = *task;
        if (document.contains("image")) {
            const json& size = document["image"];
            explanation.image = ImageShape{size.at(0).get<std::size_t>(), size.at(1).get<std::size_t>(), size.at(2).get<std::size_t>()};
            if (explanation.image->channels * explanation.image->height * explanation.image->width != features)
                throwInvalid("image");
        }
        if (document.contains("segments")) {
            const std::size_t pixels = explanation.image ? explanation.image->height * explanation.image->width : 0;
            for (const json& label : document["segments"]) {
                if (!label.is_number_unsigned() || label.get<std::uint64_t>() >= pixels)
                    throwInvalid("segments");
                explanation.segments.push_back(label.get<std::uint32_t>());
            }
            if (explanation.segments.size() != rows * pixels)
                throwInvalid("segments");
        }
        const json& chosen = document.at("chosen");
        explanation.backgroundInfo = {chosen.at("kind").get<std::string>(), chosen.at("where").get<std::string>(), chosen.at("row").get<std::size_t>()};
        if (document.contains("outside")) {
            const json& outside = document["outside"];
            explanation.outside = OutsideShare{outside.at(0).get<double>(), outside.at(1).get<double>(), outside.at(2).get<std::size_t>()};
        }
        for (const json& leak : document.value("ledger", json::array()))
            explanation.ledger.push_back({leak.at(0).get<std::string>(), leak.at(1).get<std::string>(), leak.at(2).get<double>(), leak.at(3).get<double>()});
        return explanation;
    } catch (const json::exception& error) {
        throwInvalid(error.what());
    }
}

} // namespace limpid
