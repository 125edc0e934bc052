#include "core/explain/TextAttributionFile.h"

#include "core/explain/PackedNumbers.h"

namespace limpid {

namespace {

using nlohmann::json;

constexpr int formatVersion = 1;
constexpr auto formatName = "limpid-words";

[[noreturn]] void throwInvalid(const std::string& reason)
{
    throw Error(ErrorCode::ExplanationInvalid, {{"reason", reason}});
}

json rowJson(const TextAttribution& row)
{
    json spans = json::array();
    for (const TextSpan& span : row.spans)
        spans.push_back({span.begin, span.end});
    // Texts are bytes: a file's need not be UTF-8.
    return {{"row", row.row}, {"text", json::binary({row.text.begin(), row.text.end()})}, {"spans", std::move(spans)}, {"words", row.words},
            {"base", packed(row.base)}, {"predictions", packed(row.predictions)}, {"values", packed(row.values)},
            {"errors", packed(row.errors)}, {"determination", packed(row.determination)}, {"evaluations", row.evaluations}};
}

std::shared_ptr<const TextAttribution> rowFrom(const json& document, std::size_t outputs)
{
    auto row = std::make_shared<TextAttribution>();
    document.at("row").get_to(row->row);
    const json::binary_t& text = document.at("text").get_binary();
    row->text.assign(text.begin(), text.end());
    std::size_t before = 0;
    for (const json& span : document.at("spans")) {
        const TextSpan one{span.at(0).get<std::size_t>(), span.at(1).get<std::size_t>()};
        if (one.begin < before || one.end < one.begin || one.end > row->text.size())
            throwInvalid("spans");
        before = one.end;
        row->spans.push_back(one);
    }
    document.at("words").get_to(row->words);
    document.at("evaluations").get_to(row->evaluations);
    row->base = unpacked(document, "base", outputs);
    row->predictions = unpacked(document, "predictions", outputs);
    row->values = unpacked(document, "values", outputs * row->spans.size());
    row->errors = unpacked(document, "errors", outputs * row->spans.size());
    row->determination = unpacked(document, "determination", document.at("determination").get_binary().empty() ? 0 : outputs);
    return row;
}

} // namespace

std::string textOutcomeBytes(const TextOutcome& outcome)
{
    json document{{"format", formatName}, {"version", formatVersion}, {"method", outcome.method}, {"column", outcome.column},
                  {"task", std::string(taskKindName(outcome.task))}, {"space", outcome.space}, {"outputs", outcome.outputs},
                  {"additive", outcome.additive}, {"rows", json::array()}};
    for (const auto& row : outcome.rows)
        document["rows"].push_back(rowJson(*row));
    std::string bytes;
    json::to_cbor(document, nlohmann::detail::output_adapter<char>(bytes));
    return bytes;
}

TextOutcome textOutcomeFromBytes(std::string_view bytes)
{
    try {
        const json document = json::from_cbor(bytes.begin(), bytes.end());
        if (document.at("format").get<std::string>() != formatName)
            throwInvalid("format");
        if (document.at("version").get<int>() > formatVersion)
            throwInvalid("a newer Limpid wrote it");
        TextOutcome outcome;
        document.at("method").get_to(outcome.method);
        document.at("column").get_to(outcome.column);
        document.at("space").get_to(outcome.space);
        document.at("outputs").get_to(outcome.outputs);
        document.at("additive").get_to(outcome.additive);
        const std::optional<TaskKind> task = taskKindFrom(document.at("task").get<std::string>());
        if (!task)
            throwInvalid("task");
        outcome.task = *task;
        for (const json& row : document.at("rows"))
            outcome.rows.push_back(rowFrom(row, outcome.outputs.size()));
        return outcome;
    } catch (const json::exception& error) {
        throwInvalid(error.what());
    }
}

} // namespace limpid
