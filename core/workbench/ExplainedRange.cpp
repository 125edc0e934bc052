#include "core/workbench/ExplainedRange.h"

#include "core/base/Error.h"

#include <algorithm>
#include <string>

namespace limpid {

ExplainedRange explainedRange(std::size_t begin, std::size_t end, std::size_t rows)
{
    if (begin == 0 && end == 0)
        return {0, std::min(usualExplainedRows, rows)};
    if (begin >= end || end > rows)
        throw Error(ErrorCode::RowRangeInvalid,
                    {{"range", std::to_string(begin) + ":" + std::to_string(end)}, {"rows", std::to_string(rows)}});
    return {begin, end};
}

} // namespace limpid
