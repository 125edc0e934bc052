#pragma once

#include "core/base/Random.h"
#include "core/model/Bundle.h"

#include <QString>

#include <cmath>

namespace limpid::test {

/// A pipeline that leaves numbers as they are.
inline Pipeline plainPipeline(const Table& table, const std::string& target)
{
    Split split;
    for (std::size_t row = 0; row < table.rows(); ++row)
        split.train.push_back(row);
    split.validation.push_back(0);
    PipelineSpec spec;
    spec.target = target;
    spec.scaling = "none";
    Issues issues;
    return Pipeline::fit(table, split, spec, issues);
}

inline Features features(const Pipeline& pipeline, const Table& table, bool withTargets = false)
{
    Issues issues;
    return pipeline.transform(table, withTargets, issues);
}

/// `rows` rows of two numbers, a category of four values, another number and a target of `classes` labels (0: a number).
inline Table mixedTable(std::size_t rows, int classes, std::uint64_t seed = 1)
{
    Random random(seed, "test table");
    std::vector<double> a, b, c, y;
    std::vector<std::int32_t> category, label;
    for (std::size_t row = 0; row < rows; ++row) {
        a.push_back(random.normal());
        b.push_back(random.normal());
        c.push_back(random.normal());
        category.push_back(static_cast<std::int32_t>(random.below(4)));
        y.push_back(2 * a.back() - b.back() + 0.5 * category.back());
        label.push_back(classes > 0 ? static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(classes))) : 0);
    }
    std::vector<std::string> labels;
    for (int k = 0; k < classes; ++k)
        labels.push_back("class" + std::to_string(k));
    std::vector<Column> columns{Column::numbers("a", a), Column::numbers("b", b),
                                Column::categories("kind", category, {"p", "q", "r", "s"}), Column::numbers("c", c)};
    columns.push_back(classes > 0 ? Column::categories("y", label, labels) : Column::numbers("y", y));
    return Table(std::move(columns));
}

/// Two targets of mixedTable's inputs: a label each, or a number each, the second of a hundredth of the first's size.
struct TwoTargets {
    Table table;
    Pipeline pipeline;
};
inline TwoTargets twoTargets(std::size_t rows, bool labels, const std::string& link = "identity")
{
    const Table mixed = mixedTable(rows, 0);
    std::vector<Column> columns;
    for (std::size_t i = 0; i < 4; ++i)
        columns.push_back(mixed.column(i));
    std::vector<double> first, second;
    std::vector<std::int32_t> firstLabel, secondLabel;
    for (std::size_t row = 0; row < rows; ++row) {
        const double a = mixed.column(0).numbers()[row], b = mixed.column(1).numbers()[row];
        first.push_back(link == "log" ? std::round(std::exp(1.0 + a)) : 100.0 * a + 7.0);
        second.push_back(link == "log" ? std::round(std::exp(2.0 - b)) : b - a);
        firstLabel.push_back(a + b > 0.0 ? 1 : 0);
        secondLabel.push_back(b > 0.5 ? 1 : 0);
    }
    columns.push_back(labels ? Column::categories("first", firstLabel, {"no", "yes"}) : Column::numbers("first", first));
    columns.push_back(labels ? Column::categories("second", secondLabel, {"low", "up"}) : Column::numbers("second", second));
    TwoTargets made{Table(std::move(columns)), {}};
    Split split;
    for (std::size_t row = 0; row < rows; ++row)
        split.train.push_back(row);
    split.validation.push_back(0);
    PipelineSpec spec;
    spec.setTargets({"first", "second"});
    spec.scaling = "none";
    spec.link = link;
    Issues issues;
    made.pipeline = Pipeline::fit(made.table, split, spec, issues);
    return made;
}

inline NodeSpec node(const std::string& id, const std::string& type, std::vector<std::string> inputs,
                     nlohmann::json params = nlohmann::json::object())
{
    NodeSpec made;
    made.id = id;
    made.type = type;
    made.inputs = std::move(inputs);
    made.params = std::move(params);
    return made;
}

} // namespace limpid::test
