#include "core/workbench/ExplainBackground.h"

#include "core/base/Hash.h"
#include "core/workbench/RunSetup.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

/// `second` below `first`: columns of one name and type.
Column appended(const Column& first, const Column& second)
{
    const auto joined = [](const auto& a, const auto& b) {
        std::vector<typename std::decay_t<decltype(a)>::value_type> all(a.begin(), a.end());
        all.insert(all.end(), b.begin(), b.end());
        return all;
    };
    switch (first.type()) {
    case ColumnType::Number:
        return Column::numbers(first.name(), joined(first.numbers(), second.numbers()));
    case ColumnType::DateTime: {
        std::vector<bool> missing;
        for (const Column* column : {&first, &second}) {
            for (std::size_t row = 0; row < column->rows(); ++row)
                missing.push_back(column->isMissing(row));
        }
        return Column::dateTimes(first.name(), joined(first.dateTimes(), second.dateTimes()), std::move(missing));
    }
    case ColumnType::Text: {
        std::string bytes;
        std::vector<std::uint64_t> offsets{0};
        std::vector<bool> missing;
        for (const Column* column : {&first, &second}) {
            for (std::size_t row = 0; row < column->rows(); ++row) {
                bytes += column->text(row);
                offsets.push_back(bytes.size());
                missing.push_back(column->isMissing(row));
            }
        }
        return Column::texts(first.name(), std::move(bytes), std::move(offsets), std::move(missing));
    }
    case ColumnType::Category:
    case ColumnType::Boolean:
        break;
    }
    std::vector<std::int32_t> codes(first.codes().begin(), first.codes().end());
    std::vector<std::string> dictionary = first.dictionary();
    if (first.type() == ColumnType::Boolean && dictionary.size() == second.dictionary().size()) {
        // Both put false first, however they spell it.
        codes.insert(codes.end(), second.codes().begin(), second.codes().end());
        return Column::booleans(first.name(), std::move(codes), std::move(dictionary));
    }
    std::vector<std::int32_t> translated;
    for (const std::string& value : second.dictionary()) {
        const auto found = std::find(dictionary.begin(), dictionary.end(), value);
        translated.push_back(std::int32_t(found - dictionary.begin()));
        if (found == dictionary.end())
            dictionary.push_back(value);
    }
    for (const std::int32_t code : second.codes())
        codes.push_back(code < 0 ? code : translated[std::size_t(code)]);
    return first.type() == ColumnType::Boolean ? Column::booleans(first.name(), std::move(codes), std::move(dictionary))
                                               : Column::categories(first.name(), std::move(codes), std::move(dictionary));
}

/// Both tables' rows in the model's columns; nothing where they do not fit together (predicting will say why).
std::optional<Table> appended(const Table& first, const Table& second, const std::vector<FeatureGroup>& groups)
{
    std::vector<Column> columns;
    for (const FeatureGroup& group : groups) {
        const auto a = first.find(group.column), b = second.find(group.column);
        if (!a || !b || first.column(*a).type() != second.column(*b).type())
            return std::nullopt;
        columns.push_back(appended(first.column(*a), second.column(*b)));
    }
    return Table(std::move(columns));
}

std::string hashOrNothing(const std::filesystem::path& path)
{
    try {
        return sha256OfFile(path);
    } catch (const Error&) {
        return {};
    }
}

} // namespace

Background findBackground(const Pipeline& pipeline, const RunRecord* run, const DataSet& explained,
                          const std::function<DataSet(const std::filesystem::path&)>& open)
{
    Background background{explained.table(), {}, "rows of the explained file"};
    background.rows.resize(explained.table().rows());
    std::iota(background.rows.begin(), background.rows.end(), std::size_t(0));
    if (!run || !run->data.is_object())
        return background;

    const std::string hash = run->data.value("sha256", std::string());
    const std::filesystem::path path = run->data.value("path", std::string());
    try {
        if (hash == explained.sha256) {
            background.rows = splitRows(explained.table(), pipeline.spec().targets(), splitSpecFromJson(run->split)).train;
            background.name = trainingRowsName;
        } else if (!path.empty() && hashOrNothing(path) == hash) {
            const DataSet trained = open(path);
            const Split split = splitRows(trained.table(), pipeline.spec().targets(), splitSpecFromJson(run->split));
            if (std::optional<Table> both = appended(explained.table(), trained.table().select(split.train), pipeline.groups())) {
                background.rows.resize(split.train.size());
                std::iota(background.rows.begin(), background.rows.end(), explained.table().rows());
                background.table = std::move(*both);
                background.name = trainingRowsName;
            }
        }
    } catch (const Error&) {
        // A file that reads no more as it did (moved meanwhile, its rights changed) is as good as gone.
    }
    return background;
}

} // namespace limpid
