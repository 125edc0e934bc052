#include "core/data/Split.h"

#include "core/base/Random.h"
#include "core/data/Cells.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace limpid {

namespace {

/// The class of each row as a small number; one class for all where the target is a quantity.
std::vector<std::size_t> classOfRows(const Column& target, const std::vector<std::size_t>& rows)
{
    std::vector<std::size_t> classes(rows.size(), 0);
    if (target.type() == ColumnType::Category || target.type() == ColumnType::Boolean) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            classes[i] = static_cast<std::size_t>(target.codes()[rows[i]]);
    } else if (target.type() == ColumnType::Number) {
        std::map<double, std::size_t> values;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            classes[i] = values.try_emplace(target.numbers()[rows[i]], values.size()).first->second;
            if (values.size() > 2)
                return std::vector<std::size_t>(rows.size(), 0);
        }
    }
    return classes;
}

/// How many of each class go to validation: shares rounded down, then what is left by the largest remainder, so that
/// the total is right. A class always keeps one row for training.
std::vector<std::size_t> quotas(const std::vector<std::size_t>& sizes, double share, std::size_t total)
{
    std::vector<std::size_t> quota(sizes.size());
    std::vector<std::pair<double, std::size_t>> remainders;
    std::size_t given = 0;
    for (std::size_t c = 0; c < sizes.size(); ++c) {
        const double exact = static_cast<double>(sizes[c]) * share;
        quota[c] = static_cast<std::size_t>(exact);
        if (sizes[c] > 0)
            quota[c] = std::min(quota[c], sizes[c] - 1);
        given += quota[c];
        remainders.push_back({static_cast<double>(quota[c]) - exact, c});
    }
    std::stable_sort(remainders.begin(), remainders.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (bool moved = true; moved && given < total;) {
        moved = false;
        for (const auto& [remainder, c] : remainders) {
            if (given == total || quota[c] + 1 >= sizes[c])
                continue;
            ++quota[c];
            ++given;
            moved = true;
        }
    }
    return quota;
}

/// Rows are dealt out like cards, class by class, so that no fold has a row more than another, of a class or in all.
Split foldOf(const Column& target, const std::vector<std::size_t>& rows, const std::vector<std::size_t>& classes, const SplitSpec& spec)
{
    const auto folds = static_cast<std::size_t>(spec.folds);
    if (spec.folds < 2 || spec.fold < 1 || spec.fold > spec.folds)
        throw Error(ErrorCode::OptionInvalid, {{"name", "folds"}, {"value", std::to_string(spec.folds)}, {"expected", ">= 2"}});
    if (rows.size() < folds)
        throw Error(ErrorCode::TooFewRows, {{"rows", std::to_string(rows.size())}, {"needed", std::to_string(folds)}});
    std::vector<std::vector<std::size_t>> byClass(*std::max_element(classes.begin(), classes.end()) + 1);
    for (std::size_t i = 0; i < rows.size(); ++i)
        byClass[spec.stratified ? classes[i] : 0].push_back(rows[i]);
    Split split;
    std::size_t card = 0;
    for (const std::vector<std::size_t>& members : byClass) {
        if (!members.empty() && members.size() < folds)
            throw Error(ErrorCode::FoldsTooMany, {{"folds", std::to_string(folds)}, {"value", target.display(members.front())},
                                                  {"rows", std::to_string(members.size())}});
        for (const std::size_t row : members)
            (card++ % folds + 1 == static_cast<std::size_t>(spec.fold) ? split.validation : split.train).push_back(row);
    }
    std::sort(split.train.begin(), split.train.end());
    std::sort(split.validation.begin(), split.validation.end());
    return split;
}

} // namespace

Split splitRows(const Table& table, const std::string& target, const SplitSpec& spec)
{
    return splitRows(table, std::vector<std::string>{target}, spec);
}

Split splitRows(const Table& table, const std::vector<std::string>& targets, const SplitSpec& spec)
{
    if (spec.folds == 0 && !(spec.validation > 0.0 && spec.validation < 1.0))
        throw Error(ErrorCode::OptionInvalid, {{"name", "validation"},
                                               {"value", formatNumber(spec.validation)},
                                               {"expected", "0 < validation < 1"}});
    std::vector<const Column*> columns;
    for (const std::string& target : targets) {
        const auto index = table.find(target);
        if (!index)
            throw Error(ErrorCode::TargetUnknown,
                        {{"column", target}, {"nearest", nearestName(target, table.names())}});
        const Column& column = table.column(*index);
        if (column.rows() > 0 && column.missingCount() == column.rows())
            throw Error(ErrorCode::ColumnAllMissing, {{"column", target}});
        columns.push_back(&column);
    }

    std::vector<std::size_t> rows;
    rows.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (std::none_of(columns.begin(), columns.end(), [&](const Column* column) { return column->isMissing(row); }))
            rows.push_back(row);
    if (rows.size() < 2)
        throw Error(ErrorCode::TooFewRows, {{"rows", std::to_string(rows.size())}, {"needed", "2"}});

    Random random(spec.seed, "split");
    random.shuffle(rows);
    std::vector<std::vector<std::size_t>> classes; // by target
    std::vector<std::vector<std::size_t>> sizes;
    for (const Column* column : columns) {
        classes.push_back(classOfRows(*column, rows));
        sizes.emplace_back(*std::max_element(classes.back().begin(), classes.back().end()) + 1);
        for (const std::size_t c : classes.back())
            ++sizes.back()[c];
    }
    if (spec.folds != 0)
        return foldOf(*columns.front(), rows, columns.size() == 1 ? classes.front() : std::vector<std::size_t>(rows.size(), 0), spec);

    const auto wanted = static_cast<std::size_t>(std::llround(static_cast<double>(rows.size()) * spec.validation));
    const std::size_t total = std::clamp<std::size_t>(wanted, 1, rows.size() - 1);

    Split split;
    split.validation.reserve(total);
    split.train.reserve(rows.size() - total);
    if (spec.stratified && columns.size() == 1) {
        std::vector<std::size_t> quota = quotas(sizes.front(), spec.validation, total);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (std::size_t& left = quota[classes.front()[i]]; left > 0) {
                --left;
                split.validation.push_back(rows[i]);
            } else {
                split.train.push_back(rows[i]);
            }
        }
    } else {
        // Still one row of each class for training: a class that was never seen can't be told.
        std::vector<std::vector<std::size_t>> left = sizes;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            bool spare = split.validation.size() < total;
            for (std::size_t target = 0; spare && target < columns.size(); ++target)
                spare = left[target][classes[target][i]] > 1;
            if (spare) {
                for (std::size_t target = 0; target < columns.size(); ++target)
                    --left[target][classes[target][i]];
                split.validation.push_back(rows[i]);
            } else {
                split.train.push_back(rows[i]);
            }
        }
    }
    if (split.validation.empty()) { // every class has one row: there is nothing better to take
        split.validation.push_back(split.train.back());
        split.train.pop_back();
    }
    std::sort(split.train.begin(), split.train.end());
    std::sort(split.validation.begin(), split.validation.end());
    return split;
}

} // namespace limpid
