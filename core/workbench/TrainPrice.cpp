#include "core/workbench/TrainPrice.h"

#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "core/engine/ForwardPlan.h"
#include "core/engine/Trainer.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace limpid {

namespace {

constexpr std::size_t mostEvaluated = 8192; ///< rows of noise
constexpr double flopsPerSecond = 10e9;      ///< of one core, about
constexpr int leastSteps = 3;
constexpr double patience = 10.0;       ///< times as long as asked for, until the first evaluation

/// Bytes that the program has asked for and not given back; 0 where that can't be told.
std::uint64_t heapInUse()
{
#if defined(__GLIBC__)
    const struct mallinfo2 info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

/// Bytes of the program in memory; 0 where that can't be told.
std::uint64_t resident()
{
    std::ifstream file("/proc/self/statm");
    std::uint64_t all = 0, pages = 0;
    file >> all >> pages;
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// How much the program grew at most while it lives. The heap tells of what was in memory already and is used again, the
/// resident pages of code that is met for the first time; both come and go within a step, so they are looked at again and again.
class MemoryWatch
{
public:
    MemoryWatch() : m_heap(heapInUse()), m_resident(resident()), m_thread([this] { watch(); }) {}
    ~MemoryWatch()
    {
        m_over = true;
        m_thread.join();
    }
    MemoryWatch(const MemoryWatch&) = delete;
    MemoryWatch& operator=(const MemoryWatch&) = delete;

    std::uint64_t growth() const { return m_growth; }

private:
    void watch()
    {
        const auto since = [](std::uint64_t now, std::uint64_t start) { return now - std::min(now, start); };
        while (!m_over) {
            m_growth = std::max({m_growth.load(), since(heapInUse(), m_heap), since(resident(), m_resident)});
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    const std::uint64_t m_heap, m_resident;
    std::atomic<std::uint64_t> m_growth{0};
    std::atomic<bool> m_over{false};
    std::thread m_thread;
};

/// Rows in the layout of the plan's, with values as training meets them: numbers of deviation 1, any category and word, any class.
Features noise(const TrainPlan& plan, std::size_t rows)
{
    const Pipeline& pipeline = plan.pipeline;
    Random random(0, "noise");
    Features features;
    features.rows = rows;
    features.numberWidth = pipeline.numberWidth();
    features.textWidth = pipeline.textWidth();
    features.categoryWidth = pipeline.cardinalities().size() + features.textWidth;
    features.targetWidth = pipeline.targets().size();
    features.numbers.resize(rows * features.numberWidth);
    for (float& number : features.numbers)
        number = static_cast<float>(random.normal());
    features.categories.reserve(rows * features.categoryWidth);
    for (std::size_t row = 0; row < rows; ++row) {
        for (const int count : pipeline.cardinalities())
            features.categories.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(count))));
        for (std::size_t word = 0; word < features.textWidth; ++word)
            features.categories.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(pipeline.vocabularySize()))));
    }
    for (std::size_t row = 0; row < rows; ++row)
        for (const TargetCoding& target : pipeline.targets())
            features.targets.push_back(target.classes.empty() ? static_cast<float>(pipeline.logLink() ? random.below(5) : random.normal())
                                                              : static_cast<float>(random.below(target.classes.size())));
    return features;
}

std::uint64_t bytesOf(const TrainPlan& plan, std::size_t rows)
{
    const Pipeline& pipeline = plan.pipeline;
    return sizeof(float) * rows * (pipeline.numberWidth() + pipeline.cardinalities().size() + pipeline.textWidth() + pipeline.targets().size());
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

TrainPrice measureTraining(const TrainPlan& plan, const TrainSpec& asked, double seconds, Task& task)
{
    const std::size_t trainRows = plan.split.train.size(), validationRows = plan.split.validation.size();
    TrainSpec spec = asked;
    spec.batchSize = std::min(asked.batchSize > 0 ? asked.batchSize : automaticBatchSize(trainRows), static_cast<int>(std::max<std::size_t>(1, trainRows)));
    spec.epochs = 100'000; // it is ended long before
    spec.patience = 0;
    const auto batch = static_cast<std::size_t>(spec.batchSize);
    // As many rows as are gone through in a part of the time: fewer would lie in the processor's cache and be faster than real ones.
    const double rowFlops = 3.0 * static_cast<double>(std::max<std::int64_t>(1, plan.analysis.total.flops));
    const auto quick = static_cast<std::size_t>(std::min(static_cast<double>(mostEvaluated), seconds / 4.0 * flopsPerSecond / rowFlops));
    // And at least as many as an evaluation takes at once, for its share of the memory.
    std::int64_t values = 0;
    for (const NodeAnalysis& node : plan.analysis.flatNodes)
        values += valueCount(node.shape);
    const std::size_t chunk = engine::chunkRows(values);
    const std::size_t rows = std::min(trainRows, std::max({batch * 8, quick, chunk}));
    const std::size_t evaluated = std::min(validationRows, mostEvaluated);

    // What it was asked for with; the encoded rows of a real training come on top.
    const std::uint64_t noiseBytes = bytesOf(plan, rows + evaluated);
    TrainPrice price;
    price.batchSize = spec.batchSize;
    std::vector<double> steps, evaluations;
    double last = 0.0;
    bool fresh = true; // an epoch's first step also waits for what the one before kept
    Task probe;
    probe.setCores(task.cores());
    MemoryWatch watch;
    {
        const Features train = noise(plan, rows), validation = noise(plan, evaluated);
        const Stopwatch clock;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& step) {
            if (!fresh)
                steps.push_back(step.seconds - last);
            fresh = false;
            last = step.seconds;
            ++price.steps;
            if (task.isCancelled())
                probe.cancel();
            if (price.steps > leastSteps && clock.seconds() > seconds && (!evaluations.empty() || clock.seconds() > patience * seconds))
                probe.finish();
        };
        observer.onEpoch = [&](const EpochRecord& epoch) {
            evaluations.push_back(epoch.seconds - last);
            fresh = true;
        };
        // As a store holds them while they are written.
        std::string checkpoint, best;
        Weights bestWeights;
        observer.onBest = [&](const EpochRecord&, const Weights& weights) {
            bestWeights = weights;
            best = writeSafetensors(bestWeights, {});
        };
        observer.onCheckpoint = [&](std::int64_t, std::string bytes) { checkpoint = std::move(bytes); };
        limpid::train(plan.network, plan.pipeline, train, validation, spec, observer, probe);
        std::this_thread::sleep_for(std::chrono::milliseconds(3)); // one more look
    }
    task.checkpoint();
    if (steps.empty())
        steps.push_back(last);
    const double evaluation = evaluations.empty() ? 0.0 : median(evaluations) * static_cast<double>(validationRows) / static_cast<double>(std::max<std::size_t>(1, evaluated));
    price.secondsPerEpoch = static_cast<double>(stepsPerEpoch(spec, trainRows)) * median(steps) + evaluation;
    if (const std::uint64_t growth = watch.growth(); growth > 0)
        price.growthBytes = growth - std::min(growth, noiseBytes) + bytesOf(plan, trainRows + validationRows);
    price.bytesPerRow = 2 * static_cast<std::int64_t>(sizeof(float)) * plan.analysis.total.activations;
    return price;
}

std::int64_t batchThatFits(const TrainPrice& price, std::uint64_t availableBytes, std::size_t rows)
{
    if (price.growthBytes == 0 || price.bytesPerRow <= 0)
        return 0;
    const auto batches = static_cast<std::uint64_t>(price.bytesPerRow) * static_cast<std::uint64_t>(price.batchSize);
    const std::uint64_t fixed = price.growthBytes - std::min(price.growthBytes, batches);
    if (fixed >= availableBytes)
        return 0;
    const std::uint64_t room = (availableBytes - fixed) / static_cast<std::uint64_t>(price.bytesPerRow);
    std::int64_t batch = 0;
    for (std::uint64_t next = 1; next <= room && next <= rows; next *= 2)
        batch = static_cast<std::int64_t>(next);
    return batch;
}

} // namespace limpid
