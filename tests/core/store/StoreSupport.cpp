#include "tests/core/store/StoreSupport.h"

#include "core/base/File.h"

namespace limpid::test {

namespace fs = std::filesystem;

fs::path workspaceIn(const QTemporaryDir& dir)
{
    return fs::path(dir.path().toStdString()) / "my wörkspace";
}

RunRecord makeRun(const std::string& name)
{
    RunRecord run;
    run.name = name;
    run.data = {{"path", "/data/" + name + ".csv"}, {"rows", 8}};
    run.split = {{"seed", 1}};
    run.pipeline = {{"target", "y"}};
    run.network = {{"nodes", nlohmann::json::array()}};
    run.settings = {{"epochs", 3}};
    run.build = {{"limpid", "0.1.0"}};
    return run;
}

Weights makeWeights(float mark, std::size_t values)
{
    std::vector<float> numbers(values);
    for (std::size_t i = 0; i < values; ++i)
        numbers[i] = mark + static_cast<float>(i);
    return {{"hidden1.weight", {static_cast<std::int64_t>(values)}, std::move(numbers)}};
}

Bundle makeBundle(float mark)
{
    const Table table({Column::numbers("x", {1, 2, 3, 4, 5, 6, 7, 8}),
                       Column::categories("y", {0, 1, 0, 1, 0, 1, 0, 1}, {"no", "yes"})});
    PipelineSpec spec;
    spec.target = "y";
    Issues issues;
    Bundle bundle;
    bundle.pipeline = Pipeline::fit(table, Split{{0, 1, 2, 3, 4, 5}, {6, 7}}, spec, issues);
    bundle.network = makePreset("linear", networkContext(bundle.pipeline), 6);
    bundle.weights = makeWeights(mark);
    return bundle;
}

std::vector<CurvePoint> makePoints(std::int64_t first, std::int64_t count)
{
    std::vector<CurvePoint> points;
    for (std::int64_t step = first; step < first + count; ++step)
        points.push_back({step, 0.01 * static_cast<double>(step), 0.5 * static_cast<double>(step)});
    return points;
}

std::map<std::string, std::string> bytesOfAll(const fs::path& folder)
{
    std::map<std::string, std::string> all;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            all[utf8(entry.path())] = readFile(entry.path());
    return all;
}

} // namespace limpid::test
