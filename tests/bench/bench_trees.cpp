// Explains rows by trees once, on one thread, and prints a JSON line: seconds, and with OUT writes the values as float64.
// See bench_trees.py.

#include "core/base/Clock.h"
#include "core/base/File.h"
#include "core/explain/TreeShap.h"
#include "core/model/XgboostFile.h"

#include <cstdio>
#include <cstring>
#include <fstream>

namespace {

/// A file of float32.
std::vector<float> floatsOf(const char* path)
{
    const std::string bytes = limpid::readFile(path);
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    return values;
}

} // namespace

int main(int argc, char** argv)
{
    using namespace limpid;
    if (argc < 4) {
        std::fprintf(stderr, "usage: bench_trees MODEL.json ROWS.f32 values|interactions|BACKGROUND.f32 [OUT.f64]\n");
        return 2;
    }
    try {
        const TreeEnsemble model = readXgboostText(readFile(argv[1]), argv[1]);
        const std::vector<float> rows = floatsOf(argv[2]);
        const std::string what = argv[3];
        const std::vector<float> background = what == "values" || what == "interactions" ? std::vector<float>() : floatsOf(argv[3]);
        Task task;
        task.setCores(1);
        const Stopwatch watch;
        const TreeShapValues found = what == "values"         ? treeShap(model, rows, {}, task)
                                     : what == "interactions" ? treeShapInteractions(model, rows, {}, task)
                                                              : treeShapAgainst(model, rows, {background, TreeWorth::Margin, {}}, {}, task);
        std::printf("{\"seconds\": %.6f}\n", watch.seconds());
        if (argc > 4)
            std::ofstream(argv[4], std::ios::binary).write(reinterpret_cast<const char*>(found.values.data()), static_cast<std::streamsize>(found.values.size() * sizeof(double)));
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
