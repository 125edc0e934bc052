// Reads one CSV file once and prints a JSON line: seconds, peak resident memory, rows, columns.
// One reading per process, so that the peak is this reading's own. See bench_csv.py.

#include "core/base/Clock.h"
#include "core/data/CsvReader.h"

#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_csv FILE [THREADS]\n");
        return 2;
    }
    limpid::CsvOptions options;
    options.threads = argc > 2 ? std::atoi(argv[2]) : 0;
    limpid::Task task;
    try {
        const limpid::Stopwatch watch;
        const limpid::CsvResult result = limpid::readCsv(argv[1], options, task);
        const double seconds = watch.seconds();
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto secondsOf = [](const timeval& time) { return static_cast<double>(time.tv_sec) + time.tv_usec / 1e6; };
        std::printf("{\"seconds\": %.6f, \"cpu_seconds\": %.6f, \"peak_bytes\": %lld, \"file_bytes\": %llu, \"rows\": %zu, \"columns\": %zu, \"types\": \"",
                    seconds, secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime), static_cast<long long>(usage.ru_maxrss) * 1024,
                    static_cast<unsigned long long>(result.bytes), result.table.rows(), result.table.columnCount());
        for (std::size_t i = 0; i < result.guesses.size(); ++i)
            std::printf("%s%s:%s", i > 0 ? " " : "", std::string(limpid::columnTypeName(result.guesses[i].type)).c_str(),
                        result.guesses[i].reason.c_str());
        std::printf("\"}\n");
    } catch (const limpid::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
