#include "app/cli/RowRange.h"

#include "core/base/Error.h"
#include "core/workbench/ExplainedRange.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace limpid {

RowRange rowRange(const std::string& text, std::size_t rows)
{
    if (text.empty())
        return {0, std::min(rows, usualExplainedRows)};
    const Error invalid(ErrorCode::RowRangeInvalid, {{"range", text}, {"rows", std::to_string(rows)}});
    const auto number = [&invalid](std::string_view digits, std::size_t otherwise) {
        if (digits.empty())
            return otherwise;
        std::size_t value = 0;
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (failure != std::errc() || end != digits.data() + digits.size())
            throw invalid;
        return value;
    };
    const std::string_view view = text;
    const std::size_t colon = view.find(':');
    RowRange range;
    range.begin = number(view.substr(0, colon), 0);
    range.end = colon == std::string_view::npos ? range.begin + 1 : number(view.substr(colon + 1), rows);
    if (range.begin >= range.end || range.end > rows)
        throw invalid;
    return range;
}

} // namespace limpid
