#include "core/explain/PackedNumbers.h"

#include "core/base/Error.h"

#include <array>
#include <bit>
#include <cstring>

namespace limpid {

static_assert(std::endian::native == std::endian::little);

nlohmann::json packed(const std::vector<double>& values)
{
    std::vector<std::uint8_t> bytes(values.size() * sizeof(double));
    if (!values.empty())
        std::memcpy(bytes.data(), values.data(), bytes.size());
    return nlohmann::json::binary(std::move(bytes));
}

std::vector<double> unpacked(const nlohmann::json& document, const char* name, std::size_t count)
{
    const nlohmann::json::binary_t& bytes = document.at(name).get_binary();
    if (bytes.size() != count * sizeof(double))
        throw Error(ErrorCode::ExplanationInvalid, {{"reason", name}});
    std::vector<double> values(count);
    if (count > 0)
        std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

std::optional<TaskKind> taskKindFrom(const std::string& name)
{
    for (const TaskKind kind : {TaskKind::Binary, TaskKind::MultiClass, TaskKind::Regression, TaskKind::MultiLabel, TaskKind::MultiRegression}) {
        if (taskKindName(kind) == name)
            return kind;
    }
    return std::nullopt;
}

} // namespace limpid
