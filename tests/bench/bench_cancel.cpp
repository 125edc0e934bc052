// How long after a cancel each method of explaining, and each measure of its quality, has stopped, for a table (30-64-64-1, 5,000 rows) and for pictures of
// 28 × 28 pixels (the preset lenet). One thread each; the cancel comes at a random moment of the first second and a half.
// usage: bench_cancel [ROUNDS] [BEGIN OF THE NAMES, e.g. quality-]

#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/CounterfactualTable.h"
#include "core/workbench/EffectTable.h"
#include "core/workbench/ExplainMethods.h"
#include "core/workbench/ExplainQuality.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/Workbench.h"
#include "tests/bench/RandomMlp.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string_view>
#include <thread>
#include <vector>

using namespace limpid;

namespace {

struct Subject {
    const char* name;
    std::unique_ptr<Predictor> predictor;
    Table table;
};

Subject table()
{
    Table rows = bench::randomTable(5'000);
    auto predictor = makePredictor(bench::randomMlp(rows));
    return {"table", std::move(predictor), std::move(rows)};
}

Subject pictures()
{
    constexpr std::size_t side = 28, rows = 400;
    Random random(4, "bench pictures");
    std::vector<Column> columns;
    for (std::size_t pixel = 0; pixel < side * side; ++pixel) {
        std::vector<double> values(rows);
        for (double& value : values)
            value = static_cast<double>(random.below(256));
        columns.push_back(Column::numbers("p" + std::to_string(pixel), std::move(values)));
    }
    std::vector<std::int32_t> codes(rows);
    std::vector<std::string> classes;
    for (int c = 0; c < 10; ++c)
        classes.push_back("c" + std::to_string(c));
    for (std::int32_t& code : codes)
        code = static_cast<std::int32_t>(random.below(10));
    columns.push_back(Column::categories("class", std::move(codes), std::move(classes)));
    DataSet data;
    data.csv.table = Table(std::move(columns));
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / "limpid-bench-cancel";
    std::filesystem::remove_all(folder);
    std::unique_ptr<Predictor> predictor;
    {
        Workspace workspace(folder);
        TrainRequest request;
        request.pipeline.target = "class";
        request.preset = "lenet";
        request.name = "pictures";
        request.train.epochs = 1;
        Task task;
        predictor = makePredictor(workspace.loadBundle(trainModel(workspace, data, request, {}, {}, task).version));
    }
    std::filesystem::remove_all(folder);
    return {"pictures", std::move(predictor), std::move(data.csv.table)};
}

/// How far an explanation can be trusted, by one measure.
void judge(const Subject& subject, const std::string& measure, Task& task)
{
    ExplainRequest request;
    request.method = "saliency"; // done at once, so that the cancel meets the measure
    request.rowEnd = subject.table.rows();
    request.background = 100;
    QualityRequest quality;
    quality.repeats = 200;
    quality.measures = {measure};
    qualityOf(*subject.predictor, subject.table, {}, request, quality, {}, task);
}

/// Something that takes long.
void explain(const Subject& subject, const ExplainMethod& method, Task& task)
{
    if (method.about == ExplainMethod::About::Quality) {
        importanceOfTable(*subject.predictor, subject.table, 1'000, 1, task);
    } else if (method.about == ExplainMethod::About::Rows) {
        ExplainRequest request;
        request.method = method.name;
        request.rowEnd = subject.table.rows();
        request.background = 200;
        explainTable(*subject.predictor, subject.table, {}, request, {}, task);
    } else if (method.about == ExplainMethod::About::Row) {
        CounterfactualRequest request;
        if (subject.predictor->pipeline().task() == TaskKind::Regression)
            request.atLeast = 3.0;
        counterfactualsOfRow(*subject.predictor, subject.table, {}, request, task);
    } else {
        EffectRequest request;
        request.method = *effectMethod(method.name);
        effectsOfTable(*subject.predictor, subject.table, {}, request, task);
    }
}

struct Work {
    std::string name;
    std::function<void(const Subject&, Task&)> run;
};

std::vector<Work> works()
{
    std::vector<Work> all;
    for (const ExplainMethod& method : explainMethods())
        all.push_back({method.name, [method](const Subject& subject, Task& task) { explain(subject, method, task); }});
    for (const std::string& measure : qualityMeasures())
        all.push_back({"quality-" + measure, [measure](const Subject& subject, Task& task) { judge(subject, measure, task); }});
    return all;
}

} // namespace

int main(int count, char** arguments)
{
    const int rounds = count > 1 ? std::atoi(arguments[1]) : 10;
    const std::string_view only = count > 2 ? arguments[2] : "";
    Random random(5, "moments");
    double worst = 0.0;
    const Subject subjects[] = {table(), pictures()};
    for (const Subject& subject : subjects) {
        for (const Work& work : works()) {
            if (!work.name.starts_with(only))
                continue;
            double longest = 0.0;
            int cancelled = 0;
            std::string refused;
            for (int round = 0; round < rounds && refused.empty(); ++round) {
                Task task;
                bool stopped = false;
                std::thread worker([&] {
                    try {
                        work.run(subject, task);
                    } catch (const Cancelled&) {
                        stopped = true;
                    } catch (const Error& error) {
                        refused = errorName(error.code());
                    }
                });
                std::this_thread::sleep_for(std::chrono::duration<double>(1.5 * random.uniform()));
                const Stopwatch clock;
                task.cancel();
                worker.join();
                longest = std::max(longest, clock.seconds()); // also of one that went on to its end
                cancelled += stopped ? 1 : 0;
            }
            worst = std::max(worst, longest);
            if (!refused.empty())
                std::printf("%-9s %-24s does not apply (%s)\n", subject.name, work.name.c_str(), refused.c_str());
            else
                std::printf("%-9s %-24s %3d of %d cancelled, at most %6.1f ms\n", subject.name, work.name.c_str(), cancelled, rounds, 1e3 * longest);
            std::fflush(stdout);
        }
    }
    std::printf("at most %.1f ms\n", 1e3 * worst);
}
