#pragma once

#include "core/workbench/RunSetup.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

namespace limpid::test {

/// One of the project's own data files.
inline DataSet sample(const std::string& file)
{
    Task task;
    return openData(project("resources/samples/" + file), {}, task);
}

/// A short training; without a target, of the suggested one.
inline TrainRequest requestFor(const Table& table, const std::string& target = {})
{
    TrainRequest request;
    request.pipeline.target = target.empty() ? suggestTarget(table) : target;
    request.train.epochs = 8;
    return request;
}

/// The rows of one part of the run's split.
inline std::vector<std::size_t> rowsOf(const RunRecord& run, const Table& table, bool validation)
{
    const Split split = splitRows(table, run.pipeline.at("target").get<std::string>(), splitSpecFromJson(run.split));
    return validation ? split.validation : split.train;
}

} // namespace limpid::test
