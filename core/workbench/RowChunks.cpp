#include "core/workbench/RowChunks.h"

#include "core/base/Random.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t chunkRows = 65'536;

void gather(Issues& all, const Issues& more)
{
    for (const Issue& issue : more) {
        const auto same = std::find_if(all.begin(), all.end(), [&](const Issue& other) {
            return other.code == issue.code && other.where == issue.where;
        });
        if (same == all.end()) {
            all.push_back(issue);
            continue;
        }
        for (auto& [name, value] : same->facts)
            if (name == "count")
                value = std::to_string(std::strtoull(value.c_str(), nullptr, 10)
                                       + std::strtoull(fact(issue.facts, name).c_str(), nullptr, 10));
    }
}

} // namespace

std::vector<std::size_t> allRows(const Table& table)
{
    std::vector<std::size_t> rows(table.rows());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

std::vector<std::size_t> drawBackground(std::vector<std::size_t> rows, std::size_t count, std::uint64_t seed)
{
    if (count == 0 || rows.empty())
        throw Error(ErrorCode::OptionInvalid,
                    {{"name", "background"}, {"value", std::to_string(std::min(count, rows.size()))}, {"expected", ">= 1"}});
    Random random(seed, "background");
    count = std::min(count, rows.size());
    for (std::size_t i = 0; i < count; ++i)
        std::swap(rows[i], rows[i + random.below(rows.size() - i)]);
    rows.resize(count);
    std::sort(rows.begin(), rows.end());
    return rows;
}

void forChunks(const Predictor& predictor, const Table& table, std::span<const std::size_t> rows, bool withTargets,
               Issues& issues, Task& task, const std::function<void(const Features&)>& use)
{
    for (std::size_t begin = 0; begin < rows.size(); begin += chunkRows) {
        task.checkpoint();
        const std::size_t count = std::min(chunkRows, rows.size() - begin);
        Issues found;
        const Features features = predictor.pipeline().transform(table, rows.subspan(begin, count), withTargets, found);
        throwFirstError(found);
        gather(issues, found);
        use(features);
        task.report(static_cast<double>(begin + count) / static_cast<double>(rows.size()), "predict");
    }
}

} // namespace limpid
