#include "core/base/Error.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace limpid {

namespace {

constexpr std::string_view names[] = {
#define LIMPID_ERROR_NAME(name) #name,
    LIMPID_ERROR_CODES(LIMPID_ERROR_NAME)
#undef LIMPID_ERROR_NAME
};

int lower(char c)
{
    return std::tolower(static_cast<unsigned char>(c));
}

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row[b.size()];
}

} // namespace

std::string_view errorName(ErrorCode code)
{
    return names[static_cast<std::size_t>(code)];
}

const std::vector<ErrorCode>& allErrorCodes()
{
    static const std::vector<ErrorCode> codes{
#define LIMPID_ERROR_VALUE(name) ErrorCode::name,
        LIMPID_ERROR_CODES(LIMPID_ERROR_VALUE)
#undef LIMPID_ERROR_VALUE
    };
    return codes;
}

std::string fact(const Facts& facts, std::string_view name)
{
    for (const auto& [key, value] : facts)
        if (key == name)
            return value;
    return {};
}

Error::Error(ErrorCode code, Facts facts, std::string detail)
    : m_code(code), m_facts(std::move(facts)), m_detail(std::move(detail)), m_what(errorName(code))
{
    for (const auto& [key, value] : m_facts)
        m_what += " " + key + "=" + value;
    if (!m_detail.empty())
        m_what += ": " + m_detail;
}

void throwFirstError(const Issues& issues)
{
    for (const Issue& issue : issues)
        if (issue.severity == Severity::Error)
            throw Error(issue.code, issue.facts);
}

std::string nearestName(std::string_view name, const std::vector<std::string>& candidates)
{
    std::string best;
    std::size_t bestDistance = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = editDistance(name, candidate);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace limpid
